//! Which enactment the words around a citation name.

use super::{Group, is_likely};
use crate::provision::Act;

/// What the words around a citation say about its enactment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// Nothing.
    Unsaid,
    /// One of ours.
    Named(Act),
    /// One that isn't ours, or no enactment at all.
    Another,
}

/// The scope of a group: what follows it, or else what stands before it.
pub(super) fn of(text: &str, group: &Group) -> Scope {
    match after(text.get(group.end..).unwrap_or(""), group) {
        Scope::Unsaid => before(text.get(..group.start).unwrap_or(""), group),
        said => said,
    }
}

/// Names that are ours, and names that look like ours but aren't.
const NAMES: &[(&str, Option<Act>)] = &[
    ("freedom of information (scotland)", None),
    ("freedom of information and data protection", None),
    ("freedom of information", Some(Act::Foia)),
    ("foisa", None),
    ("foi(s)a", None),
    ("foia", Some(Act::Foia)),
    ("foi", Some(Act::Foia)),
    ("environmental information (scotland)", None),
    ("environmental information", Some(Act::Eir)),
    ("eir(s)", Some(Act::Eir)),
    ("eirs", Some(Act::Eir)),
    ("eir", Some(Act::Eir)),
];

/// What officers call things by section numbers of other Acts.
const CALLED: &[&str] = &[
    "officer",
    "agreement",
    "grant",
    "consultation",
    "consent",
    "notice under",
    "enquir",
    "order",
    "aftercare",
];

/// Things of an authority that have sections too.
const DOCUMENTS: &[&str] = &[
    "form",
    "report",
    "request",
    "questionnaire",
    "document",
    "policy",
    "letter",
    "email",
    "e-mail",
    "contract",
    "tender",
    "plan",
    "guide",
    "guidance",
    "code",
    "strategy",
    "minutes",
    "constitution",
    "annex",
    "appendix",
    "spreadsheet",
    "survey",
    "template",
    "specification",
    "application",
    "register",
    "website",
    "page",
    "handbook",
    "manual",
    "lease",
    "licence",
    "return",
    "attachment",
    "schedule",
    "agenda",
    "publication",
];

/// Short names of other enactments.
const SHORT: &[&str] = &[
    "DPA", "GDPR", "UKGDPR", "PACE", "RIPA", "IPA", "HRA", "LGA", "CMA", "PECR", "TCPA", "RPSI",
    "INSPIRE",
];

fn after(rest: &str, group: &Group) -> Scope {
    let rest = one_spaced(rest.chars().take(160).collect());
    let trimmed = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',' || c == ')');
    let apart = rest.starts_with(',');
    let lower = trimmed.to_lowercase();
    if CALLED.iter().any(|name| lower.starts_with(name)) {
        return Scope::Another;
    }
    // A landlord's notice, not a refusal.
    let housing = group
        .items
        .iter()
        .all(|item| matches!(item.provision.number, 8 | 21) && item.provision.parts.is_empty());
    if housing && lower.starts_with("notice") {
        return Scope::Another;
    }
    let mut name = trimmed;
    let mut introduced = false;
    for word in ["of", "in", "under", "to", "from"] {
        if let Some(inner) = strip_word(name, word) {
            name = inner;
            introduced = true;
            break;
        }
    }
    for word in ["the", "this", "that", "our", "your", "their", "its"] {
        if let Some(inner) = strip_word(name, word) {
            name = inner;
            break;
        }
    }
    let lower = name.to_lowercase();
    if let Some((_, act)) = NAMES.iter().find(|(known, _)| lower.starts_with(known)) {
        return act.map_or(Scope::Another, Scope::Named);
    }
    let default = group.default;
    if let Some(tail) = lower
        .strip_prefix("act")
        .filter(|tail| !tail.starts_with(char::is_alphabetic))
    {
        let year: String = tail
            .trim_start()
            .chars()
            .take_while(char::is_ascii_digit)
            .collect();
        return if introduced && default == Act::Foia && matches!(year.as_str(), "" | "2000") {
            Scope::Named(Act::Foia)
        } else {
            Scope::Unsaid
        };
    }
    // "the 2018 Act".
    let year: String = lower.chars().take_while(char::is_ascii_digit).collect();
    if year.len() == 4
        && lower
            .get(4..)
            .is_some_and(|tail| tail.trim_start().starts_with("act"))
    {
        return if year == "2000" {
            Scope::Named(Act::Foia)
        } else {
            Scope::Another
        };
    }
    if (introduced || !apart) && is_enactment(name) {
        return Scope::Another;
    }
    if introduced && strip_word(trimmed, "of").is_some() && is_document(&lower) {
        return Scope::Another;
    }
    Scope::Unsaid
}

fn before(text: &str, group: &Group) -> Scope {
    let head: Vec<char> = text.chars().rev().take(60).collect();
    let head = one_spaced(head.into_iter().rev().collect());
    let trimmed = head
        .trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ':' | '-' | '–'));
    let apart = head
        .get(trimmed.len()..)
        .is_some_and(|gap| gap.contains([',', ':', '-', '–']));
    let lower = trimmed.to_lowercase();
    for (name, scope) in [
        ("foisa", Scope::Another),
        ("foi(s)a", Scope::Another),
        ("foia", Scope::Named(Act::Foia)),
        ("foia 2000", Scope::Named(Act::Foia)),
        ("freedom of information act", Scope::Named(Act::Foia)),
        ("freedom of information act 2000", Scope::Named(Act::Foia)),
        ("foi act", Scope::Named(Act::Foia)),
        ("foi act 2000", Scope::Named(Act::Foia)),
        ("eir", Scope::Named(Act::Eir)),
        ("eirs", Scope::Named(Act::Eir)),
        ("eir 2004", Scope::Named(Act::Eir)),
        (
            "environmental information regulations",
            Scope::Named(Act::Eir),
        ),
        (
            "environmental information regulations 2004",
            Scope::Named(Act::Eir),
        ),
    ] {
        if ends_with_words(&lower, name) {
            // Sections are FOIA's and regulations EIR's, whatever was named just before.
            return match scope {
                Scope::Named(act) if act != group.default => Scope::Unsaid,
                scope => scope,
            };
        }
    }
    let mut words = trimmed.rsplit(char::is_whitespace);
    let last = words.next().unwrap_or("");
    let is_year = last.len() == 4 && last.bytes().all(|byte| byte.is_ascii_digit());
    let named = if is_year {
        let name = words.next().unwrap_or("");
        matches!(name, "Act" | "Regulations" | "Order" | "Rules") || is_short(name)
    } else {
        is_short(last)
    };
    // "…under the Data Protection Act 2018, section 40(2) applies" goes on about FOIA.
    let goes_on = apart && group.items.iter().all(|item| is_likely(&item.provision));
    if named && !goes_on {
        return Scope::Another;
    }
    Scope::Unsaid
}

/// Names run over the ends of lines: every run of white space is one space.
fn one_spaced(text: String) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if !c.is_whitespace() => out.push(c),
            _ if out.ends_with(' ') => {}
            _ => out.push(' '),
        }
    }
    out
}

fn ends_with_words(text: &str, words: &str) -> bool {
    text.strip_suffix(words)
        .is_some_and(|head| !head.ends_with(char::is_alphanumeric))
}

fn strip_word<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let head = text.get(..word.len())?;
    let tail = text.get(word.len()..)?;
    (head.eq_ignore_ascii_case(word) && tail.starts_with(char::is_whitespace))
        .then(|| tail.trim_start())
}

/// A short name such as "DPA", or capitals that a year follows, "LGA 1972".
fn is_short(word: &str) -> bool {
    SHORT.contains(&word.trim_matches(|c: char| !c.is_alphanumeric()))
}

/// Whether a text begins with the name of an enactment: capitalised words up to "Act", "Regulations" and the like.
fn is_enactment(text: &str) -> bool {
    let mut first = true;
    for word in text.split_whitespace().take(14) {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        if bare.starts_with("Act") && matches!(bare, "Act" | "Acts")
            || matches!(
                bare,
                "Regulations" | "Regulation" | "Order" | "Rules" | "Directive" | "Measure"
            )
            || is_short(bare)
        {
            return true;
        }
        let small = matches!(
            bare,
            "and" | "of" | "for" | "the" | "in" | "to" | "on" | "etc" | "UK" | ""
        );
        let capital = bare.starts_with(|c: char| c.is_uppercase());
        if !(capital || (small && !first)) {
            return false;
        }
        // The name ends with its clause.
        if word.ends_with(['.', ';', ':']) {
            return false;
        }
        first = false;
    }
    false
}

/// Whether a text begins with a thing of the authority that has sections: "contract", "tender documents".
fn is_document(lower: &str) -> bool {
    lower
        .split(|c: char| c.is_whitespace())
        .take(4)
        .take_while(|word| {
            !matches!(
                *word,
                "and" | "or" | "to" | "as" | "because" | "which" | "for"
            )
        })
        .any(|word| {
            let word = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '-');
            DOCUMENTS
                .iter()
                .any(|document| word == *document || word.strip_suffix('s') == Some(document))
        })
}
