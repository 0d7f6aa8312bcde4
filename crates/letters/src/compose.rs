//! A reply from decisions and wording.

use casework::decision::{
    Apart, ApartBecause, AppliedExemption, Complaints, DecidedQuestion, Decision, Likelihood,
    NeitherConfirmNorDeny, Prejudice, PublicInterestTest, QualifiedOpinion, Reply, Slot,
};
use jiff::civil::Date;
use law::{Provision, Statute};

use crate::document::{Block, Document, Inline};
use crate::wording::Wording;

/// The reply as a document: what is decided in short, then each question quoted, those decided alike together, each
/// decision with its reasons; then what is published, help, and how to complain.
#[must_use]
pub fn compose(reply: &Reply, statute: &Statute, wording: &Wording) -> Document {
    let mut letter = Document {
        title: wording.say("title", &[("authority", &reply.authority)]),
        blocks: Vec::new(),
    };
    particulars(&mut letter, reply.reference.clone(), reply.sent_on);
    letter.say(wording.say(
        "thanks",
        &[
            ("authority", &reply.authority),
            ("received_on", &day(reply.received_on)),
        ],
    ));
    if let Some(due_on) = reply.late_after {
        letter.say(wording.say("late", &[("due_on", &day(due_on))]));
    }
    if reply.questions.is_empty() {
        letter.say(wording.say("no_questions", &[]));
        letter.paragraph(vec![Inline::Gap(
            "answer the letter, or ask what information is wanted".to_owned(),
        )]);
    }
    let groups = alike(&reply.questions);
    in_short(&mut letter, &groups, &reply.apart, statute, wording);
    for group in &groups {
        letter.heading(2, name_of(group));
        quote(&mut letter, group);
        if let Some(first) = group.first() {
            decision(&mut letter, first, statute, wording);
        }
    }
    published(&mut letter, reply, wording);
    help(&mut letter, reply.contact.clone(), wording);
    complaints(&mut letter, reply, wording);
    letter.heading(2, wording.say("counted_heading", &[]));
    letter.say(wording.say(
        "counted",
        &[
            ("received_on", &day(reply.received_on)),
            ("due_on", &day(reply.due_on)),
            ("counted", &reply.counted),
        ],
    ));
    fronted(letter, wording)
}

/// A decision as its letter words it, for people who look at it without the letter.
#[must_use]
pub fn compose_decision(
    question: &DecidedQuestion,
    statute: &Statute,
    wording: &Wording,
) -> Document {
    let mut document = Document::default();
    decision(&mut document, question, statute, wording);
    document
}

/// The letter with its title on top, and a warning where it has gaps.
pub(crate) fn fronted(mut letter: Document, wording: &Wording) -> Document {
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

/// "Questions 1, 2(a)".
pub(crate) fn name_of(group: &[&DecidedQuestion]) -> String {
    let labels: Vec<&str> = group
        .iter()
        .map(|question| question.label.as_str())
        .collect();
    let what = if labels.len() == 1 {
        "Question"
    } else {
        "Questions"
    };
    format!("{what} {}", labels.join(", "))
}

/// One line a group, so that a reader sees the whole answer before the reasons.
fn in_short(
    letter: &mut Document,
    groups: &[Vec<&DecidedQuestion>],
    apart: &[Apart],
    statute: &Statute,
    wording: &Wording,
) {
    if groups.is_empty() {
        return;
    }
    letter.heading(2, wording.say("in_short_heading", &[]));
    let apart = apart.iter().map(|question| {
        let said = match question.because {
            ApartBecause::Waiting => wording.say("apart_waiting", &[]),
            ApartBecause::Extended(until) => {
                wording.say("apart_extended", &[("until", &day(until))])
            }
            ApartBecause::Clarified { on, until } => wording.say(
                "apart_clarified",
                &[("on", &day(on)), ("until", &day(until))],
            ),
            ApartBecause::Withdrawn(on) => wording.say("apart_withdrawn", &[("on", &day(on))]),
        };
        format!("Question {}: {said}", question.label)
    });
    letter.list(
        groups
            .iter()
            .filter_map(|group| {
                let first = group.first()?;
                let about = match first.in_part {
                    Some(_) => "in_short_in_part",
                    None => "in_short",
                };
                let said = briefly(about, &first.decision, statute, wording);
                Some(format!("{}: {said}", name_of(group)))
            })
            .chain(apart),
    );
}

/// A decision in a few words, by the sentences that begin with `about`.
pub(crate) fn briefly(
    about: &str,
    decision: &Decision,
    statute: &Statute,
    wording: &Wording,
) -> String {
    let (key, provisions) = match decision {
        Decision::Answer { .. } => ("answer", Vec::new()),
        Decision::AlreadyAccessible { .. } => ("accessible", Vec::new()),
        Decision::Withheld(exemptions) => (
            if decision.is_elsewhere(statute) {
                "elsewhere"
            } else {
                "withheld"
            },
            exemptions
                .iter()
                .map(|applied| applied.provision().to_string())
                .collect(),
        ),
        Decision::NeitherConfirmedNorDenied(refusal) => {
            ("neither", vec![refusal.provision.to_string()])
        }
        Decision::NotHeld => ("not_held", Vec::new()),
        Decision::OverCostLimit { .. } => ("cost_limit", Vec::new()),
        Decision::VexatiousOrRepeated { provision, .. } => {
            ("vexatious", vec![provision.to_string()])
        }
        Decision::ClarificationSought { .. } => ("clarification", Vec::new()),
    };
    let provisions = series(&provisions);
    wording.say(&format!("{about}_{key}"), &[("provisions", &provisions)])
}

/// The applicant's words, a shared stem once.
pub(crate) fn quote(letter: &mut Document, group: &[&DecidedQuestion]) {
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
}

pub(crate) fn particulars(letter: &mut Document, reference: Option<String>, sent_on: Option<Date>) {
    letter.paragraph(vec![
        Inline::Text("Our reference: ".to_owned()),
        or_gap(reference, "the authority's reference"),
    ]);
    letter.paragraph(vec![
        Inline::Text("Date: ".to_owned()),
        or_gap(sent_on.map(day), "the date on which this is sent"),
    ]);
}

fn or_gap(value: Option<String>, gap: &str) -> Inline {
    value.map_or_else(|| Inline::Gap(gap.to_owned()), Inline::Text)
}

/// Questions with the same decision, in the order of the first of each.
fn alike(questions: &[DecidedQuestion]) -> Vec<Vec<&DecidedQuestion>> {
    let mut groups: Vec<Vec<&DecidedQuestion>> = Vec::new();
    for question in questions {
        // Open questions each get an answer of their own.
        let own =
            matches!(question.decision, Decision::Answer { .. }) || question.in_part.is_some();
        match groups.iter_mut().find(|group| {
            !own && group.first().is_some_and(|first| {
                first.decision == question.decision
                    && first.opinion == question.opinion
                    && first.looked == question.looked
            })
        }) {
            Some(group) => group.push(question),
            None => groups.push(vec![question]),
        }
    }
    groups
}

pub(crate) fn decision(
    letter: &mut Document,
    question: &DecidedQuestion,
    statute: &Statute,
    wording: &Wording,
) {
    let opinion = question.opinion.as_ref();
    match &question.decision {
        Decision::Answer { answer } => {
            letter.say(wording.say("answer", &[]));
            letter.paragraph(slot(answer));
            files(letter, question, wording);
        }
        Decision::AlreadyAccessible { place } => {
            letter.say(wording.say("already_accessible", &[]));
            accessible_at(letter, place);
        }
        Decision::Withheld(exemptions) => {
            if let Some(part) = &question.in_part {
                letter.say(wording.say("in_part", &[]));
                letter.paragraph(vec![Inline::Text(part.given.clone())]);
                files(letter, question, wording);
                letter.say(format!(
                    "{} {}",
                    wording.say("in_part_withheld", &[]),
                    part.withheld
                ));
            }
            for applied in exemptions {
                let what = match statute.elsewhere(applied.provision()) {
                    Some(silent) => Withheld::Elsewhere(silent),
                    None if question.in_part.is_some() => Withheld::Rest,
                    None => Withheld::Whole,
                };
                withheld(letter, applied, &what, opinion, statute, wording);
            }
        }
        Decision::NeitherConfirmedNorDenied(refusal) => {
            neither(letter, refusal, opinion, statute, wording);
        }
        Decision::NotHeld => {
            letter.say(wording.say("not_held", &[]));
            if let Some(looked) = &question.looked {
                letter.paragraph(vec![Inline::Text(looked.clone())]);
            }
        }
        Decision::OverCostLimit { estimate, advice } => {
            letter.say(wording.say("cost_limit", &[]));
            letter.paragraph(slot(estimate));
            letter.paragraph(slot(advice));
        }
        Decision::VexatiousOrRepeated { provision, reason } => {
            letter.say(wording.say("vexatious", &[("provision", &provision.in_words())]));
            letter.paragraph(slot(reason));
        }
        Decision::ClarificationSought { question } => {
            letter.say(wording.say("clarification", &[]));
            letter.paragraph(slot(question));
        }
    }
}

/// The files that are given with an answer.
fn files(letter: &mut Document, question: &DecidedQuestion, wording: &Wording) {
    if !question.files.is_empty() {
        letter.say(wording.say("files", &[]));
        letter.list(
            question
                .files
                .iter()
                .map(|file| format!("{} ({})", file.name, file.size())),
        );
    }
}

/// What an exemption is applied to.
enum Withheld<'a> {
    /// All that was asked for.
    Whole,
    /// What is left when part is given.
    Rest,
    /// What another law gives the right to; by this provision nothing is said of whether it is held.
    Elsewhere(&'a Provision),
}

fn withheld(
    letter: &mut Document,
    applied: &AppliedExemption,
    what: &Withheld<'_>,
    opinion: Option<&QualifiedOpinion>,
    statute: &Statute,
    wording: &Wording,
) {
    let provision = applied.provision();
    let protects = statute.exemption(provision).map_or("", |exemption| {
        exemption
            .limb(provision)
            .map_or(exemption.protects.as_str(), |limb| &limb.protects)
    });
    let cited = provision.in_words();
    let exempt = [("provision", cited.as_str()), ("protects", protects)];
    letter.say(match what {
        Withheld::Whole => wording.say("withheld", &exempt),
        Withheld::Rest => wording.say("withheld_rest", &exempt),
        Withheld::Elsewhere(silent) => wording.say(
            "withheld_elsewhere",
            &[("provision", &cited), ("silent", &silent.in_words())],
        ),
    });
    rests_on(letter, provision, opinion, statute, wording);
    match applied {
        AppliedExemption::Absolute { reason, .. } => reasons(letter, "mechanism", reason, wording),
        AppliedExemption::QualifiedClass {
            reason,
            public_interest,
            ..
        } => {
            reasons(letter, "mechanism", reason, wording);
            balance(letter, public_interest, "content", wording);
        }
        AppliedExemption::QualifiedPrejudice {
            prejudice,
            public_interest,
            ..
        } => {
            reasons(letter, "mechanism", &prejudice.mechanism, wording);
            harm(letter, "content", prejudice, provision, statute, wording);
            balance(letter, public_interest, "content", wording);
        }
    }
}

fn neither(
    letter: &mut Document,
    refusal: &NeitherConfirmNorDeny,
    opinion: Option<&QualifiedOpinion>,
    statute: &Statute,
    wording: &Wording,
) {
    let provision = refusal.provision.in_words();
    letter.say(match &refusal.by_virtue_of {
        Some(matter) => wording.say(
            "neither_by_virtue_of",
            &[("provision", &provision), ("matter", &matter.in_words())],
        ),
        None => wording.say("neither", &[("provision", &provision)]),
    });
    letter.say(wording.say("neither_no_indication", &[]));
    rests_on(letter, &refusal.provision, opinion, statute, wording);
    let matter = refusal.by_virtue_of.as_ref().unwrap_or(&refusal.provision);
    reasons(
        letter,
        "neither_mechanism",
        &refusal.prejudice.mechanism,
        wording,
    );
    harm(
        letter,
        "confirm",
        &refusal.prejudice,
        matter,
        statute,
        wording,
    );
    balance(letter, &refusal.public_interest, "confirm", wording);
}

/// Whose opinion an exemption rests on that only a qualified person can engage, FOIA s.36(2) and (5).
fn rests_on(
    letter: &mut Document,
    provision: &Provision,
    opinion: Option<&QualifiedOpinion>,
    statute: &Statute,
    wording: &Wording,
) {
    if !statute
        .exemption(provision)
        .is_some_and(|exemption| exemption.qualified_person)
    {
        return;
    }
    let mut paragraph = vec![Inline::Text(format!(
        "{} ",
        wording.say("qualified_person", &[])
    ))];
    let Some(opinion) = opinion else {
        paragraph.push(Inline::Gap(
            "whose opinion it is, its day, the limb of section 36, and how likely the harm is"
                .to_owned(),
        ));
        return letter.paragraph(paragraph);
    };
    paragraph.push(or_gap(
        opinion.office.clone(),
        "the qualified person's office; set qualified_person in office/authority.toml",
    ));
    let given = wording.say(
        &format!("opinion_{}", level(opinion.likelihood)),
        &[
            ("given_on", &day(opinion.given_on)),
            ("provision", &opinion.provision.in_words()),
            ("harm", &harm_of(&opinion.provision, statute, wording)),
        ],
    );
    paragraph.push(Inline::Text(format!(", {given}")));
    letter.paragraph(paragraph);
}

/// Which harm at which level, in the words of the limb: "would be likely to prejudice the prevention or detection of crime".
fn harm(
    letter: &mut Document,
    about: &str,
    prejudice: &Prejudice,
    matter: &Provision,
    statute: &Statute,
    wording: &Wording,
) {
    letter.say(wording.say(
        &format!("harm_{about}_{}", level(prejudice.likelihood)),
        &[("harm", &harm_of(matter, statute, wording))],
    ));
}

/// What sentences about a level of likelihood are called.
fn level(likelihood: Likelihood) -> &'static str {
    match likelihood {
        Likelihood::Would => "would",
        Likelihood::WouldBeLikelyTo => "would_be_likely_to",
    }
}

/// The harm that a limb is about, as it follows "would".
fn harm_of(matter: &Provision, statute: &Statute, wording: &Wording) -> String {
    statute
        .exemption(matter)
        .and_then(|exemption| exemption.harm(matter))
        .unwrap_or_else(|| wording.say("harm_unnamed", &[]))
}

pub(crate) fn reasons(letter: &mut Document, lead: &str, reason: &Slot<String>, wording: &Wording) {
    let mut paragraph = vec![Inline::Text(format!("{} ", wording.say(lead, &[])))];
    paragraph.extend(slot(reason));
    letter.paragraph(paragraph);
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
    letter.paragraph(slot(&test.balance));
}

/// What the authority publishes already; said once, whatever is decided.
fn published(letter: &mut Document, reply: &Reply, wording: &Wording) {
    if reply.signposts.is_empty() {
        return;
    }
    letter.heading(2, wording.say("published_heading", &[]));
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

/// Advice and assistance, FOIA s.16: the same words whatever is decided, so that they tell nothing.
pub(crate) fn help(letter: &mut Document, contact: Option<String>, wording: &Wording) {
    letter.heading(2, wording.say("help_heading", &[]));
    letter.paragraph(vec![
        Inline::Text(format!("{} ", wording.say("help", &[]))),
        or_gap(contact, "the office that answers, and how to reach it"),
    ]);
}

fn complaints(letter: &mut Document, reply: &Reply, wording: &Wording) {
    let complaints = &reply.complaints;
    letter.heading(2, wording.say("complaints_heading", &[]));
    let review = wording.say(
        "review",
        &[
            ("ask", &complaints.ask_within_working_days.to_string()),
            ("answer", &complaints.answer_within_working_days.to_string()),
        ],
    );
    letter.paragraph(vec![
        Inline::Text(format!("{review} ")),
        or_gap(
            complaints.internal_review_contact.clone(),
            "who receives requests for internal review, and where",
        ),
    ]);
    if let Some(review_by) = reply.review_by {
        letter.say(wording.say("review_until", &[("review_by", &day(review_by))]));
    }
    commissioner(letter, "section_50", complaints, wording);
}

/// The right to apply to the Commissioner, in the words of `sentence`, with how to reach them.
pub(crate) fn commissioner(
    letter: &mut Document,
    sentence: &str,
    complaints: &Complaints,
    wording: &Wording,
) {
    letter.say(wording.say(sentence, &[("commissioner", &complaints.commissioner_name)]));
    let contact = wording.say(
        "contact",
        &[
            ("address", &complaints.commissioner_address),
            ("telephone", &complaints.commissioner_telephone),
        ],
    );
    letter.paragraph(vec![
        Inline::Text(format!("{contact} ")),
        Inline::Link(complaints.commissioner_url.clone()),
    ]);
    if complaints.verified_on.is_none() {
        letter.paragraph(vec![Inline::Gap(
            "check the Commissioner's name and contact details, then set verified_on in law/complaints.toml".to_owned(),
        )]);
    }
}

/// Where something is published: the place, and a list of what stands there if it names more than one line.
fn accessible_at(letter: &mut Document, place: &Slot<String>) {
    let (Slot::Filled(text) | Slot::Begun { text, .. }) = place else {
        letter.paragraph(slot(place));
        return;
    };
    let mut lines = text.lines();
    let first = lines.next().unwrap_or("").to_owned();
    let mut begin = vec![Inline::Text(first)];
    if let Some(owed) = place.owed() {
        begin.push(Inline::Text(" ".to_owned()));
        begin.push(Inline::Gap(owed.to_owned()));
    }
    letter.paragraph(begin);
    let rows: Vec<String> = lines.map(str::to_owned).collect();
    if !rows.is_empty() {
        letter.list(rows);
    }
}

fn slot(slot: &Slot<String>) -> Vec<Inline> {
    match slot {
        Slot::Filled(text) => vec![Inline::Text(text.clone())],
        Slot::Begun { text, owed } => {
            vec![Inline::Text(format!("{text} ")), Inline::Gap(owed.clone())]
        }
        Slot::Owed(what) => vec![Inline::Gap(what.clone())],
    }
}

/// `2 November 2026`.
#[must_use]
pub fn day(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

/// "a, b and c".
#[must_use]
pub fn series(items: &[String]) -> String {
    match items.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        Some((only, _)) => only.clone(),
        None => String::new(),
    }
}
