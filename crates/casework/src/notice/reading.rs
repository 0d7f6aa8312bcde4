//! A notice with its cues found, and who speaks in each sentence.

use std::ops::Range;

use super::cue::{Cue, Hit, Phrases};
use super::text::{Kind, Sentence, Text};

/// Who speaks in a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Voice {
    /// The authority, of this request.
    Authority,
    /// The applicant: the request's own words, or what the applicant is said to believe.
    Applicant,
    /// The Act, of information and authorities in general.
    Act,
    /// Guidance, a decision notice or a judgment.
    Guidance,
    /// The authority at another time.
    Earlier,
    /// Requests and exemptions as things counted.
    Tally,
}

/// A notice, read.
#[derive(Debug)]
pub(super) struct Reading<'t> {
    pub source: &'t str,
    pub text: Text,
    hits: Vec<Hit>,
    /// For each sentence, its hits as a range of `hits`.
    ranges: Vec<Range<usize>>,
    /// For each sentence, the cues in it as bits.
    cues: Vec<u128>,
    /// For each sentence, who speaks.
    pub voices: Vec<Voice>,
    /// For each sentence, the question it is about, where the notice says so.
    pub scopes: Vec<Option<String>>,
}

impl<'t> Reading<'t> {
    pub fn new(source: &'t str, phrases: &Phrases) -> Self {
        let text = Text::read(source);
        let hits = phrases.find(&text);
        let (mut ranges, mut cues, mut at) = (Vec::new(), Vec::new(), 0);
        for sentence in &text.sentences {
            let from = at;
            let mut bits = 0_u128;
            while let Some(hit) = hits
                .get(at)
                .filter(|hit| hit.words.start < sentence.words.end)
            {
                bits |= 1_u128 << (hit.cue as u32);
                at = at.saturating_add(1);
            }
            ranges.push(from..at);
            cues.push(bits);
        }
        let mut reading = Self {
            source,
            text,
            hits,
            ranges,
            cues,
            voices: Vec::new(),
            scopes: Vec::new(),
        };
        reading.voices = reading.hear();
        reading.scopes = reading.scope();
        reading
    }

    pub fn len(&self) -> usize {
        self.text.sentences.len()
    }

    pub fn sentence(&self, index: usize) -> Option<&Sentence> {
        self.text.sentences.get(index)
    }

    pub fn kind(&self, index: usize) -> Kind {
        self.sentence(index)
            .map_or(Kind::Prose, |sentence| sentence.kind)
    }

    /// The bytes of a sentence.
    pub fn span(&self, index: usize) -> Range<usize> {
        self.sentence(index)
            .map_or(0..0, |sentence| sentence.span.clone())
    }

    /// Whether a sentence has a cue.
    pub fn has(&self, index: usize, cue: Cue) -> bool {
        self.cues
            .get(index)
            .is_some_and(|bits| bits & (1_u128 << (cue as u32)) != 0)
    }

    /// Whether a sentence has one of these cues.
    pub fn has_any(&self, index: usize, cues: &[Cue]) -> bool {
        cues.iter().any(|cue| self.has(index, *cue))
    }

    /// The places of a cue in a sentence.
    pub fn hits(&self, index: usize, cue: Cue) -> impl Iterator<Item = &Hit> {
        let range = if self.has(index, cue) {
            self.ranges.get(index).cloned().unwrap_or(0..0)
        } else {
            0..0
        };
        self.hits
            .get(range)
            .unwrap_or(&[])
            .iter()
            .filter(move |hit| hit.cue == cue)
    }

    /// Whether the authority speaks in this sentence.
    pub fn authority(&self, index: usize) -> bool {
        self.voices.get(index) == Some(&Voice::Authority)
    }

    /// Whether the authority makes a statement here, and no mere title.
    pub fn states(&self, index: usize) -> bool {
        self.authority(index) && self.kind(index) != Kind::Heading
    }

    /// Whether a hit is denied: a negation stands shortly before it in its clause.
    pub fn denied(&self, index: usize, hit: &Hit) -> bool {
        let clause = |word: usize| self.text.words.get(word).map(|word| word.clause);
        // "If it can't be settled you may …": a new subject.
        if self.text.form(hit.words.start) == "you" {
            return false;
        }
        self.hits(index, Cue::Negation).any(|negation| {
            negation.words.end <= hit.words.start
                && hit.words.start.saturating_sub(negation.words.end) <= 7
                && clause(negation.words.start) == clause(hit.words.start)
                && !self.hits(index, Cue::HarmlessNegation).any(|harmless| {
                    harmless.words.start <= negation.words.end
                        && harmless.words.end >= negation.words.start
                })
                && !self.breaks_off(negation.words.end..hit.words.start)
        })
    }

    /// Whether the words between turn to something else: "but", "and we".
    fn breaks_off(&self, words: Range<usize>) -> bool {
        words.clone().any(|word| {
            matches!(
                self.text.form(word),
                "but" | "because" | "since" | "so" | "however" | "although" | "unless"
            ) || (self.text.form(word) == "and"
                && matches!(
                    self.text.form(word.saturating_add(1)),
                    "we" | "you" | "is" | "are" | "may" | "i"
                ))
        })
    }

    /// A cue in a sentence that isn't denied.
    pub fn affirmed(&self, index: usize, cue: Cue) -> Option<&Hit> {
        self.hits(index, cue).find(|hit| !self.denied(index, hit))
    }

    /// Whether one cue overlaps another in a sentence: "after the review" covers "the review".
    pub fn covered(&self, index: usize, hit: &Hit, by: Cue) -> bool {
        self.hits(index, by)
            .any(|other| other.words.start < hit.words.end && hit.words.start < other.words.end)
    }

    /// The number of words of a sentence.
    pub fn word_count(&self, index: usize) -> usize {
        self.sentence(index)
            .map_or(0, |sentence| sentence.words.len())
    }

    /// The bytes of some words.
    pub fn words_span(&self, words: &Range<usize>) -> Range<usize> {
        let first = self.text.words.get(words.start);
        let last = words
            .end
            .checked_sub(1)
            .and_then(|last| self.text.words.get(last));
        match (first, last) {
            (Some(first), Some(last)) => first.span.start..last.span.end,
            _ => 0..0,
        }
    }

    /// Whether a sentence begins with a demand, behind its label: "Q4. Please supply …".
    fn demands(&self, index: usize) -> bool {
        let Some(sentence) = self.sentence(index) else {
            return false;
        };
        let label = sentence
            .words
            .clone()
            .take_while(|word| {
                let form = self.text.form(*word);
                matches!(form, "question" | "q" | "part" | "and" | "also" | "then")
                    || form.chars().count() <= 3 && form.chars().any(|c| c.is_ascii_digit())
                    || form.chars().count() == 1
            })
            .count();
        let first = sentence.words.start.saturating_add(label.min(3));
        self.hits(index, Cue::ApplicantDemand)
            .any(|hit| hit.words.start == first)
    }

    /// Whether the authority decides something here, in its own words.
    fn decides(&self, index: usize) -> bool {
        self.has_any(
            index,
            &[
                Cue::Exempt,
                Cue::Withheld,
                Cue::Refused,
                Cue::Neither,
                Cue::DutyExcluded,
            ],
        )
    }

    /// Who speaks, sentence by sentence.
    fn hear(&self) -> Vec<Voice> {
        #[derive(PartialEq)]
        enum Mode {
            Authority,
            /// A heading announced the request.
            Request,
            /// "You asked for:" announced a list, in this paragraph.
            RequestList,
            /// "Section 17 of the Act provides:" announced a recital.
            Recital,
        }
        let upheld = (0..self.len()).any(|index| self.has(index, Cue::Upheld));
        let mut mode = Mode::Authority;
        let mut voices = Vec::with_capacity(self.len());
        for index in 0..self.len() {
            let Some(sentence) = self.sentence(index) else {
                break;
            };
            let said = self.has(index, Cue::ApplicantSaid);
            let demand = self.demands(index) && !self.decides(index);
            // "Not happy with our answer?" is asked by the authority.
            let own_question = sentence.question && self.has(index, Cue::Dissatisfied);
            let asks = (sentence.question && !own_question) || demand;
            if sentence.kind == Kind::Heading {
                mode = if self.announces_request(index) {
                    Mode::Request
                } else {
                    Mode::Authority
                };
                voices.push(if self.is_tally(index) {
                    Voice::Tally
                } else {
                    Voice::Authority
                });
                continue;
            }
            let listed = sentence.kind == Kind::Item || sentence.quoted;
            match mode {
                Mode::Request if self.decides(index) && !asks && !said && !sentence.quoted => {
                    mode = Mode::Authority
                }
                Mode::RequestList if !listed && !asks => mode = Mode::Authority,
                Mode::Recital if !listed && !self.has(index, Cue::ActRecites) => {
                    mode = Mode::Authority
                }
                _ => {}
            }
            let own_clause = self.answers_in_same_sentence(index);
            let voice = if self.is_tally(index) {
                Voice::Tally
            } else if mode == Mode::Recital || self.recites(index) {
                Voice::Act
            } else if sentence.quoted
                || asks
                || matches!(mode, Mode::Request | Mode::RequestList)
                || (said && !own_clause)
            {
                Voice::Applicant
            } else if self.has(index, Cue::Earlier) && !upheld {
                Voice::Earlier
            } else if self.has(index, Cue::Guidance)
                && !self.has_any(
                    index,
                    &[
                        Cue::Dissatisfied,
                        Cue::Withheld,
                        Cue::Exempt,
                        Cue::Neither,
                        Cue::CommissionerAddress,
                    ],
                )
                && !self.first_person_claim(index)
            {
                Voice::Guidance
            } else {
                Voice::Authority
            };
            if sentence.opens && (self.has(index, Cue::ActProvides) || voice == Voice::Act) {
                mode = Mode::Recital;
            } else if sentence.opens && voice == Voice::Applicant && !asks {
                mode = Mode::RequestList;
            }
            voices.push(voice);
        }
        voices
    }

    /// Whether a heading announces the applicant's words: "Your request", "Information requested".
    fn announces_request(&self, index: usize) -> bool {
        let Some(sentence) = self.sentence(index) else {
            return false;
        };
        let digits = sentence.words.clone().any(|word| {
            self.text
                .form(word)
                .starts_with(|c: char| c.is_ascii_digit())
        });
        !digits
            && self
                .hits(index, Cue::RequestHeading)
                .any(|hit| sentence.words.len().saturating_sub(hit.words.len()) <= 2)
            && !self
                .hits(index, Cue::ResponseHeading)
                .any(|hit| hit.words.start == sentence.words.start)
    }

    /// Whether a sentence says what the Act says of information in general.
    fn recites(&self, index: usize) -> bool {
        let recital = self.has(index, Cue::ActRecites)
            || (self.has(index, Cue::ActProvides)
                && !self.has_any(index, &[Cue::Withheld, Cue::Dissatisfied]));
        recital && !self.first_person_claim(index)
    }

    /// "we rely on", "in our view", "the Council has applied": the authority makes the claim its own.
    fn first_person_claim(&self, index: usize) -> bool {
        let Some(sentence) = self.sentence(index) else {
            return false;
        };
        let claims = |word: usize| {
            let form = self.text.form(word);
            let next = self.text.form(word.saturating_add(1));
            let after = self.text.form(word.saturating_add(2));
            let verb = |form: &str| {
                [
                    "rel",
                    "consider",
                    "believe",
                    "conclude",
                    "find",
                    "withh",
                    "refus",
                    "appl",
                    "think",
                    "deem",
                    "judge",
                    "are satisfied",
                    "decid",
                    "claim",
                    "cite",
                    "invok",
                ]
                .iter()
                .any(|stem| form.starts_with(stem))
            };
            (matches!(form, "we" | "i")
                && (verb(next)
                    || (matches!(next, "have" | "are" | "am" | "therefore" | "also" | "do")
                        && verb(after))))
                || (form == "our"
                    && matches!(
                        next,
                        "view"
                            | "opinion"
                            | "decision"
                            | "position"
                            | "ground"
                            | "reason"
                            | "reasons"
                    ))
                || (form == "my" && matches!(next, "view" | "opinion" | "decision"))
                || (matches!(
                    form,
                    "council"
                        | "trust"
                        | "force"
                        | "department"
                        | "university"
                        | "authority"
                        | "constabulary"
                        | "agency"
                        | "board"
                ) && (verb(next)
                    || (matches!(next, "has" | "is" | "therefore" | "also") && verb(after))))
        };
        sentence.words.clone().any(claims)
    }

    /// "You asked for the names; these are exempt under section 40(2)": the answer stands in a later clause.
    fn answers_in_same_sentence(&self, index: usize) -> bool {
        let Some(said) = self.hits(index, Cue::ApplicantSaid).next() else {
            return true;
        };
        // "You argued that it is not exempt", "you asked why we refused": the rest is the applicant's.
        let reported = matches!(
            self.text.form(said.words.end),
            "that" | "whether" | "why" | "if" | "how" | "which" | "who" | "when" | "where" | "what"
        );
        let clause = |word: usize| self.text.words.get(word).map_or(0, |word| word.clause);
        [Cue::Exempt, Cue::Withheld, Cue::Refused, Cue::Neither]
            .iter()
            .any(|cue| {
                self.hits(index, *cue).any(|hit| {
                    if hit.words.start < said.words.end || self.denied(index, hit) {
                        return false;
                    }
                    if !reported {
                        return true;
                    }
                    let own = clause(hit.words.start);
                    if own <= clause(said.words.start) {
                        return false;
                    }
                    let first = self.sentence(index).and_then(|sentence| {
                        sentence.words.clone().find(|word| clause(*word) == own)
                    });
                    let form = |offset: usize| {
                        first.map_or("", |word| self.text.form(word.saturating_add(offset)))
                    };
                    form(0) != "that" && !(form(0) == "and" && form(1) == "that")
                })
            })
    }

    /// "Section 12: 41", "Neither confirmed nor denied: none": a line that counts.
    fn is_tally(&self, index: usize) -> bool {
        let Some(sentence) = self.sentence(index) else {
            return false;
        };
        let slice = self.source.get(sentence.span.clone()).unwrap_or("");
        let counted = sentence.words.len() <= 12
            && slice
                .rsplit_once([':', '=', '\t', '|', '–'])
                .is_some_and(|(head, tail)| {
                    let tail = tail.trim().trim_end_matches('.');
                    let count = matches!(tail.to_lowercase().as_str(), "none" | "nil" | "zero")
                        || (!tail.is_empty()
                            && tail.len() <= 6
                            && tail.bytes().all(|b| b.is_ascii_digit() || b == b','));
                    count && self.names_a_refusal(index, head)
                });
        counted || (self.has(index, Cue::Tally) && !self.first_person_claim(index))
    }

    fn names_a_refusal(&self, index: usize, head: &str) -> bool {
        self.has_any(
            index,
            &[Cue::Neither, Cue::Exempt, Cue::Refused, Cue::Withheld],
        ) || !law::find_citations(head).is_empty()
    }

    /// The question that each sentence is about: named in it, or in the heading or list label before it.
    fn scope(&self) -> Vec<Option<String>> {
        let mut current: Option<String> = None;
        let mut scopes = Vec::with_capacity(self.len());
        for index in 0..self.len() {
            let Some(sentence) = self.sentence(index) else {
                break;
            };
            let named = self.named_questions(index);
            let labelled = sentence
                .label
                .clone()
                .filter(|label| label.bytes().any(|b| b.is_ascii_digit()) || sentence.question);
            if sentence.kind == Kind::Heading && named.is_none() && labelled.is_none() {
                current = None;
            } else if sentence.kind == Kind::Heading || labelled.is_some() {
                current = labelled.clone().or_else(|| named.clone());
            }
            scopes.push(named.or_else(|| current.clone()));
        }
        scopes
    }

    /// "Questions 2 and 3", "question b".
    fn named_questions(&self, index: usize) -> Option<String> {
        let sentence = self.sentence(index)?;
        let at = sentence.words.clone().find(|word| {
            matches!(
                self.text.form(*word),
                "question" | "questions" | "q" | "part" | "parts"
            )
        })?;
        let labels: Vec<&str> = (at.saturating_add(1)..sentence.words.end)
            .map(|word| self.text.form(word))
            .take_while(|form| {
                matches!(*form, "and" | "to" | "or")
                    || form.chars().count() <= 3 && form.chars().any(|c| c.is_ascii_digit())
                    || (form.chars().count() == 1 && *form != "a")
            })
            .filter(|form| !matches!(*form, "and" | "to" | "or"))
            .collect();
        (!labels.is_empty()).then(|| labels.join(" "))
    }
}
