//! What an officer may answer a question with: rows of the published register, and answers that left earlier.

use casework::case::Case;
use casework::decision::{Decision, Slot};
use casework::event::CaseQuestion;
use casework::register::contract::Contract;
use jiff::ToSpan;
use jiff::civil::Date;

use crate::office::Office;
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
