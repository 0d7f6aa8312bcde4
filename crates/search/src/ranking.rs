//! The best cases for some words, without scoring every case that has one of them.
//!
//! The library skips blocks of cases that can't reach the score of the worst kept one (block-max WAND), but only where a
//! query is nothing but words. So filters are looked up per case in columns beside the words, and a filter that few cases
//! pass leads instead.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use tantivy::columnar::{Column, StrColumn};
use tantivy::query::{BooleanQuery, EnableScoring, Occur, Query, TermQuery, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{
    DocAddress, DocId, DocSet, Score, Searcher, SegmentOrdinal, SegmentReader, TERMINATED, Term,
};

/// A filter that no more cases than these pass leads: each of them is scored.
const FEW: u64 = 5_000;
/// So many holders of keys are counted; where more share them, any will do.
const ENOUGH: usize = 5_000;

/// What a case must have to be found.
#[derive(Default)]
pub(crate) struct Wanted {
    /// The words it must hold, each in its field.
    pub words: Vec<Term>,
    /// A field and the least and the greatest number it may hold.
    pub days: Vec<(Field, i64, i64)>,
}

/// The columns of a segment in which wanted things are looked up.
struct Columns {
    words: Vec<(StrColumn, u64)>,
    days: Vec<(Column<i64>, i64, i64)>,
}

impl Columns {
    /// `None` where no case of the segment has what is wanted.
    fn of(wanted: &Wanted, reader: &SegmentReader) -> tantivy::Result<Option<Self>> {
        let mut columns = Self {
            words: Vec::new(),
            days: Vec::new(),
        };
        let name = |field| reader.schema().get_field_name(field);
        for term in &wanted.words {
            let Some(column) = reader.fast_fields().str(name(term.field()))? else {
                return Ok(None);
            };
            let Some(place) = column
                .dictionary()
                .term_ord(term.serialized_value_bytes())?
            else {
                return Ok(None);
            };
            columns.words.push((column, place));
        }
        for (field, from, to) in &wanted.days {
            columns
                .days
                .push((reader.fast_fields().i64(name(*field))?, *from, *to));
        }
        Ok(Some(columns))
    }

    fn pass(&self, doc: DocId) -> bool {
        self.words
            .iter()
            .all(|(column, place)| column.ords().values_for_doc(doc).any(|held| held == *place))
            && self.days.iter().all(|(column, from, to)| {
                column
                    .values_for_doc(doc)
                    .any(|day| (*from..=*to).contains(&day))
            })
    }
}

/// The best so far: higher scores first, among equals the one that stands first.
struct Best {
    heap: BinaryHeap<Reverse<(u32, Reverse<(SegmentOrdinal, DocId)>)>>,
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
    terms: &[Term],
    wanted: &Wanted,
    at_most: usize,
) -> tantivy::Result<Vec<(Score, DocAddress)>> {
    let mut best = Best::of(at_most);
    let mut rarest: Option<(u64, &Term)> = None;
    for term in &wanted.words {
        let shared_by = searcher.doc_freq(term)?;
        if rarest.is_none_or(|(least, _)| shared_by < least) {
            rarest = Some((shared_by, term));
        }
    }
    let scoring = EnableScoring::enabled_from_searcher(searcher);
    let each = |term: &Term| TermQuery::new(term.clone(), IndexRecordOption::WithFreqs);
    if let Some((_, few)) = rarest.filter(|(shared_by, _)| *shared_by <= FEW) {
        let weights = terms
            .iter()
            .map(|term| each(term).weight(scoring))
            .collect::<tantivy::Result<Vec<_>>>()?;
        for (segment, reader) in (0..).zip(searcher.segment_readers()) {
            if let Some(columns) = Columns::of(wanted, reader)? {
                led(reader, segment, few, &weights, &columns, &mut best)?;
            }
        }
        return Ok(best.sorted());
    }
    let any = terms
        .iter()
        .map(|term| -> (Occur, Box<dyn Query>) { (Occur::Should, Box::new(each(term))) })
        .collect();
    let any = BooleanQuery::new(any).weight(scoring)?;
    for (segment, reader) in (0..).zip(searcher.segment_readers()) {
        let Some(columns) = Columns::of(wanted, reader)? else {
            continue;
        };
        any.for_each_pruning(best.threshold(), reader, &mut |doc, score| {
            if alive(reader, doc) && columns.pass(doc) {
                best.offer(score, segment, doc)
            } else {
                best.threshold()
            }
        })?;
    }
    Ok(best.sorted())
}

/// Scores each case of a segment that has a word which few have.
fn led(
    reader: &SegmentReader,
    segment: SegmentOrdinal,
    lead: &Term,
    weights: &[Box<dyn Weight>],
    columns: &Columns,
    best: &mut Best,
) -> tantivy::Result<()> {
    let index = reader.inverted_index(lead.field())?;
    let Some(mut few) = index.read_postings(lead, IndexRecordOption::Basic)? else {
        return Ok(());
    };
    let mut scorers = weights
        .iter()
        .map(|weight| weight.scorer(reader, 1.0))
        .collect::<tantivy::Result<Vec<_>>>()?;
    let mut doc = few.doc();
    while doc != TERMINATED {
        if alive(reader, doc) && columns.pass(doc) {
            let mut score = 0.0;
            for scorer in &mut scorers {
                if scorer.doc() < doc {
                    scorer.seek(doc);
                }
                if scorer.doc() == doc {
                    score += scorer.score();
                }
            }
            if score > best.threshold() {
                best.offer(score, segment, doc);
            }
        }
        doc = few.advance();
    }
    Ok(())
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
    let mut counts: HashMap<(SegmentOrdinal, DocId), u16> = HashMap::new();
    let mut left = ENOUGH;
    for (_, term) in &rarest {
        for (segment, reader) in (0..).zip(searcher.segment_readers()) {
            let index = reader.inverted_index(field)?;
            let Some(mut holders) = index.read_postings(term, IndexRecordOption::Basic)? else {
                continue;
            };
            let mut doc = holders.doc();
            while doc != TERMINATED && left > 0 {
                left = left.saturating_sub(1);
                if alive(reader, doc) {
                    let count = counts.entry((segment, doc)).or_default();
                    *count = count.saturating_add(1);
                }
                doc = holders.advance();
            }
        }
    }
    let mut best = Best::of(at_most);
    for ((segment, doc), count) in counts {
        best.offer(f32::from(count), segment, doc);
    }
    Ok(best.sorted())
}

#[cfg(test)]
mod tests {
    use super::*;
    use tantivy::collector::TopDocs;
    use tantivy::query::ConstScoreQuery;
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
            let got = best(&searcher, &terms, &wanted, 20).unwrap();

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
