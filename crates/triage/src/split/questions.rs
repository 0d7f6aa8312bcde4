//! Reads the outline for what asks.

use std::collections::BTreeSet;
use std::ops::Range;

use super::lines::Line;
use super::markers::Scheme;
use super::outline::{self, Place};
use super::sentences::{Sentence, Text};
use super::shapes::{
    are_fields, counts, counts_on, ends_in_article, ends_in_example, ends_lines, explains_option,
    follows_up, heads, how, is_bulleted, is_name, is_option, is_part, is_rows_lead, is_title,
    last_end, leads_on, left_open, names_or_asks, near_end, particular, parts_into, states, wants,
};
use super::units::{self, Unit, Units};
use super::{Part, clauses, forms, slice};
use crate::cues::{Cue, CueHit};

/// The questions of some lines, in order; labels are empty where the applicant gave none.
pub(super) fn read(text: &Text<'_>, lines: &[Line]) -> Vec<Part> {
    let (body, cues) = (text.body, text.hits);
    let Units { units, sentences } = units::read(text, lines);
    let places = outline::read(body, &units);
    let runs = runs(&units, &places);
    let titles = forms::titles(body, &units);
    let again = lists_again(body, &units, &runs);
    let read = |blocks: &[Range<usize>]| {
        let mut reader = Reader {
            body,
            cues,
            units: &units,
            sentences: &sentences,
            places: &places,
            runs: &runs,
            titles: &titles,
            again: &again,
            blocks,
            found: Vec::with_capacity(units.len()),
            stem: None,
            heading: None,
            titled: false,
        };
        reader.read();
        // Vague wishes and bare nouns count only where nothing asks more plainly.
        let least = match reader.found.iter().map(|(_, how)| *how).max() {
            Some(How::Asks) => How::InRow,
            Some(How::InRow) => How::Wishes,
            Some(surest) => surest,
            None => How::Names,
        };
        let mut found = reader.found;
        found.retain(|(_, how)| *how >= least);
        found
    };
    let parts = |found: Vec<(Part, How)>| found.into_iter().map(|(part, _)| part).collect();
    let found = read(&[]);
    let sure: Vec<&Part> = found
        .iter()
        .filter(|(_, how)| *how != How::InRow)
        .map(|(part, _)| part)
        .collect();
    let mut blocks = forms::blocks(body, &units, &places, &titles);
    let is_form = |block: &Range<usize>| {
        forms::is_titled(block.start, &titles) || units.get(block.clone()).is_some_and(are_fields)
    };
    let titled = blocks
        .iter()
        .any(|block| is_form(block) && missed(&units, block, &sure) > 0);
    blocks.retain(|block| {
        missed(&units, block, &sure).saturating_mul(2) > block.len() || titled && is_form(block)
    });
    let lines: usize = blocks
        .iter()
        .map(|block| missed(&units, block, &sure))
        .sum();
    if lines <= sure.len() && !titled {
        return parts(found);
    }
    parts(read(&blocks))
}

/// How many lines of a block no question was found in.
fn missed(units: &[Unit], block: &Range<usize>, found: &[&Part]) -> usize {
    units
        .get(block.clone())
        .unwrap_or(&[])
        .iter()
        .filter(|unit| {
            let next = found.partition_point(|part| part.span.end <= unit.span.start);
            found
                .get(next)
                .is_none_or(|part| part.span.start >= unit.span.end)
        })
        .count()
}

/// The fewest names that stops part.
const FEWEST_NAMES: usize = 4;

/// The most words of a line that names something wanted between two numbered items.
const LONGEST_BETWEEN: usize = 12;

/// No list of bare lines is longer.
const LONGEST_LIST: usize = 1_000;

/// How surely a sentence asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum How {
    /// It names something that could be wanted.
    Names,
    /// It wishes for something, in general words.
    Wishes,
    /// It opens as a question does, next to others.
    InRow,
    Asks,
}

/// A list at the top level: its units, from one paragraph to the next.
#[derive(Clone, Debug)]
struct Run {
    units: Range<usize>,
    /// Whether an item of it asks.
    asks: bool,
}

fn runs(units: &[Unit], places: &[Place]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut inside = false;
    let mut scheme: Option<Scheme> = None;
    for (index, (unit, place)) in units.iter().zip(places).enumerate() {
        if place.depth == 0 {
            inside = false;
            continue;
        }
        // "a) … b) … 1) …": another way of counting begins another list.
        if let Some(marker) = unit.marker.as_ref().filter(|_| place.depth == 1) {
            let changes = match (scheme, marker.scheme) {
                (Some(Scheme::Number(_)), Scheme::Number(_)) => false,
                (Some(before), now) => before != now,
                (None, _) => false,
            };
            // "1. We are a charity. 2. We help people online. 1. How many …": questions counted anew below statements.
            let anew = marker.value == 1
                && runs.last().is_some_and(|run| {
                    let before = units.get(run.units.clone()).unwrap_or(&[]);
                    before.len() > 1 && before.iter().all(states)
                });
            inside &= !changes && !anew;
            scheme = Some(marker.scheme);
        }
        if !inside {
            runs.push(Run {
                units: index..index,
                asks: false,
            });
        }
        inside = true;
        if let Some(run) = runs.last_mut() {
            run.units.end = index.saturating_add(1);
            run.asks |= unit.marker.is_some() && unit.asks();
        }
    }
    runs
}

/// Where the lists of numbered names begin that stand there more than once, as below each of several questions.
fn lists_again(body: &str, units: &[Unit], runs: &[Run]) -> BTreeSet<usize> {
    let mut lists: Vec<(Vec<&str>, usize)> = runs
        .iter()
        .filter_map(|run| {
            let own = units.get(run.units.clone())?;
            let named = own.len() > 1 && own.iter().all(|unit| is_name(unit) && !is_bulleted(unit));
            let names = own.iter().map(|unit| slice(body, unit.span.clone()));
            named.then(|| (names.collect(), run.units.start))
        })
        .collect();
    lists.sort_unstable();
    lists
        .chunk_by(|one, other| one.0 == other.0)
        .filter(|same| same.len() > 1)
        .flatten()
        .map(|(_, start)| *start)
        .collect()
}

struct Reader<'a> {
    body: &'a str,
    cues: &'a [CueHit],
    units: &'a [Unit],
    sentences: &'a [Sentence],
    places: &'a [Place],
    runs: &'a [Run],
    /// The units over lines that repeat, such as "Firewall" and "Anti-virus" over the same particulars.
    titles: &'a BTreeSet<usize>,
    /// Where the lists begin that [`lists_again`] finds.
    again: &'a BTreeSet<usize>,
    /// Blocks of bare lines that are each a question.
    blocks: &'a [Range<usize>],
    found: Vec<(Part, How)>,
    /// The paragraph that leads to what comes next.
    stem: Option<Range<usize>>,
    /// The title that what comes next stands under.
    heading: Option<Range<usize>>,
    /// Whether the latest numbered item was a title over paragraphs.
    titled: bool,
}

impl<'a> Reader<'a> {
    fn read(&mut self) {
        let mut next_run: usize = 0;
        let mut signed_off = false;
        let mut index: usize = 0;
        let asking_until = self
            .runs
            .iter()
            .rev()
            .find(|run| run.asks)
            .map_or(0, |run| run.units.start);
        let asking_from = self
            .runs
            .iter()
            .find(|run| run.asks)
            .map_or(0, |run| run.units.start);
        while let Some(unit) = self.units.get(index) {
            if let Some(run) = self.runs.get(next_run)
                && run.units.start == index
            {
                if signed_off && !run.asks {
                    // Initials and addresses.
                } else if self.is_scope(index, run) {
                    self.ask_lead(index);
                } else if self.names_rows(next_run) {
                    self.keep_rows(run);
                } else if self.offers_answers(index) {
                    // "Which of these do you use?" over the answers to choose from.
                    let lead = index.checked_sub(1).and_then(|at| self.units.get(at));
                    if lead.is_some_and(|lead| !lead.question) {
                        self.ask_lead(index);
                    }
                    for line in self.units.get(run.units.clone()).unwrap_or(&[]) {
                        if line.marker.is_none() {
                            self.line(line, &None);
                        }
                    }
                } else {
                    index = self.list(run.units.clone());
                    self.stem = None;
                    next_run = next_run.saturating_add(1);
                    continue;
                }
                index = run.units.end;
                next_run = next_run.saturating_add(1);
                continue;
            }
            if unit.opening.has(Cue::Greeting) && unit.words <= 10 && !unit.asks() {
                signed_off = false;
                index = index.saturating_add(1);
                continue;
            }
            if index >= asking_until && self.signs_off(unit) {
                signed_off = true;
            }
            if signed_off {
                self.after_sign_off(unit);
                index = index.saturating_add(1);
                continue;
            }
            if let Some(block) = self.block(index) {
                index = self.form(block);
                continue;
            }
            if self.block(index.saturating_add(1)).is_some() && self.hands_over(unit) {
                self.stem = Some(unit.span.clone());
                index = index.saturating_add(1);
                continue;
            }
            let before_list = self
                .runs
                .get(next_run)
                .is_some_and(|run| run.units.start == index.saturating_add(1));
            index = self.paragraph(index, before_list, index < asking_from, asking_until > 0);
        }
    }

    /// The block of bare lines that begins at a unit.
    fn block(&self, index: usize) -> Option<Range<usize>> {
        let at = self.blocks.partition_point(|block| block.start < index);
        self.blocks
            .get(at)
            .filter(|block| block.start == index)
            .cloned()
    }

    /// Whether a list only says for what the question above it is asked: years, or whatever "in these categories:" names.
    fn is_scope(&self, index: usize, run: &Run) -> bool {
        let Some(lead) = index.checked_sub(1).and_then(|at| self.units.get(at)) else {
            return false;
        };
        let scoped = near_end(self.cues, lead, self.sentences, &[Cue::Scope], 3);
        self.asks_before_scope(lead)
            && self.items(run).count() > 1
            && self.items(run).all(|item| {
                forms::is_period(slice(self.body, item.span.clone()))
                    || (scoped && is_name(item) && !item.closed)
            })
    }

    /// Whether a paragraph's last sentence is a whole question, followed by that for which it is asked; "the number of
    /// fines in" is none.
    fn asks_before_scope(&self, lead: &Unit) -> bool {
        self.sentences_of(lead).last().is_some_and(|last| {
            let concrete = last
                .all
                .any(&[Cue::Quantity, Cue::QuestionWord, Cue::Wanted]);
            lead.leads
                && (!lead.hangs || near_end(self.cues, lead, self.sentences, &[Cue::Scope], 3))
                && concrete
                && !last.is_aside()
                && (last.requests
                    || last.opening.any(&[
                        Cue::QuestionWord,
                        Cue::Quantity,
                        Cue::Wanted,
                        Cue::Whole,
                    ]))
        })
    }

    /// The paragraph above a list that only says for what it is asked.
    fn ask_lead(&mut self, index: usize) {
        let Some(lead) = index.checked_sub(1).and_then(|at| self.units.get(at)) else {
            return;
        };
        self.stem = None;
        if let Some(last) = self.sentences_of(lead).last() {
            self.push(String::new(), last.span.clone(), None, How::Asks);
        }
    }

    /// Whether a paragraph above a list asks by its mark and the list holds answers to choose from.
    fn offers_answers(&self, index: usize) -> bool {
        index.checked_sub(1).is_some_and(|at| {
            self.units.get(at).is_some_and(|lead| {
                lead.marker.is_none()
                    && (lead.question && !lead.leads || ends_in_article(self.body, lead))
            }) && self.is_choice(at, index)
        })
    }

    /// Whether the last sentence above a block asks nothing by itself: "Please fill in each line."
    fn hands_over(&self, unit: &Unit) -> bool {
        self.sentences_of(unit)
            .last()
            .is_some_and(|last| !last.question || last.requests || last.all.has(Cue::Introduces))
            && self
                .sentences_of(unit)
                .iter()
                .filter(|one| one.question)
                .count()
                < 2
    }

    /// Each line of a block; returns the first unit behind it.
    fn form(&mut self, block: Range<usize>) -> usize {
        let stem = self.stem.take();
        self.bare_lines(block.clone(), &stem);
        block.end
    }

    /// "Kind regards", "Thank you, Jo", but not "Best practice guides".
    fn signs_off(&self, unit: &Unit) -> bool {
        if !unit.opening.has(Cue::SignOff) || unit.question || unit.leads || unit.words > 12 {
            return false;
        }
        let Some(first) = self.sentences_of(unit).first() else {
            return false;
        };
        let end = self
            .cues
            .get(first.cues.clone())
            .unwrap_or(&[])
            .iter()
            .filter(|hit| hit.cue == Cue::SignOff)
            .map(|hit| hit.end)
            .max()
            .unwrap_or(unit.span.end);
        let rest = slice(self.body, end..unit.span.end);
        let words = rest.split_whitespace().count();
        rest.trim_start()
            .starts_with([',', '.', '!', '-', '–', '\n'])
            || words <= 2
    }

    fn sentences_of(&self, unit: &Unit) -> &'a [Sentence] {
        self.sentences.get(unit.sentences.clone()).unwrap_or(&[])
    }

    fn push(&mut self, label: String, span: Range<usize>, stem: Option<Range<usize>>, how: How) {
        let in_order = self
            .found
            .last()
            .is_none_or(|(last, _)| last.span.end <= span.start);
        let text = slice(self.body, span.clone());
        // "[answer]" is left to be filled in.
        let blank =
            text.starts_with('[') && text.ends_with(']') && !text.contains(char::is_whitespace);
        if in_order && !blank && text.contains(char::is_alphanumeric) {
            self.found.push((
                Part {
                    label,
                    span,
                    stem,
                    heading: self.heading.clone(),
                },
                how,
            ));
        }
    }

    /// A question put below the signature counts if it is one beyond doubt.
    fn after_sign_off(&mut self, unit: &Unit) {
        for sentence in self.sentences_of(unit) {
            if sentence.question && !sentence.is_aside() && sentence.words > 3 {
                self.push(String::new(), sentence.span.clone(), None, How::Asks);
            }
        }
    }

    /// Reads a paragraph; returns the first unit behind what was read.
    fn paragraph(
        &mut self,
        index: usize,
        before_list: bool,
        preamble: bool,
        has_list: bool,
    ) -> usize {
        let after = index.saturating_add(1);
        let Some(unit) = self.units.get(index) else {
            return after;
        };
        if self.goes_between(index) {
            self.stem = None;
            let lead = self.item_above(index).filter(|item| parts_into(item));
            // "Figures on use, split into:" is asked of each line below it.
            if let Some(lead) = lead {
                self.found.pop_if(|(last, _)| last.span == lead.span);
            }
            let stem = lead.map(|lead| lead.span.clone());
            self.push(String::new(), unit.span.clone(), stem, How::Asks);
            return after;
        }
        if is_title(unit) && !self.lists(unit) {
            if before_list && (unit.leads || unit.hangs) {
                self.stem = Some(unit.span.clone());
            } else {
                self.heading = Some(unit.span.clone());
                self.stem = None;
            }
            if !unit.leads || before_list {
                return after;
            }
        }
        if before_list && (unit.leads || unit.hangs || !unit.question) {
            self.before_lead(unit);
            // "Please advise (a) … (b) …": the list goes on in the line that leads to it.
            let runs_on = self.units.get(after).is_some_and(|item| {
                !slice(self.body, unit.span.end..item.span.start).contains('\n')
            });
            self.stem = (unit.leads || unit.hangs || runs_on).then(|| unit.span.clone());
            return after;
        }
        if before_list && !self.items_ask(after) && !self.is_choice(index, after) {
            self.stem = Some(unit.span.clone());
            return after;
        }
        let introduces = unit.requests
            && unit.all.has(Cue::Introduces)
            && self
                .sentences_of(unit)
                .last()
                .is_some_and(|last| !last.names && !last.question);
        if (unit.leads || introduces || self.breaks_off(index)) && !before_list {
            let end = self.bare_list(index);
            if end > after {
                return end;
            }
            self.stem = Some(unit.span.clone());
        } else if !before_list {
            self.stem = None;
        }
        // "Say whether each of these is part of it:" over a title and its list.
        let over_title = unit.leads
            && unit.requests
            && unit.all.any(&[Cue::Pointing, Cue::Each])
            && self
                .units
                .get(after)
                .is_some_and(|next| is_title(next) && !next.leads);
        if !over_title {
            self.prose(unit, preamble, has_list);
        }
        if before_list {
            self.stem = Some(unit.span.clone());
        }
        after
    }

    /// Whether a short paragraph without a mark names something wanted between two items whose numbers go on: "Date the
    /// contract was signed" below "4. Is there one, and who supplies it" and above "5. …".
    fn goes_between(&self, index: usize) -> bool {
        let Some(unit) = self.units.get(index) else {
            return false;
        };
        if unit.closed || unit.leads || unit.words > LONGEST_BETWEEN || is_option(unit) {
            return false;
        }
        let next = self.runs.partition_point(|run| run.units.start <= index);
        let led = self.item_above(index).is_some_and(parts_into);
        let ends = |at: usize| self.runs.get(at).map(|run| run.units.clone());
        let alone = next
            .checked_sub(1)
            .and_then(ends)
            .zip(ends(next))
            .is_none_or(|(before, below)| below.start.saturating_sub(before.end) < 2);
        // A line alone is as likely a title: "Contract 2".
        let wanted = unit
            .opening
            .any(&[Cue::QuestionWord, Cue::Wanted, Cue::Quantity])
            || !alone && (led || unit.all.any(&[Cue::Deal, Cue::Price]));
        if !wanted {
            return false;
        }
        let marked = |run: Option<&Run>| {
            let own = self.units.get(run?.units.clone())?;
            let mut markers = own.iter().filter_map(|unit| {
                let marker = unit.marker.as_ref()?;
                matches!(marker.scheme, Scheme::Number(_)).then_some(marker)
            });
            Some((markers.next()?.clone(), markers.next_back().cloned()))
        };
        let before = marked(next.checked_sub(1).and_then(|at| self.runs.get(at)));
        let below = marked(self.runs.get(next));
        matches!((before, below), (Some((first, last)), Some((next, _)))
            if counts_on(Some(last.as_ref().unwrap_or(&first)), Some(&next)))
    }

    /// The last unit of the list above a paragraph.
    fn item_above(&self, index: usize) -> Option<&'a Unit> {
        let next = self.runs.partition_point(|run| run.units.start <= index);
        let above = self.runs.get(next.checked_sub(1)?)?;
        self.units.get(above.units.end.checked_sub(1)?)
    }

    /// What a paragraph asks in so many words before its last sentence leads to a list.
    fn before_lead(&mut self, unit: &Unit) {
        let Some((lead, before)) = self.sentences_of(unit).split_last() else {
            return;
        };
        let example = lead.all.has(Cue::Example);
        // "(by these categories):" or "To be precise:" only goes on.
        if !example && !lead.requests && lead.words <= 8 {
            return;
        }
        for sentence in before {
            let asks = sentence.question || (example && sentence.requests && sentence.names);
            let names = sentence.requests
                && sentence.names
                && lead.requests
                && !sentence.all.any(&[Cue::Introduces, Cue::Umbrella]);
            if (asks || names) && !sentence.is_aside() && sentence.words > 3 {
                self.push(String::new(), sentence.span.clone(), None, How::Asks);
            }
        }
    }

    /// Whether at least half of the items of the list that starts at `index` ask.
    fn items_ask(&self, index: usize) -> bool {
        let depth = self.places.get(index).map_or(0, |place| place.depth);
        let (mut asking, mut count): (usize, usize) = (0, 0);
        for (unit, place) in self
            .units
            .iter()
            .zip(self.places)
            .skip(index)
            .take_while(|(_, place)| place.depth >= depth)
        {
            if place.depth == depth && unit.marker.is_some() {
                count = count.saturating_add(1);
                asking = asking.saturating_add(usize::from(unit.asks()));
            }
        }
        asking.saturating_mul(2) >= count
    }

    /// Whether the first item of the list that starts at `index` hangs on an answer, "a. If you did, how much?", or asks for
    /// more of it in a whole sentence, "1.1. A list of them, with the date of each."
    fn items_follow_up(&self, index: usize) -> bool {
        self.units.get(index).is_some_and(|unit| {
            self.sentences_of(unit).first().is_some_and(|first| {
                first.opening.any(&[Cue::Conditional, Cue::If])
                    || unit.closed && unit.words > 3 && first.opening.has(Cue::Wanted)
            })
        })
    }

    /// Whether a request breaks off without a colon in front of lines that each name or ask something.
    fn breaks_off(&self, index: usize) -> bool {
        let Some(unit) = self.units.get(index) else {
            return false;
        };
        let names = |at: usize| {
            self.units.get(at).is_some_and(|line| {
                line.marker.is_none()
                    && !line.requests
                    && line
                        .opening
                        .any(&[Cue::QuestionWord, Cue::Wanted, Cue::Quantity])
            })
        };
        let last = self.sentences_of(unit).last();
        let wishes = last.is_some_and(|last| last.requests && !last.names);
        let first = index.saturating_add(1);
        let names_follow = wishes && names(first) && names(first.saturating_add(1));
        let block = self
            .units
            .get(first..)
            .unwrap_or(&[])
            .iter()
            .enumerate()
            .take_while(|(at, line)| {
                line.marker.is_none()
                    && (*at == 0 || !line.apart)
                    && line.words <= 4
                    && !line.closed
                    && !line.leads
                    && !line.opening.any(&[Cue::SignOff, Cue::Greeting])
            })
            .count();
        let leads = unit.asks()
            || unit
                .all
                .any(&[Cue::Introduces, Cue::Each, Cue::Rows, Cue::Quantity])
            || unit.opening.has(Cue::Wanted);
        !unit.closed && (names_follow || (leads && unit.words > 4 && block > 2))
    }

    /// Whether a list is asked for: "Please send me:".
    fn led(&self, run: &Run) -> bool {
        run.units
            .start
            .checked_sub(1)
            .and_then(|at| self.units.get(at))
            .is_some_and(|lead| lead.leads && lead.requests)
    }

    /// The sentences of a paragraph that ask.
    fn prose(&mut self, unit: &Unit, preamble: bool, has_list: bool) {
        let mut before: Option<usize> = None;
        let sentences = self.sentences_of(unit);
        // "Is that personal data? It isn't: see section 40." argues where a list asks.
        let lists = has_list || self.runs.iter().any(|run| self.led(run));
        let argues = lists
            && sentences.len() > 2
            && sentences
                .iter()
                .any(|one| !one.question && one.all.has(Cue::Legal));
        if !preamble && self.short_names(sentences) {
            return;
        }
        let mut quoted = false;
        // "First, a copy of … . Second, when … . Third, whether …"
        let counts_up = sentences
            .iter()
            .filter(|one| one.opening.has(Cue::Connector) && names_or_asks(one))
            .count()
            > 2;
        for (place, sentence) in sentences.iter().enumerate() {
            // "The paper asked: 'How much longer?'" where a list asks.
            let inside = quoted;
            let text = slice(self.body, sentence.span.clone());
            // A mark in front of everything quotes the whole request.
            let whole = text.starts_with(['"', '“'])
                && slice(self.body, 0..sentence.span.start).trim().is_empty();
            quoted = left_open(text, quoted) && !whole;
            let argued = argues && !sentence.requests;
            if lists && sentence.question && (argued || inside || quoted) {
                continue;
            }
            // "Are you a resident? Yes"
            let answered = place.saturating_add(2) == sentences.len()
                && sentence.question
                && sentences.last().is_some_and(|last| {
                    last.words == 1
                        && last.opening.has(Cue::Option)
                        && !last.question
                        && !slice(self.body, last.span.clone()).contains('/')
                });
            if answered {
                continue;
            }
            // "Which, if so?" goes with the question in front of it; "If so, which were they?" is a question.
            let whole = sentence.question
                && sentence.opening.any(&[Cue::QuestionWord, Cue::Auxiliary])
                && sentence.opening.has(Cue::Conditional);
            if follows_up(sentence)
                && !whole
                && !sentence.is_aside()
                && let Some(last) = before.and_then(|at| self.found.get_mut(at))
            {
                last.0.span.end = sentence.span.end;
                continue;
            }
            let at = self.found.len();
            let stem = self.stem.clone();
            if !preamble && self.listed(sentence) {
                before = self.last_since(at);
                continue;
            }
            let Some(how) = how(sentence, preamble, has_list) else {
                continue;
            };
            let counted =
                counts_up && sentence.opening.has(Cue::Connector) && names_or_asks(sentence);
            let opens = how == How::Wishes && sentence.opening.has(Cue::QuestionWord);
            let how = if counted
                || (how == How::Names && self.goes_with(unit))
                || (opens && self.follows_question(before))
            {
                How::Asks
            } else if opens && (self.goes_with(unit) || self.stands_in_row(unit)) {
                How::InRow
            } else {
                how
            };
            let clauses = clauses::split(self.body, self.cues, sentence);
            if clauses.len() > 1 {
                for clause in clauses {
                    self.push(String::new(), clause, stem.clone(), How::Asks);
                }
            } else {
                self.push(String::new(), sentence.span.clone(), stem, how);
            }
            before = self.last_since(at);
        }
    }

    /// The question found last, if one was since there were so many.
    fn last_since(&self, found: usize) -> Option<usize> {
        let last = self.found.len().checked_sub(1)?;
        (last >= found).then_some(last)
    }

    /// "Meeting rooms. Number with screens. Make of screens. Installer. Year installed.": takes each of the names with which
    /// stops part a paragraph, if it has no more.
    fn short_names(&mut self, sentences: &[Sentence]) -> bool {
        let names = |one: &Sentence| {
            one.opening
                .any(&[Cue::Wanted, Cue::Quantity, Cue::Whole, Cue::QuestionWord])
                || one.all.any(&[Cue::Deal, Cue::Price])
        };
        let short = |one: &Sentence| {
            one.words <= 8
                && !one.is_aside()
                && !one.requests
                && !one.question
                && !one.opening.any(&[
                    Cue::Auxiliary,
                    Cue::Greeting,
                    Cue::SignOff,
                    Cue::Connector,
                    Cue::Conditional,
                ])
        };
        let naming = sentences.iter().filter(|one| names(one)).count();
        if sentences.len() < FEWEST_NAMES
            || naming.saturating_mul(2) < sentences.len()
            || !sentences.iter().all(short)
        {
            return false;
        }
        let mut stem = self.stem.clone();
        for (at, one) in sentences.iter().enumerate() {
            if at == 0 && !names(one) {
                stem = Some(one.span.clone());
            } else {
                self.push(String::new(), one.span.clone(), stem.clone(), How::Asks);
            }
        }
        true
    }

    /// Takes the names of a sentence that only lists them, if it is one.
    fn listed(&mut self, sentence: &Sentence) -> bool {
        let Some(listed) = clauses::listed(self.body, self.cues, sentence) else {
            return false;
        };
        for name in listed.names {
            self.push(String::new(), name, Some(listed.lead.clone()), How::Asks);
        }
        true
    }

    /// Whether a short line lists what is wanted of a thing: "Firewalls: make / model / supplier".
    fn lists(&self, unit: &Unit) -> bool {
        match self.sentences_of(unit) {
            [only] => clauses::listed(self.body, self.cues, only).is_some(),
            _ => false,
        }
    }

    /// A line of a list without markers: one thing wanted, or what is wanted of one thing.
    fn bare_line(&mut self, unit: &Unit, stem: &Option<Range<usize>>) {
        let listed = match self.sentences_of(unit) {
            [only] => self.listed(only),
            // A paragraph that asks more than one thing.
            [first, more @ ..] if first.question || first.names => {
                let asks = more
                    .iter()
                    .any(|one| (one.requests && one.words > 5 || one.question) && !follows_up(one));
                if asks {
                    self.stem.clone_from(stem);
                    self.prose(unit, false, true);
                }
                asks
            }
            _ => false,
        };
        if !listed {
            self.push(String::new(), unit.span.clone(), stem.clone(), How::Asks);
        }
    }

    /// Whether the sentence before was found to ask: "How many came? Which firm brought them."
    fn follows_question(&self, before: Option<usize>) -> bool {
        before
            .and_then(|at| self.found.get(at))
            .is_some_and(|(_, how)| *how == How::Asks)
    }

    /// Whether a paragraph of one sentence stands in a row of such paragraphs that ask: "The report on its closure." below
    /// "Which firm did the work?"
    fn goes_with(&self, unit: &Unit) -> bool {
        unit.sentences.len() == 1
            && unit.words <= 25
            && self.found.last().is_some_and(|(last, how)| {
                *how == How::Asks
                    && slice(self.body, last.span.end..unit.span.start)
                        .chars()
                        .all(|c| !c.is_alphanumeric())
            })
    }

    /// Whether the next paragraph, too, is one sentence that opens as a question does: "What it cost." above "How it was let."
    fn stands_in_row(&self, unit: &Unit) -> bool {
        let asks = |unit: &Unit| {
            unit.marker.is_none()
                && unit.sentences.len() == 1
                && unit.words <= 25
                && unit.opening.has(Cue::QuestionWord)
        };
        let next = self
            .units
            .partition_point(|other| other.span.start <= unit.span.start);
        asks(unit) && self.units.get(next).is_some_and(asks)
    }

    /// Lines without markers below "… the following:"; returns the first unit behind them.
    fn bare_list(&mut self, index: usize) -> usize {
        let start = index.saturating_add(1);
        let Some(lead) = self.units.get(index) else {
            return start;
        };
        let scope = self.scope_below(index);
        if scope > 0 {
            self.before_lead(lead);
            self.ask_lead(start);
            return start.saturating_add(scope);
        }
        let lines = self.units.get(start..).unwrap_or(&[]).iter();
        let dated = lines
            .clone()
            .take_while(|line| {
                line.marker.is_none() && forms::is_dated(slice(self.body, line.span.clone()))
            })
            .count();
        let completes = lead.hangs || lead.all.any(&[Cue::Quantity, Cue::Wanted, Cue::Each]);
        if dated > 1 && !lead.asks() && !completes {
            return start.saturating_add(dated);
        }
        if forms::asks_nothing(lead, !self.found.is_empty()) {
            let names = lines
                .take_while(|line| line.marker.is_none() && is_name(line) && !line.closed)
                .take_while(|line| !line.opening.any(&[Cue::SignOff, Cue::Greeting]))
                .count();
            if names > 1 {
                return start.saturating_add(names);
            }
        }
        let mut end = start;
        let mut marks: usize = 0;
        while let Some(unit) = self.units.get(end) {
            let stops = self.places.get(end).is_none_or(|place| place.depth > 0)
                || ends_lines(unit)
                || (unit.words > 12
                    && unit.closed
                    && !unit.asks()
                    && !unit.opening.any(&[Cue::Wanted, Cue::Whole, Cue::Quantity]));
            if stops || end.saturating_sub(start) >= LONGEST_LIST {
                break;
            }
            marks = marks.saturating_add(usize::from(unit.question));
            end = end.saturating_add(1);
        }
        // A name set apart below the lines, where the text ends, is the applicant's.
        let last = end.saturating_sub(1);
        if let Some(unit) = self.units.get(last)
            && last > start.saturating_add(1)
            && end == self.units.len()
            && unit.apart
            && unit.words <= 4
            && is_name(unit)
            && self
                .units
                .get(start.saturating_add(1)..last)
                .is_some_and(|lines| lines.iter().all(|line| !line.apart))
        {
            end = last;
        }
        let count = end.saturating_sub(start);
        if ends_in_example(self.cues, lead, self.sentences) {
            let more = self.units.get(end..).unwrap_or(&[]);
            let block = more
                .iter()
                .take_while(|unit| {
                    !unit.apart && unit.marker.is_none() && !unit.requests && !unit.question
                })
                .count();
            return end.saturating_add(block).max(start);
        }
        if lead.all.has(Cue::Definition) && !lead.requests && marks == 0 {
            return end.max(start);
        }
        // "For each of these, please provide:" below says that these lines are what is asked about, if none asks itself.
        let lines = self.units.get(start..end).unwrap_or(&[]);
        let named = !lines.is_empty() && lines.iter().all(is_name);
        let rows = self
            .units
            .get(end..)
            .unwrap_or(&[])
            .iter()
            .take(3)
            .any(|unit| {
                (unit.leads && !lead.requests || named && unit.asks())
                    && unit.all.has(Cue::Each)
                    && !(named && unit.all.has(Cue::Refinement))
                    && !is_rows_lead(self.cues, unit, self.sentences)
            })
            && marks == 0;
        // "… about each of the following services:" below what is asked of them.
        let rows = rows
            || (named
                && !lead.requests
                && !self.found.is_empty()
                && lead.all.has(Cue::Each)
                && is_rows_lead(self.cues, lead, self.sentences))
            // "For each of these systems:" over names, and "please tell me:" below them.
            || (named
                && !lead.requests
                && is_rows_lead(self.cues, lead, self.sentences)
                && self.units.get(end).is_some_and(|next| {
                    (next.leads && next.requests)
                        || (count > 1 && next.question && !lead.all.has(Cue::Please))
                }));
        if rows {
            self.heading = Some(
                lead.span.start
                    ..self
                        .units
                        .get(end.saturating_sub(1))
                        .map_or(lead.span.end, |last| last.span.end),
            );
            return end.max(start);
        }
        let wanted = lead.requests || lead.all.any(&[Cue::Introduces, Cue::Each]) || count > 2;
        if count == 0 || !wanted || marks.saturating_mul(3) > count {
            return start;
        }
        if count == 1
            && !self.units.get(start).is_some_and(|unit| {
                unit.opening
                    .any(&[Cue::Wanted, Cue::QuestionWord, Cue::Imperative])
            })
        {
            return start;
        }
        // "In every category, specify this for each of the following:" names rows below the attributes.
        if is_rows_lead(self.cues, lead, self.sentences)
            && lead.all.has(Cue::Pointing)
            && !self.found.is_empty()
        {
            return end;
        }
        let stem = Some(lead.span.clone());
        self.bare_lines(start..end, &stem);
        end
    }

    /// Lines without markers, each something wanted; a title among them, "Motor insurance:", is lent to those below it.
    fn bare_lines(&mut self, lines: Range<usize>, stem: &Option<Range<usize>>) {
        let heading = self.heading.clone();
        let first = lines.start;
        let units = self.units.get(lines).unwrap_or(&[]);
        let leading = units.iter().filter(|unit| unit.leads).count();
        let titled = leading.saturating_mul(3) <= units.len();
        // "Number of connections:" over the kinds of them.
        let mut counted: Option<Range<usize>> = None;
        for (at, unit) in units.iter().enumerate() {
            let below = units.get(at.saturating_add(1));
            let title = titled && unit.leads && below.is_some_and(|line| !line.leads);
            let repeated = self.titles.contains(&first.saturating_add(at));
            if repeated || title && is_title(unit) || is_part(self.body, unit) {
                if unit.opening.any(&[Cue::Wanted, Cue::Quantity]) {
                    counted = Some(unit.span.clone());
                } else {
                    counted = None;
                    self.heading = Some(unit.span.clone());
                }
                continue;
            }
            // "FY 2023/2024 |" above what is wanted for it.
            let row = slice(self.body, unit.span.clone()).strip_suffix('|');
            if row.is_some_and(forms::is_period) {
                continue;
            }
            if particular(unit) {
                counted = None;
            }
            let stem = if counted.is_some() { &counted } else { stem };
            self.bare_line(unit, stem);
        }
        self.heading = heading;
    }

    /// How many lines below a question only say for what it is asked.
    fn scope_below(&self, index: usize) -> usize {
        let Some(lead) = self.units.get(index) else {
            return 0;
        };
        if !self.asks_before_scope(lead) {
            return 0;
        }
        let scoped = near_end(self.cues, lead, self.sentences, &[Cue::Scope], 3);
        let start = index.saturating_add(1);
        let count = self
            .units
            .get(start..)
            .unwrap_or(&[])
            .iter()
            .enumerate()
            .take_while(|(at, line)| {
                line.marker.is_none()
                    && (*at == 0 || !line.apart)
                    && is_name(line)
                    && !line.closed
                    && (scoped || forms::is_period(slice(self.body, line.span.clone())))
            })
            .count();
        if count > 1 { count } else { 0 }
    }

    /// Whether a list names things that something else is asked of, or examples, or terms, and so asks nothing itself.
    fn names_rows(&self, run: usize) -> bool {
        let Some(own) = self.runs.get(run) else {
            return false;
        };
        let lead = own
            .units
            .start
            .checked_sub(1)
            .and_then(|at| self.units.get(at));
        // "Notes:" over remarks.
        if let Some(lead) = lead
            && lead.leads
            && lead.words <= 3
            && lead.all.any(&[Cue::Definition, Cue::Note])
            && !self.found.is_empty()
            && self.items(own).all(|item| !item.question)
        {
            return true;
        }
        // "Section 12 doesn't apply, as …", one exemption after the other.
        if self.items(own).count() > 1
            && lead.is_some_and(|lead| !lead.asks())
            && self.items(own).all(|item| {
                item.words > 4
                    && !item.question
                    && !item.opening.has(Cue::Imperative)
                    && item.all.any(&[Cue::Legal, Cue::Footer])
            })
        {
            return true;
        }
        if own.asks {
            return false;
        }
        if lead.is_some_and(|lead| forms::asks_nothing(lead, !self.found.is_empty()))
            && self.items(own).all(is_name)
        {
            return true;
        }
        // "Our flat has:" over what is wrong with it, where something is asked for below.
        if let Some(lead) = lead
            && lead.leads
            && !lead.asks()
            && lead.all.has(Cue::Auxiliary)
            && !lead.all.any(&[
                Cue::Introduces,
                Cue::Each,
                Cue::Rows,
                Cue::Please,
                Cue::Quantity,
                Cue::QuestionWord,
                Cue::Wanted,
            ])
            && self
                .runs
                .get(run.saturating_add(1))
                .and_then(|later| later.units.start.checked_sub(1))
                .and_then(|at| self.units.get(at))
                .is_some_and(|next| next.leads && next.requests)
        {
            return true;
        }
        if let Some(lead) = lead {
            let others = self.runs.len() > 1 || !self.found.is_empty();
            if ends_in_example(self.cues, lead, self.sentences)
                || (lead.all.any(&[Cue::Definition, Cue::Note]) && !lead.requests && others)
                || (lead.all.has(Cue::Legal) && !lead.asks())
            {
                return true;
            }
            if is_rows_lead(self.cues, lead, self.sentences)
                && lead.all.any(&[Cue::Pointing, Cue::Introduces])
                && !self.found.is_empty()
                && lead.leads
            {
                return true;
            }
        }
        let headed =
            lead.is_some_and(|lead| is_title(lead) && !lead.leads) && !self.found.is_empty();
        if self.states(own) && !headed {
            return true;
        }
        // "My request is about these services:" over names, where something else asks.
        let others_ask = !self.found.is_empty() || self.runs.iter().any(|other| other.asks);
        if let Some(lead) = lead
            && others_ask
            && lead.leads
            && lead.words > 3
            && !lead.asks()
            && !lead
                .opening
                .any(&[Cue::Wanted, Cue::Quantity, Cue::Imperative])
            && self.items(own).all(is_name)
        {
            return true;
        }
        if let Some(lead) = lead
            && lead.all.has(Cue::Each)
            && self.block(own.units.end).is_some()
            && self.items(own).all(is_name)
        {
            return true;
        }
        let next = run.saturating_add(1);
        let Some(later) = self.runs.get(next) else {
            return false;
        };
        // "For each of A to C below answer these:" over names, and the questions right behind them.
        if let Some(lead) = lead
            && lead.all.has(Cue::Each)
            && (lead.requests || later.asks)
            && !lead
                .opening
                .any(&[Cue::QuestionWord, Cue::Quantity, Cue::Wanted])
            && self
                .units
                .get(own.units.end..later.units.start)
                .unwrap_or(&[])
                .iter()
                .all(|between| is_title(between) && between.leads)
            && self.items(own).all(is_name)
        {
            return true;
        }
        // "The systems that I ask about are:" over names, and the same particulars of all of them below.
        if let Some(lead) = lead
            && lead.leads
            && (lead.hangs || is_rows_lead(self.cues, lead, self.sentences))
            && !lead.opening.any(&[Cue::QuestionWord, Cue::Quantity])
            && self.items(own).all(is_name)
            && self.items(later).filter(|item| particular(item)).count() > 2
        {
            return true;
        }
        // Names over fields to fill in for each: "Type of system –", "When it was installed –".
        let asked = |lead: &Unit| {
            lead.opening
                .any(&[Cue::QuestionWord, Cue::Quantity, Cue::Auxiliary])
        };
        if !lead.is_some_and(asked)
            && self.items(own).count() > 2
            && self
                .items(own)
                .all(|item| is_name(item) && !particular(item))
            && self.units.get(later.units.clone()).is_some_and(are_fields)
        {
            return true;
        }
        let goes_on = match (
            self.units
                .get(own.units.clone())
                .unwrap_or(&[])
                .iter()
                .rev()
                .find_map(|unit| unit.marker.as_ref()),
            self.units
                .get(later.units.start)
                .and_then(|unit| unit.marker.as_ref()),
        ) {
            (Some(one), Some(other)) => one.scheme == other.scheme && other.value > one.value,
            _ => false,
        };
        if goes_on {
            return false;
        }
        let between = self
            .units
            .get(own.units.end..later.units.start)
            .unwrap_or(&[]);
        // "For each of the above contracts, please provide:", as against "for each of the last three years".
        let distributes = between.iter().any(|unit| {
            unit.all.has(Cue::Each)
                && !unit.all.has(Cue::Refinement)
                && (unit.requests || unit.leads)
                && !is_rows_lead(self.cues, unit, self.sentences)
        });
        if distributes {
            return true;
        }
        let asked_later = later.asks || between.iter().any(|unit| unit.requests);
        let Some(lead) = lead else {
            return false;
        };
        let names = is_rows_lead(self.cues, lead, self.sentences);
        let generic = !lead.requests && lead.all.any(&[Cue::Umbrella, Cue::Rows]);
        lead.leads && asked_later && (generic || (names && lead.all.has(Cue::Introduces)))
    }

    /// The marked items of a list.
    fn items(&self, run: &Run) -> impl Iterator<Item = &'a Unit> {
        self.units
            .get(run.units.clone())
            .unwrap_or(&[])
            .iter()
            .filter(|unit| unit.marker.is_some())
    }

    /// Whether a list only states things, in whole sentences, while another asks.
    fn states(&self, run: &Run) -> bool {
        self.runs.iter().any(|other| other.asks)
            && self.items(run).count() > 1
            && self.items(run).all(states)
    }

    /// Rows lend their names to what is asked of them.
    fn keep_rows(&mut self, run: &Run) {
        let start = self.stem.take().map(|stem| stem.start);
        let first = self.units.get(run.units.start).map(|unit| unit.span.start);
        let end = last_end(self.units, &run.units);
        if let (Some(start), Some(end)) = (start.or(first), end) {
            self.heading = Some(start..end);
        }
    }

    /// Reads a list; returns the first unit behind it.
    fn list(&mut self, run: Range<usize>) -> usize {
        let mut index = run.start;
        let stem = self.stem.clone();
        let heading = self.heading.clone();
        let mut stem = stem;
        let mut plain = false;
        // "- Contract: - who supplies it - Fleet: - how many vehicles": titles among the items that they stand over.
        let headed = {
            let units = self.units.get(run.clone()).unwrap_or(&[]);
            let titles = units.iter().filter(|unit| heads(unit)).count();
            titles > 1 && titles.saturating_mul(2) <= units.len()
        };
        let fields = self.units.get(run.clone()).is_some_and(are_fields);
        let headed = headed && !fields;
        let rows = self.rows_again(run.clone());
        while index < run.end {
            let under = outline::under(self.places, index);
            let Some(unit) = self.units.get(index) else {
                break;
            };
            if rows.contains(slice(self.body, unit.span.clone())) {
                index = under.start;
                continue;
            }
            if under.is_empty() && under.start >= run.end && self.is_section(index, plain) {
                self.heading = Some(unit.span.clone());
                self.titled = true;
                self.stem = None;
                return self.section(index);
            }
            plain |= under.is_empty() && unit.marker.is_some();
            if headed && under.is_empty() && under.start < run.end && heads(unit) {
                self.heading = Some(unit.span.clone());
                index = under.start;
                continue;
            }
            let leads_on = under.is_empty()
                && under.start < run.end
                && (unit.requests || !fields)
                && leads_on(self.cues, unit, self.sentences);
            if leads_on {
                stem = Some(unit.span.clone());
                index = under.start;
                continue;
            }
            if under.is_empty() && under.start < run.end && self.stands_over_numbers(index) {
                self.heading = Some(unit.span.clone());
                index = under.start;
                continue;
            }
            index = self.item(index, stem.clone());
        }
        self.titled = false;
        self.heading = heading;
        run.end
    }

    /// Whether a numbered title stands over items that are counted from 1 anew, further in.
    fn stands_over_numbers(&self, index: usize) -> bool {
        let below = index.saturating_add(1);
        let (Some(unit), Some(next)) = (self.units.get(index), self.units.get(below)) else {
            return false;
        };
        matches!((&unit.marker, &next.marker), (Some(own), Some(first))
            if own.scheme == first.scheme
                && matches!(own.scheme, Scheme::Number(_))
                && first.value == 1)
            && next.indent > unit.indent
            && is_title(unit)
            && next.asks()
    }

    /// The names that a list repeats below each of its questions: what each is asked of.
    fn rows_again(&self, run: Range<usize>) -> BTreeSet<&'a str> {
        let units = self.units.get(run).unwrap_or(&[]);
        if !units.first().is_some_and(Unit::asks) {
            return BTreeSet::new();
        }
        let name = |unit: &&Unit| is_bulleted(unit) && is_name(unit) && !particular(unit);
        let mut names: Vec<&str> = units
            .iter()
            .filter(name)
            .map(|unit| slice(self.body, unit.span.clone()))
            .collect();
        names.sort_unstable();
        let again: BTreeSet<&str> = names
            .chunk_by(|one, other| one == other)
            .filter(|same| same.len() > 1)
            .filter_map(|same| same.first().copied())
            .collect();
        let repeats = |unit: &&Unit| again.contains(slice(self.body, unit.span.clone()));
        let below_questions = units
            .windows(2)
            .filter_map(|pair| pair.first().zip(pair.last()))
            .filter(|(above, name)| repeats(name) && !repeats(above))
            .all(|(above, _)| above.asks());
        if again.len() > 1 && below_questions {
            again
        } else {
            BTreeSet::new()
        }
    }

    /// Whether a numbered title stands over the paragraphs below it rather than naming something wanted itself.
    fn is_section(&self, index: usize, plain: bool) -> bool {
        let below = index.saturating_add(1);
        let (Some(unit), Some(next)) = (self.units.get(index), self.units.get(below)) else {
            return false;
        };
        let title = is_title(unit)
            && unit
                .marker
                .as_ref()
                .is_some_and(|marker| !matches!(marker.scheme, Scheme::Bullet(_)));
        if !title || plain || ends_lines(next) {
            return false;
        }
        if self.titled || next.question || next.requests {
            return true;
        }
        // The next number stands over paragraphs as well.
        let later = self
            .units
            .get(below..)
            .unwrap_or(&[])
            .iter()
            .position(|unit| unit.marker.is_some());
        later
            .and_then(|skip| self.units.get(below.saturating_add(skip)))
            .is_some_and(|other| counts_on(unit.marker.as_ref(), other.marker.as_ref()))
    }

    /// The paragraphs below a numbered title; returns the first unit behind them.
    fn section(&mut self, index: usize) -> usize {
        let mut at = index.saturating_add(1);
        while let Some(unit) = self.units.get(at) {
            if self.places.get(at).is_none_or(|place| place.depth > 0) || ends_lines(unit) {
                break;
            }
            let before_list = self
                .places
                .get(at.saturating_add(1))
                .is_some_and(|place| place.depth > 0)
                && (unit.leads || unit.hangs);
            if before_list {
                self.stem = Some(unit.span.clone());
            } else if unit.question || (unit.closed && unit.sentences.len() > 1) {
                self.prose(unit, false, true);
            } else {
                self.push(
                    String::new(),
                    unit.span.clone(),
                    self.stem.clone(),
                    How::Asks,
                );
            }
            at = at.saturating_add(1);
        }
        at
    }

    /// Reads an item with everything under it; returns the first unit behind.
    fn item(&mut self, index: usize, stem: Option<Range<usize>>) -> usize {
        let after = index.saturating_add(1);
        let Some(unit) = self.units.get(index) else {
            return after;
        };
        if unit.marker.is_none() {
            self.line(unit, &stem);
            return after;
        }
        let under = outline::under(self.places, index);
        if under.is_empty() {
            self.leaf(index, stem, unit.span.end);
            return after;
        }
        let first = under.clone().find(|at| {
            self.units
                .get(*at)
                .is_some_and(|unit| unit.marker.is_some())
        });
        let Some(first) = first else {
            self.with_lines(index, stem, under.clone());
            return under.end;
        };
        // The words that lead to the list below: the item's own, or the last line before it.
        let lead = first
            .checked_sub(1)
            .and_then(|at| self.units.get(at))
            .unwrap_or(unit);
        if ends_in_example(self.cues, lead, self.sentences) {
            self.leaf(index, stem, lead.span.end);
            return under.end;
        }
        // Years, or whatever "in these categories:" names.
        let children = self.units.get(under.clone()).unwrap_or(&[]);
        let scoped = near_end(self.cues, lead, self.sentences, &[Cue::Scope], 3)
            && self.asks_before_scope(lead);
        let scope = children.len() > 1
            && children.iter().all(|child| {
                let text = slice(self.body, child.span.clone());
                is_bulleted(child) && (forms::names_period(text) || scoped && is_name(child))
                    || unit.asks() && unit.closed && forms::is_period(text)
            });
        if scope {
            self.leaf(index, stem, lead.span.end);
            return under.end;
        }
        // "The systems I ask about:" over names, and then "For each of them:" as the next item.
        let distributes = children.iter().all(is_name)
            && (lead.leads || lead.hangs)
            && !lead.question
            && !lead
                .opening
                .any(&[Cue::QuestionWord, Cue::Quantity, Cue::Wanted, Cue::Whole])
            && self
                .units
                .get(under.end)
                .is_some_and(|next| next.all.has(Cue::Each) && next.leads);
        if distributes {
            let end = last_end(self.units, &under).unwrap_or(unit.span.end);
            self.heading = Some(unit.span.start..end);
            return under.end;
        }
        if self.is_choice(index, first) {
            let end = last_end(self.units, &under).unwrap_or(unit.span.end);
            self.leaf(index, stem, end);
            return under.end;
        }
        let lone = under.len() == 1
            && unit.requests
            && self
                .units
                .get(first)
                .is_some_and(|child| !child.asks() && child.closed && child.words > 8);
        if lone {
            self.leaf(index, stem, unit.span.end);
            return under.end;
        }
        let heading = self.heading.clone();
        let own = unit.span.start..lead.span.end;
        let stem = if unit.span.is_empty() {
            stem
        } else if is_title(unit) && !lead.leads {
            self.heading = Some(unit.span.clone());
            stem
        } else {
            let below = lead.span != unit.span;
            let complete = if below {
                unit.question
            } else if unit.leads {
                // "Is there a chatbot? If so:", "Do you have a chatbot, and if you do:"
                let goes_on = self
                    .sentences_of(unit)
                    .last()
                    .is_some_and(|last| last.requests || last.opening.has(Cue::Conditional));
                (unit.question
                    && unit.sentences.len() > 1
                    && (goes_on || unit.opening.has(Cue::Auxiliary)))
                    || (unit.opening.has(Cue::Auxiliary) && unit.all.has(Cue::Conditional))
            } else {
                (unit.opening.has(Cue::Auxiliary) && unit.closed)
                    || (unit.asks()
                        && !unit.hangs
                        && (unit.question || unit.words > 3)
                        && self.items_ask(first))
                    || (unit.question && self.items_follow_up(first))
            };
            if complete {
                self.leaf(index, stem, unit.span.end);
            } else if is_title(unit) {
                self.heading = Some(unit.span.clone());
            }
            Some(own)
        };
        let mut at = if lead.span == unit.span { after } else { first };
        let mut stem = stem;
        while at < under.end {
            let deeper = outline::under(self.places, at);
            if let Some(child) = self.units.get(at)
                && deeper.is_empty()
                && deeper.start < under.end
                && leads_on(self.cues, child, self.sentences)
            {
                stem = Some(child.span.clone());
                at = deeper.start;
                continue;
            }
            at = self.item(at, stem.clone());
        }
        self.heading = heading;
        under.end
    }

    /// An item whose further lines carry no markers.
    fn with_lines(&mut self, index: usize, stem: Option<Range<usize>>, lines: Range<usize>) {
        let Some(unit) = self.units.get(index) else {
            return;
        };
        let below = self.units.get(lines.clone()).unwrap_or(&[]);
        let listed = below
            .iter()
            .filter(|line| !line.closed && !line.leads && !ends_lines(line))
            .count();
        // "And the same for each of" over years.
        let years = below.iter().all(|line| {
            let text = slice(self.body, line.span.clone());
            forms::names_period(text) || (text.starts_with('(') && text.ends_with(')'))
        });
        if years && let Some(last) = below.last() {
            self.leaf(index, stem, last.span.end);
            return;
        }
        // "How many, and at what cost:" over names.
        let completed = (unit.leads || unit.hangs)
            && below.len() > 1
            && below.iter().all(|line| {
                line.words <= 10 && !line.asks() && !line.leads && !line.closed && !is_option(line)
            });
        if completed {
            for line in below {
                self.push(
                    String::new(),
                    line.span.clone(),
                    Some(unit.span.clone()),
                    How::Asks,
                );
            }
            return;
        }
        if is_title(unit) && below.len() > 1 && listed == below.len() {
            let heading = self.heading.replace(unit.span.clone());
            for line in below {
                self.push(String::new(), line.span.clone(), stem.clone(), How::Asks);
            }
            self.heading = heading;
            return;
        }
        // "1. Background", "2. Definitions" over whole sentences that ask nothing.
        if is_title(unit)
            && unit
                .opening
                .any(&[Cue::Definition, Cue::Note, Cue::Boilerplate])
            && below.iter().all(states)
        {
            return;
        }
        // "How long it takes" over the question that it names.
        let named = unit.words <= 5 && !unit.question && !unit.closed && !unit.requests;
        let title = below.first().is_some_and(|line| {
            is_title(unit) && (line.question || line.requests)
                || named && line.question && line.words > unit.words
        });
        if title {
            let heading = self.heading.replace(unit.span.clone());
            for line in below {
                self.line(line, &stem);
            }
            self.heading = heading;
            return;
        }
        let mut end = unit.span.end;
        let mut rest = below;
        // The item's own sentence runs on.
        if !unit.closed
            && !unit.leads
            && let Some((line, more)) = below.split_first()
            && !line.asks()
            && !line.leads
            && !ends_lines(line)
        {
            end = line.span.end;
            rest = more;
        }
        // "If yes, please send it." goes with the question in front of it.
        if let Some((line, more)) = rest.split_first()
            && !line.question
            && self.sentences_of(line).first().is_some_and(follows_up)
        {
            end = line.span.end;
            rest = more;
        }
        self.leaf(index, stem.clone(), end);
        for line in rest {
            if ends_in_example(self.cues, line, self.sentences) {
                break;
            }
            self.line(line, &stem);
        }
    }

    /// A line without a marker inside a list: it counts if it asks by itself.
    fn line(&mut self, unit: &Unit, stem: &Option<Range<usize>>) {
        let outer = std::mem::replace(&mut self.stem, stem.clone());
        if !unit.leads {
            self.prose(unit, false, true);
        }
        self.stem = outer;
    }

    /// An item without items under it.
    fn leaf(&mut self, index: usize, stem: Option<Range<usize>>, end: usize) {
        let Some(unit) = self.units.get(index) else {
            return;
        };
        if !counts(unit, self.sentences_of(unit).first()) {
            return;
        }
        let label = self.label(index);
        let mains = self
            .sentences_of(unit)
            .iter()
            .filter(|sentence| {
                sentence.question
                    && !sentence.is_aside()
                    && !follows_up(sentence)
                    && sentence.words > 2
            })
            .map(|sentence| sentence.span.start);
        let mut start = unit.span.start;
        for (place, cut) in mains.skip(1).chain([end]).enumerate() {
            let label = match (place, label.is_empty()) {
                (0, _) | (_, true) => label.clone(),
                _ => format!("{label}, part {}", place.saturating_add(1)),
            };
            let span = super::trimmed(self.body, start..cut);
            self.push(label, span, stem.clone(), How::Asks);
            start = cut;
        }
    }

    /// "2", "2(a)", "3(iv)"; nothing for a bullet.
    fn label(&self, index: usize) -> String {
        let mut label = String::new();
        let mut at = Some(index);
        for _ in 0..4 {
            let Some(marker) = at
                .and_then(|at| self.units.get(at))
                .and_then(|unit| unit.marker.as_ref())
            else {
                break;
            };
            let own = slice(self.body, marker.label.clone());
            match marker.scheme {
                Scheme::Number(_) => {
                    label.insert_str(0, own);
                    break;
                }
                Scheme::Letter | Scheme::Roman => label.insert_str(0, &format!("({own})")),
                Scheme::Bullet(_) if label.is_empty() => break,
                Scheme::Bullet(_) => {}
            }
            at = at
                .and_then(|at| self.places.get(at))
                .and_then(|place| place.parent);
        }
        match label
            .strip_prefix('(')
            .and_then(|rest| rest.strip_suffix(')'))
        {
            Some(only) if !only.contains('(') => only.to_owned(),
            _ => label,
        }
    }

    /// Whether the items from `first` on are answers to choose from.
    fn is_choice(&self, index: usize, first: usize) -> bool {
        let Some(question) = self.units.get(index) else {
            return false;
        };
        if self.again.contains(&first) {
            return false;
        }
        let depth = self.places.get(first).map_or(0, |place| place.depth);
        let items: Vec<&Unit> = self
            .units
            .iter()
            .zip(self.places)
            .skip(first)
            .take_while(|(_, place)| place.depth >= depth)
            .filter(|(unit, place)| place.depth == depth && unit.marker.is_some())
            .map(|(unit, _)| unit)
            .collect();
        let last_asks = items.last().is_some_and(|last| last.question);
        let others_ask = items.iter().enumerate().any(|(at, item)| {
            let last = at.saturating_add(1) == items.len();
            let asks = item.requests
                || item.opening.any(&[Cue::QuestionWord, Cue::Auxiliary])
                || (item.question && !last);
            asks && !item.opening.has(Cue::Option)
        });
        if others_ask || self.items_follow_up(first) {
            return false;
        }
        let options = items
            .iter()
            .filter(|item| is_option(item) || explains_option(self.body, item))
            .count();
        let ranges = items
            .iter()
            .filter(|item| item.words <= 6 && self.is_range(item))
            .filter(|item| !forms::names_year(slice(self.body, item.span.clone())))
            .count();
        let lines = self.units.get(index..first).unwrap_or(&[]);
        let asked = lines.iter().any(|line| {
            line.asks() || (line.leads && line.all.any(&[Cue::QuestionWord, Cue::Auxiliary]))
        });
        let chooses = lines.iter().any(|line| line.all.has(Cue::Choice));
        let counted = question.all.any(&[Cue::Quantity, Cue::Price]);
        let yes_or_no = question.opening.has(Cue::Auxiliary);
        options.saturating_add(ranges).saturating_mul(2) >= items.len()
            || ends_in_article(self.body, question)
            || (chooses && (options > 0 || question.question || question.leads))
            || (options > 0 && asked && !counted)
            || (last_asks && yes_or_no && !question.question)
            || (items.len() > 1
                && !counted
                && lines.iter().any(|line| line.question)
                && self.is_complete(lines)
                && !items.iter().any(|item| !is_option(item) && wants(item)))
            || (!items.is_empty()
                && !counted
                && asked
                && self.is_complete(lines)
                && items
                    .iter()
                    .all(|item| is_name(item) && (question.question || item.words <= 4)))
    }

    /// Whether a question stands by itself, with its mark, so that short names below it are answers to choose from.
    fn is_complete(&self, lines: &[Unit]) -> bool {
        lines.last().is_some_and(|lead| {
            (lead.question || lead.leads)
                && !lead.hangs
                && !lead.requests
                && !lead
                    .all
                    .any(&[Cue::Introduces, Cue::Each, Cue::Rows, Cue::Example])
        })
    }

    /// "Under £50,000", "11-25%".
    fn is_range(&self, unit: &Unit) -> bool {
        let text = slice(self.body, unit.span.clone());
        text.chars()
            .any(|c| c.is_ascii_digit() || matches!(c, '£' | '%'))
            && (text
                .chars()
                .any(|c| matches!(c, '£' | '%' | '-' | '–' | '+' | '<' | '>'))
                || text.starts_with(|c: char| c.is_ascii_digit()) && text.contains(" to "))
    }
}
