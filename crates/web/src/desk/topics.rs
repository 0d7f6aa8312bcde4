//! The register of topics: which way each decision to confirm or deny went, so that the same kind of question goes the
//! same way, whatever is held.

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use jiff::civil::Date;
use store::stances::{OnTopic, Taken};

use crate::app::App;
use crate::dates;
use crate::fault::WebError;
use crate::fields::sentence;
use crate::frame::{self, Frame};
use crate::session::Visit;
use crate::words::filters;

/// A topic as the page lists it.
#[derive(Clone, Debug)]
pub struct Listed {
    words: String,
    both_ways: bool,
    /// Each way in words, how often it was taken, and when.
    ways: Vec<(String, u64, String)>,
}

/// The page.
#[derive(Template)]
#[template(path = "desk/topics.html")]
pub struct TopicsPage {
    frame: Frame,
    topics: Vec<Listed>,
    both_ways: usize,
}

/// Shows every topic that was decided on; those that went both ways first.
///
/// # Errors
/// The store can't answer.
pub async fn page(
    State(app): State<App>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, WebError> {
    let taken = app.office.store().topics().await?;
    let mut topics: Vec<Listed> = OnTopic::of(taken).iter().map(listed).collect();
    topics.sort_by_key(|topic| !topic.both_ways);
    let template = TopicsPage {
        frame: Frame::new(&app, &visit),
        both_ways: topics.iter().filter(|topic| topic.both_ways).count(),
        topics,
    };
    frame::page(&template.frame, &template)
}

fn listed(on: &OnTopic) -> Listed {
    Listed {
        words: sentence(&on.topic.words()),
        both_ways: on.went_both_ways(),
        ways: on
            .ways
            .iter()
            .map(|taken| (sentence(taken.way.words()), taken.times, when(taken)))
            .collect(),
    }
}

fn when(taken: &Taken) -> String {
    let day = |text: &str| {
        text.parse::<Date>()
            .map_or_else(|_| text.to_owned(), dates::short)
    };
    if taken.first_on == taken.last_on {
        day(&taken.first_on)
    } else {
        format!("{} to {}", day(&taken.first_on), day(&taken.last_on))
    }
}
