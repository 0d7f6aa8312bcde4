//! Why a command stopped, and the exit status that says so.

/// Why a command stopped.
#[derive(Debug)]
pub enum Stop {
    /// The input or the usage is wrong: exit status 2. One line a problem.
    Input(Vec<String>),
    /// The check ran and found problems: exit status 1.
    Found,
}

impl Stop {
    /// One problem with the input.
    pub fn input(message: impl Into<String>) -> Self {
        Self::Input(vec![message.into()])
    }
}
