//! What phrases show: the cues of `data/notice`, and the finding of them in a text.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use law::{Problem, Provision};
use serde::Deserialize;
use toml::Spanned;

use super::text::Text;

macro_rules! cues {
    ($($variant:ident = $id:literal),* $(,)?) => {
        /// What a phrase shows; `data/notice` says of each by which phrases.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[allow(missing_docs, reason = "each is described in data/notice, where its phrases stand")]
        pub(super) enum Cue { $($variant),* }
        impl Cue {
            const ALL: &[(Self, &str)] = &[$((Self::$variant, $id)),*];
        }
    };
}

cues! {
    RequestHeading = "request-heading", ResponseHeading = "response-heading", ApplicantSaid = "applicant-said",
    ApplicantDemand = "applicant-demand", ActRecites = "act-recites", ActProvides = "act-provides", Guidance = "guidance",
    Earlier = "earlier", Hypothetical = "hypothetical", Tally = "tally", Condition = "condition", Negation = "negation",
    HarmlessNegation = "harmless-negation",
    Exempt = "exempt", Withheld = "withheld", Refused = "refused", NotRelied = "not-relied", Neither = "neither-confirm-nor-deny",
    DutyExcluded = "duty-excluded", OtherInformation = "other-information", Held = "held", NotHeld = "not-held",
    WhetherHeld = "whether-held", NoIndication = "no-indication", ByVirtueOf = "by-virtue-of", NamedOtherwise = "named-otherwise",
    NamedExemption = "named-exemption",
    Because = "because", Mechanism = "mechanism", Harm = "harm", Fact = "fact", Cost = "cost", Releasing = "releasing", StatutoryInterest = "statutory-interest",
    Title = "title", Likely = "likely", LikelyOtherwise = "likely-otherwise", WouldPrejudice = "would-prejudice",
    EitherLevel = "either-level",
    PublicInterest = "public-interest", LeadFor = "lead-for", LeadAgainst = "lead-against", LeadBalance = "lead-balance",
    Openness = "openness", Protective = "protective", Argued = "argued", Concede = "concede", Contrast = "contrast", Outweighs = "outweighs",
    TestDescribed = "test-described", Absolute = "absolute", Qualified = "qualified", Undecided = "undecided",
    AboutConfirming = "about-confirming", AboutContent = "about-content",
    Review = "review", ReviewOver = "review-over", Invitation = "invitation", Dissatisfied = "dissatisfied", NoReview = "no-review",
    Commissioner = "commissioner", ToCommissioner = "to-commissioner", Period = "period", AnswerTime = "answer-time",
    SixWeeks = "six-weeks", CommissionerAddress = "commissioner-address",
    RequestIdentified = "request-identified", OwnReference = "own-reference", Advice = "advice", StaffContact = "staff-contact",
    Place = "place", QualifiedPerson = "qualified-person", Opinion = "opinion", EstimateDate = "estimate-date", Omitted = "omitted",
    EarlierNotice = "earlier-notice", Upheld = "upheld", Genuine = "genuine", RequesterBlamed = "requester-blamed",
    Late = "late",
}

/// A cue found in the text.
#[derive(Clone, Debug)]
pub(super) struct Hit {
    pub cue: Cue,
    /// The words that show it, as indices.
    pub words: Range<usize>,
}

/// The phrases of every cue, ready for matching. The words that phrases are made of are numbered, so that a text's words
/// are looked up once and then compared as numbers.
#[derive(Debug)]
pub struct Phrases {
    patterns: Vec<Pattern>,
    /// The number of each word of a phrase.
    whole: HashMap<String, u32>,
    /// The number of each beginning of a word.
    beginnings: HashMap<String, u32>,
    /// For each of these numbers, the patterns that begin with it.
    starting: Vec<Vec<u32>>,
    /// Patterns that begin with a number.
    numbers: Vec<u32>,
    /// The lengths of the keys of `beginnings`, in bytes.
    lengths: Vec<usize>,
}

#[derive(Debug)]
struct Pattern {
    cue: Cue,
    parts: Vec<Part>,
}

#[derive(Debug)]
enum Part {
    /// One of these words or beginnings.
    Word(Vec<u32>),
    Number,
    Gap,
}

/// What the phrases know of a word form of the text.
struct Form {
    /// The words and beginnings that it fits.
    fits: Vec<u32>,
    number: bool,
    passed_over: bool,
}

/// A text's words as the phrases know them.
struct Known {
    forms: Vec<Form>,
    /// For each word of the text, its form.
    words: Vec<usize>,
}

impl Known {
    fn form(&self, word: usize) -> Option<&Form> {
        self.forms.get(*self.words.get(word)?)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    cue: Vec<Spanned<Entry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: Spanned<String>,
    shows: String,
    #[serde(default)]
    provision: Option<Spanned<String>>,
    source: String,
    phrases: Vec<Spanned<String>>,
    examples: Vec<Spanned<String>>,
    #[serde(default)]
    not: Vec<Spanned<String>>,
}

/// A mistake in one of the files of `data/notice`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileProblem {
    /// The name the file was given under.
    pub file: String,
    /// What is wrong with it.
    pub problem: Problem,
}

impl Phrases {
    /// Reads the files of `data/notice`, each with the name to show for it.
    ///
    /// # Errors
    /// Every mistake: unknown, doubled or missing cues, phrases that say nothing, examples that their list doesn't find.
    pub fn parse(files: &[(&str, &str)]) -> Result<Self, Vec<FileProblem>> {
        let mut problems = Vec::new();
        let mut entries: BTreeMap<Cue, (String, Entry)> = BTreeMap::new();
        for (name, text) in files {
            let mut problem = |span: Range<usize>, code, message: String| {
                problems.push(FileProblem {
                    file: (*name).to_owned(),
                    problem: Problem::at(span, code, message),
                });
            };
            let file: File = match toml::from_str(text) {
                Ok(file) => file,
                Err(error) => {
                    problem(
                        error.span().unwrap_or_default(),
                        "notice.malformed",
                        error.message().to_owned(),
                    );
                    continue;
                }
            };
            for entry in file.cue.into_iter().map(Spanned::into_inner) {
                let id = entry.id.get_ref();
                let Some((cue, _)) = Cue::ALL.iter().find(|(_, known)| known == id) else {
                    problem(
                        entry.id.span(),
                        "notice.unknown_cue",
                        format!("`{id}` is no cue that the notice check looks for"),
                    );
                    continue;
                };
                if let Some(provision) = &entry.provision {
                    let whole = ["FOIA Part II"].contains(&provision.get_ref().as_str());
                    if !whole && provision.get_ref().parse::<Provision>().is_err() {
                        problem(
                            provision.span(),
                            "notice.bad_provision",
                            format!(
                                "`{}` is not a provision; write it as FOIA s.17(1)(b)",
                                provision.get_ref()
                            ),
                        );
                    }
                }
                if entry.shows.trim().is_empty() || entry.source.trim().is_empty() {
                    problem(
                        entry.id.span(),
                        "notice.no_source",
                        format!("`{id}` must say what it shows and where that comes from"),
                    );
                }
                if entry.examples.is_empty() {
                    problem(
                        entry.id.span(),
                        "notice.no_example",
                        format!("`{id}` has no example; give a sentence that it must find"),
                    );
                }
                if entries.contains_key(cue) {
                    problem(
                        entry.id.span(),
                        "notice.duplicate_cue",
                        format!("`{id}` stands twice; join the two"),
                    );
                    continue;
                }
                entries.insert(*cue, ((*name).to_owned(), entry));
            }
        }
        for (cue, id) in Cue::ALL {
            if !entries.contains_key(cue) && problems.is_empty() {
                problems.push(FileProblem {
                    file: files
                        .first()
                        .map_or_else(String::new, |(name, _)| (*name).to_owned()),
                    problem: Problem::at(
                        0..0,
                        "notice.missing_cue",
                        format!("no file has the cue `{id}`"),
                    ),
                });
            }
        }
        let mut phrases = Self {
            patterns: Vec::new(),
            whole: HashMap::new(),
            beginnings: HashMap::new(),
            starting: Vec::new(),
            numbers: Vec::new(),
            lengths: Vec::new(),
        };
        for (cue, (file, entry)) in &entries {
            for phrase in &entry.phrases {
                if let Err(message) = phrases.add(*cue, phrase.get_ref()) {
                    problems.push(FileProblem {
                        file: file.clone(),
                        problem: Problem::at(phrase.span(), "notice.bad_phrase", message),
                    });
                }
            }
        }
        phrases.lengths = phrases.beginnings.keys().map(String::len).collect();
        phrases.lengths.sort_unstable();
        phrases.lengths.dedup();
        for (cue, (file, entry)) in &entries {
            let finds = |sentence: &str| {
                let text = Text::read(sentence);
                phrases.find(&text).iter().any(|hit| hit.cue == *cue)
            };
            for (list, wanted) in [(&entry.examples, true), (&entry.not, false)] {
                for example in list {
                    if finds(example.get_ref()) != wanted {
                        let how = if wanted { "isn't found" } else { "is found" };
                        problems.push(FileProblem {
                            file: file.clone(),
                            problem: Problem::at(
                                example.span(),
                                "notice.failed_example",
                                format!(
                                    "`{}` {how} by `{}`",
                                    example.get_ref(),
                                    entry.id.get_ref()
                                ),
                            ),
                        });
                    }
                }
            }
        }
        if problems.is_empty() {
            Ok(phrases)
        } else {
            Err(problems)
        }
    }

    fn add(&mut self, cue: Cue, phrase: &str) -> Result<(), String> {
        let mut parts = Vec::new();
        for part in phrase.split_whitespace().filter(|part| *part != ":") {
            parts.push(match part {
                "…" => Part::Gap,
                "#" => Part::Number,
                word => Part::Word(
                    word.split('/')
                        .map(|alternative| self.number(alternative))
                        .collect::<Result<_, _>>()
                        .map_err(|why| format!("`{phrase}` {why}"))?,
                ),
            });
        }
        let index =
            u32::try_from(self.patterns.len()).map_err(|_| "too many phrases".to_owned())?;
        match parts.first() {
            Some(Part::Word(alternatives)) => {
                for number in alternatives {
                    if let Some(list) = self.starting.get_mut(*number as usize) {
                        list.push(index);
                    }
                }
            }
            Some(Part::Number) => self.numbers.push(index),
            _ => return Err(format!("`{phrase}` must begin with a word")),
        }
        if matches!(parts.last(), Some(Part::Gap)) {
            return Err(format!("`{phrase}` must end with a word"));
        }
        self.patterns.push(Pattern { cue, parts });
        Ok(())
    }

    /// The number of a word, or of a beginning such as `publish*`.
    fn number(&mut self, alternative: &str) -> Result<u32, String> {
        let word = alternative.trim_end_matches('*').to_lowercase();
        if word.is_empty() {
            return Err("has a word of no letters".to_owned());
        }
        let map = if alternative.ends_with('*') {
            &mut self.beginnings
        } else {
            &mut self.whole
        };
        let next = u32::try_from(self.starting.len()).map_err(|_| "is too much".to_owned())?;
        let number = *map.entry(word).or_insert(next);
        if number == next {
            self.starting.push(Vec::new());
        }
        Ok(number)
    }

    /// Looks up each word form of a text once.
    fn know(&self, text: &Text) -> Known {
        let mut places: HashMap<&str, usize> = HashMap::new();
        let mut known = Known {
            forms: Vec::new(),
            words: Vec::with_capacity(text.words.len()),
        };
        for at in 0..text.words.len() {
            let form = text.form(at);
            let place = *places.entry(form).or_insert_with(|| {
                let beginnings = self
                    .lengths
                    .iter()
                    .filter_map(|length| self.beginnings.get(form.get(..*length)?).copied());
                known.forms.push(Form {
                    fits: self
                        .whole
                        .get(form)
                        .copied()
                        .into_iter()
                        .chain(beginnings)
                        .collect(),
                    number: is_number(form),
                    passed_over: PASSED_OVER.contains(&form),
                });
                known.forms.len().saturating_sub(1)
            });
            known.words.push(place);
        }
        known
    }

    /// Every cue of a text, in the order of its words.
    pub(super) fn find(&self, text: &Text) -> Vec<Hit> {
        let known = self.know(text);
        let mut hits = Vec::new();
        for sentence in &text.sentences {
            for at in sentence.words.clone() {
                let Some(form) = known.form(at) else {
                    continue;
                };
                let lists = form
                    .fits
                    .iter()
                    .filter_map(|number| self.starting.get(*number as usize));
                for index in lists.chain(form.number.then_some(&self.numbers)).flatten() {
                    let Some(pattern) = self.patterns.get(*index as usize) else {
                        continue;
                    };
                    if let Some(end) = matches(&known, &pattern.parts, at, sentence.words.end) {
                        hits.push(Hit {
                            cue: pattern.cue,
                            words: at..end,
                        });
                    }
                }
            }
        }
        hits
    }
}

/// Words that may stand between the words of a phrase without changing it.
const PASSED_OVER: &[&str] = &[
    "the", "a", "an", "any", "that", "this", "these", "those", "our", "its", "it's", "their",
    "your", "his", "her", "such", "very", "both", "hereby", "certain", "own", "some",
];

/// The most words that `…` stands for.
const GAP: usize = 6;

fn matches(known: &Known, parts: &[Part], at: usize, limit: usize) -> Option<usize> {
    let Some((part, rest)) = parts.split_first() else {
        return Some(at);
    };
    if matches!(part, Part::Gap) {
        return (at..=at.saturating_add(GAP).min(limit))
            .find_map(|from| exactly(known, rest, from, limit));
    }
    let mut from = at;
    // Passed over: at most two, and only between words, so not before the first.
    for _ in 0..3 {
        if from >= limit {
            return None;
        }
        if let Some(end) = exactly(known, parts, from, limit) {
            return Some(end);
        }
        if !known.form(from).is_some_and(|form| form.passed_over) {
            return None;
        }
        from = from.saturating_add(1);
    }
    None
}

/// As [`matches`], with the first part at `at` itself.
fn exactly(known: &Known, parts: &[Part], at: usize, limit: usize) -> Option<usize> {
    let Some((part, rest)) = parts.split_first() else {
        return Some(at);
    };
    if at >= limit {
        return None;
    }
    let form = known.form(at)?;
    let fits = match part {
        Part::Word(alternatives) => alternatives.iter().any(|number| form.fits.contains(number)),
        Part::Number => form.number,
        Part::Gap => return matches(known, parts, at, limit),
    };
    if !fits {
        return None;
    }
    matches(known, rest, at.saturating_add(1), limit)
}

/// Digits, or a number in words.
pub(super) fn is_number(form: &str) -> bool {
    form.starts_with(|c: char| c.is_ascii_digit())
        || matches!(
            form,
            "one"
                | "two"
                | "three"
                | "four"
                | "five"
                | "six"
                | "seven"
                | "eight"
                | "nine"
                | "ten"
                | "twelve"
                | "fifteen"
                | "eighteen"
                | "twenty"
                | "thirty"
                | "forty"
                | "fifty"
                | "sixty"
                | "ninety"
                | "hundred"
        )
}
