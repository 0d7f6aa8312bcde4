//! How alike two texts are: `MinHash` over three-word shingles for near-duplicates, shared words for matching questions.

use std::collections::BTreeSet;
use std::hash::{Hash, Hasher};

/// 16 bands of 4 hashes: texts of which two thirds are shared are found almost surely, those with a fifth almost never.
const BANDS: usize = 16;
const ROWS: usize = 4;

/// The words of a text, lower case, without punctuation.
fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// Fowler–Noll–Vo: the same on every machine and for ever, because keys are kept in indexes.
struct Fnv(u64);

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

fn hash(parts: &[String]) -> u64 {
    let mut hasher = Fnv(0xcbf2_9ce4_8422_2325);
    parts.hash(&mut hasher);
    hasher.finish()
}

/// Mixes a hash with a seed, so that one hash serves as many.
fn mixed(hash: u64, seed: u64) -> u64 {
    let mut z = hash ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The band keys of the questions of a request: two requests that share one are probably near-duplicates. Salutations and
/// signatures are no questions, so they don't make requests alike.
#[must_use]
pub fn bands(questions: &[String]) -> Vec<u64> {
    let words = words(&questions.join(" "));
    let shingles: Vec<u64> = if words.len() < 3 {
        vec![hash(&words)]
    } else {
        words.windows(3).map(hash).collect()
    };
    (0..BANDS)
        .map(|band| {
            (0..ROWS).fold(band as u64, |key, row| {
                let seed = (band.saturating_mul(ROWS).saturating_add(row)) as u64;
                let least = shingles
                    .iter()
                    .map(|shingle| mixed(*shingle, seed.saturating_add(1)))
                    .min()
                    .unwrap_or(0);
                mixed(key ^ least, 0)
            })
        })
        .collect()
}

/// Words that every question has.
const COMMON: &[&str] = &[
    "a", "an", "and", "any", "are", "as", "at", "be", "by", "council", "did", "do", "does", "each",
    "for", "from", "have", "how", "in", "is", "it", "last", "many", "much", "of", "on", "or",
    "please", "provide", "that", "the", "their", "there", "these", "they", "this", "those", "to",
    "was", "were", "what", "when", "which", "who", "with", "you", "your",
];

/// A text without the words that every question has.
pub(crate) fn without_common(text: &str) -> String {
    text.split_whitespace()
        .filter(|word| {
            let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
            !COMMON.contains(&bare.to_lowercase().as_str())
        })
        .collect::<Vec<_>>()
        .join(" ")
}

fn content(text: &str) -> BTreeSet<String> {
    words(text)
        .into_iter()
        .filter(|word| !COMMON.contains(&word.as_str()))
        // Plural and singular are one word here.
        .map(|word| match word.strip_suffix('s') {
            Some(stem) if stem.len() > 2 => stem.to_owned(),
            _ => word,
        })
        .collect()
}

/// How much two questions share, 0 to 1: shared words among all their words.
#[must_use]
pub fn shared(one: &str, other: &str) -> f32 {
    let (one, other) = (content(one), content(other));
    let both = one.intersection(&other).count();
    let all = one.union(&other).count();
    if all == 0 {
        return 0.0;
    }
    both as f32 / all as f32
}

/// Two questions that match.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// The place of the question among those asked about.
    pub asked: usize,
    /// The place of the question that matches it.
    pub found: usize,
    /// How much they share, 0 to 1.
    pub shared: f32,
}

/// For each question asked the one found that matches best, if any does; in the order asked.
#[must_use]
pub fn side_by_side(asked: &[String], found: &[String]) -> Vec<Pair> {
    asked
        .iter()
        .enumerate()
        .filter_map(|(index, question)| {
            found
                .iter()
                .enumerate()
                .map(|(other, text)| Pair {
                    asked: index,
                    found: other,
                    shared: shared(question, text),
                })
                .filter(|pair| pair.shared >= 0.25)
                .max_by(|a, b| a.shared.total_cmp(&b.shared))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn a_near_duplicate_shares_a_band_and_another_request_does_not() {
        let one = texts(&[
            "How many laptops did the council have on 31 March 2024, broken down by ward and by department?",
            "What was the total spend on laptops in each of the last three financial years up to 2024?",
        ]);
        let near = texts(&[
            "How many laptops did the council have on 31 March 2025, broken down by ward and by department?",
            "What was the total spend on laptops in each of the last three financial years up to 2024?",
        ]);
        let other = texts(&[
            "How long did it take on average to deal with potholes, and what is the target for it?",
        ]);
        let share = |a: &[String], b: &[String]| {
            let a = bands(a);
            bands(b).iter().filter(|key| a.contains(key)).count()
        };
        assert_eq!(share(&one, &one), BANDS);
        assert!(share(&one, &near) > 0);
        assert_eq!(share(&one, &other), 0);
        assert_eq!(bands(&[]), bands(&texts(&["..."])));
    }

    #[test]
    fn questions_match_side_by_side() {
        let asked = texts(&[
            "Who supplies the telephony system?",
            "How many potholes were reported?",
            "What colour is the hall?",
        ]);
        let found = texts(&[
            "How many reports of potholes were there?",
            "Who is the supplier of your telephony systems?",
        ]);
        let pairs: Vec<(usize, usize)> = side_by_side(&asked, &found)
            .iter()
            .map(|pair| (pair.asked, pair.found))
            .collect();
        assert_eq!(pairs, [(0, 1), (1, 0)]);
    }
}
