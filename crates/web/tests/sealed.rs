//! Neither confirm nor deny can't leak: random stories, each lived through twice with nothing but the findings of the
//! searches swapped, and every byte that anybody without clearance can observe compared.
//!
//! `CANDOUR_STORIES=2000` sets how many stories, `CANDOUR_SEED=17` where they begin; the usual number is small, so that
//! every run of the tests has some.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failing helper fails its test"
)]

#[path = "sealed/channels.rs"]
mod channels;
#[path = "sealed/leaks.rs"]
mod leaks;
#[path = "sealed/receiver.rs"]
mod receiver;
#[path = "sealed/story.rs"]
mod story;
#[path = "sealed/timing.rs"]
mod timing;
#[path = "sealed/world.rs"]
mod world;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use leaks::{Leak, difference, differing};
use story::Fate;
use world::{Run, Seen, World};

/// Stories that live side by side in one world.
const TOGETHER: usize = 5;
/// Stories of an ordinary run.
const USUAL: usize = 10;
/// Stories after which every output must have been come past.
const MOST: usize = 60;

/// A number that the environment sets.
#[allow(
    clippy::disallowed_methods,
    reason = "the number of stories is asked of the environment"
)]
fn set(name: &str) -> Option<usize> {
    std::env::var(name)
        .ok()
        .and_then(|number| number.parse().ok())
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    // One thread, so that what happens has one order.
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

/// A world in which so many stories were lived.
fn lived(run: Run, seed: u64, stories: usize, fate: Fate, leak: Option<Leak>) -> World {
    block_on(async {
        let mut world = World::new(run, seed, leak).await;
        story::live(&mut world, seed, stories, fate).await;
        world
    })
}

/// The two runs of some stories, side by side on two processors.
fn both(seed: u64, stories: usize, fate: Fate) -> (World, World) {
    std::thread::scope(|scope| {
        let first = scope.spawn(|| lived(Run::First, seed, stories, fate, None));
        let second = lived(Run::Second, seed, stories, fate, None);
        (first.join().unwrap(), second)
    })
}

#[test]
fn every_output_of_the_program_is_listed() {
    assert_eq!(
        channels::unlisted(),
        Vec::<String>::new(),
        "list each output in tests/sealed/channels.rs, with how it is observed"
    );
}

#[test]
fn nothing_that_anybody_without_clearance_observes_depends_on_what_is_held() {
    let total = set("CANDOUR_STORIES").unwrap_or(USUAL);
    let start = set("CANDOUR_SEED").unwrap_or(0) as u64;
    let mut answered: BTreeMap<String, u64> = BTreeMap::new();
    let (mut compared, mut bytes, mut opened) = (0_usize, 0_usize, 0_usize);
    let mut lived = 0_usize;
    // What chance left out is waited for.
    while lived < total
        || total >= USUAL && lived < total.max(MOST) && !channels::silent(&answered).is_empty()
    {
        let seed = start + (lived / TOGETHER) as u64;
        lived += TOGETHER;
        if total > USUAL {
            println!("seed {seed}");
        }
        let (first, second) = both(seed * 1_000, TOGETHER, Fate::Any);
        if let Some((channel, what)) = difference(&first.seen, &second.seen) {
            panic!("seed {seed}: {channel} depends on what is held: {what}");
        }
        compared += first.seen.len();
        bytes += first
            .seen
            .iter()
            .map(|seen| seen.bytes.len())
            .sum::<usize>();
        for seen in &first.seen {
            let shown = String::from_utf8_lossy(&seen.bytes);
            let is_asked_for = seen.which.contains(story::TELLTALE);
            assert!(
                is_asked_for || !shown.contains(story::TELLTALE),
                "seed {seed}: {} ({}) shows what was found",
                seen.channel,
                seen.which
            );
        }
        // Not vacuous: who opened it with a key saw the difference.
        for (one, other) in first.opened.iter().zip(&second.opened) {
            assert!(one.contains(story::TELLTALE) && other.contains(story::TELLTALE));
            assert_ne!(one, other, "seed {seed}: what was opened doesn't differ");
            opened += 1;
        }
        for (channel, count) in first.answered {
            *answered.entry(channel).or_default() += count;
        }
    }
    println!(
        "{lived} stories, {compared} observations of {} channels, {bytes} bytes, equal in both runs; opened with a key \
         {opened} times, different each time",
        answered.len()
    );
    if total >= USUAL {
        assert!(opened > 0, "nobody opened anything");
        assert_eq!(
            channels::silent(&answered),
            Vec::<String>::new(),
            "no story came past these"
        );
    }
}

/// Where the two stories begin in which leaks are planted.
const LEAKS: u64 = 7_011;
/// Stories are random, and not every one comes past what leaks: so many are lived until one does.
const TRIED: u64 = 5;

#[test]
fn each_leak_of_what_happens_is_caught() {
    let clean: Vec<(u64, OnceLock<Vec<Seen>>)> = (LEAKS..LEAKS + TRIED)
        .map(|seed| (seed, OnceLock::new()))
        .collect();
    let lived_through = |(leak, shows_in): &(Leak, &[&str])| {
        let mut hidden: BTreeSet<&str> = shows_in.iter().copied().collect();
        for (seed, clean) in &clean {
            let clean =
                clean.get_or_init(|| lived(Run::First, *seed, 2, Fate::EndsWell, None).seen);
            let leaky = lived(Run::Second, *seed, 2, Fate::EndsWell, Some(*leak));
            for channel in differing(clean, &leaky.seen) {
                hidden.remove(channel.as_str());
            }
            if hidden.is_empty() {
                return;
            }
        }
        panic!("{leak:?} should show in {hidden:?}");
    };
    std::thread::scope(|scope| {
        let (some, others) = Leak::LIVED.split_at(Leak::LIVED.len() / 2);
        scope.spawn(|| some.iter().for_each(lived_through));
        others.iter().for_each(lived_through);
    });
}

#[test]
fn each_leak_in_what_an_output_shows_is_caught() {
    let (clean, other) = both(LEAKS, 2, Fate::EndsWell);
    assert_eq!(difference(&clean.seen, &other.seen), None);
    for (leak, channel, plant) in Leak::SHOWN {
        let mut leaky = other.seen.clone();
        for seen in leaky.iter_mut().filter(|seen| seen.channel == *channel) {
            plant(&mut seen.bytes);
        }
        let caught = difference(&clean.seen, &leaky).map(|(channel, _)| channel);
        assert_eq!(caught.as_deref(), Some(*channel), "{leak:?}");
    }
}

#[test]
fn a_letter_has_the_forms_that_are_compared() {
    let names = block_on(async {
        let mut world = World::new(Run::First, 7_000, None).await;
        story::live(&mut world, 7_000, 2, Fate::EndsWell).await;
        let rows = world
            .office()
            .queue(&office::QueueFilter::All, false, None, 50)
            .await
            .unwrap();
        let mut names = Vec::new();
        for row in rows {
            let case = world.case(&row.reference).await;
            let reviewed = case
                .reviews_decided
                .iter()
                .flat_map(|decided| &decided.files);
            for file in case
                .issued
                .iter()
                .flat_map(|issue| &issue.files)
                .chain(reviewed)
            {
                names.push(file.name.clone());
            }
        }
        names
    });
    assert!(names.len() >= 4, "{names:?}");
    for name in &names {
        let known = channels::LETTERS.contains(&name.as_str()) || name == channels::FIGURES;
        assert!(known, "{name}");
    }
}

/// Measures, so it is run by itself on a calm machine: `cargo test --release -p web --test sealed -- --ignored --nocapture`.
#[test]
#[ignore = "a measurement: wants a calm machine and some minutes"]
fn the_time_of_an_answer_tells_nothing() {
    let reports = block_on(async {
        // The first half of the cases is of the run in which everything is held, the rest of that in which nothing is.
        let mut world = World::new(Run::First, 3, None).await;
        let mut stories = Vec::new();
        for number in 0..2 * timing::CASES {
            let is_held = number < timing::CASES;
            stories.push(story::Story::told(&mut world, number as u64, is_held).await);
        }
        let paths = |start: &str, end: fn(&story::Story) -> String| -> Vec<String> {
            stories
                .iter()
                .map(|story| format!("{start}{}", end(story)))
                .collect()
        };
        let address = |story: &story::Story| story.address().unwrap_or_default().to_owned();
        let pages = [
            (
                "/follow/{token}",
                paths("/follow/", |story| story.token.clone().unwrap()),
            ),
            (
                "/disclosure-log/{year}/{slug}",
                paths("/disclosure-log/", address),
            ),
            (
                "/api/v1/disclosure-log/{year}/{slug}",
                paths("/api/v1/disclosure-log/", address),
            ),
        ];
        let mut reports = Vec::new();
        for (page, paths) in &pages {
            reports.push(timing::measure(&mut world, page, paths).await);
        }
        reports
    });
    for report in &reports {
        println!("{report}");
    }
    for report in reports {
        assert!(report.chance >= timing::LEVEL, "{report}");
    }
}
