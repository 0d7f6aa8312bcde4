//! A folded copy of a text for matching, with the way back to the text's own bytes.

/// Lower case, typographic quotes plain, and every run of spaces, hyphens and line breaks one space.
#[derive(Debug, Default)]
pub(crate) struct Folded {
    pub text: String,
    /// For each byte of `text`, the byte of the source it stands for; one more at the end.
    map: Vec<usize>,
}

impl Folded {
    pub fn new(source: &str) -> Self {
        let mut folded = Self {
            text: String::with_capacity(source.len()),
            map: Vec::with_capacity(source.len()),
        };
        for (at, c) in source.char_indices() {
            let c = match c {
                '\u{ad}' => continue,
                '‘' | '’' | '`' => '\'',
                '“' | '”' => '"',
                '-' | '‐' | '‑' | '–' | '—' => ' ',
                c if c.is_whitespace() => ' ',
                c => c,
            };
            if c == ' ' && folded.text.ends_with(' ') {
                continue;
            }
            for lower in c.to_lowercase() {
                folded.text.push(lower);
                folded.map.resize(folded.text.len(), at);
            }
        }
        folded.map.push(source.len());
        folded
    }

    /// The source's bytes for a range of the folded text, whole characters.
    pub fn source(&self, start: usize, end: usize, source: &str) -> std::ops::Range<usize> {
        let from = self.map.get(start).copied().unwrap_or(source.len());
        let last = end
            .checked_sub(1)
            .and_then(|last| self.map.get(last))
            .copied()
            .unwrap_or(from);
        let width = source
            .get(last..)
            .and_then(|rest| rest.chars().next())
            .map_or(0, char::len_utf8);
        from..last.saturating_add(width)
    }
}
