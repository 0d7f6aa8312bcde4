//! What the typefaces in the program can show. PDF/UA and PDF/A forbid a glyph for "not there", so what no typeface has is
//! said in words in square brackets: a reader learns that something stood there, and what.

use std::sync::LazyLock;

use codex::{Def, ROOT, Symbol};
use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use unicode_script::{Script, UnicodeScript};
use unicode_segmentation::UnicodeSegmentation;

/// The family that letters are set in; the others help out.
pub(super) const FAMILY: &str = "Libertinus Serif";

/// The typefaces.
pub(super) static FONTS: LazyLock<Vec<Font>> = LazyLock::new(|| {
    typst_assets::fonts()
        .flat_map(|data| Font::iter(Bytes::new(data)))
        .collect()
});

/// Their index.
pub(super) static BOOK: LazyLock<LazyHash<FontBook>> =
    LazyLock::new(|| LazyHash::new(FontBook::from_fonts(FONTS.iter())));

/// How much is trusted to the typefaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Care {
    /// All that they have.
    Ordinary,
    /// The characters of English letters alone: nothing needs shaping.
    Strict,
}

/// The text as it can be set, with words in place of what can't be.
pub(super) fn set(text: &str, care: Care) -> String {
    pieces(text, care)
        .into_iter()
        .map(|piece| match piece {
            Piece::Set(text) => text,
            Piece::Unset(_, kind) => format!("[{}]", kind.words()),
        })
        .collect()
}

/// What of the text can't be set: each stretch as it stands.
pub(super) fn unset(text: &str) -> Vec<String> {
    pieces(text, Care::Ordinary)
        .into_iter()
        .filter_map(|piece| match piece {
            Piece::Set(_) => None,
            Piece::Unset(text, _) => Some(text),
        })
        .collect()
}

enum Piece {
    Set(String),
    Unset(String, Kind),
}

/// What a stretch that can't be set is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    /// Words in another script.
    Script(Script),
    /// A picture, by its name where it has one.
    Picture(String),
    /// A mark on a letter.
    Accent(char),
    /// Anything else, by its number.
    Other(char),
}

impl Kind {
    fn of(cluster: &str) -> Self {
        let first = cluster.chars().next().unwrap_or('\u{fffd}');
        if let Some(name) = picture(cluster).or_else(|| picture(first.encode_utf8(&mut [0; 4]))) {
            return Self::Picture(name);
        }
        match first.script() {
            Script::Common if matches!(first, '\u{1f000}'..='\u{1faff}') => {
                Self::Picture(code_point(first))
            }
            Script::Common | Script::Unknown => Self::Other(first),
            Script::Inherited => Self::Accent(first),
            script => Self::Script(script),
        }
    }

    fn words(&self) -> String {
        match self {
            Self::Script(Script::Han) => "text in the Chinese (Han) script".to_owned(),
            Self::Script(script) => {
                format!(
                    "text in the {} script",
                    script.full_name().replace('_', " ")
                )
            }
            Self::Picture(name) => format!("emoji: {name}"),
            Self::Accent(mark) => format!("accent {}", code_point(*mark)),
            Self::Other(other) => format!("character {}", code_point(*other)),
        }
    }
}

fn code_point(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

/// The name of a picture: "duck", "face grin".
fn picture(cluster: &str) -> Option<String> {
    let Def::Module(emoji) = ROOT.get("emoji")?.def else {
        return None;
    };
    emoji.iter().find_map(|(name, binding)| {
        let Def::Symbol(symbol) = binding.def else {
            return None;
        };
        named(name, &symbol, cluster)
    })
}

fn named(name: &str, symbol: &Symbol, cluster: &str) -> Option<String> {
    symbol.variants().find_map(|(modifiers, value, _)| {
        let is_it = value
            .chars()
            .filter(|c| !is_ignorable(*c))
            .eq(cluster.chars());
        is_it.then(|| {
            format!("{name} {}", modifiers.as_str().replace('.', " "))
                .trim_end()
                .to_owned()
        })
    })
}

fn pieces(text: &str, care: Care) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for cluster in text.graphemes(true) {
        let cluster: String = cluster.chars().filter(|c| !is_ignorable(*c)).collect();
        if cluster.is_empty() {
            continue;
        }
        if is_settable(&cluster, care) {
            settable(&mut pieces, &cluster);
        } else if cluster.chars().all(char::is_whitespace) {
            settable(&mut pieces, " ");
        } else {
            let mut rest = cluster.as_str();
            // A letter stays when only the marks on it are missing.
            if let Some(first) = cluster.chars().next()
                && cluster.chars().nth(1).is_some()
                && is_settable(first.encode_utf8(&mut [0; 4]), care)
            {
                let (letter, marks) = cluster.split_at(first.len_utf8());
                settable(&mut pieces, letter);
                rest = marks;
            }
            unsettable(&mut pieces, rest);
        }
    }
    pieces
}

fn settable(pieces: &mut Vec<Piece>, cluster: &str) {
    if let Some(Piece::Set(text)) = pieces.last_mut() {
        text.push_str(cluster);
    } else {
        pieces.push(Piece::Set(cluster.to_owned()));
    }
}

/// Adds what can't be set; words of one script with spaces between them are one stretch.
fn unsettable(pieces: &mut Vec<Piece>, cluster: &str) {
    let kind = Kind::of(cluster);
    let runs_on = matches!(kind, Kind::Script(_));
    match pieces.as_mut_slice() {
        [.., Piece::Unset(text, last)] if runs_on && *last == kind => text.push_str(cluster),
        [.., Piece::Unset(text, last), Piece::Set(space)]
            if runs_on && *last == kind && space.chars().all(char::is_whitespace) =>
        {
            text.push_str(space);
            text.push_str(cluster);
            pieces.pop();
        }
        _ => pieces.push(Piece::Unset(cluster.to_owned(), kind)),
    }
}

fn is_settable(cluster: &str, care: Care) -> bool {
    let mut characters = cluster.chars();
    match (characters.next(), characters.next()) {
        (Some(' '..='~'), None) => true,
        _ if care == Care::Strict => cluster.chars().all(|c| {
            matches!(c, ' '..='~' | '\u{a0}'..='\u{17e}' | '–' | '—' | '‘' | '’' | '“' | '”' | '•' | '…' | '€')
                && letters_have(c)
        }),
        // No private character has a meaning that a PDF could carry.
        (Some(only), None) => {
            (letters_have(only) || stands_alone(only))
                && !is_private(only)
                && FONTS
                    .iter()
                    .any(|font| font.info().coverage.contains(u32::from(only)))
        }
        // A letter and its marks come from one typeface.
        _ => cluster.chars().all(letters_have),
    }
}

/// Whether every face of the letters' own family has it.
fn letters_have(c: char) -> bool {
    FONTS
        .iter()
        .filter(|font| font.info().family.eq_ignore_ascii_case(FAMILY))
        .all(|font| font.info().coverage.contains(u32::from(c)))
}

/// Whether its script is read letter by letter. Of others a typeface may have some letters and not their marks, and half a
/// word is worse than none.
fn stands_alone(c: char) -> bool {
    matches!(
        c.script(),
        Script::Common
            | Script::Inherited
            | Script::Latin
            | Script::Greek
            | Script::Cyrillic
            | Script::Armenian
            | Script::Georgian
            | Script::Hebrew
    )
}

fn is_private(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}')
}

/// Characters that are never seen: joiners, variation selectors, tags.
fn is_ignorable(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_typeface_has_is_said_in_words() {
        for (text, expected) in [
            (
                "Plain “English”, café, £5 – €6.",
                "Plain “English”, café, £5 – €6.",
            ),
            (
                "How many 池 are there?",
                "How many [text in the Chinese (Han) script] are there?",
            ),
            ("नमस्ते दुनिया!", "[text in the Devanagari script]!"),
            ("สวัสดี", "[text in the Thai script]"),
            ("a 🦆 b", "a [emoji: duck] b"),
            ("👂\u{fe0f}", "[emoji: ear]"),
            ("\u{e000}", "[character U+E000]"),
            ("\u{378}", "[character U+0378]"),
            (
                "Zażółć gęślą jaźń, Ελλάδα, Москва",
                "Zażółć gęślą jaźń, Ελλάδα, Москва",
            ),
            ("zero\u{200d}width\u{feff}", "zerowidth"),
            ("thin\u{3000}space", "thin space"),
        ] {
            assert_eq!(set(text, Care::Ordinary), expected);
        }
        assert_eq!(
            set("Москва 7", Care::Strict),
            "[text in the Cyrillic script] 7"
        );
        assert_eq!(unset("हिन्दी भाषा and 池"), ["हिन्दी भाषा", "池"]);
    }
}
