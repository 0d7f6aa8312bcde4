//! The disclosure log: answers that the authority chose to publish, each decided on, checked and dated by itself.
//!
//! An entry is composed from what was decided and sent, never from what a search found, so it is the same whatever is
//! held where the answer neither confirms nor denies.

use std::ops::Range;

use jiff::civil::Date;
use law::Problem;
use serde::{Deserialize, Serialize};

use crate::case::Case;
use crate::decision::{AppliedExemption, Decision, Slot};
use crate::event::{Event, Publication, Recorded, ReleasedFile};
use crate::leak_guard::LeakGuard;
use crate::personal_data::{PersonalDataCheck, PersonalDataKind};
use crate::public_record::{Exchange, Outcome, PublishedEntry, Says, Source};

/// One entry of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogEntry {
    /// The end of its permanent address, "2026/laptop-replacement".
    pub address: String,
    /// The authority's reference.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// What it is about, in the publisher's words: "ICT", "Highways".
    pub category: String,
    /// The day on which the answer left; of several, the last.
    pub answered_on: Date,
    /// The day on which it was published, or is to be.
    pub published_on: Date,
    /// Its questions with their answers.
    pub questions: Vec<LogQuestion>,
    /// What changed since it was published, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    /// When and why it was taken down; only title, address and this are shown then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removed: Option<Removal>,
}

/// A question in the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogQuestion {
    /// The applicant's label.
    pub label: String,
    /// The question.
    pub question: String,
    /// How it was answered.
    pub outcome: Outcome,
    /// The answer; empty where it was refused.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub answer: String,
    /// Why it was refused: provision, reason and where the public interest lies.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
    /// The provisions relied on, "FOIA s.31(1)(a)".
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub provisions: Vec<String>,
}

/// A change to a published entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// When.
    pub on: Date,
    /// What, "a figure corrected".
    pub what: String,
}

/// Why an entry was taken down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Removal {
    /// When.
    pub on: Date,
    /// Why, in words for the public.
    pub reason: String,
}

/// What a publisher chooses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The title.
    pub title: String,
    /// The category.
    pub category: String,
    /// The end of its address; made from the title when empty.
    pub address: String,
    /// The day of publication.
    pub published_on: Date,
}

impl Choice {
    /// What a publisher chose when it was put on record; the category follows from the questions.
    #[must_use]
    pub fn of(publication: &Publication) -> Self {
        Self {
            title: publication.title.clone(),
            category: String::new(),
            address: publication.address.clone(),
            published_on: publication.published_on,
        }
    }
}

impl Outcome {
    /// The outcome in words, for the public.
    #[must_use]
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Answered => "Information given",
            Self::AlreadyAccessible => "Already published",
            Self::Withheld => "Information withheld",
            Self::NeitherConfirmedNorDenied => "Neither confirmed nor denied",
            Self::NotHeld => "Information not held",
            Self::Other => "Not answered",
        }
    }
}

/// The entry that a case would have in the log: every question whose answer left.
///
/// # Errors
/// Nothing was answered, the title is empty, or the address isn't one.
pub fn compose(case: &Case, choice: &Choice) -> Result<LogEntry, Vec<Problem>> {
    let mut problems = Vec::new();
    let answered_on = case.issued.iter().map(|issue| issue.sent_on).max();
    if answered_on.is_none() {
        problems.push(Problem::new(
            "publication.not_answered",
            "only what was answered can be published",
        ));
    }
    if choice.title.trim().is_empty() {
        problems.push(Problem::new("publication.no_title", "give it a title"));
    }
    let address = if choice.address.is_empty() {
        address_of(&choice.title, choice.published_on)
    } else {
        choice.address.clone()
    };
    if !is_address(&address) {
        problems.push(Problem::new(
            "publication.bad_address",
            format!(
                "`{address}` is no address: it is a year, a slash, and small letters, digits and hyphens, like 2026/laptop-replacement"
            ),
        ));
    }
    let Some(answered_on) = answered_on.filter(|_| problems.is_empty()) else {
        return Err(problems);
    };
    let questions = case
        .questions
        .iter()
        .filter(|question| question.answered_on.is_some())
        .filter_map(|question| {
            let decision = question.in_log()?;
            let stem = question.question.stem.as_deref().unwrap_or("");
            let text = if stem.is_empty() {
                question.question.text.clone()
            } else {
                format!("{stem} {}", question.question.text)
            };
            let mut one = log_question(&question.question.label, text, &decision.decision);
            if let Some(part) = &decision.in_part {
                one.answer.clone_from(&part.given);
                one.reasons
                    .insert(0, format!("Withheld: {}", part.withheld));
            }
            if decision.gives() {
                one.answer.push_str(&given_with(&decision.files));
            }
            Some(one)
        })
        .collect();
    Ok(LogEntry {
        address,
        reference: case.receipt.reference.clone(),
        title: choice.title.trim().to_owned(),
        category: choice.category.trim().to_owned(),
        answered_on,
        published_on: choice.published_on,
        questions,
        changes: Vec::new(),
        removed: None,
    })
}

/// Which files went with an answer. They aren't published with it: whoever wants them asks and gives the reference.
fn given_with(files: &[ReleasedFile]) -> String {
    if files.is_empty() {
        return String::new();
    }
    let names: Vec<String> = files
        .iter()
        .map(|released| format!("{} ({})", released.file.name, released.file.size()))
        .collect();
    format!(
        "\n\nGiven with this answer: {}. To have it too, ask us and give the reference.",
        names.join(", ")
    )
}

fn filled(slot: &Slot<String>) -> &str {
    match slot {
        Slot::Filled(text) | Slot::Begun { text, .. } => text,
        Slot::Owed(_) => "",
    }
}

fn log_question(label: &str, question: String, decision: &Decision) -> LogQuestion {
    let mut one = LogQuestion {
        label: label.to_owned(),
        question,
        outcome: Outcome::Other,
        answer: String::new(),
        reasons: Vec::new(),
        provisions: Vec::new(),
    };
    match decision {
        Decision::Answer { answer } => {
            one.outcome = Outcome::Answered;
            filled(answer).clone_into(&mut one.answer);
        }
        Decision::AlreadyAccessible { place } => {
            one.outcome = Outcome::AlreadyAccessible;
            filled(place).clone_into(&mut one.answer);
            one.provisions.push("FOIA s.21".to_owned());
        }
        Decision::Withheld(exemptions) => {
            one.outcome = Outcome::Withheld;
            for exemption in exemptions {
                let provision = exemption.provision().to_string();
                one.reasons.push(match exemption {
                    AppliedExemption::Absolute { reason, .. } => {
                        format!("{provision}: {}", filled(reason))
                    }
                    AppliedExemption::QualifiedClass {
                        reason,
                        public_interest,
                        ..
                    } => format!(
                        "{provision}: {} {}",
                        filled(reason),
                        filled(&public_interest.balance)
                    ),
                    AppliedExemption::QualifiedPrejudice {
                        prejudice,
                        public_interest,
                        ..
                    } => format!(
                        "{provision}: giving it {} cause this harm. {} {}",
                        prejudice.likelihood.words(),
                        filled(&prejudice.mechanism),
                        filled(&public_interest.balance)
                    ),
                });
                one.provisions.push(provision);
            }
        }
        Decision::NeitherConfirmedNorDenied(neither) => {
            one.outcome = Outcome::NeitherConfirmedNorDenied;
            one.provisions.push(neither.provision.to_string());
            one.reasons.push(format!(
                "{}: saying whether it is held {} cause this harm. {} {}",
                neither.provision,
                neither.prejudice.likelihood.words(),
                filled(&neither.prejudice.mechanism),
                filled(&neither.public_interest.balance)
            ));
        }
        Decision::NotHeld => one.outcome = Outcome::NotHeld,
        Decision::OverCostLimit { estimate, advice } => {
            one.provisions.push("FOIA s.12".to_owned());
            one.reasons.push(format!(
                "FOIA s.12: {} {}",
                filled(estimate),
                filled(advice)
            ));
        }
        Decision::VexatiousOrRepeated { provision, .. } => {
            // The reason is about a person.
            one.provisions.push(provision.to_string());
        }
        Decision::ClarificationSought { .. } => {}
    }
    for reason in &mut one.reasons {
        reason.truncate(reason.trim_end().len());
    }
    one
}

/// An address made of a title: "2026/laptop-replacement".
#[must_use]
pub fn address_of(title: &str, published_on: Date) -> String {
    let mut slug = String::new();
    for c in title.chars().flat_map(char::to_lowercase) {
        match c {
            'a'..='z' | '0'..='9' => slug.push(c),
            '\'' | '’' => {}
            _ if slug.is_empty() || slug.ends_with('-') => {}
            _ => slug.push('-'),
        }
    }
    if slug.len() > 60 {
        let cut = slug
            .get(..60)
            .and_then(|start| start.rfind('-'))
            .unwrap_or(60);
        slug.truncate(cut);
    }
    format!("{}/{}", published_on.year(), slug.trim_matches('-'))
}

/// Whether this is the end of a permanent address: a year, and a name of small letters, digits and hyphens in it.
#[must_use]
pub fn is_address(address: &str) -> bool {
    address.split_once('/').is_some_and(|(year, name)| {
        year.len() == 4
            && year.bytes().all(|byte| byte.is_ascii_digit())
            && !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    })
}

/// Where a text of an entry stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LogField {
    /// The title.
    Title,
    /// A question, by its number from 0.
    Question(usize),
    /// Its answer.
    Answer(usize),
    /// One of its reasons.
    Reason(usize, usize),
}

/// Whether a title says that something was asked, and nothing of what happened: "Questions about ransomware".
#[must_use]
pub fn asks(title: &str) -> bool {
    let title = title.trim().to_lowercase();
    ["question", "questions", "request", "requests"]
        .iter()
        .filter_map(|noun| title.strip_prefix(noun))
        .any(|rest| {
            [" about", " for ", " on "]
                .iter()
                .any(|then| rest.starts_with(then))
        })
}

/// Something to mend, or to keep with a reason, before an entry is published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LogFinding {
    /// `log.personal_data`, `log.title_tells`, `log.empty`.
    pub code: &'static str,
    /// The text it is in.
    pub field: LogField,
    /// Byte range of that text.
    pub span: Range<usize>,
    /// The words.
    pub text: String,
    /// What kind of personal data it is.
    pub kind: Option<PersonalDataKind>,
    /// What is wrong and the way out.
    pub message: String,
}

impl LogEntry {
    /// Its texts in the order of reading.
    pub fn texts(&self) -> impl Iterator<Item = (LogField, &str)> {
        std::iter::once((LogField::Title, self.title.as_str())).chain(
            self.questions
                .iter()
                .enumerate()
                .flat_map(|(at, question)| {
                    [
                        (LogField::Question(at), question.question.as_str()),
                        (LogField::Answer(at), question.answer.as_str()),
                    ]
                    .into_iter()
                    .chain(
                        question
                            .reasons
                            .iter()
                            .enumerate()
                            .map(move |(nth, reason)| (LogField::Reason(at, nth), reason.as_str())),
                    )
                }),
        )
    }

    /// What to mend before it is published: personal data, a title that tells what an answer neither confirms nor
    /// denies, an answer without words.
    #[must_use]
    pub fn findings(
        &self,
        check: &PersonalDataCheck,
        guard: &LeakGuard,
        applicant: &[&str],
    ) -> Vec<LogFinding> {
        let mut findings = Vec::new();
        for (field, text) in self.texts() {
            for datum in check.find(text, applicant) {
                let words = text.get(datum.span.clone()).unwrap_or("").to_owned();
                findings.push(LogFinding {
                    code: "log.personal_data",
                    field,
                    message: format!(
                        "\"{words}\" looks like {}: {}",
                        datum.kind.name(),
                        datum.kind.mend()
                    ),
                    text: words,
                    kind: Some(datum.kind),
                    span: datum.span,
                });
            }
        }
        if self
            .questions
            .iter()
            .any(|question| question.outcome == Outcome::NeitherConfirmedNorDenied)
        {
            let leaks = guard.read(&self.title);
            if leaks.is_empty() && !asks(&self.title) {
                findings.push(LogFinding {
                    code: "log.title_tells",
                    field: LogField::Title,
                    message: "this title may tell as a fact what we neither confirm nor deny; begin with \"Question about\"".to_owned(),
                    text: self.title.clone(),
                    kind: None,
                    span: 0..self.title.len(),
                });
            }
            for leak in leaks {
                let words = self.title.get(leak.span.clone()).unwrap_or("").to_owned();
                findings.push(LogFinding {
                    code: "log.title_tells",
                    field: LogField::Title,
                    message: format!(
                        "\"{words}\" {}; name what was asked about, as \"Question about …\"",
                        leak.why
                    ),
                    text: words,
                    kind: None,
                    span: leak.span,
                });
            }
        }
        for (at, question) in self.questions.iter().enumerate() {
            let wordless = matches!(
                question.outcome,
                Outcome::Answered | Outcome::AlreadyAccessible
            ) && question.answer.trim().is_empty();
            if wordless {
                findings.push(LogFinding {
                    code: "log.empty",
                    field: LogField::Answer(at),
                    span: 0..0,
                    text: String::new(),
                    kind: None,
                    message: format!(
                        "question {} has no answer to show: give its words, or say where the file is",
                        question.label
                    ),
                });
            }
        }
        findings
    }

    /// The same entry with the personal data that the check finds taken out.
    #[must_use]
    pub fn without_personal_data(&self, check: &PersonalDataCheck, applicant: &[&str]) -> Self {
        let clean = |text: &str| check.cleaned(text, applicant);
        Self {
            title: clean(&self.title),
            questions: self
                .questions
                .iter()
                .map(|question| LogQuestion {
                    question: clean(&question.question),
                    answer: clean(&question.answer),
                    reasons: question
                        .reasons
                        .iter()
                        .map(|reason| clean(reason))
                        .collect(),
                    ..question.clone()
                })
                .collect(),
            ..self.clone()
        }
    }

    /// The last day on which anything about it changed, by `today`.
    #[must_use]
    pub fn changed_on(&self) -> Date {
        self.changes
            .iter()
            .map(|change| change.on)
            .chain(self.removed.iter().map(|removal| removal.on))
            .fold(self.published_on, Date::max)
    }

    /// The entry as the public record check reads it. `base` is the log's address.
    #[must_use]
    pub fn published(&self, base: &str) -> PublishedEntry {
        PublishedEntry {
            source: Source::DisclosureLog,
            id: self.address.clone(),
            place: format!("{}/{}", base.trim_end_matches('/'), self.address),
            published_on: Some(self.published_on),
            withdrawn_on: self.removed.as_ref().map(|removal| removal.on),
            says: Says::Exchanges(
                self.questions
                    .iter()
                    .map(|question| Exchange {
                        question: question.question.clone(),
                        answer: question.answer.clone(),
                        outcome: question.outcome,
                    })
                    .collect(),
            ),
        }
    }
}

/// Where a case stands in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogState {
    /// Not in it.
    Absent,
    /// To be published on a day.
    Planned(crate::event::Publication),
    /// Published.
    Published(crate::event::Publication),
    /// Taken down: its address shows a tombstone.
    Removed(crate::event::Publication, Removal),
}

/// Where a case stands in the log, from its events. A tombstone stays until the case is published again.
#[must_use]
pub fn state(history: &[Recorded], london: impl Fn(jiff::Timestamp) -> Date) -> LogState {
    let mut state = LogState::Absent;
    for recorded in history {
        state = match (&recorded.event, state) {
            (Some(Event::PublicationPlanned(plan)), _) => LogState::Planned(plan.clone()),
            (Some(Event::Published(publication)), _) => LogState::Published(publication.clone()),
            (Some(Event::Unpublished(reason)), LogState::Published(publication)) => {
                LogState::Removed(
                    publication,
                    Removal {
                        on: london(recorded.at),
                        reason: reason.reason.clone(),
                    },
                )
            }
            (_, state) => state,
        };
    }
    state
}
