//! `candour law`: any provision, with what it protects or asks for, the tests it needs, and who decides.

use std::io::Write;

use law::{Entry, Exemption, Fees, Limb, Provision, Role, Statute, TimeLimits};
use serde_json::{Value, json};

use crate::data::Data;
use crate::fault::Stop;
use crate::wrapped::wrapped;

/// How the outcome is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For a person.
    Text,
    /// One JSON object, or an array of them for a list.
    Json,
}

/// What is shown of a provision, whatever kind it is.
#[derive(Debug, Default)]
struct Card {
    provision: String,
    in_words: String,
    /// "exemption", "limb of an exemption", …
    kind: &'static str,
    /// The name of its section or rule.
    name: String,
    /// What it protects, allows or says.
    says: String,
    /// The section that it belongs to, where it is a part.
    part_of: Option<String>,
    basis: Option<String>,
    /// "absolute", "qualified", "absolute in part".
    effect: Option<&'static str>,
    public_interest_test: Option<bool>,
    confirm_or_deny: Option<String>,
    confirm_or_deny_provisions: Vec<String>,
    tests: Vec<String>,
    decided_by: Option<String>,
    open_to: Option<String>,
    not_with: Vec<String>,
    parts: Vec<(String, String)>,
    verified: bool,
    source: String,
}

/// Prints one provision, those that some words are about, or the list of all.
///
/// # Errors
/// The data has no such provision; the message names those near it.
pub fn run(
    asked: Option<&str>,
    format: Format,
    data: &Data,
    out: &mut dyn Write,
) -> Result<(), Stop> {
    let statute = data.statute()?;
    let (limits, fees) = (data.time_limits()?, data.fees()?);
    let outcome = match asked {
        None => list(out, format, &everything(&statute, &limits, &fees)),
        Some(asked) => match found(asked, &statute, &limits, &fees)? {
            Found::One(card) => match format {
                Format::Json => writeln!(out, "{:#}", object(&card)),
                Format::Text => print(out, &card),
            },
            Found::Several(cards) => list(out, format, &cards),
        },
    };
    outcome.map_err(|error| Stop::input(format!("output.unwritable: {error}")))
}

enum Found {
    One(Box<Card>),
    Several(Vec<Card>),
}

fn found(asked: &str, statute: &Statute, limits: &TimeLimits, fees: &Fees) -> Result<Found, Stop> {
    // "31(3)" alone is a section of the Act.
    let provision = asked
        .parse::<Provision>()
        .or_else(|_| format!("FOIA s.{}", asked.trim()).parse());
    let Ok(provision) = provision else {
        let mut cards: Vec<Card> = statute
            .about(asked)
            .into_iter()
            .filter_map(|provision| card(statute, provision))
            .collect();
        let wanted = asked.to_lowercase();
        cards.extend(
            others(limits, fees)
                .into_iter()
                .filter(|card| card.says.to_lowercase().contains(&wanted)),
        );
        return if cards.is_empty() {
            Err(Stop::input(format!(
                "law.unknown: `{asked}` is no provision, and none is about it; write a provision as FOIA s.31(1)(a), or a word such as crime; `candour law` lists all"
            )))
        } else {
            Ok(Found::Several(cards))
        };
    };
    if let Some(card) = card(statute, &provision) {
        return Ok(Found::One(Box::new(card)));
    }
    let spelled = provision.to_string();
    let mut same: Vec<Card> = others(limits, fees)
        .into_iter()
        .filter(|card| card.provision == spelled)
        .collect();
    if same.len() > 1 {
        return Ok(Found::Several(same));
    }
    if let Some(card) = same.pop() {
        return Ok(Found::One(Box::new(card)));
    }
    let near: Vec<String> = if provision.act() == law::Act::Foia {
        statute
            .near(&provision)
            .iter()
            .map(ToString::to_string)
            .collect()
    } else {
        let act = spelled.split(' ').next().unwrap_or_default().to_owned();
        others(limits, fees)
            .into_iter()
            .map(|card| card.provision)
            .filter(|known| known.starts_with(&act))
            .collect()
    };
    let near = if near.is_empty() {
        "`candour law` lists what there is".to_owned()
    } else {
        format!("near it: {}", near.join(", "))
    };
    Err(Stop::input(format!(
        "law.unknown: the data has no {spelled}; {near}"
    )))
}

/// Every section and rule, and the limits of the other enactments.
fn everything(statute: &Statute, limits: &TimeLimits, fees: &Fees) -> Vec<Card> {
    let mut cards: Vec<Card> = statute
        .provisions()
        .into_iter()
        .filter(|provision| {
            let heads = statute
                .rules()
                .iter()
                .map(|rule| &rule.provision)
                .chain(statute.gateways().iter().map(|gateway| &gateway.provision))
                .chain(
                    statute
                        .exemptions()
                        .iter()
                        .map(|exemption| &exemption.provision),
                );
            heads.into_iter().any(|head| head == *provision)
        })
        .filter_map(|provision| card(statute, provision))
        .collect();
    cards.extend(others(limits, fees));
    cards
}

/// Time limits and fees: provisions that aren't in the data on the Act.
fn others(limits: &TimeLimits, fees: &Fees) -> Vec<Card> {
    let mut cards = Vec::new();
    let mut add =
        |provision: &Provision, kind, name: &str, says: String, verified, source: &str| {
            cards.push(Card {
                provision: provision.to_string(),
                in_words: provision.in_words(),
                kind,
                name: name.to_owned(),
                says,
                verified,
                source: source.to_owned(),
                ..Card::default()
            });
        };
    for regime in limits.regimes() {
        for limit in limits.of_regime(&regime.id) {
            add(
                &limit.provision,
                "time limit",
                &format!("Time limit `{}`", limit.id),
                format!("{} to {}: {}", limit.length(), limit.duty, limit.applies_to),
                limit.verified,
                &limit.source,
            );
        }
        if let Some(extension) = &regime.extension {
            add(
                &extension.provision,
                "longer time",
                "Taking longer",
                format!(
                    "up to {} working days {}, with the notice of {}",
                    extension.ceiling_working_days,
                    if extension.ceiling_is_law {
                        "by law"
                    } else {
                        "in practice"
                    },
                    extension.notice
                ),
                extension.verified,
                &extension.source,
            );
        }
    }
    for limit in fees.limits() {
        add(
            &limit.provision,
            "appropriate limit",
            "Appropriate limit",
            format!("£{} for {}", limit.pounds, limit.applies_to),
            limit.verified,
            &limit.source,
        );
    }
    for activity in fees.activities() {
        add(
            &activity.provision,
            "activity that counts",
            "Cost estimate",
            format!("counts: {}", activity.does),
            true,
            "",
        );
    }
    cards
}

fn card(statute: &Statute, provision: &Provision) -> Option<Card> {
    let mut card = Card {
        provision: provision.to_string(),
        in_words: provision.in_words(),
        ..Card::default()
    };
    match statute.entry(provision)? {
        Entry::Rule(rule) => {
            card.kind = "rule";
            card.name.clone_from(&rule.name);
            card.says.clone_from(&rule.says);
            card.verified = rule.verified;
            card.source.clone_from(&rule.source);
            if rule.provision != *provision {
                card.part_of = Some(rule.provision.to_string());
            }
        }
        Entry::Rules(rules) => {
            card.kind = "section";
            card.name = format!("Section {}", provision.section());
            card.says = format!("{} rules", rules.len());
            card.verified = rules.iter().all(|rule| rule.verified);
            card.parts = rules
                .iter()
                .map(|rule| {
                    (
                        rule.provision.to_string(),
                        format!("{}: {}", rule.name, rule.says),
                    )
                })
                .collect();
            if let Some(first) = rules.first() {
                card.source.clone_from(&first.source);
            }
        }
        Entry::Gateway(gateway, part) => {
            card.kind = "section that lifts the duty to comply";
            card.name.clone_from(&gateway.name);
            card.says = part.map_or_else(|| gateway.allows.clone(), |part| part.says.clone());
            card.part_of = part.map(|_| gateway.provision.to_string());
            card.public_interest_test = Some(false);
            card.confirm_or_deny = Some(gateway.confirm_or_deny.clone());
            card.tests.clone_from(&gateway.needs);
            card.tests.push(format!(
                "a notice under {} within the time for answering",
                gateway.notice
            ));
            card.decided_by = Some(gateway.decided_by.clone());
            card.parts = gateway
                .parts
                .iter()
                .filter(|part| part.provision.is_within(provision) && part.provision != *provision)
                .map(|part| (part.provision.to_string(), part.says.clone()))
                .collect();
            card.verified = gateway.verified;
            card.source.clone_from(&gateway.source);
        }
        Entry::Exemption(exemption, role) => of_exemption(&mut card, exemption, role, provision),
    }
    Some(card)
}

fn of_exemption(card: &mut Card, exemption: &Exemption, role: Role<'_>, provision: &Provision) {
    card.name.clone_from(&exemption.name);
    (card.kind, card.says) = match role {
        Role::Above if exemption.provision == *provision => {
            ("exemption", exemption.protects.clone())
        }
        Role::Above => ("subsection of an exemption", exemption.protects.clone()),
        Role::Limb(limb) => ("exemption, to the paragraph", limb.protects.clone()),
        Role::ConfirmOrDeny => (
            "exclusion of the duty to confirm or deny",
            format!(
                "the duty to say whether the information is held falls away; it protects {}",
                exemption.protects
            ),
        ),
        Role::Purpose(purpose) => (
            "purpose that a limb needs",
            format!("{}; it exempts nothing by itself", purpose.protects),
        ),
        Role::Part(part) => (
            "part of an exemption",
            format!("{}; it exempts nothing by itself", part.says),
        ),
    };
    if exemption.provision != *provision {
        card.part_of = Some(exemption.provision.to_string());
    }
    let weighed = exemption.requires_public_interest_test(provision);
    let absolute = exemption.is_absolute(provision);
    card.effect = Some(match (absolute, weighed) {
        (true, _) => "absolute",
        (false, true) => "qualified",
        (false, false) => "absolute in part: name the paragraph",
    });
    card.public_interest_test = (absolute || weighed).then_some(weighed);
    let basis = exemption.basis_of(provision);
    card.basis = Some(basis.to_string());
    let confirming = matches!(role, Role::ConfirmOrDeny);
    card.confirm_or_deny_provisions = exemption
        .confirm_or_deny
        .iter()
        .map(ToString::to_string)
        .collect();
    card.confirm_or_deny = Some(if exemption.confirm_or_deny.is_empty() {
        "it doesn't lift the duty to confirm or deny: say whether the information is held"
            .to_owned()
    } else {
        format!(
            "{} lifts the duty to confirm or deny where a yes or a no would itself do the harm",
            card.confirm_or_deny_provisions.join(", ")
        )
    });
    if let Role::Above = role
        && exemption.needs_paragraph(provision)
    {
        card.tests
            .push("name the paragraph that is relied on, FOIA s.17(1)(b)".to_owned());
    }
    if basis.has_likelihood() {
        let harm = exemption
            .harm(provision)
            .unwrap_or_else(|| "do the harm that the paragraph names".to_owned());
        let doing = if confirming {
            "saying whether it is held"
        } else {
            "disclosure"
        };
        card.tests.push(format!(
            "how {doing} would, or would be likely to, {harm}: a causal link to a harm that is real and of substance, at one of the two levels"
        ));
    }
    if let Role::Limb(Limb {
        needs_purpose: true,
        ..
    }) = role
    {
        card.tests.push(format!(
            "the purpose that the function has: one of {}",
            exemption
                .purposes
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(", ")
        ));
    }
    if exemption.qualified_person {
        card.tests.push(
            "the reasonable opinion of the qualified person, given before it is relied on"
                .to_owned(),
        );
    }
    if weighed {
        card.tests.push(if confirming {
            "the public interest in not saying whether it is held outweighs that in saying so, FOIA s.2(1)(b)".to_owned()
        } else {
            "the public interest in maintaining the exemption outweighs that in disclosure, FOIA s.2(2)(b)".to_owned()
        });
    }
    card.tests.extend(exemption.needs.iter().cloned());
    card.decided_by = Some(exemption.decided_by.clone());
    card.open_to.clone_from(&exemption.open_to);
    card.not_with = exemption.not_with.iter().map(ToString::to_string).collect();
    let within = |known: &Provision| known.is_within(provision) && known != provision;
    card.parts = exemption
        .limbs
        .iter()
        .chain(&exemption.purposes)
        .map(|limb| (&limb.provision, limb.protects.as_str()))
        .chain(
            exemption
                .confirm_or_deny
                .iter()
                .map(|known| (known, "lifts the duty to confirm or deny")),
        )
        .chain(
            exemption
                .parts
                .iter()
                .map(|part| (&part.provision, part.says.as_str())),
        )
        .filter(|(known, _)| within(known))
        .map(|(known, says)| (known.to_string(), says.to_owned()))
        .collect();
    card.verified = exemption.verified;
    card.source.clone_from(&exemption.source);
}

/// The JSON contract of `candour law`.
fn object(card: &Card) -> Value {
    json!({
        "provision": card.provision,
        "in_words": card.in_words,
        "kind": card.kind,
        "name": card.name,
        "says": card.says,
        "part_of": card.part_of,
        "basis": card.basis,
        "effect": card.effect,
        "public_interest_test": card.public_interest_test,
        "confirm_or_deny": card.confirm_or_deny,
        "confirm_or_deny_provisions": card.confirm_or_deny_provisions,
        "tests": card.tests,
        "decided_by": card.decided_by,
        "open_to": card.open_to,
        "not_with": card.not_with,
        "parts": card.parts.iter().map(|(provision, says)| json!({"provision": provision, "says": says})).collect::<Vec<_>>(),
        "verified": card.verified,
        "source": card.source,
    })
}

fn list(out: &mut dyn Write, format: Format, cards: &[Card]) -> std::io::Result<()> {
    if format == Format::Json {
        let all: Value = cards.iter().map(object).collect();
        return writeln!(out, "{all:#}");
    }
    for card in cards {
        let mark = if card.verified { ' ' } else { '?' };
        let effect = card.effect.unwrap_or(card.kind);
        // A provision that several entries share is told apart by what they say.
        let shared = cards
            .iter()
            .filter(|other| other.provision == card.provision)
            .count()
            > 1;
        let says = if card.part_of.is_some() || shared {
            &card.says
        } else {
            &card.name
        };
        writeln!(out, "{:<22} {mark} {says} ({effect})", card.provision)?;
    }
    writeln!(
        out,
        "? the text was not read for this entry; have a lawyer check it"
    )
}

fn print(out: &mut dyn Write, card: &Card) -> std::io::Result<()> {
    writeln!(out, "{}  {}", card.provision, card.name)?;
    let mut line = |label: &str, words: &str| wrapped(out, label, 20, words);
    line("In words", &card.in_words)?;
    line(
        "Kind",
        &card.part_of.as_ref().map_or_else(
            || card.kind.to_owned(),
            |whole| format!("{}, of {whole}", card.kind),
        ),
    )?;
    let says = if card.basis.is_some() {
        "Protects"
    } else {
        "Says"
    };
    line(says, &card.says)?;
    if let (Some(effect), Some(basis)) = (card.effect, &card.basis) {
        line("Effect", &format!("{effect}; engaged by {basis}"))?;
    }
    if let Some(open_to) = &card.open_to {
        line("Open to", open_to)?;
    }
    if let Some(confirm) = &card.confirm_or_deny {
        line("Confirm or deny", confirm)?;
    }
    for (index, test) in card.tests.iter().enumerate() {
        line(if index == 0 { "Tests" } else { "" }, &format!("– {test}"))?;
    }
    if !card.not_with.is_empty() {
        line(
            "Not with",
            &format!("{} for the same information", card.not_with.join(", ")),
        )?;
    }
    if let Some(decided_by) = &card.decided_by {
        line("Who decides", decided_by)?;
    }
    for (index, (provision, says)) in card.parts.iter().enumerate() {
        line(
            if index == 0 { "Parts" } else { "" },
            &format!("{provision}  {says}"),
        )?;
    }
    let read = if card.verified {
        "the text was read for this entry"
    } else {
        "the text was not read for this entry; have a lawyer check it"
    };
    line("Source", &format!("{} ({read})", card.source))
}
