//! Weighing: the public interest, and the qualified person's opinion.

use casework::command::Command;
use casework::decision::Likelihood;
use casework::event::{About, Factor, Opinion, OpinionRequest, PublicInterest, QuestionId, Weight};
use casework::policy::Factors;
use law::Provision;

use super::{Commands, Deed, PLAIN, Scene, ids};
use crate::app::App;
use crate::fields::{Fields, Mistakes};
use crate::form::{Form, choice};

/// How many factors of the policy a worksheet offers on a side.
const OFFERED: usize = 8;

/// The public interest in the content.
pub(super) const CONTENT: Deed = Deed {
    done: "weighed",
    form: |scene| Some(worksheet(scene, About::Content)),
    commands: |scene, fields, mistakes| weighed(scene, fields, mistakes, About::Content),
    about: ABOUT,
    weighs: Some(About::Content),
    ..PLAIN
};

/// The public interest in saying whether it is held.
pub(super) const CONFIRM: Deed = Deed {
    done: "weighed",
    form: |scene| Some(worksheet(scene, About::ConfirmOrDeny)),
    commands: |scene, fields, mistakes| weighed(scene, fields, mistakes, About::ConfirmOrDeny),
    about: ABOUT,
    weighs: Some(About::ConfirmOrDeny),
    ..PLAIN
};

const ABOUT: &[(&str, &str)] = &[
    ("public_interest.no_conclusion", "conclusion"),
    ("public_interest.absolute", "provision"),
    ("public_interest.no_exemption", "provision"),
    ("public_interest", "questions"),
    ("question", "questions"),
];

fn weights() -> Vec<crate::form::Choice> {
    vec![
        choice("some", "Some"),
        choice("little", "Little"),
        choice("strong", "Strong"),
    ]
}

/// The reasons that the policy offers.
pub(super) fn offered(app: &App, about: About) -> &Factors {
    let policy = &app.office.bundle().policy.policy;
    match about {
        About::Content => &policy.content_factors,
        About::ConfirmOrDeny => &policy.confirm_or_deny_factors,
    }
}

fn worksheet(scene: &Scene<'_>, about: About) -> Form {
    let policy = &scene.app.office.bundle().policy.policy;
    let (heading, provision, not_here) = match about {
        About::Content => (
            "Public interest: should we release it?",
            Some(policy.content_provision.to_string()),
            "Not weighed here: whether we should say that we hold it.",
        ),
        About::ConfirmOrDeny => (
            "Public interest: should we say whether we hold it?",
            policy
                .confirm_or_deny_provision
                .as_ref()
                .map(ToString::to_string),
            "Not weighed here: whether the content should be released.",
        ),
    };
    let factors = offered(scene.app, about);
    let mut form = Form::new(heading, "Save")
        .intro(not_here)
        .intro("Weights are never added up. When the two sides are equal, the law says release.")
        .boxes(
            "questions",
            "Questions it covers",
            "Only those alike in harm.",
            scene.open_questions(),
            Vec::new(),
        )
        .line(
            "provision",
            "What is weighed",
            "For example FOIA s.31(1)(a)",
            provision.as_deref().unwrap_or(""),
        );
    for (side, title, own, offered) in [
        (
            "for",
            "For release",
            "A reason for release that is about this request",
            &factors.favouring,
        ),
        (
            "against",
            "For withholding",
            "A reason for withholding that is about this request",
            &factors.against,
        ),
    ] {
        let (title, own) = match (about, side) {
            (About::ConfirmOrDeny, "for") => (
                "For saying whether we hold it",
                "A reason for saying so that is about this request",
            ),
            (About::ConfirmOrDeny, _) => (
                "For not saying",
                "A reason for not saying that is about this request",
            ),
            _ => (title, own),
        };
        form = form
            .section(title)
            .area(
                &format!("{side}_own"),
                own,
                "Required. It names something in this request.",
                "",
                2,
            )
            .select(
                &format!("{side}_own_weight"),
                "Its weight",
                "",
                weights(),
                "some",
            );
        for (number, text) in (1..=OFFERED).zip(offered) {
            form = form
                .area(
                    &format!("{side}_{number}"),
                    &format!("From the policy, {number}"),
                    &match scene.weighed.get(text) {
                        None | Some(0) => "Clear the box to leave it out.".to_owned(),
                        Some(1) => {
                            "This wording was used in 1 case. Clear the box to leave it out."
                                .to_owned()
                        }
                        Some(times) => format!(
                            "This wording was used in {times} cases. Clear the box to leave it out."
                        ),
                    },
                    text,
                    2,
                )
                .select(
                    &format!("{side}_{number}_weight"),
                    &format!("Weight of {number}"),
                    "",
                    weights(),
                    "some",
                );
        }
    }
    let (keeps, opens) = match about {
        About::Content => (
            "Withholding outweighs release",
            "Release outweighs, or they are equal: we release",
        ),
        About::ConfirmOrDeny => (
            "Not saying outweighs saying",
            "Saying outweighs, or they are equal: we say whether we hold it",
        ),
    };
    form.section("Balance")
        .radios(
            "maintained",
            "Which side outweighs the other?",
            "",
            vec![choice("yes", keeps), choice("no", opens)],
            "",
        )
        .area(
            "conclusion",
            "What decides it here",
            "One or two sentences, about this request.",
            "",
            3,
        )
}

/// Words that don't belong on a side, with the reason.
const NOT_FACTORS: &[(&str, &str)] = &[
    (
        "embarrass",
        "Embarrassment is not a reason to withhold. Remove it.",
    ),
    (
        "reputation",
        "Our reputation is not the harm that the exemption protects against. Remove it.",
    ),
    (
        "cost to us",
        "Cost to us is not the harm that the exemption protects against. Tie it to the crime, or remove it.",
    ),
    ("who asked", "Who asked does not count. Remove it."),
];

fn side(fields: &Fields, name: &str, me: &str, offered: &[String]) -> Vec<Factor> {
    let weight = |id: &str| match fields.get(id).as_str() {
        "little" => Weight::Little,
        "strong" => Weight::Strong,
        _ => Weight::Some,
    };
    let mut factors = Vec::new();
    let own = fields.get(&format!("{name}_own"));
    if !own.is_empty() {
        factors.push(Factor {
            text: own,
            weight: weight(&format!("{name}_own_weight")),
            author: me.to_owned(),
            about_this_request: true,
        });
    }
    for number in 1..=OFFERED {
        let id = format!("{name}_{number}");
        let text = fields.get(&id);
        if text.is_empty() {
            continue;
        }
        let is_the_policys = offered.iter().any(|known| known.trim() == text);
        factors.push(Factor {
            weight: weight(&format!("{id}_weight")),
            author: if is_the_policys { "policy" } else { me }.to_owned(),
            about_this_request: false,
            text,
        });
    }
    factors
}

fn weighed(scene: &Scene<'_>, fields: &Fields, mistakes: &mut Mistakes, about: About) -> Commands {
    let me = scene
        .visit
        .account()
        .map(|account| account.id.clone())
        .unwrap_or_default();
    let factors = offered(scene.app, about);
    let provision: Option<Provision> = fields.get("provision").parse().ok();
    mistakes.check(
        provision.is_none(),
        "provision",
        "Name what is weighed, for example FOIA s.31(1)(a)",
    );
    let questions: Vec<QuestionId> = ids(fields, "questions");
    mistakes.check(
        questions.is_empty(),
        "questions",
        "Choose the questions it covers",
    );
    mistakes.check(
        !fields.has("for_own"),
        "for_own",
        "Add a reason for release that is about this request",
    );
    mistakes.check(
        !fields.has("against_own"),
        "against_own",
        "Add a reason for withholding that is about this request",
    );
    for (name, _) in &fields.0 {
        if !name.starts_with("against_") {
            continue;
        }
        let text = fields.get(name).to_lowercase();
        for (words, advice) in NOT_FACTORS {
            mistakes.check(text.contains(words), name, advice);
        }
    }
    let maintained = match fields.get("maintained").as_str() {
        "yes" => true,
        "no" => false,
        _ => {
            mistakes.add("maintained", "Choose which side outweighs the other");
            false
        }
    };
    mistakes.check(
        !fields.has("conclusion"),
        "conclusion",
        "Say what decides it here",
    );
    vec![Command::TestPublicInterest(PublicInterest {
        questions,
        about,
        provisions: provision.into_iter().collect(),
        favouring: side(fields, "for", &me, &factors.favouring),
        against: side(fields, "against", &me, &factors.against),
        maintained,
        conclusion: fields.get("conclusion"),
    })]
}

/// Asking the qualified person for an opinion.
pub(super) const SEEK_OPINION: Deed = Deed {
    done: "opinion-sought",
    form: |scene| {
        let state = scene.question()?;
        let mut form = Form::new("Ask for the qualified person's opinion", "Ask for it")
            .intro("FOIA s.36(2) applies only in the reasonable opinion of a qualified person. Until it is given, a question can't be withheld under section 36.")
            .quote(crate::desk::shown::whole(&state.question));
        if let Some(request) = &state.opinion_sought {
            form = form
                .note("It was asked for already, with these words. What you write now takes their place.")
                .quote(&request.submission);
        }
        Some(form.area(
            "submission",
            "What is considered, which limb, and why",
            "The qualified person reads this and the case. Say what could be prejudiced or inhibited, and what speaks against it.",
            "",
            6,
        ))
    },
    commands: |scene, fields, _| {
        scene
            .question()
            .map(|state| {
                Command::SeekOpinion(OpinionRequest {
                    question: state.question.id.clone(),
                    submission: fields.get("submission"),
                    sought_on: scene.app.today(),
                })
            })
            .into_iter()
            .collect()
    },
    about: &[("opinion.no_submission", "submission")],
    ..PLAIN
};

/// The qualified person's opinion.
pub(super) const OPINION: Deed = Deed {
    done: "opinion",
    form: |scene| {
        let state = scene.question()?;
        let mut form = Form::new("Opinion of the qualified person", "Give this opinion")
            .intro("FOIA s.36(2): in the reasonable opinion of a qualified person. Yours alone to give.")
            .quote(crate::desk::shown::whole(&state.question));
        if let Some(request) = &state.opinion_sought {
            form = form
                .note("What the officer asks:")
                .quote(&request.submission);
        }
        Some(
            form.radios(
                "provision",
                "Which limb",
                "",
                vec![
                    choice(
                        "FOIA s.36(2)(b)(i)",
                        "Free and frank provision of advice, s.36(2)(b)(i)",
                    ),
                    choice(
                        "FOIA s.36(2)(b)(ii)",
                        "Free and frank exchange of views, s.36(2)(b)(ii)",
                    ),
                    choice(
                        "FOIA s.36(2)(c)",
                        "Otherwise prejudice effective conduct of public affairs, s.36(2)(c)",
                    ),
                ],
                "",
            )
            .radios(
                "likelihood",
                "How likely",
                "",
                vec![
                    choice("would", "Would"),
                    choice("would_be_likely_to", "Would be likely to"),
                    choice("no", "No prejudice in my opinion"),
                ],
                "",
            )
            .area("opinion", "The opinion, and what you looked at", "", "", 5),
        )
    },
    commands: |scene, fields, mistakes| {
        let provision: Option<Provision> = fields.get("provision").parse().ok();
        mistakes.check(provision.is_none(), "provision", "Choose the limb");
        let likelihood = match fields.get("likelihood").as_str() {
            "would" => Some(Likelihood::Would),
            "would_be_likely_to" => Some(Likelihood::WouldBeLikelyTo),
            "no" => None,
            _ => {
                mistakes.add("likelihood", "Choose how likely");
                None
            }
        };
        match (provision, scene.question()) {
            (Some(provision), Some(state)) => vec![Command::GiveOpinion(Opinion {
                question: state.question.id.clone(),
                provision,
                likelihood,
                opinion: fields.get("opinion"),
                given_on: scene.app.today(),
            })],
            _ => Vec::new(),
        }
    },
    about: &[("opinion.empty", "opinion"), ("opinion", "provision")],
    ..PLAIN
};
