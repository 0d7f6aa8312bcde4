//! What published words say: the things they are about, the names in them, and what is numbered, dated or versioned.

use std::ops::Range;

use super::kinds::Kinds;
use super::lexicon::{Lexicon, Match, Sense, ThingId, Versions};
use super::words::{Word, compared, words};

/// A run of words that shows a kind of information.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    /// What it shows.
    pub kinds: Kinds,
    /// Byte range of the text.
    pub span: Range<usize>,
}

/// What one text says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Statement {
    /// What it is about, in the order of the text.
    pub about: Vec<ThingId>,
    /// What it mentions besides, after "for" or "with".
    pub besides: Vec<ThingId>,
    /// Where the first words for each thing stand.
    pub spans: Vec<(ThingId, Range<usize>)>,
    /// Makers and products as compared, "fortinet", "axleharbour".
    pub names: Vec<String>,
    /// What the words show beyond that the thing is there.
    pub shown: Vec<Shown>,
    /// Whether it is about ICT at all.
    pub ict: bool,
}

impl Statement {
    /// Everything that it shows.
    pub fn shows(&self) -> Kinds {
        self.shown
            .iter()
            .fold(Kinds::NONE, |all, shown| all | shown.kinds)
    }

    fn show(&mut self, kinds: Kinds, span: Range<usize>) {
        let known = self.shown.iter_mut().find(|shown| shown.span == span);
        match known {
            Some(shown) => shown.kinds |= kinds,
            None => self.shown.push(Shown { kinds, span }),
        }
    }
}

/// Reads a text. `ict` says that what stands around it is about ICT, so that words with other senses count.
pub(crate) fn read(lexicon: &Lexicon, text: &str, ict: bool) -> Statement {
    let words = words(text);
    let matches = lexicon.matches(&words);
    let mut reader = Reader {
        lexicon,
        text,
        words: &words,
        matches: &matches,
        taken: vec![false; words.len()],
        found: Statement::default(),
    };
    reader.read(ict);
    reader.found
}

struct Reader<'a> {
    lexicon: &'a Lexicon,
    text: &'a str,
    words: &'a [Word],
    matches: &'a [Match],
    /// Words that belong to a name or a version and number nothing.
    taken: Vec<bool>,
    found: Statement,
}

impl Reader<'_> {
    fn read(&mut self, ict: bool) {
        let names = self.longest(|sense| matches!(sense, Sense::Name(_)));
        for name in &names {
            self.take(&name.words);
        }
        let sure = self.longest(|sense| matches!(sense, Sense::Thing(_)));
        self.found.ict = ict
            || !names.is_empty()
            || !sure.is_empty()
            || self.matches.iter().any(|found| found.sense == Sense::Ict);
        let mut things = if self.found.ict {
            self.longest(|sense| matches!(sense, Sense::Thing(_) | Sense::WeakThing(_)))
        } else {
            sure
        };
        let inside = |thing: &Match| {
            names.iter().any(|name| {
                name.words.start <= thing.words.start
                    && thing.words.end <= name.words.end
                    && matches!(thing.sense, Sense::WeakThing(_))
            })
        };
        // "Licences" says less than the thing that is licensed.
        let narrow = things
            .iter()
            .any(|found| matches!(found.sense, Sense::Thing(_)));
        things.retain(|found| {
            !(inside(found) || narrow && matches!(found.sense, Sense::WeakThing(_)))
        });
        self.things(&things, &names);
        for name in &names {
            self.name(name);
        }
        if !self.found.ict {
            return;
        }
        self.unknown_names();
        self.versions();
        self.counts();
        self.editions();
        self.addresses();
        self.found.shown.sort_by_key(|shown| shown.span.start);
    }

    /// The matches of some senses that lie inside no longer one.
    fn longest(&self, wanted: impl Fn(Sense) -> bool) -> Vec<Match> {
        let mut found: Vec<Match> = Vec::new();
        let mut covered = 0;
        let mut last: Option<Range<usize>> = None;
        for one in self.matches.iter().filter(|one| wanted(one.sense)) {
            // Two things may share the same words.
            if one.words.end > covered || last.as_ref() == Some(&one.words) {
                covered = covered.max(one.words.end);
                last = Some(one.words.clone());
                found.push(one.clone());
            }
        }
        found
    }

    fn take(&mut self, range: &Range<usize>) {
        for taken in self.taken.get_mut(range.clone()).into_iter().flatten() {
            *taken = true;
        }
    }

    fn bytes(&self, range: &Range<usize>) -> Range<usize> {
        let start = self
            .words
            .get(range.start)
            .map_or(0, |word| word.span.start);
        let last = range.end.saturating_sub(1);
        start..self.words.get(last).map_or(start, |word| word.span.end)
    }

    /// What it is about: things by their words and products by their names, in the order of the text; what follows
    /// "for" or "with" stands beside. A maker's name says what it is about only where nothing else does.
    fn things(&mut self, things: &[Match], names: &[Match]) {
        let mut placed: Vec<(ThingId, Range<usize>)> = things
            .iter()
            .filter_map(|found| match found.sense {
                Sense::Thing(thing) | Sense::WeakThing(thing) => Some((thing, found.words.clone())),
                _ => None,
            })
            .collect();
        let named = |products: bool| {
            names
                .iter()
                .filter_map(|found| match found.sense {
                    Sense::Name(index) => self
                        .lexicon
                        .name(index)
                        .filter(|name| name.product == products)
                        .map(|name| (name, found.words.clone())),
                    _ => None,
                })
                .flat_map(|(name, words)| {
                    name.things.iter().map(move |thing| (*thing, words.clone()))
                })
                .collect::<Vec<_>>()
        };
        placed.extend(named(true));
        if placed
            .iter()
            .all(|(thing, _)| self.lexicon.is_licences(*thing))
        {
            placed.extend(named(false));
        }
        if placed
            .iter()
            .any(|(thing, _)| !self.lexicon.is_licences(*thing))
        {
            placed.retain(|(thing, _)| !self.lexicon.is_licences(*thing));
        }
        placed.sort_by_key(|(_, words)| words.start);
        for (thing, place) in placed {
            let span = self.bytes(&place);
            self.found.spans.push((thing, span));
            // "Anti-malware for laptops" is about anti-malware.
            let before = self.words.get(..place.start).unwrap_or_default();
            let sentence = self.words.get(place.start).map(|word| word.sentence);
            let after_for = before
                .iter()
                .filter(|word| Some(word.sentence) == sentence)
                .any(|word| matches!(word.text.as_str(), "for" | "with" | "including" | "from"));
            let list = if after_for && !self.found.about.is_empty() {
                &mut self.found.besides
            } else {
                &mut self.found.about
            };
            if !list.contains(&thing) {
                list.push(thing);
            }
        }
        let about = self.found.about.clone();
        self.found.besides.retain(|thing| !about.contains(thing));
    }

    fn name(&mut self, found: &Match) {
        let Sense::Name(index) = found.sense else {
            return;
        };
        let Some(name) = self.lexicon.name(index) else {
            return;
        };
        let (product, versions, models) = (name.product, name.versions, name.models);
        let system = name.things.iter().any(|thing| {
            self.lexicon
                .thing(*thing)
                .is_some_and(|thing| thing.subject == "operating-systems")
        });
        let maker = compared(&name.maker);
        let own: Vec<String> = self
            .words
            .get(found.words.clone())
            .unwrap_or_default()
            .iter()
            .map(|word| word.text.clone())
            .collect();
        for key in [own.join(" "), maker] {
            if !self.found.names.contains(&key) {
                self.found.names.push(key);
            }
        }
        let span = self.bytes(&found.words);
        let mut kinds = Kinds::MANUFACTURER;
        if product {
            kinds |= Kinds::DESCRIPTION;
        }
        if system {
            kinds |= Kinds::OPERATING_SYSTEM;
        }
        if versions == Some(Versions::Named) {
            kinds |= Kinds::VERSION;
        }
        self.found.show(kinds, span);
        let next = found.words.end;
        let Some(word) = self.words.get(next).filter(|_| self.beside(next)) else {
            return;
        };
        let year = word.is_year() && !self.year_range(next);
        let number = word.number.is_some_and(|n| n < 100)
            || word.points() > 0
            || word.is_mixed()
                && word
                    .text
                    .trim_end_matches(char::is_alphabetic)
                    .parse::<u8>()
                    .is_ok()
                && word.text.len() <= 3;
        let version = match versions {
            Some(Versions::Year) => year,
            Some(Versions::Number) => number && !self.counts_something(next),
            Some(Versions::Named) | None => word.points() > 0,
        };
        if version {
            let end = match self.words.get(next.saturating_add(1)) {
                Some(release) if release.text == "r2" => next.saturating_add(2),
                _ => next.saturating_add(1),
            };
            self.found.show(Kinds::VERSION, self.bytes(&(next..end)));
            self.take(&(next..end));
        } else if models && is_model(word, product) {
            self.found
                .show(Kinds::MODEL, self.bytes(&(next..next.saturating_add(1))));
            self.take(&(next..next.saturating_add(1)));
        }
    }

    /// Whether only a space, hyphen or bracket stands between a word and the one before it.
    fn beside(&self, at: usize) -> bool {
        let Some((before, word)) = at
            .checked_sub(1)
            .and_then(|before| self.words.get(before).zip(self.words.get(at)))
        else {
            return false;
        };
        let between = self
            .text
            .get(before.span.end..word.span.start)
            .unwrap_or("");
        between
            .chars()
            .all(|c| c == ' ' || c == '-' || c == '\u{a0}')
            && !between.contains(" -")
    }

    /// "2024/25", "2024-27": a financial year or a term, no version.
    fn year_range(&self, at: usize) -> bool {
        let Some(word) = self.words.get(at) else {
            return false;
        };
        let rest = self.text.get(word.span.end..).unwrap_or("").trim_start();
        let mut characters = rest.chars();
        matches!(characters.next(), Some('/' | '-' | '–' | '—'))
            && characters
                .find(|c| !c.is_whitespace())
                .is_some_and(|c| c.is_ascii_digit())
    }

    /// Whether the number there is one of things: "20 users".
    fn counts_something(&self, at: usize) -> bool {
        let next = at.saturating_add(1);
        let sentence = |at: usize| self.words.get(at).map(|word| word.sentence);
        sentence(at) == sentence(next)
            && self.matches.iter().any(|found| {
                found.words.start == next && matches!(found.sense, Sense::Counted(_) | Sense::Unit)
            })
    }

    /// "AxleHarbour": a name that no list has.
    fn unknown_names(&mut self) {
        for (at, word) in self.words.iter().enumerate() {
            let known = self.taken.get(at).copied().unwrap_or(true);
            if known || !word.camel || !is_name(self.text.get(word.span.clone()).unwrap_or("")) {
                continue;
            }
            let inside = self.matches.iter().any(|found| {
                found.words.contains(&at) && matches!(found.sense, Sense::Thing(_) | Sense::Filler)
            });
            if inside {
                continue;
            }
            if !self.found.names.contains(&word.text) {
                self.found.names.push(word.text.clone());
            }
            let span = word.span.clone();
            self.found
                .show(Kinds::DESCRIPTION | Kinds::MANUFACTURER, span);
        }
    }

    fn versions(&mut self) {
        for found in self.matches {
            if found.sense != Sense::Version {
                continue;
            }
            let next = found.words.end;
            let Some(word) = self.words.get(next) else {
                continue;
            };
            let free = !self.taken.get(next).copied().unwrap_or(true);
            let numbered = word.number.is_some_and(|n| n < 1000) || word.points() > 0;
            if free && numbered && self.beside(next) && !self.counts_something(next) {
                let range = found.words.start..next.saturating_add(1);
                self.found.show(Kinds::VERSION, self.bytes(&range));
                self.take(&range);
            }
        }
        for (at, word) in self.words.iter().enumerate() {
            let fused = word.text.strip_prefix('v').is_some_and(|rest| {
                !rest.is_empty()
                    && rest.starts_with(|c: char| c.is_ascii_digit())
                    && rest
                        .bytes()
                        .all(|byte| byte.is_ascii_digit() || byte == b'.')
            });
            if (fused || word.points() == 2) && !self.taken.get(at).copied().unwrap_or(true) {
                let range = at..at.saturating_add(1);
                self.found.show(Kinds::VERSION, self.bytes(&range));
                self.take(&range);
            }
        }
    }

    fn counts(&mut self) {
        for at in 0..self.words.len() {
            if self.taken.get(at).copied().unwrap_or(true) || !self.is_count(at) {
                continue;
            }
            if let Some((kinds, end)) = self.counted_after(at) {
                self.found.show(kinds, self.bytes(&(at..end)));
            } else if let Some((kinds, start)) = self.counted_before(at) {
                self.found
                    .show(kinds, self.bytes(&(start..at.saturating_add(1))));
            }
        }
    }

    fn is_count(&self, at: usize) -> bool {
        let Some(word) = self.words.get(at) else {
            return false;
        };
        let number = word.number.or_else(|| {
            NUMBERS
                .iter()
                .position(|n| *n == word.text)
                .map(|n| n as u64)
        });
        let after_unit = self.matches.iter().any(|found| {
            found.words.end == at && matches!(found.sense, Sense::Unit | Sense::Version)
        });
        let before = self
            .text
            .get(..word.span.start)
            .unwrap_or("")
            .trim_end()
            .chars()
            .next_back();
        number.is_some_and(|n| n > 0)
            && !word.is_year()
            && !after_unit
            && !self.year_range(at)
            && !matches!(before, Some('£' | '/' | '–' | '#'))
    }

    /// "2,400 Microsoft 365 licences": the noun within three words, the last of a compound.
    fn counted_after(&self, at: usize) -> Option<(Kinds, usize)> {
        let sentence = self.words.get(at)?.sentence;
        let mut head: Option<(Kinds, usize)> = None;
        let mut next = at.saturating_add(1);
        while next <= at.saturating_add(4) {
            let word = self.words.get(next)?;
            if word.sentence != sentence
                || word.number.is_some() && !self.taken.get(next).copied().unwrap_or(false)
                || matches!(
                    word.text.as_str(),
                    "and" | "of" | "at" | "in" | "to" | "from" | "by"
                )
            {
                break;
            }
            let unit = self
                .matches
                .iter()
                .any(|found| found.words.start == next && found.sense == Sense::Unit);
            if unit && head.is_none() {
                return None;
            }
            let noun = self
                .matches
                .iter()
                .filter(|found| found.words.start == next)
                .find_map(|found| match found.sense {
                    Sense::Counted(kinds) => Some((kinds, found.words.end)),
                    _ => None,
                });
            match noun {
                Some((kinds, end)) => {
                    head = Some((kinds, end));
                    next = end;
                    // "250 users, laptops": a comma ends the compound.
                    if !self.beside(next) {
                        break;
                    }
                }
                None if head.is_some() => break,
                None => next = next.saturating_add(1),
            }
            if next >= self.words.len() {
                break;
            }
        }
        head
    }

    /// "laptops x 250", "users: 300", "devices (40)".
    fn counted_before(&self, at: usize) -> Option<(Kinds, usize)> {
        let mut end = at;
        let mut said = false;
        while let Some(before) = end.checked_sub(1) {
            let word = self.words.get(before)?;
            if !matches!(
                word.text.as_str(),
                "x" | "qty" | "quantity" | "number" | "no" | "total"
            ) {
                break;
            }
            said = true;
            end = before;
        }
        let word = self.words.get(at)?;
        let last = self.words.get(end.checked_sub(1)?)?;
        let first = self.words.get(end)?;
        let between = self.text.get(last.span.end..first.span.start)?.trim();
        let after = self.text.get(word.span.end..).unwrap_or("").trim_start();
        let bracketed = between == "(" && after.starts_with(')');
        if !(said || between == ":" || bracketed || between == "=") || self.counts_something(at) {
            return None;
        }
        self.matches
            .iter()
            .filter(|found| found.words.end == end)
            .find_map(|found| match found.sense {
                Sense::Counted(kinds) => Some((kinds, found.words.start)),
                _ => None,
            })
    }

    /// "Microsoft 365 E5", "E3 licences".
    fn editions(&mut self) {
        for found in self.matches {
            if found.sense != Sense::Edition {
                continue;
            }
            let beside_name = found
                .words
                .start
                .checked_sub(1)
                .and_then(|before| self.taken.get(before))
                .copied()
                .unwrap_or(false);
            let before_licence = self.matches.iter().any(|other| {
                other.words.start == found.words.end
                    && other.sense == Sense::Counted(Kinds::LICENCES)
            });
            if beside_name || before_licence {
                self.found.show(Kinds::LICENCES, self.bytes(&found.words));
            }
        }
    }

    /// "10.20.0.1": an address on the network.
    fn addresses(&mut self) {
        for word in self.words {
            let parts: Vec<&str> = word.text.split('.').collect();
            if parts.len() == 4 && parts.iter().all(|part| part.parse::<u8>().is_ok()) {
                self.found.show(Kinds::NETWORK, word.span.clone());
            }
        }
    }
}

const NUMBERS: &[&str] = &[
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve",
];

/// Letters and digits as makers mix them, "r740"; after a product's name plain digits too, "9300".
fn is_model(word: &Word, product: bool) -> bool {
    let length = word.text.len();
    if word.is_mixed() {
        let head = word.text.trim_start_matches(|c: char| c.is_ascii_digit());
        let digits_first = head.len() < length;
        let measure = digits_first
            && matches!(
                head,
                "yr" | "mth"
                    | "month"
                    | "st"
                    | "nd"
                    | "rd"
                    | "th"
                    | "m"
                    | "k"
                    | "gb"
                    | "tb"
                    | "mb"
                    | "g"
                    | "d"
                    | "h"
                    | "day"
            );
        let span = digits_first && head.starts_with('x');
        let period = matches!(word.text.get(..1), Some("q" | "h")) && length == 2
            || word.text.starts_with("fy");
        (2..=12).contains(&length) && !measure && !span && !period
    } else {
        product && word.number.is_some() && (3..=4).contains(&length) && !word.is_year()
    }
}

/// Whether a word with an inner capital is a name, and no "VoIP", "IaaS", "MFDs", "eForms" or "McKenzie".
fn is_name(word: &str) -> bool {
    let capitals = word.chars().filter(|c| c.is_uppercase()).count();
    let starts_small = word.starts_with(char::is_lowercase);
    let humps = word
        .chars()
        .zip(word.chars().skip(1))
        .filter(|(one, next)| one.is_lowercase() && next.is_uppercase())
        .count();
    let surname = ["Mc", "Mac", "O'", "De", "Le", "La", "Van"]
        .iter()
        .any(|prefix| {
            word.strip_prefix(prefix).is_some_and(|rest| {
                humps == 1
                    && rest.starts_with(char::is_uppercase)
                    && rest.chars().skip(1).all(char::is_lowercase)
            })
        });
    humps > 0
        && !starts_small
        && word.chars().count() > 4
        && !word.to_lowercase().ends_with("aas")
        && !surname
        && capitals.saturating_mul(2) <= word.chars().count()
        && !matches!(
            word,
            "PostScript" | "WiFi" | "GovRoam" | "EduRoam" | "HealthWatch" | "SharePoints"
        )
}

/// What a question counts: "how many laptops", "the number of user licences".
pub(crate) fn counted(lexicon: &Lexicon, text: &str) -> Kinds {
    let words = words(text);
    let matches = lexicon.matches(&words);
    let mut kinds = Kinds::NONE;
    for (at, pair) in words.windows(2).enumerate() {
        let asks = pair.first().zip(pair.last()).is_some_and(|(one, two)| {
            matches!(
                (one.text.as_str(), two.text.as_str()),
                ("how", "many") | ("number", "of")
            )
        });
        if !asks {
            continue;
        }
        let first = at.saturating_add(2);
        let nearest = matches
            .iter()
            .filter(|found| (first..first.saturating_add(4)).contains(&found.words.start))
            .find_map(|found| match found.sense {
                Sense::Counted(kinds) => Some((kinds, found.words.end)),
                _ => None,
            });
        if let Some((mut one, end)) = nearest {
            // The last of a compound counts: "user licences".
            let after = matches.iter().find_map(|found| match found.sense {
                Sense::Counted(kinds) if found.words.start == end => Some(kinds),
                _ => None,
            });
            one = after.unwrap_or(one);
            kinds |= one;
        }
    }
    kinds
}

/// Whether a text says that an incident happened: an incident's word, one that asserts, and none that only supposes, in
/// one sentence. Gives the incident's words.
pub(crate) fn incident(lexicon: &Lexicon, text: &str) -> Option<Range<usize>> {
    let words = words(text);
    let matches = lexicon.matches(&words);
    let sentence = |found: &Match| words.get(found.words.start).map(|word| word.sentence);
    matches
        .iter()
        .filter(|found| found.sense == Sense::Incident)
        .find(|incident| {
            let here = |sense: Sense| {
                matches
                    .iter()
                    .any(|other| other.sense == sense && sentence(other) == sentence(incident))
            };
            here(Sense::Asserted) && !here(Sense::Supposed)
        })
        .map(|incident| {
            let start = words
                .get(incident.words.start)
                .map_or(0, |word| word.span.start);
            let end = words
                .get(incident.words.end.saturating_sub(1))
                .map_or(start, |word| word.span.end);
            start..end
        })
}
