//! Diagnostics as somebody reads them: a person at a terminal ([`text`]), a program ([`json`]), a reviewer on GitHub
//! ([`github`]).
//!
//! Texts in, text out: where it goes, and whether it may be coloured there, is the caller's to know. Nothing that a
//! schema or a path holds can steer a terminal from here (see [`visible`]).

mod github;
mod json;
mod lines;
mod text;
mod visible;

pub use github::render_github;
pub use json::render_json;
pub use text::{Style, render};
