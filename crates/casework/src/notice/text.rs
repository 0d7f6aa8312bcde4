//! A notice as words, sentences and headings, each with its place in the text.

use std::ops::Range;

/// A notice taken apart. Spans are byte ranges of the source, on character boundaries.
#[derive(Debug, Default)]
pub(super) struct Text {
    /// The words' folded forms, one behind the other.
    folded: String,
    /// Every word in the order of the text.
    pub words: Vec<Word>,
    /// Every sentence, heading and list item in the order of the text; they don't overlap.
    pub sentences: Vec<Sentence>,
    /// Places that a person must still fill in: `[TO COMPLETE: …]`, `[insert reasons]`.
    pub gaps: Vec<Gap>,
    /// Whether the text ends in the middle of a sentence.
    pub cut_off: bool,
}

/// One word: lower case, contractions written out, hyphens parting words.
#[derive(Clone, Debug)]
pub(super) struct Word {
    from: usize,
    to: usize,
    /// Where it stands in the source.
    pub span: Range<usize>,
    /// Which clause of its sentence it belongs to.
    pub clause: u32,
}

/// What sort of thing a sentence is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A title: short, no verb, no stop.
    Heading,
    /// A point of a list.
    Item,
    /// A sentence.
    Prose,
}

/// A sentence, heading or list item.
#[derive(Clone, Debug)]
pub(super) struct Sentence {
    /// Its bytes.
    pub span: Range<usize>,
    /// Its words, as indices.
    pub words: Range<usize>,
    /// Title, point or prose.
    pub kind: Kind,
    /// Whether it stands in lines marked `>` or wholly in quotation marks.
    pub quoted: bool,
    /// Whether it ends with a question mark.
    pub question: bool,
    /// Whether it ends with a colon or a dash, and so opens what follows.
    pub opens: bool,
    /// The label of a list item or question, such as `3` of "3.", "Q3", "Question 3:".
    pub label: Option<String>,
}

/// A place that a person must still fill in.
#[derive(Clone, Debug)]
pub(super) struct Gap {
    /// Its bytes, brackets included.
    pub span: Range<usize>,
    /// What is wanted there.
    pub what: String,
}

impl Text {
    /// The folded form of a word.
    pub fn form(&self, word: usize) -> &str {
        self.words
            .get(word)
            .and_then(|word| self.folded.get(word.from..word.to))
            .unwrap_or("")
    }

    /// Takes a notice apart.
    pub fn read(source: &str) -> Self {
        let mut text = Self {
            gaps: gaps(source),
            ..Self::default()
        };
        let units = units(source);
        for unit in &units {
            let quoted = quotations(source, &unit.span);
            for span in sentences(source, unit.span.clone()) {
                let inside: usize = quoted
                    .iter()
                    .map(|quotation| {
                        let end = quotation.end.min(span.end);
                        end.saturating_sub(quotation.start.max(span.start))
                    })
                    .sum();
                let mostly = inside.saturating_mul(2) > span.len();
                text.push(source, unit, span, mostly);
            }
        }
        text.cut_off = cut_off(source, &text);
        // What the text breaks off in is the start of a sentence and no title.
        if text.cut_off
            && let Some(last) = text.sentences.last_mut()
            && last.kind == Kind::Heading
            && last.words.len() > 6
        {
            last.kind = Kind::Prose;
        }
        text
    }

    fn push(&mut self, source: &str, unit: &Unit, span: Range<usize>, quoted: bool) {
        let first = self.words.len();
        let gaps: Vec<Range<usize>> = self
            .gaps
            .iter()
            .map(|gap| gap.span.clone())
            .filter(|gap| gap.start < span.end && gap.end > span.start)
            .collect();
        self.tokenise(source, span.clone(), &gaps);
        let words = first..self.words.len();
        if words.is_empty() {
            return;
        }
        let slice = source.get(span.clone()).unwrap_or("");
        let trimmed = slice
            .trim_end()
            .trim_end_matches(['"', '”', '’', '\'', ')', '*', '_']);
        let question = trimmed.ends_with('?');
        let opens = slice.trim_end().ends_with([':', '–', '—', '-']);
        let alone = unit.span == span;
        let kind = if unit.item && alone {
            Kind::Item
        } else if (alone && self.titles(&words, trimmed)) || unit.marked_heading {
            Kind::Heading
        } else if unit.item {
            Kind::Item
        } else {
            Kind::Prose
        };
        self.sentences.push(Sentence {
            span,
            words,
            kind,
            quoted: unit.quoted || quoted,
            question,
            opens,
            label: unit.label.clone(),
        });
    }

    /// Whether words that stand alone on a line are a title: few, no stop, no sign of a sentence.
    fn titles(&self, words: &Range<usize>, trimmed: &str) -> bool {
        const SPEAKING: &[&str] = &[
            "we", "you", "i", "has", "have", "had", "may", "can", "will", "must", "should",
            "please", "applies", "apply", "applied",
        ];
        const LINKING: &[&str] = &[
            "is", "are", "was", "were", "does", "do", "not", "they", "it", "would",
        ];
        // "Section 23(5) Information which is about certain bodies": the name of an exemption may hold a verb.
        let section = matches!(
            self.form(words.start),
            "section" | "sections" | "s" | "regulation" | "exemption"
        );
        !trimmed.ends_with(['.', ';', ',', '!', '?'])
            && words.len() <= 14
            && !words.clone().any(|word| {
                let form = self.form(word);
                SPEAKING.contains(&form) || (!section && LINKING.contains(&form))
            })
    }

    fn tokenise(&mut self, source: &str, span: Range<usize>, gaps: &[Range<usize>]) {
        let mut at = span.start;
        let mut clause = 0_u32;
        while at < span.end {
            if let Some(gap) = gaps.iter().find(|gap| gap.contains(&at)) {
                at = gap.end.max(at.saturating_add(1));
                clause = clause.saturating_add(1);
                continue;
            }
            let Some(c) = source
                .get(at..span.end)
                .and_then(|rest| rest.chars().next())
            else {
                break;
            };
            if c.is_alphanumeric() {
                at = self.word(source, at, span.end, clause);
                continue;
            }
            match c {
                '&' => self.add("and", at..at.saturating_add(1), clause),
                '£' => self.add("£", at..at.saturating_add(c.len_utf8()), clause),
                ',' | ';' | ':' | '(' | ')' | '–' | '—' | '.' | '|' | '\t' => {
                    clause = clause.saturating_add(1)
                }
                _ => {}
            }
            at = at.saturating_add(c.len_utf8());
        }
    }

    /// Reads one word, address or number at `at`; returns where it ends.
    fn word(&mut self, source: &str, at: usize, limit: usize, clause: u32) -> usize {
        let rest = source.get(at..limit).unwrap_or("");
        let run = rest
            .find(|c: char| {
                c.is_whitespace()
                    || matches!(c, '<' | '>' | '(' | ')' | ',' | ';' | '"' | '“' | '”')
            })
            .map_or(rest, |end| rest.get(..end).unwrap_or(rest));
        if is_address(run) {
            let address = run.trim_end_matches(['.', ':', '!', '?', ']', '*']);
            let end = at.saturating_add(address.len());
            self.add(&address.to_lowercase(), at..end, clause);
            return end;
        }
        let mut end = at;
        let mut previous = ' ';
        for (offset, c) in rest.char_indices() {
            let next = rest
                .get(offset.saturating_add(c.len_utf8())..)
                .and_then(|tail| tail.chars().next());
            let inside = c.is_alphanumeric()
                || (matches!(c, '\'' | '’') && next.is_some_and(char::is_alphanumeric))
                || c == '\u{ad}'
                || (matches!(c, ',' | '.')
                    && previous.is_ascii_digit()
                    && next.is_some_and(|n| n.is_ascii_digit()));
            if !inside {
                break;
            }
            previous = c;
            end = at.saturating_add(offset).saturating_add(c.len_utf8());
        }
        let form: String = source
            .get(at..end)
            .unwrap_or("")
            .chars()
            .filter(|c| *c != '\u{ad}')
            .flat_map(char::to_lowercase)
            .map(|c| if c == '’' { '\'' } else { c })
            .collect();
        self.expand(&form, at..end, clause);
        end
    }

    /// Writes contractions out: "won't" is "will not", "we're" is "we are", "Commissioner's" is "commissioner s".
    fn expand(&mut self, form: &str, span: Range<usize>, clause: u32) {
        if let Some(verb) = form.strip_suffix("n't") {
            let verb = match verb {
                "wo" => "will",
                "ca" => "can",
                "sha" => "shall",
                other => other,
            };
            self.add(verb, span.clone(), clause);
            return self.add("not", span, clause);
        }
        if form == "cannot" {
            self.add("can", span.clone(), clause);
            return self.add("not", span, clause);
        }
        let Some((word, tail)) = form.split_once('\'') else {
            return self.add(form, span, clause);
        };
        let pronoun = matches!(
            word,
            "i" | "you"
                | "we"
                | "they"
                | "he"
                | "she"
                | "it"
                | "that"
                | "there"
                | "who"
                | "what"
                | "here"
        );
        let tail = match tail {
            "re" => "are",
            "ve" => "have",
            "ll" => "will",
            "d" => "would",
            "m" => "am",
            "s" if pronoun => "is",
            other => other,
        };
        self.add(word, span.clone(), clause);
        if !tail.is_empty() {
            self.add(tail, span, clause);
        }
    }

    fn add(&mut self, form: &str, span: Range<usize>, clause: u32) {
        let from = self.folded.len();
        self.folded.push_str(form);
        self.words.push(Word {
            from,
            to: self.folded.len(),
            span,
            clause,
        });
    }
}

/// An address of the web or of mail, kept as one word.
pub(super) fn is_address(run: &str) -> bool {
    if !run.contains(['.', ':']) {
        return false;
    }
    let lower_start = run.get(..4).unwrap_or("");
    run.contains("://")
        || lower_start.eq_ignore_ascii_case("www.")
        || run
            .split_once('@')
            .is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
        || [
            ".uk", ".org", ".com", ".net", ".gov", ".example", ".wales", ".scot", ".info",
        ]
        .iter()
        .any(|end| {
            run.split_once(end).is_some_and(|(host, tail)| {
                !host.is_empty()
                    && host
                        .chars()
                        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))
                    && !tail.starts_with(|c: char| c.is_ascii_alphabetic())
            })
        })
}

/// A paragraph, heading or list item: one or more lines that belong together.
struct Unit {
    span: Range<usize>,
    item: bool,
    marked_heading: bool,
    quoted: bool,
    label: Option<String>,
}

/// The width that the lines of a text are wrapped to; `None` when each line is a paragraph of its own.
fn wrapped_at(source: &str) -> Option<usize> {
    let lengths: Vec<usize> = source
        .lines()
        .map(|line| line.trim_end().chars().count())
        .collect();
    let longest = lengths.iter().copied().max().unwrap_or(0);
    let full = lengths
        .iter()
        .filter(|length| **length >= longest.saturating_sub(14))
        .count();
    ((45..=130).contains(&longest) && full >= 3).then_some(longest)
}

fn units(source: &str) -> Vec<Unit> {
    let width = wrapped_at(source);
    let mut units: Vec<Unit> = Vec::new();
    let (mut at, mut open) = (0_usize, false);
    let mut in_quotation = false;
    for line in source.split_inclusive(['\n', '\u{c}']) {
        let start = at;
        at = at.saturating_add(line.len());
        let body = line.trim();
        if body.is_empty()
            || body
                .chars()
                .all(|c| matches!(c, '-' | '_' | '=' | '*' | '.' | '~'))
        {
            open = false;
            in_quotation = false;
            continue;
        }
        let lead = line.len().saturating_sub(line.trim_start().len());
        let marked = body.starts_with('>');
        let inner = body.trim_start_matches(['>', ' ', '|']);
        let from = start
            .saturating_add(lead)
            .saturating_add(body.len().saturating_sub(inner.len()));
        let to = start.saturating_add(lead).saturating_add(body.len());
        if inner.is_empty() {
            open = false;
            continue;
        }
        let (bullet, label) = label(inner);
        let hash = inner.starts_with('#');
        if (inner.starts_with('“') && !inner.contains('”'))
            || (inner.starts_with('"') && inner.matches('"').count() == 1)
        {
            in_quotation = true;
        }
        let whole_quotation = (inner.starts_with('“') && inner.ends_with('”'))
            || (inner.starts_with('"') && inner.ends_with('"') && inner.len() > 1);
        let quoted = marked || in_quotation || whole_quotation;
        if inner.ends_with('”') || (inner.ends_with('"') && !whole_quotation) {
            in_quotation = false;
        }
        let joins = open
            && !bullet
            && !hash
            && units.last().is_some_and(|last| {
                last.quoted == quoted
                    && !last.marked_heading
                    && continues(source.get(last.span.clone()).unwrap_or(""), inner, width)
            });
        if joins {
            if let Some(last) = units.last_mut() {
                last.span.end = to;
            }
        } else {
            units.push(Unit {
                span: from..to,
                item: bullet,
                marked_heading: hash,
                quoted,
                label,
            });
        }
        open = true;
    }
    units
}

/// Whether `next` goes on with the sentence of the lines before it.
fn continues(before: &str, next: &str, width: Option<usize>) -> bool {
    let last = before.trim_end().rsplit('\n').next().unwrap_or("").trim();
    let ended = last
        .trim_end_matches(['"', '”', '’', '\'', ')', '*'])
        .ends_with(['.', '!', '?', ':', ';']);
    let lower = next.starts_with(|c: char| c.is_lowercase() || matches!(c, '(' | '&'));
    // A line is full when the next word would not have fitted on it.
    let word = next.split_whitespace().next().unwrap_or("").chars().count();
    let full = width
        .is_some_and(|width| last.chars().count().saturating_add(word).saturating_add(3) >= width);
    if ended { full && lower } else { lower || full }
}

/// The list mark at the head of a line, and its label: "• ", "3. ", "(a) ", "Q3 ", "Question 3:".
fn label(line: &str) -> (bool, Option<String>) {
    let first = line.chars().next().unwrap_or(' ');
    let after_first = line.get(first.len_utf8()..).unwrap_or("");
    if matches!(
        first,
        '•' | '·' | '▪' | '●' | '◦' | '*' | '-' | '–' | '—' | '○' | '§' | '\u{f0b7}' | '➢'
    ) && (after_first.starts_with([' ', '\t', '\u{a0}']) || first == '•')
    {
        return (true, None);
    }
    let lower = line.to_ascii_lowercase();
    for word in [
        "questions",
        "question",
        "q",
        "part",
        "point",
        "item",
        "request",
    ] {
        if let Some(rest) = lower.strip_prefix(word) {
            let rest = rest.trim_start_matches([' ', '.']);
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            if digits > 0 && digits <= 3 {
                return (word != "request", rest.get(..digits).map(str::to_owned));
            }
        }
    }
    let open = line.strip_prefix('(').unwrap_or(line);
    let length = open
        .bytes()
        .take_while(|b| b.is_ascii_digit() || b.is_ascii_lowercase())
        .count();
    let head = open.get(..length).unwrap_or("");
    let tail = open.get(length..).unwrap_or("");
    let numbered = (1..=4).contains(&length)
        && (length == 1
            || head.bytes().all(|b| b.is_ascii_digit())
            || head.bytes().all(|b| matches!(b, b'i' | b'v' | b'x')));
    let closed = tail.starts_with(')')
        || (tail.starts_with('.')
            && tail
                .get(1..)
                .is_some_and(|t| t.is_empty() || t.starts_with(char::is_whitespace)));
    if numbered && closed {
        (true, Some(head.to_owned()))
    } else {
        (false, None)
    }
}

/// Quotations of eight words and more in a paragraph: somebody else's words, not a name in quotation marks.
fn quotations(source: &str, span: &Range<usize>) -> Vec<Range<usize>> {
    let text = source.get(span.clone()).unwrap_or("");
    let mut found = Vec::new();
    let mut open: Option<(usize, char)> = None;
    for (at, c) in text.char_indices() {
        match (open, c) {
            (None, '"' | '“' | '‘') => {
                // An apostrophe stands inside a word; a quotation mark before one.
                open = Some((at, c));
            }
            (Some((from, '"')), '"') | (Some((from, '“')), '”') | (Some((from, '‘')), '’') =>
            {
                let after = text.get(at.saturating_add(c.len_utf8())..).unwrap_or("");
                if c == '’' && after.starts_with(char::is_alphanumeric) {
                    continue;
                }
                let words = text
                    .get(from..at)
                    .map_or(0, |quotation| quotation.split_whitespace().count());
                if words >= 8 {
                    found.push(span.start.saturating_add(from)..span.start.saturating_add(at));
                }
                open = None;
            }
            _ => {}
        }
    }
    found
}

/// Words that end in a stop without ending a sentence.
const ABBREVIATIONS: &[&str] = &[
    "s", "ss", "sec", "sect", "reg", "regs", "no", "nos", "eg", "e.g", "ie", "i.e", "mr", "mrs",
    "ms", "dr", "prof", "st", "etc", "para", "paras", "art", "v", "vs", "p", "pp", "ext", "tel",
    "ref", "cl", "sch", "approx", "dept", "inc", "ltd", "co", "cf", "viz", "rev", "hon", "fig",
    "vol", "q", "approx", "incl",
];

/// The sentences of a unit.
fn sentences(source: &str, span: Range<usize>) -> Vec<Range<usize>> {
    let text = source.get(span.clone()).unwrap_or("");
    let mut found = Vec::new();
    let mut start = 0_usize;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if !matches!(c, '.' | '!' | '?') {
            continue;
        }
        let mut end = at.saturating_add(1);
        while let Some((next, closing)) = chars.peek().copied() {
            if matches!(
                closing,
                '"' | '”' | '’' | '\'' | ')' | ']' | '.' | '!' | '?' | '*'
            ) {
                end = next.saturating_add(closing.len_utf8());
                chars.next();
            } else {
                break;
            }
        }
        let rest = text.get(end..).unwrap_or("");
        let spaced = rest.starts_with(char::is_whitespace);
        let next = rest.trim_start().chars().next();
        let starts = next.is_some_and(|n| {
            n.is_uppercase()
                || n.is_ascii_digit()
                || matches!(n, '"' | '“' | '‘' | '(' | '£' | '[' | '•' | '-' | '–')
        });
        if !spaced
            || !starts
            || (c == '.' && abbreviated(text.get(start..at).unwrap_or(""), start == 0))
        {
            continue;
        }
        found.push(span.start.saturating_add(start)..span.start.saturating_add(end));
        start = end.saturating_add(rest.len().saturating_sub(rest.trim_start().len()));
    }
    if start < text.len() {
        found.push(span.start.saturating_add(start)..span.end);
    }
    found
}

/// Whether the stop behind `before` belongs to an abbreviation, an initial or a list label.
fn abbreviated(before: &str, at_start: bool) -> bool {
    let word = before
        .rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '[' | '"' | '“'))
        .next()
        .unwrap_or("");
    let lower = word.to_lowercase();
    let initial = word.chars().count() == 1 && word.chars().all(char::is_uppercase);
    let label = at_start
        && before.trim().chars().count() <= 4
        && before.trim().chars().all(char::is_alphanumeric);
    initial || label || ABBREVIATIONS.contains(&lower.as_str())
}

/// Brackets that a person must still fill in.
fn gaps(source: &str) -> Vec<Gap> {
    const ORDERS: &[&str] = &[
        "to complete",
        "insert",
        "delete",
        "name",
        "date",
        "enter",
        "add ",
        "complete",
        "select",
        "choose",
        "state ",
        "give ",
        "describe",
        "explain",
        "xx",
        "tbc",
        "title",
        "ref",
        "your name",
        "officer",
        "signature",
        "optional",
        "if applicable",
        "as applicable",
        "details",
        "reason",
        "details of",
        "address of",
        "contact",
    ];
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(offset) = source
        .get(at..)
        .and_then(|rest| rest.find(['[', '{', '<', '«']))
    {
        let start = at.saturating_add(offset);
        let rest = source.get(start..).unwrap_or("");
        let open = rest.chars().next().unwrap_or('[');
        let close = match open {
            '{' => '}',
            '<' => '>',
            '«' => '»',
            _ => ']',
        };
        at = start.saturating_add(open.len_utf8());
        let body = rest.get(open.len_utf8()..).unwrap_or("");
        let Some(length) = body.find([close, '\u{c}']).filter(|length| *length <= 600) else {
            continue;
        };
        let inner = body.get(..length).unwrap_or("");
        let plain = inner
            .trim_start_matches(['<', '{', '*', ' '])
            .to_lowercase();
        let ordered = ORDERS.iter().any(|order| plain.starts_with(order))
            && !plain.starts_with("email address")
            && (plain.starts_with("to complete") || !plain.contains("://"));
        if ordered || open == '«' {
            let end = at.saturating_add(length).saturating_add(close.len_utf8());
            let what = inner
                .split_once(':')
                .filter(|(head, _)| head.trim().eq_ignore_ascii_case("to complete"))
                .map_or(inner, |(_, what)| what);
            found.push(Gap {
                span: start..end,
                what: what.split_whitespace().collect::<Vec<_>>().join(" "),
            });
            at = end;
        }
    }
    found
}

/// Whether the text ends in the middle of a sentence, or with a heading that nothing follows.
fn cut_off(source: &str, text: &Text) -> bool {
    let end = source.trim_end();
    let Some(last) = text.sentences.last() else {
        return false;
    };
    let stopped = end
        .trim_end_matches(['"', '”', '’', '\'', ')', ']', '*', '_'])
        .ends_with(['.', '!', '?', '>']);
    let ends_with_gap = text
        .gaps
        .last()
        .is_some_and(|gap| gap.span.end >= end.len());
    let address = last.words.clone().next_back().is_some_and(|word| {
        is_address(text.form(word)) || text.form(word).bytes().all(|b| b.is_ascii_digit())
    });
    // A signature, a date or a page number at the foot is no broken sentence.
    let short = last.words.len() <= 6 && last.kind != Kind::Item;
    !stopped && !ends_with_gap && !address && !short
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(source: &str) -> Vec<String> {
        let text = Text::read(source);
        text.sentences
            .iter()
            .map(|s| {
                let words: Vec<&str> = s.words.clone().map(|w| text.form(w)).collect();
                let kind = match s.kind {
                    Kind::Heading => "H",
                    Kind::Item => "I",
                    Kind::Prose => "P",
                };
                format!("{kind} {}", words.join(" "))
            })
            .collect()
    }

    #[test]
    fn sentences_end_where_a_reader_ends_them() {
        for (source, expected) in [
            (
                "We rely on s. 31(1)(a). It applies.",
                vec!["P we rely on s 31 1 a", "P it applies"],
            ),
            (
                "Refused.\n\nInternal Review\n\nWrite to us.",
                vec!["P refused", "H internal review", "P write to us"],
            ),
            (
                "1. Ten.\n2. As at 1, see below",
                vec!["I 1 ten", "I 2 as at 1 see below"],
            ),
            (
                "The Council has decided not to release it\nReport to you because it is\nprivate.",
                vec![
                    "P the council has decided not to release it",
                    "P report to you because it is private",
                ],
            ),
            (
                "We hold the report that you ask for, but have decided that it\nis not to be released yet, and that neither will the earlier\nReport be, since e.g. Part 3 of it names people who gave us\nno leave to do so.",
                vec![
                    "P we hold the report that you ask for but have decided that it is not to be released yet and that neither will the earlier report be since e g part 3 of it names people who gave us no leave to do so",
                ],
            ),
            (
                "We can't. It won't cost £450.",
                vec!["P we can not", "P it will not cost £ 450"],
            ),
            (
                "Write to foi@thornmere.example. Thank you.",
                vec!["P write to foi@thornmere.example", "P thank you"],
            ),
            (
                "Q2 Where are they? Refused",
                vec!["I q2 where are they", "I refused"],
            ),
            ("[Insert reasons here] The end.", vec!["P the end"]),
        ] {
            assert_eq!(parts(source), expected, "{source}");
        }
    }

    #[test]
    fn gaps_are_seen_and_not_read() {
        let text = Text::read(
            "The balance: [TO COMPLETE: the balance for this request] <insert name> [email address]",
        );
        let gaps: Vec<&str> = text.gaps.iter().map(|gap| gap.what.as_str()).collect();
        assert_eq!(gaps, ["the balance for this request", "insert name"]);
    }

    #[test]
    fn a_text_that_breaks_off_is_known_for_it() {
        assert!(Text::read("On balance the public interest is in refusing to").cut_off);
        assert!(!Text::read("We refuse.\n\nYours sincerely\nA. N. Officer").cut_off);
        assert!(!Text::read("See www.example.gov.uk/foi").cut_off);
    }
}
