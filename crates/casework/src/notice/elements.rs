//! The elements of a notice, each with whether it is there and where.

use std::ops::Range;

use law::{Act, Statute};

use super::cited::{Cited, Role, cited};
use super::cue::Cue;
use super::dates::{Dates, dates};
use super::interest::{Interest, interest};
use super::reading::Reading;
use super::reasons::{Likelihood, Reasons, likelihood, reasons};
use super::rights::{Rights, rights};
use super::text::Kind;
use super::{CitedProvision, Element, Known, Sources, Status};

/// Everything that the elements and findings are made from.
#[derive(Debug)]
pub(super) struct Facts {
    pub cited: Vec<Cited>,
    /// Where the authority refuses something, or says that it is exempt.
    pub refuses: Option<Range<usize>>,
    /// Where it says that an exemption, or another provision, lets it refuse.
    pub claims: Option<Range<usize>>,
    /// Where it neither confirms nor denies.
    pub neither: Option<Range<usize>>,
    /// Where it says that it holds the information, or supplies some.
    pub held: Option<Range<usize>>,
    /// Where it says that it holds none.
    pub not_held: Option<Range<usize>>,
    pub reasons: Reasons,
    pub likelihood: Likelihood,
    pub interest: Interest,
    pub rights: Rights,
    pub dates: Dates,
    pub known: Known,
    /// Whether content is withheld under a provision that needs the public interest test, FOIA s.2(2)(b).
    pub content_test: bool,
    /// Whether the duty to confirm or deny is excluded by one that needs it, FOIA s.2(1)(b).
    pub confirm_test: bool,
    /// Whether all of it is under the Environmental Information Regulations.
    pub environmental: bool,
}

impl Facts {
    pub fn gather(reading: &Reading<'_>, known: &Known, sources: &Sources<'_>) -> Self {
        let cited = cited(reading, sources.statute);
        let neither = neither(reading, &cited);
        let stated = |cues: &[Cue]| {
            (0..reading.len()).find_map(|index| {
                cues.iter()
                    .filter_map(|cue| reading.affirmed(index, *cue))
                    .find(|hit| {
                        reading.authority(index)
                            && !super::reasons::about_rights(reading, index)
                            && !supposed(reading, index, hit.words.start)
                    })
                    .map(|_| reading.span(index))
            })
        };
        let first_relied = cited
            .iter()
            .find(|cited| cited.relied())
            .map(|cited| reading.span(cited.sentence));
        let claims = first_relied
            .or_else(|| stated(&[Cue::Exempt, Cue::DutyExcluded]))
            .or_else(|| neither.clone());
        let refuses = claims
            .clone()
            .or_else(|| stated(&[Cue::Withheld, Cue::Refused]));
        let held = first(reading, |index| {
            reading.states(index)
                && reading.hits(index, Cue::Held).any(|hit| {
                    !reading.covered(index, hit, Cue::WhetherHeld) && !reading.denied(index, hit)
                })
                && !reading.has_any(index, &[Cue::Neither, Cue::NoIndication])
        });
        let not_held = first(reading, |index| {
            reading.states(index)
                && reading.has(index, Cue::NotHeld)
                && !reading
                    .hits(index, Cue::NotHeld)
                    .any(|hit| reading.covered(index, hit, Cue::WhetherHeld))
                && !reading.has_any(index, &[Cue::Neither, Cue::NoIndication, Cue::Cost])
        });
        let relied: Vec<&Cited> = cited.iter().filter(|cited| cited.relied()).collect();
        let environmental =
            !relied.is_empty() && relied.iter().all(|cited| cited.provision.act() == Act::Eir);
        let test = |role: Role| {
            relied
                .iter()
                .any(|cited| cited.role == role && needs_test(cited, sources.statute))
        };
        let (content_test, confirm_test) = (test(Role::Content), test(Role::ConfirmOrDeny));
        Self {
            refuses,
            claims,
            held,
            not_held,
            reasons: reasons(reading, &cited),
            likelihood: likelihood(reading, &cited, sources.statute),
            interest: interest(reading),
            rights: rights(reading),
            dates: dates(reading),
            known: *known,
            neither,
            content_test,
            confirm_test,
            environmental,
            cited,
        }
    }

    /// The provisions relied on, and those merely named, once each.
    pub fn citations(&self, reading: &Reading<'_>) -> (Vec<CitedProvision>, Vec<CitedProvision>) {
        let (mut relied, mut named): (Vec<CitedProvision>, Vec<CitedProvision>) =
            (Vec::new(), Vec::new());
        for cited in &self.cited {
            let list = if cited.relied() {
                &mut relied
            } else {
                &mut named
            };
            if !list.iter().any(|known| known.provision == cited.provision) {
                list.push(CitedProvision {
                    text: reading
                        .source
                        .get(cited.span.clone())
                        .unwrap_or("")
                        .to_owned(),
                    span: cited.span.clone(),
                    provision: cited.provision.clone(),
                    role: cited.role,
                });
            }
        }
        (relied, named)
    }

    pub fn relied(&self) -> impl Iterator<Item = &Cited> {
        self.cited.iter().filter(|cited| cited.relied())
    }

    /// Whether everything relied on is FOIA s.12 or s.14.
    pub fn only_refusals(&self) -> bool {
        self.relied().next().is_some() && self.relied().all(|cited| cited.role == Role::Refusal)
    }

    pub fn relies_on(&self, section: &str) -> bool {
        self.relied()
            .any(|cited| cited.provision.act() == Act::Foia && cited.provision.section() == section)
    }

    /// Whether a public interest test is owed.
    pub fn test_needed(&self) -> bool {
        self.content_test || self.confirm_test
    }

    pub fn has_role(&self, role: Role) -> bool {
        self.relied().any(|cited| cited.role == role)
    }
}

pub(super) fn needs_test(cited: &Cited, statute: &Statute) -> bool {
    match (cited.role, cited.provision.act()) {
        (_, Act::Foisa | Act::Instrument(..)) => false,
        (Role::Content | Role::ConfirmOrDeny, Act::Eir) => cited.provision.section() == "12",
        (Role::Content | Role::ConfirmOrDeny, Act::Foia) => statute
            .exemption(&cited.provision)
            .is_some_and(|exemption| exemption.requires_public_interest_test(&cited.provision)),
        (Role::Matter | Role::Refusal | Role::Mention, _) => false,
    }
}

fn first(reading: &Reading<'_>, mut is: impl FnMut(usize) -> bool) -> Option<Range<usize>> {
    (0..reading.len())
        .find(|index| is(*index))
        .map(|index| reading.span(index))
}

/// Whether a statement is only what might be.
fn supposed(reading: &Reading<'_>, index: usize, word: usize) -> bool {
    reading.hits(index, Cue::Hypothetical).any(|hit| {
        hit.words.start <= word.saturating_add(1) && word <= hit.words.end.saturating_add(6)
    })
}

/// Where the authority neither confirms nor denies.
fn neither(reading: &Reading<'_>, cited: &[Cited]) -> Option<Range<usize>> {
    let said = (0..reading.len()).find_map(|index| {
        if !reading.states(index) {
            return None;
        }
        reading
            .affirmed(index, Cue::Neither)
            .map(|_| reading.span(index))
    });
    said.or_else(|| {
        cited
            .iter()
            .find(|cited| cited.role == Role::ConfirmOrDeny)
            .map(|cited| cited.span.clone())
    })
}

/// Every element of the checklist.
pub(super) fn elements(reading: &Reading<'_>, facts: &Facts) -> Vec<Element> {
    let mut list = Checklist {
        reading,
        facts,
        elements: Vec::new(),
    };
    list.particulars();
    list.decision();
    list.reasons();
    list.public_interest();
    list.particular_refusals();
    list.complaints();
    list.elements
}

struct Checklist<'r, 't> {
    reading: &'r Reading<'t>,
    facts: &'r Facts,
    elements: Vec<Element>,
}

/// Whether an element is asked for by the Act or by good practice.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    Act,
    Practice,
}

impl Checklist<'_, '_> {
    /// Adds an element as judged.
    fn add(
        &mut self,
        id: &'static str,
        title: &'static str,
        provision: &'static str,
        by: By,
        owed: bool,
        span: Option<Range<usize>>,
    ) {
        let element = self.judge(id, title, provision, by, owed, span);
        self.elements.push(element);
    }

    /// An element: present with its passage, or else missing if it is owed.
    fn judge(
        &self,
        id: &'static str,
        title: &'static str,
        provision: &'static str,
        by: By,
        owed: bool,
        span: Option<Range<usize>>,
    ) -> Element {
        let status = match (&span, owed) {
            (Some(_), _) => Status::Present,
            (None, true) => Status::Missing,
            (None, false) => Status::NotApplicable,
        };
        let mut element = Element {
            id,
            title,
            provision,
            statutory: by == By::Act,
            status,
            value: None,
            span,
        };
        if status == Status::Missing {
            if let Some(gap) = self.gap_for(id) {
                element.status = Status::Unclear;
                element.value = Some("to complete".to_owned());
                element.span = Some(gap);
            } else if self.reading.text.cut_off && after_the_cut(id) {
                element.status = Status::Unclear;
                element.value = Some("the text breaks off".to_owned());
            }
        }
        element
    }

    /// A gap that a person must fill in with this element.
    fn gap_for(&self, id: &str) -> Option<Range<usize>> {
        let words: &[&str] = match id {
            "request_identified" => &["reference"],
            "date_of_issue" => &["date"],
            "confirms_or_denies" => &["answer", "confirm that"],
            "explains_why" => &["how ", "why", "reason"],
            "public_interest_for" => &["factors for", "public interest"],
            "public_interest_against" => &["factors against", "public interest"],
            "public_interest_conclusion" => &["balance", "public interest"],
            "internal_review" => &["internal review", "complaint"],
            "commissioner_contact" => &["commissioner"],
            "place_of_information" => &["where", "row", "register"],
            "cost_estimate" => &["estimate"],
            "staff_contact" => &["name", "officer", "signature"],
            "advice_and_assistance" => &["advice"],
            _ => &[],
        };
        self.reading
            .text
            .gaps
            .iter()
            .find(|gap| {
                let what = gap.what.to_lowercase();
                words.iter().any(|word| what.contains(word))
            })
            .map(|gap| gap.span.clone())
    }

    fn eir(&self, foia: &'static str, eir: &'static str) -> &'static str {
        if self.facts.environmental { eir } else { foia }
    }

    fn particulars(&mut self) {
        let reading = self.reading;
        let identified = first(reading, |index| {
            let voice = reading.authority(index)
                || reading.voices.get(index) == Some(&super::reading::Voice::Applicant);
            // A gap where the reference will stand identifies nothing yet.
            let span = reading.span(index);
            let gap = reading
                .text
                .gaps
                .iter()
                .any(|gap| gap.span.start < span.end && span.start < gap.span.end);
            voice
                && !gap
                && reading.has(index, Cue::RequestIdentified)
                && (reading.kind(index) != Kind::Heading || reading.has(index, Cue::OwnReference))
        });
        self.add(
            "request_identified",
            "Which request it answers",
            "FOIA s.45",
            By::Practice,
            true,
            identified,
        );
        let issued = self.facts.dates.issued.clone();
        let value = self
            .facts
            .known
            .issued_on
            .or(issued.as_ref().map(|(date, _)| *date));
        let mut element = self.judge(
            "date_of_issue",
            "The date it is given",
            "FOIA s.17(1)",
            By::Practice,
            true,
            issued.map(|(_, span)| span),
        );
        if let Some(date) = value {
            element.status = Status::Present;
            element.value = Some(date.to_string());
        }
        self.elements.push(element);
    }

    fn decision(&mut self) {
        let facts = self.facts;
        let refuses = facts.refuses.is_some();
        let (span, value) = if let Some(span) = &facts.neither {
            (Some(span.clone()), Some("neither confirmed nor denied"))
        } else if let Some(span) = &facts.held {
            (Some(span.clone()), Some("held"))
        } else if let Some(span) = &facts.not_held {
            (Some(span.clone()), Some("not held"))
        } else {
            (None, None)
        };
        // Over the cost limit or vexatious: the duty itself may not apply, FOIA s.12(2), s.14.
        let owed = !facts.only_refusals();
        let provision = self.eir("FOIA s.1(1)(a)", "EIR reg.5(1)");
        let mut element = self.judge(
            "confirms_or_denies",
            "Whether the information is held",
            provision,
            By::Act,
            owed,
            span,
        );
        if let Some(value) = value {
            element.value = Some(value.to_owned());
        }
        self.elements.push(element);
        let provision = match (facts.environmental, facts.only_refusals()) {
            (true, _) => "EIR reg.14(3)",
            (false, true) => "FOIA s.17(5)",
            (false, false) => "FOIA s.17(1)(a)",
        };
        self.add(
            "states_exemption",
            "That an exemption is relied on",
            provision,
            By::Act,
            refuses,
            facts.claims.clone(),
        );
        let relied = facts.relied().next();
        let names: Vec<String> = {
            let mut names = Vec::new();
            for cited in facts.relied() {
                let name = cited.provision.to_string();
                if !names.contains(&name) {
                    names.push(name);
                }
            }
            names
        };
        let mut element = self.judge(
            "specifies_provision",
            "Which, to the paragraph",
            if facts.environmental {
                "EIR reg.14(3)(a)"
            } else {
                "FOIA s.17(1)(b)"
            },
            By::Act,
            refuses,
            relied.map(|cited| cited.span.clone()),
        );
        if !names.is_empty() {
            element.value = Some(names.join(", "));
        }
        self.elements.push(element);
    }

    fn reasons(&mut self) {
        let facts = self.facts;
        let refuses = facts.refuses.is_some();
        let given = facts
            .reasons
            .best
            .map(|(index, _)| self.reading.span(index));
        let by = if facts.only_refusals() {
            By::Practice
        } else {
            By::Act
        };
        let recited = facts.reasons.recited.map(|index| self.reading.span(index));
        let mut element = self.judge(
            "explains_why",
            "Why it applies",
            self.eir("FOIA s.17(1)(c)", "EIR reg.14(3)"),
            by,
            refuses,
            given,
        );
        if element.status == Status::Missing
            && let Some(span) = recited
        {
            element.status = Status::Unclear;
            element.value = Some("in the Act's words only".to_owned());
            element.span = Some(span);
        }
        self.elements.push(element);
        let level = &facts.likelihood;
        let span = level
            .likely
            .clone()
            .or_else(|| level.would.clone())
            .or_else(|| level.either.clone())
            .or_else(|| level.recited.as_ref().map(|(span, _)| span.clone()));
        let chosen = span.is_some() && (level.likely.is_some() != level.would.is_some());
        let value = level.value().unwrap_or("none");
        let mut element = self.judge(
            "likelihood",
            "How likely the harm is",
            "FOIA s.17(1)(c)",
            By::Practice,
            level.needed,
            span,
        );
        element.value.get_or_insert_with(|| value.to_owned());
        if element.value.as_deref() == Some("the text breaks off") {
            element.value = Some("none".to_owned());
        }
        if element.status == Status::Present && !chosen {
            element.status = Status::Unclear;
        }
        self.elements.push(element);
    }

    fn public_interest(&mut self) {
        let facts = self.facts;
        let owed = facts.test_needed() && facts.interest.undecided.is_none();
        let provision = match (
            facts.environmental,
            facts.content_test || !facts.confirm_test,
        ) {
            (true, _) => "EIR reg.14(3)(b)",
            (false, true) => "FOIA s.17(3)(b)",
            (false, false) => "FOIA s.17(3)(a)",
        };
        let weighed = facts.refuses.is_some();
        let side = |spans: &[Range<usize>]| spans.first().filter(|_| weighed).cloned();
        self.add(
            "public_interest_for",
            "What speaks for disclosing or confirming",
            provision,
            By::Act,
            owed,
            side(&facts.interest.favouring),
        );
        self.add(
            "public_interest_against",
            "What speaks for the exemption",
            provision,
            By::Act,
            owed,
            side(&facts.interest.against),
        );
        self.add(
            "public_interest_conclusion",
            "Which side outweighs the other",
            provision,
            By::Act,
            owed,
            facts.interest.conclusion.clone().filter(|_| weighed),
        );
        if let Some(undecided) = &facts.interest.undecided {
            let when = first(self.reading, |index| {
                self.reading.authority(index)
                    && self.reading.has(index, Cue::EstimateDate)
                    && self.reading.sentence(index).is_some_and(|sentence| {
                        super::dates::in_words(self.reading, sentence.words.clone()).is_some()
                    })
            });
            let _ = undecided;
            self.add(
                "estimate_of_decision_date",
                "When the public interest will be decided",
                "FOIA s.17(2)",
                By::Act,
                facts.test_needed(),
                when,
            );
        }
    }

    fn particular_refusals(&mut self) {
        let (reading, facts) = (self.reading, self.facts);
        let stated = |cue: Cue| {
            first(reading, |index| {
                reading.states(index) && reading.has(index, cue)
            })
        };
        if facts.neither.is_some() {
            self.add(
                "no_indication",
                "That nothing can be read from it",
                "FOIA s.2(1)",
                By::Practice,
                true,
                stated(Cue::NoIndication),
            );
        }
        if facts.relies_on("36") {
            let person = first(reading, |index| {
                reading.states(index)
                    && reading.has(index, Cue::QualifiedPerson)
                    && reading.has(index, Cue::Opinion)
            })
            .or_else(|| stated(Cue::QualifiedPerson));
            self.add(
                "qualified_person",
                "Whose opinion it rests on",
                "FOIA s.36(2)",
                By::Act,
                true,
                person,
            );
        }
        if facts.relies_on("12") {
            let estimate = first(reading, |index| {
                reading.states(index)
                    && reading.hits(index, Cue::Cost).any(|hit| {
                        hit.words
                            .clone()
                            .any(|word| super::cue::is_number(reading.text.form(word)))
                    })
            });
            self.add(
                "cost_estimate",
                "How the cost was estimated",
                "FOIA s.12(1)",
                By::Practice,
                true,
                estimate,
            );
        }
        if facts.relies_on("21") {
            let place = first(reading, |index| {
                reading.authority(index)
                    && (reading.sentence(index).is_some_and(|sentence| {
                        sentence.words.clone().any(|word| {
                            super::text::is_address(reading.text.form(word))
                                && !reading.text.form(word).contains('@')
                                && !reading.text.form(word).contains("ico.")
                        })
                    }) || (reading.has(index, Cue::Place)
                        && !reading
                            .sentence(index)
                            .is_some_and(|sentence| sentence.opens)
                        && !super::reasons::about_rights(reading, index)))
            });
            self.add(
                "place_of_information",
                "Where the information can be found",
                "FOIA s.21",
                By::Act,
                true,
                place,
            );
        }
        let owed = facts.relies_on("12");
        self.add(
            "advice_and_assistance",
            "Help with another request",
            "FOIA s.16",
            By::Act,
            owed,
            stated(Cue::Advice).filter(|_| facts.refuses.is_some()),
        );
        if facts.reasons.given.is_empty() && facts.refuses.is_some() {
            let omitted = stated(Cue::Omitted);
            if omitted.is_some() {
                self.add(
                    "reasons_omitted",
                    "That reasons are left out, and under what",
                    "FOIA s.17(4)",
                    By::Act,
                    false,
                    omitted,
                );
            }
        }
    }

    fn complaints(&mut self) {
        let facts = self.facts;
        let refuses = facts.refuses.is_some();
        let rights = &facts.rights;
        // "We have no complaints procedure" is the other particular that the Act allows.
        let mut review = self.judge(
            "internal_review",
            "How to complain to the authority",
            self.eir("FOIA s.17(7)(a)", "EIR reg.14(5)(a)"),
            By::Act,
            refuses,
            rights.review.clone(),
        );
        if review.status == Status::Missing && rights.no_review.is_some() {
            review.status = Status::Unclear;
            review.span.clone_from(&rights.no_review);
            review.value = Some("said not to be open".to_owned());
        }
        self.elements.push(review);
        let value = rights
            .time_limit
            .as_ref()
            .and_then(|span| self.reading.source.get(span.clone()))
            .map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
        let provision = self.eir("FOIA s.45", "EIR reg.11(2)");
        let mut limit = self.judge(
            "internal_review_time_limit",
            "By when",
            provision,
            By::Practice,
            refuses,
            rights.time_limit.clone(),
        );
        limit.value = value.or(limit.value);
        self.elements.push(limit);
        let provision = self.eir("FOIA s.17(7)(b)", "EIR reg.14(5)(b)");
        self.add(
            "section_50_right",
            "The right to apply to the Commissioner",
            provision,
            By::Act,
            refuses,
            rights.section_50.clone(),
        );
        self.add(
            "commissioner_contact",
            "How to reach the Commissioner",
            "FOIA s.45",
            By::Practice,
            refuses,
            rights.contact.clone(),
        );
        self.add(
            "commissioner_time_limit",
            "The Commissioner's time limit",
            "FOIA s.50(2)(b)",
            By::Practice,
            refuses,
            rights.six_weeks.clone(),
        );
        let reading = self.reading;
        let staff = first(reading, |index| {
            reading.authority(index) && reading.has(index, Cue::StaffContact)
        });
        self.add(
            "staff_contact",
            "Whom to ask about it",
            "FOIA s.45",
            By::Practice,
            true,
            staff,
        );
    }
}

/// Whether an element usually stands late in a letter, so that a text which breaks off can't tell.
fn after_the_cut(id: &str) -> bool {
    !matches!(
        id,
        "request_identified"
            | "date_of_issue"
            | "confirms_or_denies"
            | "states_exemption"
            | "specifies_provision"
    )
}
