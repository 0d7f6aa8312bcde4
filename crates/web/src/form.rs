//! Forms as data: one template draws them all, so that every field has its label, hint and message in the same way.

use askama::Template;

use crate::desk::public_record::Public;
use crate::fields::{Fields, Mistakes};
use crate::frame::Frame;
use crate::words::filters;

/// A page that is a form and nothing else.
#[derive(Template)]
#[template(path = "form-page.html")]
pub struct FormPage {
    /// What surrounds it.
    pub frame: Frame,
    /// The form.
    pub form: Form,
}

/// One of several choices.
#[derive(Clone, Debug)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
    /// A further line.
    pub hint: String,
}

/// A choice without a further line.
#[must_use]
pub fn choice(value: &str, label: &str) -> Choice {
    Choice {
        value: value.to_owned(),
        label: label.to_owned(),
        hint: String::new(),
    }
}

/// A choice with a further line.
#[must_use]
pub fn choice_with(value: &str, label: &str, hint: &str) -> Choice {
    Choice {
        hint: hint.to_owned(),
        ..choice(value, label)
    }
}

/// A kind of field.
#[derive(Clone, Debug)]
pub enum Kind {
    /// One line: the type, the width and what browsers may fill in.
    Line {
        /// `text`, `email`, `date`, `number`, `password`.
        kind: &'static str,
        /// `short`, `medium` or nothing.
        width: &'static str,
        /// What browsers may fill in.
        complete: &'static str,
    },
    /// Several lines.
    Area(u8),
    /// One of several, all in sight.
    Radios(Vec<Choice>),
    /// Any of several.
    Boxes(Vec<Choice>),
    /// One of many.
    Select(Vec<Choice>),
    /// A heading between fields.
    Heading,
    /// A paragraph between fields.
    Note,
    /// Words of somebody else between fields.
    Quote,
    /// Something published between fields.
    Public(Public),
    /// The fields from here to the next [`Kind::Unfold`] are folded away under the label, unless the value is `open`.
    Fold,
    /// The end of what is folded away.
    Unfold,
}

/// A field.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its id and name.
    pub id: String,
    /// Its label.
    pub label: String,
    /// Its hint.
    pub hint: String,
    /// What stands in it.
    pub value: String,
    /// What is ticked.
    pub ticked: Vec<String>,
    /// The message about it.
    pub wrong: String,
    /// Its kind.
    pub kind: Kind,
}

/// One of the steps that a form is one of.
#[derive(Clone, Debug)]
pub struct Step {
    /// What it is about.
    pub label: &'static str,
    /// Where it stands: "Done", "Not started", "Cannot start yet"; empty where nothing is recorded by it alone.
    pub status: &'static str,
    /// Where it is done; empty while it can't start.
    pub at: String,
    /// Whether this form is it.
    pub is_here: bool,
}

/// A form.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// The page's heading.
    pub heading: String,
    /// The steps that it is one of, in order; none where it stands alone.
    pub steps: Vec<Step>,
    /// Paragraphs before the fields.
    pub intro: Vec<String>,
    /// Links after them: words and address.
    pub links: Vec<(String, String)>,
    /// The fields.
    pub fields: Vec<Field>,
    /// The button.
    pub button: String,
    /// A second button beside it: what it sends as `do`, and its words.
    pub other_button: Option<(&'static str, &'static str)>,
    /// A warning before the button: what can't be undone.
    pub warning: String,
    /// Where to go instead.
    pub back: String,
    /// Whether whoever reads it can't send it.
    pub is_read_only: bool,
}

impl Form {
    /// A form under a heading.
    #[must_use]
    pub fn new(heading: &str, button: &str) -> Self {
        Self {
            heading: heading.to_owned(),
            button: button.to_owned(),
            ..Self::default()
        }
    }

    /// Adds a paragraph before the fields.
    #[must_use]
    pub fn intro(mut self, words: impl Into<String>) -> Self {
        self.intro.push(words.into());
        self
    }

    /// Adds a link before the fields.
    #[must_use]
    pub fn link(mut self, words: &str, to: impl Into<String>) -> Self {
        self.links.push((words.to_owned(), to.into()));
        self
    }

    /// Says before the button what can't be undone.
    #[must_use]
    pub fn warn(mut self, words: &str) -> Self {
        self.warning = words.to_owned();
        self
    }

    fn add(mut self, id: &str, label: &str, hint: &str, value: &str, kind: Kind) -> Self {
        self.fields.push(Field {
            id: id.to_owned(),
            label: label.to_owned(),
            hint: hint.to_owned(),
            value: value.to_owned(),
            ticked: Vec::new(),
            wrong: String::new(),
            kind,
        });
        self
    }

    /// Fields that few need, folded away while nothing is written in them.
    #[must_use]
    pub fn fold(self, label: &str, fields: impl FnOnce(Self) -> Self) -> Self {
        let folded = fields(self.add("", label, "", "", Kind::Fold));
        let mut form = folded.add("", "", "", "", Kind::Unfold);
        form.open_what_is_written();
        form
    }

    fn open_what_is_written(&mut self) {
        let mut is_written = false;
        for field in self.fields.iter_mut().rev() {
            match field.kind {
                Kind::Unfold => is_written = false,
                Kind::Fold => {
                    field.value = if is_written { "open" } else { "" }.to_owned();
                }
                Kind::Line { .. } | Kind::Area(_) => is_written |= !field.value.is_empty(),
                _ => {}
            }
            is_written |= !field.wrong.is_empty();
        }
    }

    /// A line of text.
    #[must_use]
    pub fn line(self, id: &str, label: &str, hint: &str, value: &str) -> Self {
        let kind = Kind::Line {
            kind: "text",
            width: "",
            complete: "",
        };
        self.add(id, label, hint, value, kind)
    }

    /// A line of another type.
    #[must_use]
    pub fn typed(
        self,
        id: &str,
        label: &str,
        hint: &str,
        value: &str,
        kind: &'static str,
        complete: &'static str,
    ) -> Self {
        let width = match kind {
            "number" => "short",
            "date" => "medium",
            _ => "",
        };
        let kind = Kind::Line {
            kind,
            width,
            complete,
        };
        self.add(id, label, hint, value, kind)
    }

    /// A day.
    #[must_use]
    pub fn day(self, id: &str, label: &str, hint: &str, value: &str) -> Self {
        self.typed(id, label, hint, value, "date", "")
    }

    /// Several lines.
    #[must_use]
    pub fn area(self, id: &str, label: &str, hint: &str, value: &str, rows: u8) -> Self {
        self.add(id, label, hint, value, Kind::Area(rows))
    }

    /// One of several; nothing is chosen beforehand unless `value` says so.
    #[must_use]
    pub fn radios(
        self,
        id: &str,
        label: &str,
        hint: &str,
        choices: Vec<Choice>,
        value: &str,
    ) -> Self {
        self.add(id, label, hint, value, Kind::Radios(choices))
    }

    /// Any of several.
    #[must_use]
    pub fn boxes(
        mut self,
        id: &str,
        label: &str,
        hint: &str,
        choices: Vec<Choice>,
        ticked: Vec<String>,
    ) -> Self {
        self = self.add(id, label, hint, "", Kind::Boxes(choices));
        if let Some(field) = self.fields.last_mut() {
            field.ticked = ticked;
        }
        self
    }

    /// One of many.
    #[must_use]
    pub fn select(
        self,
        id: &str,
        label: &str,
        hint: &str,
        choices: Vec<Choice>,
        value: &str,
    ) -> Self {
        self.add(id, label, hint, value, Kind::Select(choices))
    }

    /// A heading between fields.
    #[must_use]
    pub fn section(self, words: &str) -> Self {
        self.add("", words, "", "", Kind::Heading)
    }

    /// A paragraph between fields.
    #[must_use]
    pub fn note(self, words: impl AsRef<str>) -> Self {
        self.add("", words.as_ref(), "", "", Kind::Note)
    }

    /// Words of somebody else between fields.
    #[must_use]
    pub fn quote(self, words: impl AsRef<str>) -> Self {
        self.add("", words.as_ref(), "", "", Kind::Quote)
    }

    /// Something published between fields.
    #[must_use]
    pub fn public(self, entry: Public) -> Self {
        self.add("", "", "", "", Kind::Public(entry))
    }

    /// The form with what is saved now told beside each text that says something else, for whoever wrote it while another
    /// changed it.
    #[must_use]
    pub fn beside(mut self, sent: &Fields) -> Self {
        for field in &mut self.fields {
            let is_other = !field.value.is_empty() && field.value != sent.get(&field.id);
            if matches!(field.kind, Kind::Area(_)) && is_other {
                field.hint = format!("{} Saved now: “{}”", field.hint, field.value)
                    .trim_start()
                    .to_owned();
            }
        }
        self
    }

    /// The form with what was sent in its fields, so that nobody types anything twice.
    #[must_use]
    pub fn filled(mut self, sent: &Fields, mistakes: &Mistakes) -> Self {
        for field in &mut self.fields {
            if field.id.is_empty() {
                continue;
            }
            field.wrong = mistakes.of(&field.id).unwrap_or("").to_owned();
            match &field.kind {
                Kind::Boxes(_) => field.ticked = sent.all(&field.id),
                Kind::Line {
                    kind: "password", ..
                } => {}
                _ => field.value = sent.get(&field.id),
            }
        }
        self.open_what_is_written();
        self
    }
}
