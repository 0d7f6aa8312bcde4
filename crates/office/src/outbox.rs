//! What is to be sent, as notes for whoever sends mail.

use casework::case::Case;
use casework::command::Command;

/// A note: a file of the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The file's name, after the work, so that the same work done twice is one note.
    pub name: String,
    /// What to send to whom. It names no applicant.
    pub text: String,
}

/// The note for a piece of routine work; `None` when it needs nothing sent.
#[must_use]
pub fn note(case: &Case, command: &Command) -> Option<Note> {
    let (what, text) = match command {
        Command::Acknowledge(acknowledgement) => (
            "acknowledge".to_owned(),
            format!(
                "Tell the applicant of {} that the request came in on {} and is due on {}. To be sent on {}.\n",
                case.receipt.reference,
                case.receipt.received_on,
                case.due_on,
                acknowledgement.sent_on
            ),
        ),
        Command::Remind(reminder) => {
            let whom = reminder
                .area
                .clone()
                .or_else(|| case.owner.clone())
                .unwrap_or_else(|| "the office: nobody owns this case".to_owned());
            let area = reminder
                .area
                .as_ref()
                .map_or_else(String::new, |area| format!("-{area}"));
            (
                format!(
                    "remind-{}-{}{area}",
                    reminder.due_on, reminder.working_days_left
                ),
                format!(
                    "Remind {whom}: {} is due on {}, in {} working days.\n",
                    case.receipt.reference, reminder.due_on, reminder.working_days_left
                ),
            )
        }
        _ => return None,
    };
    Some(Note {
        name: format!("{}-{}.txt", plain(&case.id.0), plain(&what)),
        text,
    })
}

fn plain(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || c == '-' {
                c
            } else {
                '-'
            }
        })
        .collect()
}
