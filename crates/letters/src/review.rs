//! The letter about an internal review: what was looked at afresh, what it came to, and the right to go to the Commissioner.

use casework::decision::{DecidedQuestion, Decision, ReviewReply, Reviewed, Slot};
use casework::event::ReviewOutcome;
use law::Statute;

use crate::compose::{
    briefly, commissioner, day, decision, fronted, help, name_of, particulars, quote, reasons,
};
use crate::document::Document;
use crate::wording::Wording;

/// The letter as a document: the outcome in short, each question with what was looked at afresh and what is answered now,
/// what was done wrong, and how to complain. No second review is offered.
#[must_use]
pub fn compose_review(reply: &ReviewReply, statute: &Statute, wording: &Wording) -> Document {
    let mut letter = Document {
        title: wording.say("review_title", &[("authority", &reply.authority)]),
        blocks: Vec::new(),
    };
    particulars(&mut letter, Some(reply.reference.clone()), reply.sent_on);
    letter.say(wording.say(
        "review_thanks",
        &[
            ("asked_on", &day(reply.asked_on)),
            ("answered_on", &day(reply.answered_on)),
            ("received_on", &day(reply.received_on)),
        ],
    ));
    letter.heading(2, wording.say("in_short_heading", &[]));
    letter.list(reply.questions.iter().map(|reviewed| {
        let said = match reviewed.outcome {
            ReviewOutcome::OriginalUpheld => "review_in_short_upheld",
            ReviewOutcome::PartlyChanged => "review_in_short_partly",
            ReviewOutcome::Changed => "review_in_short_changed",
        };
        format!(
            "{}: {}",
            name_of(&[&reviewed.first]),
            wording.say(said, &[])
        )
    }));
    for reviewed in &reply.questions {
        question(&mut letter, reviewed, statute, wording);
    }
    if !reply.faults.is_empty() {
        letter.heading(2, wording.say("review_faults_heading", &[]));
        letter.say(wording.say("review_faults", &[]));
        letter.list(
            reply
                .faults
                .iter()
                .map(|fault| wording.say(&format!("review_fault_{}", fault.spelling()), &[])),
        );
    }
    help(&mut letter, reply.contact.clone(), wording);
    letter.heading(2, wording.say("review_next_heading", &[]));
    commissioner(&mut letter, "review_section_50", &reply.complaints, wording);
    fronted(letter, wording)
}

fn question(letter: &mut Document, reviewed: &Reviewed, statute: &Statute, wording: &Wording) {
    letter.heading(2, name_of(&[&reviewed.first]));
    quote(letter, &[&reviewed.first]);
    let standing = briefly("review_stands", &reviewed.first.decision, statute, wording);
    let outcome = match reviewed.outcome {
        ReviewOutcome::OriginalUpheld => "review_upheld",
        ReviewOutcome::PartlyChanged => "review_partly",
        ReviewOutcome::Changed => "review_changed",
    };
    letter.say(wording.say(outcome, &[("standing", &standing)]));
    if reviewed.now.is_none()
        && matches!(
            reviewed.first.decision,
            Decision::NeitherConfirmedNorDenied(_)
        )
    {
        letter.say(wording.say("neither_no_indication", &[]));
    }
    let reason = Slot::Filled(reviewed.reason.clone());
    reasons(letter, "review_reason", &reason, wording);
    if let Some(now) = &reviewed.now {
        letter.say(wording.say("review_now", &[]));
        let now = DecidedQuestion {
            decision: now.clone(),
            in_part: None,
            looked: None,
            files: Vec::new(),
            ..reviewed.first.clone()
        };
        decision(letter, &now, statute, wording);
    }
}
