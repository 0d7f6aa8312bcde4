//! The cost limit: worked examples, and the advice and the aggregation against slower ways to find them.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a failed expectation is the test's way to speak"
)]

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use law::cost::{
    CostLimit, CostedRequest, Pence, QuestionCost, Search, StaffTime, assess, together,
};
use law::{Activity, Calendar, Fees};
use proptest::prelude::*;

const DATA: &str = include_str!("../../../data/law/fees.toml");

fn fees() -> Fees {
    Fees::parse(DATA).unwrap()
}

fn calendar() -> Calendar {
    Calendar::parse(include_str!("../../../data/law/bank-holidays.csv")).unwrap()
}

fn limit(kind: &str) -> CostLimit {
    let on = "2026-11-02".parse().unwrap();
    CostLimit {
        pounds: fees().limit_as_at(kind, on).unwrap().pounds,
        pounds_an_hour: fees().rate_as_at(on).unwrap().pounds,
    }
}

fn question(hundredths: u64) -> QuestionCost {
    let mut question = QuestionCost::default();
    question.time[1] = StaffTime(hundredths);
    question
}

#[test]
fn eighteen_hours_are_450_pounds_and_twenty_four_are_600() {
    for (kind, minutes, pounds) in [
        ("other", 1080, 45_000),
        ("central-government", 1440, 60_000),
    ] {
        let limit = limit(kind);
        assert_eq!(limit.time(), StaffTime::minutes(minutes), "{kind}");
        assert_eq!(limit.pence(), Pence(pounds));
        assert_eq!(
            StaffTime::minutes(minutes).cost(limit.pounds_an_hour),
            Pence(pounds)
        );
        // As much as the limit doesn't exceed it; the least bit more does.
        assert!(!limit.is_exceeded_by(StaffTime::minutes(minutes)), "{kind}");
        assert!(
            limit.is_exceeded_by(StaffTime(u64::from(minutes) * 100 + 1)),
            "{kind}"
        );
    }
}

#[test]
fn time_and_money_are_written_as_people_write_them() {
    for (hundredths, expected) in [
        (0, "0 minutes"),
        (100, "1 minute"),
        (250, "2.5 minutes"),
        (6_000, "1 hour"),
        (105_000, "17 hours 30 minutes"),
        (108_001, "18 hours 0.01 minutes"),
    ] {
        assert_eq!(StaffTime(hundredths).to_string(), expected);
    }
    for (pence, expected) in [
        (5, "£0.05"),
        (45_000, "£450.00"),
        (123_456_789, "£1,234,567.89"),
    ] {
        assert_eq!(Pence(pence).to_string(), expected);
    }
}

#[test]
fn a_sample_is_scaled_to_all_records_without_rounding_in_its_favour() {
    // 40 of 1,200 files took 100 minutes, so all take 3,000.
    let all = StaffTime::by_sample(1200, StaffTime::minutes(100), 40);
    assert_eq!(all, StaffTime::minutes(3000));
    // A third of a minute each: 1,000 records take 333.34 minutes, not 333.33.
    assert_eq!(
        StaffTime::by_sample(1000, StaffTime::minutes(1), 3),
        StaffTime(33_334)
    );
    assert_eq!(
        StaffTime::by_sample(u64::MAX, StaffTime(u64::MAX), 1),
        StaffTime(u64::MAX)
    );
}

#[test]
fn what_is_over_the_limit_comes_with_the_most_questions_that_fit() {
    let mut sampled = question(6_000);
    sampled.searches.push(Search {
        activity: Activity::Extracting,
        records: 1200,
        sampled_time: StaffTime(250),
        sampled_records: 1,
    });
    let questions = [
        sampled,
        question(30_000),
        question(60_000),
        question(120_000),
        question(500),
    ];
    let found = assess(
        &questions.iter().collect::<Vec<_>>(),
        StaffTime(0),
        limit("other"),
    );
    assert!(found.exceeds);
    assert!(!found.determining_exceeds);
    // 5, 300 and 600 minutes; with 175 minutes left, less an hour of locating, 46 records of 2.5 minutes each.
    assert_eq!(found.fitting, [1, 2, 4]);
    assert_eq!(found.fitting_time, StaffTime(90_500));
    assert_eq!(found.too_large_alone, [0, 3]);
    assert_eq!(found.searchable, [(0, 46)]);
    // Requests answered before take up the limit first.
    let found = assess(
        &questions.iter().collect::<Vec<_>>(),
        StaffTime::minutes(1076),
        limit("other"),
    );
    assert!(found.fitting.is_empty());
    assert_eq!(
        found.total,
        StaffTime(306_000 + 30_000 + 60_000 + 120_000 + 500 + 107_600)
    );
}

#[test]
fn the_duty_to_confirm_falls_away_only_when_finding_out_is_too_much() {
    let mut find_out = QuestionCost::default();
    find_out.time[0] = StaffTime::minutes(1081);
    let found = assess(&[&find_out], StaffTime(0), limit("other"));
    assert!(found.exceeds && found.determining_exceeds);
    let found = assess(&[&find_out], StaffTime(0), limit("central-government"));
    assert!(!found.exceeds && !found.determining_exceeds);
}

#[test]
fn five_thousand_questions_are_as_exact_as_five() {
    let questions: Vec<QuestionCost> = (0..5_000_u64).map(|n| question(n * 7919 % 5_003)).collect();
    let found = assess(
        &questions.iter().collect::<Vec<_>>(),
        StaffTime(0),
        limit("other"),
    );
    let mut times: Vec<u64> = questions.iter().map(|one| one.total().0).collect();
    times.sort_unstable();
    let mut sum = 0;
    let most = times.iter().take_while(|time| {
        sum += **time;
        sum <= 108_000
    });
    assert_eq!(found.fitting.len(), most.count());
}

proptest! {
    /// Every subset of up to twelve questions is tried.
    #[test]
    fn no_larger_set_of_questions_fits(
        times in proptest::collection::vec(0_u64..60_000, 0..=12),
        spent in 0_u64..150_000,
    ) {
        let questions: Vec<QuestionCost> = times.iter().map(|time| question(*time)).collect();
        let found = assess(&questions.iter().collect::<Vec<_>>(), StaffTime(spent), limit("other"));
        let mut best = (0, 0);
        for set in 0..1_u32 << times.len() {
            let chosen = times.iter().enumerate().filter(|(index, _)| set & (1 << index) != 0);
            let sum: u64 = chosen.clone().map(|(_, time)| time).sum();
            if spent + sum <= 108_000 {
                let size = chosen.count();
                if size > best.0 || (size == best.0 && sum < best.1) {
                    best = (size, sum);
                }
            }
        }
        prop_assert_eq!((found.fitting.len(), found.fitting_time.0), best);
        prop_assert!(found.fitting.is_sorted());
    }

    /// A walk day by day through the sixty working days that begin on each receipt.
    #[test]
    fn requests_are_taken_together_as_a_walk_through_the_days_finds_them(
        days in proptest::collection::vec(0_i32..400, 1..7),
        people in proptest::collection::vec(0_usize..2, 7),
    ) {
        let start: Date = "2025-01-01".parse().unwrap();
        let requests: Vec<CostedRequest> = days
            .iter()
            .zip(&people)
            .enumerate()
            .map(|(index, (day, person))| CostedRequest {
                received_on: start.checked_add(day.days()).unwrap(),
                person: Some(format!("person {person}")),
                in_concert: None,
                about: vec!["servers".to_owned()],
                time: StaffTime::minutes(100 + u32::try_from(index).unwrap()),
            })
            .collect();
        let calendar = calendar();
        let rule = fees();
        let rule = rule.aggregation_as_at(start).unwrap();
        let found = together(&requests, rule, &calendar).unwrap();
        for (index, own) in requests.iter().enumerate() {
            let mut best = None;
            for first in &requests {
                let mut counted = 0;
                let mut date = first.received_on;
                let mut members = Vec::new();
                loop {
                    let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
                    if !weekend && calendar.bank_holidays(date).is_empty() {
                        counted += 1;
                    }
                    if counted > 60 {
                        break;
                    }
                    members.extend((0..requests.len()).filter(|at| {
                        requests[*at].received_on == date && requests[*at].person == own.person
                    }));
                    date = date.tomorrow().unwrap();
                }
                if members.contains(&index) && members.len() > 1 {
                    let total: u64 = members.iter().map(|at| requests[*at].time.0).sum();
                    best = best.max(Some(total));
                }
            }
            prop_assert_eq!(found[index].as_ref().map(|set| set.total.0), best);
        }
    }
}

/// "2026-01-05 ann servers,contracts 300": received, by whom, about what, minutes; `*` before a name is a campaign.
fn requests(text: &str) -> Vec<CostedRequest> {
    text.lines()
        .map(|line| {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let campaign = fields[1].strip_prefix('*');
            CostedRequest {
                received_on: fields[0].parse().unwrap(),
                person: campaign.is_none().then(|| fields[1].to_owned()),
                in_concert: campaign.map(str::to_owned),
                about: fields[2].split(',').map(str::to_owned).collect(),
                time: StaffTime::minutes(fields[3].parse().unwrap()),
            }
        })
        .collect()
}

#[test]
fn requests_count_together_by_person_or_concert_matter_and_period() {
    let list = requests(
        "2026-01-05 ann servers 300\n\
         2026-02-02 ann servers,contracts 400\n\
         2026-02-03 bob servers 900\n\
         2026-03-02 ann parking 500\n\
         2026-06-01 ann contracts 600\n\
         2026-02-04 *roundrobin ransomware 200\n\
         2026-02-05 *roundrobin ransomware 200",
    );
    let fees = fees();
    let rule = fees.aggregation_as_at(list[0].received_on).unwrap();
    let found = together(&list, rule, &calendar()).unwrap();
    let members: Vec<Option<&[usize]>> = found
        .iter()
        .map(|set| set.as_ref().map(|set| set.requests.as_slice()))
        .collect();
    let (ann, campaign) = (Some(&[0, 1][..]), Some(&[5, 6][..]));
    // Bob is another person, parking another matter, and June more than sixty working days after February.
    assert_eq!(members, [ann, ann, None, None, None, campaign, campaign]);
    assert_eq!(found[0].as_ref().unwrap().total, StaffTime::minutes(700));
    assert!(found[0].as_ref().unwrap().one_person);
    assert!(!found[5].as_ref().unwrap().one_person);
}

#[test]
fn the_period_is_sixty_working_days_both_ends_included() {
    // Received on Monday 5 January 2026; Good Friday and Easter Monday come after, St Patrick's Day between.
    let calendar = calendar();
    let sixtieth = calendar
        .nth_working_day_after("2026-01-02".parse().unwrap(), law::WorkingDays(60))
        .unwrap();
    let next = calendar
        .nth_working_day_after(sixtieth, law::WorkingDays(1))
        .unwrap();
    let fees = fees();
    for (last, expected) in [(sixtieth, true), (next, false)] {
        let list = requests(&format!("2026-01-05 ann servers 1\n{last} ann servers 1"));
        let rule = fees.aggregation_as_at(last).unwrap();
        let found = together(&list, rule, &calendar).unwrap();
        assert_eq!(found[0].is_some(), expected, "{last}");
        assert_eq!(found[1].is_some(), expected, "{last}");
    }
}

#[test]
fn faulty_fees_are_all_named() {
    for (right, wrong, code) in [
        ("pounds = 600", "pounds = 0", "fees.no_amount"),
        ("pounds = 25", "pound = 25", "fees.bad_entry"),
        ("id = \"locating\"", "id = \"looking\"", "fees.bad_entry"),
        ("[[aggregation]]", "[[agregation]]", "fees.malformed"),
        (
            "in_force = \"2005-01-01\"",
            "in_force = \"2005\"",
            "fees.bad_entry",
        ),
    ] {
        let problems = Fees::parse(&DATA.replacen(right, wrong, 1)).unwrap_err();
        assert!(
            problems.iter().any(|problem| problem.code == code),
            "{wrong}: {problems:?}"
        );
    }
    let problems = Fees::parse("").unwrap_err();
    assert_eq!(problems.len(), 7, "{problems:?}");
}
