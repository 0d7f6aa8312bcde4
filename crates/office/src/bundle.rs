//! Everything that is read from data once, when the office opens.

use std::collections::BTreeMap;
use std::sync::Arc;

use casework::command::Setting;
use casework::decision::Complaints;
use casework::event::{Basis, Source};
use casework::excess::Excess;
use casework::leak_guard::LeakGuard;
use casework::notice::{Decisions, Phrases, Sources};
use casework::personal_data::PersonalDataCheck;
use casework::public_record::Lexicon;
use casework::topics::Topics;
use jiff::civil::Date;
use law::cost::CostLimit;
use law::{Calendar, Fee, Fees, Statute, TimeLimits, WorkingDays};
use triage::Vocabulary;

use crate::authority::Authority;
use crate::data::{Data, LoadedPolicy};
use crate::fault::Stop;
use crate::sign_in::Provider;

/// Law, policy, triage phrases and wording, read and checked.
pub struct Bundle {
    /// The authority.
    pub authority: Authority,
    /// The identity provider through which people sign in, where there is one.
    pub sign_in: Option<Provider>,
    /// The Act.
    pub statute: Statute,
    /// The regimes and their time limits.
    pub limits: TimeLimits,
    /// The appropriate limit and the rate, FOIA s.12(3).
    pub fees: Fees,
    /// Bank holidays.
    pub calendar: Calendar,
    /// Triage phrases.
    pub vocabulary: Vocabulary,
    /// The authority's policy.
    pub policy: LoadedPolicy,
    /// What gives away an answer that neither confirms nor denies.
    pub leak_guard: LeakGuard,
    /// What shows personal data in words about to be published.
    pub personal_data: Arc<PersonalDataCheck>,
    /// What published words say that an authority has.
    pub lexicon: Lexicon,
    /// What published answers are about, and the identity of the file that says it.
    pub topics: Arc<Topics>,
    pub(crate) topics_identity: String,
    /// When neither confirming nor denying looks excessive.
    pub excess: Excess,
    /// What the notice check listens for.
    pub phrases: Phrases,
    /// Decision notices that have a record.
    pub decisions: Decisions,
    /// Internal review and Commissioner.
    pub complaints: Complaints,
    /// What mails say.
    pub mail_words: letters::Wording,
    /// What pages show in place of their English.
    pub page_words: BTreeMap<String, String>,
    /// What decisions are made under now: each text with its hash.
    pub basis: Basis,
    answer_within: WorkingDays,
    review_within: WorkingDays,
    ask_review_within: WorkingDays,
}

impl Bundle {
    /// Reads everything.
    ///
    /// # Errors
    /// Every problem of the first file that has any.
    pub fn read(data: &Data) -> Result<Self, Stop> {
        let authority = data.authority()?;
        let statute = data.statute()?;
        let limits = data.time_limits()?;
        let vocabulary = data.vocabulary()?;
        let policy = data.policy(&authority.policy, &statute, &vocabulary)?;
        let lexicon = data.lexicon(&vocabulary)?;
        let complaints = data.complaints(&policy)?;
        let standard = limits
            .as_at("foia", "standard", Date::MAX)
            .ok_or_else(|| {
                Stop::input("law.no_limit: data/law/time-limits.toml has no standard limit of foia")
            })?
            .length();
        let basis = Basis {
            law: data.source(
                "foia",
                &[
                    "law/foia.toml",
                    "law/time-limits.toml",
                    "law/bank-holidays.csv",
                ],
            )?,
            policy: Source {
                id: policy.policy.id.clone(),
                version: policy.policy.version.clone(),
                sha256: policy.sha256.clone(),
            },
            triage: data.source(
                "triage",
                &[
                    "triage/subjects.toml",
                    "triage/information.toml",
                    "triage/exclusions.toml",
                    "triage/cues.toml",
                    "triage/weights.toml",
                    "triage/confidence.toml",
                ],
            )?,
            wording: data.source("en", &["wording/en/reply.toml"])?,
        };
        Ok(Self {
            calendar: data.calendar()?,
            fees: data.fees()?,
            leak_guard: data.leak_guard()?,
            personal_data: Arc::new(data.personal_data()?),
            topics: Arc::new(data.topics()?),
            topics_identity: data
                .source("topics", &["public-record/topics.toml"])?
                .sha256,
            excess: data.excess(&lexicon)?,
            lexicon,
            phrases: data.notice_phrases()?,
            decisions: data.decisions()?,
            answer_within: standard,
            review_within: WorkingDays(complaints.answer_within_working_days),
            ask_review_within: WorkingDays(complaints.ask_within_working_days),
            mail_words: data.mail_words()?,
            page_words: data.page_words(&authority.language)?,
            sign_in: data.sign_in()?,
            authority,
            statute,
            limits,
            vocabulary,
            policy,
            complaints,
            basis,
        })
    }

    /// What follows when a fee is asked for, FOIA s.9.
    #[must_use]
    pub fn fee(&self) -> Option<&Fee> {
        self.limits.regime("foia")?.fee.as_ref()
    }

    /// The authority's name as its administrator wrote it, otherwise as its policy has it.
    #[must_use]
    pub fn named(&self, written: &str) -> String {
        match written.trim() {
            "" => self.policy.policy.authority.clone(),
            written => written.to_owned(),
        }
    }

    /// What words of a request are taken for, `information:incident-count` as "asks: how many cyber incidents there were".
    #[must_use]
    pub fn finding(&self, supports: &str) -> String {
        let said = match supports.split_once(':') {
            Some(("information", id)) => self
                .vocabulary
                .information_asks(id)
                .map(|asks| format!("asks: {asks}")),
            Some(("subject", id)) => self
                .vocabulary
                .subject_label(id)
                .map(|label| format!("is about {label}")),
            _ => None,
        };
        // What a newer list of words has dropped.
        said.unwrap_or_else(|| supports.replace('-', " ").replace(':', ": "))
    }

    /// The last day on which a review of an answer can be asked for; `None` beyond the bank holiday data.
    #[must_use]
    pub fn review_until(&self, sent_on: Date) -> Option<Date> {
        let last = self
            .calendar
            .nth_working_day_after(sent_on, self.ask_review_within);
        last.ok()
    }

    /// The day on which a question is closed if no reply comes to a request for clarification of it; `None` where the authority
    /// sets none, or beyond the bank holiday data.
    #[must_use]
    pub fn clarification_lapses_on(&self, sought_on: Date) -> Option<Date> {
        let days = law::WorkingDays(self.authority.clarification_lapses_on?);
        self.calendar.nth_working_day_after(sought_on, days).ok()
    }

    /// What commands are checked against on a day.
    #[must_use]
    pub fn setting(&self, today: Date) -> Setting<'_> {
        Setting {
            today,
            calendar: &self.calendar,
            statute: &self.statute,
            answer_within: self.answer_within,
            review_within: self.review_within,
            ask_review_within: self.ask_review_within,
            fee: self.fee(),
        }
    }

    /// The limit that an estimate of cost is held against, for a request received on a day, FOIA s.12(3).
    #[must_use]
    pub fn cost_limit(&self, received_on: Date) -> Option<CostLimit> {
        let kind = &self.authority.appropriate_limit;
        Some(CostLimit {
            pounds: self.fees.limit_as_at(kind, received_on)?.pounds,
            pounds_an_hour: self.fees.rate_as_at(received_on)?.pounds,
        })
    }

    /// What notices are checked against.
    #[must_use]
    pub fn sources(&self) -> Sources<'_> {
        Sources {
            phrases: &self.phrases,
            statute: &self.statute,
            calendar: Some(&self.calendar),
            decisions: &self.decisions,
        }
    }
}
