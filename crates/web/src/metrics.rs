//! Counts for `/metrics`, in the text form that Prometheus reads. Few enough to keep by hand.

use std::sync::atomic::{AtomicU64, Ordering};

/// Upper ends of the classes of time, in milliseconds.
const CLASSES: [u64; 7] = [5, 10, 25, 50, 100, 500, 2500];

/// The counts.
#[derive(Debug, Default)]
pub struct Metrics {
    answers: [AtomicU64; 6],
    times: [AtomicU64; 8],
    micros: AtomicU64,
}

impl Metrics {
    /// Counts an answer.
    pub fn answered(&self, status: u16, micros: u64) {
        let class = usize::from(status / 100);
        if let Some(counter) = self.answers.get(class) {
            counter.fetch_add(1, Ordering::Relaxed);
        }
        let class = CLASSES
            .iter()
            .position(|end| micros <= end.saturating_mul(1000))
            .unwrap_or(CLASSES.len());
        if let Some(counter) = self.times.get(class) {
            counter.fetch_add(1, Ordering::Relaxed);
        }
        self.micros.fetch_add(micros, Ordering::Relaxed);
    }

    /// The counts as text.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::from(
            "# HELP candour_answers_total Answers by class of status.\n# TYPE candour_answers_total counter\n",
        );
        for (class, counter) in self.answers.iter().enumerate().skip(1) {
            let count = counter.load(Ordering::Relaxed);
            text.push_str(&format!(
                "candour_answers_total{{status=\"{class}xx\"}} {count}\n"
            ));
        }
        text.push_str("# HELP candour_answer_seconds Time to answer.\n# TYPE candour_answer_seconds histogram\n");
        let mut sum = 0_u64;
        for (index, counter) in self.times.iter().enumerate() {
            sum = sum.saturating_add(counter.load(Ordering::Relaxed));
            let end = CLASSES.get(index).map_or_else(
                || "+Inf".to_owned(),
                |millis| {
                    format!(
                        "{}",
                        std::time::Duration::from_millis(*millis).as_secs_f64()
                    )
                },
            );
            text.push_str(&format!(
                "candour_answer_seconds_bucket{{le=\"{end}\"}} {sum}\n"
            ));
        }
        let seconds =
            std::time::Duration::from_micros(self.micros.load(Ordering::Relaxed)).as_secs_f64();
        text.push_str(&format!(
            "candour_answer_seconds_sum {seconds}\ncandour_answer_seconds_count {sum}\n"
        ));
        text
    }
}
