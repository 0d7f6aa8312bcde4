//! Full text and similar requests: an index in a folder of each node, made from the cases and following them.
//!
//! It holds what was asked and answered. Who asked, and what a sealed search found, are no part of it.

mod ranking;
mod similarity;

pub use similarity::{Pair, shared, side_by_side};

use std::collections::BTreeSet;
use std::ops::Bound;
use std::path::Path;

use casework::case::Case;
use casework::decision::{AppliedExemption, Decision, Slot};
use jiff::civil::Date;
use ranking::{Remembered, Wanted};
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{AllQuery, BooleanQuery, Occur, Query, RangeQuery, TermQuery};
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing,
    TextOptions, Value,
};
use tantivy::tokenizer::TextAnalyzer;
use tantivy::{
    DocAddress, Index, IndexReader, IndexSettings, IndexWriter, ReloadPolicy, Score,
    TantivyDocument, TantivyError, Term,
};

/// The index can't do what was asked. It can always be made anew from the cases.
#[derive(Debug, thiserror::Error)]
#[error("the search index in {folder}: {error}; it can be made anew with `candour rebuild`")]
pub struct Fault {
    folder: String,
    #[source]
    error: TantivyError,
}

impl Fault {
    /// Whether another process writes this index at the moment.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        matches!(self.error, TantivyError::LockFailure(..))
    }
}
/// A word of fewer letters tells requests apart too seldom to look it up.
const SHORTEST_TELLING_WORD: usize = 3;

/// As many words find a request put in other words; more make the search slower, not better.
const TELLING_WORDS: usize = 8;
/// Beyond the first few, words are passed over once so many cases have one of those before: they tell little by then.
const FIRST_TELLING_WORDS: usize = 3;
const TOLD_ENOUGH: u64 = 300_000;

/// So many more near-duplicates than asked for are looked at: a circular comes in many times in the same words.
const ALIKE: usize = 16;

/// A case as the index holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The case's id.
    pub case_id: String,
    /// Its reference.
    pub reference: String,
    /// Its subject line.
    pub subject: String,
    /// Its questions.
    pub questions: Vec<String>,
    /// The request's text.
    pub request: String,
    /// What the letter says: answers, reasons, places.
    pub letter: String,
    /// The spelling of its state.
    pub state: String,
    /// The day of receipt.
    pub received_on: Date,
    /// The next day on which something is due.
    pub due_on: Option<Date>,
    /// The policy rows of its questions.
    pub categories: Vec<String>,
    /// The service areas asked.
    pub areas: Vec<String>,
    /// The provisions relied on.
    pub exemptions: Vec<String>,
    /// Its title in the disclosure log, if it is there.
    pub published: Option<String>,
}

impl Document {
    /// The document of a case.
    #[must_use]
    pub fn of(case: &Case) -> Self {
        let decisions = || {
            case.questions
                .iter()
                .filter_map(|question| question.decision.as_ref())
        };
        let mut letter = Vec::new();
        let mut exemptions = Vec::new();
        for made in decisions() {
            letter.extend(made.in_part.iter().map(|part| part.given.clone()));
            said(&made.decision, &mut letter, &mut exemptions);
        }
        let distinct = |mut words: Vec<String>| {
            words.sort();
            words.dedup();
            words
        };
        Self {
            case_id: case.id.0.clone(),
            reference: case.receipt.reference.clone(),
            subject: case.receipt.subject.clone(),
            questions: case
                .questions
                .iter()
                .map(|question| question.question.text.clone())
                .collect(),
            request: case.receipt.text.clone(),
            letter: letter.join("\n"),
            state: case.state.spelling().to_owned(),
            received_on: case.receipt.received_on,
            due_on: case.next_due_on(),
            categories: distinct(
                case.questions
                    .iter()
                    .filter_map(|question| question.question.proposal.as_ref()?.category.clone())
                    .collect(),
            ),
            areas: distinct(
                case.assignments
                    .iter()
                    .map(|assignment| assignment.area.clone())
                    .collect(),
            ),
            exemptions: distinct(exemptions),
            published: case
                .publication
                .as_ref()
                .map(|publication| publication.title.clone()),
        }
    }
}

fn said(decision: &Decision, letter: &mut Vec<String>, exemptions: &mut Vec<String>) {
    let mut slot = |slot: &Slot<String>| {
        if let Slot::Filled(text) = slot {
            letter.push(text.clone());
        }
    };
    match decision {
        Decision::Answer { answer } => slot(answer),
        Decision::AlreadyAccessible { place } => {
            slot(place);
            exemptions.push("FOIA s.21".to_owned());
        }
        Decision::Withheld(withheld) => {
            for exemption in withheld {
                match exemption {
                    AppliedExemption::Absolute { provision, reason }
                    | AppliedExemption::QualifiedClass {
                        provision, reason, ..
                    } => {
                        slot(reason);
                        exemptions.push(provision.to_string());
                    }
                    AppliedExemption::QualifiedPrejudice {
                        provision,
                        prejudice,
                        ..
                    } => {
                        slot(&prejudice.mechanism);
                        exemptions.push(provision.to_string());
                    }
                }
            }
        }
        Decision::NeitherConfirmedNorDenied(neither) => {
            slot(&neither.prejudice.mechanism);
            exemptions.push(neither.provision.to_string());
        }
        Decision::NotHeld => {}
        Decision::OverCostLimit { estimate, advice } => {
            slot(estimate);
            slot(advice);
            exemptions.push("FOIA s.12".to_owned());
        }
        Decision::VexatiousOrRepeated { provision, reason } => {
            slot(reason);
            exemptions.push(provision.to_string());
        }
        Decision::ClarificationSought { question } => slot(question),
    }
}

/// Which cases a search looks among. Empty is all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// The spelling of a state.
    pub state: Option<String>,
    /// A policy row.
    pub category: Option<String>,
    /// A service area.
    pub area: Option<String>,
    /// A provision relied on, "FOIA s.31(1)(a)".
    pub exemption: Option<String>,
    /// Due on this day or before.
    pub due_by: Option<Date>,
    /// Received on this day or after.
    pub received_from: Option<Date>,
    /// Received on this day or before.
    pub received_to: Option<Date>,
}

/// A case that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// Its id.
    pub case_id: String,
    /// How well it fits; only for comparing with the other hits.
    pub score: f32,
    /// Whether it is nearly the same request.
    pub near_duplicate: bool,
}

struct Fields {
    case_id: Field,
    reference: Field,
    /// All that was asked and answered.
    text: Field,
    questions: Field,
    /// What the disclosure log shows of it.
    public: Field,
    state: Field,
    received: Field,
    due: Field,
    category: Field,
    area: Field,
    exemption: Field,
    band: Field,
}

/// An index for reading, shared by all who search.
pub struct Searcher {
    index: Index,
    reader: IndexReader,
    remembered: Remembered,
    fields: Fields,
    folder: String,
}

/// The one who writes an index: one a folder.
pub struct Follower {
    writer: IndexWriter,
    fields: Fields,
    folder: String,
}

/// Opens the index in a folder, or makes an empty one.
///
/// # Errors
/// The folder can't be read or written, or holds something else.
pub fn open(folder: &Path) -> Result<Searcher, Fault> {
    let shown = folder.display().to_string();
    let fault = |error: TantivyError| Fault {
        folder: shown.clone(),
        error,
    };
    std::fs::create_dir_all(folder).map_err(|error| fault(error.into()))?;
    let (schema, fields) = schema();
    let at = |folder| {
        tantivy::directory::MmapDirectory::open(folder).map_err(|error| fault(error.into()))
    };
    let make = |directory| {
        Index::builder()
            .schema(schema.clone())
            .settings(IndexSettings::default())
            .open_or_create(directory)
    };
    let index = match make(at(folder)?) {
        // An index of an earlier Candour: everything in it is in the database, so it is made anew by following.
        Err(TantivyError::SchemaError(_)) => {
            std::fs::remove_dir_all(folder)
                .and_then(|()| std::fs::create_dir_all(folder))
                .map_err(|error| fault(error.into()))?;
            make(at(folder)?).map_err(fault)?
        }
        made => made.map_err(fault)?,
    };
    let analyzer = TextAnalyzer::builder(tantivy::tokenizer::SimpleTokenizer::default())
        .filter(tantivy::tokenizer::RemoveLongFilter::limit(40))
        .filter(tantivy::tokenizer::LowerCaser)
        .filter(tantivy::tokenizer::Stemmer::new(
            tantivy::tokenizer::Language::English,
        ))
        .build();
    index.tokenizers().register(TOKENIZER, analyzer);
    let reader = index
        .reader_builder()
        .reload_policy(ReloadPolicy::Manual)
        .try_into()
        .map_err(fault)?;
    Ok(Searcher {
        index,
        reader,
        remembered: Remembered::default(),
        fields,
        folder: shown,
    })
}

const TOKENIZER: &str = "english";

fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let text = TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer(TOKENIZER)
            .set_index_option(IndexRecordOption::WithFreqs),
    );
    let fields = Fields {
        case_id: builder.add_text_field("case_id", STRING | STORED),
        reference: builder.add_text_field("reference", STRING),
        text: builder.add_text_field("text", text.clone()),
        questions: builder.add_text_field("questions", text.clone()),
        public: builder.add_text_field("public", text),
        state: builder.add_text_field("state", STRING),
        received: builder.add_i64_field("received", FAST),
        due: builder.add_i64_field("due", FAST),
        category: builder.add_text_field("category", STRING),
        area: builder.add_text_field("area", STRING),
        exemption: builder.add_text_field("exemption", STRING),
        band: builder.add_u64_field("band", INDEXED),
    };
    (builder.build(), fields)
}

/// A day as a number that sorts: 20261123.
fn number(day: Date) -> i64 {
    i64::from(day.year()) * 10_000 + i64::from(day.month()) * 100 + i64::from(day.day())
}

impl Searcher {
    fn fault(&self, error: TantivyError) -> Fault {
        Fault {
            folder: self.folder.clone(),
            error,
        }
    }

    /// The one writer of this folder.
    ///
    /// # Errors
    /// Another process writes it, or it can't be written.
    pub fn follower(&self) -> Result<Follower, Fault> {
        let writer = self
            .index
            .writer_with_num_threads(1, 60_000_000)
            .map_err(|error| self.fault(error))?;
        let (_, fields) = schema();
        Ok(Follower {
            writer,
            fields,
            folder: self.folder.clone(),
        })
    }

    /// The position in the authority's order up to which the index is complete.
    ///
    /// # Errors
    /// The index can't be read.
    pub fn position(&self) -> Result<u64, Fault> {
        let metas = self.index.load_metas().map_err(|error| self.fault(error))?;
        Ok(metas
            .payload
            .and_then(|position| position.parse().ok())
            .unwrap_or(0))
    }

    /// Shows what was written since.
    ///
    /// # Errors
    /// The index can't be read.
    pub fn reload(&self) -> Result<(), Fault> {
        self.reader.reload().map_err(|error| self.fault(error))
    }

    /// The cases with any of these words, best first, among those that pass the filter; all that pass when there are none.
    /// A reference finds its case, before all others. Words that every request has are passed over beside others.
    ///
    /// # Errors
    /// The index can't be read.
    pub fn search(&self, words: &str, filter: &Filter, at_most: usize) -> Result<Vec<Hit>, Fault> {
        if words.trim().is_empty() {
            return self.passing(filter, at_most);
        }
        let searcher = self.reader.searcher();
        let wanted = self.wanted(filter);
        let find = |terms: &[Term]| {
            ranking::best(&searcher, &self.remembered, terms, &wanted, at_most)
                .map_err(|error| self.fault(error))
        };
        let references: Vec<Term> = words
            .split_whitespace()
            .map(|word| Term::from_field_text(self.fields.reference, word))
            .collect();
        let named = find(&references)?;
        let mut others = find(&self.terms(words, self.fields.text))?;
        others.retain(|other| !named.iter().any(|(_, address)| *address == other.1));
        let mut hits = self.hits(&named, false)?;
        hits.extend(self.hits(&others, false)?);
        hits.truncate(at_most.max(1));
        Ok(hits)
    }

    /// The cases that pass a filter, in no order.
    fn passing(&self, filter: &Filter, at_most: usize) -> Result<Vec<Hit>, Fault> {
        let found = self
            .reader
            .searcher()
            .search(
                &self.filtered(filter),
                &TopDocs::with_limit(at_most.max(1)).order_by_score(),
            )
            .map_err(|error| self.fault(error))?;
        self.hits(&found, false)
    }

    /// The published cases with any of these words in title, questions or answers, best first. The request itself is not
    /// looked at: it is not published, and may hold a name.
    ///
    /// # Errors
    /// The index can't be read.
    pub fn search_published(&self, words: &str, at_most: usize) -> Result<Vec<Hit>, Fault> {
        let found = ranking::best(
            &self.reader.searcher(),
            &self.remembered,
            &self.terms(words, self.fields.public),
            &Wanted::default(),
            at_most,
        )
        .map_err(|error| self.fault(error))?;
        self.hits(&found, false)
    }

    /// How many cases pass a filter.
    ///
    /// # Errors
    /// The index can't be read.
    pub fn count(&self, filter: &Filter) -> Result<usize, Fault> {
        self.reader
            .searcher()
            .search(&self.filtered(filter), &Count)
            .map_err(|error| self.fault(error))
    }

    /// Requests like this one, best first: near-duplicates, then those that share its telling words. The request itself,
    /// by id, is left out.
    ///
    /// # Errors
    /// The index can't be read.
    pub fn similar(
        &self,
        questions: &[String],
        itself: Option<&str>,
        at_most: usize,
    ) -> Result<Vec<Hit>, Fault> {
        // One more than asked for: the request itself is among them.
        let limit = at_most.saturating_add(1);
        let searcher = self.reader.searcher();
        let bands = similarity::bands(questions);
        let some = limit.saturating_add(ALIKE);
        let near = ranking::most_shared(&searcher, self.fields.band, &bands, some)
            .map_err(|error| self.fault(error))?;
        let mut hits = self.hits(&near, true)?;
        hits.truncate(limit);
        // Near-duplicates come first, so where there are enough of them no others are looked for.
        if hits.len() < limit {
            let telling = self.telling(questions)?;
            let like = ranking::best(
                &searcher,
                &self.remembered,
                &telling,
                &Wanted::default(),
                limit,
            )
            .map_err(|error| self.fault(error))?;
            for hit in self.hits(&like, false)? {
                if !hits.iter().any(|known| known.case_id == hit.case_id) {
                    hits.push(hit);
                }
            }
        }
        hits.retain(|hit| itself != Some(hit.case_id.as_str()));
        hits.truncate(at_most);
        Ok(hits)
    }

    /// The questions' most telling words: those that fewest cases share.
    ///
    /// The library's own query for this counts deleted documents among those that share a word, but not among all,
    /// and panics when a word is in all that is left.
    fn telling(&self, questions: &[String]) -> Result<Vec<Term>, Fault> {
        let searcher = self.reader.searcher();
        let mut words = BTreeSet::new();
        if let Some(mut analyzer) = self.index.tokenizers().get(TOKENIZER) {
            for question in questions {
                let mut tokens = analyzer.token_stream(question);
                while let Some(token) = tokens.next() {
                    if token.text.chars().nth(SHORTEST_TELLING_WORD - 1).is_some() {
                        words.insert(Term::from_field_text(self.fields.questions, &token.text));
                    }
                }
            }
        }
        let mut telling = Vec::new();
        for word in words {
            let cases = searcher
                .doc_freq(&word)
                .map_err(|error| self.fault(error))?;
            if cases > 0 {
                telling.push((cases, word));
            }
        }
        telling.sort();
        telling.truncate(TELLING_WORDS);
        let mut holders = 0_u64;
        Ok((1..)
            .zip(telling)
            .take_while(|(number, (cases, _))| {
                holders = holders.saturating_add(*cases);
                *number <= FIRST_TELLING_WORDS || holders <= TOLD_ENOUGH
            })
            .map(|(_, (_, term))| term)
            .collect())
    }

    /// The words of a search as a field holds them, each once. Words that every request has are left out beside others.
    fn terms(&self, words: &str, field: Field) -> Vec<Term> {
        let telling = similarity::without_common(words);
        let words = if telling.is_empty() { words } else { &telling };
        let mut terms = Vec::new();
        if let Some(mut analyzer) = self.index.tokenizers().get(TOKENIZER) {
            let mut tokens = analyzer.token_stream(words);
            while let Some(token) = tokens.next() {
                terms.push(Term::from_field_text(field, &token.text));
            }
        }
        terms.sort();
        terms.dedup();
        terms
    }

    fn wanted(&self, filter: &Filter) -> Wanted {
        let fields = &self.fields;
        let words = [
            (fields.state, &filter.state),
            (fields.category, &filter.category),
            (fields.area, &filter.area),
            (fields.exemption, &filter.exemption),
        ];
        let days = [
            (fields.due, None, filter.due_by),
            (fields.received, filter.received_from, filter.received_to),
        ];
        Wanted {
            words: words
                .into_iter()
                .filter_map(|(field, word)| Some(Term::from_field_text(field, word.as_ref()?)))
                .collect(),
            days: days
                .into_iter()
                .filter(|(_, from, to)| from.is_some() || to.is_some())
                .map(|(field, from, to)| {
                    let (least, greatest) = (from.map(number), to.map(number));
                    (
                        field,
                        least.unwrap_or(i64::MIN),
                        greatest.unwrap_or(i64::MAX),
                    )
                })
                .collect(),
        }
    }

    /// The query of all that pass a filter.
    fn filtered(&self, filter: &Filter) -> BooleanQuery {
        let wanted = self.wanted(filter);
        let mut parts: Vec<(Occur, Box<dyn Query>)> = vec![(Occur::Must, Box::new(AllQuery))];
        for term in wanted.words {
            let one = TermQuery::new(term, IndexRecordOption::Basic);
            parts.push((Occur::Must, Box::new(one)));
        }
        for (field, from, to) in wanted.days {
            let day = |day| Bound::Included(Term::from_field_i64(field, day));
            parts.push((Occur::Must, Box::new(RangeQuery::new(day(from), day(to)))));
        }
        BooleanQuery::new(parts)
    }

    /// The cases at these places, best first; of those that are as good, the newest. Where the index keeps them tells
    /// nothing: it changes as the index is tidied.
    fn hits(&self, found: &[(Score, DocAddress)], near_duplicate: bool) -> Result<Vec<Hit>, Fault> {
        let searcher = self.reader.searcher();
        let mut hits = found
            .iter()
            .map(|(score, address)| {
                let document: TantivyDocument =
                    searcher.doc(*address).map_err(|error| self.fault(error))?;
                let case_id = document
                    .get_first(self.fields.case_id)
                    .and_then(|value| value.as_str().map(str::to_owned))
                    .unwrap_or_default();
                Ok(Hit {
                    case_id,
                    score: *score,
                    near_duplicate,
                })
            })
            .collect::<Result<Vec<_>, _>>()?;
        hits.sort_by(|one, other| {
            (other.score.total_cmp(&one.score)).then_with(|| other.case_id.cmp(&one.case_id))
        });
        Ok(hits)
    }
}

impl Follower {
    fn fault(&self, error: TantivyError) -> Fault {
        Fault {
            folder: self.folder.clone(),
            error,
        }
    }

    /// Puts a case in, in place of what was there of it.
    ///
    /// # Errors
    /// The index can't be written.
    pub fn put(&self, document: &Document) -> Result<(), Fault> {
        self.remove(&document.case_id);
        let fields = &self.fields;
        let mut stored = TantivyDocument::default();
        stored.add_text(fields.case_id, &document.case_id);
        stored.add_text(fields.reference, &document.reference);
        for question in &document.questions {
            stored.add_text(fields.questions, question);
        }
        for text in [&document.request, &document.subject, &document.letter] {
            stored.add_text(fields.text, text);
        }
        stored.add_text(fields.state, &document.state);
        stored.add_i64(fields.received, number(document.received_on));
        if let Some(due_on) = document.due_on {
            stored.add_i64(fields.due, number(due_on));
        }
        for (field, words) in [
            (fields.category, &document.categories),
            (fields.area, &document.areas),
            (fields.exemption, &document.exemptions),
        ] {
            for word in words {
                stored.add_text(field, word);
            }
        }
        if let Some(title) = &document.published {
            stored.add_text(fields.public, title);
            stored.add_text(fields.public, &document.letter);
            for question in &document.questions {
                stored.add_text(fields.public, question);
            }
        }
        for band in similarity::bands(&document.questions) {
            stored.add_u64(fields.band, band);
        }
        self.writer
            .add_document(stored)
            .map(drop)
            .map_err(|error| self.fault(error))
    }

    /// Takes a case out.
    pub fn remove(&self, case_id: &str) {
        self.writer
            .delete_term(Term::from_field_text(self.fields.case_id, case_id));
    }

    /// Takes everything out, to make the index anew.
    ///
    /// # Errors
    /// The index can't be written.
    pub fn clear(&self) -> Result<(), Fault> {
        self.writer
            .delete_all_documents()
            .map(drop)
            .map_err(|error| self.fault(error))
    }

    /// Makes what was put in last, complete up to a position in the authority's order.
    ///
    /// # Errors
    /// The index can't be written.
    pub fn commit(&mut self, position: u64) -> Result<(), Fault> {
        let folder = self.folder.clone();
        let fault = |error| Fault { folder, error };
        let mut commit = match self.writer.prepare_commit() {
            Ok(commit) => commit,
            Err(error) => return Err(fault(error)),
        };
        commit.set_payload(&position.to_string());
        commit.commit().map(drop).map_err(fault)
    }
}
