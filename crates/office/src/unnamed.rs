//! Cases as they are shown to whoever need not know who asked: a request's own words often say it.

use std::ops::Range;

use casework::applicant::Applicant;
use casework::case::Case;
use casework::event::CaseId;
use casework::personal_data::{PersonalDataCheck, starred};

use crate::office::Office;

impl Office {
    /// The case under an id or reference, without what its texts say of who asked; `None` as [`Office::case`]. Whoever
    /// needs a name or an address asks for it with a reason: [`Office::show_applicant`].
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn unnamed(&self, id_or_reference: &str) -> Result<Option<Box<Case>>, store::Fault> {
        let Some(mut case) = self.case(id_or_reference).await? else {
            return Ok(None);
        };
        self.unname(&mut case).await?;
        Ok(Some(case))
    }

    /// Puts stars for what tells who asked into the texts of a case, in which every place stays where it was; whether any
    /// are in the request.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn unname(&self, case: &mut Case) -> Result<bool, store::Fault> {
        Ok(self.unnaming(&case.id).await?.hide(case))
    }

    /// What takes out of a case's texts who asked.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn unnaming(&self, case: &CaseId) -> Result<Unnaming<'_>, store::Fault> {
        let applicant = self.store().applicant(case).await?;
        Ok(Unnaming {
            check: &self.bundle().personal_data,
            known: applicant.as_ref().map(known).unwrap_or_default(),
        })
    }
}

/// Takes out of a case's texts who asked.
#[derive(Debug)]
pub struct Unnaming<'o> {
    check: &'o PersonalDataCheck,
    known: Vec<String>,
}

/// What of an applicant's name and contact can be looked for in a text: of an address by post the lines with a number,
/// since the others name places that anybody may ask about.
fn known(applicant: &Applicant) -> Vec<String> {
    let contact = applicant.contact.split([',', '\n']).map(str::trim);
    let contact = contact.filter(|line| line.contains(|c: char| c.is_ascii_digit() || c == '@'));
    let mut known = names(&applicant.name);
    known.extend(contact.map(str::to_owned));
    known
}

/// Words before a name that people leave out when they sign.
const TITLES: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "dr",
    "prof",
    "professor",
    "sir",
    "dame",
    "lord",
    "lady",
    "rev",
    "revd",
    "reverend",
    "cllr",
    "councillor",
];

/// A name as it was given and as the same person may sign: without a title, an organisation or what stands in brackets, with
/// the surname last, without a middle name, and with an initial for the first.
fn names(given: &str) -> Vec<String> {
    let mut names = vec![given.trim().to_owned()];
    let mut plain = String::new();
    let mut depth = 0_u32;
    for c in given.chars() {
        match c {
            '<' => break,
            '(' | '[' => depth = depth.saturating_add(1),
            ')' | ']' => depth = depth.saturating_sub(1),
            _ if depth == 0 => plain.push(c),
            _ => {}
        }
    }
    let of_person = |text: &str| -> Vec<String> {
        let mut words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        let is_title = |word: &String| {
            let word = word.trim_end_matches('.').to_lowercase();
            TITLES.contains(&word.as_str())
        };
        while words.first().is_some_and(is_title) {
            words.remove(0);
        }
        words
    };
    let mut parts = plain.split([',', ';', '/', '|']).map(of_person);
    let mut person = parts.next().unwrap_or_default();
    // "Quill, Zebedee": one word before the comma is the surname.
    if let (1, Some(first)) = (person.len(), parts.next())
        && first.len() == 1
    {
        person = [first, person].concat();
    }
    if let (Some(first), Some(last)) = (person.first(), person.last())
        && person.len() > 1
    {
        names.push(person.join(" "));
        names.push(format!("{first} {last}"));
        if let Some(initial) = first.chars().next() {
            names.push(format!("{initial} {last}"));
            names.push(format!("{initial}. {last}"));
        }
    }
    names.retain(|name| !name.is_empty());
    names.sort();
    names.dedup();
    names
}

/// A line of a signature has at most so many words.
const SIGNED: usize = 6;
/// A line in which a name stands alone, or after thanks.
const SIGNED_BY_NAME: usize = 4;

/// A subject line without who asked: it stands in every list, so nobody's name is in it from the start.
pub(crate) fn subject(check: &PersonalDataCheck, words: &str, applicant: &Applicant) -> String {
    let unnaming = Unnaming {
        check,
        known: known(applicant),
    };
    let mut subject = words.to_owned();
    for place in unnaming
        .places(words, &[(0, words.len())])
        .into_iter()
        .rev()
    {
        subject.replace_range(place, "[name]");
    }
    subject
}

impl Unnaming<'_> {
    fn places(&self, text: &str, questions: &[(usize, usize)]) -> Vec<Range<usize>> {
        let known: Vec<&str> = self.known.iter().map(String::as_str).collect();
        let mut places = self.check.who_asked(text, questions, &known);
        places.extend(self.signed(text, questions, &places));
        places.sort_by_key(|place| place.start);
        // One place for what runs together, so that none is taken out twice.
        let mut apart: Vec<Range<usize>> = Vec::new();
        for place in places {
            match apart.last_mut() {
                Some(before) if place.start < before.end => before.end = before.end.max(place.end),
                _ => apart.push(place),
            }
        }
        apart
    }

    /// What else of a signature tells who asked: a first or last name on a short line of its own, and a short line between two
    /// that were taken out, such as a street between an address of mail and a number.
    fn signed(
        &self,
        text: &str,
        questions: &[(usize, usize)],
        places: &[Range<usize>],
    ) -> Vec<Range<usize>> {
        let is_asked = |line: &Range<usize>| {
            questions
                .iter()
                .any(|(start, end)| line.start < *end && *start < line.end)
        };
        let mut lines: Vec<Range<usize>> = Vec::new();
        let mut start = 0_usize;
        for line in text.split_inclusive('\n') {
            let end = start.saturating_add(line.len());
            if !line.trim().is_empty() {
                let from = start.saturating_add(line.len().saturating_sub(line.trim_start().len()));
                lines.push(from..from.saturating_add(line.trim().len()));
            }
            start = end;
        }
        let names: Vec<String> = self
            .known
            .iter()
            .filter(|known| !known.contains(|c: char| c.is_ascii_digit() || c == '@'))
            .flat_map(|known| known.split(|c: char| !c.is_alphabetic() && c != '-' && c != '\''))
            .filter(|name| name.chars().count() > 2)
            .map(str::to_lowercase)
            .filter(|name| !TITLES.contains(&name.as_str()))
            .collect();
        let is_out = |line: &Range<usize>| {
            places
                .iter()
                .any(|place| place.start < line.end && line.start < place.end)
        };
        let mut found = Vec::new();
        for (at, line) in lines.iter().enumerate() {
            let words = text.get(line.clone()).unwrap_or("");
            let count = words.split_whitespace().count();
            if is_asked(line) || count > SIGNED {
                continue;
            }
            let around = [at.checked_sub(1), at.checked_add(1)];
            let is_between = around
                .iter()
                .all(|at| at.and_then(|at| lines.get(at)).is_some_and(is_out));
            if is_between {
                found.push(line.clone());
                continue;
            }
            if count > SIGNED_BY_NAME {
                continue;
            }
            let mut from = 0_usize;
            for word in words.split(|c: char| !c.is_alphabetic() && c != '-' && c != '\'') {
                let begins = line.start.saturating_add(from);
                if names.contains(&word.to_lowercase()) {
                    found.push(begins..begins.saturating_add(word.len()));
                }
                let next = from.saturating_add(word.len());
                let separator = words.get(next..).and_then(|rest| rest.chars().next());
                from = next.saturating_add(separator.map_or(0, char::len_utf8));
            }
        }
        found
    }

    /// Words that the applicant wrote, with stars for what tells who it was.
    #[must_use]
    pub fn words(&self, text: &str) -> String {
        starred(text, &self.places(text, &[]))
    }

    /// The same for words that are a question's, which is about whatever it names: only what is known of the applicant is
    /// hidden in them.
    fn question(&self, text: &str) -> String {
        starred(text, &self.places(text, &[(0, text.len())]))
    }

    /// Puts stars into a case; whether any are in the request.
    fn hide(&self, case: &mut Case) -> bool {
        let spans: Vec<(usize, usize)> = case
            .questions
            .iter()
            .map(|state| state.question.span)
            .collect();
        let places = self.places(&case.receipt.text, &spans);
        if !places.is_empty() {
            let text = std::mem::take(&mut case.receipt.text);
            let hidden = starred(&text, &places);
            // The words of a question stand in the request, where their place is read once.
            let there = |words: &mut String, from: usize| {
                let start = text
                    .get(from..)
                    .and_then(|rest| rest.find(words.as_str()))
                    .map_or_else(
                        || text.find(words.as_str()),
                        |at| Some(from.saturating_add(at)),
                    );
                *words = match start {
                    Some(start) => hidden
                        .get(start..start.saturating_add(words.len()))
                        .unwrap_or("")
                        .to_owned(),
                    None => self.question(words),
                };
            };
            for state in &mut case.questions {
                let question = &mut state.question;
                there(&mut question.text, question.span.0);
                if let Some(stem) = &mut question.stem {
                    there(stem, 0);
                }
            }
            case.receipt.text = hidden;
        }
        for exchange in case
            .questions
            .iter_mut()
            .flat_map(|state| &mut state.clarified)
        {
            if let Some((_, said)) = &mut exchange.reply {
                *said = self.words(said);
            }
        }
        for added in &mut case.additions {
            added.addition.text = self.words(&added.addition.text);
        }
        if let Some(review) = &mut case.review {
            review.request.text = self.words(&review.request.text);
        }
        !places.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check() -> PersonalDataCheck {
        PersonalDataCheck::parse(include_str!(
            "../../../data/public-record/personal-data.toml"
        ))
        .expect("the data is sound")
    }

    fn shown(text: &str, question: &str, applicant: &Applicant) -> String {
        let start = text.find(question).expect("it is in the text");
        let span = (start, start + question.len());
        let check = check();
        let unnaming = Unnaming {
            check: &check,
            known: known(applicant),
        };
        let shown = starred(text, &unnaming.places(text, &[span]));
        assert_eq!(shown.len(), text.len());
        shown
    }

    fn applicant(name: &str, contact: &str) -> Applicant {
        Applicant {
            name: name.to_owned(),
            contact: contact.to_owned(),
            salt: String::new(),
        }
    }

    #[test]
    fn a_subject_line_has_nobodys_name() {
        let asked = applicant("Zoë Lindqvist", "zoe@post.example");
        for (line, shown) in [
            ("FOI request from Zoë Lindqvist", "FOI request from [name]"),
            ("Trees felled in 2025", "Trees felled in 2025"),
        ] {
            assert_eq!(subject(&check(), line, &asked), shown);
        }
    }

    #[test]
    fn a_signature_and_its_contact_are_hidden_and_what_is_asked_about_stays() {
        let asked = "Who owns 14 Quarry Street, and when did Councillor Alan Reed visit it?";
        let text = format!(
            "Dear Council,\n\n{asked}\n\nYours faithfully,\nZoë Lindqvist\n07700 900123\nzoe@post.example\n3 Mill Lane\nHarrowmere"
        );
        let shown = shown(
            &text,
            asked,
            &applicant("Zoë Lindqvist", "3 Mill Lane, Harrowmere, HM1 2AB"),
        );
        assert!(shown.contains(asked), "{shown}");
        for hidden in ["Zo", "Lindqvist", "900123", "post.example", "Mill Lane"] {
            assert!(!shown.contains(hidden), "{hidden}: {shown}");
        }
        assert!(shown.ends_with("Harrowmere"), "{shown}");
    }

    #[test]
    fn the_name_is_hidden_in_a_question_too_and_a_word_like_it_is_not() {
        let asked = "I, Will Price, ask: will the price of parking rise? My name is Will Price.";
        let shown = shown(asked, asked, &applicant("Will Price", "will@post.example"));
        assert_eq!(
            shown,
            "I, **** *****, ask: will the price of parking rise? My name is **** *****."
        );
    }

    #[test]
    fn somebody_elses_name_in_a_question_is_what_it_asks_about() {
        let asked = "What did Mr Alan Reed claim?";
        assert_eq!(shown(asked, asked, &applicant("Zoë Lindqvist", "")), asked);
    }

    /// People sign otherwise than they fill in a field; what they ask about stays all the same.
    #[test]
    fn a_name_is_hidden_however_it_was_given() {
        let asked = "How many pigeons live in Quill Lane?";
        for name in [
            "Mr Zebedee Quill",
            "Zebedee Quill, Harrowmere Gazette",
            "Quill, Zebedee",
            "Zebedee Quill <i>x</i>",
            "Dr. Zebedee A. Quill (Harrowmere Gazette)",
            "zebedee quill",
        ] {
            let asked_by = applicant(name, "zq@post.example");
            for end in [
                "Yours, Zebedee Quill",
                "Yours,\nZebedee Quill",
                "Zebedee Quill",
                "Thanks, Zebedee",
                "Z. Quill",
            ] {
                let text = format!("{asked}\n\n{end}\n");
                let shown = shown(&text, asked, &asked_by);
                assert!(shown.contains(asked), "{name}: {shown}");
                let rest = shown.replace(asked, "");
                for hidden in ["Zebedee", "Quill"] {
                    assert!(!rest.contains(hidden), "{name}: {shown}");
                }
            }
            let line = subject(&check(), "From Zebedee Quill: pigeons", &asked_by);
            assert_eq!(line, "From [name]: pigeons", "{name}");
        }
        let block =
            format!("{asked}\n\nZebedee Quill\nzq@post.example\n12 Larch Road\n07700 900123\n");
        let shown = shown(
            &block,
            asked,
            &applicant("Zebedee Quill", "zq@post.example"),
        );
        assert!(!shown.contains("Larch"), "{shown}");
    }
}
