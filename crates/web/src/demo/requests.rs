//! The invented requests and what happened to each.

use casework::blind;
use casework::command::Command;
use casework::confirm_or_deny::{Consideration, Consistency};
use casework::decision::{
    AppliedExemption, Decision, Likelihood, NeitherConfirmNorDeny, Prejudice, PublicInterestTest,
    Slot,
};
use casework::event::{
    About, Acknowledgement, Approval, Assignment, CaseId, CaseQuestion, Channel, Clarification,
    Closure, ClosureReason, ConfirmOrDenyOutcome, Factor, HarmEvidence, KeyKind, LateCause,
    LateCauseChoice, LetterFault, LetterReference, Opening, OpinionRequest, Owner, PublicInterest,
    Publication, QuestionDecision, QuestionId, Questions, ReleasedFile, ReviewRequestMade, Search,
    SentBack, TeamFiles, ValidityCheck, ValidityRequirement, Weight, Withdrawal,
};
use casework::holding::{Held, Holding};
use casework::role::{Actor, Role};
use jiff::civil::Date;
use office::{Message, NewApplicant};

use super::{Filled, Filler};

use Role::{
    Approver, InformationOfficer as Officer, Publisher, SecurityAdviser as Adviser,
    TriageOfficer as Triage,
};

const OFFICER: &str = "amina";

/// Answers that are short: subject, questions with their answers, title in the log.
const ANSWERED: &[(&str, &[(&str, &str)])] = &[
    (
        "Potholes reported and mended",
        &[
            (
                "How many potholes were reported in 2025?",
                "3,412 reports were made in 2025. Several may be about one pothole.",
            ),
            (
                "How many potholes were mended in 2025?",
                "2,957 were mended in 2025.",
            ),
        ],
    ),
    (
        "Empty council homes",
        &[(
            "How many council homes stood empty on 1 September 2026?",
            "61 of 5,204 homes stood empty on that day, 38 of them for repairs.",
        )],
    ),
    (
        "Library opening hours",
        &[
            (
                "Which libraries opened on Sundays in 2025?",
                "Harrowmere Central and Lakeside.",
            ),
            (
                "How many visits were counted in each?",
                "Harrowmere Central 41,220; Lakeside 17,905.",
            ),
        ],
    ),
    (
        "Spending on agency staff",
        &[(
            "How much was spent on agency staff in 2025-26?",
            "£2,140,300, of which £1,310,000 in adult social care.",
        )],
    ),
    (
        "Parking fines",
        &[
            ("How many parking fines were issued in 2025?", "18,344."),
            ("How many were cancelled on appeal?", "1,207."),
        ],
    ),
    (
        "School meals contract",
        &[(
            "When does the school meals contract end?",
            "On 31 July 2028, with an option for two years more.",
        )],
    ),
];

/// Fills the office.
///
/// # Errors
/// A step is refused.
pub(super) async fn fill(filler: &mut Filler<'_>) -> Filled<()> {
    for (number, (subject, pairs)) in (0_i64..).zip(ANSWERED) {
        let case = answered(filler, subject, pairs, -12 - number * 9).await?;
        published(filler, &case, subject).await?;
    }
    late(filler).await?;
    due_today(filler).await?;
    cyber(filler).await?;
    withheld(filler).await?;
    approved(filler).await?;
    clarification(filler).await?;
    sent_back(filler).await?;
    under_review(filler).await?;
    closed_and_withdrawn(filler).await?;
    blind_first(filler).await?;
    new_ones(filler).await
}

fn numbered(questions: &[&str]) -> String {
    let mut text = String::from(
        "Dear Harrowmere Borough Council,\n\nUnder the Freedom of Information Act 2000 I would like to know:\n\n",
    );
    for (number, question) in (1..).zip(questions) {
        text.push_str(&format!("{number}. {question}\n"));
    }
    text.push_str("\nPlease reply by email.\n\nYours faithfully,\n");
    text
}

/// The files that came with a request.
fn came_with(subject: &str) -> Vec<(String, Vec<u8>)> {
    if subject == "Laptop replacement" {
        let words = "My questions again, in case the email does not show them well.\n";
        return vec![("my questions.txt".to_owned(), words.as_bytes().to_vec())];
    }
    Vec::new()
}

async fn take_in(
    filler: &Filler<'_>,
    on: Date,
    subject: &str,
    text: &str,
    name: &str,
) -> Filled<CaseId> {
    filler.on(on);
    let contact = format!(
        "{}@example.org",
        name.to_lowercase().replace([' ', '\''], ".")
    );
    let by = Actor {
        id: "candour".to_owned(),
        role: Role::Candour,
    };
    let at = filler.clock.now();
    let taken = filler
        .office
        .take_in(
            &by,
            &Message {
                channel: Channel::Email,
                subject,
                text,
                applicant: Some(NewApplicant {
                    name,
                    contact: &contact,
                }),
                received_at: at,
                once: None,
                reference: None,
                attachments: &came_with(subject),
            },
        )
        .await
        .map_err(|stopped| stopped.to_string())?;
    filler
        .act(
            &taken.case,
            "candour",
            Role::Candour,
            Command::Acknowledge(Acknowledgement { sent_on: on }),
        )
        .await?;
    Ok(taken.case)
}

async fn ids(filler: &Filler<'_>, case: &CaseId) -> Filled<Vec<QuestionId>> {
    let case = filler
        .office
        .case(&case.0)
        .await
        .map_err(|fault| fault.to_string())?
        .ok_or("no case")?;
    Ok(case
        .questions
        .iter()
        .map(|state| state.question.id.clone())
        .collect())
}

/// Valid, questions confirmed, owner given.
async fn confirmed(filler: &Filler<'_>, case: &CaseId, owner: &str) -> Filled<Vec<QuestionId>> {
    confirmed_as(filler, case, owner, |_| {}).await
}

/// Valid, questions corrected and confirmed, owner given.
async fn confirmed_as(
    filler: &Filler<'_>,
    case: &CaseId,
    owner: &str,
    correct: impl Fn(&mut CaseQuestion),
) -> Filled<Vec<QuestionId>> {
    filler
        .act(
            case,
            owner,
            Officer,
            Command::CheckValidity(ValidityCheck {
                missing: Vec::new(),
            }),
        )
        .await?;
    let known = filler
        .office
        .case(&case.0)
        .await
        .map_err(|fault| fault.to_string())?
        .ok_or("no case")?;
    let questions = known
        .questions
        .iter()
        .map(|state| {
            let mut question = state.question.clone();
            correct(&mut question);
            question
        })
        .collect();
    filler
        .act(
            case,
            owner,
            Officer,
            Command::ConfirmQuestions(Questions {
                questions,
                basis: filler.office.bundle().basis.clone(),
            }),
        )
        .await?;
    filler
        .act(
            case,
            owner,
            Officer,
            Command::AssignOwner(Owner {
                officer: owner.to_owned(),
            }),
        )
        .await?;
    ids(filler, case).await
}

async fn duty(filler: &Filler<'_>, case: &CaseId, question: &QuestionId, who: &str) -> Filled<()> {
    filler
        .act(
            case,
            who,
            Officer,
            Command::DecideConfirmOrDeny(Consideration {
                question: question.clone(),
                wish: ConfirmOrDenyOutcome::DutyApplies,
                if_held: String::new(),
                if_not_held: String::new(),
                known_already: Vec::new(),
                reason_although_excessive: None,
                consistency: Consistency::default(),
                basis: filler.office.bundle().basis.clone(),
            }),
        )
        .await
}

async fn decide(
    filler: &Filler<'_>,
    case: &CaseId,
    question: &QuestionId,
    who: &str,
    decision: Decision,
) -> Filled<()> {
    filler
        .act(
            case,
            who,
            Officer,
            Command::Decide(QuestionDecision {
                question: question.clone(),
                decision,
                departs_because: Some(
                    "The words mean something else here: looked at with the team".to_owned(),
                ),
                already_public: Vec::new(),
                in_part: None,
                looked: None,
                files: Vec::new(),
                basis: filler.office.bundle().basis.clone(),
            }),
        )
        .await
}

async fn give(
    filler: &Filler<'_>,
    case: &CaseId,
    question: &QuestionId,
    who: &str,
    answer: &str,
) -> Filled<()> {
    duty(filler, case, question, who).await?;
    decide(
        filler,
        case,
        question,
        who,
        Decision::Answer {
            answer: Slot::Filled(answer.to_owned()),
        },
    )
    .await
}

/// The figures of an answer as a file.
async fn add_file(
    filler: &Filler<'_>,
    case: &CaseId,
    question: &QuestionId,
    answer: &str,
) -> Filled<()> {
    let (name, figures) = (
        "allotments.csv",
        "Site,Free\nLakeside,0\nMill Lane,3\nQuarry Field,11\n",
    );
    let file = filler
        .office
        .store()
        .attachments()
        .put(name, figures.as_bytes())
        .await
        .map_err(|fault| fault.to_string())?;
    filler
        .act(
            case,
            OFFICER,
            Officer,
            Command::Decide(QuestionDecision {
                question: question.clone(),
                decision: Decision::Answer {
                    answer: Slot::Filled(answer.to_owned()),
                },
                departs_because: None,
                already_public: Vec::new(),
                in_part: None,
                looked: None,
                files: vec![ReleasedFile {
                    file,
                    hides: Vec::new(),
                }],
                basis: filler.office.bundle().basis.clone(),
            }),
        )
        .await
}

async fn to_approver(filler: &Filler<'_>, case: &CaseId, who: &str) -> Filled<String> {
    let identity = filler.compose(case, who).await?;
    filler
        .act(
            case,
            who,
            Officer,
            Command::SeekApproval(LetterReference {
                sha256: identity.clone(),
                reply: None,
            }),
        )
        .await?;
    Ok(identity)
}

async fn approve(filler: &Filler<'_>, case: &CaseId, identity: String) -> Filled<()> {
    filler
        .act(
            case,
            "colin",
            Approver,
            Command::Approve(Approval {
                letter_sha256: identity,
                judged: true,
            }),
        )
        .await
}

async fn issue(filler: &Filler<'_>, case: &CaseId, who: &str) -> Filled<()> {
    filler.later();
    let by = Actor {
        id: who.to_owned(),
        role: Officer,
    };
    filler
        .office
        .issue(&by, case, None)
        .await
        .map(drop)
        .map_err(|stopped| stopped.to_string())
}

/// So many working days after a day, but not after today.
fn after(filler: &Filler<'_>, day: Date, days: u32) -> Date {
    filler
        .office
        .bundle()
        .calendar
        .nth_working_day_after(day, law::WorkingDays(days))
        .unwrap_or(day)
        .min(filler.today)
}

/// A request answered in full, in time.
async fn answered(
    filler: &Filler<'_>,
    subject: &str,
    pairs: &[(&str, &str)],
    due_in: i64,
) -> Filled<CaseId> {
    let received = filler.received_for_due_in(due_in);
    let questions: Vec<&str> = pairs.iter().map(|(question, _)| *question).collect();
    let case = take_in(
        filler,
        received,
        subject,
        &numbered(&questions),
        "Sam Pryce",
    )
    .await?;
    filler.on(after(filler, received, 2));
    let ids = confirmed(filler, &case, OFFICER).await?;
    filler.on(after(filler, received, 9));
    for (id, (_, answer)) in ids.iter().zip(pairs) {
        give(filler, &case, id, OFFICER, answer).await?;
    }
    // Splitting may find more questions than there are answers; the last answer covers them.
    for id in ids.iter().skip(pairs.len()) {
        give(filler, &case, id, OFFICER, "See the answer above.").await?;
    }
    filler.on(after(filler, received, 11));
    let identity = to_approver(filler, &case, OFFICER).await?;
    approve(filler, &case, identity).await?;
    filler.on(after(filler, received, 12));
    issue(filler, &case, OFFICER).await?;
    Ok(case)
}

async fn published(filler: &Filler<'_>, case: &CaseId, title: &str) -> Filled<()> {
    let on = filler.office.today();
    let slug = title.to_lowercase().replace(' ', "-");
    filler
        .act(
            case,
            "petra",
            Publisher,
            Command::Publish(Publication {
                published_on: on,
                address: format!("{}/{slug}", on.year()),
                title: title.to_owned(),
                despite: None,
            }),
        )
        .await
}

async fn ask_team(
    filler: &Filler<'_>,
    case: &CaseId,
    ids: &[QuestionId],
    area: &str,
    wanted_on: Date,
) -> Filled<()> {
    filler
        .act(
            case,
            OFFICER,
            Officer,
            Command::Assign(Assignment {
                area: area.to_owned(),
                questions: ids.to_vec(),
                wanted_on,
                note: String::new(),
            }),
        )
        .await
}

/// The officer opens what a team found, and the team sends its figures for the answer.
async fn team_sends(
    filler: &Filler<'_>,
    case: &CaseId,
    question: &QuestionId,
    team: &Actor,
) -> Filled<()> {
    let officer = Actor {
        id: OFFICER.to_owned(),
        role: Officer,
    };
    let opening = Opening {
        question: question.clone(),
        key: KeyKind::DutyApplies,
        reason: "To answer the question".to_owned(),
    };
    let stopped = |stopped: store::Stopped| stopped.to_string();
    filler
        .office
        .open_holding(&officer, case, None, &opening)
        .await
        .map_err(stopped)?;
    let (name, figures) = (
        "telephone.csv",
        "Month,Requests\nJanuary 2025,2011\nFebruary 2025,1804\n",
    );
    let attachments = filler.office.store().attachments();
    let file = attachments
        .put(name, figures.as_bytes())
        .await
        .map_err(|fault| fault.to_string())?;
    filler.later();
    filler
        .office
        .act(
            team,
            case,
            None,
            &Command::SendFiles(TeamFiles {
                question: question.clone(),
                area: "repairs".to_owned(),
                files: vec![ReleasedFile {
                    file,
                    hides: Vec::new(),
                }],
            }),
        )
        .await
        .map(drop)
        .map_err(stopped)
}

async fn late(filler: &Filler<'_>) -> Filled<()> {
    let received = filler.received_for_due_in(-1);
    let text = numbered(&[
        "How many parking bay suspensions were granted in 2025?",
        "How much was charged for them?",
        "How many were for filming?",
        "What is the fee for a suspension of one day?",
    ]);
    let case = take_in(
        filler,
        received,
        "Parking bay suspensions",
        &text,
        "Ola Brandt",
    )
    .await?;
    filler.on(after(filler, received, 3));
    let ids = confirmed(filler, &case, "ben").await?;
    for id in &ids {
        duty(filler, &case, id, "ben").await?;
    }
    ask_team(filler, &case, &ids, "highways", after(filler, received, 10)).await?;
    filler.on(filler.today);
    let due = filler
        .office
        .case(&case.0)
        .await
        .map_err(|fault| fault.to_string())?
        .map_or(filler.today, |case| case.due_on);
    if due < filler.today {
        filler
            .act(
                &case,
                "candour",
                Role::Candour,
                Command::MarkOverdue(casework::event::Overdue { due_on: due }),
            )
            .await?;
    }
    // A second late one, with its cause.
    let received = filler.received_for_due_in(-4);
    let text = numbered(&["How many trees were felled on council land in 2025, and where?"]);
    let case = take_in(filler, received, "Trees felled in 2025", &text, "Nia Rowe").await?;
    filler.on(after(filler, received, 2));
    let ids = confirmed(filler, &case, OFFICER).await?;
    for id in &ids {
        duty(filler, &case, id, OFFICER).await?;
    }
    ask_team(filler, &case, &ids, "parks", after(filler, received, 9)).await?;
    filler.on(filler.today);
    filler
        .act(
            &case,
            OFFICER,
            Officer,
            Command::ChooseLateCause(LateCauseChoice {
                cause: LateCause::WaitingForArea,
            }),
        )
        .await
}

async fn due_today(filler: &Filler<'_>) -> Filled<()> {
    let received = filler.received_for_due_in(0);
    let text = numbered(&[
        "How many laptops were replaced in 2025-26?",
        "What happens to the old ones?",
    ]);
    let case = take_in(filler, received, "Laptop replacement", &text, "Dai Morris").await?;
    filler.on(after(filler, received, 2));
    let ids = confirmed(filler, &case, OFFICER).await?;
    filler.on(after(filler, received, 17));
    for (id, answer) in ids.iter().zip([
        "412 laptops were replaced between April 2025 and March 2026.",
        "They are wiped by a certified company and given to schools where they still work.",
    ]) {
        give(filler, &case, id, OFFICER, answer).await?;
    }
    for id in ids.iter().skip(2) {
        give(filler, &case, id, OFFICER, "See the answer above.").await?;
    }
    to_approver(filler, &case, OFFICER).await.map(drop)
}

/// The story of the first walk-through: nothing decided yet, harm given.
async fn cyber(filler: &Filler<'_>) -> Filled<()> {
    let received = filler.received_for_due_in(5);
    let text = numbered(&[
        "How many cyber attacks were recorded in each year from 2021 to 2025?",
        "Was any council system hit by ransomware in October 2026, and was a ransom paid?",
    ]);
    let case = take_in(filler, received, "Cyber incidents", &text, "Robin Ashe").await?;
    filler.on(after(filler, received, 2));
    let ids = confirmed(filler, &case, OFFICER).await?;
    if let Some(last) = ids.last() {
        filler
            .act(
                &case,
                "lena",
                Adviser,
                Command::GiveHarmEvidence(HarmEvidence {
                    question: last.clone(),
                    about: About::ConfirmOrDeny,
                    likelihood: Some(Likelihood::WouldBeLikelyTo),
                    mechanism: "A yes would tell an attacker that this kind of attack works here and is worth repeating; a no would tell them that theirs has not been noticed. Either answer, asked again each month, maps what our monitoring sees.".to_owned(),
                    adds: "Nothing about it is published.".to_owned(),
                    instead: "What we do in general to protect residents' data.".to_owned(),
                    lasts: String::new(),
                    shown_by: String::new(),
                    quotable: true,
                    if_held: "That this kind of attack works here and is worth repeating."
                        .to_owned(),
                    if_not_held: "That theirs has not been noticed.".to_owned(),
                    cannot_say: false,
                }),
            )
            .await?;
    }
    Ok(())
}

fn factor(text: &str, author: &str, own: bool) -> Factor {
    Factor {
        text: text.to_owned(),
        weight: Weight::Some,
        author: author.to_owned(),
        about_this_request: own,
        why: String::new(),
    }
}

/// Withheld under section 31 with its own harm and balance; with the approver.
async fn withheld(filler: &Filler<'_>) -> Filled<()> {
    let received = filler.received_for_due_in(3);
    let text = numbered(&["What version of its firewall software does the Council run?"]);
    let case = take_in(filler, received, "Firewall software", &text, "Kit Lund").await?;
    filler.on(after(filler, received, 2));
    let ids = confirmed(filler, &case, OFFICER).await?;
    filler.on(after(filler, received, 8));
    let limb: law::Provision = "FOIA s.31(1)(a)"
        .parse()
        .map_err(|error: law::NotAProvision| error.to_string())?;
    let mechanism = "Someone who knows the exact version could look up its published weaknesses and use the ones that are not mended yet to enter the Council's network and steal or lock residents' records.";
    for id in &ids {
        filler
            .act(
                &case,
                "lena",
                Adviser,
                Command::GiveHarmEvidence(HarmEvidence {
                    question: id.clone(),
                    about: About::Content,
                    likelihood: Some(Likelihood::WouldBeLikelyTo),
                    mechanism: mechanism.to_owned(),
                    adds: "The supplier is in the contracts register; the version is not public."
                        .to_owned(),
                    instead: "That we run a supported version and apply updates within 14 days."
                        .to_owned(),
                    lasts: String::new(),
                    shown_by: String::new(),
                    quotable: true,
                    if_held: String::new(),
                    if_not_held: String::new(),
                    cannot_say: false,
                }),
            )
            .await?;
        duty(filler, &case, id, OFFICER).await?;
    }
    let test = PublicInterest {
        questions: ids.clone(),
        about: About::Content,
        provisions: vec![limb.clone()],
        favouring: vec![
            factor("Knowing the version would let residents judge whether the firewall that guards their records is kept up to date.", OFFICER, true),
            factor("Openness about how public money protects services.", "policy", false),
        ],
        against: vec![
            factor("This version has published weaknesses for which updates are being tested, so naming it would show when and how to attack.", OFFICER, true),
            factor("There is a public interest in the prevention of crime.", "policy", false),
        ],
        maintained: true,
        conclusion: "That we run a supported version and update within 14 days meets most of the interest in openness, and the exact version would add little to it but a target; so maintaining the exemption outweighs disclosure here.".to_owned(),
    };
    filler
        .act(
            &case,
            OFFICER,
            Officer,
            Command::TestPublicInterest(test.clone()),
        )
        .await?;
    let texts = |factors: &[Factor]| factors.iter().map(|factor| factor.text.clone()).collect();
    for id in &ids {
        decide(
            filler,
            &case,
            id,
            OFFICER,
            Decision::Withheld(vec![AppliedExemption::QualifiedPrejudice {
                provision: limb.clone(),
                prejudice: Prejudice {
                    mechanism: Slot::Filled(mechanism.to_owned()),
                    likelihood: Likelihood::WouldBeLikelyTo,
                },
                public_interest: PublicInterestTest {
                    favouring: texts(&test.favouring),
                    against: texts(&test.against),
                    balance: Slot::Filled(test.conclusion.clone()),
                },
            }]),
        )
        .await?;
    }
    to_approver(filler, &case, OFFICER).await.map(drop)
}

async fn approved(filler: &Filler<'_>) -> Filled<()> {
    let received = filler.received_for_due_in(7);
    let text = numbered(&["How many allotments are free, by site?"]);
    let case = take_in(filler, received, "Allotments", &text, "Joy Bell").await?;
    filler.on(after(filler, received, 1));
    let ids = confirmed(filler, &case, OFFICER).await?;
    let answer = "None at Lakeside, 3 at Mill Lane, 11 at Quarry Field on the day of this letter.";
    for (place, id) in ids.iter().enumerate() {
        give(filler, &case, id, OFFICER, answer).await?;
        if place == 0 {
            add_file(filler, &case, id, answer).await?;
        }
    }
    let identity = to_approver(filler, &case, OFFICER).await?;
    approve(filler, &case, identity).await
}

async fn clarification(filler: &Filler<'_>) -> Filled<()> {
    let received = filler.received_for_due_in(9);
    let text = numbered(&[
        "How many heating repairs were made in the year 2025?",
        "Please send the list of all buildings.",
    ]);
    let case = take_in(filler, received, "Heating and buildings", &text, "Mo Hale").await?;
    filler.on(after(filler, received, 3));
    let ids = confirmed(filler, &case, OFFICER).await?;
    let Some(last) = ids.last() else {
        return Ok(());
    };
    filler
        .act(
            &case,
            OFFICER,
            Officer,
            Command::SeekClarification(Clarification {
                questions: vec![last.clone()],
                wording: "You asked: “Please send the list of all buildings.” We cannot tell whether you mean council offices or council homes. Which would you like? Offices, homes or both. Your own words are fine.".to_owned(),
                sought_on: after(filler, received, 3),
            }),
        )
        .await?;
    for id in ids.iter().rev().skip(1) {
        duty(filler, &case, id, OFFICER).await?;
    }
    Ok(())
}

async fn sent_back(filler: &Filler<'_>) -> Filled<()> {
    let received = filler.received_for_due_in(4);
    let text = numbered(&["Who has the contract for the telephone system, and when does it end?"]);
    let case = take_in(filler, received, "Telephone contract", &text, "Vi Okafor").await?;
    filler.on(after(filler, received, 2));
    let ids = confirmed(filler, &case, OFFICER).await?;
    for id in &ids {
        duty(filler, &case, id, OFFICER).await?;
        decide(
            filler,
            &case,
            id,
            OFFICER,
            Decision::AlreadyAccessible {
                place: Slot::Filled("Our contracts register, https://www.harrowmere.example/contracts, row HM-C-0112, July to September 2026: telephony, Lakeland Voice Ltd.".to_owned()),
            },
        )
        .await?;
    }
    to_approver(filler, &case, OFFICER).await?;
    filler.on(after(filler, received, 12));
    filler
        .act(
            &case,
            "colin",
            Approver,
            Command::SendBack(SentBack {
                question: ids.first().cloned(),
                comment: "Give the day on which the contract ends: the row has it.".to_owned(),
                fault: Some(LetterFault::MoreCanBeGiven),
            }),
        )
        .await
}

async fn under_review(filler: &Filler<'_>) -> Filled<()> {
    let case = answered(
        filler,
        "Complaints about bins",
        &[(
            "How many complaints about missed bins were made in each ward in 2025?",
            "1,903 in all. We do not keep them by ward.",
        )],
        -10,
    )
    .await?;
    filler.on(after(filler, filler.office.today(), 4));
    filler
        .act(
            &case,
            "applicant",
            Role::Applicant,
            Command::AskReview(ReviewRequestMade {
                received_on: filler.office.today(),
                questions: Vec::new(),
                text: "I do not think this can be right: your own committee paper of March has figures by ward.".to_owned(),
                late_but_taken_because: None,
            }),
        )
        .await
}

async fn closed_and_withdrawn(filler: &Filler<'_>) -> Filled<()> {
    let case = answered(
        filler,
        "Street lights",
        &[(
            "How many street lights were changed to LED by the end of 2025?",
            "11,020 of 12,400.",
        )],
        -60,
    )
    .await?;
    filler.on(after(filler, filler.office.today(), 41));
    filler
        .act(
            &case,
            OFFICER,
            Officer,
            Command::Close(Closure {
                closed_on: filler.office.today(),
                reason: ClosureReason::Answered,
            }),
        )
        .await?;
    let received = filler.received_for_due_in(11);
    let text = numbered(&["How many weddings were held in the Town Hall in 2025?"]);
    let case = take_in(
        filler,
        received,
        "Weddings in the Town Hall",
        &text,
        "Pat Quill",
    )
    .await?;
    filler.on(after(filler, received, 2));
    filler
        .act(
            &case,
            "applicant",
            Role::Applicant,
            Command::Withdraw(Withdrawal::whole(filler.office.today())),
        )
        .await?;
    let received = filler.received_for_due_in(13);
    let case = take_in(
        filler,
        received,
        "Question",
        "I want to see everything about the ring road.\n\nA resident\n",
        "A resident",
    )
    .await?;
    filler
        .act(
            &case,
            "tess",
            Triage,
            Command::CheckValidity(ValidityCheck {
                missing: vec![ValidityRequirement::Name],
            }),
        )
        .await
}

/// A question of the blind sample: whoever decides chooses its route before they see what is proposed.
async fn blind_first(filler: &Filler<'_>) -> Filled<()> {
    let received = filler.received_for_due_in(14);
    let text =
        numbered(&["How many members of staff clicked the link in the last phishing exercise?"]);
    let case = take_in(filler, received, "Phishing exercise", &text, "Uma Teal").await?;
    filler.on(after(filler, received, 2));
    // The id of a case is random. That of a question needn't be the first, so it takes the first that the sample picks.
    confirmed_as(filler, &case, OFFICER, |question| {
        let picked = (1_usize..)
            .map(|number| QuestionId(format!("q{number}")))
            .find(|id| blind::is_in_sample(blind::ONE_IN, &case, id));
        question.id = picked.unwrap_or_else(|| question.id.clone());
    })
    .await
    .map(drop)
}

async fn new_ones(filler: &Filler<'_>) -> Filled<()> {
    let received = filler.received_for_due_in(10);
    let text = numbered(&[
        "How many repairs to council homes were asked for by telephone in 2025?",
        "What are your busiest and quietest hours?",
    ]);
    let case = take_in(filler, received, "Repairs line", &text, "Wyn Tudor").await?;
    filler.on(after(filler, received, 2));
    let ids = confirmed(filler, &case, OFFICER).await?;
    for id in &ids {
        duty(filler, &case, id, OFFICER).await?;
    }
    ask_team(filler, &case, &ids, "repairs", after(filler, received, 8)).await?;
    if let Some(first) = ids.first() {
        filler.later();
        let by = Actor {
            id: "gareth".to_owned(),
            role: Role::ServiceAreaContact,
        };
        filler
            .office
            .finish_search(
                &by,
                &case,
                None,
                &Search {
                    question: first.clone(),
                    area: "repairs".to_owned(),
                },
                &Holding {
                    held: Held::Held,
                    found: "21,870 requests by telephone in 2025, from the repairs system."
                        .to_owned(),
                },
            )
            .await
            .map_err(|stopped| stopped.to_string())?;
        team_sends(filler, &case, first, &by).await?;
    }
    filler.later();
    let words = "I mean the calendar year, from January to December.";
    filler
        .office
        .add_to_request(
            &Actor::applicant(),
            &case,
            words,
            &[],
            filler.office.today(),
        )
        .await
        .map_err(|stopped| stopped.to_string())?;
    for (days, subject, questions, name) in [
        (
            18,
            "ICT contracts and security",
            &[
                "Who supplies your telephony system and when does the contract end?",
                "What is the value of the contract for your firewall?",
                "What antivirus version do you use?",
                "How many servers do you run and what operating systems are on them?",
                "Who is responsible for ICT in the Council?",
            ][..],
            "Ada Vane",
        ),
        (
            19,
            "Swimming pool",
            &[
                "How much did it cost to heat the Lakeside pool in 2025?",
                "Is it planned to close it?",
            ][..],
            "Len Carr",
        ),
        (
            20,
            "Network equipment",
            &[
                "What make and model of network switches do you use, and how many?",
                "When will they be replaced?",
            ][..],
            "Ada Vane",
        ),
        // Both ask what was answered; one of them asks something besides.
        (
            19,
            "Potholes",
            &[
                "How many potholes were reported in 2025?",
                "How many potholes were mended in 2025?",
            ],
            "Bo Lind",
        ),
        (
            20,
            "Pothole repairs",
            &[
                "How many potholes were reported in 2025?",
                "How many potholes were mended in 2025?",
                "How much was paid to drivers for damage by potholes in 2025?",
            ],
            "Cass Ferrier",
        ),
    ] {
        let received = filler.received_for_due_in(days);
        take_in(filler, received, subject, &numbered(questions), name).await?;
    }
    // The neither-confirm decision of an earlier case, answered.
    neither(filler).await?;
    opinion(filler).await
}

/// A question on which the qualified person is asked for an opinion.
async fn opinion(filler: &Filler<'_>) -> Filled<()> {
    let received = filler.received_for_due_in(11);
    let text = numbered(&[
        "Please send the notes of the meetings of the senior managers about closing the baths.",
    ]);
    let case = take_in(
        filler,
        received,
        "Meetings about the baths",
        &text,
        "Kit Moor",
    )
    .await?;
    filler.on(after(filler, received, 4));
    let ids = confirmed(filler, &case, OFFICER).await?;
    for id in &ids {
        filler
            .act(
                &case,
                OFFICER,
                Officer,
                Command::SeekOpinion(OpinionRequest {
                    question: id.clone(),
                    submission: "The notes record views exchanged before the cabinet decided in October. Section 36(2)(b)(ii) is considered: managers may write less freely about the closures still to come. Against it: the decision is made, and half of the notes repeat its published report.".to_owned(),
                    sought_on: after(filler, received, 4),
                }),
            )
            .await?;
    }
    Ok(())
}

async fn neither(filler: &Filler<'_>) -> Filled<()> {
    let received = filler.received_for_due_in(-16);
    let text = numbered(&["Has the Council been the victim of a ransomware attack this year?"]);
    let case = take_in(filler, received, "Ransomware", &text, "Jo Finch").await?;
    filler.on(after(filler, received, 2));
    let ids = confirmed(filler, &case, OFFICER).await?;
    let parse = |text: &str| {
        text.parse::<law::Provision>()
            .map_err(|error| error.to_string())
    };
    let exclusion = parse("FOIA s.31(3)")?;
    let mechanism = "A yes would tell an attacker that this kind of attack works here and is worth repeating. A no would tell someone who is inside our systems that nobody has noticed. Either answer, asked of many councils and asked again, shows where to strike.";
    for id in &ids {
        filler
            .act(
                &case,
                "lena",
                Adviser,
                Command::GiveHarmEvidence(HarmEvidence {
                    question: id.clone(),
                    about: About::ConfirmOrDeny,
                    likelihood: Some(Likelihood::WouldBeLikelyTo),
                    mechanism: mechanism.to_owned(),
                    adds: "Nothing about it is published.".to_owned(),
                    instead: "What we do in general to protect residents' data.".to_owned(),
                    lasts: String::new(),
                    shown_by: String::new(),
                    quotable: true,
                    if_held: String::new(),
                    if_not_held: String::new(),
                    cannot_say: false,
                }),
            )
            .await?;
    }
    let test = PublicInterest {
        questions: ids.clone(),
        about: About::ConfirmOrDeny,
        provisions: vec![exclusion.clone()],
        favouring: vec![factor("Residents whose records we keep have an interest in knowing whether such an attack succeeded this year.", OFFICER, true)],
        against: vec![factor("An answer for this year tells an attacker of today whether their method works or has been seen.", OFFICER, true)],
        maintained: true,
        conclusion: "People whose data is affected by any breach are told directly, as the law requires; a yes or a no to everyone would add little for them and much for an attacker. Not saying outweighs saying here.".to_owned(),
    };
    filler
        .act(
            &case,
            OFFICER,
            Officer,
            Command::TestPublicInterest(test.clone()),
        )
        .await?;
    let texts = |factors: &[Factor]| factors.iter().map(|factor| factor.text.clone()).collect();
    let decision = NeitherConfirmNorDeny {
        provision: exclusion,
        by_virtue_of: Some(parse("FOIA s.31(1)(a)")?),
        prejudice: Prejudice {
            mechanism: Slot::Filled(mechanism.to_owned()),
            likelihood: Likelihood::WouldBeLikelyTo,
        },
        public_interest: PublicInterestTest {
            favouring: texts(&test.favouring),
            against: texts(&test.against),
            balance: Slot::Filled(test.conclusion.clone()),
        },
    };
    for id in &ids {
        filler
            .act(
                &case,
                OFFICER,
                Officer,
                Command::DecideConfirmOrDeny(Consideration {
                    question: id.clone(),
                    wish: ConfirmOrDenyOutcome::NeitherConfirmNorDeny(decision.clone()),
                    if_held: "That this kind of attack works here.".to_owned(),
                    if_not_held: "That theirs has not been noticed.".to_owned(),
                    known_already: Vec::new(),
                    reason_although_excessive: None,
                    consistency: Consistency::default(),
                    basis: filler.office.bundle().basis.clone(),
                }),
            )
            .await?;
        decide(
            filler,
            &case,
            id,
            OFFICER,
            Decision::NeitherConfirmedNorDenied(decision.clone()),
        )
        .await?;
    }
    filler.on(after(filler, received, 13));
    let identity = to_approver(filler, &case, OFFICER).await?;
    approve(filler, &case, identity).await?;
    filler.on(after(filler, received, 15));
    issue(filler, &case, OFFICER).await
}
