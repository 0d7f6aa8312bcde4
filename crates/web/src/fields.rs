//! What a form sent, field by field, and what is wrong with it.

use law::Problem;

/// The fields of a form in the order sent; a name may come several times.
#[derive(Clone, Debug, Default)]
pub struct Fields(pub Vec<(String, String)>);

impl Fields {
    /// The fields of an `application/x-www-form-urlencoded` body.
    #[must_use]
    pub fn of_body(body: &[u8]) -> Self {
        serde_urlencoded::from_bytes(body).map_or_else(|_| Self::default(), Self)
    }

    /// The value under a name, without white space around it and with plain line ends; empty when there is none.
    #[must_use]
    pub fn get(&self, name: &str) -> String {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map_or_else(String::new, |(_, value)| value.trim().replace("\r\n", "\n"))
    }

    /// The value exactly as sent but for its line ends.
    #[must_use]
    pub fn raw(&self, name: &str) -> String {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map_or_else(String::new, |(_, value)| value.replace("\r\n", "\n"))
    }

    /// Every value under a name.
    #[must_use]
    pub fn all(&self, name: &str) -> Vec<String> {
        self.0
            .iter()
            .filter(|(known, _)| known == name)
            .map(|(_, value)| value.trim().to_owned())
            .collect()
    }

    /// Whether a name was sent with something in it.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        !self.get(name).is_empty()
    }

    /// Whether a box of this name and value is ticked.
    #[must_use]
    pub fn ticked(&self, name: &str, value: &str) -> bool {
        self.all(name).iter().any(|known| known == value)
    }

    /// A number, where one was written.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<u64> {
        self.get(name).replace(',', "").parse().ok()
    }
}

/// Something to mend, with the field it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The id of the field; `main` where it is about none.
    pub field: String,
    /// What to do, in words.
    pub message: String,
}

/// The mistakes of a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mistakes(pub Vec<Mistake>);

impl Mistakes {
    /// Adds one.
    pub fn add(&mut self, field: &str, message: impl Into<String>) {
        self.0.push(Mistake {
            field: field.to_owned(),
            message: message.into(),
        });
    }

    /// Adds one where `wrong`.
    pub fn check(&mut self, wrong: bool, field: &str, message: &str) {
        if wrong {
            self.add(field, message);
        }
    }

    /// What stands in a command's way. `fields` says which field each code is about, by the start of the code.
    #[must_use]
    pub fn of_problems(problems: &[Problem], fields: &[(&str, &str)]) -> Self {
        Self(
            problems
                .iter()
                .map(|problem| Mistake {
                    field: fields
                        .iter()
                        .find(|(code, _)| problem.code.starts_with(code))
                        .map_or("main", |(_, field)| field)
                        .to_owned(),
                    message: sentence(&problem.message),
                })
                .collect(),
        )
    }

    /// The message about a field, if there is one.
    #[must_use]
    pub fn of(&self, field: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|mistake| mistake.field == field)
            .map(|mistake| mistake.message.as_str())
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// What an address says after its `?`: the parts that say something.
#[must_use]
pub fn query(parts: &[(&str, &str)]) -> String {
    let said: Vec<_> = parts
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .collect();
    serde_urlencoded::to_string(said).unwrap_or_default()
}

/// Messages of the rules begin in lower case; on a page each is a sentence.
#[must_use]
pub fn sentence(message: &str) -> String {
    let mut characters = message.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(characters).collect()
    })
}
