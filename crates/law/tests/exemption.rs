//! Part II as data, and the combinations that cannot be.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a failed expectation is the test's way to speak"
)]

use law::{Basis, Duty, Entry, Ground, Likelihood, Provision, Refusal, Role, Statute};

fn act() -> Statute {
    Statute::parse(include_str!("../../../data/law/foia.toml")).unwrap()
}

fn provision(text: &str) -> Provision {
    text.parse().unwrap()
}

/// "s.31(1)(a) likely weighed + s.43(2) …": grounds in shorthand.
fn grounds(text: &str) -> Vec<Ground> {
    text.split(" + ")
        .filter(|ground| !ground.is_empty())
        .map(|ground| {
            let mut words = ground.split(' ');
            let mut ground = Ground::on(provision(words.next().unwrap()));
            for word in words {
                match word {
                    "would" => ground.likelihood = Some(Likelihood::Would),
                    "likely" => ground.likelihood = Some(Likelihood::WouldBeLikelyTo),
                    "weighed" => ground.public_interest_weighed = true,
                    "opinion" => ground.opinion_on = Some("2026-06-01".parse().unwrap()),
                    "late-opinion" => ground.opinion_on = Some("2026-06-20".parse().unwrap()),
                    purpose => ground.purposes.push(provision(purpose)),
                }
            }
            ground
        })
        .collect()
}

fn codes(duty: Duty, text: &str) -> String {
    match Refusal::new(&act(), duty, grounds(text), "2026-06-17".parse().unwrap()) {
        Ok(_) => "ok".to_owned(),
        Err(problems) => problems
            .iter()
            .map(|problem| problem.code.replace("refusal.", ""))
            .collect::<Vec<_>>()
            .join(" "),
    }
}

#[test]
fn what_can_be_relied_on_for_content() {
    for (text, expected) in [
        ("s.31(1)(a) likely weighed", "ok"),
        (
            "s.31(1)(a) likely weighed + s.43(2) would weighed + s.40(2)",
            "ok",
        ),
        ("s.21", "ok"),
        ("s.41(1)", "ok"),
        ("s.41", "ok"),
        ("s.42 weighed", "ok"),
        ("s.43(1) weighed", "ok"),
        ("s.27(2) weighed", "ok"),
        ("s.30(1)(b) weighed", "ok"),
        ("s.36(2)(b)(ii) likely weighed opinion", "ok"),
        ("s.31(1)(g) likely weighed s.31(2)(c)", "ok"),
        ("s.38(1)(b) likely weighed", "ok"),
        ("s.40(3B) weighed", "ok"),
        ("s.37(1)(a)", "ok"),
        ("s.37(1)(b) weighed", "ok"),
        ("", "no_ground"),
        ("s.21 weighed", "test_on_absolute"),
        ("s.40(2) weighed", "test_on_absolute"),
        ("s.37(1)(ab) weighed", "test_on_absolute"),
        ("s.31(1)(a) likely", "test_missing"),
        ("s.31(1)(a) weighed", "likelihood_missing"),
        ("s.42(1) likely weighed", "likelihood_has_no_place"),
        ("s.43(1) would weighed", "likelihood_has_no_place"),
        ("s.36(2)(c) likely weighed", "no_qualified_person"),
        ("s.36(2)(c) likely weighed late-opinion", "opinion_too_late"),
        ("s.43(2) likely weighed opinion", "opinion_has_no_place"),
        (
            "s.30(1)(a) weighed + s.31(1)(a) likely weighed",
            "exclude_each_other",
        ),
        (
            "s.31(1)(a) likely weighed + s.30(2) weighed",
            "exclude_each_other",
        ),
        (
            "s.35(1)(a) weighed + s.36(2)(c) likely weighed opinion",
            "exclude_each_other",
        ),
        ("s.23(1) + s.24(1) weighed", "ok"),
        ("s.31(1)(z) likely weighed", "no_such_limb"),
        ("s.31(4) likely weighed", "no_such_limb"),
        ("s.31(1)(a)(i) likely weighed", "no_such_limb"),
        ("s.31 likely weighed", "paragraph_needed"),
        ("s.31(1) likely weighed", "paragraph_needed"),
        ("s.40", "paragraph_needed"),
        ("s.31(3) likely weighed", "not_for_content"),
        ("s.31(2)(c) likely weighed", "purpose_alone"),
        ("s.31(1)(g) likely weighed", "purpose_missing"),
        (
            "s.31(1)(a) likely weighed s.31(2)(c)",
            "purpose_has_no_place",
        ),
        ("s.31(1)(g) likely weighed s.31(2)(k)", "no_such_purpose"),
        ("s.36(5) likely weighed opinion", "exempts_nothing"),
        ("s.40(3)(a)(i)", "former_provision test_missing"),
        ("s.25", "unknown_exemption"),
        ("s.45", "unknown_exemption"),
        ("s.12", "unknown_exemption"),
        (
            "s.31(1)(a) likely weighed + s.31(1)(a) likely weighed",
            "ground_twice",
        ),
        (
            "s.21 weighed likely + s.31(1)(a)",
            "test_on_absolute likelihood_has_no_place test_missing likelihood_missing",
        ),
    ] {
        assert_eq!(codes(Duty::Communicate, text), expected, "{text}");
    }
}

#[test]
fn what_can_be_relied_on_to_neither_confirm_nor_deny() {
    for (text, expected) in [
        ("s.31(3) likely weighed", "ok"),
        ("s.40(5B)(a)(i)", "ok"),
        ("s.40(5A)", "ok"),
        ("s.23(5) + s.24(2) weighed", "ok"),
        ("s.31(3) likely", "test_missing"),
        ("s.31(1)(a) likely weighed", "not_for_confirming"),
        ("s.31 likely weighed", "not_for_confirming"),
        ("s.21", "always_confirms"),
        ("s.23(5) weighed", "test_on_absolute"),
        (
            "s.30(3) weighed + s.31(3) likely weighed",
            "exclude_each_other",
        ),
    ] {
        assert_eq!(codes(Duty::ConfirmOrDeny, text), expected, "{text}");
    }
}

#[test]
fn every_limb_can_be_relied_on_and_every_exclusion_too() {
    let act = act();
    let on = "2026-06-17".parse().unwrap();
    let mut seen = 0;
    for exemption in act.exemptions() {
        let ground = |provision: &Provision| Ground {
            provision: provision.clone(),
            purposes: Vec::new(),
            likelihood: exemption
                .basis_of(provision)
                .has_likelihood()
                .then_some(Likelihood::Would),
            public_interest_weighed: exemption.requires_public_interest_test(provision),
            opinion_on: exemption.qualified_person.then_some(on),
        };
        for limb in &exemption.limbs {
            let mut ground = ground(&limb.provision);
            if limb.needs_purpose {
                ground
                    .purposes
                    .push(exemption.purposes[0].provision.clone());
            }
            Refusal::new(&act, Duty::Communicate, vec![ground], on).unwrap();
            seen += 1;
        }
        for exclusion in &exemption.confirm_or_deny {
            Refusal::new(&act, Duty::ConfirmOrDeny, vec![ground(exclusion)], on).unwrap();
            seen += 1;
        }
    }
    assert!(seen > 80, "{seen}");
}

#[test]
fn a_provision_is_absolute_qualified_or_depends_on_its_paragraph_never_two_of_them() {
    let act = act();
    for exemption in act.exemptions() {
        for provision in exemption
            .limbs
            .iter()
            .map(|limb| &limb.provision)
            .chain(&exemption.confirm_or_deny)
        {
            assert!(
                !(exemption.is_absolute(provision)
                    && exemption.requires_public_interest_test(provision)),
                "{provision}"
            );
        }
    }
    let of = |text: &str| {
        let provision = provision(text);
        let exemption = act.exemption(&provision).unwrap();
        (
            exemption.is_absolute(&provision),
            exemption.requires_public_interest_test(&provision),
            exemption.needs_paragraph(&provision),
        )
    };
    assert_eq!(of("FOIA s.40"), (false, false, true));
    assert_eq!(of("FOIA s.40(2)"), (true, false, false));
    assert_eq!(of("FOIA s.40(5B)(b)"), (false, true, false));
    assert_eq!(of("FOIA s.31"), (false, true, true));
    assert_eq!(of("FOIA s.42"), (false, true, false));
    assert_eq!(of("FOIA s.36(2)(b)"), (false, true, true));
}

#[test]
fn bases_and_roles_are_told_apart() {
    let act = act();
    let basis = |text: &str| {
        let provision = provision(text);
        act.exemption(&provision).unwrap().basis_of(&provision)
    };
    assert_eq!(basis("FOIA s.43(1)"), Basis::Class);
    assert_eq!(basis("FOIA s.43(2)"), Basis::Prejudice);
    assert_eq!(basis("FOIA s.43(3)"), Basis::Prejudice);
    assert_eq!(basis("FOIA s.27(2)"), Basis::Class);
    assert_eq!(basis("FOIA s.38(1)(a)"), Basis::Endanger);
    let role = |text: &str| {
        let provision = provision(text);
        match act.exemption(&provision).unwrap().role(&provision) {
            None => "none",
            Some(Role::Above) => "above",
            Some(Role::Limb(_)) => "limb",
            Some(Role::ConfirmOrDeny) => "confirm or deny",
            Some(Role::Purpose(_)) => "purpose",
            Some(Role::Part(_)) => "part",
        }
    };
    for (text, expected) in [
        ("FOIA s.31", "above"),
        ("FOIA s.31(1)", "above"),
        ("FOIA s.31(1)(a)", "limb"),
        ("FOIA s.31(2)(b)", "purpose"),
        ("FOIA s.31(2)", "above"),
        ("FOIA s.31(3)", "confirm or deny"),
        ("FOIA s.36(5)(o)", "part"),
        ("FOIA s.23(3)(a)", "part"),
        ("FOIA s.31(1)(j)", "none"),
        ("FOIA s.43(4)", "none"),
    ] {
        assert_eq!(role(text), expected, "{text}");
    }
}

#[test]
fn what_is_wrong_with_the_data_is_all_told_with_its_place() {
    let text = r#"
[[rule]]
provision = "FOIA s.1(1)"
name = "The right"
says = "x"
verified = true
source = "x"

[[rule]]
provision = "FOIA s.1(1)"
name = "The right"
says = "x"
verified = true
source = "x"

[[exemption]]
provision = "FOIA s.21"
name = "x"
protects = "x"
basis = "class"
effect = "absolute"
confirm_or_deny = ["FOIA s.22(2)"]
decided_by = "x"
verified = true
source = "x"

[[exemption]]
provision = "FOIA s.22"
colour = "red"
"#;
    let problems = Statute::parse(text).unwrap_err();
    let told: Vec<String> = problems
        .iter()
        .map(|problem| {
            problem
                .locate("foia.toml", text)
                .splitn(3, ": ")
                .take(2)
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect();
    assert_eq!(
        told,
        [
            "foia.toml:27:1 law.bad_entry",
            "foia.toml:9:1 law.duplicate",
            "foia.toml:16:1 law.part_of_another",
            "foia.toml:16:1 law.no_limb",
        ]
    );
}

#[test]
fn harm_follows_would_in_the_words_of_the_limb() {
    let act = act();
    for (limb, harm) in [
        (
            "s.31(1)(a)",
            Some("prejudice the prevention or detection of crime"),
        ),
        (
            "s.36(2)(b)(i)",
            Some("inhibit the free and frank provision of advice"),
        ),
        ("s.38(1)(b)", Some("endanger the safety of an individual")),
        (
            "s.27(1)(a)",
            Some("prejudice relations between the United Kingdom and another State"),
        ),
        ("s.27(2)", None),
        ("s.43(1)", None),
        ("s.31(3)", None),
        ("s.24(1)", None),
    ] {
        let limb = provision(limb);
        let found = act.exemption(&limb).unwrap().harm(&limb);
        assert_eq!(found.as_deref(), harm, "{limb}");
    }
    for exemption in act.exemptions() {
        for limb in &exemption.limbs {
            let harm = exemption.harm(&limb.provision);
            assert_eq!(
                harm.is_some(),
                exemption.basis_of(&limb.provision).has_likelihood(),
                "{limb}"
            );
            assert!(
                harm.is_none_or(|harm| !harm.contains("information") && !harm.contains(". ")),
                "{limb}"
            );
        }
    }
}

#[test]
fn every_provision_is_found_and_one_that_is_not_there_has_neighbours() {
    let act = act();
    let all = act.provisions();
    assert!(all.len() > 200);
    for known in &all {
        assert!(act.entry(known).is_some(), "{known}");
    }
    for (text, part) in [("FOIA s.12", None), ("FOIA s.12(2)", Some("FOIA s.12(2)"))] {
        let Some(Entry::Gateway(gateway, found)) = act.entry(&provision(text)) else {
            unreachable!("{text} is a gateway");
        };
        assert_eq!(gateway.provision.to_string(), "FOIA s.12");
        let found = found.map(|part| part.provision.to_string());
        assert_eq!(found.as_deref(), part, "{text}");
    }
    for (text, near) in [
        ("FOIA s.31(1)(z)", "FOIA s.31(1)(a)"),
        ("FOIA s.31(9)", "FOIA s.31(3)"),
        ("FOIA s.17(9)", "FOIA s.17(7)"),
        ("FOIA s.25", "FOIA s.24"),
        ("FOIA s.99", "FOIA s.77"),
    ] {
        let unknown = provision(text);
        assert!(act.entry(&unknown).is_none(), "{text}");
        let found: Vec<String> = act.near(&unknown).iter().map(ToString::to_string).collect();
        assert!(found.iter().any(|name| name == near), "{text}: {found:?}");
        assert!(!found.is_empty() && found.len() < 30, "{text}: {found:?}");
    }
    let found: Vec<String> = act
        .about("commercial")
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(found, ["FOIA s.43", "FOIA s.43(2)"]);
    assert!(act.about("").is_empty());
}
