//! Worked deadlines, exhaustive dates, and every form of citation.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a failed expectation is the test's way to speak"
)]

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use law::{Calendar, Provision, Statute, WorkingDays, find_citations};

const HOLIDAYS: &str = include_str!("../../../data/law/bank-holidays.csv");

fn calendar() -> Calendar {
    Calendar::parse(HOLIDAYS).unwrap()
}

#[test]
fn worked_deadlines_agree_on_day_20_and_day_40() {
    let calendar = calendar();
    let mut rows = 0;
    for line in include_str!("working-day-examples.csv").lines().skip(1) {
        let fields: Vec<&str> = line.splitn(8, ',').collect();
        let date = |field: &str| field.parse::<Date>().unwrap();
        let received = date(fields[0]);
        assert_eq!(
            calendar
                .nth_working_day_after(received, WorkingDays(20))
                .unwrap(),
            date(fields[2]),
            "{line}"
        );
        assert_eq!(
            calendar
                .nth_working_day_after(received, WorkingDays(40))
                .unwrap(),
            date(fields[6]),
            "{line}"
        );
        rows += 1;
    }
    assert_eq!(rows, 60);
}

/// An oracle that shares nothing with the calendar: it looks the day up in the raw file.
fn counts(date: Date, raw: &std::collections::HashSet<&str>) -> bool {
    !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
        && !raw.contains(date.to_string().as_str())
}

#[test]
fn every_date_of_receipt_agrees_with_a_walk_day_by_day() {
    let calendar = calendar();
    let raw: std::collections::HashSet<&str> = HOLIDAYS
        .lines()
        .filter_map(|line| line.split(',').next())
        .collect();
    let mut received = calendar.first();
    let mut seen = 0;
    while received <= calendar.up_to() {
        let mut expected = std::collections::HashMap::new();
        let (mut date, mut count) = (received, 0_u32);
        while count < 60 {
            date = date.checked_add(1.day()).unwrap();
            if date > calendar.up_to() {
                break;
            }
            if counts(date, &raw) {
                count += 1;
                expected.insert(count, date);
            }
        }
        for n in [20, 40, 60] {
            assert_eq!(
                calendar
                    .nth_working_day_after(received, WorkingDays(n))
                    .ok(),
                expected.get(&n).copied(),
                "{n} working days after {received}"
            );
        }
        received = received.checked_add(1.day()).unwrap();
        seen += 1;
    }
    assert!(seen > 8_000);
}

#[test]
fn another_bank_holiday_never_brings_a_date_forward() {
    let before = calendar();
    let after = Calendar::parse(&format!(
        "{HOLIDAYS}2026-09-16,scotland,Invented Day,test,past\n"
    ))
    .unwrap();
    let mut received: Date = "2026-06-01".parse().unwrap();
    while received < "2026-11-01".parse().unwrap() {
        let due = |calendar: &Calendar| {
            calendar
                .nth_working_day_after(received, WorkingDays(20))
                .unwrap()
        };
        assert!(due(&after) >= due(&before), "{received}");
        received = received.checked_add(1.day()).unwrap();
    }
}

#[test]
fn a_date_beyond_the_data_is_refused_and_says_so() {
    let calendar = calendar();
    let error = calendar
        .nth_working_day_after("2028-12-20".parse().unwrap(), WorkingDays(20))
        .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("covers 2005-01-01 to 2028-12-31"),
        "{error}"
    );
    assert!(calendar.status("2004-12-31".parse().unwrap()).is_err());
}

#[test]
fn bad_rows_are_all_reported_with_their_places() {
    let text = "date,jurisdiction,name,source,status\n2026-13-01,scotland,A,x,past\n2026-01-01,wessex,B,x,past\nshort\n2026-01-02,scotland,C,,past\n2026-01-02,scotland,D,x,soon\n";
    let problems = Calendar::parse(text).unwrap_err();
    let codes: Vec<_> = problems.iter().map(|problem| problem.code).collect();
    assert_eq!(
        codes,
        [
            "calendar.bad_date",
            "calendar.unknown_jurisdiction",
            "calendar.short_row",
            "calendar.no_source",
            "calendar.unknown_status",
        ]
    );
    assert!(
        problems[1]
            .locate("b.csv", text)
            .starts_with("b.csv:3:1: calendar.unknown_jurisdiction")
    );
}

#[test]
fn citations_are_read_in_every_form_that_officers_write() {
    for (text, expected) in [
        ("Section 31(1)(a)", "FOIA s.31(1)(a)"),
        ("s31 (3)", "FOIA s.31(3)"),
        ("S.40(2)", "FOIA s.40(2)"),
        ("s. 31(1) (a) applies", "FOIA s.31(1)(a)"),
        (
            "Sections 30 and 31(1)(a)-(c)",
            "FOIA s.30 FOIA s.31(1)(a) FOIA s.31(1)(b) FOIA s.31(1)(c)",
        ),
        (
            "sections 31(1)(a) to (c)",
            "FOIA s.31(1)(a) FOIA s.31(1)(b) FOIA s.31(1)(c)",
        ),
        ("ss.24, 31 and 36", "FOIA s.24 FOIA s.31 FOIA s.36"),
        ("section 36(2)(b)(ii)", "FOIA s.36(2)(b)(ii)"),
        ("section 22A(1) of the Act", "FOIA s.22A(1)"),
        ("section 40(5B)(a)(i)", "FOIA s.40(5B)(a)(i)"),
        (
            "section 31(1)(a) and (b)",
            "FOIA s.31(1)(a) FOIA s.31(1)(b)",
        ),
        (
            "section 31(1)(a) and section 31(3)",
            "FOIA s.31(1)(a) FOIA s.31(3)",
        ),
        (
            "Section 21 of the Freedom of Information Act 2000",
            "FOIA s.21",
        ),
        ("reg 12(5)(b)", "EIR reg.12(5)(b)"),
        ("Regulation 12(4)(d) of the EIR", "EIR reg.12(4)(d)"),
        ("FOIA s.10(6)", "FOIA s.10(6)"),
        ("sec. 31(1)(a)", "FOIA s.31(1)(a)"),
        ("Section 31(1)(a)(b)", "FOIA s.31(1)(a) FOIA s.31(1)(b)"),
        ("Section 30(1)(a)(i)", "FOIA s.30(1)(a)(i)"),
        ("section 40(2)(3A)(a)", "FOIA s.40(2) FOIA s.40(3A)(a)"),
        ("s.40(2) & (3A)", "FOIA s.40(2) FOIA s.40(3A)"),
        ("section 40(5b)", "FOIA s.40(5B)"),
        ("section 31(1)a of the Act", "FOIA s.31(1)(a)"),
        ("s31(1a)", "FOIA s.31(1)(a)"),
        (
            "section 31(3) of that Act, because of section 31(1)(a)",
            "FOIA s.31(3) FOIA s.31(1)(a)",
        ),
        ("section 8 of that Order Act 1990", ""),
        (
            "section 21(1) of  the\nFreedom of\nInformation Act 2000",
            "FOIA s.21(1)",
        ),
        ("section 8 of the\nData Protection Act 2018", ""),
        ("section 32 1(a)", "FOIA s.32(1)(a)"),
        ("Section 40,2", "FOIA s.40(2)"),
        ("sections 21,22 and 23", "FOIA s.21 FOIA s.22 FOIA s.23"),
        ("section 31.1(a)", "FOIA s.31(1)(a)"),
        ("s40 (2)/(3A)(a)", "FOIA s.40(2) FOIA s.40(3A)(a)"),
        (
            "sections 31(1)(a), (b) and (c)",
            "FOIA s.31(1)(a) FOIA s.31(1)(b) FOIA s.31(1)(c)",
        ),
        (
            "section 36(2)(b)(i) and (ii)",
            "FOIA s.36(2)(b)(i) FOIA s.36(2)(b)(ii)",
        ),
        ("section 40(2) and 12 laptops", "FOIA s.40(2)"),
        ("section 31(1)\n(a) of the Act", "FOIA s.31(1)(a)"),
        (
            "section 12(1)\n(a) determining whether it is held",
            "FOIA s.12(1)",
        ),
        (
            "sections 40(2), 43 and 12 apply",
            "FOIA s.40(2) FOIA s.43 FOIA s.12",
        ),
        ("section 8 of the Data Protection Act 2018", ""),
        ("section 1 of the Computer Misuse Act 1990", ""),
        ("section 17 of the Localism Act 2011", ""),
        ("our s.151 officer", ""),
        ("the classes 31 and 32", ""),
        ("sections of 31 roads", ""),
        ("questions 3 and 4", ""),
        ("section 31.5", ""),
        ("costs 31(3)", ""),
    ] {
        let found: Vec<String> = find_citations(text)
            .iter()
            .map(|citation| citation.provision.to_string())
            .collect();
        assert_eq!(found.join(" "), expected, "{text}");
        for citation in find_citations(text) {
            assert!(text.get(citation.span).is_some());
        }
    }
}

#[test]
fn in_a_notice_brackets_show_a_provision_without_the_word_section() {
    for (text, expected) in [
        ("exempt under 31(1)(a)", "FOIA s.31(1)(a)"),
        ("Exemptions: 40(2), 43(2)", "FOIA s.40(2) FOIA s.43(2)"),
        ("section 31(1)(a) and 40(2)", "FOIA s.31(1)(a) FOIA s.40(2)"),
        (
            "we take that line at 30(3), and at 40(5B)",
            "FOIA s.30(3) FOIA s.40(5B)",
        ),
        ("section 30 together with 22A(1)", "FOIA s.30 FOIA s.22A(1)"),
        ("question 31(1) and regulation 12(4)(b)", "EIR reg.12(4)(b)"),
        ("paragraph 21(3), page 40(2)", ""),
        ("0303 123 1113 (21(2) lines)", ""),
        ("£31(1), 2031(1), 131(1)", ""),
        ("45(1) and 10(3)", ""),
        ("31 (see below)", ""),
    ] {
        let found: Vec<String> = law::find_bare_citations(text)
            .iter()
            .map(|citation| citation.provision.to_string())
            .collect();
        assert_eq!(found.join(" "), expected, "{text}");
    }
}

#[test]
fn a_provision_prints_as_it_is_read() {
    for text in [
        "FOIA s.31(1)(a)",
        "FOIA s.22A(2)",
        "EIR reg.12(5)(b)",
        "FOIA s.36(2)(b)(i)",
    ] {
        assert_eq!(text.parse::<Provision>().unwrap().to_string(), text);
    }
    for text in [
        "",
        "31(1)(a)",
        "section",
        "section 30 and 31",
        "FOIA s.31(1)(a) applies",
    ] {
        assert!(text.parse::<Provision>().is_err(), "{text}");
    }
}

#[test]
fn the_act_loads_and_knows_its_exemptions() {
    let act = Statute::parse(include_str!("../../../data/law/foia.toml")).unwrap();
    assert_eq!(act.exemptions().len(), 24);
    let test = |text: &str| {
        let provision: Provision = text.parse().unwrap();
        act.exemption(&provision)
            .unwrap()
            .requires_public_interest_test(&provision)
    };
    assert!(
        test("FOIA s.31(1)(a)")
            && test("FOIA s.43(2)")
            && test("FOIA s.40(3B)")
            && test("FOIA s.37(1)(b)")
    );
    assert!(
        !test("FOIA s.21")
            && !test("FOIA s.40(2)")
            && !test("FOIA s.41")
            && !test("FOIA s.37(1)(a)")
    );
    assert!(act.exemption(&"FOIA s.25".parse().unwrap()).is_none());
    let law_enforcement = act.exemption(&"FOIA s.31".parse().unwrap()).unwrap();
    assert!(law_enforcement.has_limb(&"FOIA s.31(1)(i)".parse().unwrap()));
    assert!(!law_enforcement.has_limb(&"FOIA s.31(1)(j)".parse().unwrap()));
}
