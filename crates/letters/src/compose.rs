//! A reply from decisions and wording.

use casework::decision::{
    AppliedExemption, DecidedQuestion, Decision, Likelihood, NeitherConfirmNorDeny, Prejudice,
    PublicInterestTest, Reply, Slot,
};
use jiff::civil::Date;
use law::{Act, Provision};

use crate::document::{Block, Document, Inline};
use crate::wording::Wording;

/// The reply as a document: each question quoted, those decided alike together, each decision with its reasons.
#[must_use]
pub fn compose(reply: &Reply, wording: &Wording) -> Document {
    let mut letter = Document {
        title: wording.say("title", &[("authority", &reply.authority)]),
        blocks: Vec::new(),
    };
    particulars(&mut letter, reply);
    letter.say(wording.say(
        "thanks",
        &[
            ("authority", &reply.authority),
            ("received_on", &day(reply.received_on)),
        ],
    ));
    if reply.questions.is_empty() {
        letter.say(wording.say("no_questions", &[]));
        letter.paragraph(vec![Inline::Gap(
            "answer the letter, or ask what information is wanted".to_owned(),
        )]);
    }
    let groups = alike(&reply.questions);
    for group in &groups {
        let labels: Vec<&str> = group
            .iter()
            .map(|question| question.label.as_str())
            .collect();
        let what = if labels.len() == 1 {
            "Question"
        } else {
            "Questions"
        };
        letter.heading(2, format!("{what} {}", labels.join(", ")));
        let mut stem = None;
        for question in group {
            if question.stem.is_some() && question.stem != stem {
                letter.blocks.push(Block::Quote(vec![Inline::Text(
                    question.stem.clone().unwrap_or_default(),
                )]));
            }
            stem.clone_from(&question.stem);
            letter.blocks.push(Block::Quote(vec![
                Inline::Strong(format!("{}.", question.label)),
                Inline::Text(" ".to_owned()),
                Inline::Text(question.text.clone()),
            ]));
        }
        if let Some(first) = group.first() {
            decision(&mut letter, &first.decision, reply, wording);
        }
    }
    complaints(&mut letter, reply, wording);
    let has_gaps = !letter.gaps().is_empty();
    let mut front = vec![Block::Heading(1, letter.title.clone())];
    if has_gaps {
        front.push(Block::Paragraph(vec![Inline::Strong(
            wording.say("draft", &[]),
        )]));
    }
    letter.blocks.splice(0..0, front);
    letter
}

fn particulars(letter: &mut Document, reply: &Reply) {
    let or_gap = |value: Option<String>, gap: &str| {
        value.map_or_else(|| Inline::Gap(gap.to_owned()), Inline::Text)
    };
    letter.paragraph(vec![
        Inline::Text("Our reference: ".to_owned()),
        or_gap(reply.reference.clone(), "the authority's reference"),
    ]);
    letter.paragraph(vec![
        Inline::Text("Date: ".to_owned()),
        or_gap(reply.sent_on.map(day), "the date on which this is sent"),
    ]);
}

/// Questions with the same decision, in the order of the first of each.
fn alike(questions: &[DecidedQuestion]) -> Vec<Vec<&DecidedQuestion>> {
    let mut groups: Vec<Vec<&DecidedQuestion>> = Vec::new();
    for question in questions {
        // Open questions each get an answer of their own.
        let own = matches!(
            question.decision,
            Decision::Answer { .. } | Decision::AlreadyAccessible { .. }
        );
        match groups.iter_mut().find(|group| {
            !own && group
                .first()
                .is_some_and(|first| first.decision == question.decision)
        }) {
            Some(group) => group.push(question),
            None => groups.push(vec![question]),
        }
    }
    groups
}

fn decision(letter: &mut Document, decision: &Decision, reply: &Reply, wording: &Wording) {
    match decision {
        Decision::Answer { answer } => {
            letter.say(wording.say("answer", &[]));
            letter.paragraph(vec![slot(answer)]);
        }
        Decision::AlreadyAccessible { place } => {
            letter.say(wording.say("already_accessible", &[]));
            letter.paragraph(vec![slot(place)]);
            for signpost in &reply.signposts {
                let slots = [
                    ("name", signpost.name.as_str()),
                    ("frequency", &signpost.frequency),
                    ("publishes", &series(&signpost.publishes)),
                ];
                letter.paragraph(vec![
                    Inline::Text(format!("{} ", wording.say("signpost", &slots))),
                    Inline::Link(signpost.url.clone()),
                ]);
            }
        }
        Decision::Withheld(exemptions) => exemptions
            .iter()
            .for_each(|applied| withheld(letter, applied, wording)),
        Decision::NeitherConfirmedNorDenied(refusal) => neither(letter, refusal, wording),
        Decision::NotHeld => letter.say(wording.say("not_held", &[])),
        Decision::OverCostLimit { estimate, advice } => {
            letter.say(wording.say("cost_limit", &[]));
            letter.paragraph(vec![slot(estimate)]);
            letter.paragraph(vec![slot(advice)]);
        }
        Decision::VexatiousOrRepeated { provision, reason } => {
            letter.say(wording.say("vexatious", &[("provision", &cited(provision))]));
            letter.paragraph(vec![slot(reason)]);
        }
        Decision::ClarificationSought { question } => {
            letter.say(wording.say("clarification", &[]));
            letter.paragraph(vec![slot(question)]);
        }
    }
}

fn withheld(letter: &mut Document, applied: &AppliedExemption, wording: &Wording) {
    match applied {
        AppliedExemption::Absolute { provision, reason } => {
            letter.say(wording.say("absolute", &[("provision", &cited(provision))]));
            reasons(letter, "mechanism", reason, wording);
        }
        AppliedExemption::QualifiedClass {
            provision,
            reason,
            public_interest,
        } => {
            letter.say(wording.say("absolute", &[("provision", &cited(provision))]));
            reasons(letter, "mechanism", reason, wording);
            balance(letter, public_interest, "content", wording);
        }
        AppliedExemption::QualifiedPrejudice {
            provision,
            prejudice,
            public_interest,
        } => {
            letter.say(wording.say("withheld", &[("provision", &cited(provision))]));
            harm(letter, "mechanism", prejudice, wording);
            balance(letter, public_interest, "content", wording);
        }
    }
}

fn neither(letter: &mut Document, refusal: &NeitherConfirmNorDeny, wording: &Wording) {
    let provision = cited(&refusal.provision);
    letter.say(match &refusal.by_virtue_of {
        Some(matter) => wording.say(
            "neither_by_virtue_of",
            &[("provision", &provision), ("matter", &cited(matter))],
        ),
        None => wording.say("neither", &[("provision", &provision)]),
    });
    letter.say(wording.say("neither_no_indication", &[]));
    harm(letter, "neither_mechanism", &refusal.prejudice, wording);
    balance(letter, &refusal.public_interest, "confirm", wording);
}

fn harm(letter: &mut Document, lead: &str, prejudice: &Prejudice, wording: &Wording) {
    reasons(letter, lead, &prejudice.mechanism, wording);
    letter.say(wording.say(
        match prejudice.likelihood {
            Likelihood::Would => "would",
            Likelihood::WouldBeLikelyTo => "would_be_likely_to",
        },
        &[],
    ));
}

fn reasons(letter: &mut Document, lead: &str, reason: &Slot<String>, wording: &Wording) {
    letter.paragraph(vec![
        Inline::Text(format!("{} ", wording.say(lead, &[]))),
        slot(reason),
    ]);
}

fn balance(letter: &mut Document, test: &PublicInterestTest, about: &str, wording: &Wording) {
    letter.say(wording.say(&format!("public_interest_{about}"), &[]));
    for (side, factors) in [("for", &test.favouring), ("against", &test.against)] {
        letter.say(wording.say(&format!("factors_{side}_{about}"), &[]));
        if factors.is_empty() {
            letter.paragraph(vec![Inline::Gap(format!(
                "the public interest factors {side} {}",
                if about == "content" {
                    "disclosure"
                } else {
                    "confirming or denying"
                }
            ))]);
        } else {
            letter.list(factors.iter().cloned());
        }
    }
    letter.paragraph(vec![slot(&test.balance)]);
}

fn complaints(letter: &mut Document, reply: &Reply, wording: &Wording) {
    let complaints = &reply.complaints;
    letter.heading(2, "If you are unhappy with this reply");
    let review = wording.say(
        "review",
        &[
            ("ask", &complaints.ask_within_working_days.to_string()),
            ("answer", &complaints.answer_within_working_days.to_string()),
        ],
    );
    letter.paragraph(vec![
        Inline::Text(format!("{review} ")),
        complaints.internal_review_contact.clone().map_or_else(
            || Inline::Gap("who receives requests for internal review, and where".to_owned()),
            Inline::Text,
        ),
    ]);
    letter.say(wording.say(
        "section_50",
        &[("commissioner", &complaints.commissioner_name)],
    ));
    let contact = wording.say(
        "contact",
        &[
            ("commissioner", &complaints.commissioner_name),
            ("address", &complaints.commissioner_address),
            ("telephone", &complaints.commissioner_telephone),
        ],
    );
    letter.paragraph(vec![
        Inline::Text(format!("{contact} ")),
        Inline::Link(complaints.commissioner_url.clone()),
    ]);
    if complaints.verified_on.is_none() {
        letter.paragraph(vec![Inline::Gap("check the Commissioner's name and contact details, then set verified_on in law/complaints.toml".to_owned())]);
    }
}

fn slot(slot: &Slot<String>) -> Inline {
    match slot {
        Slot::Filled(text) => Inline::Text(text.clone()),
        Slot::Owed(what) => Inline::Gap(what.clone()),
    }
}

/// "section 31(1)(a) of the Freedom of Information Act 2000".
fn cited(provision: &Provision) -> String {
    let parts: String = provision
        .parts()
        .iter()
        .map(|part| format!("({part})"))
        .collect();
    match provision.act() {
        Act::Foia => format!(
            "section {}{parts} of the Freedom of Information Act 2000",
            provision.section()
        ),
        Act::Eir => format!(
            "regulation {}{parts} of the Environmental Information Regulations 2004",
            provision.section()
        ),
    }
}

fn day(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

/// "a, b and c".
pub(crate) fn series(items: &[String]) -> String {
    match items.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        Some((only, _)) => only.clone(),
        None => String::new(),
    }
}
