//! Whether the time that an answer takes tells what is held: 10,000 requests for a page of each kind of case, in random
//! order, and a permutation test in which whole cases change sides.

use std::time::Instant;

use crate::story::Dice;
use crate::world::World;

/// Cases of each kind.
pub const CASES: usize = 20;
/// Requests for a page of each kind of case.
const REQUESTS: usize = 10_000;
/// Exchanges of sides.
const ROUNDS: usize = 2_000;
/// A difference that chance alone makes more rarely than this is one.
pub const LEVEL: f64 = 0.01;

/// What the measurement of a page says.
pub struct Report {
    pub page: &'static str,
    /// The middle time of an answer, in microseconds.
    pub median: f64,
    /// How much later answers about held cases come, in microseconds.
    pub shift: f64,
    /// How often chance alone makes as large a shift.
    pub chance: f64,
    /// The smallest shift that the test finds nine times in ten, in microseconds.
    pub finds: f64,
}

impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{:<36} median {:>8.1} µs, shift {:>+7.2} µs, p = {:.3}, finds {:.2} µs ({:.2} %) nine times in ten",
            self.page,
            self.median,
            self.shift,
            self.chance,
            self.finds,
            100.0 * self.finds / self.median
        )
    }
}

/// Times a page of each case; the first half of `paths` is of cases where something is held.
pub async fn measure(world: &mut World, page: &'static str, paths: &[String]) -> Report {
    let mut dice = Dice(42);
    let mut times: Vec<Vec<f64>> = vec![Vec::new(); paths.len()];
    for path in paths {
        // Warm.
        let (status, _, _) = world.raw("GET", path, &[], None).await;
        assert_eq!(status, 200, "{path}");
    }
    let mut order: Vec<usize> = (0..2 * REQUESTS)
        .map(|number| number % paths.len())
        .collect();
    for at in (1..order.len()).rev() {
        order.swap(at, dice.below(at + 1));
    }
    for at in order {
        world.pass(1);
        let began = Instant::now();
        let (status, _, _) = world.raw("GET", &paths[at], &[], None).await;
        times[at].push(began.elapsed().as_secs_f64() * 1e6);
        assert_eq!(status, 200);
    }
    let mut all: Vec<f64> = times.iter().flatten().copied().collect();
    let medians: Vec<f64> = times.iter_mut().map(|times| median(times)).collect();
    let shift = difference(&medians);
    let by_chance = shifts_by_chance(&medians, &mut dice);
    let as_large = by_chance
        .iter()
        .filter(|other| other.abs() >= shift.abs())
        .count();
    Report {
        page,
        median: median(&mut all),
        shift,
        chance: (as_large + 1) as f64 / (ROUNDS + 1) as f64,
        finds: smallest_found(&medians, &mut dice),
    }
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// How much the mean of the first half lies above that of the second.
fn difference(medians: &[f64]) -> f64 {
    let (held, not_held) = medians.split_at(medians.len() / 2);
    let mean = |part: &[f64]| part.iter().sum::<f64>() / part.len() as f64;
    mean(held) - mean(not_held)
}

fn shuffled(medians: &[f64], dice: &mut Dice) -> Vec<f64> {
    let mut mixed = medians.to_vec();
    for at in (1..mixed.len()).rev() {
        mixed.swap(at, dice.below(at + 1));
    }
    mixed
}

fn shifts_by_chance(medians: &[f64], dice: &mut Dice) -> Vec<f64> {
    (0..ROUNDS)
        .map(|_| difference(&shuffled(medians, dice)))
        .collect()
}

/// Adds shifts to cases drawn by chance, as if those were held, until the test finds them nine times in ten.
fn smallest_found(medians: &[f64], dice: &mut Dice) -> f64 {
    let mut noise: Vec<f64> = shifts_by_chance(medians, dice)
        .iter()
        .map(|shift| shift.abs())
        .collect();
    noise.sort_by(f64::total_cmp);
    let critical = noise[((1.0 - LEVEL) * ROUNDS as f64) as usize];
    let mut shift = critical / 4.0;
    loop {
        let found = (0..200)
            .filter(|_| {
                let mut planted = shuffled(medians, dice);
                let half = planted.len() / 2;
                for time in &mut planted[..half] {
                    *time += shift;
                }
                difference(&planted).abs() > critical
            })
            .count();
        if found >= 180 {
            return shift;
        }
        shift *= 1.05;
    }
}
