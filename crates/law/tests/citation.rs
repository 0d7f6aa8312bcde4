//! Every form of citation that officers write, and what only looks like one.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a failed expectation is the test's way to speak"
)]

use law::{Provision, find_citations};
use proptest::prelude::*;

fn check(rows: &[(&str, &str)]) {
    let mut wrong = Vec::new();
    for (text, expected) in rows {
        let found: Vec<String> = find_citations(text)
            .iter()
            .map(|citation| {
                assert!(text.get(citation.span.clone()).is_some(), "{text}");
                citation
                    .provision
                    .to_string()
                    .replace("FOIA s.", "")
                    .replace("EIR reg.", "EIR ")
            })
            .collect();
        let found = found.join(", ");
        if found != *expected {
            wrong.push(format!("{text}\n  expected {expected}\n  found    {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn one_provision_in_every_spelling() {
    check(&[
        ("Section 31(1)(a)", "31(1)(a)"),
        ("SECTION 31(1)(A)", "31(1)(a)"),
        ("section 31 (1) (a)", "31(1)(a)"),
        ("section 31(1) (a) applies", "31(1)(a)"),
        ("section 31( 1 )( a )", "31(1)(a)"),
        ("section 31[1][a]", "31(1)(a)"),
        ("section 31(1)a of the Act", "31(1)(a)"),
        ("section 31(1a)", "31(1)(a)"),
        ("section 40(5b)", "40(5B)"),
        ("section 40(3A)(a)", "40(3A)(a)"),
        ("section 40(5B)(a)(i)", "40(5B)(a)(i)"),
        ("s31 (3)", "31(3)"),
        ("S.40(2)", "40(2)"),
        ("s. 31(1) (a) applies", "31(1)(a)"),
        ("s 31(1)(a)", "31(1)(a)"),
        ("S31", "31"),
        ("Sec 31(1)(a)", "31(1)(a)"),
        ("Sec. 31", "31"),
        ("Sect. 43(2)", "43(2)"),
        ("§31(1)(a)", "31(1)(a)"),
        ("§ 31", "31"),
        ("section 22A(1) of the Act", "22A(1)"),
        ("section 22a of the Act", "22A"),
        ("section 36(2)(b)(ii)", "36(2)(b)(ii)"),
        ("section 36 (2) (b) (ii)", "36(2)(b)(ii)"),
        ("section 37(1)(ab)", "37(1)(ab)"),
        ("section\u{a0}31\u{a0}(1)", "31(1)"),
        ("section \u{200b}31(1)", "31(1)"),
        ("under section\n31(1)(a)", "31(1)(a)"),
        ("section 31, subsection (1)(a)", "31(1)(a)"),
        ("section 31 sub-section 1(a)", "31(1)(a)"),
        ("section 31 subsection 3 applies", "31(3)"),
        ("section 31(1), paragraph (a)", "31(1)(a)"),
        ("section 31(1) para (a)", "31(1)(a)"),
        ("subsection (1)(a) of section 31", "31(1)(a)"),
        ("paragraph (a) of s.31(1)", "31(1)(a)"),
        ("limb (b) of section 38(1)", "38(1)(b)"),
        ("the exemption 31(1)(a)", "31(1)(a)"),
        ("exemption 43, commercial interests", "43"),
        ("FOIA 31(1)(a)", "31(1)(a)"),
        ("FOI 40(2)", "40(2)"),
        ("(section 31)", "31"),
        ("Section 31: law enforcement", "31"),
        ("Section 31 – Law Enforcement", "31"),
        ("Section 21 of the Freedom of Information Act 2000", "21"),
        ("FOIA s.10(6)", "10(6)"),
        ("S12(1)", "12(1)"),
        ("the s.17(7) paragraph", "17(7)"),
        ("section 31(1)(a)of the Act", "31(1)(a)"),
        ("reg 12(5)(b)", "EIR 12(5)(b)"),
        ("Regulation 12(4)(d) of the EIR", "EIR 12(4)(d)"),
        ("regulation 12 (4) (b)", "EIR 12(4)(b)"),
        ("exception 12(5)(e)", "EIR 12(5)(e)"),
        ("EIR 12(4)(b)", "EIR 12(4)(b)"),
        ("EIR reg. 13", "EIR 13"),
    ]);
}

#[test]
fn several_provisions_at_once() {
    check(&[
        (
            "Sections 30 and 31(1)(a)-(c)",
            "30, 31(1)(a), 31(1)(b), 31(1)(c)",
        ),
        ("sections 31(1)(a) to (c)", "31(1)(a), 31(1)(b), 31(1)(c)"),
        ("section 31(1)(a-c)", "31(1)(a), 31(1)(b), 31(1)(c)"),
        ("section 31(1)(a–c)", "31(1)(a), 31(1)(b), 31(1)(c)"),
        ("section 31(1)(a, b and c)", "31(1)(a), 31(1)(b), 31(1)(c)"),
        ("section 31(1)(a)(b)", "31(1)(a), 31(1)(b)"),
        ("section 31(1)(a),(b),(g)", "31(1)(a), 31(1)(b), 31(1)(g)"),
        ("section 31(1)(a)/(b)", "31(1)(a), 31(1)(b)"),
        ("section 31(1)(a) & (b)", "31(1)(a), 31(1)(b)"),
        ("section 31(1)(a) and/or (b)", "31(1)(a), 31(1)(b)"),
        ("section 31(1)(a), (b) and (3)", "31(1)(a), 31(1)(b), 31(3)"),
        ("section 31(1)(a) and (b)", "31(1)(a), 31(1)(b)"),
        ("section 31(1)(h) and (i)", "31(1)(h), 31(1)(i)"),
        ("section 31(1)(a) and section 31(3)", "31(1)(a), 31(3)"),
        ("section 31(1)(a) and 31(3)", "31(1)(a), 31(3)"),
        ("section 36(2)(b)(i) and (ii)", "36(2)(b)(i), 36(2)(b)(ii)"),
        (
            "section 36(2)(b)(i), (ii) and (c)",
            "36(2)(b)(i), 36(2)(b)(ii), 36(2)(c)",
        ),
        ("section 36(2)(b)(i)-(ii)", "36(2)(b)(i), 36(2)(b)(ii)"),
        (
            "sections 36(2)(b)(i)&(ii) and 36(2)(c)",
            "36(2)(b)(i), 36(2)(b)(ii), 36(2)(c)",
        ),
        ("section 40(1) to (3)", "40(1), 40(2), 40(3)"),
        ("ss.24, 31 and 36", "24, 31, 36"),
        ("ss. 30-32 apply", "30, 31, 32"),
        (
            "sections 24, 31(1)(a), 40(2) and 43(2)",
            "24, 31(1)(a), 40(2), 43(2)",
        ),
        ("sections 40(2)/43(2)", "40(2), 43(2)"),
        ("sections 40 (2) and 43 (2)", "40(2), 43(2)"),
        ("sections 21, 22 or 43 of FOIA", "21, 22, 43"),
        ("section 31, and also 43(2)", "31, 43(2)"),
        (
            "subsections (1)(a) and (3) of section 31",
            "31(1)(a), 31(3)",
        ),
        ("Section 23(5) together with 24(2)", "23(5), 24(2)"),
        (
            "regulations 12(4)(b) and 12(5)(e)",
            "EIR 12(4)(b), EIR 12(5)(e)",
        ),
        (
            "section 43(2) FOIA and regulation 12(5)(e) EIR",
            "43(2), EIR 12(5)(e)",
        ),
        ("Section 1(1)(a) and (b)", "1(1)(a), 1(1)(b)"),
        ("section 40(2) of FOIA and section 8 of the DPA", "40(2)"),
        (
            "section 40(2) and section 170 of the Data Protection Act 2018",
            "40(2)",
        ),
        ("sections 21 to 44 hold exemptions", ""),
        ("the exemptions in sections 21-44", ""),
    ]);
}

#[test]
fn what_only_looks_like_a_citation() {
    check(&[
        ("section 8 of the Data Protection Act 2018", ""),
        ("section 1 of the Computer Misuse Act 1990", ""),
        ("section 17 of the Localism Act 2011", ""),
        ("section 17 Localism Act", ""),
        ("sections 44 and 45 of the Data Protection Act 2018", ""),
        (
            "section 45 and section 46 of the Data Protection Act 2018",
            "",
        ),
        ("s.9 of the Theft Act 1968", ""),
        ("Local Government Act 1972, section 100A", ""),
        ("the Data Protection Act 2018 s.45", ""),
        ("section 12 LGA 1972", ""),
        ("section 12 of the 1998 Act", ""),
        ("section 38 of FOISA", ""),
        ("FOISA s.38(1)(b)", ""),
        (
            "section 35(1)(a) of the Freedom of Information (Scotland) Act 2002",
            "",
        ),
        (
            "regulation 4(3) of the Freedom of Information and Data Protection (Appropriate Limit and Fees) Regulations 2004",
            "",
        ),
        (
            "regulation 5 of the Privacy and Electronic Communications Regulations",
            "",
        ),
        ("Regulation (EU) 2016/679", ""),
        ("Regulation 2016/679", ""),
        ("article 5(1)(f) of the UK GDPR", ""),
        ("our s.151 officer", ""),
        ("a section 21 notice from the landlord", ""),
        ("section 31 grant funding", ""),
        ("a section 38 agreement", ""),
        ("a section 106 agreement", ""),
        ("section 3 of the form", ""),
        ("section 12 of our ICT security policy", ""),
        ("section 4 of the tender documents", ""),
        ("sub-section 3", ""),
        ("cross-section 12", ""),
        ("AWS S3 buckets", ""),
        ("every S74 charge", ""),
        ("City Hall, Sheffield S10 2TN", ""),
        ("the classes 31 and 32", ""),
        ("sections of 31 roads", ""),
        ("questions 3 and 4", ""),
        ("section 31.5", ""),
        ("section 31st", ""),
        ("section 31%", ""),
        ("costs 31(3)", ""),
        ("the 1960s 31(3)", ""),
        ("no exemption 7 was given", ""),
        ("FOIA 2000", ""),
        ("FOI 31 was closed", ""),
        ("section 120 applies", ""),
        ("regulation 72 applies", ""),
        ("item 31(1)(a)", ""),
    ]);
}

#[test]
fn what_stands_near_a_citation_is_left_out_of_it() {
    check(&[
        ("Under section 31, 20 working days are allowed", "31"),
        ("section 31, 40 officers", "31"),
        ("under section 12 and 18 hours of work", "12"),
        ("section 40 (the Act) applies", "40"),
        ("section 40 (a) because it is personal", "40"),
        (
            "section 31(1)(a) in order to protect systems under the Computer Misuse Act 1990",
            "31(1)(a)",
        ),
        (
            "section 40(2) because disclosure would breach the Data Protection Act 2018",
            "40(2)",
        ),
        (
            "under the Data Protection Act 2018. Section 40(2) applies",
            "40(2)",
        ),
        (
            "under the Data Protection Act 2018, section 40(2) of FOIA applies",
            "40(2)",
        ),
        (
            "under the Data Protection Act 2018, section 40(2) applies",
            "40(2)",
        ),
        ("under the EIR. Section 39 applies", "39"),
        ("section 31(1)(a) of this Act", "31(1)(a)"),
        ("section 120 of the Freedom of Information Act", "120"),
        ("section 45 of FOIA", "45"),
        ("section 31(1)(j) of the Act", "31(1)(j)"),
    ]);
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
fn a_provision_of_another_enactment_is_read_where_it_stands_alone() {
    for text in [
        "FOISA s.10(1)",
        "SI 2004/3244 reg.4(3)(b)",
        "SI 2004/3364 reg.3",
    ] {
        assert_eq!(text.parse::<Provision>().unwrap().to_string(), text);
    }
    for text in ["FOISA", "SI 2004 reg.3", "SI x/y reg.3", "SI 2004/3364"] {
        assert!(text.parse::<Provision>().is_err(), "{text}");
    }
}

/// Any provision that the Act could have, in the one spelling.
fn provision() -> impl Strategy<Value = String> {
    let section = prop_oneof![
        (1..=88_u16).prop_map(|n| n.to_string()),
        Just("22A".to_owned())
    ];
    let subsection = prop_oneof!["[1-9]", "[1-5][A-B]"];
    let roman = proptest::sample::select(vec!["i", "ii", "iii", "iv"]);
    (
        section,
        proptest::option::of((
            subsection,
            proptest::option::of(("[a-h]", proptest::option::of(roman))),
        )),
    )
        .prop_map(|(section, parts)| {
            let mut text = section;
            if let Some((subsection, parts)) = parts {
                text += &format!("({subsection})");
                if let Some((letter, roman)) = parts {
                    text += &format!("({letter})");
                    if let Some(roman) = roman {
                        text += &format!("({roman})");
                    }
                }
            }
            text
        })
}

proptest! {
    #[test]
    fn what_is_printed_is_read_back(text in provision()) {
        let printed = format!("FOIA s.{text}");
        prop_assert_eq!(printed.parse::<Provision>().unwrap().to_string(), printed);
    }

    #[test]
    fn every_keyword_and_spacing_reads_the_same(
        text in provision(),
        keyword in proptest::sample::select(vec!["section ", "Section ", "SECTION ", "s.", "s. ", "S.", "sec. ", "sect ", "§", "FOIA s.", "sections "]),
        gap in proptest::sample::select(vec!["", " ", "\u{a0}"]),
    ) {
        let spaced = text.replace('(', &format!("{gap}("));
        // A subsection with a capital letter apart from its section is as good as one beside it.
        let written = format!("We rely on {keyword}{spaced} of the Act.");
        let found: Vec<String> = find_citations(&written).iter().map(|citation| citation.provision.to_string()).collect();
        prop_assert_eq!(found, vec![format!("FOIA s.{text}")], "{}", written);
    }

    #[test]
    fn two_joined_are_both_read(
        one in provision(),
        two in provision(),
        joint in proptest::sample::select(vec![" and ", ", ", " or ", " & ", "/", " and section ", "; section "]),
    ) {
        let written = format!("sections {one}{joint}{two} of the Freedom of Information Act 2000");
        let found: Vec<String> = find_citations(&written).iter().map(|citation| citation.provision.to_string()).collect();
        prop_assert_eq!(found, vec![format!("FOIA s.{one}"), format!("FOIA s.{two}")], "{}", written);
    }

    #[test]
    fn any_text_is_read_and_spans_lie_on_characters(text in any::<String>()) {
        whole(&text)?;
    }

    /// Pieces of citations in any order: the texts in which a reader of citations might lose its way.
    #[test]
    fn any_pieces_are_read_and_spans_lie_on_characters(
        pieces in proptest::collection::vec(proptest::sample::select(vec![
            "section", "sections", "s.", "s", "reg", "subsection", "paragraph", "of", "FOIA", "EIR", "exemption", " ", "\n", "\u{a0}",
            "(", ")", "[", "]", "1", "31", "22A", "999", "4444", "(1)", "(a)", "(i)", "(5B)", "(a-c)", "-", "–", "to", ",", "and", "&", "/",
            "the", "Act", "2018", "Data Protection", "é", "’", ".",
        ]), 0..24),
    ) {
        whole(&pieces.concat())?;
    }
}

fn whole(text: &str) -> Result<(), TestCaseError> {
    let mut last = 0;
    for citation in find_citations(text) {
        prop_assert!(!citation.span.is_empty());
        prop_assert!(text.get(citation.span.clone()).is_some());
        prop_assert!(citation.span.start >= last, "in order: {text}");
        last = citation.span.start;
        let printed = citation.provision.to_string();
        prop_assert_eq!(
            printed.parse::<Provision>().ok(),
            Some(citation.provision),
            "{}",
            printed
        );
    }
    Ok(())
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
fn the_forms_that_notices_use_are_read() {
    let mut wrong = Vec::new();
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
        ("sections 21,22 and 23", "FOIA s.21 FOIA s.22 FOIA s.23"),
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
        if found.join(" ") != expected {
            wrong.push(format!("{text}: {found:?}"));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}
