//! What the project's own programs say of the database: its health, and whether its data is right.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use maud::html;
use serde_json::Value as Json;

use super::{Frame, JsonText, failed, failed_json};
use crate::failure::{Failure, Result};
use crate::site::{Answer, Programs, Site};

pub(crate) async fn health(State(site): State<Arc<Site>>) -> Response {
    page(
        &site,
        "Health",
        "/health",
        "How the database does, asked again every ten seconds.",
        Some(10),
    )
}

pub(crate) async fn verify(State(site): State<Arc<Site>>) -> Response {
    page(
        &site,
        "Verify",
        "/verify",
        "Whether the data is as the schema and the business want it.",
        None,
    )
}

fn page(site: &Site, title: &str, part: &str, what: &str, every: Option<u32>) -> Response {
    let schema = match site.schema() {
        Ok(schema) => schema,
        Err(failure) => return failed(site, &failure),
    };
    let content = html! {
        h1 { (title) }
        p { (what) }
        @if site.project.programs.is_some() {
            div.tools {
                button #again type="button" { "Now" }
                span #state role="status" { "" }
            }
            div #live data-url={ "/api" (part) } data-every=[every] {}
        } @else {
            p { "This project has no crate " code { "crates" (part) } " that could tell." }
        }
    };
    Frame { site, title, part, model: None, scripts: &["live.js"] }.around(Some(&schema), &content)
}

pub(crate) async fn health_json(State(site): State<Arc<Site>>) -> Response {
    told(asked(&site, |programs| programs.health()).await)
}

pub(crate) async fn verify_json(State(site): State<Arc<Site>>) -> Response {
    told(asked(&site, |programs| programs.verify()).await)
}

async fn asked(site: &Site, ask: impl Fn(&dyn Programs) -> Answer) -> Result<Json> {
    let programs = site.project.programs.as_deref();
    let programs =
        programs.ok_or_else(|| Failure::not_found("This project has no such program"))?;
    let printed = ask(programs).await.map_err(Failure::internal)?;
    serde_json::from_str(&printed)
        .map_err(|error| Failure::internal(format!("what it printed is no JSON: {error}")))
}

fn told(result: Result<Json>) -> Response {
    match result {
        Ok(json) => JsonText(json).into_response(),
        Err(failure) => failed_json(&failure),
    }
}
