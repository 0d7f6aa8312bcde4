//! Whether a register may be published as it stands: what the Transparency Code asks for, and what it must not give away.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;

use crate::register::contract::{Contract, Field, Pence};
use crate::register::identifier;
use crate::register::problem::Severity;
use crate::register::quarter::Quarter;
use crate::register::supplier::has_postcode;
use crate::register::words::folded;

/// The Code asks for contracts of more than this: "exceeds £5,000".
const THRESHOLD: Pence = Pence(500_000);

/// One thing that the check found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// A stable identifier, "no-review".
    pub code: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// The contract's reference; none for the register as a whole.
    pub reference: Option<String>,
    /// The contract's title.
    pub title: Option<String>,
    /// The field.
    pub field: Option<Field>,
    /// What is wrong and how to mend it.
    pub message: String,
}

/// The ten fields of the Code, Part 2: each with the place of its absence.
const REQUIRED: [(Field, &str, Severity, &str); 10] = [
    (
        Field::Reference,
        "no-reference",
        Severity::Error,
        "the Code asks for a reference number",
    ),
    (
        Field::Title,
        "no-title",
        Severity::Error,
        "the Code asks for the title of the agreement",
    ),
    (
        Field::Department,
        "no-department",
        Severity::Warning,
        "the Code asks which department is responsible",
    ),
    (
        Field::Description,
        "no-description",
        Severity::Warning,
        "the Code asks for a description of the goods or services",
    ),
    (
        Field::SupplierName,
        "no-supplier",
        Severity::Error,
        "the Code asks for the supplier's name",
    ),
    (
        Field::Start,
        "no-start",
        Severity::Error,
        "the Code asks for the start date",
    ),
    (
        Field::Review,
        "no-review",
        Severity::Warning,
        "the Code asks for a review date",
    ),
    (
        Field::Process,
        "no-process",
        Severity::Warning,
        "the Code asks whether there was an invitation to quote or a published invitation to tender",
    ),
    (
        Field::IsSme,
        "no-sme",
        Severity::Warning,
        "the Code asks whether the supplier is a small or medium-sized enterprise",
    ),
    (
        Field::IsVcse,
        "no-vcse",
        Severity::Warning,
        "the Code asks whether the supplier is a voluntary or community sector organisation",
    ),
];

/// Checks every contract and the register as a whole, as at a day.
///
/// `published` is the last quarter that was published, if any.
#[must_use]
pub fn check(contracts: &[Contract], as_at: Date, published: Option<Quarter>) -> Vec<Finding> {
    let mut findings = Vec::new();
    whole(contracts, as_at, published, &mut findings);
    let mut references: BTreeMap<&str, usize> = BTreeMap::new();
    for contract in contracts {
        let mut add = |code, severity, field: Field, message: String| {
            findings.push(Finding {
                code,
                severity,
                reference: contract.reference.clone(),
                title: contract.title.clone(),
                field: Some(field),
                message,
            });
        };
        code_fields(contract, &mut add);
        dates(contract, as_at, &mut add);
        identifiers(contract, &mut add);
        personal_data(contract, &mut add);
        if let Some(reference) = &contract.reference {
            let count = references.entry(reference).or_insert(0);
            *count = count.saturating_add(1);
            if *count == 2 {
                add(
                    "reference-not-unique",
                    Severity::Error,
                    Field::Reference,
                    "another contract has this reference; give each contract or lot its own"
                        .to_owned(),
                );
            }
        }
    }
    findings
}

fn whole(
    contracts: &[Contract],
    as_at: Date,
    published: Option<Quarter>,
    findings: &mut Vec<Finding>,
) {
    let mut add = |code, severity, field, message| {
        findings.push(Finding {
            code,
            severity,
            reference: None,
            title: None,
            field,
            message,
        });
    };
    let over = Quarter::last_over(as_at);
    if published.is_none_or(|published| published < over) {
        let due = over.publish_by();
        let (severity, word) = if as_at > due {
            (Severity::Error, "was")
        } else {
            (Severity::Info, "is")
        };
        add(
            "stale-quarter",
            severity,
            None,
            format!(
                "the register of {} ({over}) {word} due by {}, a month after the quarter's end, and isn't published; run `candour register publish {over}`",
                over.in_words(),
                due.strftime("%-d %B %Y")
            ),
        );
    }
    if !contracts.is_empty()
        && contracts
            .iter()
            .all(|contract| contract.details.irrecoverable_vat.is_none())
    {
        add(
            "no-irrecoverable-vat",
            Severity::Warning,
            Some(Field::IrrecoverableVat),
            "no contract says what VAT can't be recovered; the Code asks for it: write 0 where all is recovered".to_owned(),
        );
    }
}

fn code_fields(contract: &Contract, add: &mut impl FnMut(&'static str, Severity, Field, String)) {
    for (field, code, severity, message) in REQUIRED {
        if contract.said(field).is_none() {
            add(code, severity, field, message.to_owned());
        }
    }
    match contract.value {
        None => add(
            "no-value",
            Severity::Error,
            Field::Value,
            "the Code asks for the sum over the contract's length, or the estimated annual spending".to_owned(),
        ),
        // Over several years a yearly estimate may pass the threshold, so only a total tells.
        Some(value) if value <= THRESHOLD && contract.said(Field::Value).is_some() => add(
            "below-threshold",
            Severity::Info,
            Field::Value,
            "the Code asks for contracts of more than £5,000; this one needn't be published".to_owned(),
        ),
        Some(_) => {}
    }
    if contract.end.is_none() && !contract.details.open_ended {
        add(
            "no-end",
            Severity::Error,
            Field::End,
            "the Code asks for the end date; write “Open-ended” if there is none".to_owned(),
        );
    }
    let small = contract.is_sme == Some(true) || contract.is_vcse == Some(true);
    let details = &contract.details;
    if small
        && details.company_number.is_none()
        && details.charity_number.is_none()
        && details.registration_number.is_none()
    {
        add(
            "no-registration-number",
            Severity::Warning,
            Field::RegistrationNumber,
            "the Code asks for the registration number of a small or voluntary supplier".to_owned(),
        );
    }
}

fn dates(
    contract: &Contract,
    as_at: Date,
    add: &mut impl FnMut(&'static str, Severity, Field, String),
) {
    let on = |date: Date| date.strftime("%-d %B %Y");
    if let (Some(start), Some(end)) = (contract.start, contract.end)
        && end < start
    {
        add(
            "end-before-start",
            Severity::Error,
            Field::End,
            format!(
                "ends on {}, before it starts on {}; correct one of them",
                on(end),
                on(start)
            ),
        );
    }
    if let (Some(review), Some(start)) = (contract.review, contract.start)
        && review < start
    {
        add(
            "review-before-start",
            Severity::Warning,
            Field::Review,
            format!(
                "is reviewed on {}, before it starts on {}; correct one of them",
                on(review),
                on(start)
            ),
        );
    }
    if let (Some(review), Some(end)) = (contract.review, contract.end)
        && review > end
    {
        add(
            "review-after-end",
            Severity::Warning,
            Field::Review,
            format!(
                "is reviewed on {}, after it ends on {}; correct one of them",
                on(review),
                on(end)
            ),
        );
    }
    let Some(end) = contract.end else { return };
    let soon = as_at.checked_add(6.months()).unwrap_or(Date::MAX);
    if end < as_at {
        add(
            "expired",
            Severity::Warning,
            Field::End,
            format!(
                "ended on {}; take it out, or write the end of its extension",
                on(end)
            ),
        );
    } else if end <= soon {
        add(
            "expiring",
            Severity::Info,
            Field::End,
            format!(
                "ends on {}, within six months; what follows it will be asked about",
                on(end)
            ),
        );
    }
}

fn identifiers(contract: &Contract, add: &mut impl FnMut(&'static str, Severity, Field, String)) {
    let details = &contract.details;
    let mut wrong = |field, number: &str, why: Option<&str>| {
        if let Some(why) = why {
            add(
                "identifier-unsound",
                Severity::Warning,
                field,
                format!("`{number}` {why}"),
            );
        }
    };
    if let Some(number) = &details.company_number {
        wrong(
            Field::CompanyNumber,
            number,
            identifier::company_number(number),
        );
    }
    if let Some(number) = &details.charity_number {
        wrong(
            Field::CharityNumber,
            number,
            identifier::charity_number(number),
        );
    }
    if let Some(number) = &details.registration_number {
        wrong(
            Field::RegistrationNumber,
            number,
            identifier::check_digits(number),
        );
    }
}

/// Endings of names that no person has.
const INCORPORATED: [&str; 30] = [
    "ltd",
    "limited",
    "plc",
    "llp",
    "lp",
    "cic",
    "cio",
    "inc",
    "group",
    "council",
    "trust",
    "university",
    "college",
    "association",
    "society",
    "partnership",
    "services",
    "solutions",
    "systems",
    "software",
    "partners",
    "company",
    "co",
    "charity",
    "foundation",
    "nhs",
    "school",
    "gmbh",
    "bv",
    "authority",
];

/// Whether a supplier's name has nothing of a company's, so that its address may be somebody's home.
#[must_use]
pub fn may_be_a_person(name: &str) -> bool {
    !folded(name)
        .split(|c: char| !c.is_alphanumeric())
        .any(|word| INCORPORATED.contains(&word))
}

fn personal_data(contract: &Contract, add: &mut impl FnMut(&'static str, Severity, Field, String)) {
    for name in contract.suppliers() {
        let address = contract.details.supplier_address.as_deref();
        if may_be_a_person(name) && (address.is_some() || has_postcode(name) || has_street(name)) {
            add(
                "sole-trader-address",
                Severity::Error,
                Field::SupplierAddress,
                format!(
                    "“{name}” may trade from home: publish the name, not the address (FOIA s.40(2))"
                ),
            );
        }
    }
    for (field, text) in [
        (Field::Title, &contract.title),
        (Field::Description, &contract.description),
        (Field::SupplierName, &contract.supplier_name),
        (Field::Department, &contract.department),
        (Field::Extension, &contract.extension),
    ] {
        let Some(text) = text else { continue };
        for (is_name, what) in persons_in(text) {
            // The name under which somebody trades is no secret; the Code asks for it.
            if is_name && field == Field::SupplierName {
                continue;
            }
            add(
                "personal-data",
                Severity::Error,
                field,
                format!("{what}: take it out before this is published (FOIA s.40(2))"),
            );
        }
    }
}

/// Titles before a person's name.
const TITLES: [&str; 8] = ["Mr", "Mrs", "Ms", "Miss", "Mx", "Dr", "Cllr", "Prof"];

/// What a person does for the contract, before or after whose name stands: "contract manager Jane Bloggs". Bare "contact"
/// is no role: a "Contact Centre" is nobody.
const ROLES: [&str; 11] = [
    "manager",
    "officer",
    "lead",
    "owner",
    "director",
    "head",
    "administrator",
    "coordinator",
    "buyer",
    "attn",
    "attention",
];

/// Everything in a text that points to a person, each thing once, and whether it is a name.
fn persons_in(text: &str) -> Vec<(bool, String)> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let is_name = |word: &str| {
        let bare = bare(word);
        bare.chars().next().is_some_and(char::is_uppercase)
            && bare
                .chars()
                .all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’'))
    };
    let mut found = Vec::new();
    for word in &words {
        if word
            .split_once('@')
            .is_some_and(|(before, after)| !before.is_empty() && after.contains('.'))
        {
            found.push((
                false,
                format!(
                    "an e-mail address, {}",
                    word.trim_matches(|c: char| !c.is_alphanumeric())
                ),
            ));
        }
    }
    for (at, word) in words.iter().enumerate() {
        let after = words.get(at.saturating_add(1)..).unwrap_or(&[]);
        // A name ends where its mark does: "Mrs J. Hawthorn, Wick".
        let mut name: Vec<String> = Vec::new();
        for word in after.iter().take(3).take_while(|word| is_name(word)) {
            name.push(bare(word));
            if word.ends_with([',', ';', ':', ')']) || word.ends_with('.') && bare(word).len() > 2 {
                break;
            }
        }
        let role = bare(word).to_lowercase();
        let title = bare(word);
        if TITLES.contains(&title.as_str()) && !name.is_empty() {
            found.push((
                true,
                format!("a person's name, “{title} {}”", name.join(" ")),
            ));
        } else if ROLES.contains(&role.as_str())
            && name.len() == 2
            && name
                .iter()
                .all(|part| part.chars().skip(1).any(char::is_lowercase))
            // "Manager Support Services" says what is bought: a name stands after a mark, or after a role in small letters.
            && (word.ends_with([':', ',', '(', '-']) || title.starts_with(char::is_lowercase))
        {
            found.push((true, format!("a person's name, “{}”", name.join(" "))));
        }
    }
    if has_telephone(text) {
        found.push((false, "a telephone number".to_owned()));
    }
    found.dedup();
    found
}

/// Whether a text holds a house and its street: "3 Lane End", "14 Elm Close".
fn has_street(text: &str) -> bool {
    const STREETS: [&str; 15] = [
        "road", "rd", "street", "lane", "close", "avenue", "ave", "drive", "court", "crescent",
        "gardens", "terrace", "grove", "cottage", "farm",
    ];
    let text = folded(text);
    let words: Vec<&str> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    words.iter().enumerate().any(|(at, word)| {
        let is_house = word.starts_with(|c: char| c.is_ascii_digit())
            && word.trim_end_matches(|c: char| c.is_alphabetic()).len() <= 4;
        is_house
            && words
                .iter()
                .skip(at.saturating_add(1))
                .take(3)
                .any(|word| STREETS.contains(word))
    })
}

/// Whether a text holds a telephone number: 0, or +44, and nine or ten more digits with spaces between.
fn has_telephone(text: &str) -> bool {
    let text = text.replace("+44", "0");
    let mut digits = 0usize;
    let mut starts = false;
    for character in text.chars().chain(std::iter::once('x')) {
        match character {
            '0' if digits == 0 => {
                digits = 1;
                starts = true;
            }
            digit if digit.is_ascii_digit() => digits = digits.saturating_add(1),
            ' ' | '-' | '(' | ')' if digits > 0 => {}
            _ => {
                if starts && matches!(digits, 10 | 11) {
                    return true;
                }
                digits = 0;
                starts = false;
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::register::contract::{Process, Source, ValueBasis};

    fn sound() -> Contract {
        let mut contract = Contract {
            reference: Some("1".to_owned()),
            title: Some("Salt".to_owned()),
            department: Some("Place".to_owned()),
            description: Some("Rock salt".to_owned()),
            supplier_name: Some("Gritstone Ltd".to_owned()),
            value: Some(Pence(1_000_000)),
            value_basis: Some(ValueBasis::Total),
            start: Some(jiff::civil::date(2025, 4, 1)),
            end: Some(jiff::civil::date(2028, 3, 31)),
            review: Some(jiff::civil::date(2027, 9, 30)),
            process: Some(Process::Quote),
            is_sme: Some(false),
            is_vcse: Some(false),
            ..Contract::empty(Source {
                sheet: None,
                row: 2,
                line: None,
            })
        };
        contract.details.irrecoverable_vat = Some(Pence(0));
        contract
    }

    fn codes(change: impl Fn(&mut Contract)) -> Vec<&'static str> {
        let mut contract = sound();
        change(&mut contract);
        check(
            &[contract],
            jiff::civil::date(2026, 11, 27),
            "2026-Q3".parse().ok(),
        )
        .iter()
        .map(|finding| finding.code)
        .collect()
    }

    #[test]
    fn each_fault_is_found_and_a_sound_contract_has_none() {
        assert!(codes(|_| {}).is_empty());
        let date = jiff::civil::date;
        type Fault = (&'static str, fn(&mut Contract));
        let faults: [Fault; 20] = [
            ("no-reference", |c| c.reference = None),
            ("no-department", |c| c.department = None),
            ("no-description", |c| c.description = None),
            ("no-supplier", |c| c.supplier_name = None),
            ("no-value", |c| (c.value, c.value_basis) = (None, None)),
            ("no-end", |c| c.end = None),
            ("no-process", |c| c.process = None),
            ("no-sme", |c| c.is_sme = None),
            ("no-registration-number", |c| c.is_sme = Some(true)),
            ("below-threshold", |c| c.value = Some(Pence(500_000))),
            ("identifier-unsound", |c| {
                c.details.company_number = Some("1234567".to_owned())
            }),
            ("personal-data", |c| {
                c.description = Some("Contact Ms Amina Yusuf".to_owned())
            }),
            ("personal-data", |c| {
                c.title = Some("Salt, ask a.yusuf@harrowmere.example.gov.uk".to_owned())
            }),
            ("personal-data", |c| {
                c.description = Some("Ring 01632 960 001".to_owned())
            }),
            ("personal-data", |c| {
                c.description = Some("Cleaning (contract manager: Jane Bloggs)".to_owned())
            }),
            ("sole-trader-address", |c| {
                c.supplier_name = Some("Mrs J Hawthorn, 3 Lane End, Wick".to_owned())
            }),
            ("no-vcse", |c| c.is_vcse = None),
            ("no-irrecoverable-vat", |c| {
                c.details.irrecoverable_vat = None
            }),
            ("no-start", |c| c.start = None),
            ("no-review", |c| c.review = None),
        ];
        for (code, fault) in faults {
            assert_eq!(codes(fault), [code]);
        }
        assert_eq!(
            codes(|c| c.end = Some(date(2026, 11, 26))),
            ["review-after-end", "expired"]
        );
        assert_eq!(
            codes(|c| (c.end, c.review) = (Some(date(2027, 1, 31)), Some(date(2026, 12, 1)))),
            ["expiring"]
        );
        assert_eq!(
            codes(|c| {
                c.supplier_name = Some("Jo Bloggs".to_owned());
                c.details.supplier_address = Some("1 Low Street".to_owned());
            }),
            ["sole-trader-address"]
        );
        // Every person and number is told, not the first alone; what is bought is no person.
        assert_eq!(
            codes(|c| {
                c.description = Some(
                    "Ring Dr Amina Yusuf on +44 1632 960001 or write to a.yusuf@harrowmere.example.gov.uk".to_owned(),
                );
            }),
            ["personal-data", "personal-data", "personal-data"]
        );
        assert!(
            codes(|c| c.description = Some("Case Manager Support Services".to_owned())).is_empty()
        );
        assert!(
            codes(|c| c.supplier_name = Some("Mr T. Quill t/a Quill Counselling".to_owned()))
                .is_empty()
        );
        // Just more than the threshold is published, and an open end is an end.
        assert!(codes(|c| c.value = Some(Pence(500_001))).is_empty());
        assert!(
            codes(|c| {
                c.end = None;
                c.details.open_ended = true
            })
            .is_empty()
        );
    }

    #[test]
    fn a_quarter_is_stale_after_a_month() {
        let day = jiff::civil::date;
        let stale = |today, published: Option<&str>| {
            check(
                &[],
                today,
                published.and_then(|quarter| quarter.parse().ok()),
            )
            .first()
            .map(|finding| finding.severity)
        };
        assert_eq!(
            stale(day(2026, 10, 31), Some("2026-Q2")),
            Some(Severity::Info)
        );
        assert_eq!(
            stale(day(2026, 11, 1), Some("2026-Q2")),
            Some(Severity::Error)
        );
        assert_eq!(stale(day(2026, 11, 1), Some("2026-Q3")), None);
        assert_eq!(stale(day(2026, 11, 1), None), Some(Severity::Error));
    }
}
