//! Invented requests and whole lives of cases, for demonstrations, tests and measurement. The same number gives the
//! same case, always; nobody in it exists.

use jiff::ToSpan;
use jiff::civil::Date;
use law::{NotAProvision, Provision};
use sha2::{Digest, Sha256};

use crate::applicant::{Applicant, hex};
use crate::command::Command;
use crate::confirm_or_deny::{Consideration, Consistency};
use crate::consistency::topics;
use crate::decision::{
    AppliedExemption, Decision, Likelihood, NeitherConfirmNorDeny, Prejudice, PublicInterestTest,
    Slot,
};
use crate::event::{
    About, Acknowledgement, Approval, Assignment, Attachment, Basis, CaseQuestion, Channel,
    Clarification, ClarificationAnswer, Closure, ClosureReason, Complaint, ConfirmOrDenyOutcome,
    CostEstimate, Draft, EvidenceRecord, Factor, HarmEvidence, Issue, KeyKind, LetterFault,
    LetterReference, Opening, Owner, ProposalRecord, PublicInterest, Publication, QuestionDecision,
    QuestionId, Questions, Receipt, ReviewDecision, ReviewOutcome, ReviewRequestMade,
    ReviewedQuestion, Ruling, Search, SentBack, Source, ValidityCheck, ValidityRequirement, Weight,
    Withdrawal,
};
use crate::holding::{Held, Holding};
use crate::proposal::Kind;
use crate::role::{Actor, Role};
use crate::treatment::{Regime, Treatment};

/// One step in the life of an invented case.
pub struct Step {
    /// The day on which it is taken.
    pub on: Date,
    /// By whom.
    pub by: Actor,
    /// What is done.
    pub command: Command,
    /// What a search found, to be sealed with it.
    pub found: Option<Holding>,
    /// The contents of the files that it names.
    pub files: Vec<Vec<u8>>,
}

/// An invented case.
pub struct Life {
    /// Who asked.
    pub applicant: Applicant,
    /// What happens, in order; the first step is the receipt.
    pub steps: Vec<Step>,
}

/// Numbers that look random and follow from the first.
struct Dice(u64);

impl Dice {
    /// Splitmix64.
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next().checked_rem(end).unwrap_or(0)
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> Option<T> {
        let at = usize::try_from(self.below(from.len() as u64)).ok()?;
        from.get(at).copied()
    }

    fn word(&mut self, from: &[&'static str]) -> &'static str {
        self.pick(from).unwrap_or("records")
    }
}

const SUBJECTS: &[(&str, &str, &[&str])] = &[
    (
        "servers",
        "ict",
        &[
            "physical servers",
            "virtual servers",
            "database servers",
            "file servers",
        ],
    ),
    (
        "laptops",
        "ict",
        &[
            "laptops",
            "tablets",
            "mobile phones",
            "desktop computers",
            "monitors",
        ],
    ),
    (
        "software",
        "ict",
        &[
            "finance system",
            "planning system",
            "housing system",
            "customer portal",
            "payroll system",
            "document management system",
            "library system",
        ],
    ),
    (
        "cyber",
        "ict",
        &[
            "firewall",
            "antivirus software",
            "cyber attacks",
            "ransomware incidents",
            "penetration tests",
            "phishing emails",
        ],
    ),
    (
        "repairs",
        "housing",
        &[
            "boiler repairs",
            "damp and mould reports",
            "void properties",
            "lift breakdowns",
            "asbestos surveys",
            "fire doors",
        ],
    ),
    (
        "highways",
        "highways",
        &[
            "potholes",
            "parking bays",
            "yellow box junctions",
            "bus lanes",
            "street lights",
            "cycle lanes",
            "speed cameras",
        ],
    ),
    (
        "education",
        "education",
        &[
            "school transport",
            "exclusions",
            "special school places",
            "free school meals",
            "education plans",
        ],
    ),
    (
        "waste",
        "environment",
        &[
            "fly tipping",
            "recycling bins",
            "missed collections",
            "garden waste",
            "incinerator contracts",
        ],
    ),
    (
        "people",
        "people",
        &[
            "agency staff",
            "settlement agreements",
            "sickness absence",
            "apprenticeships",
            "consultants",
        ],
    ),
    (
        "leisure",
        "culture",
        &[
            "libraries",
            "swimming pools",
            "museums",
            "allotments",
            "park rangers",
            "public toilets",
        ],
    ),
    (
        "finance",
        "finance",
        &[
            "business rates",
            "council tax arrears",
            "bailiff referrals",
            "insurance claims",
            "investment losses",
        ],
    ),
    (
        "licensing",
        "regulation",
        &[
            "taxi licences",
            "premises licences",
            "food hygiene ratings",
            "noise complaints",
            "dog fouling fines",
        ],
    ),
];
const ASKS: &[&str] = &[
    "How many {} did the council have on 31 March {year}, broken down by ward and by department?",
    "What was the total spend on {} in each of the last {n} financial years up to {year}?",
    "Who is the current supplier for {}, and when does the contract for {} end or come up for renewal?",
    "Please provide a copy of any policy, procedure or guidance on {} that was in force during {year}.",
    "How many complaints about {} were received in {year}, and how many of them were upheld at stage {n}?",
    "What is the manufacturer, model and version of the {} in use since {year}?",
    "Please list every meeting at which {} were discussed in {year}, with the date and the committee.",
    "What is the job title of the officer responsible for {}, and how many staff report to that officer?",
    "How long did it take on average to deal with {} in {year}, in working days, and what is the target?",
    "Have any {} been reported to the regulator since {year}, and if so on how many occasions?",
];
const OPENINGS: &[&str] = &[
    "Dear council,\n\nUnder the Freedom of Information Act 2000 I would like to know the following.\n\n",
    "Good morning,\n\nPlease treat this as a request for information.\n\n",
    "Hello,\n\nI am writing to ask for information that you hold about your services.\n\n",
    "To the information officer\n\nI request the information set out below, please.\n\n",
];
const CLOSINGS: &[&str] = &[
    "\nIf any part can't be answered please answer the rest. I would prefer a spreadsheet.\n\nYours faithfully\n",
    "\nThank you for your help. Please acknowledge this request.\n",
    "\nI look forward to your reply within twenty working days.\n",
];
const FIRST: &[&str] = &[
    "Joy", "Sam", "Priya", "Tomos", "Aileen", "Marek", "Grace", "Idris", "Nadia", "Owen", "Leila",
    "Peter",
];
const LAST: &[&str] = &[
    "Adeyemi",
    "Brook",
    "Chandra",
    "Pritchard",
    "Mackie",
    "Nowak",
    "Harwood",
    "Vaughan",
    "Rahman",
    "Fenwick",
    "Okafor",
    "Lund",
];
const OFFICERS: &[&str] = &["amina", "ben", "carys"];

/// The text of an invented request and where its questions stand in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    /// A subject line.
    pub subject: String,
    /// The service area that it is mostly for.
    pub area: &'static str,
    /// The text.
    pub text: String,
    /// The questions, with spans of the text.
    pub questions: Vec<CaseQuestion>,
}

/// The request of this number.
#[must_use]
pub fn text(number: u64) -> Text {
    let mut dice = Dice(number);
    let (subject_id, area, things) =
        dice.pick(SUBJECTS)
            .unwrap_or(("other", "other", &["records"]));
    let mut text = dice.word(OPENINGS).to_owned();
    let count = dice.below(5).saturating_add(1);
    let mut questions = Vec::new();
    let mut subject = String::new();
    for index in 1..=count {
        let thing = dice.word(things);
        if subject.is_empty() {
            subject = format!("Request about {thing}");
        }
        let ask = dice
            .word(ASKS)
            .replace("{}", thing)
            .replace("{year}", &dice.below(9).saturating_add(2017).to_string())
            .replace("{n}", &dice.below(4).saturating_add(2).to_string());
        text.push_str(&format!("{index}. "));
        let start = text.len();
        text.push_str(&ask);
        let end = text.len();
        text.push('\n');
        let protected = subject_id == "cyber";
        let register = ask.contains("supplier");
        questions.push(CaseQuestion {
            id: QuestionId(format!("q{index}")),
            label: index.to_string(),
            span: (start, end),
            text: ask,
            stem: None,
            proposal: Some(ProposalRecord {
                kind: match (protected, register) {
                    (true, _) => Kind::Protected,
                    (false, true) => Kind::Register,
                    (false, false) => Kind::Open,
                },
                category: protected.then(|| "cyber".to_owned()),
                subjects: vec![subject_id.to_owned()],
                information: Vec::new(),
                provisions: Vec::new(),
                confidence_thousandths: u16::try_from(dice.below(400))
                    .unwrap_or(0)
                    .saturating_add(600),
                evidence: vec![EvidenceRecord {
                    span: (start, end),
                    supports: format!("subject:{subject_id}"),
                    rule: "invented".to_owned(),
                }],
                because: String::new(),
            }),
        });
    }
    text.push_str(dice.word(CLOSINGS));
    Text {
        subject,
        area,
        text,
        questions,
    }
}

/// The texts that invented decisions name.
#[must_use]
pub fn basis() -> Basis {
    let source = |id: &str| Source {
        id: id.to_owned(),
        version: "invented".to_owned(),
        sha256: sha256(id),
    };
    Basis {
        law: source("foia"),
        policy: source("model-ict"),
        triage: source("triage"),
        wording: source("en/reply"),
    }
}

fn sha256(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

fn attachment(name: &str, seed: &str) -> Attachment {
    Attachment {
        name: name.to_owned(),
        sha256: sha256(seed),
        bytes: seed.len() as u64,
    }
}

/// The life of the case of this number, received on a day; it goes on as far as `today` lets it.
///
/// # Errors
/// Never: the provisions it cites are written here, and a test reads them.
pub fn life(number: u64, received_on: Date, today: Date) -> Result<Life, NotAProvision> {
    let mut dice = Dice(number ^ 0x5eed);
    let request = text(number);
    let name = format!("{} {}", dice.word(FIRST), dice.word(LAST));
    let applicant = Applicant {
        contact: format!(
            "{}.{number}@example.org",
            name.to_lowercase().replace(' ', ".")
        ),
        name,
        salt: sha256(&number.to_string()).chars().take(32).collect(),
    };
    let officer = dice.word(OFFICERS);
    let mut writer = Writer {
        steps: Vec::new(),
        on: received_on,
        // Twenty working days span four weekends at least.
        due_on_or_later: received_on.checked_add(26.days()).unwrap_or(received_on),
        today,
        officer,
        basis: basis(),
        limb: "FOIA s.31(1)(a)".parse()?,
        exclusion: "FOIA s.31(3)".parse()?,
        ids: request
            .questions
            .iter()
            .map(|question| question.id.clone())
            .collect(),
    };
    writer.step(
        Role::Candour,
        Command::Receive(Receipt {
            reference: format!("HM-{}-{number:06}", received_on.year()),
            received_on,
            channel: dice
                .pick(&[Channel::Email, Channel::Form, Channel::Post])
                .unwrap_or(Channel::Email),
            subject: request.subject.clone(),
            text: request.text.clone(),
            attachments: Vec::new(),
            applicant: Some(applicant.commitment()),
        }),
    );
    writer.go_on(&request, &mut dice, number);
    let steps = writer.steps;
    Ok(Life { applicant, steps })
}

struct Writer {
    steps: Vec<Step>,
    on: Date,
    due_on_or_later: Date,
    today: Date,
    officer: &'static str,
    basis: Basis,
    limb: Provision,
    exclusion: Provision,
    ids: Vec<QuestionId>,
}

impl Writer {
    fn later(&mut self, days: u64) {
        let days = i64::try_from(days).unwrap_or(1);
        self.on = self.on.checked_add(days.days()).unwrap_or(self.on);
    }

    fn step(&mut self, role: Role, command: Command) {
        let id = match role {
            Role::Candour => "candour",
            Role::InformationOfficer | Role::TriageOfficer => self.officer,
            Role::ServiceAreaContact => "gareth",
            Role::SecurityAdviser => "lena",
            Role::Approver => "colin",
            Role::QualifiedPerson => "maud",
            Role::Publisher => "petra",
            Role::Auditor => "ruth",
            Role::Administrator => "ivor",
            Role::Applicant => "applicant",
        };
        self.step_by(id, role, command);
    }

    fn step_by(&mut self, id: &str, role: Role, command: Command) {
        if self.on <= self.today {
            self.steps.push(Step {
                on: self.on,
                by: Actor {
                    id: id.to_owned(),
                    role,
                },
                command,
                found: None,
                files: Vec::new(),
            });
        }
    }

    /// Everything after the receipt.
    fn go_on(&mut self, request: &Text, dice: &mut Dice, number: u64) {
        use Role::{Applicant, Candour, InformationOfficer as Officer, TriageOfficer as Triage};
        let questions = Questions {
            questions: request.questions.clone(),
            basis: self.basis.clone(),
        };
        self.step(Candour, Command::ProposeQuestions(questions.clone()));
        self.step(
            Candour,
            Command::Acknowledge(Acknowledgement { sent_on: self.on }),
        );
        self.later(dice.below(3));
        let course = dice.below(20);
        if course == 0 {
            self.step(
                Triage,
                Command::CheckValidity(ValidityCheck {
                    missing: vec![ValidityRequirement::Name],
                }),
            );
            self.later(40);
            self.step(
                Officer,
                Command::Close(Closure {
                    closed_on: self.on,
                    reason: ClosureReason::Invalid,
                }),
            );
            return;
        }
        self.step(
            Triage,
            Command::CheckValidity(ValidityCheck {
                missing: Vec::new(),
            }),
        );
        self.step(Triage, Command::ConfirmQuestions(questions));
        self.step(
            Triage,
            Command::AssignOwner(Owner {
                officer: self.officer.to_owned(),
            }),
        );
        if course == 1 {
            self.later(dice.below(6).saturating_add(1));
            if number.is_multiple_of(3) {
                let regimes = [
                    Regime::OwnPersonalData,
                    Regime::EnvironmentalInformation,
                    Regime::ServiceMatter,
                ];
                let treatment = Treatment {
                    regime: dice.pick(&regimes).unwrap_or(Regime::ServiceMatter),
                    passed_to: Some("people".to_owned()),
                };
                self.step(Triage, Command::ChooseTreatment(treatment));
                return;
            }
            self.step(Applicant, Command::Withdraw(Withdrawal::whole(self.on)));
            return;
        }
        if (2..4).contains(&course) {
            self.clarify(dice);
        }
        self.later(dice.below(5));
        for question in request.questions.clone() {
            self.decide(&question, request.area, dice, number);
        }
        self.answer(dice, number);
    }

    fn clarify(&mut self, dice: &mut Dice) {
        let first: Vec<QuestionId> = self.ids.iter().take(1).cloned().collect();
        self.step(
            Role::InformationOfficer,
            Command::SeekClarification(Clarification {
                questions: first.clone(),
                wording: "We cannot tell whether you mean council offices or council homes. Which would you like?".to_owned(),
                sought_on: self.on,
            }),
        );
        self.later(dice.below(12).saturating_add(1));
        self.step(
            Role::Applicant,
            Command::GiveClarification(ClarificationAnswer {
                questions: first,
                text: "Council offices only, please.".to_owned(),
                received_on: self.on,
            }),
        );
    }

    fn decide(&mut self, question: &CaseQuestion, area: &str, dice: &mut Dice, number: u64) {
        use Role::{InformationOfficer as Officer, SecurityAdviser, ServiceAreaContact as Contact};
        let id = question.id.clone();
        let kind = question
            .proposal
            .as_ref()
            .map_or(Kind::Open, |proposal| proposal.kind);
        let course = dice.below(10);
        // The neither-confirm path: decided from the question, with no search.
        if kind == Kind::Protected && course < 5 {
            self.neither(question);
            return;
        }
        if kind == Kind::Register {
            self.duty(question);
            self.decision(
                &id,
                Decision::AlreadyAccessible {
                    place: Slot::Filled(
                        "Contracts register, July to September 2026, row CR-0412".to_owned(),
                    ),
                },
                None,
            );
            return;
        }
        self.step(
            Officer,
            Command::Assign(Assignment {
                area: area.to_owned(),
                questions: vec![id.clone()],
                wanted_on: self
                    .on
                    .checked_add(8.days())
                    .unwrap_or(self.on)
                    .min(self.due_on_or_later)
                    .max(self.on),
                note: String::new(),
            }),
        );
        self.later(dice.below(4));
        let held = course != 9;
        self.step(
            Contact,
            Command::FinishSearch(Search {
                question: id.clone(),
                area: area.to_owned(),
            }),
        );
        if let Some(step) = self.steps.last_mut()
            && matches!(step.command, Command::FinishSearch(_))
        {
            step.found = Some(Holding {
                held: if held { Held::Held } else { Held::NotHeld },
                found: format!(
                    "Looked in the {area} case system. Figure: {}",
                    dice.below(5000)
                ),
            });
        }
        self.duty(question);
        self.step(
            Officer,
            Command::OpenHolding(Opening {
                question: id.clone(),
                key: KeyKind::DutyApplies,
                reason: "to answer".to_owned(),
            }),
        );
        if !held {
            self.decision(
                &id,
                Decision::NotHeld,
                (kind == Kind::Protected).then_some("nothing is held"),
            );
        } else if kind == Kind::Protected {
            self.step(
                SecurityAdviser,
                Command::GiveHarmEvidence(harm(&id, About::Content)),
            );
            let weighing = interest(&id, About::Content, &self.limb);
            self.step(Officer, Command::TestPublicInterest(weighing));
            self.decision(
                &id,
                Decision::Withheld(vec![AppliedExemption::QualifiedPrejudice {
                    provision: self.limb.clone(),
                    prejudice: prejudice(),
                    public_interest: weighed(),
                }]),
                None,
            );
        } else if course == 8 {
            self.step(
                Officer,
                Command::EstimateCost(CostEstimate {
                    questions: vec![id.clone()],
                    determining_minutes: 60,
                    locating_minutes: 600,
                    retrieving_minutes: 300,
                    extracting_minutes: 900,
                    explanation:
                        "Each of 620 paper files would have to be opened, three minutes a file."
                            .to_owned(),
                }),
            );
            self.decision(
                &id,
                Decision::OverCostLimit {
                    estimate: Slot::Filled("31 hours".to_owned()),
                    advice: Slot::Filled(
                        "One financial year could be answered within the limit.".to_owned(),
                    ),
                },
                None,
            );
        } else {
            self.decision(
                &id,
                Decision::Answer {
                    answer: Slot::Filled(format!(
                        "{} in the year, see the table. Case {number}.",
                        dice.below(900)
                    )),
                },
                None,
            );
        }
    }

    fn duty(&mut self, question: &CaseQuestion) {
        let id = &question.id;
        let basis = self.basis.clone();
        self.step(
            Role::InformationOfficer,
            Command::DecideConfirmOrDeny(Consideration {
                question: id.clone(),
                wish: ConfirmOrDenyOutcome::DutyApplies,
                if_held: String::new(),
                if_not_held: String::new(),
                known_already: Vec::new(),
                reason_although_excessive: None,
                consistency: Consistency {
                    topics: topics(question, false),
                    ..Consistency::default()
                },
                basis,
            }),
        );
    }

    fn neither(&mut self, question: &CaseQuestion) {
        let id = &question.id;
        let basis = self.basis.clone();
        let neither = NeitherConfirmNorDeny {
            provision: self.exclusion.clone(),
            by_virtue_of: Some(self.limb.clone()),
            prejudice: prejudice(),
            public_interest: weighed(),
        };
        self.step(
            Role::SecurityAdviser,
            Command::GiveHarmEvidence(harm(id, About::ConfirmOrDeny)),
        );
        self.step(
            Role::InformationOfficer,
            Command::TestPublicInterest(interest(id, About::ConfirmOrDeny, &neither.provision)),
        );
        self.step(
            Role::InformationOfficer,
            Command::DecideConfirmOrDeny(Consideration {
                question: id.clone(),
                wish: ConfirmOrDenyOutcome::NeitherConfirmNorDeny(neither.clone()),
                if_held: "That the attack was noticed, and so what is watched.".to_owned(),
                if_not_held: "That an attack of this kind is not noticed.".to_owned(),
                known_already: Vec::new(),
                reason_although_excessive: None,
                consistency: Consistency {
                    topics: topics(question, false),
                    ..Consistency::default()
                },
                basis,
            }),
        );
        self.decision(id, Decision::NeitherConfirmedNorDenied(neither), None);
    }

    fn decision(&mut self, id: &QuestionId, decision: Decision, departs: Option<&str>) {
        let basis = self.basis.clone();
        self.step(
            Role::InformationOfficer,
            Command::Decide(QuestionDecision {
                question: id.clone(),
                decision,
                departs_because: departs.map(str::to_owned),
                already_public: Vec::new(),
                in_part: None,
                looked: None,
                files: Vec::new(),
                basis,
            }),
        );
    }

    fn letter(&mut self, seed: &str) -> String {
        let letter = sha256(seed);
        self.step(
            Role::InformationOfficer,
            Command::ComposeDraft(Draft {
                letter_sha256: letter.clone(),
                files: vec![attachment("letter.pdf", seed)],
                errors: Vec::new(),
                warnings: Vec::new(),
            }),
        );
        if let Some(step) = self.steps.last_mut()
            && matches!(step.command, Command::ComposeDraft(_))
        {
            step.files.push(seed.as_bytes().to_vec());
        }
        self.step(
            Role::InformationOfficer,
            Command::SeekApproval(LetterReference {
                sha256: letter.clone(),
                reply: None,
            }),
        );
        letter
    }

    fn answer(&mut self, dice: &mut Dice, number: u64) {
        use Role::{Applicant, Approver, InformationOfficer as Officer, Publisher};
        self.later(dice.below(3).saturating_add(1));
        let seed = format!("letter {number}");
        let mut letter = self.letter(&seed);
        if dice.below(10) == 0 {
            self.later(1);
            self.step(
                Approver,
                Command::SendBack(SentBack {
                    question: None,
                    comment: "Too general: say what in this answer matters.".to_owned(),
                    fault: Some(LetterFault::TooGeneral),
                }),
            );
            letter = self.letter(&format!("{seed}, mended"));
        }
        self.later(dice.below(2));
        self.step(
            Approver,
            Command::Approve(Approval {
                letter_sha256: letter.clone(),
                judged: true,
            }),
        );
        self.step(
            Officer,
            Command::Issue(Issue {
                sent_on: self.on,
                letter_sha256: letter,
                files: vec![attachment("letter.pdf", &seed)],
            }),
        );
        self.later(dice.below(5).saturating_add(1));
        if dice.below(3) > 0 {
            self.step(
                Publisher,
                Command::Publish(Publication {
                    published_on: self.on,
                    address: format!("{}/request-{number}", self.on.year()),
                    title: format!("Request {number}"),
                    despite: None,
                }),
            );
        }
        if dice.below(12) == 0 {
            self.later(5);
            self.step(
                Applicant,
                Command::AskReview(ReviewRequestMade {
                    received_on: self.on,
                    questions: Vec::new(),
                    text: "I am not content with this answer.".to_owned(),
                    late_but_taken_because: None,
                }),
            );
            self.later(14);
            let basis = self.basis.clone();
            let questions = self
                .ids
                .iter()
                .map(|id| ReviewedQuestion {
                    question: id.clone(),
                    outcome: ReviewOutcome::OriginalUpheld,
                    reason: "The harm was looked at afresh with the adviser and stands.".to_owned(),
                    decision: None,
                    lesson: None,
                })
                .collect();
            self.step_by(
                "ruth",
                Officer,
                Command::DecideReview(ReviewDecision {
                    sent_on: self.on,
                    questions,
                    late_because: None,
                    faults: Vec::new(),
                    files: Vec::new(),
                    basis,
                }),
            );
            if dice.below(3) == 0 {
                self.later(20);
                self.step(
                    Officer,
                    Command::NotifyComplaint(Complaint {
                        reference: format!("IC-{number}-X1Y2"),
                        notified_on: self.on,
                    }),
                );
                self.later(90);
                self.step(
                    Officer,
                    Command::DecideComplaint(Ruling {
                        reference: format!("IC-{number}-X1Y2"),
                        decided_on: self.on,
                        outcome: ReviewOutcome::OriginalUpheld,
                        steps: "No steps required.".to_owned(),
                    }),
                );
            }
        }
        self.later(70);
        self.step(
            Officer,
            Command::Close(Closure {
                closed_on: self.on,
                reason: ClosureReason::Answered,
            }),
        );
    }
}

fn prejudice() -> Prejudice {
    Prejudice {
        mechanism: Slot::Filled(
            "Someone who learns this could choose the tool and the hour of an attack.".to_owned(),
        ),
        likelihood: Likelihood::WouldBeLikelyTo,
    }
}

fn weighed() -> PublicInterestTest {
    PublicInterestTest {
        favouring: vec!["Residents' data was at stake.".to_owned()],
        against: vec![
            "Months with many attacks would show when monitoring misses them.".to_owned(),
        ],
        balance: Slot::Filled(
            "The pattern within the year helps an attacker more than it informs residents."
                .to_owned(),
        ),
    }
}

fn harm(id: &QuestionId, about: About) -> HarmEvidence {
    HarmEvidence {
        question: id.clone(),
        about,
        likelihood: Some(Likelihood::WouldBeLikelyTo),
        mechanism: "Someone who learns this could choose the tool and the hour of an attack."
            .to_owned(),
        adds: "Nothing public says which months are watched.".to_owned(),
        instead: "Totals by year.".to_owned(),
        lasts: String::new(),
        shown_by: String::new(),
        quotable: true,
        if_held: String::new(),
        if_not_held: String::new(),
        cannot_say: false,
    }
}

fn interest(id: &QuestionId, about: About, provision: &Provision) -> PublicInterest {
    let factor = |text: &str| Factor {
        text: text.to_owned(),
        weight: Weight::Some,
        author: "amina".to_owned(),
        about_this_request: true,
        why: String::new(),
    };
    PublicInterest {
        questions: vec![id.clone()],
        about,
        provisions: vec![provision.clone()],
        favouring: vec![factor("Residents' data was at stake.")],
        against: vec![factor(
            "Months with many attacks would show when monitoring misses them.",
        )],
        maintained: true,
        conclusion: "The pattern within the year helps an attacker more than it informs residents."
            .to_owned(),
    }
}
