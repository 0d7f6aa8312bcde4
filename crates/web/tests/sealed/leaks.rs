//! Leaks planted on purpose, one at a time, in the second run: at the edges of the program, through what it takes as
//! parameters (clock, randomness, delivery, log), through what people do, and in what an output shows at the very end.

use crate::world::{Run, Seen, World};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leak {
    // Through the parameters that the office takes.
    SearchTakesLonger,
    RandomnessDrawn,
    ReminderKeptBack,
    LineInTheLog,
    // By what people do.
    WordsOfTheOfficer,
    MoreTimeTaken,
    TitleInTheLog,
    OwnerByAProgram,
    RowOfTheRegisterUsed,
    // In what an output shows.
    SpaceInTheLetter,
    DateInThePdf,
    NameOfTheFile,
    StatusOfTheLink,
    SizeOfTheQueue,
    OrderOfTheFeed,
    CountInTheStatistics,
    NumberForAProgram,
    TypeForAProgram,
    ScopeOfAKey,
    HeaderOfAMessage,
    NumberOfFiles,
    RowOfTheRegister,
    ContractsFeed,
    PieceOfTheRecord,
    DayOfTheMail,
    FileWithTheMail,
}

/// Changes what an output shows.
pub type Plant = fn(&mut Vec<u8>);

impl Leak {
    /// Those that need the story lived through again, each with the channels that must show it.
    pub const LIVED: &[(Self, &[&str])] = &[
        (Self::SearchTakesLonger, &["office export"]),
        (Self::RandomnessDrawn, &["office export"]),
        (Self::ReminderKeptBack, &["office mail"]),
        (Self::LineInTheLog, &["office log lines"]),
        (Self::WordsOfTheOfficer, &["GET /follow/{token}/{name}"]),
        (
            Self::MoreTimeTaken,
            &[
                "GET /follow/{token}",
                "GET /api/v1/cases",
                "GET /api/v1/cases/{reference}",
                "office webhooks",
            ],
        ),
        (
            Self::TitleInTheLog,
            &[
                "GET /disclosure-log/feed.atom",
                "GET /api/v1/disclosure-log",
            ],
        ),
        (
            Self::OwnerByAProgram,
            &[
                "GET /api/v1/cases/{reference}",
                "GET /desk/admin/webhooks",
                "office webhooks",
            ],
        ),
        (
            Self::RowOfTheRegisterUsed,
            &[
                "GET /follow/{token}/{name}",
                "GET /disclosure-log/{year}/{slug}",
                "POST /api/v1/cases/{reference}/letter",
            ],
        ),
    ];

    /// Those of an output, each with the channel whose bytes it changes and how.
    pub const SHOWN: &[(Self, &str, Plant)] = &[
        (
            Self::SpaceInTheLetter,
            "GET /follow/{token}/{name}",
            |bytes| {
                bytes.push(b' ');
            },
        ),
        (
            Self::DateInThePdf,
            "GET /desk/cases/{reference}/letter/{name}",
            |bytes| {
                replace(bytes, b"/ModDate", b"/ModDatf");
            },
        ),
        (Self::NameOfTheFile, "GET /follow/{token}/{name}", |bytes| {
            replace(bytes, b"-letter.", b"-answer.");
        }),
        (
            Self::StatusOfTheLink,
            "GET /follow/{token}/{name}",
            |bytes| {
                replace(bytes, b"200", b"410");
            },
        ),
        (Self::SizeOfTheQueue, "GET /desk", |bytes| {
            bytes.extend(b"<!-- -->");
        }),
        (
            Self::OrderOfTheFeed,
            "GET /disclosure-log/feed.json",
            |bytes| {
                bytes.reverse();
            },
        ),
        (Self::CountInTheStatistics, "GET /statistics.csv", |bytes| {
            if let Some(digit) = bytes.iter_mut().rfind(|byte| byte.is_ascii_digit()) {
                *digit ^= 1;
            }
        }),
        (
            Self::NumberForAProgram,
            "GET /api/v1/cases/{reference}",
            |bytes| replace(bytes, b"\"seq\":", b"\"sep\":"),
        ),
        (
            Self::TypeForAProgram,
            "GET /api/v1/cases/{reference}/letter",
            |bytes| replace(bytes, b"application/", b"applicatiox/"),
        ),
        (
            Self::ScopeOfAKey,
            "POST /api/v1/cases/{reference}/acts",
            |bytes| replace(bytes, b"403", b"404"),
        ),
        (Self::HeaderOfAMessage, "office webhooks", |bytes| {
            replace(bytes, b"candour-delivery", b"candour-Delivery");
        }),
        (
            Self::NumberOfFiles,
            "GET /desk/cases/{reference}/files",
            |bytes| replace(bytes, b"letter.pdf", b"notes1.txt"),
        ),
        (Self::RowOfTheRegister, "GET /contracts", |bytes| {
            replace(bytes, b"Grass cutting", b"Lawns cutting");
        }),
        (Self::ContractsFeed, "GET /contracts/feed.atom", |bytes| {
            replace(bytes, b"<entry>", b"<entrx>");
        }),
        (
            Self::PieceOfTheRecord,
            "GET /desk/record/{subject}",
            |bytes| replace(bytes, b"</main>", b" </main"),
        ),
        (Self::DayOfTheMail, "mail received", |bytes| {
            replace(bytes, b"Date: ", b"Datf: ");
        }),
        (Self::FileWithTheMail, "mail issued", |bytes| {
            replace(bytes, b"letter.pdf", b"notes1.pdf");
        }),
    ];
}

fn replace(bytes: &mut [u8], from: &[u8], to: &[u8]) {
    let place = bytes.windows(from.len()).position(|window| window == from);
    if let Some(place) = place {
        bytes[place..place + from.len()].copy_from_slice(to);
    }
}

/// The first thing that differs between two runs, in words; `None` when every byte is equal.
pub fn difference(first: &[Seen], second: &[Seen]) -> Option<(String, String)> {
    for (one, other) in first.iter().zip(second) {
        if one == other {
            continue;
        }
        let channel = one.channel.clone();
        let at = one
            .bytes
            .iter()
            .zip(&other.bytes)
            .position(|(one, other)| one != other)
            .unwrap_or_else(|| one.bytes.len().min(other.bytes.len()));
        let around = |bytes: &[u8]| {
            let start = at.saturating_sub(80).min(bytes.len());
            let end = (at + 80).min(bytes.len());
            String::from_utf8_lossy(&bytes[start..end]).into_owned()
        };
        return Some((
            channel,
            format!(
                "{} | {}\n{} bytes against {}, from byte {at}:\n--- {}\n+++ {}",
                one.which,
                other.which,
                one.bytes.len(),
                other.bytes.len(),
                around(&one.bytes),
                around(&other.bytes)
            ),
        ));
    }
    (first.len() != second.len()).then(|| {
        (
            "number of observations".to_owned(),
            format!("{} against {}", first.len(), second.len()),
        )
    })
}

/// Every channel that differs.
pub fn differing(first: &[Seen], second: &[Seen]) -> Vec<String> {
    let mut channels: Vec<String> = first
        .iter()
        .zip(second)
        .filter(|(one, other)| one != other)
        .map(|(one, _)| one.channel.clone())
        .collect();
    channels.sort();
    channels.dedup();
    channels
}

impl World {
    /// Whether this world leaks so.
    pub fn leaks(&self, leak: Leak) -> bool {
        self.run == Run::Second && self.leak == Some(leak)
    }
}
