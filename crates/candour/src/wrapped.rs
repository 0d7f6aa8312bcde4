//! Words at a width that a terminal shows.

use std::io::{Result, Write};

const WIDTH: usize = 100;

/// Prints words behind a label, the lines after the first behind as much space.
pub fn wrapped(out: &mut dyn Write, label: &str, indent: usize, words: &str) -> Result<()> {
    let mut head = format!("{label:<indent$}");
    let mut line = String::new();
    for word in words.split_whitespace() {
        let long = indent
            .saturating_add(line.chars().count())
            .saturating_add(word.chars().count())
            >= WIDTH;
        if long && !line.is_empty() {
            writeln!(out, "{head}{}", line.trim_end())?;
            head = " ".repeat(indent);
            line.clear();
        }
        line.push_str(word);
        line.push(' ');
    }
    if line.is_empty() {
        return Ok(());
    }
    writeln!(out, "{head}{}", line.trim_end())
}
