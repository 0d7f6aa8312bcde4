//! A refusal's exemptions, checked against each other: combinations that cannot be are refused.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::exemption::Role;
use crate::{Exemption, Limb, Problem, Provision, Statute};

/// The two duties of FOIA s.1(1), each with its own exclusion and its own public interest test, FOIA s.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duty {
    /// To say whether the information is held, FOIA s.1(1)(a).
    ConfirmOrDeny,
    /// To communicate it, FOIA s.1(1)(b).
    Communicate,
}

/// The level at which prejudice is claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Likelihood {
    /// More probable than not.
    Would,
    /// A real and significant possibility, more than hypothetical or remote.
    WouldBeLikelyTo,
}

/// One exemption, as an officer puts it forward for one piece of information.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ground {
    /// The exemption, to the paragraph.
    pub provision: Provision,
    /// The purposes of FOIA s.31(2) that s.31(1)(g) to (i) need.
    pub purposes: Vec<Provision>,
    /// The level of prejudice, where the exemption knows one.
    pub likelihood: Option<Likelihood>,
    /// Whether the public interest was weighed.
    pub public_interest_weighed: bool,
    /// The day of the qualified person's opinion, FOIA s.36(5).
    pub opinion_on: Option<Date>,
}

impl Ground {
    /// A ground with nothing but its provision.
    #[must_use]
    pub fn on(provision: Provision) -> Self {
        Self {
            provision,
            purposes: Vec::new(),
            likelihood: None,
            public_interest_weighed: false,
            opinion_on: None,
        }
    }
}

/// Grounds for refusing one piece of information under one duty, checked to be able to stand together.
///
/// # Examples
/// Legal professional privilege is qualified: without a public interest test it refuses nothing.
/// ```
/// # use law::{Duty, Ground, Refusal, Statute};
/// # let statute = Statute::parse(include_str!("../../../data/law/foia.toml")).unwrap();
/// let mut ground = Ground::on("FOIA s.42(1)".parse().unwrap());
/// let on = "2026-06-01".parse().unwrap();
/// let problems = Refusal::new(&statute, Duty::Communicate, vec![ground.clone()], on).unwrap_err();
/// assert_eq!(problems[0].code, "refusal.test_missing");
/// ground.public_interest_weighed = true;
/// assert!(Refusal::new(&statute, Duty::Communicate, vec![ground], on).is_ok());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    duty: Duty,
    grounds: Vec<Ground>,
}

impl Refusal {
    /// Checks the grounds, each by itself and against each other, as at the day of the refusal.
    ///
    /// # Errors
    /// Everything that can't be, each with its way out.
    pub fn new(
        statute: &Statute,
        duty: Duty,
        grounds: Vec<Ground>,
        on: Date,
    ) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        if grounds.is_empty() {
            problems.push(Problem::new(
                "refusal.no_ground",
                "a refusal must specify the exemption relied on, FOIA s.17(1)(b); name one, or disclose",
            ));
        }
        let mut seen: BTreeSet<&Provision> = BTreeSet::new();
        for ground in &grounds {
            if !seen.insert(&ground.provision) {
                problems.push(Problem::new(
                    "refusal.ground_twice",
                    format!("{} stands twice; keep one", ground.provision),
                ));
            }
            alone(statute, duty, ground, on, &mut problems);
        }
        together(statute, &grounds, &mut problems);
        if problems.is_empty() {
            Ok(Self { duty, grounds })
        } else {
            Err(problems)
        }
    }

    /// The duty that is refused.
    #[must_use]
    pub fn duty(&self) -> Duty {
        self.duty
    }

    /// The grounds.
    #[must_use]
    pub fn grounds(&self) -> &[Ground] {
        &self.grounds
    }
}

/// What is wrong with a ground by itself.
fn alone(statute: &Statute, duty: Duty, ground: &Ground, on: Date, problems: &mut Vec<Problem>) {
    let provision = &ground.provision;
    let mut wrong = |code, message: String| problems.push(Problem::new(code, message));
    let Some(exemption) = statute.exemption(provision) else {
        wrong(
            "refusal.unknown_exemption",
            not_an_exemption(statute, provision),
        );
        return;
    };
    let Some(role) = exemption.role(provision) else {
        wrong(
            "refusal.no_such_limb",
            format!(
                "{provision} does not exist; {} has {}",
                exemption.provision,
                names(&exemption.limbs)
            ),
        );
        return;
    };
    match (duty, role) {
        (Duty::Communicate, Role::Limb(limb)) => purposes(exemption, limb, ground, &mut wrong),
        (Duty::ConfirmOrDeny, Role::ConfirmOrDeny) => {}
        (Duty::Communicate, Role::ConfirmOrDeny) => wrong(
            "refusal.not_for_content",
            format!(
                "{provision} excludes the duty to confirm or deny and exempts no content; name one of {}",
                names(&exemption.limbs)
            ),
        ),
        (Duty::ConfirmOrDeny, _) if exemption.confirm_or_deny.is_empty() => wrong(
            "refusal.always_confirms",
            format!(
                "{} leaves the duty to confirm or deny; say whether the information is held",
                exemption.provision
            ),
        ),
        (Duty::ConfirmOrDeny, _) => wrong(
            "refusal.not_for_confirming",
            format!(
                "{provision} exempts content: citing it says that the information is held; to neither confirm nor deny, name {}",
                exemption
                    .confirm_or_deny
                    .iter()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
                    .join(" or ")
            ),
        ),
        (Duty::Communicate, Role::Above)
            if exemption
                .limbs
                .iter()
                .filter(|limb| limb.provision.is_within(provision))
                .count()
                == 1 => {}
        (Duty::Communicate, Role::Above) => wrong(
            "refusal.paragraph_needed",
            format!(
                "{provision} holds several exemptions; name the paragraph, FOIA s.17(1)(b): {}",
                names(&exemption.limbs)
            ),
        ),
        (Duty::Communicate, Role::Purpose(_)) => wrong(
            "refusal.purpose_alone",
            format!(
                "{provision} is a purpose and exempts nothing by itself; name the limb that it belongs to: {}",
                exemption
                    .limbs
                    .iter()
                    .filter(|limb| limb.needs_purpose)
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
                    .join(", ")
            ),
        ),
        (Duty::Communicate, Role::Part(part)) => {
            if let Some(until) = part.until.filter(|until| *until < on) {
                let now = part
                    .now
                    .as_ref()
                    .map_or_else(String::new, |now| format!("; it is now {now}"));
                wrong(
                    "refusal.former_provision",
                    format!("{provision} stood so until {until}{now}"),
                );
            } else {
                wrong(
                    "refusal.exempts_nothing",
                    format!(
                        "{provision} exempts nothing by itself ({}); name one of {}",
                        part.says,
                        names(&exemption.limbs)
                    ),
                );
            }
        }
    }
    tests(exemption, ground, on, &mut wrong);
}

/// The tests that a ground needs, and those that have no place.
fn tests(
    exemption: &Exemption,
    ground: &Ground,
    on: Date,
    wrong: &mut impl FnMut(&'static str, String),
) {
    let provision = &ground.provision;
    if exemption.is_absolute(provision) && ground.public_interest_weighed {
        wrong(
            "refusal.test_on_absolute",
            format!("{provision} is absolute, FOIA s.2(3): leave the public interest test out"),
        );
    }
    if exemption.requires_public_interest_test(provision) && !ground.public_interest_weighed {
        wrong(
            "refusal.test_missing",
            format!("{provision} is qualified: weigh the public interest, FOIA s.2, or disclose"),
        );
    }
    let basis = exemption.basis_of(provision);
    if basis.has_likelihood() && ground.likelihood.is_none() {
        wrong(
            "refusal.likelihood_missing",
            format!("{provision} needs the level of harm: would, or would be likely to"),
        );
    }
    if !basis.has_likelihood() && ground.likelihood.is_some() {
        wrong(
            "refusal.likelihood_has_no_place",
            format!(
                "{provision} is engaged by {basis}, not by prejudice; leave the level of harm out"
            ),
        );
    }
    match ground.opinion_on {
        None if exemption.qualified_person => wrong(
            "refusal.no_qualified_person",
            format!(
                "{provision} is engaged only by the reasonable opinion of the qualified person, FOIA s.36(5); get it and record its day"
            ),
        ),
        Some(given) if given > on => wrong(
            "refusal.opinion_too_late",
            format!(
                "the qualified person's opinion of {given} must come before {provision} is relied on, {on}"
            ),
        ),
        Some(_) if !exemption.qualified_person => wrong(
            "refusal.opinion_has_no_place",
            format!(
                "{provision} needs no qualified person; leave the opinion out, or name the limb of s.36"
            ),
        ),
        _ => {}
    }
}

fn purposes(
    exemption: &Exemption,
    limb: &Limb,
    ground: &Ground,
    wrong: &mut impl FnMut(&'static str, String),
) {
    if limb.needs_purpose && ground.purposes.is_empty() {
        wrong(
            "refusal.purpose_missing",
            format!(
                "{limb} is engaged only for a purpose; name one of {}",
                names(&exemption.purposes)
            ),
        );
    }
    if !limb.needs_purpose && !ground.purposes.is_empty() {
        wrong(
            "refusal.purpose_has_no_place",
            format!("{limb} needs no purpose; leave it out"),
        );
    }
    for purpose in &ground.purposes {
        if !exemption
            .purposes
            .iter()
            .any(|known| known.provision == *purpose)
        {
            wrong(
                "refusal.no_such_purpose",
                format!(
                    "{purpose} is no purpose of {}; it has {}",
                    exemption.provision,
                    names(&exemption.purposes)
                ),
            );
        }
    }
}

/// Exemptions that the same information can't be under: FOIA s.31 begins where s.30 ends.
fn together(statute: &Statute, grounds: &[Ground], problems: &mut Vec<Problem>) {
    let mut sections: Vec<&Exemption> = Vec::new();
    for exemption in grounds
        .iter()
        .filter_map(|ground| statute.exemption(&ground.provision))
    {
        if !sections
            .iter()
            .any(|known| known.provision == exemption.provision)
        {
            sections.push(exemption);
        }
    }
    for exemption in &sections {
        for other in &exemption.not_with {
            if sections.iter().any(|known| known.provision == *other) {
                problems.push(Problem::new(
                    "refusal.exclude_each_other",
                    format!("{} takes only what {other} does not: the same information can't be under both; decide which", exemption.provision),
                ));
            }
        }
    }
}

fn not_an_exemption(statute: &Statute, provision: &Provision) -> String {
    if let Some(gateway) = statute.gateway(provision) {
        return format!(
            "{provision} is no exemption of Part II but lifts the duty to comply ({}): decide the whole request or question under it, with a notice under {}",
            gateway.name.to_lowercase(),
            gateway.notice
        );
    }
    format!("{provision} is no exemption of Part II; sections 21 to 44 hold exemptions")
}

fn names(limbs: &[Limb]) -> String {
    limbs
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(", ")
}
