//! Whole stories of a request's clock, and what holds for every date.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a failed expectation is the test's way to speak"
)]

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use law::{
    Calendar, Chronology, Clock, Event, Reckoning, Standing, Statute, TimeLimits, Why, WorkingDays,
};

const HOLIDAYS: &str = include_str!("../../../data/law/bank-holidays.csv");

struct Law {
    calendar: Calendar,
    statute: Statute,
    limits: TimeLimits,
}

fn law() -> Law {
    Law {
        calendar: Calendar::parse(HOLIDAYS).unwrap(),
        statute: Statute::parse(include_str!("../../../data/law/foia.toml")).unwrap(),
        limits: TimeLimits::parse(include_str!("../../../data/law/time-limits.toml")).unwrap(),
    }
}

impl Law {
    fn clock(&self, regime: &str, limit: Option<&str>) -> Clock<'_> {
        Clock::new(&self.statute, &self.limits, &self.calendar, regime, limit).unwrap()
    }

    fn foia(&self) -> Clock<'_> {
        Clock::foia(&self.statute, &self.limits, &self.calendar).unwrap()
    }
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// "2026-05-18 / 1,2 / clarification-sought 2026-05-20 / …": received, questions, events.
fn chronology(story: &str) -> Chronology {
    let mut parts = story.split(" / ");
    let mut chronology = Chronology::received(day(parts.next().unwrap()));
    for part in parts {
        if let Some(labels) = part.strip_prefix("questions ") {
            chronology.questions = labels.split(", ").map(str::to_owned).collect();
        } else if let Some(period) = part.strip_prefix("closed ") {
            let (from, to) = period.split_once("..").unwrap();
            chronology.no_school.push((day(from), day(to)));
        } else {
            chronology.events.push(Event::parse(part).unwrap());
        }
    }
    chronology
}

/// What a reckoning says, in a line: due, extended, review, warnings.
fn told(reckoning: &Reckoning) -> String {
    let show = |date: Option<Date>| date.map_or_else(|| "-".to_owned(), |date| date.to_string());
    let mut told = vec![format!("due {}", show(reckoning.due_on()))];
    if let Some(until) = reckoning.extended_due_on() {
        told.push(format!("extended {until}"));
    }
    for (label, deadline) in &reckoning.questions {
        told.push(format!("{label}: {}", show(deadline.answer_due_on())));
    }
    match reckoning.whole.standing {
        Standing::Running => {}
        Standing::DetailAwaited {
            due_if_not_needed, ..
        } => told.push(format!("detail awaited, else {due_if_not_needed}")),
        Standing::FeeAwaited { payable_until, .. } => {
            told.push(format!("fee awaited until {payable_until}"));
        }
        Standing::FeeLapsed { payable_until } => told.push(format!("fee lapsed {payable_until}")),
    }
    if let Some(answered) = reckoning.whole.answered {
        told.push(format!("answered late by {}", answered.late_by.0));
    }
    if let Some(review) = &reckoning.review {
        told.push(format!(
            "ask by {}, review due {}",
            show(review.ask_by),
            show(review.due_on)
        ));
        if let Some(answered) = review.answered {
            told.push(format!("review late by {}", answered.late_by.0));
        }
        if let Some(day) = review.complain_by {
            told.push(format!("complain by {day}"));
        }
    }
    told.extend(
        reckoning
            .warnings
            .iter()
            .map(|warning| warning.code.replace("clock.", "!")),
    );
    told.join("; ")
}

#[test]
fn stories_under_foia() {
    let law = law();
    let clock = law.foia();
    for (story, expected) in [
        // Received on the Monday before the Scottish one-off: hand-counted day 20 is 17 June.
        ("2026-05-18", "due 2026-06-17"),
        // The day of receipt is day zero, Christmas Day included.
        ("2024-12-25", "due 2025-01-27"),
        // Detail that was needed starts the time again from zero: received 20 May, asked 21 May, answered 1 June.
        // June 2-5 = 4, 8-12 = 9, (15 Scotland), 16-19 = 13, 22-26 = 18, 29, 30 = 20.
        (
            "2026-05-20 / clarification-sought 2026-05-21 reason=two systems fit / clarification-received 2026-06-01",
            "due 2026-06-30",
        ),
        // The same without a recorded reason: the clock moves, and a warning says what is missing.
        (
            "2026-05-20 / clarification-sought 2026-05-21 / clarification-received 2026-06-01",
            "due 2026-06-30; !need_not_recorded",
        ),
        // Detail that was not needed moves nothing.
        // May 21, 22 = 2, (25), 26-29 = 6, June 1-5 = 11, 8-12 = 16, (15), 16-19 = 20.
        (
            "2026-05-20 / clarification-sought 2026-05-21 needed=no / clarification-received 2026-06-01",
            "due 2026-06-19; !clarification_not_needed",
        ),
        // Asked and still open: nothing is due, and the day that would be due is kept in sight.
        (
            "2026-05-20 / clarification-sought 2026-05-21 reason=x",
            "due -; detail awaited, else 2026-06-19",
        ),
        // Two rounds: the last one counts. Received 1 July: July 2, 3 = 2, 6-10 = 7, (13 NI), 14-17 = 11, 20-24 = 16,
        // 27-30 = 20.
        (
            "2026-05-20 / clarification-sought 2026-05-21 reason=x / clarification-received 2026-06-01 / clarification-sought 2026-06-03 reason=y / clarification-received 2026-07-01",
            "due 2026-07-30",
        ),
        // Asked after the time had run out: it restarts, but the breach stands.
        (
            "2026-05-20 / clarification-sought 2026-06-22 reason=x / clarification-received 2026-06-23",
            "due 2026-07-22; !clarification_late",
        ),
        // A reply on the day of asking.
        (
            "2026-05-20 / clarification-sought 2026-05-21 reason=x / clarification-received 2026-05-21",
            "due 2026-06-22",
        ),
        // Fees: 27 to 29 May left out, both ends included, three working days: 19 June + 3 = 24 June.
        (
            "2026-05-20 / fees-notice 2026-05-27 / fee-paid 2026-05-29",
            "due 2026-06-24",
        ),
        // Notice and payment on one day: that day is left out.
        (
            "2026-05-20 / fees-notice 2026-05-27 / fee-paid 2026-05-27",
            "due 2026-06-22",
        ),
        // Over a weekend only working days are disregarded: 29 May and 1 June.
        (
            "2026-05-20 / fees-notice 2026-05-29 / fee-paid 2026-06-01",
            "due 2026-06-23",
        ),
        // Not paid: three months that begin on 27 May end on 26 August.
        (
            "2026-05-20 / fees-notice 2026-05-27",
            "due -; fee awaited until 2026-08-26",
        ),
        // Three months that begin on 30 November end on the last day of February.
        (
            "2026-11-20 / fees-notice 2026-11-30",
            "due -; fee awaited until 2027-02-28",
        ),
        // Paid on the last day, and a day too late.
        (
            "2026-05-20 / fees-notice 2026-05-27 / fee-paid 2026-08-27",
            "due -; fee lapsed 2026-08-26; !fee_paid_late",
        ),
        // A fees notice after the time ran out stops nothing.
        (
            "2026-05-20 / fees-notice 2026-06-22 / fee-paid 2026-06-24",
            "due 2026-06-19; !fees_notice_late",
        ),
        // A fee paid before detail came in: the pause lies before the new day zero and is gone.
        (
            "2026-05-20 / fees-notice 2026-05-21 / fee-paid 2026-05-22 / clarification-sought 2026-05-26 reason=x / clarification-received 2026-06-01",
            "due 2026-06-30",
        ),
        // A pause that detail interrupts: from the new day zero, 1 June, the days 2 to 4 June are left out.
        (
            "2026-05-20 / clarification-sought 2026-05-21 reason=x / fees-notice 2026-05-22 / clarification-received 2026-06-01 / fee-paid 2026-06-04",
            "due 2026-07-03",
        ),
        // More time for the public interest: the notice stays due on day 20, the answer moves, to day 40 at most.
        (
            "2026-05-18 / public-interest-extension 2026-06-16 exemption=FOIA s.43(2) engaged=2026-06-10 until=2026-07-16",
            "due 2026-06-17; extended 2026-07-16",
        ),
        // Only for the questions it touches; the others stay due.
        (
            "2026-05-18 / questions 1, 2, 3 / public-interest-extension 2026-06-16 exemption=FOIA s.43(2) engaged=2026-06-10 until=2026-07-08 questions=2",
            "due 2026-06-17; extended 2026-07-08; 1: 2026-06-17; 2: 2026-07-08; 3: 2026-06-17",
        ),
        // Beyond day 40 with a reason.
        (
            "2026-05-18 / public-interest-extension 2026-06-16 exemption=FOIA s.43(2) engaged=2026-06-10 until=2026-07-17 reason=a third party is abroad until then",
            "due 2026-06-17; extended 2026-07-17; !exceptionally_long",
        ),
        // A notice after day 20 gives no more time.
        (
            "2026-05-18 / public-interest-extension 2026-06-18 exemption=FOIA s.43(2) engaged=2026-06-10 until=2026-07-08",
            "due 2026-06-17; !extension_late",
        ),
        // Detail on one question restarts that question alone.
        (
            "2026-05-20 / questions 1, 2 / clarification-sought 2026-05-21 questions=2 reason=x / clarification-received 2026-06-01 questions=2",
            "due 2026-06-19; 1: 2026-06-19; 2: 2026-06-30",
        ),
        // Section 36 with the qualified person's opinion given first.
        (
            "2026-05-18 / public-interest-extension 2026-06-16 exemption=FOIA s.36(2)(b)(i) engaged=2026-06-12 opinion=2026-06-12 until=2026-07-08",
            "due 2026-06-17; extended 2026-07-08",
        ),
        // Answered in time; the applicant has forty working days to ask for a review.
        (
            "2026-05-18 / answered 2026-06-17",
            "due 2026-06-17; answered late by 0; ask by 2026-08-14, review due -",
        ),
        // Answered two working days late (18, 19 June).
        (
            "2026-05-18 / answered 2026-06-19",
            "due 2026-06-17; answered late by 2; ask by 2026-08-18, review due -",
        ),
        // Review asked on 1 July, due in twenty working days; outcome in time; six weeks for the Commissioner.
        (
            "2026-05-18 / answered 2026-06-17 / review-asked 2026-07-01 / review-answered 2026-07-30",
            "due 2026-06-17; answered late by 0; ask by 2026-08-14, review due 2026-07-30; review late by 0; complain by 2026-09-10",
        ),
        // Exceptionally forty: July 31 = 21, (3 Aug), 4-7 = 25, 10-14 = 30, 17-21 = 35, 24-28 = 40.
        (
            "2026-05-18 / answered 2026-06-17 / review-asked 2026-07-01 / review-extended 2026-07-20 reason=many records",
            "due 2026-06-17; answered late by 0; ask by 2026-08-14, review due 2026-08-28",
        ),
        (
            "2026-05-18 / answered 2026-06-17 / review-asked 2026-08-17",
            "due 2026-06-17; answered late by 0; ask by 2026-08-14, review due 2026-09-15; !review_asked_late",
        ),
    ] {
        let reckoning = clock
            .reckon(&chronology(story))
            .unwrap_or_else(|problems| panic!("{story}: {problems:?}"));
        assert_eq!(told(&reckoning), expected, "{story}");
    }
}

#[test]
fn other_limits_and_regimes() {
    let law = law();
    for (regime, limit, story, expected) in [
        // Thirty working days for archives: 17 June is day 20, then 18, 19 = 22, 22-26 = 27, 29 June - 1 July = 30.
        (
            "foia",
            Some("archives"),
            "2026-05-18",
            "due 2026-07-01; !unverified_limit",
        ),
        // A school on half-term from 25 to 29 May: four school days more (25 May is a bank holiday anyway).
        (
            "foia",
            Some("schools"),
            "2026-05-18 / closed 2026-05-23..2026-05-31",
            "due 2026-06-23",
        ),
        (
            "foia",
            Some("schools"),
            "2026-05-18",
            "due 2026-06-17; !no_school_dates",
        ),
        // Summer: July 21-24 = 4, 27-31 = 9, Aug 4-7 = 13, 10-28 = 28, Sep 1-25 = 47, 28 Sep - 9 Oct = 57, 14 Oct = 60. The sixtieth working day comes first when the school stays closed.
        (
            "foia",
            Some("schools"),
            "2026-07-20 / closed 2026-07-21..2026-12-31",
            "due 2026-10-14",
        ),
        (
            "foia",
            Some("overseas"),
            "2026-05-18 / longer-time-agreed 2026-06-10 until=2026-07-31",
            "due 2026-07-31; !unverified_limit",
        ),
        (
            "eir",
            None,
            "2026-05-18",
            "due 2026-06-17; !unverified_limit",
        ),
        (
            "eir",
            None,
            "2026-05-18 / more-time 2026-06-10 until=2026-07-16 reason=nine thousand readings over forty sites",
            "due 2026-06-17; extended 2026-07-16; !unverified_limit",
        ),
        (
            "eir",
            None,
            "2026-05-18 / answered 2026-06-17 / review-asked 2026-07-01",
            "due 2026-06-17; answered late by 0; ask by 2026-08-14, review due 2026-08-28; !unverified_limit",
        ),
        // Scotland looks to its own bank holidays only: 25 May and 15 June count or not by the Scottish list.
        // 2026-07-06: 12 July's substitute is Northern Ireland's alone, so it counts in Scotland.
        ("foia", None, "2026-07-06", "due 2026-08-05"),
        (
            "foisa",
            None,
            "2026-07-06",
            "due 2026-08-04; !unverified_limit",
        ),
    ] {
        let reckoning = law
            .clock(regime, limit)
            .reckon(&chronology(story))
            .unwrap_or_else(|problems| panic!("{story}: {problems:?}"));
        assert_eq!(told(&reckoning), expected, "{regime} {limit:?} {story}");
    }
}

#[test]
fn contradictions_are_all_found_with_their_codes() {
    let law = law();
    for (limit, story, expected) in [
        (None, "2026-05-18 / answered 2026-05-17", "before_receipt"),
        (
            None,
            "2026-05-18 / clarification-received 2026-05-20",
            "clarification_not_sought",
        ),
        (
            None,
            "2026-05-18 / clarification-sought 2026-05-20 / clarification-received 2026-05-21 / clarification-received 2026-05-22",
            "clarification_not_sought",
        ),
        (
            None,
            "2026-05-18 / clarification-sought 2026-05-20 questions=1 / clarification-received 2026-05-21 questions=2",
            "clarification_not_sought",
        ),
        (
            None,
            "2026-05-18 / clarification-sought 2026-05-20 / clarification-received 2026-05-19",
            "clarification_not_sought",
        ),
        (None, "2026-05-18 / fee-paid 2026-05-20", "fee_not_asked"),
        (
            None,
            "2026-05-18 / fees-notice 2026-05-20 / fees-notice 2026-05-21",
            "fees_notice_twice",
        ),
        (
            None,
            "2026-05-18 / answered 2026-05-20 / clarification-sought 2026-05-21",
            "after_answer",
        ),
        (
            None,
            "2026-05-18 / answered 2026-05-20 / answered 2026-05-21",
            "answered_twice",
        ),
        (
            None,
            "2026-05-18 / review-answered 2026-05-20",
            "review_not_asked",
        ),
        (
            None,
            "2026-05-18 / review-asked 2026-05-20 / review-extended 2026-05-21",
            "review_extension_needs_reason",
        ),
        (None, "2026-05-18 / questions 1, 2, 1", "question_twice"),
        (
            None,
            "2026-05-18 / questions 1, 2 / answered 2026-05-20 questions=3",
            "unknown_question",
        ),
        (
            None,
            "2026-05-18 / more-time 2026-05-20 until=2026-06-30 reason=x",
            "no_such_rule",
        ),
        (
            None,
            "2026-05-18 / longer-time-agreed 2026-05-20 until=2026-06-30",
            "no_such_rule",
        ),
        (
            None,
            "2026-05-18 / closed 2026-05-23..2026-05-31",
            "not_in_school_days",
        ),
        (
            Some("schools"),
            "2026-05-18 / closed 2026-05-31..2026-05-23",
            "period_backwards",
        ),
        (
            Some("overseas"),
            "2026-05-18 / longer-time-agreed 2026-06-10 until=2026-08-17",
            "beyond_agreement",
        ),
        (
            None,
            "2026-05-18 / public-interest-extension 2026-06-16 exemption=FOIA s.40(2) engaged=2026-06-10 until=2026-07-08",
            "extension_on_absolute",
        ),
        (
            None,
            "2026-05-18 / public-interest-extension 2026-06-16 exemption=FOIA s.40 engaged=2026-06-10 until=2026-07-08",
            "limb_needed",
        ),
        (
            None,
            "2026-05-18 / public-interest-extension 2026-06-16 exemption=FOIA s.12 engaged=2026-06-10 until=2026-07-08",
            "unknown_exemption",
        ),
        (
            None,
            "2026-05-18 / public-interest-extension 2026-06-16 exemption=FOIA s.31(1)(z) engaged=2026-06-10 until=2026-07-08",
            "no_such_limb",
        ),
        (
            None,
            "2026-05-18 / public-interest-extension 2026-06-16 exemption=FOIA s.43(2) engaged=2026-06-17 until=2026-07-08",
            "not_yet_engaged",
        ),
        (
            None,
            "2026-05-18 / public-interest-extension 2026-06-16 exemption=FOIA s.36(2)(c) engaged=2026-06-10 until=2026-07-08",
            "no_qualified_person",
        ),
        (
            None,
            "2026-05-18 / public-interest-extension 2026-06-16 exemption=FOIA s.43(2) engaged=2026-06-10 until=2026-07-17",
            "beyond_ordinary_ceiling",
        ),
        (
            None,
            "2026-05-18 / public-interest-extension 2026-06-16 exemption=FOIA s.43(2) engaged=2026-06-10 until=2026-06-17",
            "no_extension",
        ),
        (
            None,
            "2026-05-18 / public-interest-extension 2026-06-16 exemption=FOIA s.43(2) engaged=2026-06-10 until=2026-06-16",
            "estimate_in_the_past",
        ),
        // Several at once.
        (
            None,
            "2026-05-18 / answered 2026-05-01 / fee-paid 2026-05-20 / public-interest-extension 2026-06-16 exemption=FOIA s.21, FOIA s.43(2) engaged=2026-06-20 until=2026-07-08",
            "before_receipt fee_not_asked extension_on_absolute not_yet_engaged not_yet_engaged after_answer",
        ),
        (None, "2004-12-31", "not_in_force"),
        (None, "2028-12-20", "beyond_calendar"),
    ] {
        let problems = law
            .clock("foia", limit)
            .reckon(&chronology(story))
            .expect_err(story);
        let codes: Vec<String> = problems
            .iter()
            .map(|problem| problem.code.replace("clock.", ""))
            .collect();
        assert_eq!(codes.join(" "), expected, "{story}");
    }
    let eir = law.clock("eir", None);
    for (story, expected) in [
        (
            "2026-05-18 / public-interest-extension 2026-06-16 exemption=FOIA s.43(2) engaged=2026-06-10 until=2026-07-08",
            "clock.no_such_rule",
        ),
        (
            "2026-05-18 / more-time 2026-06-10 until=2026-07-16",
            "clock.more_time_needs_reason",
        ),
        (
            "2026-05-18 / more-time 2026-06-10 until=2026-07-17 reason=x",
            "clock.beyond_ceiling",
        ),
    ] {
        assert_eq!(
            eir.reckon(&chronology(story)).unwrap_err()[0].code,
            expected
        );
    }
}

#[test]
fn a_fee_concerns_the_whole_request() {
    let mut story = chronology("2026-05-18 / fees-notice 2026-05-20");
    story.events[0].questions.push("1".to_owned());
    let problems = law().foia().reckon(&story).unwrap_err();
    assert_eq!(problems[0].code, "clock.whole_request_only");
}

#[test]
fn the_order_in_which_events_are_told_does_not_matter() {
    let law = law();
    let story = chronology(
        "2026-05-20 / clarification-sought 2026-05-21 reason=x / fees-notice 2026-05-22 / clarification-received 2026-06-01 / fee-paid 2026-06-04 / answered 2026-07-02",
    );
    let told_in_order = law.foia().reckon(&story).unwrap();
    let mut backwards = story;
    backwards.events.reverse();
    assert_eq!(law.foia().reckon(&backwards).unwrap(), told_in_order);
}

#[test]
fn the_ledger_tells_every_day_and_why() {
    let law = law();
    let reckoning = law
        .foia()
        .reckon(&chronology(
            "2026-06-05 / clarification-sought 2026-06-08 reason=x / clarification-received 2026-06-09 / fees-notice 2026-06-12 / fee-paid 2026-06-16",
        ))
        .unwrap();
    let ledger = &reckoning.whole.ledger;
    let told: Vec<String> = ledger
        .days()
        .iter()
        .take(14)
        .map(|day| {
            format!(
                "{} {}",
                if day.counts() { "+" } else { "-" },
                ledger.reason(day)
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            "- Friday 5 June 2026: received; the day of receipt is not counted, FOIA s.10(1)",
            "- Saturday 6 June 2026: set aside; the time starts again with the detail received on 9 June 2026, FOIA s.10(6)(b)",
            "- Sunday 7 June 2026: set aside; the time starts again with the detail received on 9 June 2026, FOIA s.10(6)(b)",
            "- Monday 8 June 2026: set aside; the time starts again with the detail received on 9 June 2026, FOIA s.10(6)(b)",
            "- Tuesday 9 June 2026: the detail asked for came in; this day counts as the day of receipt, FOIA s.10(6)(b)",
            "+ Wednesday 10 June 2026: working day 1",
            "+ Thursday 11 June 2026: working day 2",
            "- Friday 12 June 2026: the fee was asked for and awaited, FOIA s.10(2)",
            "- Saturday 13 June 2026: weekend, FOIA s.10(6)",
            "- Sunday 14 June 2026: weekend, FOIA s.10(6)",
            "- Monday 15 June 2026: bank holiday in Scotland (World Cup bank holiday), FOIA s.10(6)",
            "- Tuesday 16 June 2026: the fee was asked for and awaited, FOIA s.10(2)",
            "+ Wednesday 17 June 2026: working day 3",
            "+ Thursday 18 June 2026: working day 4",
        ]
    );
    assert_eq!(
        ledger.line(),
        "20 working days from 9 June 2026, when the detail asked for came in; 1 bank holiday skipped: 15 June 2026, bank holiday in Scotland (World Cup bank holiday); 2 working days left out while the fee was awaited"
    );
    assert_eq!(ledger.counted(), 20);
}

/// The raw dates of the file, without the library's reading of it.
fn raw() -> std::collections::HashSet<&'static str> {
    HOLIDAYS
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split(',').next())
        .collect()
}

fn next(date: Date) -> Date {
    date.checked_add(1.day()).unwrap()
}

#[test]
fn every_date_of_receipt_agrees_with_a_walk_over_the_raw_file() {
    let law = law();
    let (clock, raw) = (law.foia(), raw());
    let counts = |date: Date| {
        !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
            && !raw.contains(date.to_string().as_str())
    };
    // Day by day from the front: for every day, how many working days of the file came before it.
    let mut received = law.calendar.first();
    let mut reckoned = 0;
    while received <= law.calendar.up_to() {
        let (mut date, mut left) = (received, 20);
        while left > 0 && date <= law.calendar.up_to() {
            date = next(date);
            if counts(date) {
                left -= 1;
            }
        }
        let reckoning = clock.reckon(&Chronology::received(received));
        if date > law.calendar.up_to() {
            assert_eq!(reckoning.unwrap_err()[0].code, "clock.beyond_calendar");
        } else {
            let reckoning = reckoning.unwrap();
            assert_eq!(reckoning.due_on(), Some(date), "{received}");
            let days = reckoning.whole.ledger.days();
            assert_eq!((days[0].date, days[days.len() - 1].date), (received, date));
            assert!(
                days.windows(2)
                    .all(|pair| next(pair[0].date) == pair[1].date)
            );
            for day in &days[1..] {
                assert_eq!(day.counts(), counts(day.date), "{}", day.date);
            }
            reckoned += 1;
        }
        received = next(received);
    }
    assert!(reckoned > 8_700);
}

#[test]
fn a_fee_awaited_agrees_with_a_walk_for_every_notice_and_payment() {
    let law = law();
    let clock = law.foia();
    let received = day("2026-12-10");
    for given in 0..25 {
        for paid in given..60 {
            let (from, to) = (
                received.checked_add(given.days()).unwrap(),
                received.checked_add(paid.days()).unwrap(),
            );
            let mut story = Chronology::received(received);
            story.events = vec![
                Event::parse(&format!("fees-notice {from}")).unwrap(),
                Event::parse(&format!("fee-paid {to}")).unwrap(),
            ];
            let reckoning = clock.reckon(&story).unwrap();
            let (mut date, mut left) = (received, 20);
            while left > 0 {
                date = next(date);
                let working = law.calendar.status(date).unwrap() == law::DayStatus::WorkingDay;
                if working && !(from..=to).contains(&date) {
                    left -= 1;
                }
            }
            assert_eq!(reckoning.due_on(), Some(date), "{from} {to}");
            assert_eq!(reckoning.whole.ledger.counted(), 20);
        }
    }
}

#[test]
fn saturday_sunday_and_the_friday_before_agree_when_nothing_lies_between() {
    let law = law();
    let clock = law.foia();
    let mut friday = law.calendar.first();
    let mut seen = 0;
    while friday < day("2028-11-01") {
        if friday.weekday() == Weekday::Friday {
            let due = |days: i64| {
                clock
                    .reckon(&Chronology::received(
                        friday.checked_add(days.days()).unwrap(),
                    ))
                    .unwrap()
                    .due_on()
            };
            assert_eq!(due(0), due(1), "{friday}");
            assert_eq!(due(1), due(2), "{friday}");
            seen += 1;
        }
        friday = next(friday);
    }
    assert!(seen > 1_200);
}

#[test]
fn another_bank_holiday_never_brings_a_date_forward() {
    let law = law();
    let clock = law.foia();
    let header = "date,jurisdiction,name,source,status\n";
    let mut holiday = day("2026-04-20");
    while holiday < day("2026-06-20") {
        // The invented day stands in a part of the United Kingdom that has none on that day.
        let place = ["scotland", "northern-ireland", "england-and-wales"]
            .into_iter()
            .find(|place| !HOLIDAYS.contains(&format!("{holiday},{place}")))
            .unwrap_or("none");
        if place != "none" {
            let more = HOLIDAYS.replacen(
                header,
                &format!("{header}{holiday},{place},Invented Day,test,past\n"),
                1,
            );
            let newer = Calendar::parse(&more).unwrap();
            let after = Clock::foia(&law.statute, &law.limits, &newer).unwrap();
            let mut received = day("2026-04-01");
            while received < day("2026-06-25") {
                let (old, new) = (
                    clock
                        .reckon(&Chronology::received(received))
                        .unwrap()
                        .due_on(),
                    after
                        .reckon(&Chronology::received(received))
                        .unwrap()
                        .due_on(),
                );
                assert!(new >= old, "{received} {holiday}");
                received = next(received);
            }
        }
        holiday = next(holiday);
    }
}

#[test]
fn the_calendar_names_good_friday_itself() {
    let text = "date,jurisdiction,name,source,status\n2005-01-03,scotland,New Year,test,past\n2028-01-03,scotland,New Year,test,past\n";
    let bare = Calendar::parse(text).unwrap();
    let named: Vec<&str> = HOLIDAYS
        .lines()
        .filter(|line| line.contains("Good Friday"))
        .filter_map(|line| line.split(',').next())
        .collect();
    let mut date = bare.first();
    let mut found = 0;
    while date <= bare.up_to() {
        let is = bare.status(date).unwrap() == law::DayStatus::BankHoliday("Good Friday".into());
        assert_eq!(is, named.contains(&date.to_string().as_str()), "{date}");
        found += i32::from(is);
        date = next(date);
    }
    assert_eq!(found, 24);
}

#[test]
fn warnings_come_within_sixty_working_days_of_the_end() {
    let law = law();
    let codes = |received: Date| -> Vec<&'static str> {
        law.foia()
            .reckon(&Chronology::received(received))
            .unwrap()
            .warnings
            .iter()
            .map(|warning| warning.code)
            .collect()
    };
    let near = |received: Date| codes(received).contains(&"clock.near_calendar_end");
    // The latest day shown for a plain request is day 40; a hundred working days before the end is the border.
    let mut received = day("2028-06-01");
    while !near(received) {
        received = next(received);
    }
    let forty = law
        .calendar
        .nth_working_day_after(received, WorkingDays(40))
        .unwrap();
    assert_eq!(
        law.calendar
            .working_days_between(forty, law.calendar.up_to())
            .unwrap(),
        60
    );
    assert!(codes(day("2027-03-01")).contains(&"clock.projected_holidays"));
    assert!(codes(day("2026-05-18")).is_empty());
}

#[test]
fn changes_between_versions_are_listed() {
    let law = law();
    let older = HOLIDAYS
        .lines()
        .filter(|line| !line.contains("World Cup"))
        .fold(String::new(), |text, line| text + line + "\n");
    let older = Calendar::parse(&older).unwrap();
    let changes = older.changes(&law.calendar);
    assert_eq!(changes.len(), 1);
    assert!(changes[0].added && changes[0].date == day("2026-06-15"));
    let back = law.calendar.changes(&older);
    assert!(!back[0].added);
    assert!(law.calendar.changes(&law.calendar).is_empty());
    assert!(matches!(
        law.foia()
            .reckon(&Chronology::received(day("2026-06-12")))
            .unwrap()
            .whole
            .ledger
            .days()[3]
            .why,
        Why::BankHoliday(_)
    ));
}

#[test]
fn a_newer_calendar_moves_the_deadlines_that_its_days_lie_in() {
    let old = law();
    let more = format!(
        "{HOLIDAYS}2026-11-16,scotland,Invented holiday,worked example,pending\n\
         2026-11-21,scotland,Invented Saturday,worked example,pending\n"
    );
    let newer = Calendar::parse(&more).unwrap();
    let new = Clock::foia(&old.statute, &old.limits, &newer).unwrap();
    let moves = |story: &str| old.foia().moves(&new, &chronology(story)).unwrap();
    let found = moves("2026-11-02");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].before, Some(day("2026-12-01")));
    assert_eq!(found[0].after, Some(day("2026-12-02")));
    // The Saturday moves nothing, so it is no reason.
    let because: Vec<String> = found[0]
        .because
        .iter()
        .map(|change| change.name.clone())
        .collect();
    assert_eq!(because, ["Invented holiday"]);
    assert!(moves("2026-09-01").is_empty());
    assert!(moves("2026-11-17").is_empty());
    // A fee awaited over the day hides it; a question restarted after it doesn't move, the others do.
    assert!(moves("2026-11-02 / fees-notice 2026-11-16 / fee-paid 2026-11-16").is_empty());
    let found = moves(
        "2026-11-02 / questions 1, 2 / clarification-sought 2026-11-05 questions=2 reason=two fit / clarification-received 2026-11-18 questions=2",
    );
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].question, None);
    // The Scottish regime looks to Scotland's days, and this is one.
    let scots = |calendar| Clock::new(&old.statute, &old.limits, calendar, "foisa", None).unwrap();
    let found = scots(&old.calendar)
        .moves(&scots(&newer), &chronology("2026-11-02"))
        .unwrap();
    assert_eq!(found.len(), 1);
    // A review asked for has days of its own.
    let found = moves("2026-09-15 / answered 2026-10-13 / review-asked 2026-11-02");
    let what: Vec<&str> = found.iter().map(|one| one.what.as_str()).collect();
    assert_eq!(
        what,
        [
            "the last day to ask for the internal review",
            "the last day for the outcome of the internal review"
        ]
    );
}
