//! The text of a PDF, read in a process of its own: a hostile file can end that process and nothing else.

use std::io::{Read, Write};
use std::process::{Command, Stdio};

use super::Unreadable;

/// The hidden subcommand that the process of its own runs.
pub const SUBCOMMAND: &str = "extract-pdf";

/// What stands before the text on the process's output; the library may print before it.
const MARK: &str = "\u{1}candour-text\u{1}\n";

/// The most that the text of a PDF may weigh.
const LARGEST_TEXT: u64 = 8 * 1024 * 1024;

/// Seconds of processor time, and bytes of memory, that reading one PDF may take.
#[cfg(unix)]
const LIMITS: (u64, u64) = (20, 2 * 1024 * 1024 * 1024);

pub(super) fn text(bytes: &[u8]) -> Result<String, Unreadable> {
    let fault =
        |why: String| Unreadable::new("document.not_pdf", format!("this PDF can't be read: {why}"));
    if !bytes
        .get(..bytes.len().min(1024))
        .is_some_and(|head| head.windows(5).any(|window| window == b"%PDF-"))
    {
        return Err(fault("it does not begin as a PDF does".to_owned()));
    }
    let program = std::env::current_exe().map_err(|error| fault(error.to_string()))?;
    let mut child = Command::new(program)
        .arg(SUBCOMMAND)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| fault(error.to_string()))?;
    let input = child.stdin.take();
    let output = child.stdout.take();
    let outcome = std::thread::scope(|scope| {
        if let Some(mut input) = input {
            scope.spawn(move || {
                // A process that stops reading has its reason in its output.
                let _ = input.write_all(bytes);
            });
        }
        let mut said = Vec::new();
        if let Some(output) = output {
            let _ = output
                .take(LARGEST_TEXT.saturating_add(1))
                .read_to_end(&mut said);
        }
        said
    });
    // It may still be writing more than anyone will read.
    let too_long = outcome.len() as u64 > LARGEST_TEXT;
    if too_long {
        let _ = child.kill();
    }
    let status = child.wait().map_err(|error| fault(error.to_string()))?;
    if too_long {
        return Err(fault(format!(
            "its text is larger than {} MB",
            LARGEST_TEXT / 1024 / 1024
        )));
    }
    let said = String::from_utf8_lossy(&outcome);
    match said.rsplit_once(MARK) {
        Some((_, text)) if status.success() => Ok(text.to_owned()),
        Some((_, why)) => Err(fault(why.trim().to_owned())),
        None => Err(fault(
            "it is damaged, or takes too long to read; give the text".to_owned(),
        )),
    }
}

/// Reads a PDF from standard input and writes its text, or why not, behind the mark; for the process of its own.
///
/// Returns whether it could be read.
pub fn extract() -> bool {
    #[cfg(unix)]
    {
        use rlimit::Resource;
        let _ = Resource::CPU.set(LIMITS.0, LIMITS.0);
        let _ = Resource::AS.set(LIMITS.1, LIMITS.1);
    }
    let mut bytes = Vec::new();
    let outcome = std::io::stdin()
        .lock()
        .read_to_end(&mut bytes)
        .map_err(|error| error.to_string())
        .and_then(|_| read(&bytes));
    let (said, good) = match outcome {
        Ok(text) => (text, true),
        Err(why) => (why, false),
    };
    let mut out = std::io::stdout().lock();
    let written = write!(out, "{MARK}{said}")
        .and_then(|()| out.flush())
        .is_ok();
    good && written
}

fn read(bytes: &[u8]) -> Result<String, String> {
    // The library panics on some damaged files.
    std::panic::catch_unwind(|| pdf_extract::extract_text_from_mem(bytes))
        .map_err(|_| "it is damaged".to_owned())?
        .map_err(|error| {
            let said = error.to_string();
            if said.to_lowercase().contains("crypt") || said.to_lowercase().contains("password") {
                "it is locked with a password; save a copy without one".to_owned()
            } else {
                said
            }
        })
}
