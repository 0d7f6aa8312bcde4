//! The officer's desk and the public's door: pages drawn by the server that work without scripts, feeds, and a JSON API.
//!
//! [`pages`] turns an [`App`] into a service. [`routes::ROUTES`] is the table of every route with who may; what isn't in
//! it is not found, and what somebody may not see looks the same as what isn't there.

pub mod accounts;
mod api;
pub mod app;
mod assets;
pub mod branding;
pub mod dates;
pub mod demo;
mod desk;
mod document;
mod fault;
mod fields;
mod form;
mod frame;
mod guard;
pub mod hooks;
pub mod keys;
mod limits;
pub mod marks;
mod metrics;
pub mod oidc;
pub mod outside;
mod preferences;
mod public;
pub mod routes;
pub mod second;
mod serve;
pub mod session;
mod signing;
mod upload;
pub mod words;

pub use app::{App, DemoSignIn, Inner, Log, Settings};
pub use metrics::Metrics;
pub use routes::router as pages;
pub use serve::{application, serve};
