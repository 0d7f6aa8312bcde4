//! The letter on its way.

use casework::command::Command;
use casework::event::Reason;
use casework::procedure::State;

use super::{Deed, PLAIN};
use crate::form::Form;

/// Taking the letter back.
pub(super) const RECALL: Deed = Deed {
    tab: "letter",
    done: "recalled",
    leads_to: "/letter",
    form: |scene| {
        matches!(scene.case.state, State::AwaitingApproval | State::Approved).then(|| {
            Form::new("Take the letter back", "Take it back").area(
                "reason",
                "Why",
                "The approver sees this.",
                "",
                3,
            )
        })
    },
    commands: |_, fields, _| {
        vec![Command::Recall(Reason {
            reason: fields.get("reason"),
        })]
    },
    about: &[("case.no_reason", "reason")],
    ..PLAIN
};
