//! Splits the text of a request into its questions.
//!
//! Works line by line: a line is a marked item ("2(a)", "-"), or part of a paragraph. An item with items under it is a
//! stem or a heading; a paragraph yields its sentences that ask. Greetings, signatures, quoted mail, definitions,
//! wishes about format and reminders of duties are no questions.

use std::ops::Range;

/// One question's place in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The applicant's label ("2(a)"), or the question's place in the request where there is none.
    pub label: String,
    /// Byte range of its words, without number or bullet.
    pub span: Range<usize>,
    /// The sentence it completes, if any.
    pub stem: Option<Range<usize>>,
    /// The heading it stands under, if any.
    pub heading: Option<Range<usize>>,
}

/// The shape of a marker in front of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Marker {
    Number(String),
    Letter(String),
    Roman(String),
    Bullet,
}

/// A line, or a run of lines that belong together.
#[derive(Clone, Debug)]
struct Unit {
    marker: Option<Marker>,
    span: Range<usize>,
    /// Whether a blank line stands before it.
    apart: bool,
    indent: usize,
}

/// The questions of a request, in the order of the text; their spans do not overlap.
#[must_use]
pub fn split(body: &str) -> Vec<Part> {
    let units = units(body);
    let depths = depths(&units);
    let mut parts: Vec<Part> = Vec::new();
    let mut reader = Reader {
        body,
        units: &units,
        depths: &depths,
    };
    reader.read(&mut parts);
    for (index, part) in parts.iter_mut().enumerate() {
        if part.label.is_empty() {
            part.label = index.saturating_add(1).to_string();
        }
    }
    parts
}

fn slice(body: &str, span: Range<usize>) -> &str {
    body.get(span).unwrap_or("")
}

/// The span without white space at either end.
fn trimmed(body: &str, span: Range<usize>) -> Range<usize> {
    let text = slice(body, span.clone());
    let start = span
        .start
        .saturating_add(text.len().saturating_sub(text.trim_start().len()));
    start..start.saturating_add(text.trim().len())
}

fn units(body: &str) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::new();
    let mut offset: usize = 0;
    let mut apart = true;
    let mut own_words = false;
    for line in body.split_inclusive('\n') {
        let whole = offset..offset.saturating_add(line.len());
        offset = whole.end;
        let span = trimmed(body, whole.clone());
        let text = slice(body, span.clone());
        if text.is_empty() {
            apart = true;
            continue;
        }
        if text.starts_with('>') {
            apart = true;
            continue;
        }
        let lower = text.to_lowercase();
        if own_words && ends_own_words(&lower) {
            break;
        }
        own_words = true;
        if text.chars().all(|c| !c.is_alphanumeric()) {
            apart = true;
            continue;
        }
        let indent = span.start.saturating_sub(whole.start);
        if let Some((marker, start)) = marker(text) {
            let start = span.start.saturating_add(start);
            let inner = trimmed(body, start..span.end);
            if inner.is_empty() {
                apart = true;
                continue;
            }
            // "1. a) How many…": the outer marker only opens the inner one.
            let nested = marker_inside(slice(body, inner.clone()));
            if let (Marker::Number(_), Some((second, at))) = (&marker, nested) {
                units.push(Unit {
                    marker: Some(marker),
                    span: inner.start..inner.start,
                    apart,
                    indent,
                });
                let inner = trimmed(body, inner.start.saturating_add(at)..inner.end);
                units.push(Unit {
                    marker: Some(second),
                    span: inner,
                    apart: false,
                    indent: indent.saturating_add(1),
                });
            } else {
                units.push(Unit {
                    marker: Some(marker),
                    span: inner,
                    apart,
                    indent,
                });
            }
        } else if let Some(last) = units
            .last_mut()
            .filter(|last| !apart && continues(body, last, &span))
        {
            last.span.end = span.end;
        } else {
            units.push(Unit {
                marker: None,
                span,
                apart,
                indent,
            });
        }
        apart = false;
    }
    units
}

/// Lines below which the words are not the applicant's.
fn ends_own_words(lower: &str) -> bool {
    (lower.starts_with("---")
        && (lower.contains("original message") || lower.contains("forwarded message")))
        || (lower.starts_with("on ") && lower.ends_with("wrote:"))
        || lower.starts_with("please use this email address for all replies")
        || lower.starts_with("disclaimer: this message and any reply")
        || lower.starts_with("this email and any attachments")
        || lower.starts_with("this e-mail and any attachments")
}

/// Whether a line goes on with the line before it.
fn continues(body: &str, last: &Unit, span: &Range<usize>) -> bool {
    let before = slice(body, last.span.clone());
    let line = slice(body, span.clone());
    let starts_small = line.starts_with(|c: char| c.is_lowercase() || c == '(' || c == ',');
    let last_line = before.rsplit('\n').next().unwrap_or(before);
    let wrapped =
        last_line.chars().count() >= 55 && !ends_sentence(before) && !before.ends_with(':');
    starts_small && !before.ends_with(':') || wrapped
}

fn ends_sentence(text: &str) -> bool {
    text.trim_end_matches(['"', '”', '’', ')', ' '])
        .ends_with(['.', '?', '!', ';'])
}

/// The marker at the start of a line, and the byte behind it.
fn marker(text: &str) -> Option<(Marker, usize)> {
    let first = text.chars().next()?;
    if matches!(
        first,
        '-' | '*' | '•' | '·' | '–' | '—' | '●' | '▪' | '◦' | '‣' | '○' | '\u{f0b7}'
    ) {
        let after = first.len_utf8();
        let rest = text.get(after..)?;
        // "*text*" is emphasis; "-5" a number.
        return (rest.starts_with(char::is_whitespace)
            || (first != '*' && rest.starts_with(char::is_alphabetic)))
        .then_some((Marker::Bullet, after));
    }
    if first == 'o'
        && text.starts_with("o ")
        && text
            .get(2..)
            .is_some_and(|rest| rest.trim_start().starts_with(char::is_uppercase))
    {
        return Some((Marker::Bullet, 1));
    }
    let open = usize::from(first == '(');
    let mut at = open;
    let mut rest = text.get(at..)?;
    let mut named = false;
    for word in ["question ", "question", "q.", "q"] {
        if rest
            .get(..word.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(word))
            && rest
                .get(word.len()..)
                .is_some_and(|tail| tail.trim_start().starts_with(|c: char| c.is_ascii_digit()))
        {
            at = at.saturating_add(word.len());
            rest = text.get(at..)?;
            let space = rest.len().saturating_sub(rest.trim_start().len());
            at = at.saturating_add(space);
            rest = text.get(at..)?;
            named = true;
            break;
        }
    }
    let digits = rest
        .bytes()
        .take_while(|b| b.is_ascii_digit() || *b == b'.')
        .count();
    let number = rest.get(..digits)?.trim_end_matches('.');
    if number.starts_with(|c: char| c.is_ascii_digit()) {
        if number.split('.').any(|piece| piece.len() > 3) {
            return None;
        }
        at = at.saturating_add(number.len());
        let tail = text.get(at..)?;
        let letter = tail.chars().next().filter(|c| {
            c.is_ascii_lowercase()
                && tail
                    .get(1..)
                    .is_none_or(|more| more.starts_with(['.', ')', ':', ' ']))
        });
        let mut label = number.to_owned();
        let mut lettered = false;
        if let Some(letter) = letter
            && (tail
                .get(1..)
                .is_some_and(|more| more.starts_with(['.', ')', ':']))
                || named
                || tail
                    .get(1..)
                    .is_some_and(|more| more.trim_start().starts_with(char::is_uppercase)))
        {
            label.push(letter);
            at = at.saturating_add(1);
            lettered = true;
        }
        let after = close(text, at, named || lettered || number.contains('.'))?;
        return Some((Marker::Number(label), after));
    }
    let word: String = rest
        .chars()
        .take_while(|c| c.is_ascii_alphabetic())
        .take(6)
        .collect();
    let lower = word.to_lowercase();
    let roman = !lower.is_empty()
        && lower.len() <= 5
        && lower.chars().all(|c| matches!(c, 'i' | 'v' | 'x'));
    if word.len() == 1 || roman {
        at = at.saturating_add(word.len());
        let tail = text.get(at..)?;
        let closed = tail.starts_with(')')
            || (open == 0
                && tail.starts_with(['.', ':'])
                && tail
                    .get(1..)
                    .is_some_and(|more| more.starts_with(char::is_whitespace)));
        if !closed {
            return None;
        }
        let after = at.saturating_add(1);
        let marker = if roman && (word.len() > 1 || lower == "i") {
            Marker::Roman(lower)
        } else {
            Marker::Letter(lower)
        };
        return Some((marker, after));
    }
    None
}

/// The byte behind ".", ")", ":", " -" after a number; a bare space serves only where the number is clearly a label.
fn close(text: &str, at: usize, clear: bool) -> Option<usize> {
    let rest = text.get(at..)?;
    if let Some(inner) = rest.strip_prefix([')', '.', ':']) {
        let extra = usize::from(inner.starts_with([')', ':', '.', '-']));
        let more = inner.get(extra..).unwrap_or("");
        if more.starts_with(|c: char| c.is_ascii_digit() || c == '%') {
            return None;
        }
        return Some(at.saturating_add(1).saturating_add(extra));
    }
    let spaced = rest.trim_start();
    if let Some(dash) = ["- ", "– ", "— "]
        .iter()
        .find(|dash| spaced.starts_with(**dash))
    {
        return Some(
            text.len()
                .saturating_sub(spaced.len())
                .saturating_add(dash.len()),
        );
    }
    (clear && rest.starts_with(char::is_whitespace) || rest.starts_with("\t")).then_some(at)
}

/// A letter or roman marker right behind a number's: "1. (a) …".
fn marker_inside(text: &str) -> Option<(Marker, usize)> {
    marker(text).filter(|(marker, _)| matches!(marker, Marker::Letter(_) | Marker::Roman(_)))
}

/// How deep each marked unit stands: 0 for paragraphs, then 1, 2, 3 by order of appearance of marker shapes.
fn depths(units: &[Unit]) -> Vec<usize> {
    let mut open: Vec<(u8, usize, usize)> = Vec::new();
    let mut depths = Vec::with_capacity(units.len());
    let mut previous_letter = String::new();
    for unit in units {
        let Some(marker) = &unit.marker else {
            depths.push(0);
            if unit.apart && open.last().is_some_and(|(shape, ..)| *shape == 9) {
                open.pop();
            }
            continue;
        };
        let (shape, dots) = match marker {
            Marker::Number(label) => {
                let lettered = label.ends_with(|c: char| c.is_ascii_lowercase());
                (
                    1,
                    label
                        .matches('.')
                        .count()
                        .saturating_add(usize::from(lettered)),
                )
            }
            Marker::Letter(_) => (2, 0),
            // "(i)" after "(h)" is a letter.
            Marker::Roman(label) if label == "i" && previous_letter == "h" => (2, 0),
            Marker::Roman(label)
                if (label == "v" && previous_letter == "u")
                    || (label == "x" && previous_letter == "w") =>
            {
                (2, 0)
            }
            Marker::Roman(_) => (3, 0),
            Marker::Bullet => (9, unit.indent),
        };
        if let Marker::Letter(label) | Marker::Roman(label) = marker {
            previous_letter.clone_from(label);
        }
        if let Some(at) = open.iter().position(|(s, d, _)| *s == shape && *d == dots) {
            open.truncate(at.saturating_add(1));
        } else {
            // A number with fewer dots, or a bullet further out, closes what is deeper.
            while open
                .last()
                .is_some_and(|(s, d, _)| *s == shape && *d > dots)
            {
                open.pop();
            }
            if shape == 1 {
                open.retain(|(s, d, _)| *s == 1 && *d < dots);
            }
            open.push((shape, dots, 0));
        }
        depths.push(open.len());
    }
    depths
}

struct Reader<'a> {
    body: &'a str,
    units: &'a [Unit],
    depths: &'a [usize],
}

impl Reader<'_> {
    fn text(&self, index: usize) -> &str {
        self.units
            .get(index)
            .map_or("", |unit| slice(self.body, unit.span.clone()))
    }

    fn depth(&self, index: usize) -> usize {
        self.depths.get(index).copied().unwrap_or(0)
    }

    /// Whether the unit has deeper units under it.
    fn children(&self, index: usize) -> Range<usize> {
        let own = self.depth(index);
        let start = index.saturating_add(1);
        let mut end = start;
        while end < self.units.len() && self.depth(end) > own {
            end = end.saturating_add(1);
        }
        start..end
    }

    fn read(&mut self, parts: &mut Vec<Part>) {
        let marked = (0..self.units.len())
            .filter(|index| self.depth(*index) > 0 && asks_or_lists(self.text(*index)))
            .count();
        let mut stem: Option<Range<usize>> = None;
        let mut heading: Option<Range<usize>> = None;
        let mut signed_off = false;
        let mut index = 0;
        while index < self.units.len() {
            let span = self.units.get(index).map_or(0..0, |unit| unit.span.clone());
            let text = self.text(index).to_owned();
            if self.depth(index) > 0 {
                index = self.list(index, stem.clone(), heading.clone(), String::new(), parts);
                continue;
            }
            let next_marked = self.depth(index.saturating_add(1)) > 0;
            if next_marked && let Some(end) = self.matrix_rows(index, &text) {
                index = end;
                continue;
            }
            if signs_off(&text) {
                signed_off = true;
            } else if (text.ends_with(':') || next_marked) && introduces(&text) && !signed_off {
                if text.ends_with(':') && !next_marked {
                    let end = self.bare_list(index, parts, &span, heading.as_ref());
                    if end > index.saturating_add(1) {
                        index = end;
                        continue;
                    }
                }
                stem = text.ends_with(':').then(|| span.clone());
                if next_marked && text.contains('?') {
                    self.sentences(&span, marked > 0, heading.as_ref(), parts);
                }
            } else if is_heading(&text) {
                heading = Some(span.clone());
                stem = None;
            } else if !signed_off || text.contains('?') {
                if is_legal_or_definition(&text) {
                    index = index.saturating_add(1);
                    continue;
                }
                self.sentences(&span, marked > 1, heading.as_ref(), parts);
                stem = None;
            }
            index = index.saturating_add(1);
        }
    }

    /// "For each of: A, B, C … please give: 1, 2, 3": the first list names rows and asks nothing; returns its end.
    fn matrix_rows(&self, index: usize, text: &str) -> Option<usize> {
        let lower = text.to_lowercase();
        if !(lower.contains("each of") || lower.starts_with("for the following"))
            || !text.ends_with(':')
        {
            return None;
        }
        let mut end = index.saturating_add(1);
        while self.depth(end) > 0 {
            if asks(self.text(end)) {
                return None;
            }
            end = end.saturating_add(1);
        }
        let lead = self.text(end);
        (self.depth(end.saturating_add(1)) > 0 && (lead.ends_with(':') || requests(lead)))
            .then_some(end)
    }

    /// Lines below "… the following:" that carry no marker; returns the first unit behind them.
    fn bare_list(
        &self,
        index: usize,
        parts: &mut Vec<Part>,
        stem: &Range<usize>,
        heading: Option<&Range<usize>>,
    ) -> usize {
        let mut end = index.saturating_add(1);
        while end < self.units.len() && self.depth(end) == 0 {
            let text = self.text(end);
            let words = text.split_whitespace().count();
            if signs_off(text)
                || is_boilerplate(text)
                || words > 45
                || text.ends_with(':')
                || (words > 8 && text.ends_with('.') && !asks(text))
            {
                break;
            }
            end = end.saturating_add(1);
        }
        if end.saturating_sub(index) < 3 {
            return index.saturating_add(1);
        }
        for unit in self.units.get(index.saturating_add(1)..end).unwrap_or(&[]) {
            push(
                parts,
                Part {
                    label: String::new(),
                    span: unit.span.clone(),
                    stem: Some(stem.clone()),
                    heading: heading.cloned(),
                },
            );
        }
        end
    }

    /// Reads the item at `index` with everything under it; returns the first unit behind.
    fn list(
        &self,
        index: usize,
        stem: Option<Range<usize>>,
        heading: Option<Range<usize>>,
        above: String,
        parts: &mut Vec<Part>,
    ) -> usize {
        let Some(unit) = self.units.get(index) else {
            return index.saturating_add(1);
        };
        let text = self.text(index);
        let label = match &unit.marker {
            Some(Marker::Number(label)) => label.clone(),
            Some(Marker::Letter(label) | Marker::Roman(label)) => format!("{above}({label})"),
            _ => String::new(),
        };
        let under = self.children(index);
        if under.is_empty() {
            if !is_boilerplate(text) && !text.trim().is_empty() && !is_answer_option(text) {
                push(
                    parts,
                    Part {
                        label,
                        span: unit.span.clone(),
                        stem,
                        heading,
                    },
                );
            }
            return index.saturating_add(1);
        }
        let direct: Vec<usize> = under
            .clone()
            .filter(|child| self.depth(*child) == self.depth(index).saturating_add(1))
            .collect();
        let options = direct
            .iter()
            .filter(|child| is_answer_option(self.text(**child)))
            .count();
        let asking = direct
            .iter()
            .filter(|child| asks(self.text(**child)))
            .count();
        if options.saturating_mul(2) > direct.len() {
            push(
                parts,
                Part {
                    label,
                    span: unit.span.clone(),
                    stem,
                    heading,
                },
            );
            return under.end;
        }
        let is_title = is_heading(text);
        if text.ends_with('?') && asking.saturating_mul(2) >= direct.len() {
            push(
                parts,
                Part {
                    label: label.clone(),
                    span: unit.span.clone(),
                    stem: stem.clone(),
                    heading: heading.clone(),
                },
            );
        }
        let (stem, heading) = if is_title && !text.ends_with(':') {
            (stem, Some(unit.span.clone()))
        } else if text.is_empty() {
            (stem, heading)
        } else {
            (Some(unit.span.clone()), heading)
        };
        let mut child = under.start;
        while child < under.end {
            child = self.list(child, stem.clone(), heading.clone(), label.clone(), parts);
        }
        under.end
    }

    /// The sentences of a paragraph that ask for something.
    fn sentences(
        &self,
        span: &Range<usize>,
        has_list: bool,
        heading: Option<&Range<usize>>,
        parts: &mut Vec<Part>,
    ) {
        let mut found: Vec<Range<usize>> = Vec::new();
        for sentence in sentences(self.body, span) {
            let text = slice(self.body, sentence.clone());
            if is_boilerplate(text) || introduces_only(text) {
                continue;
            }
            if text.ends_with('?') || (!has_list && requests(text)) {
                found.push(sentence);
            }
        }
        for span in found {
            push(
                parts,
                Part {
                    label: String::new(),
                    span,
                    stem: None,
                    heading: heading.cloned(),
                },
            );
        }
    }
}

fn push(parts: &mut Vec<Part>, part: Part) {
    let in_order = parts
        .last()
        .is_none_or(|last| last.span.end <= part.span.start);
    if in_order && !part.span.is_empty() {
        parts.push(part);
    }
}

/// Sentences of a span: up to ". ", "? ", "! " or a line break after them.
fn sentences(body: &str, span: &Range<usize>) -> Vec<Range<usize>> {
    let text = slice(body, span.clone());
    let mut found = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if !matches!(c, '.' | '?' | '!') {
            continue;
        }
        let next = chars.peek().map(|(_, c)| *c);
        let ends = next.is_none_or(|c| c.is_whitespace() || matches!(c, '"' | '”'));
        let word = text
            .get(start..at)
            .unwrap_or("")
            .rsplit(' ')
            .next()
            .unwrap_or("")
            .to_lowercase();
        let short = c == '.'
            && matches!(
                word.as_str(),
                "e.g"
                    | "i.e"
                    | "etc"
                    | "no"
                    | "inc"
                    | "mr"
                    | "mrs"
                    | "ms"
                    | "dr"
                    | "approx"
                    | "incl"
                    | "vs"
                    | "eg"
                    | "ie"
            );
        if ends && !short {
            let end = at.saturating_add(c.len_utf8());
            found.push(trimmed(
                body,
                span.start.saturating_add(start)..span.start.saturating_add(end),
            ));
            start = end;
        }
    }
    found.push(trimmed(body, span.start.saturating_add(start)..span.end));
    found.retain(|sentence| !sentence.is_empty());
    found
}

fn asks_or_lists(text: &str) -> bool {
    !text.is_empty() && !is_boilerplate(text)
}

const QUESTION_WORDS: &[&str] = &[
    "what", "which", "who", "whom", "whose", "when", "where", "why", "how", "is", "are", "was",
    "were", "do", "does", "did", "has", "have", "had", "can", "could", "will", "would", "if",
    "should",
];

fn first_word(text: &str) -> String {
    text.split(|c: char| !c.is_alphanumeric())
        .find(|word| !word.is_empty())
        .unwrap_or("")
        .to_lowercase()
}

fn asks(text: &str) -> bool {
    text.ends_with('?') || QUESTION_WORDS.contains(&first_word(text).as_str()) || requests(text)
}

const REQUESTS: &[&str] = &[
    "please provide",
    "please supply",
    "please tell",
    "please send",
    "please list",
    "please confirm",
    "please state",
    "please could you",
    "please can you",
    "please give",
    "please let me",
    "please advise",
    "please specify",
    "please detail",
    "please disclose",
    "please identify",
    "please break",
    "please indicate",
    "please describe",
    "please share",
    "please outline",
    "please include details",
    "could you please",
    "can you please",
    "could you tell",
    "can you tell",
    "could you provide",
    "can you provide",
    "i would like to know",
    "i'd like to know",
    "i would like to request",
    "i would like to see",
    "i would like a copy",
    "i would like copies",
    "i would like the",
    "i would like details",
    "i would like information",
    "i would like to be told",
    "i should like",
    "i'd like",
    "i would like",
    "i am requesting",
    "i request",
    "i wish to",
    "i want to know",
    "i want to see",
    "i am seeking",
    "i seek",
    "i am looking for",
    "i am interested in",
    "kindly provide",
    "kindly supply",
    "provide a",
    "provide the",
    "provide details",
    "tell me",
    "send me",
    "give me",
    "list the",
    "list all",
    "supply the",
    "state the",
    "confirm whether",
    "confirm the",
    "also,",
    "i am writing to request",
    "i am writing to ask",
    "i'm writing to ask",
    "i ask for",
    "i ask you",
    "we would like",
    "we request",
    "may i",
    "i need",
    "let me know",
    "let me have",
    "i'm after",
    "i am after",
    "the information i",
    "what i am after",
];

fn requests(text: &str) -> bool {
    let lower = text.to_lowercase().replace('’', "'");
    REQUESTS.iter().any(|phrase| {
        lower.starts_with(phrase)
            || lower.contains(&format!(", {phrase}"))
            || lower.contains(&format!(" {phrase}"))
    })
}

const BOILERPLATE: &[&str] = &[
    "acknowledge receipt",
    "acknowledge this",
    "confirm receipt",
    "20 working days",
    "twenty working days",
    "advice and assistance",
    "section 16",
    "s.16",
    "internal review",
    "in electronic form",
    "electronic format",
    "in a spreadsheet",
    "excel format",
    "csv format",
    "in excel",
    "machine-readable",
    "machine readable",
    "by email",
    "by e-mail",
    "via email",
    "not hesitate",
    "get in touch",
    "contact me",
    "any queries",
    "clarification",
    "clarify",
    "thank you for",
    "thanks for",
    "look forward",
    "reference number",
    "cost limit",
    "appropriate limit",
    "cost of compliance",
    "public interest test",
    "exemption",
    "redact",
    "if it is not possible",
    "if you are unable",
    "if you need",
    "if you require",
    "if any of this",
    "if some of",
    "if this request",
    "if my request",
    "if you have any questions",
    "happy for you",
    "happy to receive",
    "i understand that you",
    "under the act you",
    "you are required",
    "re-use",
    "should you need",
    "should you require",
    "let me know if",
    "working days of receiv",
    "grateful if you would answer",
    "transfer this request",
    "forward this request",
    "already in the public domain",
    "preferred format",
    "format of your choice",
];

/// Sentences about how to answer, not what.
fn is_boilerplate(text: &str) -> bool {
    let lower = text.to_lowercase().replace('’', "'");
    BOILERPLATE.iter().any(|phrase| lower.contains(phrase))
}

/// A sentence that only leads to the list below it.
fn introduces_only(text: &str) -> bool {
    let lower = text.to_lowercase();
    (lower.contains("following") || lower.contains("below") || lower.contains("these questions"))
        && !lower.ends_with("following?")
        && (lower.contains("information")
            || lower.contains("question")
            || lower.contains("answer")
            || lower.contains("request")
            || lower.ends_with(':'))
        || lower.starts_with("under the freedom of information act") && lower.ends_with(':')
        || (lower.contains("following") && lower.split_whitespace().count() < 16)
}

fn introduces(text: &str) -> bool {
    !is_boilerplate(text) || text.ends_with(':')
}

/// A title: a few words without a verb of asking or a stop.
fn is_heading(text: &str) -> bool {
    let words = text.split_whitespace().count();
    words > 0
        && words <= 8
        && !text.ends_with(['?', '.', ';', ','])
        && !requests(text)
        && !QUESTION_WORDS.contains(&first_word(text).as_str())
        && !greets(text)
}

fn greets(text: &str) -> bool {
    let lower = text.to_lowercase();
    [
        "dear",
        "hello",
        "hi",
        "good morning",
        "good afternoon",
        "good evening",
        "to whom",
    ]
    .iter()
    .any(|word| lower.starts_with(word))
}

fn signs_off(text: &str) -> bool {
    let lower = text.to_lowercase();
    text.chars().count() < 60
        && !text.ends_with('?')
        && [
            "yours",
            "kind regards",
            "regards",
            "best regards",
            "best wishes",
            "many thanks",
            "thanks",
            "thank you",
            "warm regards",
            "sincerely",
            "with thanks",
            "faithfully",
            "diolch",
            "cheers",
        ]
        .iter()
        .any(|word| lower.starts_with(word))
}

fn is_answer_option(text: &str) -> bool {
    let lower = text.trim_end_matches(['.', ';', ',']).to_lowercase();
    matches!(
        lower.as_str(),
        "yes"
            | "no"
            | "don't know"
            | "not known"
            | "unknown"
            | "other"
            | "none"
            | "n/a"
            | "not sure"
            | "not applicable"
            | "none of the above"
            | "both"
            | "neither"
            | "all of the above"
            | "prefer not to say"
    ) || lower.starts_with("yes,")
        || lower.starts_with("no,")
        || lower.starts_with("other (please")
}

fn is_legal_or_definition(text: &str) -> bool {
    let lower = text.to_lowercase();
    !text.contains('?')
        && (lower.contains(" means ")
            || lower.contains("defined as")
            || lower.contains("for the purposes of this request")
            || lower.contains("by \"")
            || lower.starts_with("note:")
            || lower.starts_with("nb"))
}
