//! The best cases for some words, without scoring every case that has one of them.
//!
//! Each segment is gone through in windows. The words that by themselves can't lift a case above the worst kept one are
//! only looked up for the cases that the other words bring (`MaxScore`). How much a word can give is known exactly, as is
//! which cases pass a filter: both are worked out once a segment, because a segment never changes.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use tantivy::columnar::Column;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::SegmentId;
use tantivy::postings::BlockSegmentPostings;
use tantivy::query::Bm25Weight;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{
    DocAddress, DocId, DocSet, Score, Searcher, SegmentOrdinal, SegmentReader, TERMINATED, Term,
};

/// So many holders of keys are counted; where more share them, any will do.
const ENOUGH: usize = 2_000;
/// A window's scores lie in the fastest memory.
const WINDOW: DocId = 4_096;
/// The words of 64 bits in which a window's cases are marked.
const MARKS: usize = WINDOW as usize / 64;
/// Where no more cases of a window pass the filter, each is looked up.
const FEW: usize = 128;
/// Looking a word up for one case takes as long as going through so many of its cases.
const LOOK_UP: usize = 8;
/// Sums of the same scores in another order may differ by this share.
const ROUNDING: Score = 1.000_01;
/// A word that fewer cases have is measured each time.
const MEASURED_EACH_TIME: u32 = 1_024;
/// The words and the filters of which something is remembered; beyond, all is forgotten and worked out again.
const WORDS_REMEMBERED: usize = 20_000;
const BYTES_REMEMBERED: usize = 64_000_000;

/// What a case must have to be found.
#[derive(Default)]
pub(crate) struct Wanted {
    /// The words it must hold, each in its field.
    pub words: Vec<Term>,
    /// A field and the least and the greatest number it may hold.
    pub days: Vec<(Field, i64, i64)>,
}

type Place = (SegmentId, Term);

/// What was worked out of segments that never change.
#[derive(Default)]
pub(crate) struct Remembered {
    shapes: Mutex<HashMap<Place, Shape>>,
    holders: Mutex<Holders>,
}

/// For each word the cases of a segment that have it, as bits.
#[derive(Default)]
struct Holders {
    bits: HashMap<Place, Arc<[u64]>>,
    bytes: usize,
}

/// How a word stands in the cases of a segment: as much as tells what it can give at most.
#[derive(Clone, Copy, Default)]
struct Shape {
    /// For each number of times that it stands in a case (the last for all above) the shortest such case.
    shortest: [Option<u8>; 16],
    most_often: u32,
}

impl Shape {
    fn add(&mut self, times: u32, length: u8) {
        let last = self.shortest.len().saturating_sub(1);
        let at = usize::try_from(times).map_or(last, |times| times.min(last));
        if let Some(shortest) = self.shortest.get_mut(at) {
            *shortest = Some(shortest.map_or(length, |known| known.min(length)));
        }
        self.most_often = self.most_often.max(times);
    }

    fn most(&self, weight: &Bm25Weight) -> Score {
        let last = self.shortest.len().saturating_sub(1);
        (0..)
            .zip(self.shortest)
            .enumerate()
            .filter_map(|(at, (times, length))| {
                let times = if at == last { self.most_often } else { times };
                Some(weight.score(length?, times))
            })
            .fold(0.0, Score::max)
    }
}

/// Calls with each case of a list from `from` up to but without `end`, and how often it has the word. The cursor of the
/// list only moves forward.
fn each_between(
    postings: &mut BlockSegmentPostings,
    from: DocId,
    end: DocId,
    mut call: impl FnMut(DocId, u32),
) {
    let mut at = postings.seek(from);
    loop {
        let docs = postings.docs().get(at..).unwrap_or_default();
        let within = docs.partition_point(|doc| *doc < end);
        let docs_within = docs.iter().take(within);
        match postings.freqs().get(at..) {
            Some(times) if !times.is_empty() => docs_within
                .zip(times)
                .for_each(|(doc, times)| call(*doc, *times)),
            // A list that doesn't say how often means once.
            _ => docs_within.for_each(|doc| call(*doc, 1)),
        }
        if within < docs.len() || docs.is_empty() {
            return;
        }
        postings.advance();
        at = 0;
    }
}

/// A word in a segment.
struct Clause<'w> {
    postings: BlockSegmentPostings,
    lengths: FieldNormReader,
    weight: &'w Bm25Weight,
    /// No case gets more for it.
    most: Score,
    /// About so many cases of a window have it.
    in_a_window: usize,
}

impl Clause<'_> {
    fn score(&self, doc: DocId, times: u32) -> Score {
        self.weight.score(self.lengths.fieldnorm_id(doc), times)
    }
}

impl Remembered {
    /// A word in a segment, if any of its cases has it.
    fn clause<'w>(
        &self,
        reader: &SegmentReader,
        term: &Term,
        weight: &'w Bm25Weight,
    ) -> tantivy::Result<Option<Clause<'w>>> {
        let index = reader.inverted_index(term.field())?;
        let Some(found) = index.get_term_info(term)? else {
            return Ok(None);
        };
        let open = || index.read_block_postings_from_terminfo(&found, IndexRecordOption::WithFreqs);
        let lengths = reader
            .fieldnorms_readers()
            .get_field(term.field())?
            .unwrap_or_else(|| FieldNormReader::constant(reader.max_doc(), 1));
        let place = (reader.segment_id(), term.clone());
        let lock = || self.shapes.lock().unwrap_or_else(PoisonError::into_inner);
        let known = lock().get(&place).copied();
        let shape = match known {
            Some(shape) => shape,
            None => {
                let mut shape = Shape::default();
                each_between(&mut open()?, 0, TERMINATED, |doc, times| {
                    shape.add(times, lengths.fieldnorm_id(doc));
                });
                if found.doc_freq >= MEASURED_EACH_TIME {
                    let mut shapes = lock();
                    if shapes.len() >= WORDS_REMEMBERED {
                        shapes.clear();
                    }
                    shapes.insert(place, shape);
                }
                shape
            }
        };
        let share = u64::from(found.doc_freq).saturating_mul(u64::from(WINDOW))
            / u64::from(reader.max_doc().max(1));
        Ok(Some(Clause {
            postings: open()?,
            lengths,
            weight,
            most: shape.most(weight),
            in_a_window: usize::try_from(share).unwrap_or(usize::MAX),
        }))
    }

    /// The cases of a segment that have a word, as bits; `None` where none has it.
    fn holders(&self, reader: &SegmentReader, term: &Term) -> tantivy::Result<Option<Arc<[u64]>>> {
        let place = (reader.segment_id(), term.clone());
        let lock = || self.holders.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bits) = lock().bits.get(&place) {
            return Ok(Some(bits.clone()));
        }
        let index = reader.inverted_index(term.field())?;
        let Some(mut postings) = index.read_block_postings(term, IndexRecordOption::Basic)? else {
            return Ok(None);
        };
        let mut bits = vec![0_u64; reader.max_doc().div_ceil(64) as usize];
        each_between(&mut postings, 0, TERMINATED, |doc, _| {
            if let Some(marks) = bits.get_mut(doc as usize / 64) {
                *marks |= 1 << (doc % 64);
            }
        });
        let bits: Arc<[u64]> = bits.into();
        let mut kept = lock();
        if kept.bytes > BYTES_REMEMBERED {
            *kept = Holders::default();
        }
        kept.bytes = kept.bytes.saturating_add(size_of_val(&*bits));
        kept.bits.insert(place, bits.clone());
        Ok(Some(bits))
    }
}

/// Which cases of a segment may be found.
struct Passing<'r> {
    reader: &'r SegmentReader,
    words: Vec<Arc<[u64]>>,
    days: Vec<(Column<i64>, i64, i64)>,
}

impl<'r> Passing<'r> {
    /// `None` where no case of the segment has what is wanted.
    fn of(
        remembered: &Remembered,
        wanted: &Wanted,
        reader: &'r SegmentReader,
    ) -> tantivy::Result<Option<Self>> {
        let mut words = Vec::new();
        for term in &wanted.words {
            let Some(holders) = remembered.holders(reader, term)? else {
                return Ok(None);
            };
            words.push(holders);
        }
        let mut days = Vec::new();
        for (field, from, to) in &wanted.days {
            let name = reader.schema().get_field_name(*field);
            days.push((reader.fast_fields().i64(name)?, *from, *to));
        }
        Ok(Some(Self {
            reader,
            words,
            days,
        }))
    }

    /// The cases of a window that have all wanted words.
    fn marks(&self, base: DocId) -> [u64; MARKS] {
        let mut marks = [u64::MAX; MARKS];
        let from = base as usize / 64;
        for word in &self.words {
            let held = word.get(from..).unwrap_or_default();
            let held = held.iter().copied().chain(std::iter::repeat(0));
            for (mark, held) in marks.iter_mut().zip(held) {
                *mark &= held;
            }
        }
        marks
    }

    /// Whether a case that has all wanted words passes otherwise.
    fn rest(&self, doc: DocId) -> bool {
        alive(self.reader, doc)
            && self.days.iter().all(|(column, from, to)| {
                column
                    .values_for_doc(doc)
                    .any(|day| (*from..=*to).contains(&day))
            })
    }
}

/// The bits of a score, and where the case stands.
type Ranked = (u32, Reverse<(SegmentOrdinal, DocId)>);

/// The best so far: higher scores first, among equals the one that stands first.
struct Best {
    heap: BinaryHeap<Reverse<Ranked>>,
    at_most: usize,
}

impl Best {
    fn of(at_most: usize) -> Self {
        Self {
            heap: BinaryHeap::new(),
            at_most: at_most.max(1),
        }
    }

    /// Takes a case in if it is good enough; answers the score that the next one must pass.
    fn offer(&mut self, score: Score, segment: SegmentOrdinal, doc: DocId) -> Score {
        // Scores are positive, and the bits of positive numbers sort as they do.
        self.heap
            .push(Reverse((score.to_bits(), Reverse((segment, doc)))));
        if self.heap.len() > self.at_most {
            self.heap.pop();
        }
        self.threshold()
    }

    fn threshold(&self) -> Score {
        match self.heap.peek() {
            Some(Reverse((bits, _))) if self.heap.len() >= self.at_most => Score::from_bits(*bits),
            _ => 0.0,
        }
    }

    fn sorted(self) -> Vec<(Score, DocAddress)> {
        self.heap
            .into_sorted_vec()
            .into_iter()
            .map(|Reverse((bits, Reverse((segment, doc))))| {
                (Score::from_bits(bits), DocAddress::new(segment, doc))
            })
            .collect()
    }
}

fn alive(reader: &SegmentReader, doc: DocId) -> bool {
    reader
        .alive_bitset()
        .is_none_or(|bitset| bitset.is_alive(doc))
}

/// The cases with any of these words and all that is wanted, best first.
pub(crate) fn best(
    searcher: &Searcher,
    remembered: &Remembered,
    terms: &[Term],
    wanted: &Wanted,
    at_most: usize,
) -> tantivy::Result<Vec<(Score, DocAddress)>> {
    let mut best = Best::of(at_most);
    let weights = terms
        .iter()
        .map(|term| Bm25Weight::for_terms(searcher, std::slice::from_ref(term)))
        .collect::<tantivy::Result<Vec<_>>>()?;
    let mut window = Window::default();
    for (segment, reader) in (0..).zip(searcher.segment_readers()) {
        let mut clauses = Vec::new();
        for (term, weight) in terms.iter().zip(&weights) {
            clauses.extend(remembered.clause(reader, term, weight)?);
        }
        if clauses.is_empty() {
            continue;
        }
        if let Some(passing) = Passing::of(remembered, wanted, reader)? {
            clauses.sort_by(|a, b| a.most.total_cmp(&b.most));
            for base in (0..reader.max_doc()).step_by(WINDOW as usize) {
                window.search(base, &mut clauses, &passing, segment, &mut best);
            }
        }
    }
    Ok(best.sorted())
}

/// A stretch of a segment.
struct Window {
    base: DocId,
    /// What each case has got so far.
    scores: Vec<Score>,
    /// The cases that got something.
    touched: [u64; MARKS],
    /// The cases that can still be among the best, by their place in the window.
    candidates: Vec<u32>,
}

impl Default for Window {
    fn default() -> Self {
        Self {
            base: 0,
            scores: vec![0.0; WINDOW as usize],
            touched: [0; MARKS],
            candidates: Vec::new(),
        }
    }
}

impl Window {
    /// Finds the best of the cases from `base` on. The words come in the order of what they can give at most.
    fn search(
        &mut self,
        base: DocId,
        clauses: &mut [Clause<'_>],
        passing: &Passing<'_>,
        segment: SegmentOrdinal,
        best: &mut Best,
    ) {
        let passed = passing.marks(base);
        let few = passed
            .iter()
            .map(|mark| mark.count_ones() as usize)
            .sum::<usize>()
            <= FEW;
        let mut threshold = best.threshold();
        // With all words up to this one, what a case can have at most.
        let reach: Vec<Score> = clauses
            .iter()
            .scan(0.0, |sum, clause| {
                *sum += clause.most;
                Some(*sum * ROUNDING)
            })
            .collect();
        let weak = reach
            .iter()
            .take_while(|reach| **reach <= threshold)
            .count();
        if weak == clauses.len() || passed == [0; MARKS] {
            return;
        }
        let looked_up = if few { clauses.len() } else { weak };
        self.base = base;
        self.scores.fill(0.0);
        self.touched = [0; MARKS];
        let (weak, strong) = clauses.split_at_mut(looked_up);
        strong.iter_mut().for_each(|clause| self.add_all(clause));
        // What the strong words must have given, for the weak ones give no more than they reach.
        let needed = match looked_up.checked_sub(1).and_then(|last| reach.get(last)) {
            Some(reach) => threshold - reach,
            None => threshold,
        };
        self.candidates.clear();
        for (base, (touched, passed)) in (0..).step_by(64).zip(self.touched.iter().zip(&passed)) {
            let mut marks = if few { *passed } else { touched & passed };
            while marks != 0 {
                let at = base + marks.trailing_zeros();
                if few || self.scores[at as usize] > needed {
                    self.candidates.push(at);
                }
                marks &= marks - 1;
            }
        }
        for (clause, reach) in weak.iter_mut().zip(&reach).rev() {
            let scores = &self.scores;
            self.candidates
                .retain(|at| scores[*at as usize] + reach > threshold);
            if self.candidates.len().saturating_mul(LOOK_UP) > clause.in_a_window && !few {
                self.add_all(clause);
            } else {
                self.look_up(clause);
            }
        }
        for at in &self.candidates {
            let (score, doc) = (self.scores[*at as usize], base + at);
            if score > threshold && passing.rest(doc) {
                threshold = best.offer(score, segment, doc);
            }
        }
    }

    /// Adds what a word gives to every case of the window.
    fn add_all(&mut self, clause: &mut Clause<'_>) {
        let (base, end) = (self.base, self.base.saturating_add(WINDOW));
        let Clause {
            postings,
            lengths,
            weight,
            ..
        } = clause;
        each_between(postings, base, end, |doc, times| {
            let at = (doc - base) as usize;
            self.scores[at] += weight.score(lengths.fieldnorm_id(doc), times);
            self.touched[at / 64] |= 1 << (at % 64);
        });
    }

    /// Adds what a word gives to the candidates.
    fn look_up(&mut self, clause: &mut Clause<'_>) {
        for at in &self.candidates {
            let doc = self.base + at;
            let place = clause.postings.seek(doc);
            if clause.postings.doc(place) == doc {
                self.scores[*at as usize] += clause.score(doc, clause.postings.freq(place));
            }
        }
    }
}

/// The cases that share most of these keys, most first, each with how many it shares. The rarest keys tell most, so they
/// are looked up first.
pub(crate) fn most_shared(
    searcher: &Searcher,
    field: Field,
    keys: &[u64],
    at_most: usize,
) -> tantivy::Result<Vec<(Score, DocAddress)>> {
    let mut rarest = Vec::new();
    for key in keys {
        let term = Term::from_field_u64(field, *key);
        rarest.push((searcher.doc_freq(&term)?, term));
    }
    rarest.sort();
    let mut holders: Vec<(SegmentOrdinal, DocId)> = Vec::new();
    for (_, term) in &rarest {
        for (segment, reader) in (0..).zip(searcher.segment_readers()) {
            let index = reader.inverted_index(field)?;
            let Some(mut postings) = index.read_postings(term, IndexRecordOption::Basic)? else {
                continue;
            };
            let mut doc = postings.doc();
            while doc != TERMINATED && holders.len() < ENOUGH {
                holders.push((segment, doc));
                doc = postings.advance();
            }
        }
    }
    holders.sort_unstable();
    let mut best = Best::of(at_most);
    for shared in holders.chunk_by(|one, other| one == other) {
        if let Some((segment, doc)) = shared.first()
            && let Some(reader) = searcher.segment_readers().get(*segment as usize)
            && alive(reader, *doc)
        {
            best.offer(shared.len() as Score, *segment, *doc);
        }
    }
    Ok(best.sorted())
}

#[cfg(test)]
mod tests {
    use super::*;
    use tantivy::collector::TopDocs;
    use tantivy::query::{BooleanQuery, ConstScoreQuery, Occur, Query, TermQuery};
    use tantivy::schema::{FAST, INDEXED, STRING, Schema, TEXT};
    use tantivy::{Index, TantivyDocument};

    const WORDS: [&str; 8] = [
        "server", "contract", "supplier", "pothole", "laptop", "school", "value", "cost",
    ];
    const STATES: [&str; 3] = ["open", "closed", "issued"];

    /// Numbers that look random and are the same each time.
    struct Dice(u64);

    impl Dice {
        fn below(&mut self, limit: u64) -> u64 {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) % limit
        }

        fn word<'w>(&mut self, words: &[&'w str]) -> &'w str {
            // Earlier words are more frequent.
            let at = self
                .below(words.len() as u64)
                .min(self.below(words.len() as u64));
            words[usize::try_from(at).unwrap()]
        }
    }

    #[test]
    fn the_best_are_those_that_scoring_every_case_finds() {
        let mut schema = Schema::builder();
        let text = schema.add_text_field("text", TEXT);
        let state = schema.add_text_field("state", STRING | FAST);
        let due = schema.add_i64_field("due", FAST | INDEXED);
        let id = schema.add_u64_field("id", INDEXED);
        let index = Index::create_in_ram(schema.build());
        let mut writer = index.writer_with_num_threads(1, 15_000_000).unwrap();
        let mut dice = Dice(7);
        for number in 0..9_000_u64 {
            let mut document = TantivyDocument::default();
            let words: Vec<&str> = (0..3 + dice.below(12)).map(|_| dice.word(&WORDS)).collect();
            document.add_text(text, words.join(" "));
            document.add_text(
                state,
                if number % 1_000 == 5 {
                    "rare"
                } else {
                    dice.word(&STATES)
                },
            );
            document.add_i64(due, i64::try_from(dice.below(100)).unwrap());
            document.add_u64(id, number);
            writer.add_document(document).unwrap();
            if number % 2_000 == 1_999 {
                writer.commit().unwrap();
            }
        }
        for number in (0..9_000_u64).step_by(13) {
            writer.delete_term(Term::from_field_u64(id, number));
        }
        writer.commit().unwrap();
        let searcher = index.reader().unwrap().searcher();
        assert!(searcher.segment_readers().len() > 1);
        let remembered = Remembered::default();
        for round in 0..200_u64 {
            let mut terms: Vec<Term> = (0..1 + dice.below(4))
                .map(|_| Term::from_field_text(text, dice.word(&WORDS)))
                .collect();
            terms.sort();
            terms.dedup();
            let mut wanted = Wanted::default();
            if round % 2 == 0 {
                let word = if round % 6 == 0 {
                    "rare"
                } else {
                    dice.word(&STATES)
                };
                wanted.words.push(Term::from_field_text(state, word));
            }
            if round % 3 == 0 {
                let from = i64::try_from(dice.below(90)).unwrap();
                wanted.days.push((due, from, from + 20));
            }
            let got = best(&searcher, &remembered, &terms, &wanted, 20).unwrap();

            let any: Vec<(Occur, Box<dyn Query>)> = terms
                .iter()
                .map(|term| -> (Occur, Box<dyn Query>) {
                    let one = TermQuery::new(term.clone(), IndexRecordOption::WithFreqs);
                    (Occur::Should, Box::new(one))
                })
                .collect();
            let mut parts: Vec<(Occur, Box<dyn Query>)> =
                vec![(Occur::Must, Box::new(BooleanQuery::new(any)))];
            let mut filters: Vec<Box<dyn Query>> = Vec::new();
            for term in &wanted.words {
                filters.push(Box::new(TermQuery::new(
                    term.clone(),
                    IndexRecordOption::Basic,
                )));
            }
            for (field, from, to) in &wanted.days {
                filters.push(Box::new(tantivy::query::RangeQuery::new(
                    std::ops::Bound::Included(Term::from_field_i64(*field, *from)),
                    std::ops::Bound::Included(Term::from_field_i64(*field, *to)),
                )));
            }
            for filter in filters {
                parts.push((Occur::Must, Box::new(ConstScoreQuery::new(filter, 0.0))));
            }
            let all: Vec<(Score, DocAddress)> = searcher
                .search(
                    &BooleanQuery::new(parts),
                    &TopDocs::with_limit(20).order_by_score(),
                )
                .unwrap();
            assert_eq!(got.len(), all.len(), "round {round}");
            for (found, right) in got.iter().zip(&all) {
                assert!(
                    (found.0 - right.0).abs() < 1e-4,
                    "round {round}: {found:?} {right:?}"
                );
            }
        }
    }

    #[test]
    fn those_that_share_most_keys_come_first() {
        let mut schema = Schema::builder();
        let band = schema.add_u64_field("band", INDEXED);
        let index = Index::create_in_ram(schema.build());
        let mut writer = index.writer_with_num_threads(1, 15_000_000).unwrap();
        for keys in [&[1_u64, 2][..], &[1, 2, 3], &[9], &[3]] {
            let mut document = TantivyDocument::default();
            for key in keys {
                document.add_u64(band, *key);
            }
            writer.add_document(document).unwrap();
        }
        writer.commit().unwrap();
        let searcher = index.reader().unwrap().searcher();
        let found: Vec<(u32, Score)> = most_shared(&searcher, band, &[1, 2, 3], 3)
            .unwrap()
            .into_iter()
            .map(|(score, address)| (address.doc_id, score))
            .collect();
        assert_eq!(found, [(1, 3.0), (0, 2.0), (3, 1.0)]);
    }
}
