//! Folding: lower case, typographic quotes plain, and every run of spaces, hyphens and line breaks one space.

/// What a character folds to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fold {
    /// It leaves no trace: a soft hyphen, a zero-width space.
    Nothing,
    /// A space, one for a run of them.
    Space,
    /// A plain ASCII character.
    Plain(u8),
    /// Another character; its lower case counts.
    Other(char),
}

/// What each ASCII byte folds to; 0 stands for a byte of a longer character.
pub(crate) const ASCII: [u8; 256] = {
    let mut table = [0_u8; 256];
    let mut byte: u8 = 1;
    while byte < 0x80 {
        table[byte as usize] = match byte {
            b'\t'..=b'\r' | b'-' | 0x1c..=0x1f => b' ',
            b'`' => b'\'',
            other => other.to_ascii_lowercase(),
        };
        byte += 1;
    }
    // A zero byte must differ from "longer character", and stands in no phrase.
    table[0] = 1;
    table
};

/// What a character beyond ASCII folds to.
pub(crate) fn fold(c: char) -> Fold {
    match c {
        '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' => Fold::Nothing,
        '‘' | '’' | '‛' | 'ʼ' | '′' => Fold::Plain(b'\''),
        '“' | '”' | '„' | '‟' | '″' => Fold::Plain(b'"'),
        '\u{2010}'..='\u{2015}' | '−' => Fold::Space,
        c if c.is_whitespace() => Fold::Space,
        c => Fold::Other(c),
    }
}

/// The lower case of a character, the same for every way to write it: `ß` as `SS`, `ς` as `Σ`.
pub(crate) fn lower(c: char) -> impl Iterator<Item = char> {
    c.to_uppercase().flat_map(char::to_lowercase)
}

/// A phrase as it is looked for.
pub(crate) fn folded(source: &str) -> String {
    let mut text = String::with_capacity(source.len());
    for c in source.chars() {
        let fold = match u8::try_from(c) {
            Ok(byte) if byte.is_ascii() => match ASCII.get(usize::from(byte)) {
                Some(b' ') | None => Fold::Space,
                Some(plain) => Fold::Plain(*plain),
            },
            _ => fold(c),
        };
        match fold {
            Fold::Nothing => {}
            Fold::Space if text.is_empty() || text.ends_with(' ') => {}
            Fold::Space => text.push(' '),
            Fold::Plain(byte) => text.push(char::from(byte)),
            Fold::Other(c) => text.extend(lower(c)),
        }
    }
    text.truncate(text.trim_end().len());
    text
}
