//! How long people worked on a case, told from what they did to it: the gaps between one person's acts, each counted up to
//! five minutes, summed over the people. Nobody's work is told apart, and no script on a page is needed.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use crate::case::Case;
use crate::decision::Decision;
use crate::event::{Event, Recorded};
use crate::role::Role;

/// A longer gap is something else that somebody did.
const LONGEST_GAP: SignedDuration = SignedDuration::from_mins(5);

/// How long people worked on a case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effort {
    /// In all.
    pub whole: SignedDuration,
    /// Until the questions were confirmed; `None` while they aren't.
    pub until_confirmed: Option<SignedDuration>,
}

/// How long people worked on a case with these events.
#[must_use]
pub fn of(events: &[Recorded]) -> Effort {
    let mut effort = Effort::default();
    let mut last: BTreeMap<&str, Timestamp> = BTreeMap::new();
    for recorded in events {
        if matches!(recorded.by.role, Role::Candour | Role::Applicant) {
            continue;
        }
        if let Some(before) = last.insert(&recorded.by.id, recorded.at) {
            let gap = recorded.at.duration_since(before);
            let gap = gap.clamp(SignedDuration::ZERO, LONGEST_GAP);
            effort.whole = effort.whole.saturating_add(gap);
        }
        if matches!(recorded.event, Some(Event::QuestionsConfirmed(_))) {
            effort.until_confirmed.get_or_insert(effort.whole);
        }
    }
    effort
}

/// The way in which a case is answered, as effort is compared by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Route {
    /// From what is published alone.
    Published,
    /// With something answered, or sought.
    Ordinary,
    /// With something withheld or refused.
    Refused,
}

/// The way in which a case is answered; `None` before everything is decided, and where something is neither confirmed nor
/// denied: such cases are counted only among all, so that no figure is about them.
#[must_use]
pub fn route(case: &Case) -> Option<Route> {
    let mut last = None;
    for state in &case.questions {
        let route = match state.decision.as_ref().map(|made| &made.decision)? {
            Decision::NeitherConfirmedNorDenied(_) => return None,
            Decision::AlreadyAccessible { .. } => Route::Published,
            Decision::Answer { .. } | Decision::NotHeld | Decision::ClarificationSought { .. } => {
                Route::Ordinary
            }
            Decision::Withheld(_)
            | Decision::OverCostLimit { .. }
            | Decision::VexatiousOrRepeated { .. } => Route::Refused,
        };
        last = last.max(Some(route));
    }
    last
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failing helper fails its test")]
mod tests {
    use super::*;
    use crate::event::{Questions, Reason};
    use crate::role::Actor;

    fn events(acts: &[(&str, Role, i64, bool)]) -> Vec<Recorded> {
        acts.iter()
            .zip(1..)
            .map(|((id, role, second, confirms), seq)| Recorded {
                seq,
                at: Timestamp::from_second(*second).unwrap(),
                by: Actor {
                    id: (*id).to_owned(),
                    role: *role,
                },
                event: Some(if *confirms {
                    Event::QuestionsConfirmed(Questions {
                        questions: Vec::new(),
                        basis: crate::invented::basis(),
                    })
                } else {
                    Event::RetentionHeld(Reason {
                        reason: String::new(),
                    })
                }),
            })
            .collect()
    }

    #[test]
    fn gaps_of_one_person_are_summed_and_long_ones_are_something_else() {
        let officer = Role::InformationOfficer;
        for (acts, whole, confirmed) in [
            (vec![], 0, None),
            (vec![("amina", officer, 0, false)], 0, None),
            // Two people between each other's acts; Candour's own and the applicant's don't count.
            (
                vec![
                    ("amina", officer, 0, false),
                    ("candour", Role::Candour, 10, false),
                    ("ben", officer, 20, false),
                    ("amina", officer, 60, true),
                    ("applicant", Role::Applicant, 70, false),
                    ("ben", officer, 80, false),
                ],
                120,
                Some(60),
            ),
            // A night between is five minutes.
            (
                vec![
                    ("amina", officer, 0, true),
                    ("amina", officer, 50_000, false),
                ],
                300,
                Some(0),
            ),
        ] {
            let found = of(&events(&acts));
            assert_eq!(found.whole, SignedDuration::from_secs(whole));
            assert_eq!(
                found.until_confirmed,
                confirmed.map(SignedDuration::from_secs)
            );
        }
    }
}
