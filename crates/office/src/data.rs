//! The law, policies, triage phrases and wording that come with the program, or their replacements in `--data DIR`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use casework::applicant::hex;
use casework::confidence::Confidence;
use casework::decision::Complaints;
use casework::event::Source;
use casework::excess::Excess;
use casework::leak_guard::LeakGuard;
use casework::notice::{Decisions, Phrases};
use casework::personal_data::PersonalDataCheck;
use casework::policy::Policy;
use casework::public_record::Lexicon;
use casework::register::{Layout, Thesaurus};
use casework::topics::Topics;
use law::{Calendar, Fees, Problem, Statute, TimeLimits};
use letters::Wording;
use sha2::{Digest, Sha256};
use triage::Vocabulary;

use crate::authority::Authority;
use crate::fault::Stop;
use crate::sign_in::Provider;

macro_rules! embedded {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../../data/", $name)))),*]
    };
}

/// Every data file, as compiled in.
const FILES: &[(&str, &str)] = embedded![
    "law/foia.toml",
    "law/time-limits.toml",
    "law/fees.toml",
    "law/bank-holidays.csv",
    "law/complaints.toml",
    "law/decisions.toml",
    "office/authority.toml",
    "office/sign-in.toml",
    "notice/voice.toml",
    "notice/refusal.toml",
    "notice/reasons.toml",
    "notice/public-interest.toml",
    "notice/rights.toml",
    "notice/particulars.toml",
    "policy/coventry-ict.toml",
    "policy/model-ict.toml",
    "register/layout.toml",
    "register/questions.toml",
    "register/thesaurus.toml",
    "triage/subjects.toml",
    "triage/information.toml",
    "triage/exclusions.toml",
    "wording/en/leaks.toml",
    "triage/cues.toml",
    "triage/weights.toml",
    "public-record/excessive.toml",
    "public-record/things.toml",
    "public-record/topics.toml",
    "public-record/personal-data.toml",
    "triage/confidence.toml",
    "wording/en/reply.toml",
    "wording/en/mail.toml",
];

/// `data/law/complaints.toml`.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct ComplaintsFile {
    ask_within_working_days: u32,
    answer_within_working_days: u32,
    commissioner_name: String,
    commissioner_address: String,
    commissioner_telephone: String,
    commissioner_url: String,
    verified_on: Option<jiff::civil::Date>,
    internal_review_contact: Option<String>,
}

/// Where data comes from: a folder that overrides, file by file, what is compiled in.
#[derive(Clone, Debug, Default)]
pub struct Data {
    folder: Option<PathBuf>,
}

/// A policy with the identity of the text it was read from.
#[derive(Debug)]
pub struct LoadedPolicy {
    /// The checked policy.
    pub policy: Policy,
    /// SHA-256 of its text, in hexadecimal.
    pub sha256: String,
}

/// The words of pages that differ from the English, each with the same places to fill and the same forms for one and for
/// several.
fn page_words(text: &str) -> Result<BTreeMap<String, String>, Vec<Problem>> {
    let file: BTreeMap<String, toml::Spanned<String>> = law::tables(text, "pages.malformed")?;
    let mut problems = Vec::new();
    let mut words = BTreeMap::new();
    for (english, said) in file {
        let slots = |text: &str| {
            let mut slots: Vec<char> = text
                .split('{')
                .skip(1)
                .filter_map(|rest| rest.chars().next())
                .collect();
            slots.sort_unstable();
            slots
        };
        if slots(&english) != slots(said.get_ref()) {
            problems.push(Problem::at(
                said.span(),
                "pages.slots",
                format!("\"{english}\" fills in other places: use each of its {{0}}, {{1}} once"),
            ));
        }
        if english.contains('|') != said.get_ref().contains('|') {
            problems.push(Problem::at(
                said.span(),
                "pages.forms",
                format!(
                    "\"{english}\" has forms for one and for several with | between them, or none"
                ),
            ));
        }
        if english != *said.get_ref() {
            words.insert(english, said.into_inner());
        }
    }
    if problems.is_empty() {
        Ok(words)
    } else {
        Err(problems)
    }
}

impl Data {
    /// Data from `folder` where it has the file, or else as compiled in.
    ///
    /// # Errors
    /// The folder does not exist.
    pub fn new(folder: Option<&Path>) -> Result<Self, Stop> {
        if let Some(folder) = folder
            && !folder.is_dir()
        {
            return Err(Stop::input(format!(
                "{}: data.no_folder: --data must name a folder",
                folder.display()
            )));
        }
        Ok(Self {
            folder: folder.map(Path::to_owned),
        })
    }

    /// Where the folder has a file of its own in place of one that comes with the program.
    fn replaced(&self, name: &str) -> Option<PathBuf> {
        let path = self.folder.as_ref()?.join(name);
        path.exists().then_some(path)
    }

    /// The text of one data file and the name to show for it.
    ///
    /// # Errors
    /// The overriding file can't be read.
    pub fn text(&self, name: &str) -> Result<(String, String), Stop> {
        if let Some(path) = self.replaced(name) {
            let shown = path.display().to_string();
            let text = std::fs::read_to_string(&path)
                .map_err(|error| Stop::input(format!("{shown}: data.unreadable: {error}")))?;
            return Ok((text, shown));
        }
        FILES
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, text)| ((*text).to_owned(), format!("data/{name}")))
            .ok_or_else(|| {
                Stop::input(format!("data/{name}: data.unknown_file: no such data file"))
            })
    }

    /// SHA-256 of the text of one data file, in hexadecimal.
    ///
    /// # Errors
    /// The overriding file can't be read.
    pub fn sha256(&self, name: &str) -> Result<String, Stop> {
        Ok(sha256(&self.text(name)?.0))
    }

    /// Ids of the policies that come with the program.
    pub fn policy_ids() -> Vec<&'static str> {
        FILES
            .iter()
            .filter_map(|(name, _)| {
                name.strip_prefix("policy/")
                    .and_then(|name| name.strip_suffix(".toml"))
            })
            .collect()
    }

    /// The Act.
    ///
    /// # Errors
    /// Every problem of the file.
    pub fn statute(&self) -> Result<Statute, Stop> {
        let (text, name) = self.text("law/foia.toml")?;
        Statute::parse(&text).map_err(|problems| located(&name, &text, &problems))
    }

    /// The regimes and their time limits.
    ///
    /// # Errors
    /// Every problem of the file.
    pub fn time_limits(&self) -> Result<TimeLimits, Stop> {
        let (text, name) = self.text("law/time-limits.toml")?;
        TimeLimits::parse(&text).map_err(|problems| located(&name, &text, &problems))
    }

    /// The appropriate limit and how costs are estimated.
    ///
    /// # Errors
    /// Every problem of the file.
    pub fn fees(&self) -> Result<Fees, Stop> {
        let (text, name) = self.text("law/fees.toml")?;
        Fees::parse(&text).map_err(|problems| located(&name, &text, &problems))
    }

    /// The bank holidays of the three calendars.
    ///
    /// # Errors
    /// Every problem of the file.
    pub fn calendar(&self) -> Result<Calendar, Stop> {
        let (text, name) = self.text("law/bank-holidays.csv")?;
        Calendar::parse(&text).map_err(|problems| located(&name, &text, &problems))
    }

    /// The authority that this installation works for.
    ///
    /// # Errors
    /// Every problem of the file.
    pub fn authority(&self) -> Result<Authority, Stop> {
        let (text, name) = self.text("office/authority.toml")?;
        Authority::parse(&text).map_err(|problems| located(&name, &text, &problems))
    }

    /// The identity provider through which people sign in, where there is one.
    ///
    /// # Errors
    /// Every problem of the file.
    pub fn sign_in(&self) -> Result<Option<Provider>, Stop> {
        let (text, name) = self.text("office/sign-in.toml")?;
        Provider::parse(&text).map_err(|problems| located(&name, &text, &problems))
    }

    /// The particulars of FOIA s.17(7); the review's contact from the file, or else from the policy.
    ///
    /// # Errors
    /// Every problem of the file.
    pub fn complaints(&self, loaded: &LoadedPolicy) -> Result<Complaints, Stop> {
        let (text, name) = self.text("law/complaints.toml")?;
        let file: ComplaintsFile = law::tables(&text, "complaints.malformed")
            .map_err(|problems| located(&name, &text, &problems))?;
        let review = file.internal_review_contact.or_else(|| {
            loaded
                .policy
                .complaints
                .as_ref()
                .map(|route| route.internal_review.clone())
        });
        Ok(Complaints {
            internal_review_contact: review,
            ask_within_working_days: file.ask_within_working_days,
            answer_within_working_days: file.answer_within_working_days,
            commissioner_name: file.commissioner_name,
            commissioner_address: file.commissioner_address,
            commissioner_telephone: file.commissioner_telephone,
            commissioner_url: file.commissioner_url,
            verified_on: file.verified_on,
        })
    }

    /// The identity of some of the files, for the record of what was decided under them.
    ///
    /// # Errors
    /// An overriding file can't be read.
    pub fn source(&self, id: &str, files: &[&str]) -> Result<Source, Stop> {
        let mut hash = Sha256::new();
        let mut version = env!("CARGO_PKG_VERSION").to_owned();
        for file in files {
            let (text, shown) = self.text(file)?;
            hash.update(text.as_bytes());
            if shown != format!("data/{file}") {
                version = format!("{}, {shown}", env!("CARGO_PKG_VERSION"));
            }
        }
        Ok(Source {
            id: id.to_owned(),
            version,
            sha256: hex(&hash.finalize()),
        })
    }

    /// Subjects, kinds of information, exclusions, the cues of a request's layout and the weights that rank readings.
    ///
    /// # Errors
    /// Every problem of the five files.
    pub fn vocabulary(&self) -> Result<Vocabulary, Stop> {
        let subjects = self.text("triage/subjects.toml")?;
        let information = self.text("triage/information.toml")?;
        let exclusions = self.text("triage/exclusions.toml")?;
        let cues = self.text("triage/cues.toml")?;
        let weights = self.text("triage/weights.toml")?;
        let located = |problems: Vec<triage::Problem>| {
            Stop::Input(
                problems
                    .into_iter()
                    .map(|problem| {
                        let (text, name) = match problem.file {
                            file if file.contains("information") => &information,
                            file if file.contains("exclusion") => &exclusions,
                            file if file.contains("cue") => &cues,
                            file if file.contains("weights") => &weights,
                            _ => &subjects,
                        };
                        Problem::at(problem.span.clone(), problem.code, problem.message.clone())
                            .locate(name, text)
                    })
                    .collect(),
            )
        };
        Vocabulary::parse(&subjects.0, &information.0, &exclusions.0, &cues.0)
            .and_then(|vocabulary| vocabulary.with_weights(&weights.0))
            .map_err(located)
    }

    /// How sure proposals are.
    ///
    /// # Errors
    /// Every problem of the file.
    pub fn confidence(&self) -> Result<Confidence, Stop> {
        let (text, name) = self.text("triage/confidence.toml")?;
        Confidence::parse(&text).map_err(|problems| located(&name, &text, &problems))
    }

    /// What the notice check listens for.
    ///
    /// # Errors
    /// Every problem of the files of `data/notice`.
    pub fn notice_phrases(&self) -> Result<Phrases, Stop> {
        let texts = FILES
            .iter()
            .filter(|(name, _)| name.starts_with("notice/"))
            .map(|(name, _)| self.text(name))
            .collect::<Result<Vec<_>, Stop>>()?;
        let files: Vec<(&str, &str)> = texts
            .iter()
            .map(|(text, shown)| (shown.as_str(), text.as_str()))
            .collect();
        Phrases::parse(&files).map_err(|problems| {
            Stop::Input(
                problems
                    .iter()
                    .map(|problem| {
                        let text = files
                            .iter()
                            .find(|(name, _)| *name == problem.file)
                            .map_or("", |(_, text)| *text);
                        problem.problem.locate(&problem.file, text)
                    })
                    .collect(),
            )
        })
    }

    /// Decision notices that have a record.
    ///
    /// # Errors
    /// Every problem of the file.
    pub fn decisions(&self) -> Result<Decisions, Stop> {
        let (text, name) = self.text("law/decisions.toml")?;
        Decisions::parse(&text).map_err(|problems| located(&name, &text, &problems))
    }

    /// What councils call the columns of a contracts register and write in its cells.
    ///
    /// # Errors
    /// Every problem of the file.
    pub fn register_layout(&self) -> Result<Layout, Stop> {
        let (text, name) = self.text("register/layout.toml")?;
        Layout::parse(&text).map_err(|problems| located(&name, &text, &problems))
    }

    /// What the things of a contracts register are called, and how questions about them are put.
    ///
    /// # Errors
    /// Every problem of the two files.
    pub fn register_thesaurus(&self) -> Result<Thesaurus, Stop> {
        let thesaurus = self.text("register/thesaurus.toml")?;
        let questions = self.text("register/questions.toml")?;
        Thesaurus::parse(&thesaurus.0, &questions.0).map_err(|problems| {
            Stop::Input(
                problems
                    .iter()
                    .map(|(file, problem)| {
                        let (text, name) = if *file == "thesaurus" {
                            &thesaurus
                        } else {
                            &questions
                        };
                        problem.locate(name, text)
                    })
                    .collect(),
            )
        })
    }

    /// The letter's wording.
    ///
    /// # Errors
    /// Every problem of the file.
    pub fn wording(&self) -> Result<Wording, Stop> {
        let (text, name) = self.text("wording/en/reply.toml")?;
        Wording::parse(&text).map_err(|problems| located(&name, &text, &problems))
    }

    /// The words that give away an answer which neither confirms nor denies.
    ///
    /// # Errors
    /// Every problem of the file.
    pub fn leak_guard(&self) -> Result<LeakGuard, Stop> {
        let (text, name) = self.text("wording/en/leaks.toml")?;
        LeakGuard::parse(&text).map_err(|problems| located(&name, &text, &problems))
    }

    /// What mails say.
    ///
    /// # Errors
    /// Every problem of the file.
    pub fn mail_words(&self) -> Result<Wording, Stop> {
        let (text, name) = self.text("wording/en/mail.toml")?;
        Wording::of(&text, crate::mail::SENTENCES)
            .map_err(|problems| located(&name, &text, &problems))
    }

    /// What the pages show in place of their English, in a language: what differs from it.
    ///
    /// # Errors
    /// There is no such file, or every problem of it.
    pub fn page_words(&self, language: &str) -> Result<BTreeMap<String, String>, Stop> {
        let name = format!("wording/{language}/pages.toml");
        // The pages hold their English themselves; the list that comes with it is for translators.
        if language == "en" && self.replaced(&name).is_none() {
            return Ok(BTreeMap::new());
        }
        let (text, name) = self.text(&name)?;
        page_words(&text).map_err(|problems| located(&name, &text, &problems))
    }

    /// What published words say that an authority has.
    ///
    /// # Errors
    /// Every problem of the file.
    pub fn lexicon(&self, vocabulary: &Vocabulary) -> Result<Lexicon, Stop> {
        let (text, name) = self.text("public-record/things.toml")?;
        Lexicon::parse(&text, vocabulary).map_err(|problems| located(&name, &text, &problems))
    }

    /// When neither confirming nor denying looks excessive.
    ///
    /// # Errors
    /// Every problem of the file.
    pub fn excess(&self, lexicon: &Lexicon) -> Result<Excess, Stop> {
        let (text, name) = self.text("public-record/excessive.toml")?;
        Excess::parse(&text, lexicon).map_err(|problems| located(&name, &text, &problems))
    }

    /// What published answers are about.
    ///
    /// # Errors
    /// Every problem of the file.
    pub fn topics(&self) -> Result<Topics, Stop> {
        let (text, name) = self.text("public-record/topics.toml")?;
        Topics::parse(&text).map_err(|problems| located(&name, &text, &problems))
    }

    /// What shows personal data.
    ///
    /// # Errors
    /// Every problem of the file.
    pub fn personal_data(&self) -> Result<PersonalDataCheck, Stop> {
        let (text, name) = self.text("public-record/personal-data.toml")?;
        PersonalDataCheck::parse(&text).map_err(|problems| located(&name, &text, &problems))
    }

    /// The policy with this id, or in this file.
    ///
    /// # Errors
    /// No such policy; or every problem of its file.
    pub fn policy(
        &self,
        id_or_file: &str,
        statute: &Statute,
        vocabulary: &Vocabulary,
    ) -> Result<LoadedPolicy, Stop> {
        let (text, name) = if Path::new(id_or_file).is_file() {
            let text = std::fs::read_to_string(id_or_file).map_err(|error| {
                Stop::input(format!("{id_or_file}: policy.unreadable: {error}"))
            })?;
            (text, id_or_file.to_owned())
        } else {
            self.text(&format!("policy/{id_or_file}.toml"))
                .map_err(|_| {
                    Stop::input(format!(
                        "policy.unknown: no policy `{id_or_file}`; use one of {}, or name a file",
                        Self::policy_ids().join(", ")
                    ))
                })?
        };
        self.policy_of_text(&text, &name, statute, vocabulary)
    }

    /// The policy of a text.
    ///
    /// # Errors
    /// Every problem of it.
    pub fn policy_of_text(
        &self,
        text: &str,
        name: &str,
        statute: &Statute,
        vocabulary: &Vocabulary,
    ) -> Result<LoadedPolicy, Stop> {
        let mut policy = Policy::parse(text, statute, &|id| vocabulary.has_subject(id), &|id| {
            vocabulary.has_information(id)
        })
        .map_err(|problems| located(name, text, &problems))?;
        policy.confidence = self.confidence()?;
        Ok(LoadedPolicy {
            policy,
            sha256: sha256(text),
        })
    }
}

/// SHA-256 of a text, in hexadecimal.
pub fn sha256(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

/// Problems of a file, each with its place in it.
pub fn located(name: &str, text: &str, problems: &[Problem]) -> Stop {
    Stop::Input(
        problems
            .iter()
            .map(|problem| problem.locate(name, text))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_pages_are_those_that_differ() {
        let words = page_words("\"Queue\" = \"Ciw\"\n\"Letter\" = \"Letter\"\n").unwrap();
        assert_eq!(
            words.into_iter().collect::<Vec<_>>(),
            [("Queue".to_owned(), "Ciw".to_owned())]
        );
    }

    #[test]
    fn a_place_to_fill_that_is_lost_is_told_with_all_others() {
        let codes: Vec<&str> =
            page_words("\"Question {0}\" = \"Cwestiwn\"\n\"case|cases\" = \"achos\"\n")
                .unwrap_err()
                .iter()
                .map(|problem| problem.code)
                .collect();
        assert_eq!(codes, ["pages.slots", "pages.forms"]);
    }
}
