//! What an officer may answer a question with: rows of the published register, and answers that left earlier.

use casework::case::Case;
use casework::decision::{Decision, Slot};
use casework::event::CaseQuestion;
use casework::register::contract::Contract;
use casework::register::thesaurus::{Spoken, Thesaurus};
use jiff::ToSpan;
use jiff::civil::Date;

use crate::office::{Office, Trouble};
use crate::record::whole;

/// An answer older than this many months may not be right any more.
const OLD_AFTER_MONTHS: i64 = 6;

/// A row of the published register that may answer a question.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its permanent name.
    pub id: String,
    /// What it says.
    pub contract: Contract,
    /// Why it may answer.
    pub reasons: Vec<String>,
    /// Whether the contract has ended.
    pub has_ended: bool,
}

/// Entries of the disclosure log that are looked at before it is said that none answers a question.
const LOOKED_AT: usize = 8;

/// A published answer that may answer a question.
#[derive(Clone, Debug)]
pub struct PublishedAnswer {
    /// The entry.
    pub entry: store::disclosure_log::LogEntry,
    /// The words that both questions tell, as they were asked.
    pub shared: Vec<String>,
}

/// Words that ask and do nothing else.
const ASKING: &[&str] = &[
    "what",
    "which",
    "who",
    "whom",
    "when",
    "where",
    "how",
    "why",
    "many",
    "much",
    "please",
    "it",
    "tell",
    "give",
    "list",
    "state",
    "provide",
    "confirm",
    "know",
    "like",
    "about",
    "council",
    "information",
    "details",
    "there",
    "does",
];

/// The words that two questions tell, where those are enough to say that one may answer the other: at least half of what
/// is asked about, and two words of it, or the one thing that both ask about with something else that both ask of it. Words
/// that say only what kind of record it is never match by themselves.
fn shared(thesaurus: &Thesaurus, asked: &str, published: &str) -> Option<Vec<String>> {
    let distinct = |text: &str, tells: bool| {
        let mut words: Vec<Spoken> = Vec::new();
        for word in thesaurus.spoken(text) {
            if word.tells == tells && words.iter().all(|known| known.stem != word.stem) {
                words.push(word);
            }
        }
        words
    };
    let both = |one: &[Spoken], other: &[Spoken]| -> Vec<String> {
        one.iter()
            .filter(|word| other.iter().any(|known| known.stem == word.stem))
            .map(|word| word.said.clone())
            .collect()
    };
    let (mine, theirs) = (distinct(asked, true), distinct(published, true));
    let mut found = both(&mine, &theirs);
    let is_half = found.len().saturating_mul(2) >= mine.len();
    if found.len() >= 2 && is_half {
        return Some(found);
    }
    if found.len() == 1 && mine.len() == 1 && theirs.len() == 1 {
        let mut of_it = both(&distinct(asked, false), &distinct(published, false));
        of_it.retain(|word| !ASKING.contains(&word.as_str()));
        if !of_it.is_empty() {
            found.extend(of_it);
            return Some(found);
        }
    }
    None
}

/// An answer that left earlier.
#[derive(Clone, Debug)]
pub struct Earlier {
    /// The reference of its case.
    pub reference: String,
    /// The number of the question in that case, from 1.
    pub number: usize,
    /// The question.
    pub question: String,
    /// The answer, or where it was published.
    pub text: String,
    /// The day on which it left.
    pub answered_on: Date,
    /// The end of its address in the disclosure log.
    pub address: Option<String>,
    /// Whether it is so old that it may not be right any more.
    pub is_old: bool,
    /// Words of it that look like personal data.
    pub personal: Vec<String>,
}

impl Office {
    /// The rows of the published register that answer a question, best first.
    #[must_use]
    pub fn rows_for(&self, question: &CaseQuestion, at_most: usize) -> Vec<Row> {
        let registers = self.registers();
        let Some(register) = &registers.latest else {
            return Vec::new();
        };
        let today = self.today();
        register
            .answering(&question.text, question.stem.as_deref(), at_most)
            .into_iter()
            .filter_map(|found| {
                let contract = register.contracts.get(found.row)?.clone();
                Some(Row {
                    id: register.ids.get(found.row)?.clone(),
                    has_ended: contract.end.is_some_and(|end| end < today),
                    contract,
                    reasons: found.reasons,
                })
            })
            .collect()
    }

    /// The entry of the disclosure log that may answer a question, with why.
    ///
    /// # Errors
    /// The index or the database can't answer.
    pub async fn published_answer(
        &self,
        question: &CaseQuestion,
    ) -> Result<Option<PublishedAnswer>, Trouble> {
        let thesaurus = self.shelf.thesaurus();
        let names_something = thesaurus
            .spoken(&question.text)
            .iter()
            .any(|word| word.tells);
        let asked = if names_something {
            question.text.clone()
        } else {
            whole(question)
        };
        for entry in self.search_published(&asked, LOOKED_AT).await? {
            let shared = entry
                .questions
                .iter()
                .find_map(|theirs| shared(thesaurus, &asked, &theirs.question));
            if let Some(shared) = shared {
                return Ok(Some(PublishedAnswer { entry, shared }));
            }
        }
        Ok(None)
    }

    /// The words under FOIA s.21 that quote rows of the published register: name, quarter and address, then each row.
    #[must_use]
    pub fn quotation(&self, ids: &[String]) -> Option<String> {
        let registers = self.registers();
        let register = registers.latest.as_ref()?;
        let rows: Vec<usize> = ids.iter().filter_map(|id| register.row(id)).collect();
        let place = self
            .bundle
            .policy
            .policy
            .signposts
            .iter()
            .find(|signpost| signpost.id == "contracts-register")
            .map_or(("Contracts register", ""), |signpost| {
                (signpost.name.as_str(), signpost.url.as_str())
            });
        register
            .quotation(&rows, place)
            .map(|lines| lines.join("\n"))
    }

    /// What was given to a question of a case, from 1, if information or a place to look was.
    #[must_use]
    pub fn earlier_answer(&self, case: &Case, number: usize) -> Option<Earlier> {
        let state = case.questions.get(number.checked_sub(1)?)?;
        let answered_on = state.answered_on?;
        let (Decision::Answer {
            answer: Slot::Filled(text),
        }
        | Decision::AlreadyAccessible {
            place: Slot::Filled(text),
        }) = &state.decision.as_ref()?.decision
        else {
            return None;
        };
        let old_before = self
            .today()
            .checked_sub(OLD_AFTER_MONTHS.months())
            .unwrap_or(Date::MIN);
        Some(Earlier {
            reference: case.receipt.reference.clone(),
            number,
            question: whole(&state.question),
            personal: self
                .bundle
                .personal_data
                .find(text, &[])
                .into_iter()
                .filter_map(|datum| text.get(datum.span).map(str::to_owned))
                .collect(),
            text: text.clone(),
            answered_on,
            address: case
                .publication
                .as_ref()
                .map(|publication| publication.address.clone()),
            is_old: answered_on < old_before,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_say_only_what_kind_of_record_it_is_do_not_match() {
        let thesaurus = Thesaurus::parse(
            include_str!("../../../data/register/thesaurus.toml"),
            include_str!("../../../data/register/questions.toml"),
        )
        .unwrap();
        let heating = "who has the heating contract and when does it end";
        for (asked, published, expected) in [
            (
                heating,
                "Who is the supplier of the school meals contract and when does it end?",
                None,
            ),
            (
                heating,
                "What is the expiry date of your agreement with the supplier, and does it end early?",
                None,
            ),
            (heating, "How many complaints about heating came in?", None),
            (
                heating,
                "When does the heating contract end?",
                Some("heating, contract, end"),
            ),
            (
                "How many potholes were there?",
                "What is the annual cost of potholes?",
                None,
            ),
            (
                "How many ducks live on the town pond?",
                "How many ducks live on the pond in winter?",
                Some("ducks, live, pond"),
            ),
            (
                "Please provide the contract, supplier and expiry for your system",
                "Please provide the contract, supplier and expiry of the support system",
                None,
            ),
        ] {
            let found = shared(&thesaurus, asked, published).map(|words| words.join(", "));
            assert_eq!(found.as_deref(), expected, "{asked} / {published}");
        }
    }
}
