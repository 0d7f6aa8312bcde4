//! What an officer may answer a question with: rows of the published register, and answers that left earlier.

use std::collections::BTreeMap;

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
    /// Whether the question names what the contract is for.
    pub is_named: bool,
}

/// Contracts that a question asks for all at once.
#[derive(Clone, Debug)]
pub struct ContractList {
    /// The department; empty for all of the register.
    pub department: String,
    /// What the contracts are called.
    pub titles: Vec<String>,
}

/// Entries of the disclosure log that are looked at before it is said that none answers a question.
const LOOKED_AT: usize = 12;

/// A published answer that may answer a question.
#[derive(Clone, Debug)]
pub struct PublishedAnswer {
    /// The entry.
    pub entry: store::disclosure_log::LogEntry,
    /// The words that both questions tell, as they were asked.
    pub shared: Vec<String>,
}

/// The words that a question and a published one tell, where those are enough to say that one may answer the other: at
/// least half of what is asked about, and two words of it; or the one thing that is asked about, where the entry's title
/// names it or its question is about nothing else. A question that asks for a number isn't answered by a date.
fn shared(thesaurus: &Thesaurus, asked: &str, title: &str, published: &str) -> Option<Vec<String>> {
    let (ways, theirs) = (thesaurus.asks(asked), thesaurus.asks(published));
    if !ways.is_empty() && !theirs.is_empty() && ways.is_disjoint(&theirs) {
        return None;
    }
    let telling = |text: &str| {
        let mut words: Vec<Spoken> = Vec::new();
        for word in thesaurus.spoken(text) {
            if word.tells && words.iter().all(|known| !known.is(&word)) {
                words.push(word);
            }
        }
        words
    };
    let has = |words: &[Spoken], word: &Spoken| words.iter().any(|known| known.is(word));
    let (mine, question, title) = (telling(asked), telling(published), telling(title));
    let found: Vec<&Spoken> = mine
        .iter()
        .filter(|word| has(&question, word) || has(&title, word))
        .collect();
    let is_enough = match found.as_slice() {
        [] => false,
        [one] => mine.len() == 1 && (has(&title, one) || question.len() == 1),
        more => more.len().saturating_mul(2) >= mine.len(),
    };
    is_enough.then(|| found.iter().map(|word| word.said.clone()).collect())
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
    /// The rows of the published register that answer a question, best first; at most so many of each thing that it names.
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
                    is_named: found.is_named,
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
        let asked = if self.names_something(&question.text) {
            question.text.clone()
        } else {
            whole(question)
        };
        // In other words too: who asks for tickets is looking for fines.
        let mut words = asked.clone();
        for name in thesaurus.other_names(&asked) {
            words.push(' ');
            words.push_str(name);
        }
        let mut best: Option<PublishedAnswer> = None;
        for entry in self.search_published(&words, LOOKED_AT).await? {
            let shared = entry
                .questions
                .iter()
                .filter_map(|theirs| shared(thesaurus, &asked, &entry.title, &theirs.question))
                .max_by_key(Vec::len);
            let Some(shared) = shared else { continue };
            if best
                .as_ref()
                .is_none_or(|best| best.shared.len() < shared.len())
            {
                best = Some(PublishedAnswer { entry, shared });
            }
        }
        Ok(best)
    }

    /// Whether words tell what they are about, and not only how they ask.
    fn names_something(&self, text: &str) -> bool {
        let spoken = self.shelf.thesaurus().spoken(text);
        spoken.iter().any(|word| word.tells)
    }

    /// Whether words only ask, so that they ask of what was named before them.
    #[must_use]
    pub fn only_asks(&self, text: &str) -> bool {
        self.shelf.thesaurus().only_asks(text)
    }

    /// All the contracts of a department, or of the register, where a question asks for those.
    #[must_use]
    pub fn list_for(&self, question: &CaseQuestion) -> Option<ContractList> {
        let registers = self.registers();
        let register = registers.latest.as_ref()?;
        let department = register.list_asked_for(&question.text)?;
        self.lists()
            .into_iter()
            .find(|list| list.department == department)
    }

    /// All the contracts of the register, and those of each department.
    #[must_use]
    pub fn lists(&self) -> Vec<ContractList> {
        let registers = self.registers();
        let mut lists: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for contract in registers.latest.iter().flat_map(|latest| &latest.contracts) {
            let title = contract.title.as_ref().or(contract.description.as_ref());
            let department = contract.department.as_deref();
            for list in std::iter::once("").chain(department) {
                let titles = lists.entry(list).or_default();
                titles.extend(title.cloned());
            }
        }
        lists
            .into_iter()
            .map(|(department, titles)| ContractList {
                department: department.to_owned(),
                titles,
            })
            .collect()
    }

    /// Whether a question may be about contracts, whatever else it is about.
    #[must_use]
    pub fn is_about_contracts(&self, question: &CaseQuestion) -> bool {
        let registers = self.registers();
        let register = registers.latest.as_ref();
        register.is_some_and(|register| register.is_about_contracts(&question.text))
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
        for (asked, title, published, expected) in [
            (
                heating,
                "School meals",
                "Who is the supplier of the school meals contract and when does it end?",
                None,
            ),
            (
                heating,
                "Agreements",
                "What is the expiry date of your agreement with the supplier, and does it end early?",
                None,
            ),
            (
                heating,
                "Heating",
                "How many complaints about heating came in?",
                None,
            ),
            (
                heating,
                "A contract",
                "When does the heating contract end?",
                Some("heating"),
            ),
            (
                "How many potholes were there?",
                "Potholes",
                "What is the annual cost of potholes?",
                None,
            ),
            (
                "How many ducks live on the town pond?",
                "Ducks",
                "How many ducks live on the pond in winter?",
                Some("ducks, live, pond"),
            ),
            (
                "Please provide the contract, supplier and expiry for your system",
                "Systems",
                "Please provide the contract, supplier and expiry of the support system",
                None,
            ),
            (
                "please tell me about road defects",
                "Potholes reported",
                "How many potholes were reported in 2025?",
                Some("road defects"),
            ),
            (
                "please tell me about cuts",
                "Grass cutting",
                "How often is the mowing done?",
                None,
            ),
            (
                "How many trees were planted in 2025?",
                "Parking fines",
                "How many parking fines were issued in 2025?",
                None,
            ),
        ] {
            let found = shared(&thesaurus, asked, title, published).map(|words| words.join(", "));
            assert_eq!(found.as_deref(), expected, "{asked} / {published}");
        }
    }
}
