//! Reads a policy file and reports every mistake at once, each with its place and the way out.

use std::ops::Range;

use jiff::civil::Date;
use law::{Problem, Provision, Statute};
use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Category, ConfirmStance, ContentStance, Factors, Kind, Policy, Subject};
use crate::confidence::Confidence;
use crate::decision::Likelihood;

type Node<'a, 't> = (&'a DeTable<'t>, Range<usize>);

impl Policy {
    /// Reads a policy; `knows_subject` and `knows_information` tell which ids the triage data has.
    ///
    /// # Errors
    /// Every mistake of the file.
    pub fn parse(
        text: &str,
        statute: &Statute,
        knows_subject: &dyn Fn(&str) -> bool,
        knows_information: &dyn Fn(&str) -> bool,
    ) -> Result<Self, Vec<Problem>> {
        let table = DeTable::parse(text).map_err(|error| {
            vec![Problem::at(
                error.span().unwrap_or_default(),
                "policy.malformed",
                error.message().to_owned(),
            )]
        })?;
        let mut reader = Reader {
            text,
            problems: Vec::new(),
        };
        let root: Node<'_, '_> = (table.get_ref(), 0..0);
        let policy = reader.policy(&root, statute, knows_subject, knows_information);
        reader.problems.sort_by_key(|problem| problem.span.start);
        match policy {
            Some(policy) if reader.problems.is_empty() => Ok(policy),
            _ => Err(reader.problems),
        }
    }
}

struct Reader<'s> {
    text: &'s str,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn problem(&mut self, span: Range<usize>, code: &'static str, message: String) {
        self.problems.push(Problem::at(span, code, message));
    }

    fn policy(
        &mut self,
        root: &Node<'_, '_>,
        statute: &Statute,
        knows_subject: &dyn Fn(&str) -> bool,
        knows_information: &dyn Fn(&str) -> bool,
    ) -> Option<Policy> {
        self.known_keys(
            root,
            &[
                "id",
                "version",
                "title",
                "authority",
                "effective_from",
                "review_by",
                "introduction",
                "content_provision",
                "confirm_or_deny_provision",
                "likelihood",
                "contact",
                "category",
                "content_factors",
                "confirm_or_deny_factors",
                "signpost",
                "citation",
                "complaints",
                "example",
            ],
        );
        let id = self.required(root, "id");
        let version = self.required(root, "version");
        let title = self.required(root, "title");
        let authority = self.required(root, "authority");
        let contact = self.string(root, "contact").map(|(value, _)| value);
        let effective_from = self
            .required(root, "effective_from")
            .and_then(|(value, span)| self.date(&value, span));
        let review_by = self
            .string(root, "review_by")
            .and_then(|(value, span)| self.date(&value, span));
        let content_provision =
            self.required(root, "content_provision")
                .and_then(|(value, span)| {
                    let provision = self.provision(&value, span.clone())?;
                    match statute.exemption(&provision) {
                        Some(exemption) if exemption.has_limb(&provision) => Some(provision),
                        Some(exemption) => {
                            let limbs: Vec<String> =
                                exemption.limbs.iter().map(ToString::to_string).collect();
                            self.problem(
                                span,
                                "policy.unknown_limb",
                                format!(
                                    "`{provision}` is no part of {}; it has {}",
                                    exemption.provision,
                                    limbs.join(", ")
                                ),
                            );
                            None
                        }
                        None => {
                            self.problem(
                            span,
                            "policy.unknown_exemption",
                            format!(
                                "unknown exemption `{provision}`; sections 21 to 44 hold exemptions"
                            ),
                        );
                            None
                        }
                    }
                });
        let confirm_or_deny_provision = self.string(root, "confirm_or_deny_provision").and_then(|(value, span)| {
            let provision = self.provision(&value, span.clone())?;
            let right = content_provision.as_ref().and_then(|content| statute.exemption(content)).map(|exemption| exemption.confirm_or_deny.clone());
            match right {
                Some(right) if !right.iter().any(|known| provision.is_within(known)) => {
                    let right: Vec<String> = right.iter().map(ToString::to_string).collect();
                    self.problem(
                        span,
                        "policy.wrong_confirm_or_deny",
                        format!("`{provision}` does not exclude the duty to confirm or deny for this exemption; use {}", right.join(" or ")),
                    );
                    None
                }
                _ => Some(provision),
            }
        });
        let likelihood =
            self.required(root, "likelihood")
                .and_then(|(value, span)| match value.as_str() {
                    "would" => Some(Likelihood::Would),
                    "would-be-likely-to" => Some(Likelihood::WouldBeLikelyTo),
                    other => {
                        self.problem(
                            span,
                            "policy.unknown_likelihood",
                            format!("`{other}` is no likelihood; use would or would-be-likely-to"),
                        );
                        None
                    }
                });
        let mut categories: Vec<Category> = Vec::new();
        for node in self.tables(root, "category") {
            let span = node.1.clone();
            let Some(row) = self.category(
                &node,
                knows_subject,
                knows_information,
                confirm_or_deny_provision.is_some(),
            ) else {
                continue;
            };
            if categories.iter().any(|other| other.id == row.id) {
                self.problem(
                    span,
                    "policy.duplicate_category",
                    format!("row `{}` stands twice; join them", row.id),
                );
            }
            categories.push(row);
        }
        if categories.is_empty() {
            self.problem(
                0..0,
                "policy.empty_table",
                "the policy has no [[category]] row, so it covers nothing".to_owned(),
            );
        }
        let policy = Policy {
            confidence: Confidence::default(),
            id: id?.0,
            version: version?.0,
            title: title?.0,
            authority: authority?.0,
            contact,
            effective_from: effective_from?,
            review_by,
            introduction: self.strings(root, "introduction"),
            content_provision: content_provision?,
            confirm_or_deny_provision,
            likelihood: likelihood?,
            categories,
            content_factors: self
                .one::<Factors>(root, "content_factors")
                .unwrap_or_default(),
            confirm_or_deny_factors: self
                .one::<Factors>(root, "confirm_or_deny_factors")
                .unwrap_or_default(),
            signposts: self.many(root, "signpost"),
            citations: self.many(root, "citation"),
            complaints: self.one(root, "complaints"),
            examples: self.many(root, "example"),
        };
        for example in &policy.examples {
            if example.category != "none" && policy.category(&example.category).is_none() {
                self.problem(
                    0..0,
                    "policy.example_category",
                    format!(
                        "an example names row `{}`, which the policy doesn't have",
                        example.category
                    ),
                );
            }
        }
        Some(policy)
    }

    fn category(
        &mut self,
        node: &Node<'_, '_>,
        knows_subject: &dyn Fn(&str) -> bool,
        knows_information: &dyn Fn(&str) -> bool,
        may_refuse_to_confirm: bool,
    ) -> Option<Category> {
        self.known_keys(
            node,
            &[
                "id",
                "title",
                "note",
                "subjects",
                "kinds",
                "confirm",
                "content",
                "content_mechanism",
                "confirm_or_deny_mechanism",
            ],
        );
        let id = self.required(node, "id");
        let title = self.required(node, "title");
        let confirm =
            self.stance::<ConfirmStance>(node, "confirm", "confirm or neither-confirm-nor-deny");
        let content = self.stance::<ContentStance>(node, "content", "withhold or disclose");
        let mut subjects = Vec::new();
        for line in self.tables(node, "subjects") {
            self.known_keys(&line, &["label", "ids"]);
            let label = self.required(&line, "label");
            let ids = self.strings(&line, "ids");
            for unknown in ids.iter().filter(|id| !knows_subject(id)) {
                self.problem(
                    line.1.clone(),
                    "policy.unknown_subject",
                    format!("`{unknown}` is no subject of data/triage/subjects.toml"),
                );
            }
            if let Some((label, _)) = label {
                subjects.push(Subject { label, ids });
            }
        }
        let mut kinds: Vec<Kind> = Vec::new();
        for line in self.tables(node, "kinds") {
            self.known_keys(&line, &["label", "id", "confirm", "content", "reason"]);
            let label = self.required(&line, "label");
            let id = self.required(&line, "id");
            let confirm = self
                .stance(&line, "confirm", "confirm or neither-confirm-nor-deny")
                .or(confirm);
            let content = self
                .stance(&line, "content", "withhold or disclose")
                .or(content);
            let (Some((label, _)), Some((id, span))) = (label, id) else {
                continue;
            };
            if !knows_information(&id) {
                self.problem(
                    span.clone(),
                    "policy.unknown_information",
                    format!("`{id}` is no kind of data/triage/information.toml"),
                );
            }
            if kinds.iter().any(|other| other.id == id) {
                self.problem(
                    span.clone(),
                    "policy.duplicate_kind",
                    format!("kind `{id}` stands twice in this row"),
                );
            }
            let (Some(confirm), Some(content)) = (confirm, content) else {
                self.problem(
                    span,
                    "policy.no_stance",
                    format!(
                        "kind `{id}` has no stance; give `confirm` and `content` here or on its row"
                    ),
                );
                continue;
            };
            if confirm == ConfirmStance::NeitherConfirmNorDeny && !may_refuse_to_confirm {
                self.problem(
                    span,
                    "policy.no_confirm_or_deny_provision",
                    format!("kind `{id}` neither confirms nor denies, but the policy names no valid confirm_or_deny_provision"),
                );
            }
            kinds.push(Kind {
                label,
                id,
                confirm,
                content,
                reason: self.string(&line, "reason").map(|(text, _)| text),
            });
        }
        if kinds.is_empty() || subjects.is_empty() {
            self.problem(
                node.1.clone(),
                "policy.empty_row",
                "a row needs subjects and kinds".to_owned(),
            );
        }
        Some(Category {
            id: id?.0,
            title: title?.0,
            note: self.string(node, "note").map(|(text, _)| text),
            subjects,
            kinds,
            content_mechanism: self.string(node, "content_mechanism").map(|(text, _)| text),
            confirm_or_deny_mechanism: self
                .string(node, "confirm_or_deny_mechanism")
                .map(|(text, _)| text),
        })
    }

    fn known_keys(&mut self, node: &Node<'_, '_>, known: &[&str]) {
        let unknown: Vec<(Range<usize>, String)> = node
            .0
            .iter()
            .filter(|(key, _)| !known.contains(&key.get_ref().as_ref()))
            .map(|(key, _)| (key.span(), key.get_ref().to_string()))
            .collect();
        for (span, key) in unknown {
            self.problem(
                span,
                "policy.unknown_key",
                format!("unknown key `{key}`; known here are {}", known.join(", ")),
            );
        }
    }

    fn string(&mut self, node: &Node<'_, '_>, key: &str) -> Option<(String, Range<usize>)> {
        let value = get(node, key)?;
        if let DeValue::String(text) = value.get_ref() {
            return Some((text.to_string(), value.span()));
        }
        self.problem(
            value.span(),
            "policy.not_text",
            format!("`{key}` must be text in quotes"),
        );
        None
    }

    fn required(&mut self, node: &Node<'_, '_>, key: &str) -> Option<(String, Range<usize>)> {
        if get(node, key).is_none() {
            self.problem(
                node.1.clone(),
                "policy.missing_key",
                format!("`{key}` is missing here"),
            );
        }
        self.string(node, key)
    }

    fn strings(&mut self, node: &Node<'_, '_>, key: &str) -> Vec<String> {
        let Some(value) = get(node, key) else {
            return Vec::new();
        };
        let list = value.get_ref().as_array().map(|list| {
            list.iter()
                .filter_map(|item| match item.get_ref() {
                    DeValue::String(text) => Some(text.to_string()),
                    _ => None,
                })
                .collect::<Vec<_>>()
        });
        list.unwrap_or_else(|| {
            self.problem(
                value.span(),
                "policy.not_a_list",
                format!("`{key}` must be a list of texts"),
            );
            Vec::new()
        })
    }

    fn tables<'a, 't>(&mut self, node: &Node<'a, 't>, key: &str) -> Vec<Node<'a, 't>> {
        let Some(value) = get(node, key) else {
            return Vec::new();
        };
        let Some(list) = value.get_ref().as_array() else {
            self.problem(
                value.span(),
                "policy.not_a_list",
                format!("`{key}` must be a list of tables"),
            );
            return Vec::new();
        };
        list.iter()
            .filter_map(|item| item.get_ref().as_table().map(|table| (table, item.span())))
            .collect()
    }

    fn stance<T: DeserializeOwned>(
        &mut self,
        node: &Node<'_, '_>,
        key: &str,
        allowed: &str,
    ) -> Option<T> {
        let (value, span) = self.string(node, key)?;
        let read = T::deserialize(
            serde::de::value::StrDeserializer::<serde::de::value::Error>::new(&value),
        );
        if read.is_err() {
            self.problem(
                span,
                "policy.unknown_stance",
                format!("`{value}` is no stance for `{key}`; use {allowed}"),
            );
        }
        read.ok()
    }

    fn date(&mut self, value: &str, span: Range<usize>) -> Option<Date> {
        let date = value.parse().ok();
        if date.is_none() {
            self.problem(
                span,
                "policy.bad_date",
                format!("`{value}` is not a date; write it as 2026-11-24"),
            );
        }
        date
    }

    fn provision(&mut self, value: &str, span: Range<usize>) -> Option<Provision> {
        match value.parse() {
            Ok(provision) => Some(provision),
            Err(error) => {
                self.problem(span, "policy.not_a_provision", error.to_string());
                None
            }
        }
    }

    /// A table that holds nothing to check beyond its own form.
    fn one<T: DeserializeOwned>(&mut self, node: &Node<'_, '_>, key: &str) -> Option<T> {
        let value = get(node, key)?;
        self.plain(value)
    }

    fn many<T: DeserializeOwned>(&mut self, node: &Node<'_, '_>, key: &str) -> Vec<T> {
        let Some(list) = get(node, key).and_then(|value| value.get_ref().as_array()) else {
            return Vec::new();
        };
        list.iter().filter_map(|item| self.plain(item)).collect()
    }

    fn plain<T: DeserializeOwned>(&mut self, value: &Spanned<DeValue<'_>>) -> Option<T> {
        let read = T::deserialize(toml::de::ValueDeserializer::from(value.clone()));
        match read {
            Ok(entry) => Some(entry),
            Err(error) => {
                let span = error
                    .span()
                    .filter(|span| self.text.get(span.clone()).is_some())
                    .unwrap_or_else(|| value.span());
                self.problem(span, "policy.bad_entry", error.message().to_owned());
                None
            }
        }
    }
}

fn get<'a, 't>(node: &Node<'a, 't>, key: &str) -> Option<&'a Spanned<DeValue<'t>>> {
    node.0
        .iter()
        .find(|(known, _)| known.get_ref().as_ref() == key)
        .map(|(_, value)| value)
}
