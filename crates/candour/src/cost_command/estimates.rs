//! The estimates of one or more requests, from a file that an officer wrote.

use std::ops::Range;

use jiff::civil::Date;
use law::cost::{QuestionCost, Search, StaffTime};
use law::{Activity, Fees, Problem};

use super::tree::{Node, Value};
use crate::fault::Stop;
use crate::receipt;

/// What a file of estimates says.
#[derive(Debug, Default)]
pub struct Estimates {
    /// The id of the appropriate limit, by the kind of authority.
    pub authority_kind: Option<String>,
    pub requests: Vec<Request>,
}

/// The estimate of one request.
#[derive(Debug, Default)]
pub struct Request {
    pub reference: Option<String>,
    pub received_on: Option<Date>,
    /// Any mark that is the same for the same person.
    pub person: Option<String>,
    /// The campaign or concert that it appears to belong to.
    pub in_concert: Option<String>,
    /// What it is about, for the comparison with others.
    pub about: Vec<String>,
    /// Whether it was answered before, so that its cost can't be spared any more.
    pub answered: bool,
    pub questions: Vec<Question>,
}

/// The estimate of one question.
#[derive(Debug, Default)]
pub struct Question {
    pub cost: QuestionCost,
    /// How the figures were arrived at.
    pub basis: Option<String>,
}

const REQUEST: [&str; 6] = [
    "reference",
    "received",
    "person",
    "in_concert",
    "about",
    "answered",
];
/// Times and counts beyond these are slips of the hand.
const MOST_MINUTES: u64 = 10_000_000;
const MOST_RECORDS: u64 = 1_000_000_000;
/// A file with more questions than this isn't an estimate that anyone made.
const MOST_QUESTIONS: usize = 5_000;

/// Reads estimates from a tree.
///
/// # Errors
/// Everything that is wrong, each with its place.
pub fn read(root: &Node, fees: &Fees) -> Result<Estimates, Vec<Problem>> {
    let mut reader = Reader {
        fees,
        problems: Vec::new(),
    };
    let estimates = reader.file(root);
    if reader.problems.is_empty() {
        Ok(estimates)
    } else {
        Err(reader.problems)
    }
}

struct Reader<'f> {
    fees: &'f Fees,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn wrong(&mut self, span: &Range<usize>, code: &'static str, message: String) {
        self.problems.push(Problem::at(span.clone(), code, message));
    }

    fn file(&mut self, root: &Node) -> Estimates {
        let mut estimates = Estimates::default();
        let mut single = Request::default();
        let mut lists = 0;
        for (key, at, node) in self.table(root, "the file") {
            match key.as_str() {
                "authority_kind" => {
                    estimates.authority_kind = self.text(node, "authority_kind");
                }
                "request" => {
                    lists += 1;
                    for (index, node) in self.list(node).iter().enumerate() {
                        let place = format!("request {}", index.saturating_add(1));
                        let request = self.request(node, &place);
                        estimates.requests.push(request);
                    }
                }
                "question" => {
                    lists += 1;
                    self.questions(node, "", &mut single);
                }
                key if REQUEST.contains(&key) => self.request_key(key, node, "", &mut single),
                key => self.unknown(
                    key,
                    at,
                    "the file",
                    "authority_kind, question, request, or for a single request reference, received",
                ),
            }
        }
        if lists > 1 {
            self.wrong(
                &root.span,
                "cost.two_forms",
                "the file has both [[question]] and [[request]]; put each question under its request as [[request.question]]".to_owned(),
            );
        }
        if !single.questions.is_empty() {
            estimates.requests.push(single);
        }
        let questions: usize = estimates
            .requests
            .iter()
            .map(|request| request.questions.len())
            .sum();
        if questions == 0 && self.problems.is_empty() {
            self.wrong(
                &(0..0),
                "cost.no_question",
                "no question in this file; add [[question]] with label and minutes for determining, locating, retrieving or extracting".to_owned(),
            );
        }
        if questions > MOST_QUESTIONS {
            self.wrong(
                &(0..0),
                "cost.too_many_questions",
                format!("{questions} questions; give at most {MOST_QUESTIONS}"),
            );
        }
        estimates
    }

    fn request(&mut self, node: &Node, place: &str) -> Request {
        let mut request = Request::default();
        for (key, at, node) in self.table(node, place) {
            match key.as_str() {
                "question" => self.questions(node, &format!("{place}, "), &mut request),
                key if REQUEST.contains(&key) => {
                    self.request_key(key, node, &format!("{place}: "), &mut request);
                }
                key => self.unknown(
                    key,
                    at,
                    place,
                    "reference, received, person, in_concert, about, answered, question",
                ),
            }
        }
        if request.questions.is_empty() {
            self.wrong(
                &node.span,
                "cost.no_question",
                format!("{place} has no question; add [[request.question]]"),
            );
        }
        request
    }

    fn request_key(&mut self, key: &str, node: &Node, place: &str, request: &mut Request) {
        match key {
            "reference" => request.reference = self.text(node, key),
            "person" => request.person = self.text(node, key),
            "in_concert" => request.in_concert = self.text(node, key),
            "about" => {
                request.about = match &node.value {
                    Value::Text(one) => vec![one.trim().to_lowercase()],
                    _ => self
                        .list(node)
                        .iter()
                        .filter_map(|item| self.text(item, key))
                        .map(|text| text.trim().to_lowercase())
                        .collect(),
                }
            }
            "answered" => match node.value {
                Value::Yes(yes) => request.answered = yes,
                _ => self.wrong(
                    &node.span,
                    "cost.bad_value",
                    format!("{place}answered is true or false"),
                ),
            },
            _ => {
                let Some(text) = self.text(node, key) else {
                    return;
                };
                match receipt::day(&text, "cost") {
                    Ok(day) => request.received_on = Some(day),
                    Err(Stop::Input(problems)) => {
                        let message = problems.concat();
                        let message = message.split_once(": ").map_or("", |(_, rest)| rest);
                        self.wrong(&node.span, "cost.bad_date", format!("{place}{message}"));
                    }
                    Err(Stop::Found) => {}
                }
            }
        }
    }

    fn questions(&mut self, node: &Node, place: &str, request: &mut Request) {
        for (index, node) in self.list(node).iter().enumerate() {
            let number = index.saturating_add(1);
            let question = self.question(node, &format!("{place}question {number}"), number);
            if request
                .questions
                .iter()
                .any(|other| other.cost.label == question.cost.label)
            {
                self.wrong(
                    &node.span,
                    "cost.label_twice",
                    format!(
                        "{place}question `{}` stands twice; give each its own label",
                        question.cost.label
                    ),
                );
            }
            request.questions.push(question);
        }
    }

    fn question(&mut self, node: &Node, place: &str, number: usize) -> Question {
        let mut question = Question::default();
        let mut estimated = false;
        for (key, at, node) in self.table(node, place) {
            let activity = Activity::ALL
                .iter()
                .position(|activity| activity.as_str() == key);
            match key.as_str() {
                "label" => question.cost.label = self.label(node).unwrap_or_default(),
                "basis" => question.basis = self.text(node, "basis"),
                "search" => {
                    estimated = true;
                    if matches!(node.value, Value::Table(_)) {
                        let search = self.search(node, place);
                        question.cost.searches.extend(search);
                    } else {
                        for node in self.list(node) {
                            let search = self.search(node, place);
                            question.cost.searches.extend(search);
                        }
                    }
                }
                key => match activity.and_then(|index| question.cost.time.get_mut(index)) {
                    Some(time) => {
                        estimated = true;
                        *time = self
                            .minutes(node, &format!("{place}: {key}"))
                            .unwrap_or_default();
                    }
                    None => self.unknown(
                        key,
                        at,
                        place,
                        "label, basis, search, determining, locating, retrieving, extracting",
                    ),
                },
            }
        }
        if question.cost.label.is_empty() {
            question.cost.label = number.to_string();
        }
        if !estimated {
            self.wrong(
                &node.span,
                "cost.no_estimate",
                format!(
                    "{place} has no estimate; give minutes for determining, locating, retrieving or extracting, or a search"
                ),
            );
        }
        question
    }

    /// Records to go through: so many, at minutes for each or at the pace of a sample.
    fn search(&mut self, node: &Node, place: &str) -> Option<Search> {
        let place = format!("{place}: search");
        let (mut activity, mut records) = (Some(Activity::Extracting), None);
        let (mut each, mut sampled_records, mut sampled_time) = (None, None, None);
        let before = self.problems.len();
        for (key, at, node) in self.table(node, &place) {
            match key.as_str() {
                "activity" => {
                    let name = self.text(node, "activity").unwrap_or_default();
                    activity = Activity::ALL
                        .into_iter()
                        .find(|activity| activity.as_str() == name);
                    if activity.is_none() {
                        self.wrong(
                            &node.span,
                            "cost.bad_value",
                            format!("{place}: `{name}` is no activity; use determining, locating, retrieving or extracting"),
                        );
                    }
                }
                "records" => records = self.count(node, &format!("{place}: records")),
                "minutes_per_record" => {
                    each = self.minutes(node, &format!("{place}: minutes_per_record"));
                }
                "sampled_records" => {
                    sampled_records = self.count(node, &format!("{place}: sampled_records"));
                }
                "sampled_minutes" => {
                    sampled_time = self.minutes(node, &format!("{place}: sampled_minutes"));
                }
                key => self.unknown(
                    key,
                    at,
                    &place,
                    "activity, records, minutes_per_record, sampled_records, sampled_minutes",
                ),
            }
        }
        let pace = match (each, sampled_records, sampled_time) {
            (Some(each), None, None) => Some((each, 1)),
            (None, Some(records), Some(time)) if records > 0 => Some((time, records)),
            _ => None,
        };
        if let (Some(records), Some((_, sampled))) = (records, pace)
            && sampled > records
        {
            self.wrong(
                &node.span,
                "cost.bad_sample",
                format!("{place}: a sample of {sampled} is more than all {records} records"),
            );
        }
        if (records.is_none() || pace.is_none()) && self.problems.len() == before {
            self.wrong(
                &node.span,
                "cost.bad_search",
                format!("{place} needs records, and either minutes_per_record or sampled_records with sampled_minutes"),
            );
        }
        let (sampled_time, sampled_records) = pace?;
        Some(Search {
            activity: activity?,
            records: records?,
            sampled_time,
            sampled_records,
        })
    }

    fn unknown(&mut self, key: &str, at: &Range<usize>, place: &str, known: &str) {
        let message = match self.fees.not_counted(key) {
            Some(entry) => format!(
                "{place}: `{key}` can't be counted ({}: {}); leave it out",
                entry.provision, entry.what
            ),
            None => format!("{place} has no key `{key}`; use {known}"),
        };
        let code = if self.fees.not_counted(key).is_some() {
            "cost.not_counted"
        } else {
            "cost.unknown_key"
        };
        self.wrong(at, code, message);
    }

    fn table<'n>(&mut self, node: &'n Node, place: &str) -> &'n [(String, Range<usize>, Node)] {
        if let Value::Table(entries) = &node.value {
            return entries;
        }
        self.wrong(
            &node.span,
            "cost.bad_value",
            format!("{place} must be a table of keys and values"),
        );
        &[]
    }

    fn list<'n>(&mut self, node: &'n Node) -> &'n [Node] {
        if let Value::List(items) = &node.value {
            return items;
        }
        self.wrong(
            &node.span,
            "cost.bad_value",
            "this must be a list".to_owned(),
        );
        &[]
    }

    fn text(&mut self, node: &Node, key: &str) -> Option<String> {
        if let Value::Text(text) = &node.value
            && !text.trim().is_empty()
        {
            return Some(text.trim().to_owned());
        }
        self.wrong(
            &node.span,
            "cost.bad_value",
            format!("{key} must be words in quotes"),
        );
        None
    }

    /// A label may be a bare number.
    fn label(&mut self, node: &Node) -> Option<String> {
        if let Value::Number(number) = &node.value {
            return Some(number.clone());
        }
        self.text(node, "label")
    }

    /// Minutes, with at most two decimals.
    fn minutes(&mut self, node: &Node, place: &str) -> Option<StaffTime> {
        let hundredths = match &node.value {
            Value::Number(number) => hundredths(number),
            _ => None,
        };
        let time = hundredths.filter(|time| *time <= MOST_MINUTES.saturating_mul(100));
        if time.is_none() {
            self.wrong(
                &node.span,
                "cost.bad_minutes",
                format!(
                    "{place} must be minutes from 0 to {MOST_MINUTES}, with at most two decimals"
                ),
            );
        }
        time.map(StaffTime)
    }

    fn count(&mut self, node: &Node, place: &str) -> Option<u64> {
        let count = match &node.value {
            Value::Number(number) => number
                .parse()
                .ok()
                .filter(|count| (1..=MOST_RECORDS).contains(count)),
            _ => None,
        };
        if count.is_none() {
            self.wrong(
                &node.span,
                "cost.bad_count",
                format!("{place} must be a whole number from 1 to {MOST_RECORDS}"),
            );
        }
        count
    }
}

/// "2.5" as 250.
fn hundredths(number: &str) -> Option<u64> {
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let digits = |text: &str| text.chars().all(|digit| digit.is_ascii_digit());
    // JSON writers print 30.0 for 30.
    let part = part.trim_end_matches('0');
    if whole.is_empty() || !digits(whole) || !digits(part) || part.len() > 2 {
        return None;
    }
    let part: u64 = format!("{part:0<2}").parse().ok()?;
    whole
        .parse::<u64>()
        .ok()?
        .checked_mul(100)?
        .checked_add(part)
}

#[cfg(test)]
mod tests {
    use super::hundredths;

    #[test]
    fn decimals_are_read_exactly() {
        for (text, expected) in [
            ("0", Some(0)),
            ("2.5", Some(250)),
            ("0.29", Some(29)),
            ("30.0", Some(3000)),
            ("30.000", Some(3000)),
            ("1.005", None),
            ("-1", None),
            ("1e3", None),
            ("inf", None),
            ("", None),
            (".5", None),
        ] {
            assert_eq!(hundredths(text), expected, "{text}");
        }
    }
}
