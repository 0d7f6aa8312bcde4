//! A TOML or JSON file as one kind of tree, each value with its place.

use std::ops::Range;

use law::Problem;
use toml::de::{DeTable, DeValue};

/// A value with its place in the file; JSON values have none.
pub struct Node {
    pub span: Range<usize>,
    pub value: Value,
}

/// What a value is. A number keeps the digits it was written with.
pub enum Value {
    Text(String),
    Number(String),
    Yes(bool),
    List(Vec<Node>),
    Table(Vec<(String, Range<usize>, Node)>),
    Other,
}

impl Node {
    /// Reads a file by its name's ending.
    ///
    /// # Errors
    /// It is no TOML or JSON.
    pub fn parse(text: &str, json: bool) -> Result<Self, Vec<Problem>> {
        if !json {
            return DeTable::parse(text)
                .map(|table| table_of(table.span(), table.get_ref()))
                .map_err(|error| {
                    let span = error.span().unwrap_or_default();
                    vec![Problem::at(span, "cost.malformed", error.message())]
                });
        }
        serde_json::from_str(text).map(from_json).map_err(|error| {
            let start = text
                .split_inclusive('\n')
                .take(error.line().saturating_sub(1))
                .map(str::len)
                .sum::<usize>()
                .saturating_add(error.column().saturating_sub(1));
            vec![Problem::at(
                start..start,
                "cost.malformed",
                error.to_string(),
            )]
        })
    }
}

fn table_of(span: Range<usize>, table: &DeTable<'_>) -> Node {
    let mut entries: Vec<_> = table
        .iter()
        .map(|(key, value)| {
            let node = from_toml(value.span(), value.get_ref());
            (key.get_ref().to_string(), key.span(), node)
        })
        .collect();
    entries.sort_by_key(|(_, span, _)| span.start);
    Node {
        span,
        value: Value::Table(entries),
    }
}

fn from_toml(span: Range<usize>, value: &DeValue<'_>) -> Node {
    let value = match value {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(number) if number.radix() == 10 => {
            Value::Number(number.as_str().to_owned())
        }
        DeValue::Float(number) => Value::Number(number.as_str().to_owned()),
        DeValue::Boolean(yes) => Value::Yes(*yes),
        DeValue::Array(items) => Value::List(
            items
                .iter()
                .map(|item| from_toml(item.span(), item.get_ref()))
                .collect(),
        ),
        DeValue::Table(table) => return table_of(span, table),
        // A bare date is as good as one in quotes.
        DeValue::Datetime(datetime) => Value::Text(datetime.to_string()),
        DeValue::Integer(_) => Value::Other,
    };
    Node { span, value }
}

fn from_json(value: serde_json::Value) -> Node {
    use serde_json::Value as Json;
    Node {
        span: 0..0,
        value: match value {
            Json::String(text) => Value::Text(text),
            Json::Number(number) => Value::Number(number.to_string()),
            Json::Bool(yes) => Value::Yes(yes),
            Json::Array(items) => Value::List(items.into_iter().map(from_json).collect()),
            Json::Object(entries) => Value::Table(
                entries
                    .into_iter()
                    .map(|(key, value)| (key, 0..0, from_json(value)))
                    .collect(),
            ),
            Json::Null => Value::Other,
        },
    }
}
