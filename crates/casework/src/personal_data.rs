//! Personal data in words that are about to be published: found by shape and by cue, shown to a person, who decides.
//!
//! It errs towards silence: a warning on every capitalised word would soon be clicked away. What only knowledge of the
//! case can find, the applicant's own name above all, is passed in.

use std::collections::BTreeSet;
use std::ops::Range;

use law::Problem;
use regex::Regex;
use serde::{Deserialize, Serialize};
use toml::Spanned;

/// What kind of personal data it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PersonalDataKind {
    /// A person's name.
    Name,
    /// A name at the end of a letter.
    Signature,
    /// An e-mail address that is no office's.
    Email,
    /// A telephone number that is no office's.
    Telephone,
    /// A street address.
    Address,
    /// A postcode.
    Postcode,
    /// A National Insurance number.
    NationalInsurance,
    /// An NHS number.
    NhsNumber,
    /// A date of birth.
    DateOfBirth,
    /// A sort code or an account number.
    BankDetails,
    /// A vehicle's registration.
    VehicleRegistration,
    /// Fewer than five people, who may be told apart.
    SmallNumber,
    /// What the case knows of its applicant.
    Applicant,
}

impl PersonalDataKind {
    /// In words, "a telephone number".
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Name => "a person's name",
            Self::Signature => "a signature",
            Self::Email => "an e-mail address",
            Self::Telephone => "a telephone number",
            Self::Address => "an address",
            Self::Postcode => "a postcode",
            Self::NationalInsurance => "a National Insurance number",
            Self::NhsNumber => "an NHS number",
            Self::DateOfBirth => "a date of birth",
            Self::BankDetails => "bank details",
            Self::VehicleRegistration => "a vehicle's registration",
            Self::SmallNumber => "a number under five of people",
            Self::Applicant => "who asked",
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn mend(self) -> &'static str {
        match self {
            Self::Name | Self::Signature => "use the job title, or take it out",
            Self::SmallNumber => "say \"fewer than five\", unless nobody can be told from it",
            Self::Applicant => "take it out: the log never says who asked",
            Self::Address | Self::Postcode => "take it out, unless it is an office's",
            Self::Email | Self::Telephone => "give the office's instead, or take it out",
            Self::NationalInsurance
            | Self::NhsNumber
            | Self::DateOfBirth
            | Self::BankDetails
            | Self::VehicleRegistration => "take it out",
        }
    }
}

/// Personal data where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PersonalDatum {
    /// What it is.
    pub kind: PersonalDataKind,
    /// Byte range of the text.
    pub span: Range<usize>,
}

/// Shapes and cues, compiled.
#[derive(Debug)]
pub struct PersonalDataCheck {
    email: Regex,
    telephone: Regex,
    address: Regex,
    postcode: Regex,
    national_insurance: Regex,
    nhs_number: Regex,
    date_of_birth: Regex,
    bank: Regex,
    vehicle: Regex,
    titled: Regex,
    introduced: Regex,
    pair: Regex,
    small: Regex,
    given_names: BTreeSet<String>,
    not_surnames: BTreeSet<String>,
    office_mailboxes: BTreeSet<String>,
    closings: BTreeSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    titles: Vec<String>,
    given_names: Vec<String>,
    not_surnames: Vec<String>,
    street_words: Vec<String>,
    office_mailboxes: Vec<String>,
    closings: Vec<String>,
    introductions: Vec<String>,
    counted_people: Vec<String>,
    #[serde(default)]
    example: Vec<Spanned<Example>>,
    #[serde(default)]
    leave: Vec<Spanned<Leave>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Example {
    says: String,
    finds: Vec<PersonalDataKind>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Leave {
    says: String,
}

/// A capitalised word, a hyphenated or apostrophised one too.
const CAPITALISED: &str = r"\p{Lu}[\p{L}]*(?:['’-]\p{L}+)*";

impl PersonalDataCheck {
    /// Reads `data/public-record/personal-data.toml` and runs its examples.
    ///
    /// # Errors
    /// Every mistake of the file.
    pub fn parse(source: &str) -> Result<Self, Vec<Problem>> {
        let file: File = law::tables(source, "personal_data.malformed")?;
        let mut problems = Vec::new();
        for (name, list) in [
            ("titles", &file.titles),
            ("given_names", &file.given_names),
            ("not_surnames", &file.not_surnames),
            ("street_words", &file.street_words),
            ("office_mailboxes", &file.office_mailboxes),
            ("closings", &file.closings),
            ("introductions", &file.introductions),
            ("counted_people", &file.counted_people),
        ] {
            if list.is_empty() || list.iter().any(|word| word.trim().is_empty()) {
                problems.push(Problem::new(
                    "personal_data.empty",
                    format!("`{name}` is empty or holds an empty word; give it words"),
                ));
            }
            let mut seen = BTreeSet::new();
            for word in list {
                if !seen.insert(word) {
                    problems.push(Problem::new(
                        "personal_data.duplicate",
                        format!("`{word}` stands twice in `{name}`; once is enough"),
                    ));
                }
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let check = Self::compile(&file).map_err(|error| {
            vec![Problem::new(
                "personal_data.too_large",
                format!("the lists can't be compiled: {error}; shorten them"),
            )]
        })?;
        for example in &file.example {
            let mut found: Vec<PersonalDataKind> = check
                .find(&example.get_ref().says, &[])
                .into_iter()
                .map(|datum| datum.kind)
                .collect();
            let mut wanted = example.get_ref().finds.clone();
            found.sort_unstable();
            wanted.sort_unstable();
            if found != wanted {
                problems.push(Problem::at(
                    example.span(),
                    "personal_data.example_fails",
                    format!(
                        "\"{}\" should give {wanted:?} and gives {found:?}",
                        example.get_ref().says
                    ),
                ));
            }
        }
        for leave in &file.leave {
            for datum in check.find(&leave.get_ref().says, &[]) {
                let words = leave.get_ref().says.get(datum.span).unwrap_or("");
                problems.push(Problem::at(
                    leave.span(),
                    "personal_data.example_fails",
                    format!("\"{words}\" is taken for {}", datum.kind.name()),
                ));
            }
        }
        if problems.is_empty() {
            Ok(check)
        } else {
            Err(problems)
        }
    }

    fn compile(file: &File) -> Result<Self, regex::Error> {
        let any = |words: &[String]| {
            words
                .iter()
                .map(|word| regex::escape(word))
                .collect::<Vec<_>>()
                .join("|")
        };
        let set = |words: &[String]| words.iter().cloned().collect::<BTreeSet<_>>();
        let initials = r"(?:\p{Lu}\.?\s+)*";
        Ok(Self {
            email: Regex::new(r"[\p{L}\d._%+'-]+@[\p{L}\d-]+(?:\.[\p{L}\d-]+)+")?,
            telephone: Regex::new(r"(?:\+44[\s-]?\(?0?\)?[\s-]?|\b0)\d(?:[\s-]?\d){8,9}\b")?,
            address: Regex::new(&format!(
                r"\b\d{{1,4}}[A-Za-z]?,?\s+(?:{CAPITALISED}\s+){{1,3}}(?:{})\b",
                any(&file.street_words)
            ))?,
            postcode: Regex::new(r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[ABD-HJLNP-UW-Z]{2}\b")?,
            national_insurance: Regex::new(
                r"\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\s?\d{2}\s?\d{2}\s?\d{2}\s?[A-D]\b",
            )?,
            nhs_number: Regex::new(r"\b\d{3}[\s-]?\d{3}[\s-]?\d{4}\b")?,
            date_of_birth: Regex::new(
                r"(?i)\b(?:date of birth|d\.?o\.?b\.?|born on|born)[:\s]+(?:the\s+)?(\d{1,2}(?:st|nd|rd|th)?[\s/.-]+(?:\d{1,2}|\p{L}+)[\s/.-]+\d{2,4})",
            )?,
            bank: Regex::new(
                r"(?i)\b(?:sort code|account(?: number| no\.?)?)[:\s]+(\d{2}-\d{2}-\d{2}|\d{6,8})\b",
            )?,
            vehicle: Regex::new(r"\b[A-HJ-PR-Y]{2}(?:0[1-9]|[1-7]\d)\s?[A-HJ-PR-Z]{3}\b")?,
            titled: Regex::new(&format!(
                r"\b(?:{})\.?\s+{initials}({CAPITALISED}(?:\s+{CAPITALISED})?)",
                any(&file.titles)
            ))?,
            introduced: Regex::new(&format!(
                r"(?:(?i:{}))[\s,]+({CAPITALISED}(?:\s+{CAPITALISED}){{0,2}})",
                any(&file.introductions)
            ))?,
            pair: Regex::new(&format!(
                r"({CAPITALISED})\s+(?:\p{{Lu}}\.?\s+)?({CAPITALISED})"
            ))?,
            small: Regex::new(&format!(
                r"(?i)\b(?:[1-4]|one|two|three|four)\s+(?:{})\b",
                any(&file.counted_people)
            ))?,
            given_names: set(&file.given_names),
            not_surnames: set(&file.not_surnames),
            office_mailboxes: set(&file.office_mailboxes),
            closings: set(&file.closings),
        })
    }

    /// Everything that looks like personal data, in the order of the text, without overlaps. `applicant` holds what the
    /// case knows of the person who asked: name, address, e-mail; each is found whatever it looks like.
    #[must_use]
    pub fn find(&self, text: &str, applicant: &[&str]) -> Vec<PersonalDatum> {
        use PersonalDataKind as Kind;
        let mut found: Vec<PersonalDatum> = Vec::new();
        // What was found first keeps its place; what runs into it ends before it.
        let mut add = |kind: Kind, mut span: Range<usize>| {
            for other in &found {
                if other.span.start < span.end && span.start < other.span.end {
                    span.end = other.span.start;
                }
            }
            let words = text.get(span.clone()).unwrap_or("");
            let kept = words.trim_end_matches(|c: char| {
                c.is_whitespace() || matches!(c, ',' | '.' | '(' | '-')
            });
            span.end = span.start.saturating_add(kept.len());
            if kept.chars().count() > 2 {
                found.push(PersonalDatum { kind, span });
            }
        };
        for known in applicant.iter().map(|known| known.trim()) {
            if known.chars().count() > 2 {
                for span in occurrences(text, known) {
                    add(Kind::Applicant, span);
                }
            }
        }
        for one in self.email.find_iter(text) {
            let local = one.as_str().split('@').next().unwrap_or("").to_lowercase();
            if !self.office_mailboxes.contains(&local) {
                add(Kind::Email, trimmed(text, one.range()));
            }
        }
        for one in self.national_insurance.find_iter(text) {
            let prefix = one.as_str().get(..2).unwrap_or("");
            if !matches!(prefix, "BG" | "GB" | "NK" | "KN" | "TN" | "NT" | "ZZ") {
                add(Kind::NationalInsurance, one.range());
            }
        }
        for one in self.nhs_number.find_iter(text) {
            if is_nhs_number(one.as_str()) {
                add(Kind::NhsNumber, one.range());
            }
        }
        for one in self.telephone.find_iter(text) {
            let digits: String = one.as_str().chars().filter(char::is_ascii_digit).collect();
            let national = digits.strip_prefix("44").map_or_else(
                || digits.clone(),
                |rest| format!("0{}", rest.trim_start_matches('0')),
            );
            // 03 and 080 numbers are offices'.
            let office = national.starts_with("03") || national.starts_with("080");
            if (10..=11).contains(&national.len()) && !office {
                add(Kind::Telephone, one.range());
            }
        }
        for captures in self.date_of_birth.captures_iter(text) {
            if let Some(one) = captures.get(1) {
                add(Kind::DateOfBirth, one.range());
            }
        }
        for captures in self.bank.captures_iter(text) {
            if let Some(one) = captures.get(1) {
                add(Kind::BankDetails, one.range());
            }
        }
        for one in self.address.find_iter(text) {
            // "Lakeside 633, Mill Lane 858": figures of places, one after the other.
            let after = text.get(one.end()..).unwrap_or("").trim_start();
            if after.starts_with(|c: char| c.is_ascii_digit()) {
                continue;
            }
            add(Kind::Address, one.range());
        }
        for one in self.postcode.find_iter(text) {
            add(Kind::Postcode, one.range());
        }
        for one in self.vehicle.find_iter(text) {
            add(Kind::VehicleRegistration, one.range());
        }
        for span in self.signatures(text) {
            add(Kind::Signature, span);
        }
        for captures in self.titled.captures_iter(text) {
            if let (Some(whole), Some(name)) = (captures.get(0), captures.get(1))
                && !self.is_no_person(name.as_str())
            {
                add(Kind::Name, whole.range());
            }
        }
        for captures in self.introduced.captures_iter(text) {
            if let Some(name) = captures.get(1)
                && !self.is_no_person(name.as_str())
            {
                add(Kind::Name, name.range());
            }
        }
        for span in self.pairs(text) {
            add(Kind::Name, span);
        }
        for one in self.small.find_iter(text) {
            let before = text.get(..one.start()).unwrap_or("").chars().next_back();
            // "1,004 staff", "0.4 staff" and "2024 staff" are no small numbers.
            if !matches!(before, Some(',' | '.' | '-' | '/' | '£')) {
                add(Kind::SmallNumber, one.range());
            }
        }
        found.sort_by_key(|datum| datum.span.start);
        found
    }

    /// Where a request tells who asked: `applicant`, what the case knows of them, wherever it stands, and whoever has one
    /// of their names; between the questions also what looks like a signature, an address or a number of theirs. What a
    /// question asks about stays.
    #[must_use]
    pub fn who_asked(
        &self,
        text: &str,
        questions: &[(usize, usize)],
        applicant: &[&str],
    ) -> Vec<Range<usize>> {
        use PersonalDataKind as Kind;
        let names: Vec<String> = applicant
            .iter()
            .flat_map(|known| known.split(|c: char| !c.is_alphabetic()))
            .filter(|name| name.chars().count() > 2)
            .map(str::to_lowercase)
            .collect();
        let is_theirs = |datum: &PersonalDatum| {
            let words = text.get(datum.span.clone()).unwrap_or("").to_lowercase();
            words
                .split(|c: char| !c.is_alphabetic())
                .any(|word| names.iter().any(|name| name == word))
        };
        let is_between = |datum: &PersonalDatum| {
            questions
                .iter()
                .all(|(start, end)| datum.span.end <= *start || *end <= datum.span.start)
        };
        self.find(text, applicant)
            .into_iter()
            .filter(|datum| match datum.kind {
                Kind::Applicant => true,
                Kind::Name => is_theirs(datum),
                Kind::SmallNumber | Kind::VehicleRegistration => false,
                Kind::Signature
                | Kind::Email
                | Kind::Telephone
                | Kind::Address
                | Kind::Postcode
                | Kind::NationalInsurance
                | Kind::NhsNumber
                | Kind::DateOfBirth
                | Kind::BankDetails => is_between(datum),
            })
            .map(|datum| datum.span)
            .collect()
    }

    /// The text with the personal data in it taken out.
    #[must_use]
    pub fn cleaned(&self, text: &str, applicant: &[&str]) -> String {
        self.without(text, &self.find(text, applicant))
    }

    /// A text with what was found taken out, each place saying what stood there.
    #[must_use]
    pub fn without(&self, text: &str, found: &[PersonalDatum]) -> String {
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        for datum in found {
            let words = match datum.kind {
                PersonalDataKind::SmallNumber => {
                    let noun = text
                        .get(datum.span.clone())
                        .and_then(|words| words.split_once(char::is_whitespace))
                        .map_or("", |(_, noun)| noun);
                    format!("fewer than five {noun}")
                }
                kind => format!(
                    "[{} removed]",
                    kind.name()
                        .trim_start_matches("an ")
                        .trim_start_matches("a ")
                ),
            };
            if datum.span.start >= at {
                out.push_str(text.get(at..datum.span.start).unwrap_or(""));
                out.push_str(&words);
                at = datum.span.end;
            }
        }
        out.push_str(text.get(at..).unwrap_or(""));
        out
    }

    fn is_no_person(&self, name: &str) -> bool {
        name.split_whitespace()
            .any(|word| self.not_surnames.contains(word))
    }

    /// "Jane Hartwell": a given name and a capitalised word that makes it no place.
    fn pairs(&self, text: &str) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut from = 0;
        while let Some(captures) = self.pair.captures_at(text, from) {
            let (Some(whole), Some(first), Some(last)) =
                (captures.get(0), captures.get(1), captures.get(2))
            else {
                break;
            };
            let before = text.get(..first.start()).unwrap_or("").trim_end();
            let of_a_place = before.ends_with("St")
                || before.ends_with("St.")
                || before.ends_with("Queen")
                || before.ends_with("King")
                || before.ends_with("Prince")
                || before.ends_with("Saint");
            let after = text.get(whole.end()..).unwrap_or("");
            let next = after
                .strip_prefix(' ')
                .unwrap_or("")
                .split(|c: char| !c.is_alphabetic())
                .next()
                .unwrap_or("");
            let is_name = self.given_names.contains(first.as_str())
                && !self.is_no_person(last.as_str())
                && !self.not_surnames.contains(next)
                && !of_a_place
                && last.as_str().chars().count() > 1
                && last.as_str().chars().any(char::is_lowercase)
                && starts_a_word(text, first.start());
            if is_name {
                found.push(whole.range());
                from = whole.end();
            } else {
                from = first.end();
            }
        }
        found
    }

    /// The line below "Kind regards".
    fn signatures(&self, text: &str) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut closed = false;
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let words = line.trim();
            let bare = words.trim_end_matches([',', '.', '!']).to_lowercase();
            if closed && !words.is_empty() {
                let capitalised: Vec<&str> = words.split_whitespace().collect();
                let named = (1..=4).contains(&capitalised.len())
                    && capitalised
                        .iter()
                        .all(|word| word.starts_with(char::is_uppercase))
                    && !self.is_no_person(words);
                if named {
                    let lead = line.len().saturating_sub(line.trim_start().len());
                    let begin = start + lead;
                    found.push(begin..begin.saturating_add(words.len()));
                }
                closed = false;
            } else if !words.is_empty() {
                closed = self.closings.contains(&bare);
            }
            start = start.saturating_add(line.len());
        }
        found
    }
}

/// Where words stand in a text, whatever their capitals and not within longer words.
fn occurrences(text: &str, words: &str) -> Vec<Range<usize>> {
    let in_word = |c: char| c.is_alphanumeric() || c == '_';
    let wanted: Vec<char> = words.chars().flat_map(char::to_lowercase).collect();
    let is_apart = |inside: Option<&char>, outside: Option<char>| {
        !(inside.copied().is_some_and(in_word) && outside.is_some_and(in_word))
    };
    let end_of = |start: usize| {
        let mut left = wanted.iter();
        for (at, c) in text.get(start..)?.char_indices() {
            if !c.to_lowercase().all(|c| left.next() == Some(&c)) {
                return None;
            }
            if left.as_slice().is_empty() {
                return Some(start.saturating_add(at).saturating_add(c.len_utf8()));
            }
        }
        None
    };
    let mut found = Vec::new();
    let (mut before, mut free_from) = (None, 0);
    for (start, c) in text.char_indices() {
        if start >= free_from
            && is_apart(wanted.first(), before)
            && let Some(end) = end_of(start)
            && is_apart(
                wanted.last(),
                text.get(end..).and_then(|rest| rest.chars().next()),
            )
        {
            found.push(start..end);
            free_from = end;
        }
        before = Some(c);
    }
    found
}

fn starts_a_word(text: &str, at: usize) -> bool {
    !text
        .get(..at)
        .unwrap_or("")
        .ends_with(|c: char| c.is_alphanumeric() || c == '-' || c == '\'')
}

/// A text of the same length in which some places are stars, one for each byte, so that every other place keeps its own.
#[must_use]
pub fn starred(text: &str, places: &[Range<usize>]) -> String {
    let mut starred = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        if !c.is_whitespace() && places.iter().any(|place| place.contains(&at)) {
            starred.extend(std::iter::repeat_n('*', c.len_utf8()));
        } else {
            starred.push(c);
        }
    }
    starred
}

/// An address without the full stop or hyphen that ends its sentence.
fn trimmed(text: &str, span: Range<usize>) -> Range<usize> {
    let words = text.get(span.clone()).unwrap_or("");
    let kept = words.trim_end_matches(['.', '-', '\'']);
    let lead = kept.len() - kept.trim_start_matches(['.', '-', '\'']).len();
    span.start.saturating_add(lead)..span.start.saturating_add(kept.len())
}

/// Ten digits whose last checks the others, modulo 11.
fn is_nhs_number(text: &str) -> bool {
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(10)).collect();
    let Some((check, nine)) = digits.split_last().filter(|(_, nine)| nine.len() == 9) else {
        return false;
    };
    let sum: u32 = nine
        .iter()
        .zip((2..=10_u32).rev())
        .map(|(digit, weight)| digit.saturating_mul(weight))
        .fold(0, u32::saturating_add);
    let expected = 11 - sum % 11;
    // A telephone number may pass by chance one time in eleven, but starts with 0.
    *check == if expected == 11 { 0 } else { expected } && nine.first() != Some(&0)
}
