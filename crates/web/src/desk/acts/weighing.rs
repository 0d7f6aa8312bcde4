//! Weighing: the public interest, and the qualified person's opinion.

use casework::case::QuestionState;
use casework::command::Command;
use casework::decision::Decision;
use casework::event::{
    About, Factor, HarmEvidence, Opinion, OpinionRequest, PublicInterest, QuestionId, Weight,
};
use casework::policy::Factors;
use casework::substance;
use law::Provision;
use office::reuse::TimesWeighed;

use super::deciding::Of4;
use super::{Commands, Deed, PLAIN, Scene, deciding, ids};
use crate::app::App;
use crate::desk::{harm, likelihood};
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
    people: true,
    ..PLAIN
};

/// The public interest in saying whether it is held.
pub(super) const CONFIRM: Deed = Deed {
    done: "weighed",
    form: |scene| {
        let form = worksheet(scene, About::ConfirmOrDeny);
        Some(match scene.wished() {
            Some(question) => deciding::one_of_four(form, scene, question, Of4::Interest),
            None => form,
        })
    },
    commands: |scene, fields, mistakes| weighed(scene, fields, mistakes, About::ConfirmOrDeny),
    // Where openness outweighs, we say whether we hold it: that is decided on the first page.
    next_step: |scene, fields| {
        let (number, _) = scene.wished()?;
        Some(if fields.get("maintained") == "yes" {
            format!("/questions/{number}/neither")
        } else {
            format!("/questions/{number}/confirm-or-deny")
        })
    },
    about: ABOUT,
    weighs: Some(About::ConfirmOrDeny),
    people: true,
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

/// How many reasons of their own an officer may add on a side.
const OWN: usize = 4;

/// The name of the field of somebody's own reason, counted from 1.
fn own_id(side: &str, number: usize) -> String {
    match number {
        1 => format!("{side}_own"),
        _ => format!("{side}_own_{number}"),
    }
}

fn weight_word(weight: Weight) -> &'static str {
    match weight {
        Weight::Little => "little",
        Weight::Some => "some",
        Weight::Strong => "strong",
    }
}

/// A side of a worksheet in words.
struct Side {
    id: &'static str,
    title: &'static str,
    own: &'static str,
    /// What is asked where there is no reason about this request.
    missing: &'static str,
    /// The same where there is one that says nothing.
    empty: &'static str,
}

fn sides(about: About) -> [Side; 2] {
    match about {
        About::Content => [
            Side {
                id: "for",
                title: "For release",
                own: "A reason for release that is about this request",
                missing: "Add a reason for release that is about this request",
                empty: "Say in a sentence what in this request speaks for release",
            },
            Side {
                id: "against",
                title: "For withholding",
                own: "A reason for withholding that is about this request",
                missing: "Add a reason for withholding that is about this request",
                empty: "Say in a sentence what in this request speaks for withholding",
            },
        ],
        About::ConfirmOrDeny => [
            Side {
                id: "for",
                title: "For saying whether we hold it",
                own: "A reason for saying so that is about this request",
                missing: "Add a reason for confirming or denying that is about this request",
                empty: "Say in a sentence what in this request speaks for confirming or denying",
            },
            Side {
                id: "against",
                title: "For not saying",
                own: "A reason for not saying that is about this request",
                missing: "Add a reason for neither confirming nor denying that is about this request",
                empty: "Say in a sentence what in this request speaks for neither confirming nor denying",
            },
        ],
    }
}

/// Whether the public interest in this can still be weighed for a question.
fn is_weighable(state: &QuestionState, about: About) -> bool {
    match about {
        About::Content => {
            !state.neither_confirmed_nor_denied()
                && state
                    .decision
                    .as_ref()
                    .is_none_or(|made| matches!(made.decision, Decision::Withheld(_)))
        }
        About::ConfirmOrDeny => deciding::may_be_considered(state),
    }
}

/// What was weighed before for the question that the page was opened for, or for the first that has something.
fn standing<'a>(scene: &'a Scene<'_>, about: About) -> Option<&'a PublicInterest> {
    match scene.wished() {
        Some((_, state)) => state.interest(about),
        None => scene
            .case
            .questions
            .iter()
            .filter(|state| state.is_open() && is_weighable(state, about))
            .find_map(|state| state.interest(about)),
    }
}

/// How often a wording was used and how it fared, before what can be done with it.
fn used(times: TimesWeighed) -> String {
    let leave = "Clear the box to leave it out.";
    let used = match times.cases {
        0 => return leave.to_owned(),
        1 => "This wording was used in 1 case".to_owned(),
        cases => format!("This wording was used in {cases} cases"),
    };
    match times.changed_at_review {
        0 => format!("{used}. {leave}"),
        changed => format!("{used}, changed at review in {changed}. {leave}"),
    }
}

/// What the evidence of harm shows for the chosen question, so that it is weighed and not looked for.
fn evidence(scene: &Scene<'_>, about: About) -> Option<String> {
    let (_, state) = scene.wished()?;
    let harm = state.harm_evidence(about)?;
    let likelihood = harm.likelihood?.words();
    let said = |lead: &str, words: &str| {
        if words.is_empty() {
            String::new()
        } else {
            format!(" {lead} {words}")
        }
    };
    let lasts = said("It matters:", &harm.lasts);
    let shown_by = said("What shows it:", &harm.shown_by);
    let closed = if harm.quotable {
        ""
    } else {
        " This is for the decision only: it may not be quoted."
    };
    Some(format!(
        "Harm of question {} as the adviser sees it ({likelihood}): {}{lasts}{shown_by}{closed}",
        state.question.label, harm.mechanism
    ))
}

fn worksheet(scene: &Scene<'_>, about: About) -> Form {
    let policy = &scene.app.office.bundle().policy.policy;
    // What the policy says of its own matters is no reason about others.
    let is_covered = match scene.wished() {
        Some((_, state)) => state.question.is_covered(),
        None => scene
            .case
            .open_questions()
            .any(|state| is_weighable(state, about) && state.question.is_covered()),
    };
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
    let before = standing(scene, about);
    let provision = before.map_or(provision.filter(|_| is_covered), |test| {
        let provisions: Vec<String> = test.provisions.iter().map(ToString::to_string).collect();
        Some(provisions.join(", "))
    });
    let ticked = match before {
        Some(test) => test.questions.iter().map(|id| id.0.clone()).collect(),
        None => scene
            .wished()
            .map(|(_, state)| state.question.id.0.clone())
            .into_iter()
            .collect(),
    };
    let mut form = Form::new(heading, "Save")
        .intro(not_here)
        .intro(match about {
            About::Content => {
                "Weights are never added up. When the two sides are equal, the law says release."
            }
            About::ConfirmOrDeny => {
                "Weights are never added up. When the two sides are equal, the law says that we say whether we hold it."
            }
        });
    if let Some(evidence) = evidence(scene, about) {
        form = form.quote(evidence);
    }
    if let Some((_, state)) = scene.wished()
        && let Some(opinion) = &state.opinion
    {
        form = form
            .note(format!(
                "The qualified person's opinion on question {}, {}:",
                state.question.label, opinion.provision
            ))
            .quote(&opinion.opinion);
    } else if let Some((number, state)) =
        scene.wished().filter(|(_, state)| !state.harm_shown(about))
    {
        form = form
            .note(format!(
                "No harm is shown yet for question {}. An exemption that rests on harm is weighed only after that.",
                state.question.label
            ))
            .link(
                "Record the harm first",
                format!(
                    "/desk/cases/{}/questions/{number}/harm?about={}",
                    scene.case.receipt.reference,
                    harm::in_address(about)
                ),
            );
    }
    let resting: Vec<&str> = scene
        .case
        .open_questions()
        .filter(|state| {
            state
                .interest(about)
                .is_some_and(|test| state.rests_on(test))
        })
        .map(|state| state.question.label.as_str())
        .collect();
    if !resting.is_empty() {
        form = form.note(format!(
            "Decided already, on this balance: question {}. Its letter follows what you save here. If openness outweighs or the two are equal, that decision is taken back and made afresh.",
            resting.join(", ")
        ));
    }
    form = form
        .boxes(
            "questions",
            "Questions it covers",
            "Only those alike in harm.",
            scene.questions_where(|state| is_weighable(state, about)),
            ticked,
        )
        .line(
            "provision",
            "What is weighed",
            match about {
                About::Content => {
                    "For example FOIA s.31(1)(a). Several that are weighed together have commas between them."
                }
                About::ConfirmOrDeny => {
                    "The provision by which we need not say, for example FOIA s.31(3)."
                }
            },
            provision.as_deref().unwrap_or(""),
        );
    let none = Factors::default();
    let factors = if is_covered {
        offered(scene.app, about)
    } else {
        &none
    };
    let [release, withhold] = sides(about);
    for (side, offered, weighed) in [
        (
            &release,
            &factors.favouring,
            before.map(|test| &test.favouring),
        ),
        (
            &withhold,
            &factors.against,
            before.map(|test| &test.against),
        ),
    ] {
        form = one_side(form, scene, side, offered, weighed.map(Vec::as_slice));
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
            before.map_or("", |test| if test.maintained { "yes" } else { "no" }),
        )
        .area(
            "conclusion",
            "What decides it here",
            "One or two sentences, about this request. The letter says before them which side outweighs, unless they do.",
            before.map_or("", |test| test.conclusion.as_str()),
            3,
        )
}

/// The place for one of the officer's own reasons.
fn own_reason(form: Form, scene: &Scene<'_>, side: &Side, own: &[&Factor], number: usize) -> Form {
    let factor = own.get(number.wrapping_sub(1)).copied();
    let label = match number {
        1 => side.own.to_owned(),
        _ => format!("{}, {number}", side.own),
    };
    let hint = match (factor, number) {
        (Some(factor), _) => format!("Written by {}.", author(scene, &factor.author)),
        (None, 1) => "Required. It names something in this request.".to_owned(),
        (None, _) => "Leave empty if there is no other.".to_owned(),
    };
    let field = own_id(side.id, number);
    form.area(
        &field,
        &label,
        &hint,
        factor.map_or("", |factor| factor.text.as_str()),
        2,
    )
    .select(
        &format!("{field}_weight"),
        &format!("Weight of your reason {number}"),
        "",
        weights(),
        factor.map_or("some", |factor| weight_word(factor.weight)),
    )
    .line(
        &format!("{field}_why"),
        &format!("Why your reason {number} weighs so"),
        "Optional",
        factor.map_or("", |factor| factor.why.as_str()),
    )
}

/// The reasons of one side: the officer's own, then those that the policy offers.
fn one_side(
    mut form: Form,
    scene: &Scene<'_>,
    side: &Side,
    offered: &[String],
    weighed: Option<&[Factor]>,
) -> Form {
    let id = side.id;
    form = form.section(side.title);
    let own: Vec<&Factor> = weighed
        .unwrap_or_default()
        .iter()
        .filter(|factor| factor.about_this_request)
        .collect();
    form = own_reason(form, scene, side, &own, 1);
    form = form.fold("More reasons about this request", |form| {
        (2..=OWN).fold(form, |form, number| {
            own_reason(form, scene, side, &own, number)
        })
    });
    let mut edited = weighed.unwrap_or_default().iter().filter(|factor| {
        let is_offered = offered.iter().any(|text| text.trim() == factor.text.trim());
        !factor.about_this_request && !is_offered
    });
    for (number, text) in (1..=OFFERED).zip(offered) {
        let factor = weighed.and_then(|weighed| {
            weighed
                .iter()
                .find(|factor| factor.text.trim() == text.trim())
        });
        // What somebody made of the policy's words stands in their place.
        let edited = if factor.is_none() {
            edited.next()
        } else {
            None
        };
        let is_left_out = weighed.is_some() && factor.is_none() && edited.is_none();
        let used = used(scene.weighed.get(text).copied().unwrap_or_default());
        let hint = match edited {
            _ if is_left_out => format!("Left out. The policy offers: “{text}” {used}"),
            Some(factor) => format!("Changed by {}.", author(scene, &factor.author)),
            None => used,
        };
        let factor = factor.or(edited);
        form = form
            .area(
                &format!("{id}_{number}"),
                &format!("From the policy, {number}"),
                &hint,
                match edited {
                    Some(factor) => &factor.text,
                    None if is_left_out => "",
                    None => text,
                },
                2,
            )
            .select(
                &format!("{id}_{number}_weight"),
                &format!("Weight of {number}"),
                "",
                weights(),
                factor.map_or("some", |factor| weight_word(factor.weight)),
            );
    }
    // What the policy has left out since, or never had, is not lost.
    for (number, factor) in (offered.len().saturating_add(1)..=OFFERED).zip(edited) {
        form = form
            .area(
                &format!("{id}_{number}"),
                &format!("Another reason, {number}"),
                &format!("Written by {}.", author(scene, &factor.author)),
                &factor.text,
                2,
            )
            .select(
                &format!("{id}_{number}_weight"),
                &format!("Weight of {number}"),
                "",
                weights(),
                weight_word(factor.weight),
            );
    }
    if offered.is_empty() {
        form = form.note("The policy offers no reasons for this side.");
    }
    form
}

/// The name of whoever wrote a reason.
fn author<'a>(scene: &'a Scene<'_>, id: &'a str) -> &'a str {
    scene
        .accounts
        .iter()
        .find(|account| account.id == id)
        .map_or(id, |account| account.name.as_str())
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
    (
        "cost to the council",
        "Cost to us is not the harm that the exemption protects against. Tie it to the crime, or remove it.",
    ),
    (
        "might possibly",
        "Harm that is only possible is not enough. Say what makes it likely, or remove it.",
    ),
    (
        "could possibly",
        "Harm that is only possible is not enough. Say what makes it likely, or remove it.",
    ),
    ("who asked", "Who asked does not count. Remove it."),
    ("journalist", "Who asked does not count. Remove it."),
    ("campaigner", "Who asked does not count. Remove it."),
    ("the requester", "Who asked does not count. Remove it."),
];

fn side(
    fields: &Fields,
    name: &str,
    me: &str,
    offered: &[String],
    before: &[Factor],
) -> Vec<Factor> {
    let weight = |id: &str| match fields.get(id).as_str() {
        "little" => Weight::Little,
        "strong" => Weight::Strong,
        _ => Weight::Some,
    };
    // Whoever wrote words that stand unchanged wrote them still.
    let author = |text: &str| {
        before
            .iter()
            .find(|factor| factor.text == text)
            .map_or_else(|| me.to_owned(), |factor| factor.author.clone())
    };
    let mut factors = Vec::new();
    for number in 1..=OWN {
        let id = own_id(name, number);
        let text = fields.get(&id);
        if !text.is_empty() {
            factors.push(Factor {
                weight: weight(&format!("{id}_weight")),
                author: author(&text),
                about_this_request: true,
                why: fields.get(&format!("{id}_why")),
                text,
            });
        }
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
            author: if is_the_policys {
                "policy".to_owned()
            } else {
                author(&text)
            },
            about_this_request: false,
            why: String::new(),
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
    let provisions: Result<Vec<Provision>, _> = fields
        .get("provision")
        .split([',', ';'])
        .map(|provision| provision.trim().parse())
        .collect();
    mistakes.check(
        provisions.is_err(),
        "provision",
        match about {
            About::Content => "Name what is weighed, for example FOIA s.31(1)(a)",
            About::ConfirmOrDeny => "Name what is weighed, for example FOIA s.31(3)",
        },
    );
    let questions: Vec<QuestionId> = ids(fields, "questions");
    mistakes.check(
        questions.is_empty(),
        "questions",
        "Choose the questions it covers",
    );
    let [release, withhold] = sides(about);
    for (side, offered) in [
        (&release, &factors.favouring),
        (&withhold, &factors.against),
    ] {
        let own: Vec<(String, String)> = (1..=OWN)
            .map(|number| own_id(side.id, number))
            .map(|id| (fields.get(&id), id))
            .filter(|(text, _)| !text.is_empty())
            .collect();
        mistakes.check(own.is_empty(), &own_id(side.id, 1), side.missing);
        for (text, id) in own {
            let is_the_policys = offered.iter().any(|known| known.trim() == text);
            mistakes.check(substance::lack(&text).is_some(), &id, side.empty);
            mistakes.check(
                is_the_policys,
                &id,
                "This is the policy's reason, which any request could have. Name something in this one",
            );
        }
    }
    for (name, _) in &fields.0 {
        if !name.starts_with("against_") {
            continue;
        }
        let text = fields.get(name).to_lowercase();
        for (words, advice) in NOT_FACTORS {
            mistakes.check(text.contains(words), name, advice);
        }
    }
    if about == About::ConfirmOrDeny {
        let written: Vec<&str> = fields
            .0
            .iter()
            .map(|(name, _)| name.as_str())
            .filter(|name| name.starts_with("for_") || name.starts_with("against_"))
            .filter(|name| !name.ends_with("_weight") && !name.ends_with("_why"))
            .chain(["conclusion"])
            .collect();
        deciding::leaks_nothing(scene.app, fields, mistakes, &written);
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
        substance::lack(&fields.get("conclusion")).is_some(),
        "conclusion",
        "Say in a sentence about this request what decides it here",
    );
    let before: Vec<&PublicInterest> = scene
        .case
        .questions
        .iter()
        .filter(|state| questions.contains(&state.question.id))
        .filter_map(|state| state.interest(about))
        .collect();
    let known = |side: fn(&PublicInterest) -> &Vec<Factor>| -> Vec<Factor> {
        before.iter().flat_map(|test| side(test)).cloned().collect()
    };
    vec![Command::TestPublicInterest(PublicInterest {
        questions,
        about,
        provisions: provisions.unwrap_or_default(),
        favouring: side(
            fields,
            "for",
            &me,
            &factors.favouring,
            &known(|test| &test.favouring),
        ),
        against: side(
            fields,
            "against",
            &me,
            &factors.against,
            &known(|test| &test.against),
        ),
        maintained,
        conclusion: fields.get("conclusion"),
    })]
}

/// What the harm is of that the page was opened for.
fn harm_of(scene: &Scene<'_>) -> About {
    harm::about_of(&scene.wish.about).unwrap_or(About::Content)
}

/// What somebody who knows says of the harm, written down by the officer: for an exemption that is no matter of security,
/// such as commercial interests, nobody has a page of their own for it.
pub(super) const HARM: Deed = Deed {
    done: "harm",
    form: |scene| {
        let (number, state) = scene
            .question
            .filter(|(_, state)| state.is_open() && !state.neither_confirmed_nor_denied())?;
        let about = harm_of(scene);
        let (heading, legend, other, instead) = match about {
            About::Content => (
                "Harm that an answer would do",
                "Would giving this information do harm?",
                About::ConfirmOrDeny,
                "Saying whether we hold it would do harm: record that instead",
            ),
            About::ConfirmOrDeny => (
                "Harm that saying whether we hold it would do",
                "Would a yes or a no do harm?",
                About::Content,
                "The answer itself would do harm: record that instead",
            ),
        };
        let given = state.harm_evidence(about);
        let mut form = Form::new(heading, "Save")
            .intro("For whoever knows: a team, a supplier, a person named in it. Security is the security adviser's, who has this question on their own page where the policy covers it.")
            .link(
                instead,
                format!(
                    "/desk/cases/{}/questions/{number}/harm?about={}",
                    scene.case.receipt.reference,
                    harm::in_address(other)
                ),
            )
            .quote(crate::desk::shown::whole(&state.question));
        if given.is_some() {
            form = form.note("Given already, as below. What you write now takes its place; both stay in the history.");
        }
        if about == About::ConfirmOrDeny {
            form = deciding::one_of_four(form, scene, (number, state), Of4::Harm);
            form = deciding::two_answers(
                form,
                given.map_or("", |given| &given.if_held),
                given.map_or("", |given| &given.if_not_held),
            );
        }
        form = form
            .radios(
                "likelihood",
                legend,
                "“No” is a full answer: there is nothing to weigh then.",
                likelihood::choices_or_none("No"),
                given.map_or("", |given| given.likelihood.map_or("no", likelihood::word)),
            )
            .area(
                "mechanism",
                "How the harm comes about",
                match about {
                    About::Content => "Someone who learns this could … causing …. About this information, not any request.",
                    About::ConfirmOrDeny => "What a yes and what a no would each tell someone, and what they could do with it. Do not say which it is.",
                },
                given.map_or("", |given| &given.mechanism),
                4,
            );
        Some(harm::what_else(form, given).area(
            "shown_by",
            "Who says so, and what shows it",
            "For instance the supplier's letter of a day, the team that holds it.",
            given.map_or("", |given| &given.shown_by),
            2,
        ))
    },
    commands: |scene, fields, mistakes| harm_told(scene, fields, mistakes).unwrap_or_default(),
    next_step: |scene, fields| {
        let (number, _) = scene.question?;
        let is_harmful = !matches!(fields.get("likelihood").as_str(), "" | "no");
        let weighs_next = harm_of(scene) == About::ConfirmOrDeny && is_harmful;
        weighs_next.then(|| format!("/public-interest/confirm-or-deny?question={number}"))
    },
    about: &[
        ("harm.no_mechanism", "mechanism"),
        ("harm.nothing_instead", "instead"),
    ],
    ..PLAIN
};

fn harm_told(scene: &Scene<'_>, fields: &Fields, mistakes: &mut Mistakes) -> Option<Commands> {
    let state = scene.question()?;
    let about = harm_of(scene);
    let likelihood = likelihood::chosen(&fields.get("likelihood"), mistakes);
    if likelihood.is_some() {
        for (field, ask) in [
            (
                "mechanism",
                "Say in a sentence who could do what with this answer, and what that would cause",
            ),
            ("shown_by", "Say who says so, or what shows it"),
        ] {
            mistakes.check(substance::lack(&fields.get(field)).is_some(), field, ask);
        }
    }
    if about == About::ConfirmOrDeny {
        deciding::leaks_nothing(
            scene.app,
            fields,
            mistakes,
            &["if_held", "if_not_held", "mechanism"],
        );
        if likelihood.is_some() {
            deciding::says_both(fields, mistakes);
        }
    }
    Some(vec![Command::GiveHarmEvidence(HarmEvidence {
        question: state.question.id.clone(),
        about,
        likelihood,
        mechanism: fields.get("mechanism"),
        adds: fields.get("adds"),
        instead: fields.get("instead"),
        lasts: String::new(),
        shown_by: fields.get("shown_by"),
        quotable: true,
        if_held: fields.get("if_held"),
        if_not_held: fields.get("if_not_held"),
        cannot_say: false,
    })])
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
    unprompted: true,
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
                likelihood::choices_or_none("No prejudice in my opinion"),
                "",
            )
            .area("opinion", "The opinion, and what you looked at", "", "", 5),
        )
    },
    commands: |scene, fields, mistakes| {
        let provision: Option<Provision> = fields.get("provision").parse().ok();
        mistakes.check(provision.is_none(), "provision", "Choose the limb");
        let likelihood = likelihood::chosen(&fields.get("likelihood"), mistakes);
        if likelihood.is_some() {
            let why =
                "Give the opinion in a sentence: what the harm would be, and how it comes about";
            super::deciding::says_why(fields, mistakes, "opinion", why);
        }
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
