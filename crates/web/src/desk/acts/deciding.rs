//! What is decided about one question: first whether we must say that we hold it, from the question alone; then the
//! answer.

use std::borrow::Cow;

use casework::case::QuestionState;
use casework::command::Command;
use casework::confirm_or_deny::{Consideration, Consistency};
use casework::consistency::Way;
use casework::decision::{
    AppliedExemption, Decision, Likelihood, NeitherConfirmNorDeny, Prejudice, PublicInterestTest,
    Slot,
};
use casework::event::{
    About, ConfirmOrDenyOutcome, Ground, HarmEvidence, InPart, KnownAlready, QuestionDecision,
    ReleasedFile, RouteChoice,
};
use casework::proposal::Kind;
use casework::public_record::Path;
use casework::substance::{self, Lack};
use casework::treatment::Regime;
use law::Basis;

use super::{Commands, Deed, PLAIN, SEE_LETTER, Scene};
use crate::app::App;
use crate::desk::shown::Costing;
use crate::desk::{likelihood, public_record, shown};
use crate::fields::{Fields, Mistakes};
use crate::form::{Choice, Form, Step, choice, choice_with};
use crate::routes;

/// Whether to say that it is held: the first step.
pub(super) const CONFIRM_OR_DENY: Deed = Deed {
    done: "confirm",
    form: |scene| {
        let state = scene.question().filter(|state| may_be_considered(state))?;
        let mut form = Form::new("Confirm or deny?", "Continue");
        if state.neither_confirmed_nor_denied() {
            form = form.intro("It is decided that we neither confirm nor deny holding this. What you decide now takes its place: if we must say, the question is answered afresh.");
        } else if state.duty_applies() {
            form = form.intro("It is decided that we must say whether we hold this. That can be changed until an answer is saved or what a search found is opened.");
        }
        form = form
            .intro("Decide this from the question alone. What a search found is not shown here, nor whether there was one.")
            .intro("Already know whether it is held? Pass this decision to a colleague.")
            .link("Give this request to a colleague", address(scene, "owner"));
        if scene.wish.because == "first" {
            let provision = scene
                .app
                .office
                .bundle()
                .policy
                .policy
                .confirm_or_deny_provision
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default();
            form = form.intro(format!(
                "This comes before any answer: our policy covers what is asked with {provision}, and an answer would say that we hold it."
            ));
        }
        form = form.quote(shown::whole(&state.question));
        for signpost in scene.app.signposts(&state.question) {
            form = form.note(format!(
                "Our policy points to {}, which has {}.",
                signpost.name,
                signpost.publishes.join(", ")
            ));
        }
        form = consistency(form, scene);
        if let Some(checked) = scene.public {
            form = public_record::listed(form, checked);
        }
        if let Some(question) = scene.question {
            form = one_of_four(form, scene, question, Of4::Known);
        }
        let form = form.radios(
            "outcome",
            "Must we say whether we hold it?",
            "The Act's rule is that we say. FOIA s.1(1)(a), s.2(1).",
            vec![
                choice_with(
                    "duty",
                    "We must say whether we hold it",
                    "A search can be asked for, for this question only. What it finds is decided later.",
                ),
                choice_with(
                    "neither",
                    "Saying yes or no would itself do harm",
                    "Next: what each answer would tell someone, and the public interest.",
                ),
            ],
            "",
        );
        let departs = scene
            .advice
            .earlier
            .iter()
            .any(|stance| stance.way == Way::NeitherConfirmedNorDenied);
        Some(if departs {
            form.area(
                "departs_from",
                "If we say it here: why this question differs from those",
                "A plain answer to one of them tells what the others were about.",
                "",
                2,
            )
        } else {
            form
        })
    },
    elsewhere: |scene, fields| {
        let (number, state) = scene.question?;
        (fields.get("outcome") == "neither").then(|| next_of_four(number, state))
    },
    commands: |scene, fields, mistakes| {
        mistakes.check(
            fields.get("outcome") != "duty",
            "outcome",
            "Choose whether we must say we hold this",
        );
        scene
            .question()
            .map(|state| duty_applies(scene.app, state, Some(fields.get("departs_from"))))
            .into_iter()
            .collect()
    },
    about: &[
        ("confirm_or_deny.departs", "departs_from"),
        ("confirm_or_deny", "outcome"),
    ],
    record: Some(Path::NeitherConfirmNorDeny),
    ..PLAIN
};

/// The routes of a question.
const ROUTES: [(Kind, &str); 4] = [
    (
        Kind::Register,
        "A contract or its price: the register of contracts has it",
    ),
    (
        Kind::Protected,
        "The policy's table lists this information for this subject",
    ),
    (Kind::Mixed, "Both, and they can't be told apart"),
    (Kind::Open, "Neither: it is answered as any question is"),
];

/// The route of a question of which the proposal isn't shown yet.
pub(super) const ROUTE: Deed = Deed {
    done: "chosen",
    form: |scene| {
        let state = scene.question()?;
        Some(
            Form::new("Choose the route", "Choose")
                .intro("For a few questions Candour shows what it proposes only after you chose. This shows how good its proposals are.")
                .intro("Your choice decides nothing. It is recorded and stays; decide the question otherwise if you change your mind.")
                .quote(shown::whole(&state.question))
                .radios(
                    "route",
                    "What is this question?",
                    "",
                    ROUTES
                        .iter()
                        .map(|(kind, hint)| choice_with(kind.as_str(), shown::route(*kind), hint))
                        .collect(),
                    "",
                ),
        )
    },
    commands: |scene, fields, mistakes| {
        let wanted = fields.get("route");
        let route = ROUTES.iter().find(|(kind, _)| kind.as_str() == wanted);
        let (Some((_, state)), Some((route, _))) = (scene.question, route) else {
            mistakes.add("route", "Choose a route");
            return Vec::new();
        };
        vec![Command::ChooseRoute(RouteChoice {
            question: state.question.id.clone(),
            route: *route,
        })]
    },
    about: &[("route", "route")],
    chooses_route: true,
    ..PLAIN
};

/// The steps in which it is decided neither to confirm nor to deny, FOIA s.2(1): each a page, the decision last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of4 {
    /// Whether it is known already.
    Known,
    /// What a yes and a no would each tell.
    Harm,
    /// The public interest in saying whether it is held.
    Interest,
    /// The decision.
    Decision,
}

impl Of4 {
    const ALL: [(Self, &'static str); 4] = [
        (Self::Known, "Is it known already?"),
        (Self::Harm, "What a yes and a no would tell"),
        (Self::Interest, "The public interest in saying"),
        (Self::Decision, "The decision"),
    ];

    /// Its page, after the case's own address.
    fn at(self, number: usize) -> String {
        match self {
            Self::Known => format!("/questions/{number}/confirm-or-deny"),
            Self::Harm => format!("/questions/{number}/harm?about=confirm-or-deny"),
            Self::Interest => format!("/public-interest/confirm-or-deny?question={number}"),
            Self::Decision => format!("/questions/{number}/neither"),
        }
    }

    fn status(self, state: &QuestionState) -> &'static str {
        let is_harmful = state.harm_shown(About::ConfirmOrDeny);
        let is_weighed = state.interest(About::ConfirmOrDeny).is_some();
        match self {
            Self::Known => "",
            Self::Harm if state.harm_evidence(About::ConfirmOrDeny).is_some() => "Done",
            Self::Interest if is_weighed => "Done",
            Self::Decision if state.neither_confirmed_nor_denied() => "Done",
            Self::Interest if !is_harmful => "Cannot start yet",
            Self::Decision if !is_weighed => "Cannot start yet",
            Self::Harm | Self::Interest | Self::Decision => "Not started",
        }
    }
}

/// The first of the four steps that is still to take after the first, after the case's own address.
pub(super) fn next_of_four(number: usize, state: &QuestionState) -> String {
    let step = match (
        state.harm_shown(About::ConfirmOrDeny),
        state.interest(About::ConfirmOrDeny),
    ) {
        (_, Some(_)) => Of4::Decision,
        (true, None) => Of4::Interest,
        (false, None) => Of4::Harm,
    };
    step.at(number)
}

/// A form as one of the four steps.
pub(super) fn one_of_four(
    mut form: Form,
    scene: &Scene<'_>,
    (number, state): (usize, &QuestionState),
    here: Of4,
) -> Form {
    // The evidence of harm is written by whoever decides, and until the decision is made.
    let may_write = scene.visit.has_any(routes::DECIDING_WORK) && may_be_considered(state);
    let has_page =
        |step: Of4| step != Of4::Harm || may_write && !state.neither_confirmed_nor_denied();
    form.steps = Of4::ALL
        .into_iter()
        .map(|(step, label)| Step {
            label,
            status: step.status(state),
            at: if has_page(step) {
                address(scene, step.at(number).trim_start_matches('/'))
            } else {
                String::new()
            },
            is_here: step == here,
        })
        .collect();
    form
}

/// What the office knows of questions of this kind, before anything is chosen.
fn consistency(mut form: Form, scene: &Scene<'_>) -> Form {
    for known in &scene.advice.excessive {
        form = form.note(format!(
            "Neither confirming nor denying looks excessive: {}.",
            known.place
        ));
    }
    for (way, words) in [
        (
            Way::NeitherConfirmedNorDenied,
            "Questions of this kind are neither confirmed nor denied",
        ),
        (
            Way::Said,
            "Replies have said whether we hold this kind of information",
        ),
        (
            Way::DutyApplies,
            "It is decided elsewhere that we say whether we hold this kind of information",
        ),
    ] {
        let places: Vec<String> = scene
            .advice
            .earlier
            .iter()
            .filter(|stance| stance.way == way)
            .map(casework::consistency::Stance::place)
            .collect::<std::collections::BTreeSet<_>>()
            .into_iter()
            .take(5)
            .collect();
        if !places.is_empty() {
            form = form.note(format!("{words}: {}.", places.join("; ")));
        }
    }
    form
}

fn address(scene: &Scene<'_>, path: &str) -> String {
    format!("/desk/cases/{}/{path}", scene.case.receipt.reference)
}

fn question_address(scene: &Scene<'_>, path: &str) -> String {
    let number = scene.question.map_or(0, |(number, _)| number);
    address(scene, &format!("questions/{number}/{path}"))
}

/// That the duty to confirm or deny applies.
pub(in crate::desk) fn duty_applies(
    app: &App,
    state: &QuestionState,
    departs_because: Option<String>,
) -> Command {
    Command::DecideConfirmOrDeny(Consideration {
        question: state.question.id.clone(),
        wish: ConfirmOrDenyOutcome::DutyApplies,
        if_held: String::new(),
        if_not_held: String::new(),
        known_already: Vec::new(),
        reason_although_excessive: None,
        consistency: Consistency {
            departs_because: departs_because.filter(|reason| !reason.is_empty()),
            ..Consistency::default()
        },
        basis: app.office.bundle().basis.clone(),
    })
}

const GROUNDS: &[(Ground, &str, &str)] = &[
    (
        Ground::ExistsEverywhere,
        "exists_everywhere",
        "Every authority has such a thing",
    ),
    (
        Ground::AlreadyPublic,
        "already_public",
        "Its existence is public: register, log, a statement",
    ),
    (
        Ground::Acknowledged,
        "acknowledged",
        "We have acknowledged it",
    ),
    (
        Ground::SaidBefore,
        "said_before",
        "An earlier reply said whether it is held",
    ),
    (
        Ground::AggregateOrHistoric,
        "aggregate_or_historic",
        "It asks for totals or for the past",
    ),
];

/// Whether it is still to be decided, or may be decided again, if we must say that it is held: an answer that says so, or
/// a look at what a search found, leaves nothing to decide.
pub(in crate::desk) fn may_be_considered(state: &QuestionState) -> bool {
    state.is_open()
        && !state.holding_opened
        && (state.neither_confirmed_nor_denied() || state.decision.is_none())
}

/// The harm that the adviser's evidence shows, as it stands now.
fn harm(state: &QuestionState, about: About) -> Option<&HarmEvidence> {
    state
        .harm_evidence(about)
        .filter(|harm| harm.likelihood.is_some())
}

/// What the adviser says of the harm of saying yes or no, in a line.
fn harm_given(state: &QuestionState, about: About) -> &'static str {
    match state.harm_evidence(about) {
        Some(harm) if harm.likelihood.is_some() => "Harm of saying yes or no: given.",
        Some(harm) if harm.cannot_say => {
            "Harm of saying yes or no: the security adviser cannot say. Ask what would settle it."
        }
        Some(_) => "Harm of saying yes or no: the security adviser sees none.",
        None => {
            "Harm of saying yes or no: not given yet. Where the policy covers the question, the security adviser sees it on their page."
        }
    }
}

fn quoted(state: &QuestionState, about: About) -> String {
    harm(state, about)
        .filter(|harm| harm.quotable)
        .map(|harm| harm.mechanism.clone())
        .unwrap_or_default()
}

/// Neither confirming nor denying.
pub(super) const NEITHER: Deed = Deed {
    done: "neither",
    form: |scene| {
        let state = scene.question().filter(|state| may_be_considered(state))?;
        let before = state
            .confirm_or_deny
            .as_ref()
            .and_then(|made| match &made.outcome {
                ConfirmOrDenyOutcome::NeitherConfirmNorDeny(neither) => Some((made, neither)),
                ConfirmOrDenyOutcome::DutyApplies => None,
            });
        let policy = &scene.app.office.bundle().policy.policy;
        let provision = before
            .map(|(_, neither)| &neither.provision)
            .or(policy
                .confirm_or_deny_provision
                .as_ref()
                .filter(|_| state.question.is_covered()))
            .map(ToString::to_string)
            .unwrap_or_default();
        let category = state
            .question
            .proposal
            .as_ref()
            .and_then(|proposal| proposal.category.as_deref())
            .and_then(|id| policy.category(id));
        let mechanism = match (before, quoted(state, About::ConfirmOrDeny)) {
            (Some((_, neither)), _) => begun(&neither.prejudice.mechanism).to_owned(),
            (None, words) if words.is_empty() => category
                .and_then(|category| category.confirm_or_deny_mechanism.clone())
                .unwrap_or_default(),
            (None, words) => words,
        };
        let mut form = Form::new("Neither confirm nor deny", "We neither confirm nor deny");
        form.other_button = Some(SEE_LETTER);
        if let Some(question) = scene.question {
            form = one_of_four(form, scene, question, Of4::Decision);
        }
        if harm(state, About::ConfirmOrDeny).is_none() {
            form = form.link(
                "Record the harm that somebody told you of",
                question_address(scene, "harm?about=confirm-or-deny"),
            );
        }
        let is_ready = harm(state, About::ConfirmOrDeny).is_some()
            && state.interest(About::ConfirmOrDeny).is_some();
        form = form.intro(if is_ready {
            "Read it together once more. What you save here is what the letter says."
        } else {
            "Two things come first: evidence of what saying yes or no would do, from the security adviser; and the public interest in saying whether it is held."
        });
        form = form.note(harm_given(state, About::ConfirmOrDeny));
        let given = harm(state, About::ConfirmOrDeny);
        if given.is_some_and(|harm| !harm.quotable) {
            form = form.note("The adviser's words are for the decision only and are not copied here. Write your own.");
        }
        let (yes, no) = match before {
            Some((made, _)) => (made.if_held.as_str(), made.if_not_held.as_str()),
            None => given
                .filter(|harm| harm.quotable)
                .map(|harm| (harm.if_held.as_str(), harm.if_not_held.as_str()))
                .unwrap_or_default(),
        };
        let interest = state.interest(About::ConfirmOrDeny);
        if let Some(test) = interest {
            form = form.note(format!(
                "Public interest in saying whether it is held: weighed. {}",
                test.conclusion
            ));
        }
        form = form.link(
            if interest.is_some() {
                "Weigh the public interest in saying so again"
            } else {
                "Weigh the public interest in saying whether it is held"
            },
            format!(
                "{}?question={}",
                address(scene, "public-interest/confirm-or-deny"),
                scene.question.map_or(0, |(number, _)| number)
            ),
        );
        form = form.quote(shown::whole(&state.question));
        if let Some(checked) = scene.public {
            form =
                public_record::to_deal_with(form, checked, &question_address(scene, "published"));
        }
        form = consistency(form, scene);
        let found: Vec<String> = GROUNDS
            .iter()
            .filter(|(ground, _, _)| {
                scene
                    .advice
                    .excessive
                    .iter()
                    .chain(before.iter().flat_map(|(made, _)| &made.known_already))
                    .any(|known| known.entry.is_none() && known.ground == *ground)
            })
            .map(|(_, value, _)| (*value).to_owned())
            .collect();
        let although = before
            .and_then(|(made, _)| made.reason_although_excessive.as_deref())
            .unwrap_or_default();
        let place = before
            .and_then(|(made, _)| {
                made.known_already
                    .iter()
                    .find(|known| known.entry.is_none())
            })
            .map_or("", |known| known.place.as_str());
        Some(
            two_answers(form, yes, no)
                .boxes(
                    "known",
                    "What speaks against it",
                    "Tick what is true. Neither confirming nor denying looks excessive when any of these is.",
                    GROUNDS.iter().map(|(_, value, label)| choice(value, label)).collect(),
                    found,
                )
                .line("place", "Where it is public", "For example the reference in the disclosure log", place)
                .area("although", "Why saying yes or no would do harm although this is known", "Read by the approver.", although, 2)
                .line("provision", "The provision that excludes the duty", "", &provision)
                .radios("likelihood", "How likely is the harm?", "", likelihood::choices(), before.map(|(_, neither)| neither.prejudice.likelihood).or(given.and_then(|harm| harm.likelihood)).map_or("", likelihood::word))
                .area("mechanism", "The reason that the letter gives", "What a yes and what a no would each tell someone, and how they would use it. The same words whatever is held.", &mechanism, 5),
        )
    },
    commands: |scene, fields, mistakes| neither(scene, fields, mistakes).unwrap_or_default(),
    about: &[
        ("confirm_or_deny.no_answer_if_held", "if_held"),
        ("confirm_or_deny.no_answer_if_not_held", "if_not_held"),
        ("confirm_or_deny.not_an_exclusion", "provision"),
        ("confirm_or_deny.no_mechanism", "mechanism"),
        ("confirm_or_deny.excessive", "although"),
        ("confirm_or_deny.departs", "although"),
    ],
    record: Some(Path::NeitherConfirmNorDeny),
    ..PLAIN
};

fn neither(scene: &Scene<'_>, fields: &Fields, mistakes: &mut Mistakes) -> Option<Commands> {
    let state = scene.question()?;
    let mut known_already = public_record::dealt_with(scene.public, fields, mistakes);
    let policy = &scene.app.office.bundle().policy.policy;
    let provision = fields.get("provision").parse().ok();
    mistakes.check(
        provision.is_none(),
        "provision",
        "Name the provision, for example FOIA s.31(3)",
    );
    let likelihood = likelihood_of(fields, mistakes, "likelihood");
    let test = state.interest(About::ConfirmOrDeny);
    mistakes.check(
        test.is_none(),
        "main",
        "Weigh the public interest in saying whether it is held first",
    );
    let decision = NeitherConfirmNorDeny {
        provision: provision?,
        by_virtue_of: Some(policy.content_provision.clone()),
        prejudice: Prejudice {
            mechanism: words(
                fields,
                "mechanism",
                "what a yes and what a no would tell someone",
            ),
            likelihood: likelihood?,
        },
        public_interest: test?.in_letter(),
    };
    for (passage, leak) in scene
        .app
        .office
        .bundle()
        .leak_guard
        .read_decision(&decision)
    {
        if leak.severity == casework::leak_guard::Severity::Error {
            let words = passage.get(leak.span.clone()).unwrap_or(passage);
            mistakes.add(
                "mechanism",
                format!("“{words}” {}. {}", leak.why, leak.mend),
            );
        }
    }
    leaks_nothing(scene.app, fields, mistakes, &["if_held", "if_not_held"]);
    says_why(
        fields,
        mistakes,
        "mechanism",
        "Say in a sentence who could do what with a yes or a no, and what that would cause",
    );
    says_both(fields, mistakes);
    let place = fields.get("place");
    mistakes.check(
        place.is_empty() && !fields.all("known").is_empty(),
        "place",
        "Say where that is known: the page, the reply, or why every authority has it",
    );
    let grounds = GROUNDS
        .iter()
        .filter(|(_, value, _)| fields.ticked("known", value))
        .map(|(ground, _, _)| KnownAlready {
            ground: *ground,
            place: place.clone(),
            entry: None,
            dealt_with: None,
        });
    known_already.extend(grounds);
    let although = fields.get("although");
    Some(vec![
        Command::DecideConfirmOrDeny(Consideration {
            question: state.question.id.clone(),
            wish: ConfirmOrDenyOutcome::NeitherConfirmNorDeny(decision.clone()),
            if_held: fields.get("if_held"),
            if_not_held: fields.get("if_not_held"),
            known_already,
            reason_although_excessive: (!although.is_empty()).then_some(although),
            consistency: Consistency::default(),
            basis: scene.app.office.bundle().basis.clone(),
        }),
        Command::Decide(QuestionDecision {
            question: state.question.id.clone(),
            decision: Decision::NeitherConfirmedNorDenied(decision),
            departs_because: departs_because(fields).or_else(|| {
                departs(state, true, false)
                    .then(|| "decided on this request's own harm and public interest".to_owned())
            }),
            already_public: Vec::new(),
            in_part: None,
            looked: None,
            files: Vec::new(),
            basis: scene.app.office.bundle().basis.clone(),
        }),
    ])
}

/// What a yes and what a no would each tell.
pub(super) fn two_answers(form: Form, yes: &str, no: &str) -> Form {
    form.area(
        "if_held",
        "If we said 'Yes, we hold this', someone would learn…",
        "Write about what a yes would tell someone. Do not say whether it happened or exists.",
        yes,
        3,
    )
    .area(
        "if_not_held",
        "If we said 'No, we do not', someone would learn…",
        "",
        no,
        3,
    )
}

/// Marks what says nothing of either. They go on with the label's words, so they need be no sentence.
pub(super) fn says_both(fields: &Fields, mistakes: &mut Mistakes) {
    for (field, ask) in [
        ("if_held", "Say what a yes would tell someone"),
        ("if_not_held", "Say what a no would tell someone"),
    ] {
        let words = fields.get(field);
        let is_short = words.split_whitespace().count() < 3;
        mistakes.check(!words.is_empty() && is_short, field, ask);
    }
}

/// Marks words of these fields that give away whether something is held.
pub(in crate::desk) fn leaks_nothing(
    app: &App,
    fields: &Fields,
    mistakes: &mut Mistakes,
    names: &[&str],
) {
    for field in names {
        let text = fields.get(field);
        for leak in app.office.bundle().leak_guard.read(&text) {
            if leak.severity == casework::leak_guard::Severity::Error {
                let words = text.get(leak.span.clone()).unwrap_or(&text);
                mistakes.add(field, format!("“{words}” {}. {}", leak.why, leak.mend));
            }
        }
    }
}

/// Marks a field that has a word or two and no sentence, with what to say. What is left empty is for the rules.
pub(in crate::desk) fn says_why(fields: &Fields, mistakes: &mut Mistakes, field: &str, ask: &str) {
    let words = fields.get(field);
    let is_short = substance::lack(&words) == Some(Lack::TooShort);
    mistakes.check(!words.is_empty() && is_short, field, ask);
}

fn likelihood_of(fields: &Fields, mistakes: &mut Mistakes, name: &str) -> Option<Likelihood> {
    let level = likelihood::of(&fields.get(name));
    mistakes.check(
        level.is_none(),
        name,
        "Choose 'would' or 'would be likely to'",
    );
    level
}

fn words(fields: &Fields, name: &str, owed: &str) -> Slot<String> {
    match fields.get(name) {
        text if text.is_empty() => Slot::Owed(owed.to_owned()),
        text => Slot::Filled(text),
    }
}

/// Whether answering this way departs from the proposal, so that a reason is wanted.
fn departs(state: &QuestionState, closes: bool, points_to_register: bool) -> bool {
    state
        .question
        .proposal
        .as_ref()
        .is_some_and(|proposal| match proposal.kind {
            Kind::Protected => !closes,
            Kind::Register => !points_to_register,
            Kind::Open => closes,
            Kind::Mixed => false,
        })
}

/// The reason of whoever answers with what is published.
pub(in crate::desk) const ALREADY_PUBLIC: &str = "Already public";

const REASONS: &[&str] = &[
    "The words mean something else here",
    "Wrong subject",
    "Wrong kind of information",
    ALREADY_PUBLIC,
    "Too old or too general to harm",
    "The policy's row is wrong",
    "Another law governs it",
    "Other",
];

fn with_reason(form: Form, scene: &Scene<'_>, closes: bool, points_to_register: bool) -> Form {
    let Some(state) = scene
        .question()
        .filter(|state| departs(state, closes, points_to_register))
    else {
        return form;
    };
    let proposed = state
        .question
        .proposal
        .as_ref()
        .map_or("", |proposal| shown::route(proposal.kind));
    form.section("Another way than proposed")
        .note(format!(
            "Candour proposed: {proposed}. Your reason goes into the accuracy report."
        ))
        .radios(
            "departs",
            "Why are you changing the route?",
            "",
            REASONS
                .iter()
                .map(|reason| choice(reason, reason))
                .collect(),
            scene.draft.map_or("", |_| ALREADY_PUBLIC),
        )
        .line("departs_note", "Note", "Optional", "")
}

fn departs_because(fields: &Fields) -> Option<String> {
    let reason = fields.get("departs");
    let note = fields.get("departs_note");
    match (reason.is_empty(), note.is_empty()) {
        (true, _) => None,
        (false, true) => Some(reason),
        (false, false) => Some(format!("{reason}: {note}")),
    }
}

/// Which way a question is answered.
pub(super) const DECISION: Deed = Deed {
    form: |scene| {
        let state = scene
            .question()
            .filter(|state| state.is_open() && !state.neither_confirmed_nor_denied())?;
        let mut form =
            Form::new("Decide the answer", "Continue").quote(shown::whole(&state.question));
        if state.outcome().is_none() {
            form = form
                .intro("First decide whether we must say that we hold this.")
                .link(
                    "Decide: confirm or deny",
                    question_address(scene, "confirm-or-deny"),
                );
        }
        Some(form.radios(
            "kind",
            "How is it answered?",
            "",
            vec![
                choice("answer", "Disclosed: here is the answer"),
                choice_with(
                    "published",
                    "Already published",
                    "In the register, the log or elsewhere: FOIA s.21",
                ),
                choice_with(
                    "withheld",
                    "Withheld, or given in part",
                    "Under an exemption, with harm and public interest. Whatever can be given is given.",
                ),
                choice_with("not-held", "Not held", "Needs a search that has finished"),
                choice_with(
                    "cost",
                    "Over the cost limit",
                    "Needs an estimate: FOIA s.12",
                ),
                choice_with(
                    "section-14",
                    "Vexatious or repeated",
                    "FOIA s.14: the request, never the person",
                ),
                choice_with(
                    "own-data",
                    "Their own personal data",
                    &format!(
                        "FOIA s.40(1): a subject access request instead, to be answered by {} by the team for those",
                        own_data_due(scene).map_or_else(String::new, crate::dates::plain)
                    ),
                ),
                choice_with(
                    "environmental",
                    "Environmental information",
                    "FOIA s.39: answered under the Environmental Information Regulations, on the same day",
                ),
            ],
            "",
        ))
    },
    elsewhere: |scene, fields| {
        let way = match fields.get("kind").as_str() {
            "answer" => "answer",
            "published" => "published",
            "withheld" => "withheld",
            "not-held" => "not-held",
            "cost" => "over-cost-limit",
            "section-14" => "section-14",
            "own-data" => "withheld?because=own-data",
            "environmental" => "withheld?because=environmental",
            _ => return None,
        };
        let (number, _) = scene.question?;
        Some(format!("/questions/{number}/{way}"))
    },
    commands: |_, _, mistakes| {
        mistakes.add("kind", "Choose how it is answered");
        Vec::new()
    },
    answers: true,
    ..PLAIN
};

/// The day by which a subject access request that came with the case is answered.
fn own_data_due(scene: &Scene<'_>) -> Option<jiff::civil::Date> {
    let calendar = &scene.app.office.bundle().calendar;
    let received_on = scene.case.receipt.received_on;
    let due_on = Regime::OwnPersonalData.due_on(received_on, calendar);
    due_on.ok().flatten()
}

/// The provision and the reason of an answer under another law than the Act, as the page before chose it.
fn under_another_law(scene: &Scene<'_>, state: &QuestionState) -> Option<(String, String)> {
    match scene.wish.because.as_str() {
        "own-data" => Some((
            "FOIA s.40(1)".to_owned(),
            format!(
                "You ask for information about yourself. Your right to it is under data protection law and not under this Act, so we deal with this as a subject access request under Article 15 of the UK GDPR. We will answer it by {}.",
                crate::dates::plain(own_data_due(scene)?)
            ),
        )),
        "environmental" => Some((
            "FOIA s.39(1)(a)".to_owned(),
            format!(
                "This is environmental information, which the Environmental Information Regulations 2004 give a right to instead of this Act. We will answer this under those Regulations by {}.",
                crate::dates::plain(state.due())
            ),
        )),
        _ => None,
    }
}

/// Whether nothing is weighed before this is applied.
fn is_absolute(scene: &Scene<'_>, provision: &law::Provision) -> bool {
    let statute = &scene.app.office.bundle().statute;
    statute
        .exemption(provision)
        .is_some_and(|exemption| !exemption.requires_public_interest_test(provision))
}

/// What the question was decided before, if it was.
fn decided_before<'a>(scene: &Scene<'a>) -> Option<&'a Decision> {
    let (_, state) = scene.question?;
    state.decision.as_ref().map(|made| &made.decision)
}

/// The words that stand in a slot so far.
fn begun(slot: &Slot<String>) -> &str {
    match slot {
        Slot::Filled(text) | Slot::Begun { text, .. } => text,
        Slot::Owed(_) => "",
    }
}

/// The form for one way of answering, of a question that may be answered so.
fn answering(scene: &Scene<'_>, heading: &str, button: &str) -> Option<Form> {
    let state = scene.question().filter(|state| state.is_open())?;
    if state.neither_confirmed_nor_denied() {
        return None;
    }
    let form = Form::new(heading, button).quote(shown::whole(&state.question));
    Some(if state.outcome().is_none() {
        form.note("Saving this also records that we will say whether we hold it.")
    } else {
        form
    })
}

/// The commands for one way of answering; the duty is recorded first where it isn't.
fn decided(
    scene: &Scene<'_>,
    fields: &Fields,
    mistakes: &mut Mistakes,
    decision: Decision,
) -> Commands {
    decided_with(scene, fields, mistakes, decision, Said::default())
}

/// What a decision says besides itself.
#[derive(Default)]
struct Said {
    /// The part that is given of what is otherwise withheld.
    in_part: Option<InPart>,
    /// Where it was looked for that is not held.
    looked: Option<String>,
}

/// The team or teams whose search for it finished, as a letter begins to say where we looked.
fn searched(scene: &Scene<'_>) -> String {
    let searched = scene.question().map(|state| &state.searched_by);
    let teams: Vec<String> = searched
        .into_iter()
        .flatten()
        .map(|area| shown::area(area))
        .collect();
    match teams.as_slice() {
        [] => String::new(),
        [team] => format!("We looked in the records of our {team} team."),
        _ => format!(
            "We looked in the records of our {} teams.",
            letters::series(&teams)
        ),
    }
}

/// The same with what it says besides.
fn decided_with(
    scene: &Scene<'_>,
    fields: &Fields,
    mistakes: &mut Mistakes,
    decision: Decision,
    said: Said,
) -> Commands {
    let Said { in_part, looked } = said;
    let Some(state) = scene.question() else {
        return Vec::new();
    };
    let mut commands = Vec::new();
    if state.outcome().is_none() {
        commands.push(duty_applies(scene.app, state, None));
    }
    let already_public = if Path::of(&decision) == Path::Answer {
        Vec::new()
    } else {
        public_record::dealt_with(scene.public, fields, mistakes)
    };
    commands.push(Command::Decide(QuestionDecision {
        question: state.question.id.clone(),
        departs_because: departs_because(fields),
        already_public,
        files: if matches!(decision, Decision::Answer { .. }) || in_part.is_some() {
            files_of(state).to_vec()
        } else {
            Vec::new()
        },
        decision,
        in_part,
        looked,
        basis: scene.app.office.bundle().basis.clone(),
    }));
    commands
}

/// The files that are given with the answer to a question so far.
pub(in crate::desk) fn files_of(state: &QuestionState) -> &[ReleasedFile] {
    state
        .decision
        .as_ref()
        .map(|made| made.files.as_slice())
        .unwrap_or_default()
}

fn reason_wanted(
    scene: &Scene<'_>,
    fields: &Fields,
    mistakes: &mut Mistakes,
    closes: bool,
    register: bool,
) {
    let wanted = scene
        .question()
        .is_some_and(|state| departs(state, closes, register));
    mistakes.check(
        wanted && fields.get("departs").is_empty(),
        "departs",
        "Choose why you are changing the route",
    );
}

/// The answer.
pub(super) const ANSWER: Deed = Deed {
    done: "decided",
    form: |scene| {
        let standing = match decided_before(scene) {
            Some(Decision::Answer { answer }) => begun(answer),
            _ => "",
        };
        let form = answering(scene, "Disclosed", "Save the answer")?.area(
            "answer",
            "The answer",
            "As it will stand in the letter. Say what figures cover and anything that would mislead.",
            scene.draft.unwrap_or(standing),
            8,
        );
        Some(with_reason(form, scene, false, false))
    },
    commands: |scene, fields, mistakes| {
        mistakes.check(!fields.has("answer"), "answer", "Write the answer");
        reason_wanted(scene, fields, mistakes, false, false);
        decided(
            scene,
            fields,
            mistakes,
            Decision::Answer {
                answer: words(fields, "answer", "the answer"),
            },
        )
    },
    about: &[("decision.departs", "departs"), ("decision.owed", "answer")],
    answers: true,
    ..PLAIN
};

/// Already published.
pub(super) const PUBLISHED_ALREADY: Deed = Deed {
    done: "decided",
    form: |scene| {
        let place = match (scene.draft, decided_before(scene)) {
            (Some(draft), _) => draft.to_owned(),
            (None, Some(Decision::AlreadyAccessible { place })) => begun(place).to_owned(),
            _ => scene
                .app
                .signposts(&scene.question()?.question)
                .first()
                .map(|signpost| format!("{}, {}: ", signpost.name, signpost.url))
                .unwrap_or_default(),
        };
        let form = answering(scene, "Already published", "Save")?
            .intro("FOIA s.21 is for what this person can reach already. If they gave only a postal address, print the rows in full.")
            .area(
                "place",
                "Where it is, and what it says",
                "The reference and quarter of the row in the register, or the address in the log, and the words themselves.",
                &place,
                6,
            );
        Some(with_reason(form, scene, false, true))
    },
    commands: |scene, fields, mistakes| {
        mistakes.check(
            !fields.has("place"),
            "place",
            "Section 21 needs a place to look",
        );
        reason_wanted(scene, fields, mistakes, false, true);
        decided(
            scene,
            fields,
            mistakes,
            Decision::AlreadyAccessible {
                place: words(fields, "place", "the place"),
            },
        )
    },
    about: &[("decision.departs", "departs"), ("decision.owed", "place")],
    answers: true,
    ..PLAIN
};

/// Withheld.
pub(super) const WITHHELD: Deed = Deed {
    done: "decided",
    form: |scene| {
        let state = scene.question()?;
        let policy = &scene.app.office.bundle().policy.policy;
        let proposal = state.question.proposal.as_ref();
        let category = proposal
            .and_then(|proposal| proposal.category.as_deref())
            .and_then(|id| policy.category(id));
        let of_kind = category.and_then(|category| {
            category
                .kinds
                .iter()
                .find(|kind| {
                    proposal.is_some_and(|proposal| proposal.information.contains(&kind.id))
                })
                .and_then(|kind| kind.reason.clone())
        });
        let mechanism = match quoted(state, About::Content) {
            words if words.is_empty() => of_kind
                .or_else(|| category.and_then(|category| category.content_mechanism.clone()))
                .unwrap_or_default(),
            words => words,
        };
        let mut form = answering(scene, "Withheld", "Save")?;
        form.other_button = Some(SEE_LETTER);
        form = form
            .intro("Name the paragraph, say how the harm comes about and how likely it is, and weigh the public interest. Whatever can be given, give.")
            .link("Section 36: ask for the qualified person's opinion first", "seek-opinion");
        if let Some(opinion) = &state.opinion {
            form = form
                .note(format!(
                    "The qualified person's opinion of {}: {}, {}.",
                    crate::dates::plain(opinion.given_on),
                    opinion.provision,
                    opinion
                        .likelihood
                        .map_or("no prejudice", |likelihood| likelihood.words())
                ))
                .quote(&opinion.opinion);
        } else if !state.harm_shown(About::Content) {
            form = form.link(
                "Record the harm, for an exemption that rests on it",
                question_address(scene, "harm"),
            );
        }
        let other = under_another_law(scene, state);
        form = match state.interest(About::Content) {
            Some(test) if test.maintained => {
                form.note(format!("Public interest weighed: {}", test.conclusion))
            }
            Some(_) => form.note("The public interest came out for release."),
            // Nothing is weighed for what is absolute, as one's own personal data.
            None if other
                .as_ref()
                .and_then(|(provision, _)| provision.parse().ok())
                .is_some_and(|provision| is_absolute(scene, &provision)) =>
            {
                form
            }
            None => form
                .note("The public interest is not weighed yet. A qualified exemption needs it.")
                .link(
                    "Weigh the public interest",
                    format!(
                        "{}?question={}",
                        address(scene, "public-interest/content"),
                        scene.question.map_or(0, |(number, _)| number)
                    ),
                ),
        };
        let made = state.decision.as_ref();
        let before: &[AppliedExemption] = match made.map(|made| &made.decision) {
            Some(Decision::Withheld(exemptions)) => exemptions,
            _ => &[],
        };
        let first = match (before.first(), other) {
            (Some(applied), _) => Entered::of(applied),
            (None, Some((provision, reason))) => Entered {
                provision,
                likelihood: None,
                reason: reason.into(),
            },
            (None, None) => match &state.opinion {
                Some(opinion) => Entered {
                    provision: opinion.provision.to_string(),
                    likelihood: opinion.likelihood,
                    reason: String::new().into(),
                },
                None => Entered {
                    // The policy's provision is for what it covers.
                    provision: if state.question.is_covered() {
                        policy.content_provision.to_string()
                    } else {
                        String::new()
                    },
                    likelihood: harm(state, About::Content).and_then(|harm| harm.likelihood),
                    reason: mechanism.into(),
                },
            },
        };
        let conditions = conditions(scene.app);
        form = exemption(form, &conditions, "", &first);
        let second = before.get(1).map(Entered::of).unwrap_or_default();
        form = form.fold("A second exemption for the same information", |form| {
            exemption(form, &conditions, SECOND, &second)
        });
        let part = made.and_then(|made| made.in_part.as_ref());
        form = form.fold("Part of it can be given", |form| {
            form.area(
                "given",
                "What we give",
                "As it will stand in the letter. Files, such as documents with parts blacked out, are added once this is saved.",
                part.map_or("", |part| part.given.as_str()),
                5,
            )
            .area(
                "withheld",
                "Which words, documents or figures we withhold",
                "Say which they are, not what they say: “the names of two junior officers in the emails of May”.",
                part.map_or("", |part| part.withheld.as_str()),
                3,
            )
        });
        if let Some(checked) = scene.public {
            form =
                public_record::to_deal_with(form, checked, &question_address(scene, "published"));
        }
        Some(with_reason(form, scene, true, false))
    },
    commands: |scene, fields, mistakes| withheld(scene, fields, mistakes).unwrap_or_default(),
    about: &[
        ("decision.departs", "departs"),
        ("decision.owed", "mechanism"),
        ("decision.nothing_given", "given"),
        ("decision.nothing_withheld", "withheld"),
        ("decision.no_prejudice", "likelihood"),
        ("decision.no_condition", "mechanism"),
        ("decision.unknown", "provision"),
        ("decision.wrong_kind", "provision"),
        ("decision.excludes", "provision"),
    ],
    record: Some(Path::Withhold),
    answers: true,
    ..PLAIN
};

/// What the names of the fields of a second exemption end in.
const SECOND: &str = "_2";

/// An exemption as it stands in the form.
#[derive(Default)]
pub(in crate::desk) struct Entered<'a> {
    pub provision: String,
    pub likelihood: Option<Likelihood>,
    pub reason: Cow<'a, str>,
}

impl<'a> Entered<'a> {
    fn of(applied: &'a AppliedExemption) -> Self {
        Self {
            provision: applied.provision().to_string(),
            likelihood: match applied {
                AppliedExemption::QualifiedPrejudice { prejudice, .. } => {
                    Some(prejudice.likelihood)
                }
                AppliedExemption::Absolute { .. } | AppliedExemption::QualifiedClass { .. } => None,
            },
            reason: begun(applied.reason()).into(),
        }
    }
}

/// The sentence of a reason that names the condition or the purpose.
fn by_condition(limb: &law::Limb) -> String {
    let section = limb.provision.numbered();
    format!("This is by section {section}: {}.", limb.protects)
}

/// The conditions and purposes to choose from, and the paragraphs that need one.
pub(in crate::desk) fn conditions(app: &App) -> (Vec<Choice>, String) {
    let mut choices = vec![choice("", "None")];
    let mut needing = Vec::new();
    for exemption in app.office.bundle().statute.exemptions() {
        for limb in &exemption.limbs {
            let before = needing.len();
            for condition in exemption.conditions(&limb.provision) {
                if needing.len() == before {
                    needing.push(limb.provision.to_string());
                }
                let value = condition.provision.to_string();
                if choices.iter().all(|known| known.value != value) {
                    choices.push(choice(&value, &format!("{value}: {}", condition.protects)));
                }
            }
        }
    }
    (choices, needing.join(", "))
}

/// The fields of one exemption.
pub(in crate::desk) fn exemption(
    form: Form,
    (conditions, needing): &(Vec<Choice>, String),
    end: &str,
    entered: &Entered<'_>,
) -> Form {
    form.line(
        &format!("provision{end}"),
        "Section and paragraph",
        "For example FOIA s.31(1)(a)",
        &entered.provision,
    )
    .select(
        &format!("condition{end}"),
        "Condition or purpose",
        &format!("Only for {needing}. It is added to the reason, unless the reason names it."),
        conditions.clone(),
        "",
    )
    .radios(
        &format!("likelihood{end}"),
        "How likely is the harm?",
        "Leave empty for an exemption without prejudice.",
        likelihood::choices(),
        entered.likelihood.map_or("", likelihood::word),
    )
    .area(
        &format!("mechanism{end}"),
        "The reason that the letter gives",
        "Someone who learns this could do what, causing what. About this information, not any request.",
        &entered.reason,
        5,
    )
}

fn withheld(scene: &Scene<'_>, fields: &Fields, mistakes: &mut Mistakes) -> Option<Commands> {
    let state = scene.question()?;
    reason_wanted(scene, fields, mistakes, true, false);
    let interest = |mistakes: &mut Mistakes, provision: &law::Provision| {
        let test = state.interest(About::Content);
        if test.is_none() {
            mistakes.add(
                "main",
                format!("Weigh the public interest before you save {provision}"),
            );
        }
        test.map(casework::event::PublicInterest::in_letter)
    };
    let mut exemptions = vec![applied(scene.app, fields, mistakes, "", interest)];
    if fields.has(&format!("provision{SECOND}")) || fields.has(&format!("mechanism{SECOND}")) {
        exemptions.push(applied(scene.app, fields, mistakes, SECOND, interest));
    }
    let in_part = (fields.has("given") || fields.has("withheld")).then(|| InPart {
        given: fields.get("given"),
        withheld: fields.get("withheld"),
    });
    let exemptions: Option<Vec<AppliedExemption>> = exemptions.into_iter().collect();
    Some(decided_with(
        scene,
        fields,
        mistakes,
        Decision::Withheld(exemptions?),
        Said {
            in_part,
            ..Said::default()
        },
    ))
}

/// One exemption as it was entered, in the fields whose names end so. `interest` gives how the public interest was weighed,
/// or marks that it was not.
pub(in crate::desk) fn applied(
    app: &App,
    fields: &Fields,
    mistakes: &mut Mistakes,
    end: &str,
    interest: impl FnOnce(&mut Mistakes, &law::Provision) -> Option<PublicInterestTest>,
) -> Option<AppliedExemption> {
    let statute = &app.office.bundle().statute;
    let (name, mechanism) = (format!("provision{end}"), format!("mechanism{end}"));
    let provision: Option<law::Provision> = fields.get(&name).parse().ok();
    let exemption = provision
        .as_ref()
        .and_then(|provision| statute.exemption(provision));
    mistakes.check(
        exemption.is_none(),
        &name,
        "Choose the paragraph, for example FOIA s.31(1)(a)",
    );
    let why = "Say in a sentence why the exemption applies to this";
    mistakes.check(!fields.has(&mechanism), &mechanism, why);
    says_why(fields, mistakes, &mechanism, why);
    let (provision, exemption) = (provision?, exemption?);
    let mut reason = words(fields, &mechanism, "the reason");
    if let Slot::Filled(text) = &mut reason {
        let condition = exemption
            .conditions(&provision)
            .find(|limb| fields.get(&format!("condition{end}")) == limb.provision.to_string());
        if let Some(condition) = condition {
            // Said once, however often the form is sent.
            let said = by_condition(condition);
            if !text.contains(&said) {
                text.push(' ');
                text.push_str(&said);
            }
        }
    }
    if !exemption.requires_public_interest_test(&provision) {
        return Some(AppliedExemption::Absolute { provision, reason });
    }
    let public_interest = interest(mistakes, &provision)?;
    Some(
        if matches!(exemption.basis, Basis::Prejudice | Basis::Endanger) {
            AppliedExemption::QualifiedPrejudice {
                prejudice: Prejudice {
                    mechanism: reason,
                    likelihood: likelihood_of(fields, mistakes, &format!("likelihood{end}"))?,
                },
                provision,
                public_interest,
            }
        } else {
            AppliedExemption::QualifiedClass {
                provision,
                reason,
                public_interest,
            }
        },
    )
}

/// Not held.
pub(super) const NOT_HELD: Deed = Deed {
    done: "decided",
    form: |scene| {
        let form = answering(scene, "Not held", "Save")?.intro("A search must have finished.");
        let form = match scene.public {
            Some(checked) => {
                public_record::to_deal_with(form, checked, &question_address(scene, "published"))
            }
            None => form,
        };
        let before = scene
            .question()?
            .decision
            .as_ref()
            .and_then(|made| made.looked.clone());
        let form = form.area(
            "looked",
            "Where we looked, and who may hold it",
            "The letter says this after “We do not hold this information.” Name the records that were searched; where you know who holds it, say so: section 16.",
            &before.unwrap_or_else(|| searched(scene)),
            4,
        );
        Some(with_reason(form, scene, false, false))
    },
    commands: |scene, fields, mistakes| {
        mistakes.check(
            !fields.has("looked"),
            "looked",
            "Say where we looked: whoever reads that we hold nothing asks that first",
        );
        reason_wanted(scene, fields, mistakes, false, false);
        decided_with(
            scene,
            fields,
            mistakes,
            Decision::NotHeld,
            Said {
                looked: Some(fields.get("looked")),
                ..Said::default()
            },
        )
    },
    about: &[
        ("decision.departs", "departs"),
        ("decision.looked", "looked"),
    ],
    record: Some(Path::NotHeld),
    answers: true,
    ..PLAIN
};

/// Over the cost limit.
pub(super) const OVER_COST_LIMIT: Deed = Deed {
    done: "decided",
    form: |scene| {
        let costing = scene
            .case
            .cost
            .as_ref()
            .and_then(|cost| Some((Costing::of(scene.app, scene.case, cost)?, cost)));
        let estimate = costing
            .as_ref()
            .map_or_else(String::new, |(costing, cost)| {
                format!("{} {}", costing.for_letter(), cost.explanation)
            });
        let mut form = answering(scene, "Over the cost limit", "Save")?;
        if let Some((costing, _)) = &costing {
            form = form.note(costing.sentence());
        }
        let form = form
            .link("Estimate the cost", address(scene, "cost"))
            .area(
                "estimate",
                "The estimate, as the letter gives it",
                "",
                &estimate,
                4,
            )
            .area(
                "advice",
                "How the request could be narrowed",
                "What could be given within the limit: FOIA s.16.",
                "",
                4,
            );
        Some(with_reason(form, scene, false, false))
    },
    commands: |scene, fields, mistakes| {
        mistakes.check(!fields.has("estimate"), "estimate", "Give the estimate");
        let costing = scene
            .case
            .cost
            .as_ref()
            .and_then(|cost| Costing::of(scene.app, scene.case, cost));
        if let Some(costing) = costing.filter(|costing| !costing.is_over) {
            mistakes.add(
                "estimate",
                format!(
                    "{} Section 12 is for what costs more than the limit: answer, or estimate again",
                    costing.sentence()
                ),
            );
        }
        mistakes.check(
            !fields.has("advice"),
            "advice",
            "Say how the request could be narrowed",
        );
        reason_wanted(scene, fields, mistakes, false, false);
        decided(
            scene,
            fields,
            mistakes,
            Decision::OverCostLimit {
                estimate: words(fields, "estimate", "the estimate"),
                advice: words(fields, "advice", "the advice"),
            },
        )
    },
    about: &[
        ("decision.departs", "departs"),
        ("decision.no_estimate", "estimate"),
    ],
    answers: true,
    ..PLAIN
};

/// Section 14.
pub(super) const SECTION_14: Deed = Deed {
    done: "decided",
    form: |scene| {
        let form = answering(scene, "Vexatious or repeated", "Save")?
            .intro("It is the request that is vexatious, never the person. Say what about this request.")
            .radios(
                "provision",
                "Which",
                "",
                vec![
                    choice("FOIA s.14(1)", "Vexatious, FOIA s.14(1)"),
                    choice("FOIA s.14(2)", "Repeated within a reasonable time, FOIA s.14(2)"),
                ],
                "",
            )
            .area("reason", "Why", "", "", 5);
        Some(with_reason(form, scene, false, false))
    },
    commands: |scene, fields, mistakes| {
        let provision = fields.get("provision").parse();
        mistakes.check(provision.is_err(), "provision", "Choose which");
        mistakes.check(!fields.has("reason"), "reason", "Say why");
        reason_wanted(scene, fields, mistakes, false, false);
        provision.map_or_else(
            |_| Vec::new(),
            |provision| {
                decided(
                    scene,
                    fields,
                    mistakes,
                    Decision::VexatiousOrRepeated {
                        provision,
                        reason: words(fields, "reason", "the reason"),
                    },
                )
            },
        )
    },
    about: &[("decision.departs", "departs"), ("decision", "reason")],
    answers: true,
    ..PLAIN
};
