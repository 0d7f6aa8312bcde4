//! What happened to a request, day by day, and its form on the command line.

use jiff::civil::Date;

use crate::{Problem, Provision};

/// The dated facts of one request that its clock depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chronology {
    /// The day on which it arrived, in Europe/London, working day or not.
    pub received_on: Date,
    /// The labels of its questions; empty when they aren't told apart.
    pub questions: Vec<String>,
    /// What happened since, in any order.
    pub events: Vec<Event>,
    /// Periods without school sessions, both ends included, for a limit in school days.
    pub no_school: Vec<(Date, Date)>,
}

/// Something that happened on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The day.
    pub on: Date,
    /// The questions it touches; empty when it touches the whole request.
    pub questions: Vec<String>,
    /// What happened.
    pub what: Happening,
}

/// What can happen to a request's clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happening {
    /// The authority told the applicant that it needs more detail, FOIA s.1(3).
    ClarificationSought {
        /// Whether it was reasonably needed to identify and locate the information; if not, the clock doesn't move.
        reasonably_needed: bool,
        /// Why, as recorded.
        reason: Option<String>,
    },
    /// The detail came in.
    ClarificationReceived,
    /// The authority gave a fees notice, FOIA s.9(1).
    FeesNoticeGiven,
    /// The fee came in.
    FeePaid,
    /// The authority gave notice that it is still weighing the public interest, FOIA s.10(3) and s.17(2).
    PublicInterestExtension {
        /// The qualified exemptions already found engaged.
        grounds: Vec<EngagedExemption>,
        /// The estimate of the day of the decision, FOIA s.17(2).
        until: Date,
        /// Why longer than is ordinary, as recorded.
        reason: Option<String>,
    },
    /// The authority told the applicant that the request is complex and voluminous, EIR reg.7(1).
    MoreTimeTaken {
        /// The day by which it will answer.
        until: Date,
        /// Why the request is both complex and voluminous, as recorded.
        reason: Option<String>,
    },
    /// The Commissioner agreed to a longer time, SI 2004/3364 reg.5 or 6.
    LongerTimeAgreed {
        /// The last day of it.
        until: Date,
    },
    /// The authority answered.
    Answered,
    /// The applicant asked for an internal review.
    ReviewAsked,
    /// The authority told the applicant that the review takes exceptionally long.
    ReviewExtended {
        /// Why, as recorded.
        reason: Option<String>,
    },
    /// The authority gave the outcome of the review.
    ReviewAnswered,
}

impl Happening {
    /// Its name on the command line and in messages.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::ClarificationSought { .. } => "clarification-sought",
            Self::ClarificationReceived => "clarification-received",
            Self::FeesNoticeGiven => "fees-notice",
            Self::FeePaid => "fee-paid",
            Self::PublicInterestExtension { .. } => "public-interest-extension",
            Self::MoreTimeTaken { .. } => "more-time",
            Self::LongerTimeAgreed { .. } => "longer-time-agreed",
            Self::Answered => "answered",
            Self::ReviewAsked => "review-asked",
            Self::ReviewExtended { .. } => "review-extended",
            Self::ReviewAnswered => "review-answered",
        }
    }
}

/// A qualified exemption that was found engaged before the public interest was weighed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EngagedExemption {
    /// The exemption, to the paragraph.
    pub provision: Provision,
    /// The day on which it was found engaged.
    pub engaged_on: Date,
    /// The day of the qualified person's opinion, for FOIA s.36.
    pub opinion_on: Option<Date>,
}

impl Chronology {
    /// A request received on a day, with nothing else recorded yet.
    #[must_use]
    pub fn received(received_on: Date) -> Self {
        Self {
            received_on,
            questions: Vec::new(),
            events: Vec::new(),
            no_school: Vec::new(),
        }
    }
}

impl Event {
    /// Whether it touches a question; `None` stands for those that no event names.
    pub(crate) fn touches(&self, question: Option<&str>) -> bool {
        self.questions.is_empty()
            || question.is_some_and(|label| self.questions.iter().any(|known| known == label))
    }
}

/// The kinds of event by name, with other names that officers use.
const KINDS: &[(&str, &[&str], &[&str])] = &[
    (
        "clarification-sought",
        &["clarification-asked", "clarification-requested"],
        &["questions", "needed", "reason"],
    ),
    ("clarification-received", &["clarified"], &["questions"]),
    ("fees-notice", &["fees-notice-given", "fee-notice"], &[]),
    ("fee-paid", &["fee-received", "fees-paid"], &[]),
    (
        "public-interest-extension",
        &["extension"],
        &[
            "exemption",
            "engaged",
            "opinion",
            "until",
            "questions",
            "reason",
        ],
    ),
    (
        "more-time",
        &["complexity-extension"],
        &["until", "questions", "reason"],
    ),
    ("longer-time-agreed", &[], &["until"]),
    ("answered", &["refusal-notice", "responded"], &["questions"]),
    (
        "review-asked",
        &["internal-review-asked", "internal-review-requested"],
        &[],
    ),
    (
        "review-extended",
        &["internal-review-extended"],
        &["reason"],
    ),
    ("review-answered", &["internal-review-answered"], &[]),
];

impl Event {
    /// Reads `KIND DATE [key=value …]`, such as `clarification-sought 2026-05-20 reason=two systems fit the description`
    /// or `public-interest-extension 2026-06-17 exemption=FOIA s.43(2) engaged=2026-06-10 until=2026-07-08`.
    ///
    /// `questions=2(a), 3` limits an event to these questions. A value runs to the next key.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let trimmed = text.trim_start();
        let kind_end = trimmed.find(char::is_whitespace).unwrap_or(trimmed.len());
        let (kind, rest) = trimmed.split_at(kind_end);
        let known = KINDS
            .iter()
            .find(|(name, aliases, _)| *name == kind || aliases.contains(&kind));
        let Some((name, _, keys)) = known else {
            let names: Vec<&str> = KINDS.iter().map(|(name, ..)| *name).collect();
            return Err(vec![Problem::at(
                0..kind.len(),
                "event.unknown_kind",
                format!(
                    "`{kind}` is not a kind of event; use one of {}",
                    names.join(", ")
                ),
            )]);
        };
        let rest = rest.trim_start();
        let date_end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let (day, rest) = rest.split_at(date_end);
        let on = read_date(day, &format!("`{name}`"), &mut problems);
        let values = Values::read(rest, name, keys, &mut problems);
        let what = values.happening(name, &mut problems);
        let questions = values.list("questions");
        match (on, what) {
            (Some(on), Some(what)) if problems.is_empty() => Ok(Self {
                on,
                questions,
                what,
            }),
            _ => Err(problems),
        }
    }
}

fn read_date(text: &str, of: &str, problems: &mut Vec<Problem>) -> Option<Date> {
    let date = text.parse().ok();
    if date.is_none() {
        let message = if text.is_empty() {
            format!("{of} needs a date, as 2026-11-24")
        } else {
            format!("`{text}` of {of} is not a date; write it as 2026-11-24")
        };
        problems.push(Problem::new("event.bad_date", message));
    }
    date
}

/// The `key=value` pairs of an event.
struct Values(Vec<(String, String)>);

impl Values {
    fn read(text: &str, kind: &str, keys: &[&str], problems: &mut Vec<Problem>) -> Self {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for word in text.split_whitespace() {
            let key = word
                .split_once('=')
                .filter(|(key, _)| !key.is_empty() && key.chars().all(|c| c.is_ascii_lowercase()));
            match key {
                Some((key, value)) if keys.contains(&key) => {
                    if pairs.iter().any(|(other, _)| other == key) {
                        problems.push(Problem::new(
                            "event.key_twice",
                            format!("`{key}` stands twice in `{kind}`; give it once, with commas between values"),
                        ));
                    }
                    pairs.push((key.to_owned(), value.to_owned()));
                }
                // Words with an equals sign are words when they stand in a reason.
                Some((key, _)) if pairs.last().is_none_or(|(last, _)| last != "reason") => {
                    let hint = if keys.is_empty() {
                        "it takes none".to_owned()
                    } else {
                        format!("use {}", keys.join(", "))
                    };
                    problems.push(Problem::new(
                        "event.unknown_key",
                        format!("`{kind}` knows no key `{key}`; {hint}"),
                    ));
                }
                _ => match pairs.last_mut() {
                    Some((_, value)) => {
                        if !value.is_empty() {
                            value.push(' ');
                        }
                        value.push_str(word);
                    }
                    None => problems.push(Problem::new(
                        "event.stray_word",
                        format!("`{word}` after the date of `{kind}` belongs to no key; write reason={word}, or leave it out"),
                    )),
                },
            }
        }
        Self(pairs)
    }

    fn get(&self, key: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(known, _)| known == key)
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    fn list(&self, key: &str) -> Vec<String> {
        self.get(key)
            .into_iter()
            .flat_map(|value| value.split(','))
            .map(str::trim)
            .filter(|item| !item.is_empty())
            .map(str::to_owned)
            .collect()
    }

    fn happening(&self, kind: &str, problems: &mut Vec<Problem>) -> Option<Happening> {
        let reason = self.get("reason").map(str::to_owned);
        Some(match kind {
            "clarification-sought" => Happening::ClarificationSought {
                reasonably_needed: self.needed(problems)?,
                reason,
            },
            "clarification-received" => Happening::ClarificationReceived,
            "fees-notice" => Happening::FeesNoticeGiven,
            "fee-paid" => Happening::FeePaid,
            "public-interest-extension" => {
                let grounds = self.grounds(problems);
                let until = self.until(kind, problems);
                Happening::PublicInterestExtension {
                    grounds,
                    until: until?,
                    reason,
                }
            }
            "more-time" => Happening::MoreTimeTaken {
                until: self.until(kind, problems)?,
                reason,
            },
            "longer-time-agreed" => Happening::LongerTimeAgreed {
                until: self.until(kind, problems)?,
            },
            "answered" => Happening::Answered,
            "review-asked" => Happening::ReviewAsked,
            "review-extended" => Happening::ReviewExtended { reason },
            "review-answered" => Happening::ReviewAnswered,
            _ => return None,
        })
    }

    fn needed(&self, problems: &mut Vec<Problem>) -> Option<bool> {
        match self.get("needed") {
            None | Some("yes") => Some(true),
            Some("no") => Some(false),
            Some(other) => {
                problems.push(Problem::new(
                    "event.bad_value",
                    format!("`needed={other}`: was the detail reasonably needed to find the information? write yes or no"),
                ));
                None
            }
        }
    }

    fn until(&self, kind: &str, problems: &mut Vec<Problem>) -> Option<Date> {
        if let Some(day) = self.get("until") {
            return read_date(day, &format!("`until` in `{kind}`"), problems);
        }
        problems.push(Problem::new(
            "event.no_until",
            format!("`{kind}` needs until=DATE, the day by which the applicant was told to expect the answer"),
        ));
        None
    }

    fn grounds(&self, problems: &mut Vec<Problem>) -> Vec<EngagedExemption> {
        let exemptions = self.list("exemption");
        if exemptions.is_empty() {
            problems.push(Problem::new(
                "event.no_exemption",
                "`public-interest-extension` must name a qualified exemption already engaged, FOIA s.10(3): add exemption=FOIA s.43(2)",
            ));
        }
        let engaged_on = if let Some(day) = self.get("engaged") {
            read_date(day, "`engaged`", problems)
        } else {
            problems.push(Problem::new(
                "event.not_engaged",
                "more time is for weighing the public interest, not for finding out which exemption applies: add engaged=DATE, the day on which the exemption was found engaged",
            ));
            None
        };
        let opinion_on = self
            .get("opinion")
            .and_then(|day| read_date(day, "`opinion`", problems));
        exemptions
            .iter()
            .filter_map(|text| match text.parse::<Provision>() {
                Ok(provision) => Some(EngagedExemption {
                    provision,
                    engaged_on: engaged_on?,
                    opinion_on,
                }),
                Err(error) => {
                    problems.push(Problem::new("event.bad_exemption", error.to_string()));
                    None
                }
            })
            .collect()
    }
}
