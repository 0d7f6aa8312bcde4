//! The bracketed parts behind a section: "(1)(a)", "(2)(b)(i) and (ii)", "(1)(a-c)".

use super::reader::Reader;

/// One bracketed part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// A subsection: "1", "5A".
    Number(String),
    /// A paragraph: "a", "aa".
    Letter(String),
    /// A sub-paragraph: "i", "iv". A single "i", "v" or "x" may be a letter; its place decides.
    Roman(String),
}

impl Part {
    fn text(&self) -> &str {
        match self {
            Self::Number(text) | Self::Letter(text) | Self::Roman(text) => text,
        }
    }

    /// How deep in a section parts of this kind stand.
    fn depth(&self) -> usize {
        match self {
            Self::Number(_) => 0,
            Self::Letter(_) => 1,
            Self::Roman(_) => 2,
        }
    }
}

/// The parts of one provision, outermost first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sequence(Vec<Part>);

impl Sequence {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn first(&self) -> Option<&Part> {
        self.0.first()
    }

    pub(super) fn begins_with_number(&self) -> bool {
        matches!(self.0.first(), Some(Part::Number(_)))
    }

    /// The parts as a provision keeps them. Section 40 has subsections with letters, so a small letter there is a
    /// capital: "40(5b)" is written for 40(5B); elsewhere "31(1a)" is written for 31(1)(a).
    pub(super) fn texts(&self, section: u16) -> Vec<String> {
        let mut texts = Vec::new();
        for part in &self.0 {
            let text = part.text();
            let digits = text.trim_end_matches(|c: char| c.is_ascii_lowercase());
            match part {
                Part::Number(_) if digits.len() < text.len() && section == 40 => {
                    texts.push(text.to_ascii_uppercase());
                }
                Part::Number(_) if digits.len() < text.len() => {
                    texts.push(digits.to_owned());
                    texts.push(text.get(digits.len()..).unwrap_or("").to_owned());
                }
                _ => texts.push(text.to_owned()),
            }
        }
        texts
    }

    pub(super) fn followed_by(&self, inner: &Self) -> Self {
        let mut parts = self.0.clone();
        parts.extend(inner.0.iter().cloned());
        Self(parts)
    }

    /// The same with each of `inner` inside it; `None` when one can't stand there.
    pub(super) fn with_inside(&self, inner: &[Self]) -> Option<Vec<Self>> {
        inner
            .iter()
            .map(|sequence| {
                goes_inside(self, sequence.first()?).then(|| self.followed_by(sequence).settled())
            })
            .collect()
    }

    /// Parts that stand beside this one's: "(2)(b)(i)" with "(ii)" is "(2)(b)(ii)", with "(c)" it is "(2)(c)".
    pub(super) fn beside(&self, more: &Self) -> Self {
        let depth = more.0.first().map_or(0, |first| self.place_of(first));
        let mut parts: Vec<Part> = self.0.iter().take(depth).cloned().collect();
        parts.extend(more.0.iter().cloned());
        Self(parts).settled()
    }

    /// At which depth a part would stand beside one of these.
    fn place_of(&self, part: &Part) -> usize {
        match part {
            // "(1)(h) and (i)": without a sub-paragraph to stand beside, it is a letter.
            Part::Roman(_) if self.0.len() <= 2 => self.0.len().saturating_sub(1).min(1),
            other => self
                .0
                .iter()
                .position(|known| known.depth() == other.depth())
                .unwrap_or_else(|| other.depth().min(self.0.len())),
        }
    }

    /// Roman numerals that stand where a letter does are letters.
    fn settled(mut self) -> Self {
        if let Some(part) = self.0.get_mut(1)
            && let Part::Roman(text) = part
        {
            *part = Part::Letter(std::mem::take(text));
        }
        self
    }

    /// The parts after the last one's, up to and including `until`: "(a)" up to "(c)" is "(b)" and "(c)".
    pub(super) fn up_to(&self, until: &Part) -> Option<Vec<Self>> {
        let place = self.place_of(until);
        let from = self.0.get(place)?;
        let values: Vec<String> = match (from, until) {
            (Part::Number(from), Part::Number(until)) => {
                let (from, until): (u16, u16) = (from.parse().ok()?, until.parse().ok()?);
                (from.saturating_add(1)..=until)
                    .map(|number| number.to_string())
                    .collect()
            }
            (Part::Roman(from), Part::Roman(until)) if place == 2 => {
                let (from, until) = (roman(from)?, roman(until)?);
                ROMANS
                    .get(from.saturating_add(1)..=until)?
                    .iter()
                    .map(|&numeral| numeral.to_owned())
                    .collect()
            }
            _ => {
                let (from, until) = (single(from.text())?, single(until.text())?);
                (from..=until).skip(1).map(String::from).collect()
            }
        };
        if values.is_empty() || values.len() > 25 {
            return None;
        }
        values
            .into_iter()
            .map(|text| {
                let mut parts: Vec<Part> = self.0.iter().take(place).cloned().collect();
                parts.push(kind(&text)?);
                Some(Self(parts).settled())
            })
            .collect()
    }
}

const ROMANS: [&str; 20] = [
    "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv",
    "xvi", "xvii", "xviii", "xix", "xx",
];

fn roman(text: &str) -> Option<usize> {
    ROMANS.iter().position(|numeral| *numeral == text)
}

fn single(part: &str) -> Option<char> {
    let mut chars = part.chars();
    chars
        .next()
        .filter(|c| c.is_ascii_alphabetic() && chars.next().is_none())
}

/// What a bracketed word is; `None` for words that are no parts.
fn kind(text: &str) -> Option<Part> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let tail = text.get(digits..)?;
    if digits > 0 {
        let good = digits <= 2 && tail.len() <= 1 && tail.chars().all(|c| c.is_ascii_alphabetic());
        return good.then(|| Part::Number(text.to_owned()));
    }
    let lower = text.to_ascii_lowercase();
    if roman(&lower).is_some() {
        return Some(Part::Roman(lower));
    }
    let good = match text.len() {
        1 => text.chars().all(|c| c.is_ascii_alphabetic()),
        // Paragraphs put in later: (aa), (ab), (ad).
        2 => text.starts_with('a') && text.chars().all(|c| c.is_ascii_lowercase()),
        _ => false,
    };
    good.then_some(Part::Letter(lower))
}

/// The parts in one pair of brackets: "(1)", "( a )", "[1]", "(a-c)", "(a, b and c)".
fn bracketed(reader: Reader<'_>) -> Option<(Vec<Part>, Reader<'_>)> {
    let (open, close) = if reader.rest().starts_with('(') {
        ('(', ')')
    } else {
        ('[', ']')
    };
    let rest = reader.rest().strip_prefix(open)?;
    // Longer brackets hold words; the bound keeps a text of open brackets from being read over and over.
    let end = rest
        .bytes()
        .take(24)
        .position(|byte| byte == u8::try_from(close).unwrap_or(b')'))?;
    let inside = rest.get(..end)?.trim();
    let after = reader.advanced(end.saturating_add(2));
    if let Some(part) = kind(inside) {
        return Some((vec![part], after));
    }
    let mut parts: Vec<Part> = Vec::new();
    let mut inner = Reader::new(inside, 0);
    let mut range = false;
    loop {
        let length = inner
            .rest()
            .bytes()
            .take_while(u8::is_ascii_alphanumeric)
            .count();
        let part = kind(inner.rest().get(..length)?)?;
        if range {
            let from = Sequence(vec![parts.last()?.clone()]);
            parts.extend(
                from.up_to(&part)?
                    .into_iter()
                    .filter_map(|sequence| sequence.0.into_iter().next()),
            );
        } else {
            parts.push(part);
        }
        inner = inner.advanced(length);
        if inner.space().rest().is_empty() {
            return Some((parts, after));
        }
        if let Some(next) = inner.dash() {
            range = true;
            inner = next;
        } else {
            range = false;
            inner = inner.joint()?;
        }
    }
}

/// The bracketed parts here, one sequence a provision: "(1)(a)" is one, "(1)(a)(b)" and "(1)(a-b)" are two.
pub(super) fn sequences(reader: Reader<'_>) -> Option<(Vec<Sequence>, Reader<'_>)> {
    let (first, mut reader) = bracketed(reader)?;
    let mut done: Vec<Sequence> = Vec::new();
    let mut open: Vec<Sequence> = first.into_iter().map(|part| Sequence(vec![part])).collect();
    loop {
        let next = reader.space();
        if let Some((parts, after)) = bracketed(next)
            && (next.at == reader.at || parts.iter().all(|part| !matches!(part, Part::Number(_))))
        {
            let last = open.last().cloned().unwrap_or_default();
            let inside = parts.first().is_some_and(|part| {
                part.depth() > last.0.last().map_or(0, Part::depth) || goes_inside(&last, part)
            });
            if inside && last.0.len() < 5 {
                done.extend(open.iter().take(open.len().saturating_sub(1)).cloned());
                open = parts
                    .into_iter()
                    .map(|part| last.followed_by(&Sequence(vec![part])).settled())
                    .collect();
            } else {
                done.append(&mut open);
                open = parts
                    .into_iter()
                    .map(|part| last.beside(&Sequence(vec![part])))
                    .collect();
            }
            reader = after;
            continue;
        }
        // "31(1)a".
        let mut rest = reader.rest().chars();
        if let (Some(c @ 'a'..='z'), after) = (rest.next(), rest.next())
            && !after.is_some_and(|c| c.is_alphanumeric() || c == '\'' || c == '’')
            && let Some(last) = open.last_mut()
            && last.0.len() == 1
            && last.begins_with_number()
        {
            last.0.push(Part::Letter(c.to_string()));
            reader = reader.advanced(1);
            continue;
        }
        done.append(&mut open);
        return Some((done, reader));
    }
}

/// Whether a part stands inside the last one rather than beside it: a letter or "(i)" in a subsection does.
fn goes_inside(last: &Sequence, part: &Part) -> bool {
    matches!(
        (last.0.last(), part),
        (Some(Part::Number(_)), Part::Letter(_) | Part::Roman(_))
            | (Some(Part::Letter(_)), Part::Roman(_))
    )
}

/// Parts with their word before them: "subsection (1)(a)", "sub-section 1(a)", ", paragraph (b)".
pub(super) fn named<'t>(reader: Reader<'t>, words: &[&str]) -> Option<(Vec<Sequence>, Reader<'t>)> {
    let start = reader.word(",").map_or(reader, Reader::space);
    let reader = words.iter().find_map(|word| start.word(word))?.space();
    if let Some(found) = sequences(reader) {
        return Some(found);
    }
    let (digits, after) = reader.digits()?;
    let part = kind(digits)?;
    let head = Sequence(vec![part]);
    match sequences(after) {
        Some((inner, after)) => Some((
            inner
                .iter()
                .map(|sequence| head.followed_by(sequence).settled())
                .collect(),
            after,
        )),
        None => Some((vec![head], after)),
    }
}
