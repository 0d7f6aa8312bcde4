//! A place in a text, and what can be read there.

/// A place in a text. Reading returns a new place; nothing read returns none.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader<'t> {
    text: &'t str,
    pub(super) at: usize,
}

/// The place behind the character at `at`.
pub(super) fn next_char(text: &str, at: usize) -> usize {
    text.get(at..)
        .and_then(|rest| rest.chars().next())
        .map_or(text.len().max(at.saturating_add(1)), |c| {
            at.saturating_add(c.len_utf8())
        })
}

/// Whether a word may begin at `at`: no letter, digit or apostrophe before it, and no letter with a hyphen
/// ("sub-section").
pub(super) fn is_word_start(text: &str, at: usize) -> bool {
    let mut before = text.get(..at).unwrap_or("").chars().rev();
    match before.next() {
        Some(c) if c.is_alphanumeric() || c == '\'' || c == '’' || c == '_' => false,
        Some('-') => !before.next().is_some_and(char::is_alphabetic),
        _ => true,
    }
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str, at: usize) -> Self {
        Self { text, at }
    }

    pub(super) fn rest(self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    pub(super) fn advanced(self, bytes: usize) -> Self {
        Self {
            at: self.at.saturating_add(bytes),
            ..self
        }
    }

    /// Behind spaces of every kind, the invisible ones too; up to one line end.
    pub(super) fn space(mut self) -> Self {
        let mut line_ends: u8 = 0;
        while let Some(c) = self.rest().chars().next() {
            let skipped = c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}' | '\u{ad}');
            if c == '\n' {
                line_ends = line_ends.saturating_add(1);
            }
            if !skipped || line_ends > 1 {
                break;
            }
            self = self.advanced(c.len_utf8());
        }
        self
    }

    pub(super) fn starts_with(self, c: char) -> bool {
        self.rest().starts_with(c) || (c == '(' && self.rest().starts_with('['))
    }

    /// Behind a word, in any case; a word of letters must end there.
    pub(super) fn word(self, word: &str) -> Option<Self> {
        let head = self.rest().get(..word.len())?;
        if !head.eq_ignore_ascii_case(word) {
            return None;
        }
        let after = self.advanced(word.len());
        let open = word.ends_with(|c: char| c.is_alphabetic())
            && after.rest().starts_with(|c: char| c.is_alphabetic());
        (!open).then_some(after)
    }

    /// The digits here, at least one.
    pub(super) fn digits(self) -> Option<(&'t str, Self)> {
        let count = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        let digits = self
            .rest()
            .get(..count)
            .filter(|digits| !digits.is_empty())?;
        Some((digits, self.advanced(count)))
    }

    /// Behind what joins two citations: a comma, "and", "or", "&", "/", "as well as", or two of these.
    pub(super) fn joint(self) -> Option<Self> {
        const JOINTS: &[&str] = &[
            ",",
            ";",
            "and/or",
            "as well as",
            "together with",
            "and",
            "or",
            "&",
            "/",
            "+",
        ];
        let one = |reader: Self| {
            let reader = reader.space();
            JOINTS.iter().find_map(|joint| reader.word(joint))
        };
        let first = one(self)?;
        let both = one(first).unwrap_or(first);
        // "both", "also" may follow.
        let both = ["also", "both"]
            .iter()
            .find_map(|word| both.space().word(word))
            .unwrap_or(both);
        Some(both.space())
    }

    /// Behind what makes a range: a dash, "to", "through".
    pub(super) fn dash(self) -> Option<Self> {
        const DASHES: &[&str] = &["-", "–", "—", "‑", "to", "through"];
        let reader = self.space();
        DASHES
            .iter()
            .find_map(|dash| reader.word(dash))
            .map(Self::space)
    }
}
