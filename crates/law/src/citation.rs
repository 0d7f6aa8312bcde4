//! The forms in which officers cite provisions.

mod parts;
mod reader;
mod scope;

use std::ops::Range;

use crate::provision::{Act, Provision};
use parts::Sequence;
use reader::Reader;
use scope::Scope;

/// A provision cited in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Citation {
    /// The bytes of the text that cite it.
    pub span: Range<usize>,
    /// What they cite.
    pub provision: Provision,
}

/// Every provision of FOIA and EIR that a text cites, in every form that officers write.
///
/// A range of limbs gives one citation a limb. A range that only describes the Act ("sections 21 to 44") gives none,
/// and neither does a citation scoped to another enactment ("section 8 of the Data Protection Act 2018"), one that no
/// section bears (FOIA has 88) unless the Act is named, or a number used as a name ("s.151 officer").
///
/// # Examples
/// ```
/// let found = law::find_citations("We rely on ss.31(1)(a) to (c) and 40(2) of the Act.");
/// let found: Vec<String> = found.iter().map(|citation| citation.provision.to_string()).collect();
/// assert_eq!(found, ["FOIA s.31(1)(a)", "FOIA s.31(1)(b)", "FOIA s.31(1)(c)", "FOIA s.40(2)"]);
/// ```
#[must_use]
pub fn find_citations(text: &str) -> Vec<Citation> {
    let mut groups = Vec::new();
    let mut at = 0;
    while at < text.len() {
        if let Some(group) = group(text, at) {
            at = group.end.max(reader::next_char(text, at));
            groups.push(group);
        } else {
            at = reader::next_char(text, at);
        }
    }
    // Backwards, because "section 45 and section 46 of the Data Protection Act" names its Act at the end.
    let mut scopes: Vec<Scope> = Vec::new();
    let mut behind: Option<(usize, Scope)> = None;
    for group in groups.iter().rev() {
        let mut scope = scope::of(text, group);
        if scope == Scope::Unsaid
            && let Some((start, Scope::Another)) = behind
            && Reader::new(text, group.end)
                .joint()
                .is_some_and(|reader| reader.at == start)
            && !group.items.iter().all(|item| is_likely(&item.provision))
        {
            scope = Scope::Another;
        }
        behind = Some((group.start, scope));
        scopes.push(scope);
    }
    scopes.reverse();
    groups
        .into_iter()
        .zip(scopes)
        .flat_map(|(group, scope)| group.scoped(scope))
        .collect()
}

/// As [`find_citations`], and FOIA provisions written without the word section where their brackets show what they
/// are: "exempt under 31(1)(a)", "40(2) and 41(1)". For a text that is known to be about FOIA, such as a notice.
#[must_use]
pub fn find_bare_citations(text: &str) -> Vec<Citation> {
    const KEYWORD: &str = "section ";
    let mut found = find_citations(text);
    let worded: Vec<Range<usize>> = found.iter().map(|citation| citation.span.clone()).collect();
    for (at, _) in text.match_indices('(') {
        let head = text.get(..at).unwrap_or("").trim_end_matches(' ');
        let digits = head.trim_end_matches(|c: char| c.is_ascii_uppercase());
        let start = digits.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        let before = text.get(..start).unwrap_or("");
        let word = before
            .trim_end()
            .rsplit(|c: char| !c.is_alphabetic())
            .next()
            .unwrap_or("")
            .to_lowercase();
        let joined = before.ends_with(|c: char| {
            c.is_alphanumeric() || matches!(c, '£' | '.' | '/' | '-' | '–' | '(' | ')')
        });
        // The worded ones stand in the order of the text and don't overlap.
        let known = worded
            .partition_point(|span| span.start <= start)
            .checked_sub(1)
            .and_then(|last| worded.get(last))
            .is_some_and(|span| start < span.end);
        if joined || known || NUMBERED.contains(&word.as_str()) {
            continue;
        }
        // Read as if the word stood there, with enough behind it to see an Act that it might name.
        let end = (start.saturating_add(160)..text.len())
            .find(|end| text.is_char_boundary(*end))
            .unwrap_or(text.len());
        let worded = format!("{KEYWORD}{}", text.get(start..end).unwrap_or(""));
        let place = |at: usize| start.saturating_add(at.saturating_sub(KEYWORD.len()));
        let first = find_citations(&worded)
            .into_iter()
            .take_while(|citation| citation.span.start <= KEYWORD.len());
        for citation in first {
            let subsection = citation
                .provision
                .parts
                .first()
                .is_some_and(|part| part.starts_with(|c: char| c.is_ascii_digit()));
            if is_likely(&citation.provision) && subsection {
                found.push(Citation {
                    span: place(citation.span.start)..place(citation.span.end),
                    provision: citation.provision,
                });
            }
        }
    }
    found.sort_by_key(|citation| citation.span.start);
    found
}

/// Words in front of a number with brackets that is no section.
const NUMBERED: &[&str] = &[
    "question",
    "questions",
    "q",
    "page",
    "pages",
    "paragraph",
    "paragraphs",
    "para",
    "regulation",
    "regulations",
    "reg",
    "regs",
    "rule",
    "article",
    "art",
    "part",
    "schedule",
    "clause",
    "item",
    "items",
    "annex",
    "appendix",
    "version",
    "row",
    "table",
    "condition",
];

/// Citations that one keyword, or one list, introduces.
#[derive(Debug)]
struct Group {
    start: usize,
    end: usize,
    /// The enactment that the keyword suggests: sections are FOIA's, regulations EIR's.
    default: Act,
    /// Whether the keyword itself named it.
    named: bool,
    items: Vec<Citation>,
}

impl Group {
    fn scoped(self, scope: Scope) -> Vec<Citation> {
        let (act, named) = match scope {
            Scope::Another => return Vec::new(),
            Scope::Named(act) => (act, true),
            Scope::Unsaid => (self.default, self.named),
        };
        let last = match act {
            Act::Foia => 88,
            Act::Eir => 21,
            Act::Foisa | Act::Instrument(..) => return Vec::new(),
        };
        self.items
            .into_iter()
            .filter(|item| named || item.provision.number <= last)
            .map(|mut item| {
                item.provision.act = act;
                item
            })
            // Brackets in an order that no provision has, "1(i)(a)", cite none.
            .filter(|item| match item.provision.parts.as_slice() {
                [first, _, ..] => first.starts_with(|c: char| c.is_ascii_digit()),
                _ => true,
            })
            .collect()
    }
}

/// Whether a provision is, unless another Act is named for it directly, most likely an exemption of FOIA.
fn is_likely(provision: &Provision) -> bool {
    provision.act == Act::Foia && matches!(provision.number, 12 | 14 | 21..=44)
}

/// What introduces a citation.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keyword {
    /// "section", "s.", "§", "regulation".
    Of(Act),
    /// A bare "s" directly before a number, which may be many other things.
    BareS,
    /// "exemption 31(1)(a)", "exception 12(5)(b)".
    Ground(Act),
    /// "FOIA 31(1)(a)", "EIR 12(5)(b)".
    Name(Act),
}

const KEYWORDS: &[(&str, Keyword)] = &[
    ("sections", Keyword::Of(Act::Foia)),
    ("section", Keyword::Of(Act::Foia)),
    ("sects.", Keyword::Of(Act::Foia)),
    ("sect.", Keyword::Of(Act::Foia)),
    ("sect", Keyword::Of(Act::Foia)),
    ("secs.", Keyword::Of(Act::Foia)),
    ("sec.", Keyword::Of(Act::Foia)),
    ("sec", Keyword::Of(Act::Foia)),
    ("ss.", Keyword::Of(Act::Foia)),
    ("ss", Keyword::Of(Act::Foia)),
    ("s.", Keyword::Of(Act::Foia)),
    ("s", Keyword::BareS),
    ("§§", Keyword::Of(Act::Foia)),
    ("§", Keyword::Of(Act::Foia)),
    ("regulations", Keyword::Of(Act::Eir)),
    ("regulation", Keyword::Of(Act::Eir)),
    ("regs.", Keyword::Of(Act::Eir)),
    ("regs", Keyword::Of(Act::Eir)),
    ("reg.", Keyword::Of(Act::Eir)),
    ("reg", Keyword::Of(Act::Eir)),
    ("exemptions", Keyword::Ground(Act::Foia)),
    ("exemption", Keyword::Ground(Act::Foia)),
    ("exceptions", Keyword::Ground(Act::Eir)),
    ("exception", Keyword::Ground(Act::Eir)),
    ("foia", Keyword::Name(Act::Foia)),
    ("foi", Keyword::Name(Act::Foia)),
    ("eirs", Keyword::Name(Act::Eir)),
    ("eir", Keyword::Name(Act::Eir)),
];

/// Keywords that announce several citations.
const PLURALS: &[&str] = &[
    "sections",
    "sects.",
    "secs.",
    "ss.",
    "ss",
    "§§",
    "regulations",
    "regs.",
    "regs",
    "exemptions",
    "exceptions",
];

/// "subsection (1)(a) of section 31": words for parts that may stand before the section.
const PART_WORDS: &[&str] = &[
    "subsections",
    "subsection",
    "sub-sections",
    "sub-section",
    "subparagraph",
    "sub-paragraph",
    "paragraphs",
    "paragraph",
    "paras",
    "para.",
    "para",
    "limbs",
    "limb",
];

/// The citations that begin at `at`, if any do.
fn group(text: &str, at: usize) -> Option<Group> {
    let first = text.get(at..)?.chars().next()?;
    if !matches!(
        first.to_ascii_lowercase(),
        's' | 'r' | 'e' | 'f' | 'p' | 'l' | '§'
    ) {
        return None;
    }
    if !reader::is_word_start(text, at) {
        return None;
    }
    parts_before_section(text, at).or_else(|| {
        let (keyword, reader) = keyword(text, at)?;
        numbers(text, at, keyword, reader)
    })
}

/// The keyword at `at` and a reader at the number behind it.
fn keyword(text: &str, at: usize) -> Option<(Keyword, Reader<'_>)> {
    KEYWORDS.iter().find_map(|(word, keyword)| {
        let reader = Reader::new(text, at).word(word)?.space();
        reader.digits().map(|_| (*keyword, reader))
    })
}

/// "subsections (1)(a) and (3) of section 31", "paragraph (b) of s.31(1)".
fn parts_before_section(text: &str, at: usize) -> Option<Group> {
    let reader = PART_WORDS
        .iter()
        .find_map(|word| Reader::new(text, at).word(word))?
        .space();
    let mut listed: Vec<Sequence> = Vec::new();
    let mut reader = reader;
    loop {
        let (sequences, after) = parts::sequences(reader)?;
        listed.extend(sequences);
        match after.joint().filter(|next| next.starts_with('(')) {
            Some(next) => reader = next,
            None => {
                reader = after;
                break;
            }
        }
    }
    let reader = reader.space().word("of")?.space();
    let (keyword, reader) = keyword(text, reader.at)?;
    let Keyword::Of(default) = keyword else {
        return None;
    };
    let (section, reader) = number(reader, default)?;
    let (mut above, end) = match parts::sequences(reader) {
        Some((sequences, after)) => (sequences, after.at),
        None => (Vec::new(), reader.at),
    };
    let above = above.pop().unwrap_or_default();
    let items = listed
        .into_iter()
        .map(|sequence| Citation {
            span: at..end,
            provision: section.with(&above.followed_by(&sequence)),
        })
        .collect();
    Some(Group {
        start: at,
        end,
        default,
        named: false,
        items,
    })
}

/// A section or regulation without its parts.
#[derive(Clone, Copy)]
struct Section {
    act: Act,
    number: u16,
    letter: Option<char>,
}

impl Section {
    fn with(self, sequence: &Sequence) -> Provision {
        Provision {
            act: self.act,
            number: self.number,
            letter: self.letter,
            parts: sequence.texts(self.number),
        }
    }
}

/// "31", "22A"; not "31st", "31%", "31.5" or "2018".
fn number(reader: Reader<'_>, act: Act) -> Option<(Section, Reader<'_>)> {
    let (digits, after) = reader.digits()?;
    let number: u16 = digits.parse().ok()?;
    if number == 0 || digits.len() > 3 {
        return None;
    }
    let plain = Section {
        act,
        number,
        letter: None,
    };
    let mut rest = after.rest().chars();
    let (next, then) = (rest.next(), rest.next());
    match next {
        Some(c) if c.is_ascii_alphabetic() => {
            // "22a" is written for 22A; elsewhere a small letter makes the number something else.
            let is_letter = c.is_ascii_uppercase() || matches!(number, 11 | 22);
            (is_letter && !then.is_some_and(char::is_alphanumeric)).then(|| {
                (
                    Section {
                        letter: Some(c.to_ascii_uppercase()),
                        ..plain
                    },
                    after.advanced(1),
                )
            })
        }
        Some(c) if c.is_alphabetic() || c == '%' || c == '£' => None,
        Some('.' | ':') if then.is_some_and(|c| c.is_ascii_digit()) => None,
        _ => Some((plain, after)),
    }
}

/// Reads "31(1)(a)-(c), 36 and 40(2)".
fn numbers(text: &str, start: usize, keyword: Keyword, reader: Reader<'_>) -> Option<Group> {
    let default = match keyword {
        Keyword::Of(act) | Keyword::Ground(act) | Keyword::Name(act) => act,
        Keyword::BareS => Act::Foia,
    };
    let mut group = Group {
        start,
        end: reader.at,
        default,
        named: matches!(keyword, Keyword::Name(_)),
        items: Vec::new(),
    };
    let plural = text
        .get(start..reader.at)
        .is_some_and(|word| PLURALS.contains(&word.trim_end().to_lowercase().as_str()));
    let (first, after) = number(reader, default)?;
    let (mut sequences, mut reader) = with_parts(after);
    let bare = sequences.is_empty();
    if bare && !stands_bare(keyword, first, after) {
        return None;
    }
    let mut section = first;
    let mut item_start = start;
    loop {
        // "31(1)(a), (b) and 31(3)": further parts of the same section follow the first.
        let mut last = push(&mut group, section, item_start, reader.at, &mut sequences);
        group.end = reader.at;
        while let Some((more, after)) = further_parts(reader, &last) {
            sequences = more;
            last = push(&mut group, section, reader.at, after.at, &mut sequences);
            trim_start(text, &mut group, reader.at);
            reader = after;
            group.end = reader.at;
        }
        if let Some((until, after)) = section_range(reader, section, &last, plural) {
            if until.number.saturating_sub(section.number) > 3 {
                // "sections 21 to 44" describes Part II and cites nothing in it.
                group.items.clear();
            } else {
                for number in section.number.saturating_add(1)..=until.number {
                    group.items.push(Citation {
                        span: item_start..after.at,
                        provision: Section { number, ..section }.with(&Sequence::default()),
                    });
                }
            }
            reader = after;
            group.end = reader.at;
        }
        let Some((next, at, after)) = another_number(reader, default) else {
            break;
        };
        section = next;
        item_start = at;
        (sequences, reader) = with_parts(after);
    }
    Some(group)
}

/// The parts behind a number: "(1)(a)", " (1) (a)", ", subsection (1)", "(1)(a)-(c)".
fn with_parts(after: Reader<'_>) -> (Vec<Sequence>, Reader<'_>) {
    let (mut sequences, reader) = bracketed_parts(after);
    // "31(1), paragraph (a)".
    if let Some(last) = sequences.last()
        && let Some((inner, after)) = parts::named(reader.space(), PART_WORDS)
        && let Some(inside) = last.with_inside(&inner)
    {
        sequences.pop();
        sequences.extend(inside);
        return (sequences, after);
    }
    (sequences, reader)
}

fn bracketed_parts(after: Reader<'_>) -> (Vec<Sequence>, Reader<'_>) {
    if let Some((sequences, reader)) = parts::sequences(after) {
        return (sequences, reader);
    }
    let spaced = after.space();
    // A bracket apart must be a subsection: "section 31 (a) because" may begin a list of reasons.
    if let Some((sequences, reader)) = parts::sequences(spaced)
        && sequences
            .iter()
            .all(|sequence| sequence.begins_with_number())
        && !after.rest().starts_with("\n\n")
    {
        return (sequences, reader);
    }
    if let Some((sequences, reader)) = parts::named(spaced, PART_WORDS) {
        return (sequences, reader);
    }
    (Vec::new(), after)
}

/// Adds one citation a sequence, or the bare section; returns the last.
fn push(
    group: &mut Group,
    section: Section,
    start: usize,
    end: usize,
    sequences: &mut Vec<Sequence>,
) -> Sequence {
    if sequences.is_empty() {
        sequences.push(Sequence::default());
    }
    for sequence in sequences.iter() {
        group.items.push(Citation {
            span: start..end,
            provision: section.with(sequence),
        });
    }
    sequences.pop().unwrap_or_default()
}

/// The words between a part and the next don't belong to the next: its span begins at its bracket.
fn trim_start(text: &str, group: &mut Group, from: usize) {
    let bracket = text
        .get(from..)
        .and_then(|rest| rest.find(['(', '[']))
        .map_or(from, |offset| from.saturating_add(offset));
    for item in group.items.iter_mut().rev() {
        if item.span.start != from {
            break;
        }
        item.span.start = bracket.min(item.span.end);
    }
}

/// ", (b)", " and (3)", "/(ii)", "-(c)", " to (c)": further parts beside the last.
fn further_parts<'t>(reader: Reader<'t>, last: &Sequence) -> Option<(Vec<Sequence>, Reader<'t>)> {
    if last.is_empty() {
        return None;
    }
    if let Some(next) = reader.dash()
        && let Some((mut sequences, after)) = parts::sequences(next)
    {
        let until = sequences.first().and_then(Sequence::first)?.clone();
        let expanded = last.up_to(&until)?;
        sequences.remove(0);
        let mut all = expanded;
        all.extend(sequences.iter().map(|more| last.beside(more)));
        return Some((all, after));
    }
    let next = reader.joint().filter(|next| next.starts_with('('))?;
    let (sequences, after) = parts::sequences(next)?;
    let beside: Vec<Sequence> = sequences.iter().map(|more| last.beside(more)).collect();
    Some((beside, after))
}

/// "sections 30-32", "sections 30 to 32".
fn section_range<'t>(
    reader: Reader<'t>,
    from: Section,
    last: &Sequence,
    plural: bool,
) -> Option<(Section, Reader<'t>)> {
    if !last.is_empty() {
        return None;
    }
    let (until, after) = number(reader.dash()?, from.act)?;
    (until.number > from.number
        && parts::sequences(after).is_none()
        && (plural || ends_well(after)))
    .then_some((until, after))
}

/// Another number of the same list: a joint, then a number that isn't a count of something.
fn another_number(reader: Reader<'_>, act: Act) -> Option<(Section, usize, Reader<'_>)> {
    let next = reader.joint()?;
    let (section, after) = number(next, act)?;
    let has_parts = !with_parts(after).0.is_empty();
    (has_parts || ends_well(after)).then_some((section, next.at, after))
}

/// Whether what follows a bare number lets it be a section: a stop, or a word that goes on about the law. "section 31,
/// 20 working days" has none.
fn ends_well(after: Reader<'_>) -> bool {
    const WORDS: &[&str] = &[
        "and",
        "or",
        "of",
        "to",
        "in",
        "foia",
        "foi",
        "eir",
        "the",
        "apply",
        "applies",
        "applied",
        "are",
        "is",
        "was",
        "were",
        "have",
        "has",
        "as",
        "for",
        "because",
        "which",
        "with",
        "both",
        "respectively",
        "under",
        "on",
        "so",
        "do",
        "does",
        "may",
        "would",
        "could",
        "will",
        "this",
        "these",
        "exempts",
        "exemption",
        "exemptions",
        "engaged",
        "relate",
        "relates",
        "from",
        "by",
        "at",
        "being",
        "above",
        "below",
        "also",
        "cannot",
        "can",
        "should",
        "since",
        "that",
    ];
    let next = after.space();
    let word: String = next
        .rest()
        .chars()
        .take_while(|c| c.is_alphabetic())
        .take(16)
        .collect();
    if word.is_empty() {
        return !next
            .rest()
            .starts_with(|c: char| c.is_ascii_digit() || c == '£');
    }
    WORDS.contains(&word.to_lowercase().as_str()) || after.rest().starts_with(['\n', '\r'])
}

/// Whether a number without parts may be a citation behind its keyword.
fn stands_bare(keyword: Keyword, section: Section, after: Reader<'_>) -> bool {
    match keyword {
        Keyword::Of(_) => true,
        Keyword::Ground(Act::Foia) => (21..=44).contains(&section.number) && ends_well(after),
        Keyword::Ground(_) => matches!(section.number, 12 | 13) && ends_well(after),
        Keyword::Name(_) => false,
        Keyword::BareS => {
            // "S3" is storage, "S74" a charge for road works and "S1 2HH" a postcode in Sheffield.
            let inward: Vec<char> = after.space().rest().chars().take(3).collect();
            let postcode = matches!(inward.as_slice(), [digit, a, b]
                if digit.is_ascii_digit() && a.is_ascii_uppercase() && b.is_ascii_uppercase());
            !postcode && matches!(section.number, 1 | 2 | 8..=45 | 48 | 50 | 77)
        }
    }
}
