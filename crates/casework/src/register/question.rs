//! What a question about contracts wants: a subject, perhaps a supplier, perhaps dates.

use crate::month;
use jiff::civil::Date;

use crate::register::thesaurus::{Thesaurus, stem};
use crate::register::words::{folded, holds};

/// A question taken apart.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Wanted {
    /// Its words in order, small words and dates left out.
    pub words: Vec<Word>,
    /// Which date must fall into which days.
    pub dates: Vec<Span>,
    /// Whether it asks only for what no register holds.
    pub is_beyond: bool,
    /// Whether it may ask about a contract.
    pub is_about_contracts: bool,
    /// Whether it asks for several contracts.
    pub is_list: bool,
    /// Names that end in a legal form: "Zottleborough Dynamics Ltd".
    pub companies: Vec<Vec<String>>,
    /// Names after "with", "from" or "by" that have no legal form, lower case: "the contract with Aquachem".
    pub parties: Vec<String>,
    /// Words with a capital inside a sentence, lower case: names of products and companies.
    pub names: Vec<String>,
}

/// A word of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    /// As it was written, lower case.
    pub said: String,
    /// Its stem.
    pub stem: String,
    /// Whether it frames the question; it can still be part of a name ("freedom of information").
    pub is_frame: bool,
}

/// A limit on a contract's start or end; ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub is_start: bool,
    pub from: Date,
    pub to: Date,
}

/// Takes a question apart.
pub(crate) fn read(question: &str, thesaurus: &Thesaurus) -> Wanted {
    let text = folded(question);
    let asks = |phrases: &[String]| phrases.iter().any(|phrase| holds(&text, phrase));
    let mut wanted = Wanted {
        is_beyond: asks(&thesaurus.beyond) && !asks(&thesaurus.register),
        is_about_contracts: asks(&thesaurus.contract_asks),
        is_list: asks(&thesaurus.contract_lists),
        companies: companies(question, thesaurus),
        parties: parties(question),
        names: names(question),
        ..Wanted::default()
    };
    let words = thesaurus.words_of(question);
    let dated = dates(&words, thesaurus, &mut wanted.dates);
    for (at, word) in words.iter().enumerate() {
        if dated.contains(&at) || thesaurus.small.contains(word) {
            continue;
        }
        wanted.words.push(Word {
            said: word.clone(),
            stem: stem(word),
            is_frame: thesaurus.frame.contains(word),
        });
    }
    wanted
}

/// The things that a question names one after the other, each as if it were asked alone: "telephony and photocopier
/// contracts". Empty where it names none so.
pub(crate) fn parts(question: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut part = String::new();
    for word in question.split_whitespace() {
        let is_between = matches!(word.to_lowercase().as_str(), "and" | "or" | "plus" | "also");
        if !is_between {
            let word = word.replace('/', " ");
            part.push_str(&word);
            part.push(' ');
        }
        if is_between || word.ends_with([',', ';', ':', '.', '?']) {
            parts.push(std::mem::take(&mut part));
        }
    }
    parts.push(part);
    parts.retain(|part| part.contains(char::is_alphanumeric));
    if parts.len() > 1 { parts } else { Vec::new() }
}

/// Company names: capitalised words before a legal form.
fn companies(question: &str, thesaurus: &Thesaurus) -> Vec<Vec<String>> {
    let words: Vec<&str> = question
        .split(|c: char| !(c.is_alphanumeric() || c == '&' || c == '\'' || c == '’'))
        .filter(|word| !word.is_empty())
        .collect();
    let mut names = Vec::new();
    for (at, word) in words.iter().enumerate() {
        if !thesaurus.legal_forms.contains(&word.to_lowercase()) {
            continue;
        }
        let name: Vec<String> = words
            .get(..at)
            .unwrap_or(&[])
            .iter()
            .rev()
            .take_while(|word| word.starts_with(|c: char| c.is_uppercase() || c == '&'))
            .map(|word| word.to_lowercase())
            .collect();
        if !name.is_empty() {
            names.push(name.into_iter().rev().collect());
        }
    }
    names
}

/// Names of one capital word, not all capitals, after a word that says with whom a contract is.
fn parties(question: &str) -> Vec<String> {
    let words: Vec<&str> = question
        .split(|c: char| !(c.is_alphanumeric() || c == '&' || c == '-'))
        .filter(|word| !word.is_empty())
        .collect();
    words
        .windows(2)
        .filter_map(|pair| {
            let [before, name] = pair else { return None };
            let is_name = name.starts_with(char::is_uppercase)
                && name.chars().skip(1).any(char::is_lowercase)
                && name.chars().all(char::is_alphabetic)
                && name.len() >= 4
                && month::named(&name.to_lowercase()).is_none();
            (matches!(*before, "with" | "from" | "by") && is_name).then(|| name.to_lowercase())
        })
        .collect()
}

/// Words with a capital that don't begin a sentence and aren't all capitals.
fn names(question: &str) -> Vec<String> {
    let mut begins = true;
    let mut names = Vec::new();
    for word in question.split_whitespace() {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let is_name = bare.starts_with(char::is_uppercase)
            && bare.chars().skip(1).any(char::is_lowercase)
            && bare.chars().all(char::is_alphanumeric);
        if is_name && !begins {
            names.push(bare.to_lowercase());
        }
        begins = word.ends_with(['.', '?', '!', ':', '-', ';']) || bare.is_empty();
    }
    names
}

/// A date in the words: the days it covers and how many words it takes.
fn date_at(words: &[String], at: usize) -> Option<(Date, Date, usize)> {
    let word = |offset: usize| words.get(at.saturating_add(offset)).map(String::as_str);
    let month = |text: Option<&str>| month::named(text?);
    let year = |text: Option<&str>| {
        text.filter(|text| text.len() == 4)?
            .parse::<i16>()
            .ok()
            .filter(|year| (1990..=2099).contains(year))
    };
    let day = |text: Option<&str>| {
        let text = text?;
        ["st", "nd", "rd", "th"]
            .iter()
            .find_map(|suffix| text.strip_suffix(suffix))
            .unwrap_or(text)
            .parse::<i8>()
            .ok()
    };
    if let (Some(day), Some(month), Some(year)) = (day(word(0)), month(word(1)), year(word(2)))
        && let Ok(date) = Date::new(year, month, day)
    {
        return Some((date, date, 3));
    }
    if let (Some(day), Some(month), Some(year)) = (day(word(0)), day(word(1)), year(word(2)))
        && let Ok(date) = Date::new(year, month, day)
    {
        return Some((date, date, 3));
    }
    if let (Some(month), Some(year)) = (month(word(0)), year(word(1)))
        && let Ok(date) = Date::new(year, month, 1)
    {
        return Some((date, date.last_of_month(), 2));
    }
    if let (Some(quarter), Some(year)) = (
        word(0)
            .and_then(|word| word.strip_prefix('q'))
            .and_then(|number| number.parse::<i8>().ok()),
        year(word(1)),
    ) && (1..=4).contains(&quarter)
        && let Ok(first) = Date::new(year, quarter.saturating_mul(3).saturating_sub(2), 1)
        && let Ok(last) = Date::new(year, quarter.saturating_mul(3), 1)
    {
        return Some((first, last.last_of_month(), 2));
    }
    let year = year(word(0))?;
    // "2026/27" is a financial year.
    if let Some(next) = word(1)
        && next.len() == 2
        && next.parse::<i16>().ok() == Some(year.saturating_add(1) % 100)
        && let (Ok(first), Ok(last)) = (
            Date::new(year, 4, 1),
            Date::new(year.saturating_add(1), 3, 31),
        )
    {
        return Some((first, last, 2));
    }
    let (Ok(first), Ok(last)) = (Date::new(year, 1, 1), Date::new(year, 12, 31)) else {
        return None;
    };
    Some((first, last, 1))
}

/// The limits that the dates of a question set, and which words are dates. A date limits what the nearest word of
/// starting or ending says, and nothing where there is none.
fn dates(words: &[String], thesaurus: &Thesaurus, spans: &mut Vec<Span>) -> Vec<usize> {
    let mut found: Vec<(usize, usize, Date, Date)> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        if let Some((from, to, length)) = date_at(words, at) {
            found.push((at, at.saturating_add(length), from, to));
            at = at.saturating_add(length);
        } else {
            at = at.saturating_add(1);
        }
    }
    let mut index = 0;
    while let Some((begin, end, from, to)) = found.get(index).copied() {
        index = index.saturating_add(1);
        let before = begin
            .checked_sub(1)
            .and_then(|at| words.get(at))
            .map_or("", String::as_str);
        let mut span = (from, to);
        if let Some((next, _, _, last)) = found.get(index).copied()
            && next == end.saturating_add(1)
            && words
                .get(end)
                .is_some_and(|word| matches!(word.as_str(), "and" | "to" | "until"))
        {
            span.1 = last;
            index = index.saturating_add(1);
        } else if matches!(before, "before" | "by")
            || before == "of"
                && words
                    .get(..begin)
                    .is_some_and(|words| words.ends_with(&["end".to_owned(), "of".to_owned()]))
        {
            span = (
                Date::MIN,
                if before == "before" {
                    from.yesterday().unwrap_or(from)
                } else {
                    to
                },
            );
        } else if matches!(before, "after" | "since") {
            span = (to.tomorrow().unwrap_or(to), Date::MAX);
        } else if before == "from" {
            span.1 = Date::MAX;
        }
        let nearest = |phrases: &[String]| {
            phrases
                .iter()
                .flat_map(|phrase| {
                    let parts: Vec<&str> = phrase.split(' ').collect();
                    words
                        .windows(parts.len())
                        .enumerate()
                        .filter(move |(_, window)| {
                            window.iter().zip(&parts).all(|(word, part)| word == part)
                        })
                        .map(|(place, _)| place.abs_diff(begin))
                })
                .min()
        };
        let (start, end) = (
            nearest(&thesaurus.start_words),
            nearest(&thesaurus.end_words),
        );
        let is_start = match (start, end) {
            (Some(start), Some(end)) => start < end,
            (Some(_), None) => true,
            (None, Some(_)) => false,
            (None, None) => continue,
        };
        spans.push(Span {
            is_start,
            from: span.0,
            to: span.1,
        });
    }
    found
        .iter()
        .flat_map(|(begin, end, ..)| *begin..*end)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(question: &str) -> Wanted {
        let thesaurus = Thesaurus::parse(
            include_str!("../../../../data/register/thesaurus.toml"),
            include_str!("../../../../data/register/questions.toml"),
        )
        .unwrap();
        read(question, &thesaurus)
    }

    #[test]
    fn the_subject_is_what_the_frame_leaves() {
        let subject: Vec<String> = wanted("Please state the supplier, annual or total value and end date of the contract for elevator maintenance.")
            .words
            .into_iter()
            .filter(|word| !word.is_frame)
            .map(|word| word.said)
            .collect();
        assert_eq!(subject, ["elevator", "maintenance"]);
    }

    #[test]
    fn dates_limit_the_start_or_the_end() {
        for (question, is_start, from, to) in [
            (
                "Which contract for cyber training begins in 2031?",
                true,
                "2031-01-01",
                "2031-12-31",
            ),
            (
                "Of the contracts running out in 2028, which covers the ERP?",
                false,
                "2028-01-01",
                "2028-12-31",
            ),
            (
                "Which ICT contracts expire between 1 January 2028 and 30 June 2028?",
                false,
                "2028-01-01",
                "2028-06-30",
            ),
            (
                "Contracts ending in March 2027",
                false,
                "2027-03-01",
                "2027-03-31",
            ),
            (
                "Contracts due to end in Q1 2027",
                false,
                "2027-01-01",
                "2027-03-31",
            ),
            (
                "Contracts that expire in 2026/27",
                false,
                "2026-04-01",
                "2027-03-31",
            ),
            (
                "Contracts that expire after 01/04/2027",
                false,
                "2027-04-02",
                "9999-12-31",
            ),
        ] {
            let dates = wanted(question).dates;
            assert_eq!(dates.len(), 1, "{question}");
            assert_eq!(
                (
                    dates[0].is_start,
                    dates[0].from.to_string(),
                    dates[0].to.to_string()
                ),
                (is_start, from.to_owned(), to.to_owned()),
                "{question}"
            );
        }
        assert!(
            wanted("What was spent on training in 2019?")
                .dates
                .is_empty()
        );
    }

    #[test]
    fn what_no_register_holds_is_told() {
        assert!(wanted("How many laptops does the council own, by model?").is_beyond);
        assert!(!wanted("How many laptops are there, and who is the supplier?").is_beyond);
        assert_eq!(
            wanted("Contracts with Zottleborough Dynamics Ltd?").companies,
            [["zottleborough", "dynamics"]]
        );
    }
}
