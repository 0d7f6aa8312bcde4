//! Under which law a request is dealt with, and who goes on with it where that is not the Act.

use casework::case::Case;
use casework::command::{Command, CommandKind};
use casework::procedure::{self, State};
use casework::role::Role;
use casework::treatment::{Regime, Treatment};

use super::{Deed, PLAIN, SEE_MAIL, Scene};
use crate::app::App;
use crate::desk::shown;
use crate::form::{Choice, Form, choice, choice_with};

/// What a form sends for each regime, its name, and what it means.
const REGIMES: &[(Regime, &str, &str, &str)] = &[
    (
        Regime::FreedomOfInformation,
        "foi",
        "Freedom of information",
        "Answer by {0}.",
    ),
    (
        Regime::OwnPersonalData,
        "own-data",
        "Their own personal data",
        "Data protection law, not this Act: a subject access request, to answer by {0}. Its own team goes on with it.",
    ),
    (
        Regime::EnvironmentalInformation,
        "environmental",
        "Environmental information",
        "Air, water, land, waste, noise, planning and the like: the Environmental Information Regulations 2004, answer by {0}.",
    ),
    (
        Regime::ServiceMatter,
        "service",
        "An everyday service matter",
        "A report, a complaint, an application: the service answers as it always does. If they want an answer under the Act, it is due by {0}.",
    ),
    (
        Regime::Several,
        "several",
        "More than one of these",
        "You choose question by question. Answer by {0}.",
    ),
];

/// Who passes it on where no team in Candour does.
const BY_HAND: &str = "by-hand";

/// A regime by what a form sends for it.
pub(in crate::desk) fn regime(sent: &str) -> Option<Regime> {
    REGIMES
        .iter()
        .find(|(_, id, _, _)| *id == sent)
        .map(|(regime, _, _, _)| *regime)
}

/// What a form sends for a regime.
pub(in crate::desk) fn sent_for(regime: Regime) -> &'static str {
    REGIMES
        .iter()
        .find(|(known, _, _, _)| *known == regime)
        .map_or("", |(_, id, _, _)| id)
}

/// A regime in words.
pub(in crate::desk) fn words(regime: Regime) -> &'static str {
    REGIMES
        .iter()
        .find(|(known, _, _, _)| *known == regime)
        .map_or("", |(_, _, words, _)| words)
}

/// The regimes under which a request may be dealt with, each with the day by which it is answered then.
pub(in crate::desk) fn regimes(
    app: &App,
    case: &Case,
    is_offered: impl Fn(Regime) -> bool,
) -> Vec<Choice> {
    let calendar = &app.office.bundle().calendar;
    REGIMES
        .iter()
        .filter(|(regime, _, _, _)| is_offered(*regime))
        .map(|(regime, id, words, means)| {
            let due_on = regime.due_on(case.receipt.received_on, calendar);
            let due_on = due_on.ok().flatten().unwrap_or(case.due_on);
            choice_with(
                id,
                words,
                &means.replace("{0}", &crate::dates::long(due_on)),
            )
        })
        .collect()
}

/// Whether it may be chosen for a case in this state; one that was passed on is only taken back.
pub(in crate::desk) fn may_choose(state: State) -> bool {
    state != State::Closed
        && procedure::allowed(
            Role::InformationOfficer,
            state,
            CommandKind::ChooseTreatment,
        )
}

/// The teams that can be told, by their people in Candour.
fn teams(scene: &Scene<'_>) -> Vec<Choice> {
    let mut areas: Vec<&str> = scene
        .accounts
        .iter()
        .filter(|account| account.is_active && !account.team.is_empty())
        .map(|account| account.team.as_str())
        .collect();
    areas.sort_unstable();
    areas.dedup();
    let mut choices = vec![choice("", "Choose who goes on with it")];
    choices.extend(
        areas
            .into_iter()
            .map(|area| choice(area, &shown::area(area))),
    );
    choices.push(choice(BY_HAND, "Somebody else: I pass it on myself"));
    choices
}

/// Under which law it is dealt with.
pub(super) const TREATMENT: Deed = Deed {
    tab: "request",
    done: "treated",
    leads_to: "",
    form: |scene| {
        let case = scene.case;
        if let Some(passed) = case.passed_on() {
            let mut form = Form::new("Deal with this here after all", "Take it back")
                .intro(format!(
                    "On {} it was passed on: {}.",
                    crate::dates::long(passed.chosen_on),
                    words(passed.treatment.regime)
                ))
                .intro(format!(
                    "Under the Act its time ran on from the day it came. An answer is due by {}.",
                    crate::dates::long(case.due_on)
                ))
                .warn("The person who asked is told. Tell whoever has it now.");
            form.other_button = Some(SEE_MAIL);
            return Some(form);
        }
        if !may_choose(case.state) {
            return None;
        }
        let before = case.regime();
        let choices = regimes(scene.app, case, |regime| {
            regime.is_elsewhere() || before != Some(regime)
        });
        let mut form = Form::new("How is this request dealt with?", "Save")
            .radios("regime", "Under which law?", "", choices, &scene.wish.because)
            .select(
                "to",
                "Who goes on with it",
                "Where it is not freedom of information. The team gets the request by email, with the name and address of the person who asked, so that it can answer. That is in the history.",
                teams(scene),
                "",
            )
            .warn("A request that is passed on leaves the queue, and the person who asked is told. You can take it back later; its time under the Act runs on.");
        form.other_button = Some(SEE_MAIL);
        Some(form)
    },
    commands: |scene, fields, mistakes| {
        if scene.case.passed_on().is_some() {
            return vec![Command::ChooseTreatment(Treatment {
                regime: Regime::FreedomOfInformation,
                passed_to: None,
            })];
        }
        let Some(regime) = regime(&fields.get("regime")) else {
            mistakes.add("regime", "Choose how to treat this request");
            return Vec::new();
        };
        let to = fields.get("to");
        let is_known = teams(scene).iter().any(|team| team.value == to);
        mistakes.check(
            regime.is_elsewhere() && (to.is_empty() || !is_known),
            "to",
            "Choose who goes on with it",
        );
        vec![Command::ChooseTreatment(Treatment {
            regime,
            passed_to: (regime.is_elsewhere() && to != BY_HAND).then_some(to),
        })]
    },
    about: &[("treatment.no_team", "to"), ("treatment", "regime")],
    people: true,
    ..PLAIN
};
