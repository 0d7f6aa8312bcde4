//! The forms in which officers cite provisions.

use std::ops::Range;

use crate::provision::{Act, Provision};

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
/// A range of limbs gives one citation a limb. A citation scoped to another enactment ("section 8 of the Data
/// Protection Act 2018") or used as a name ("s.151 officer") is none.
#[must_use]
pub fn find_citations(text: &str) -> Vec<Citation> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let Some((after, act)) = keyword(text, at) else {
            at = next_char(text, at);
            continue;
        };
        let mut list = Vec::new();
        let end = numbers(text, after, act, at, &mut list);
        if list.is_empty() {
            at = after;
            continue;
        }
        if let Some(act) = scope(text, at, end, act) {
            found.extend(list.into_iter().map(|mut citation: Citation| {
                citation.provision.act = act;
                citation
            }));
        }
        at = end;
    }
    found
}

/// As [`find_citations`], and FOIA provisions written without the word section where their brackets show what they
/// are: "exempt under 31(1)(a)", "40(2) and 41(1)". For a text that is known to be about FOIA, such as a notice.
#[must_use]
pub fn find_bare_citations(text: &str) -> Vec<Citation> {
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
        let names_something_else = [
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
        ]
        .contains(&word.as_str());
        let joined = before.ends_with(|c: char| {
            c.is_alphanumeric() || matches!(c, '£' | '.' | '/' | '-' | '–' | '(' | ')')
        });
        if names_something_else || joined {
            continue;
        }
        let Some((provision, end)) = number(text, start, Act::Foia) else {
            continue;
        };
        let exemption = matches!(provision.number, 12 | 14 | 21..=44);
        let subsection = provision
            .parts
            .first()
            .is_some_and(|part| part.starts_with(|c: char| c.is_ascii_digit()));
        // The worded ones stand in the order of the text and don't overlap.
        let after = worded.partition_point(|span| span.start <= start);
        let known = after
            .checked_sub(1)
            .and_then(|last| worded.get(last))
            .is_some_and(|span| end <= span.end);
        if exemption
            && subsection
            && !known
            && scope(text, start, end, Act::Foia) == Some(Act::Foia)
        {
            found.extend(siblings(provision).into_iter().map(|provision| Citation {
                span: start..end,
                provision,
            }));
        }
    }
    found.sort_by_key(|citation| citation.span.start);
    found
}

fn next_char(text: &str, at: usize) -> usize {
    text.get(at..)
        .and_then(|rest| rest.chars().next())
        .map_or(text.len(), |c| at.saturating_add(c.len_utf8()))
}

fn skip_space(text: &str, mut at: usize) -> usize {
    while text
        .get(at..)
        .is_some_and(|rest| rest.starts_with([' ', '\u{a0}', '\n', '\r', '\t']))
    {
        at = next_char(text, at);
    }
    at
}

fn starts_with_ignoring_case(text: &str, at: usize, word: &str) -> bool {
    text.get(at..at.saturating_add(word.len()))
        .is_some_and(|head| head.eq_ignore_ascii_case(word))
}

const KEYWORDS: &[(&str, Act)] = &[
    ("sections", Act::Foia),
    ("section", Act::Foia),
    ("sect.", Act::Foia),
    ("sec.", Act::Foia),
    ("sec", Act::Foia),
    ("ss.", Act::Foia),
    ("ss", Act::Foia),
    ("s.", Act::Foia),
    ("s", Act::Foia),
    ("regulations", Act::Eir),
    ("regulation", Act::Eir),
    ("regs.", Act::Eir),
    ("regs", Act::Eir),
    ("reg.", Act::Eir),
    ("reg", Act::Eir),
];

/// The keyword of a citation at `at`, and the place of the number behind it.
fn keyword(text: &str, at: usize) -> Option<(usize, Act)> {
    let before = text.get(..at).and_then(|head| head.chars().next_back());
    if before.is_some_and(|c| c.is_alphanumeric() || c == '\'' || c == '’') {
        return None;
    }
    KEYWORDS.iter().find_map(|(word, act)| {
        let after = at.saturating_add(word.len());
        if !starts_with_ignoring_case(text, at, word) {
            return None;
        }
        let number = skip_space(text, after);
        text.get(number..)
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
            .then_some((number, *act))
    })
}

/// Reads "31(1)(a)-(c), 36 and 40(2)"; returns where the list ends.
fn numbers(text: &str, mut at: usize, act: Act, from: usize, list: &mut Vec<Citation>) -> usize {
    let mut start = from;
    loop {
        let Some((provision, end)) = number(text, at, act) else {
            return at;
        };
        let read = siblings(provision);
        let provision = match read.last() {
            Some(last) => last.clone(),
            None => return at,
        };
        list.extend(read.into_iter().map(|provision| Citation {
            span: start..end,
            provision,
        }));
        let mut end = limbs(text, end, &provision, list);
        // Another number of the same list: a comma or "and", then digits or the keyword again.
        let mut next = skip_space(text, end);
        let mut joined = false;
        for joint in [",", "and", "or", "&", "/"] {
            if starts_with_ignoring_case(text, next, joint) {
                next = skip_space(text, next.saturating_add(joint.len()));
                joined = true;
            }
        }
        if !joined {
            return end;
        }
        // "31(1)(a) and (c)", "40(2) and (3A)(a)": further parts of the same section.
        let mut more = next;
        let mut last = provision.clone();
        while let Some((group, after)) = brackets(text, more) {
            let numbered = group
                .first()
                .is_some_and(|part| part.starts_with(|c: char| c.is_ascii_digit()));
            let mut parts = if numbered {
                Vec::new()
            } else {
                last.parts.clone()
            };
            if parts.is_empty() && provision.parts.is_empty() {
                break;
            }
            parts.pop();
            parts.extend(group);
            last.parts = parts;
            list.push(Citation {
                span: more..after,
                provision: last.clone(),
            });
            end = after;
            more = skip_space(text, after);
            for joint in [",", "and", "&", "/"] {
                if starts_with_ignoring_case(text, more, joint) {
                    more = skip_space(text, more.saturating_add(joint.len()));
                }
            }
        }
        let next = if end > next { more } else { next };
        if !text
            .get(next..)
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
            || number(text, next, act).is_none_or(|(_, after)| counts_things(text, after))
        {
            return end;
        }
        at = next;
        start = next;
    }
}

/// Whether a bracket on a new line is the first point of a list, not the rest of a wrapped citation.
fn opens_a_list(text: &str, end: usize, after: usize) -> bool {
    let between = text.get(end..after).unwrap_or("");
    let rest = text.get(after..).unwrap_or("").trim_start_matches(' ');
    let goes_on = ["of ", "and ", "or ", "to ", "applies", "is ", "as ", "in "]
        .iter()
        .any(|word| rest.starts_with(word));
    between.contains('\n') && rest.starts_with(char::is_alphabetic) && !goes_on
}

/// Whether a bare number of a list counts things: "section 40(2) and 12 laptops".
fn counts_things(text: &str, after: usize) -> bool {
    const FOLLOW: &[&str] = &[
        "of",
        "and",
        "or",
        "apply",
        "applies",
        "applied",
        "are",
        "is",
        "have",
        "has",
        "were",
        "was",
        "under",
        "in",
        "to",
        "which",
        "because",
        "as",
        "both",
        "respectively",
        "foia",
        "foi",
        "eir",
        "exempt",
        "exemption",
        "exemptions",
        "the",
        "for",
        "we",
        "with",
        "do",
        "does",
        "on",
        "by",
        "at",
        "since",
        "but",
        "also",
        "above",
        "below",
        "may",
        "will",
        "would",
        "engaged",
        "relate",
        "together",
        "provide",
        "require",
        "where",
        "when",
        "so",
        "that",
        "this",
    ];
    let word: String = text
        .get(skip_space(text, after)..)
        .unwrap_or("")
        .chars()
        .take_while(|c| c.is_alphabetic())
        .collect();
    !text.get(..after).is_some_and(|head| head.ends_with(')'))
        && word.starts_with(char::is_lowercase)
        && !FOLLOW.contains(&word.as_str())
}

/// Splits what stands side by side: "31(1)(a)(b)" is (a) and (b); "40(2)(3A)(a)" is (2) and (3A)(a).
fn siblings(provision: Provision) -> Vec<Provision> {
    let mut all: Vec<Vec<String>> = Vec::new();
    let mut now: Vec<String> = Vec::new();
    for part in &provision.parts {
        let follows = now.last().is_some_and(|last| {
            let numbered = part.starts_with(|c: char| c.is_ascii_digit());
            numbered
                || matches!(
                    (single(last), single(part)),
                    (Some(a), Some(b)) if a.is_ascii_lowercase()
                        && u32::from(a).checked_add(1) == Some(u32::from(b))
                )
        });
        if follows {
            let numbered = part.starts_with(|c: char| c.is_ascii_digit());
            let before = std::mem::take(&mut now);
            if !numbered {
                now = before.clone();
                now.pop();
            }
            all.push(before);
        }
        now.push(part.clone());
    }
    all.push(now);
    all.into_iter()
        .map(|parts| Provision {
            parts,
            ..provision.clone()
        })
        .collect()
}

/// "31(1)(a)", "31 (1) (a)", "22A(1)", "31(1)a", "31(1a)".
fn number(text: &str, at: usize, act: Act) -> Option<(Provision, usize)> {
    let rest = text.get(at..)?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let value: u16 = rest.get(..digits)?.parse().ok()?;
    if value == 0 || digits > 3 {
        return None;
    }
    let mut end = at.saturating_add(digits);
    let mut letter = None;
    let tail = text.get(end..).unwrap_or("");
    let mut chars = tail.chars();
    match (chars.next(), chars.next()) {
        (Some(c), after) if c.is_ascii_uppercase() && !after.is_some_and(char::is_alphanumeric) => {
            letter = Some(c);
            end = end.saturating_add(1);
        }
        // "£31.50", "31st", "31%" are no provisions.
        (Some(c), _) if c.is_alphabetic() || c == '%' || c == '£' => return None,
        (Some('.'), Some(c))
            if c.is_ascii_digit() && !tail.get(2..).is_some_and(|rest| rest.starts_with('(')) =>
        {
            return None;
        }
        _ => {}
    }
    let mut parts = Vec::new();
    // "section 32 1(a)", "section 40,2": a subsection without its brackets.
    let loose = text.get(end..).unwrap_or("");
    let mut loose = loose.chars();
    if let (Some(' ' | ',' | '.'), Some(digit), next) = (loose.next(), loose.next(), loose.next())
        && matches!(digit, '1'..='5')
        && letter.is_none()
        && (next == Some('(')
            || (text.get(end..).is_some_and(|rest| rest.starts_with(','))
                && !next.is_some_and(char::is_alphanumeric)))
    {
        parts.push(digit.to_string());
        end = end.saturating_add(2);
    }
    while let Some((part, after)) = bracketed(text, skip_space(text, end)) {
        if opens_a_list(text, end, after) {
            break;
        }
        // "31(1a)" is (1)(a); but "40(5b)" is (5B), for these sections have lettered subsections.
        let digits = part.trim_end_matches(|c: char| c.is_ascii_lowercase());
        if digits.is_empty() || digits.len() == part.len() {
            parts.push(part);
        } else if matches!(value, 11 | 19 | 40 | 53) {
            parts.push(part.to_uppercase());
        } else {
            let letter = part.get(digits.len()..).unwrap_or("").to_owned();
            parts.push(digits.to_owned());
            parts.push(letter);
        }
        end = after;
    }
    // "31(1)a": a single letter right behind the bracket.
    let mut tail = text.get(end..).unwrap_or("").chars();
    if let (Some(c), after) = (tail.next(), tail.next())
        && !parts.is_empty()
        && c.is_ascii_lowercase()
        && !after.is_some_and(|c| c.is_alphanumeric() || c == '.' || c == '\'' || c == '’')
    {
        parts.push(c.to_string());
        end = end.saturating_add(1);
    }
    Some((
        Provision {
            act,
            number: value,
            letter,
            parts,
        },
        end,
    ))
}

/// Bracketed parts one behind the other: "(3A)(a)".
fn brackets(text: &str, at: usize) -> Option<(Vec<String>, usize)> {
    let (first, mut end) = bracketed(text, at)?;
    let mut parts = vec![first];
    while let Some((part, after)) = bracketed(text, skip_space(text, end)) {
        let follows = parts.last().is_some_and(|last| {
            single(last).map(u32::from).and_then(|c| c.checked_add(1))
                == single(&part).map(u32::from)
        });
        if follows || part.starts_with(|c: char| c.is_ascii_digit()) {
            break;
        }
        parts.push(part);
        end = after;
    }
    Some((parts, end))
}

/// A bracketed part such as "(1)", "( a )", "(iii)", "(5A)".
fn bracketed(text: &str, at: usize) -> Option<(String, usize)> {
    let rest = text.get(at..)?.strip_prefix('(')?;
    let close = rest.find(')')?;
    let part = rest.get(..close)?.trim();
    let numbered = part.starts_with(|c: char| c.is_ascii_digit());
    let good = !part.is_empty()
        && part.len() <= 4
        && part.chars().all(|c| c.is_ascii_alphanumeric())
        && (numbered || part.chars().all(|c| c.is_ascii_lowercase()) || part.len() == 1);
    let part = if numbered {
        part.to_owned()
    } else {
        part.to_lowercase()
    };
    good.then(|| (part, at.saturating_add(close).saturating_add(2)))
}

/// A range of limbs behind a provision, "-(c)" or "to (c)": one citation a limb.
fn limbs(text: &str, end: usize, from: &Provision, list: &mut Vec<Citation>) -> usize {
    let at = skip_space(text, end);
    let Some(dash) = ["-", "–", "—", "to "]
        .iter()
        .find(|dash| starts_with_ignoring_case(text, at, dash))
    else {
        return end;
    };
    let Some((last, after)) = bracketed(text, skip_space(text, at.saturating_add(dash.len())))
    else {
        return end;
    };
    let (Some(first), Some(until)) = (
        from.parts.last().and_then(|part| single(part)),
        single(&last),
    ) else {
        return end;
    };
    for limb in (first..=until).skip(1) {
        let mut parts = from.parts.clone();
        parts.pop();
        parts.push(limb.to_string());
        list.push(Citation {
            span: at..after,
            provision: Provision {
                parts,
                ..from.clone()
            },
        });
    }
    after
}

fn single(part: &str) -> Option<char> {
    let mut chars = part.chars();
    chars
        .next()
        .filter(|c| c.is_ascii_alphanumeric() && chars.next().is_none())
}

/// The first characters of a text with every run of spaces as one; a blank line stays a line break.
fn on_one_line(text: &str, count: usize) -> String {
    let mut line = String::new();
    let mut breaks = 0;
    for c in text.chars().take(count.saturating_mul(2)) {
        if c.is_whitespace() {
            breaks += u32::from(c == '\n');
            match line.chars().next_back() {
                Some(' ') if breaks >= 2 => {
                    line.pop();
                    line.push('\n');
                }
                Some(' ' | '\n') => {}
                _ => line.push(' '),
            }
        } else {
            breaks = 0;
            line.push(c);
        }
    }
    line.chars().take(count).collect()
}

/// The enactment that the words around a citation name; `None` when it is another one.
fn scope(text: &str, start: usize, end: usize, default: Act) -> Option<Act> {
    let after = on_one_line(text.get(end..).unwrap_or(""), 90);
    let after = after
        .trim_start()
        .trim_start_matches([',', ')'])
        .trim_start();
    let lower = after.to_lowercase();
    let lower = lower
        .strip_prefix("of ")
        .or_else(|| lower.strip_prefix("in "))
        .or_else(|| lower.strip_prefix("under "))
        .unwrap_or(&lower);
    // "of the Act", "of that Act", "of the same Act".
    let lower = ["the ", "that ", "this ", "same ", "said ", "above "]
        .iter()
        .fold(lower, |rest, word| rest.strip_prefix(word).unwrap_or(rest));
    if lower.starts_with("officer")
        || lower.starts_with("agreement")
        || lower.starts_with("notice under")
    {
        return None;
    }
    for (name, act) in [
        ("freedom of information", Some(Act::Foia)),
        ("foi", Some(Act::Foia)),
        ("environmental information", Some(Act::Eir)),
        ("eir", Some(Act::Eir)),
        ("act 2000", Some(Act::Foia)),
        ("act", default_act(default)),
    ] {
        if lower.starts_with(name) {
            // "FOISA" and "FOI(S)A" are another Act.
            if name == "foi" && (lower.starts_with("foisa") || lower.starts_with("foi(s)a")) {
                return None;
            }
            return act;
        }
    }
    // "section 8 of the Data Protection Act": the words up to the next stop name an Act or regulations that aren't ours.
    let clause = after.split(['.', ';', '\n', ',']).next().unwrap_or("");
    let named = after.to_lowercase().starts_with("of ")
        || after.to_lowercase().starts_with("in ")
        || clause.starts_with(|c: char| c.is_uppercase());
    if named
        && (clause.contains(" Act")
            || clause.contains("Regulations")
            || clause.contains("Order")
            || clause.contains("GDPR"))
    {
        return None;
    }
    let before: String = text
        .get(..start)
        .unwrap_or("")
        .chars()
        .rev()
        .take(24)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect();
    let before = before.trim_end().to_lowercase();
    if [
        "dpa", "dpa 2018", "gdpr", "foisa", "act 1990", "act 1998", "act 2018", "act 1972",
        "act 2011",
    ]
    .iter()
    .any(|name| before.ends_with(name))
    {
        return None;
    }
    if before.ends_with("eir") {
        Some(Act::Eir)
    } else {
        Some(default)
    }
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "one arm of a table whose other arms hold an option"
)]
fn default_act(act: Act) -> Option<Act> {
    Some(act)
}
