//! What a page answers when it can't do what was asked: a few cases and no more.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::keys::Scope;

/// Why there is no such page, or not now.
#[derive(Debug)]
pub enum WebError {
    /// There is no such thing, or this person may not see it: the two look alike.
    NotFound,
    /// Somebody else changed the case in between.
    Conflict,
    /// It can't be done, each reason with its way out.
    Refused(Vec<law::Problem>),
    /// A form of the public's pages of which the browser doesn't say that it was sent from a page of ours.
    FromElsewhere,
    /// Too many attempts from one place.
    TooMany,
    /// A program brought no key, or none that works.
    NoKey,
    /// A program's key isn't good for this. Said before anything is looked up, so it tells nothing of what is there.
    OutOfScope(Scope),
    /// Something is wrong at our end; for the log, never for the page.
    Fault(String),
}

impl From<store::Fault> for WebError {
    fn from(fault: store::Fault) -> Self {
        Self::Fault(fault.to_string())
    }
}

impl From<store::Stopped> for WebError {
    fn from(stopped: store::Stopped) -> Self {
        match stopped {
            store::Stopped::NotFound(_) => Self::NotFound,
            store::Stopped::Conflict => Self::Conflict,
            store::Stopped::Refused(problems) => Self::Refused(problems),
            store::Stopped::Fault(fault) => fault.into(),
        }
    }
}

impl From<office::Trouble> for WebError {
    fn from(trouble: office::Trouble) -> Self {
        Self::Fault(trouble.to_string())
    }
}

impl From<askama::Error> for WebError {
    fn from(error: askama::Error) -> Self {
        Self::Fault(error.to_string())
    }
}

impl WebError {
    /// What the answer is called in HTTP.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Conflict => StatusCode::CONFLICT,
            Self::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::NoKey => StatusCode::UNAUTHORIZED,
            Self::OutOfScope(_) | Self::FromElsewhere => StatusCode::FORBIDDEN,
            Self::Fault(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// Carried in an answer for the outermost layer, which knows the visitor and draws the page.
#[derive(Clone, Debug)]
pub struct Failed(pub std::sync::Arc<WebError>);

impl IntoResponse for WebError {
    fn into_response(self) -> Response {
        let mut response = Response::default();
        *response.status_mut() = self.status();
        response
            .extensions_mut()
            .insert(Failed(std::sync::Arc::new(self)));
        response
    }
}
