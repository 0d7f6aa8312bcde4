//! Long lists of requests, one JSON object a line: read on all processors, printed in order, in bounded memory.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use crate::fault::Stop;
use crate::intake::{LARGEST_REQUEST, Request};

/// Whether a file is a list of requests, one a line.
pub fn is_list(path: &str) -> bool {
    Path::new(path)
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("jsonl"))
}

#[derive(serde::Deserialize)]
struct Line {
    id: String,
    #[serde(default)]
    subject: Option<String>,
    body: String,
}

/// Some lines that one processor takes at once.
#[derive(Default)]
struct Batch {
    /// The number of its first line, from 1.
    first: usize,
    bytes: Vec<u8>,
    /// Where each line ends.
    ends: Vec<usize>,
    /// A line that can't be read at all, behind them.
    broken: Option<String>,
}

/// What became of a batch.
#[derive(Default)]
struct Done {
    printed: Vec<u8>,
    problems: Vec<String>,
    read: usize,
    bytes: usize,
}

/// A processor is given so many bytes at once, and so many batches wait for it or for the printer.
const BATCH: usize = 256 * 1024;
const WAITING: usize = 3;

/// Hands each request of a list to `work`, on all processors, and what that returns to `print`, in the order of the lines.
///
/// Lines that can't be read are named on standard error, with their number; a bar on standard error, if that is a
/// terminal, shows how far it has come.
///
/// # Errors
/// The file can't be read, or no line of it can; [`Stop::Found`] when some lines can't.
pub fn read(
    path: &str,
    work: &(dyn Fn(Request) -> Vec<u8> + Sync),
    print: &mut dyn FnMut(&[u8]) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let unreadable = |error: std::io::Error| {
        Stop::input(format!(
            "{path}: intake.unreadable: can't read this file: {error}"
        ))
    };
    let file = File::open(path).map_err(unreadable)?;
    let size = file.metadata().map_err(unreadable)?.len();
    let bar = indicatif::ProgressBar::new(size);
    if let Ok(style) = indicatif::ProgressStyle::with_template(
        "{wide_bar} {bytes}/{total_bytes} {bytes_per_sec} {eta} left",
    ) {
        bar.set_style(style);
    }
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let mut read: usize = 0;
    let mut problems: Vec<String> = Vec::new();
    let mut bad = false;
    let outcome = std::thread::scope(|scope| {
        let waiting = workers.saturating_mul(WAITING);
        let (give, take) = sync_channel::<(Batch, SyncSender<Done>)>(waiting);
        let (line_up, in_order) = sync_channel::<Receiver<Done>>(waiting);
        let take = std::sync::Arc::new(Mutex::new(take));
        for _ in 0..workers {
            let take = std::sync::Arc::clone(&take);
            scope.spawn(move || {
                loop {
                    let next = take.lock().map(|take| take.recv());
                    let Ok(Ok((batch, done))) = next else { break };
                    // Nobody waits for it only when printing has failed.
                    let _ = done.send(one_batch(path, &batch, work));
                }
            });
        }
        drop(take);
        scope.spawn(move || batches(path, file, &give, &line_up));
        for done in in_order {
            let Ok(done) = done.recv() else { break };
            print(&done.printed)?;
            read = read.saturating_add(done.read);
            bar.inc(u64::try_from(done.bytes).unwrap_or(0));
            for problem in done.problems {
                bad = true;
                // A list with a thousand bad lines is a bad list: keep no more than would be read.
                if read > 0 || problems.len() >= KEPT {
                    bar.suspend(|| eprintln!("{problem}"));
                } else {
                    problems.push(problem);
                }
            }
            if read > 0 {
                for problem in problems.drain(..) {
                    bar.suspend(|| eprintln!("{problem}"));
                }
            }
        }
        Ok(())
    });
    bar.finish_and_clear();
    outcome?;
    match (bad, read) {
        (true, 0) => Err(Stop::Input(problems)),
        (true, _) => Err(Stop::Found),
        (false, 0) => Err(Stop::input(format!(
            "{path}: intake.empty: this file is empty"
        ))),
        (false, _) => Ok(()),
    }
}

/// So many problems are kept back until it is known whether any line can be read.
const KEPT: usize = 1_000;

/// Reads the file into batches, each given to a processor and lined up for the printer.
fn batches(
    path: &str,
    file: File,
    give: &SyncSender<(Batch, SyncSender<Done>)>,
    line_up: &SyncSender<Receiver<Done>>,
) {
    let mut reader = BufReader::with_capacity(BATCH, file);
    let mut number: usize = 1;
    loop {
        let mut batch = Batch {
            first: number,
            ..Batch::default()
        };
        let mut last = false;
        while batch.bytes.len() < BATCH && batch.broken.is_none() {
            let start = batch.bytes.len();
            let outcome = reader
                .by_ref()
                .take(LARGEST_REQUEST.saturating_add(1))
                .read_until(b'\n', &mut batch.bytes);
            match outcome {
                Ok(0) => {
                    last = true;
                    break;
                }
                Ok(count) if count as u64 > LARGEST_REQUEST => {
                    batch.bytes.truncate(start);
                    batch.broken = Some(format!(
                        "{path}:{number}:1: intake.too_large: this line is longer than {} MB, which no request is",
                        LARGEST_REQUEST / 1024 / 1024
                    ));
                    last = skip_line(&mut reader).is_err();
                }
                Ok(_) => batch.ends.push(batch.bytes.len()),
                Err(error) => {
                    batch.broken = Some(format!("{path}:{number}:1: intake.unreadable: {error}"));
                    last = true;
                }
            }
            number = number.saturating_add(1);
        }
        let (done, wait) = sync_channel(1);
        if give.send((batch, done)).is_err() || line_up.send(wait).is_err() || last {
            return;
        }
    }
}

/// Goes past the end of the line.
fn skip_line(reader: &mut impl BufRead) -> std::io::Result<()> {
    loop {
        let buffer = reader.fill_buf()?;
        if buffer.is_empty() {
            return Ok(());
        }
        if let Some(at) = buffer.iter().position(|byte| *byte == b'\n') {
            reader.consume(at.saturating_add(1));
            return Ok(());
        }
        let whole = buffer.len();
        reader.consume(whole);
    }
}

fn one_batch(path: &str, batch: &Batch, work: &(dyn Fn(Request) -> Vec<u8> + Sync)) -> Done {
    let mut done = Done {
        bytes: batch.bytes.len(),
        ..Done::default()
    };
    let mut start: usize = 0;
    for (number, end) in (batch.first..).zip(&batch.ends) {
        let line = batch.bytes.get(start..*end).unwrap_or(&[]);
        start = *end;
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        match serde_json::from_slice::<Line>(line) {
            Ok(Line { id, subject, body }) => {
                done.read = done.read.saturating_add(1);
                done.printed.extend(work(Request {
                    id,
                    subject,
                    body,
                    ..Request::default()
                }));
            }
            Err(error) => done.problems.push(format!(
                "{path}:{number}:{}: intake.bad_line: {}",
                error.column().max(1),
                office::intake::bare(&error)
            )),
        }
    }
    done.problems.extend(batch.broken.clone());
    done
}
