//! What has been published, and what each entry says of which thing.

use std::ops::Range;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use triage::split::Part;
use triage::{Question, Scope, Vocabulary};

use super::check::Path;
use super::kinds::{self, Kinds};
use super::lexicon::{Lexicon, ThingId};
use super::statement::{self, Shown};

/// Where something was published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A row of the contracts register.
    Register,
    /// An entry of the disclosure log.
    DisclosureLog,
    /// An answer that left, whether or not it stands in the log: disclosure to one is disclosure to all.
    EarlierReply,
    /// A page of the authority's own policy or guidance.
    PolicyPage,
    /// Anything else it said in public: a statement, a committee paper, a notice.
    Statement,
}

impl Source {
    /// Every source.
    pub const ALL: &[Self] = &[
        Self::Register,
        Self::DisclosureLog,
        Self::EarlierReply,
        Self::PolicyPage,
        Self::Statement,
    ];

    /// In words, "contracts register".
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Register => "contracts register",
            Self::DisclosureLog => "disclosure log",
            Self::EarlierReply => "earlier reply",
            Self::PolicyPage => "policy page",
            Self::Statement => "statement",
        }
    }
}

/// One thing that was published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublishedEntry {
    /// Where.
    pub source: Source,
    /// Its own id there: a contract's reference, a log entry's address. Source and id together are unique.
    pub id: String,
    /// Its address.
    pub place: String,
    /// The day it was published; `None` where nobody recorded it.
    pub published_on: Option<Date>,
    /// The day it was taken down. What was once public stays known, so it still counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn_on: Option<Date>,
    /// What it says.
    pub says: Says,
}

/// What an entry says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Says {
    /// A contract.
    Contract(Contract),
    /// Questions with what was answered.
    Exchanges(Vec<Exchange>),
    /// Plain words.
    Text(String),
}

/// The published fields of a contract that can say what the authority has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contract {
    /// Its title.
    pub title: String,
    /// What it is for.
    #[serde(default)]
    pub description: String,
    /// The department responsible.
    #[serde(default)]
    pub department: String,
    /// Who supplies; several are parted by "; ".
    #[serde(default)]
    pub supplier: String,
    /// What it is worth, as published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Its first day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_on: Option<Date>,
    /// Its last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_on: Option<Date>,
}

/// How a published question was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// With the information.
    Answered,
    /// With where it is, FOIA s.21.
    AlreadyAccessible,
    /// It is held and withheld.
    Withheld,
    /// Neither confirmed nor denied.
    NeitherConfirmedNorDenied,
    /// It isn't held.
    NotHeld,
    /// Otherwise: cost, vexatious, clarification.
    Other,
}

/// A question and its answer as published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exchange {
    /// The question.
    pub question: String,
    /// The answer's words.
    #[serde(default)]
    pub answer: String,
    /// How it was answered.
    pub outcome: Outcome,
}

/// A part of an entry's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// A contract's title.
    Title,
    /// A contract's description.
    Description,
    /// A contract's supplier.
    Supplier,
    /// The question of an exchange, by its number from 0.
    Question(usize),
    /// The answer of an exchange.
    Answer(usize),
    /// Plain words.
    Text,
}

impl Field {
    /// In words, "description".
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Description => "description",
            Self::Supplier => "supplier",
            Self::Question(_) => "question",
            Self::Answer(_) => "answer",
            Self::Text => "text",
        }
    }
}

/// Words of an entry that show something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// Where they stand.
    pub field: Field,
    /// Byte range of that field.
    pub span: Range<usize>,
    /// What they show; empty where they only show that the thing is there.
    pub shows: Kinds,
}

/// What an entry reveals of one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revealed {
    /// Of what.
    pub thing: ThingId,
    /// Which kinds of information it gives.
    pub gives: Kinds,
    /// Which kinds it says are held, without giving them.
    pub confirms: Kinds,
    /// Which kinds it says aren't held.
    pub denies: Kinds,
    /// Whether it shows that the authority has the thing.
    pub exists: bool,
    /// Makers and products it names, as compared.
    pub names: Vec<String>,
    /// The words.
    pub passages: Vec<Passage>,
}

/// An entry with what it reveals, so that it is read once however often it is found.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadEntry {
    pub(super) entry: PublishedEntry,
    pub(super) revealed: Vec<Revealed>,
    refuses: Option<Vec<ThingId>>,
}

impl ReadEntry {
    /// Reads an entry.
    #[must_use]
    pub fn new(reading: &Reading<'_>, entry: PublishedEntry) -> Self {
        let (revealed, refuses) = reading.read_all(&entry);
        Self {
            entry,
            revealed,
            refuses,
        }
    }

    /// The entry.
    #[must_use]
    pub fn entry(&self) -> &PublishedEntry {
        &self.entry
    }

    /// The entry, without what was read in it.
    #[must_use]
    pub fn into_entry(self) -> PublishedEntry {
        self.entry
    }

    /// The things that its refused questions ask about; `None` where it refuses nothing. An empty list: one of them names
    /// nothing that is known, so anything may concern it.
    #[must_use]
    pub fn refuses(&self) -> Option<&[ThingId]> {
        self.refuses.as_deref()
    }

    /// Whether it says anything of one of these things.
    #[must_use]
    pub fn is_about(&self, things: &[ThingId]) -> bool {
        self.revealed.iter().any(|one| things.contains(&one.thing))
    }
}

impl Revealed {
    fn of(thing: ThingId) -> Self {
        Self {
            thing,
            gives: Kinds::NONE,
            confirms: Kinds::NONE,
            denies: Kinds::NONE,
            exists: false,
            names: Vec::new(),
            passages: Vec::new(),
        }
    }
}

impl PublishedEntry {
    /// The words of a field.
    #[must_use]
    pub fn words(&self, field: Field) -> &str {
        match (&self.says, field) {
            (Says::Contract(contract), Field::Title) => &contract.title,
            (Says::Contract(contract), Field::Description) => &contract.description,
            (Says::Contract(contract), Field::Supplier) => &contract.supplier,
            (Says::Exchanges(exchanges), Field::Question(at)) => exchanges
                .get(at)
                .map_or("", |exchange| exchange.question.as_str()),
            (Says::Exchanges(exchanges), Field::Answer(at)) => exchanges
                .get(at)
                .map_or("", |exchange| exchange.answer.as_str()),
            (Says::Text(text), Field::Text) => text,
            _ => "",
        }
    }

    /// A row of a register, numbered from 1, as it was published.
    #[must_use]
    pub fn of_row(
        row: &crate::register::Contract,
        number: usize,
        published_on: Option<Date>,
    ) -> Self {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let place = format!("row {number}");
        Self {
            source: Source::Register,
            id: row.reference.clone().unwrap_or_else(|| place.clone()),
            place,
            published_on,
            withdrawn_on: None,
            says: Says::Contract(Contract {
                title: text(&row.title),
                description: text(&row.description),
                department: text(&row.department),
                supplier: text(&row.supplier_name),
                value: row.value.map(|value| value.to_string()),
                starts_on: row.start,
                ends_on: row.end,
            }),
        }
    }

    /// The day after which it speaks of the past only: a contract's last day.
    #[must_use]
    pub fn ended_on(&self) -> Option<Date> {
        match &self.says {
            Says::Contract(contract) => contract.ends_on,
            Says::Exchanges(_) | Says::Text(_) => None,
        }
    }

    /// A line that names it: the title of a contract with its supplier, the first question of a reply.
    #[must_use]
    pub fn summary(&self) -> String {
        match &self.says {
            Says::Contract(contract) if contract.supplier.is_empty() => contract.title.clone(),
            Says::Contract(contract) => format!("{}, {}", contract.title, contract.supplier),
            Says::Exchanges(exchanges) => exchanges
                .first()
                .map_or_else(String::new, |exchange| short(&exchange.question)),
            Says::Text(text) => short(text),
        }
    }
}

/// The first line or so of a text.
pub(crate) fn short(text: &str) -> String {
    let line = text.trim().lines().next().unwrap_or("").trim();
    match line.char_indices().nth(100) {
        Some((at, _)) => format!("{}…", line.get(..at).unwrap_or(line).trim_end()),
        None => line.to_owned(),
    }
}

/// The triage data and the lexicon: everything that reading takes.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    /// Subjects and kinds of information.
    pub vocabulary: &'a Vocabulary,
    /// Things and names.
    pub lexicon: &'a Lexicon,
}

impl Reading<'_> {
    /// What an entry reveals, a value for each thing.
    #[must_use]
    pub fn read(&self, entry: &PublishedEntry) -> Vec<Revealed> {
        self.read_all(entry).0
    }

    /// The same, with the things that refused questions ask about.
    fn read_all(&self, entry: &PublishedEntry) -> (Vec<Revealed>, Option<Vec<ThingId>>) {
        let exchanges = match &entry.says {
            Says::Contract(contract) => return (self.contract(contract), None),
            Says::Text(text) => return (self.text(text, Field::Text, false), None),
            Says::Exchanges(exchanges) => exchanges,
        };
        let mut revealed: Vec<Revealed> = Vec::new();
        let mut refused: Vec<Vec<ThingId>> = Vec::new();
        for (at, exchange) in exchanges.iter().enumerate() {
            if exchange.outcome == Outcome::Other {
                continue;
            }
            let question = question_of(self.vocabulary, &exchange.question);
            let asked = self.asked(&exchange.question, &question);
            if Path::of_refusal(exchange.outcome).is_some() {
                refused.push(asked.things.clone());
            }
            for one in self.exchange(at, exchange, asked) {
                merge(&mut revealed, one);
            }
        }
        (revealed, all_or_any(refused))
    }

    fn contract(&self, contract: &Contract) -> Vec<Revealed> {
        let beside = format!("{}\n{}", contract.department, contract.supplier);
        let around = statement::read(self.lexicon, &beside, false);
        let title = statement::read(self.lexicon, &contract.title, around.ict);
        let ict = around.ict || title.ict;
        let description = statement::read(self.lexicon, &contract.description, ict);
        let title = if description.ict && !title.ict {
            statement::read(self.lexicon, &contract.title, true)
        } else {
            title
        };
        let weak = |things: &[ThingId]| things.iter().all(|thing| self.lexicon.is_licences(*thing));
        // What the title is about, the facts are about; what the description adds is there too.
        let main: Vec<ThingId> =
            if title.about.is_empty() || weak(&title.about) && !weak(&description.about) {
                description.about.clone()
            } else {
                title.about.clone()
            };
        let mut held = Kinds::CONTRACT;
        if !contract.supplier.trim().is_empty() {
            held |= Kinds::SUPPLIER;
        }
        if contract.value.is_some() {
            held |= Kinds::VALUE;
        }
        if contract.starts_on.is_some() || contract.ends_on.is_some() {
            held |= Kinds::DATES;
        }
        let supplier = statement::read(self.lexicon, &contract.supplier, false);
        let mut revealed: Vec<Revealed> = Vec::new();
        let fields = [(Field::Title, &title), (Field::Description, &description)];
        for thing in main.iter().copied() {
            let mut one = Revealed::of(thing);
            one.exists = true;
            one.gives = held;
            for (field, statement) in fields {
                one.names.extend(statement.names.iter().cloned());
                one.passages.extend(placed(field, statement, thing));
                one.passages.extend(shown(field, &statement.shown));
                one.gives |= statement.shows();
            }
            // A maker that supplies its own product is named by the field that the Code asks for.
            one.names.extend(supplier.names.iter().cloned());
            for maker in supplier.shown.iter().take(1) {
                one.gives |= Kinds::MANUFACTURER;
                one.passages.push(Passage {
                    field: Field::Supplier,
                    span: maker.span.clone(),
                    shows: Kinds::MANUFACTURER,
                });
            }
            revealed.push(one);
        }
        let others = title
            .besides
            .iter()
            .map(|thing| (Field::Title, &title, *thing))
            .chain(
                description
                    .about
                    .iter()
                    .chain(&description.besides)
                    .map(|thing| (Field::Description, &description, *thing)),
            );
        for (field, statement, thing) in others {
            if main.contains(&thing) || self.lexicon.is_licences(thing) {
                continue;
            }
            let mut one = Revealed::of(thing);
            one.exists = true;
            one.passages.extend(placed(field, statement, thing));
            // "For 2,400 laptops" numbers the laptops, whatever the contract is about.
            let own: Vec<Shown> = statement
                .shown
                .iter()
                .filter(|shown| {
                    statement.spans.iter().any(|(placed, span)| {
                        *placed == thing
                            && shown.span.start < span.end
                            && span.start < shown.span.end
                    })
                })
                .cloned()
                .collect();
            for shown in &own {
                one.gives |= shown.kinds;
            }
            one.passages.extend(shown(field, &own));
            merge(&mut revealed, one);
        }
        revealed
    }

    fn exchange(&self, at: usize, exchange: &Exchange, asked: Asked) -> Vec<Revealed> {
        if matches!(
            exchange.outcome,
            Outcome::NeitherConfirmedNorDenied | Outcome::Other
        ) {
            return Vec::new();
        }
        let answer = statement::read(self.lexicon, &exchange.answer, !asked.things.is_empty());
        let mut things = asked.things.clone();
        if things.is_empty() || asked.broad {
            things = answer.about.clone();
        }
        if things.is_empty() {
            things = asked.things;
        }
        let concerns_existence = asked.kinds.meets(self.lexicon.confirmed_by_existence());
        let mut revealed = Vec::new();
        for thing in things {
            let mut one = Revealed::of(thing);
            one.passages.push(Passage {
                field: Field::Question(at),
                span: 0..exchange.question.len(),
                shows: Kinds::NONE,
            });
            match exchange.outcome {
                Outcome::Answered | Outcome::AlreadyAccessible => {
                    let no = says_no(&exchange.answer);
                    one.exists = concerns_existence && !no;
                    if no {
                        one.denies = asked.kinds;
                    } else {
                        one.gives = asked.kinds | answer.shows();
                    }
                    one.names.clone_from(&answer.names);
                    if !no {
                        one.names.extend(asked.names.iter().cloned());
                    }
                    let whole = 0..exchange.answer.len();
                    one.passages.push(Passage {
                        field: Field::Answer(at),
                        span: whole,
                        shows: asked.kinds,
                    });
                    one.passages.extend(shown(Field::Answer(at), &answer.shown));
                }
                Outcome::Withheld => {
                    one.exists = concerns_existence;
                    one.confirms = asked.kinds;
                    one.names.extend(asked.names.iter().cloned());
                }
                Outcome::NotHeld => one.denies = asked.kinds,
                Outcome::NeitherConfirmedNorDenied | Outcome::Other => {}
            }
            revealed.push(one);
        }
        if let Some(span) = statement::incident(self.lexicon, &exchange.answer)
            .filter(|_| exchange.outcome == Outcome::Answered)
        {
            revealed.push(self.incident(Field::Answer(at), span));
        }
        revealed
    }

    fn text(&self, text: &str, field: Field, ict: bool) -> Vec<Revealed> {
        let mut revealed: Vec<Revealed> = Vec::new();
        let mut start = 0;
        for sentence in text.split_inclusive(['.', '\n', '!', '?']) {
            let moved = |span: &Range<usize>| {
                span.start.saturating_add(start)..span.end.saturating_add(start)
            };
            let read = statement::read(self.lexicon, sentence, ict);
            for thing in read
                .about
                .iter()
                .filter(|thing| !self.lexicon.is_licences(**thing))
            {
                let mut one = Revealed::of(*thing);
                // A policy page that speaks of firewalls in general has none; one that names or numbers them does.
                one.gives = read.shows();
                one.exists = !one.gives.is_empty();
                one.names.clone_from(&read.names);
                if one.exists {
                    one.passages.extend(read.shown.iter().map(|shown| Passage {
                        field,
                        span: moved(&shown.span),
                        shows: shown.kinds,
                    }));
                    merge(&mut revealed, one);
                }
            }
            if let Some(span) = statement::incident(self.lexicon, sentence) {
                merge(&mut revealed, self.incident(field, moved(&span)));
            }
            start = start.saturating_add(sentence.len());
        }
        revealed
    }

    fn incident(&self, field: Field, span: Range<usize>) -> Revealed {
        let thing = self.lexicon.incidents();
        let mut one = Revealed::of(thing);
        one.gives = Kinds::INCIDENTS;
        one.passages.push(Passage {
            field,
            span,
            shows: Kinds::INCIDENTS,
        });
        one
    }

    /// What a question asks, in things and kinds.
    #[must_use]
    pub fn asked(&self, body: &str, question: &Question) -> Asked {
        let part = |span: &Range<usize>| body.get(span.clone()).unwrap_or("");
        let own = part(&question.span);
        let around: Vec<&str> = [&question.stem, &question.heading]
            .into_iter()
            .flatten()
            .map(part)
            .collect();
        let is_ict = |id: &str| id != crate::proposal::CONTRACTS;
        let ict = question.subjects.iter().any(|found| is_ict(&found.id));
        let mut read = statement::read(self.lexicon, own, ict);
        if read.about.is_empty() {
            for text in &around {
                let more = statement::read(self.lexicon, text, ict);
                if !more.about.is_empty() {
                    let names = std::mem::take(&mut read.names);
                    read = more;
                    read.names.extend(names);
                    break;
                }
            }
        }
        let mut kinds = Kinds::NONE;
        for found in &question.information {
            kinds |= kinds::called(&found.id).unwrap_or_default();
        }
        let mut things: Vec<ThingId> = read
            .about
            .iter()
            .chain(&read.besides)
            .copied()
            .filter(|thing| !self.lexicon.is_licences(*thing))
            .collect();
        if kinds.meets(Kinds::INCIDENTS) || kinds.ids().contains(&"incident-type") {
            things = vec![self.lexicon.incidents()];
        }
        let subject = question
            .subjects
            .iter()
            .find(|found| is_ict(&found.id))
            .filter(|_| things.is_empty());
        let (mut broad, mut vague) = (false, false);
        if let Some(subject) = subject {
            // The words that lend the subject may name the thing.
            if subject.scope != Scope::SubjectLine {
                let lent = statement::read(self.lexicon, part(&subject.span), true);
                things = lent
                    .about
                    .into_iter()
                    .filter(|thing| !self.lexicon.is_licences(*thing))
                    .collect();
            }
            if things.is_empty() {
                broad = true;
                let own = matches!(subject.scope, Scope::Own | Scope::Stem | Scope::Heading);
                vague = !own || self.lexicon.is_wide(&subject.id);
                things = self
                    .lexicon
                    .things()
                    .filter(|(_, thing)| thing.subject == subject.id)
                    .map(|(id, _)| id)
                    .collect();
            }
        }
        things.sort_unstable();
        things.dedup();
        // A product may be all that a question names.
        if !ict {
            for name in statement::read(self.lexicon, own, true).names {
                if !read.names.contains(&name) {
                    read.names.push(name);
                }
            }
        }
        kinds |= statement::counted(self.lexicon, own);
        if kinds.is_empty() && (things.is_empty() || !read.names.is_empty()) {
            kinds = Kinds::DESCRIPTION | Kinds::MANUFACTURER;
        }
        Asked {
            things,
            broad,
            vague,
            kinds,
            names: read.names,
            words: self.lexicon.unknown(own),
        }
    }
}

/// What a question asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// About which things.
    pub things: Vec<ThingId>,
    /// Whether it names a whole subject and no thing of it.
    pub broad: bool,
    /// Whether that subject is so wide, or stands so far from the question, that an entry can only suggest an answer.
    pub vague: bool,
    /// For which kinds of information.
    pub kinds: Kinds,
    /// Makers and products it names, as compared.
    pub names: Vec<String>,
    /// Words that nothing explains: the name of a product, if an entry names one so.
    pub words: Vec<String>,
}

/// Reads a text that is one question.
#[must_use]
pub fn question_of(vocabulary: &Vocabulary, text: &str) -> Question {
    let part = Part {
        label: "1".to_owned(),
        span: 0..text.len(),
        stem: None,
        heading: None,
    };
    triage::read_parts(vocabulary, "", text, vec![part])
        .questions
        .into_iter()
        .next()
        .unwrap_or(Question {
            clauses: Vec::new(),
            label: "1".to_owned(),
            span: 0..text.len(),
            stem: None,
            heading: None,
            subjects: Vec::new(),
            information: Vec::new(),
            exclusions: Vec::new(),
            hints: Vec::new(),
            leaning: None,
        })
}

/// What several questions ask about, without repeats; an empty list where one of them may be about anything.
fn all_or_any(questions: Vec<Vec<ThingId>>) -> Option<Vec<ThingId>> {
    if questions.is_empty() {
        return None;
    }
    if questions.iter().any(Vec::is_empty) {
        return Some(Vec::new());
    }
    let mut things = questions.concat();
    things.sort_unstable();
    things.dedup();
    Some(things)
}

fn placed(
    field: Field,
    statement: &statement::Statement,
    thing: ThingId,
) -> impl Iterator<Item = Passage> {
    statement
        .spans
        .iter()
        .filter(move |(placed, _)| *placed == thing)
        .take(1)
        .map(move |(_, span)| Passage {
            field,
            span: span.clone(),
            shows: Kinds::NONE,
        })
}

fn shown(field: Field, shown: &[Shown]) -> impl Iterator<Item = Passage> {
    shown.iter().map(move |shown| Passage {
        field,
        span: shown.span.clone(),
        shows: shown.kinds,
    })
}

fn merge(all: &mut Vec<Revealed>, one: Revealed) {
    match all.iter_mut().find(|other| other.thing == one.thing) {
        Some(other) => {
            other.gives |= one.gives;
            other.confirms |= one.confirms;
            other.denies |= one.denies;
            other.exists |= one.exists;
            other.names.extend(one.names);
            other.passages.extend(one.passages);
        }
        None => all.push(one),
    }
}

/// Whether an answer begins by saying no: "No.", "None", "We do not…", "0".
fn says_no(answer: &str) -> bool {
    let text = answer.trim().to_lowercase();
    let first = text
        .split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’')
        .find(|word| !word.is_empty())
        .unwrap_or("");
    matches!(
        first,
        "no" | "none" | "nil" | "0" | "zero" | "neither" | "never"
    ) || [
        "we do not",
        "we don't",
        "the council does not",
        "we have no ",
        "there were no",
        "there are no",
        "not used",
        "n/a",
    ]
    .iter()
    .any(|start| text.starts_with(start))
}
