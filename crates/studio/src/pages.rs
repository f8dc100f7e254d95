//! The pages: what is asked for, answered in HTML.

pub(crate) mod changes;
pub(crate) mod console;
pub(crate) mod diagram;
pub(crate) mod home;
pub(crate) mod live;
pub(crate) mod migrations;
pub(crate) mod rollouts;
pub(crate) mod row;
pub(crate) mod table;

mod asked;
mod field;
mod filters;
mod links;

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};
use psl::Schema;
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;

use crate::assets;
use crate::failure::{Failure, Result};
use crate::model;
use crate::site::{ReadOnly, Site};

/// What stands around every page.
pub(crate) struct Frame<'a> {
    pub(crate) site: &'a Site,
    /// Of the page, for the browser's tab.
    pub(crate) title: &'a str,
    /// The part of the site it belongs to, as its link in the head has it.
    pub(crate) part: &'a str,
    /// The model it is about.
    pub(crate) model: Option<&'a str>,
    /// Scripts beside `app.js`.
    pub(crate) scripts: &'a [&'a str],
}

const PARTS: &[(&str, &str)] = &[
    ("/", "Data"),
    ("/schema", "Schema"),
    ("/migrations", "Migrations"),
    ("/rollouts", "Rollouts"),
    ("/health", "Health"),
    ("/verify", "Verify"),
    ("/console", "Console"),
];

impl Frame<'_> {
    /// The whole page around its content; `schema` is for the list of models, where there is one.
    pub(crate) fn around(&self, schema: Option<&Schema>, content: &Markup) -> Response {
        let Self { site, title, part, model, scripts } = self;
        let url = site.database.url();
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title { (title) " · " (site.project.name) }
                    link rel="icon" href=(assets::path("icon.svg"));
                    link rel="stylesheet" href=(assets::path("app.css"));
                    @if *part == "/schema" { link rel="stylesheet" href=(assets::path("diagram.css")); }
                    script type="module" src=(assets::path("app.js")) {}
                    @for script in *scripts { script type="module" src=(assets::path(script)) {} }
                }
                body data-read-only[site.read_only.is_some()] data-database=(identity(url)) {
                    a.skip href="#content" { "To the content" }
                    header {
                        strong { (site.project.name) }
                        nav aria-label="Parts" {
                            @for (path, name) in PARTS {
                                a href=(path) aria-current=[(path == part).then_some("page")] { (name) }
                            }
                        }
                        span.database title="The database" {
                            (url.database()) " · " @if url.is_socket() { "on this machine" } @else { (url.host()) }
                        }
                        button #theme type="button" title="Light or dark" { "◐" span.hidden { "Light or dark" } }
                    }
                    @match site.read_only {
                        Some(ReadOnly::Remote) => p.banner role="note" {
                            strong { "Not a local database. " }
                            "It is only read; " code { "--allow-writes" } " would let you write to it."
                        },
                        Some(ReadOnly::Asked) => p.banner role="note" { "Only reading: started with " code { "--read-only" } },
                        None => @if !url.is_local() {
                            p.banner.danger role="note" {
                                strong { "Not a local database. " } "What you save here is saved there."
                            }
                        },
                    }
                    div.page {
                        @if let Some(schema) = schema { (models(schema, *model)) }
                        main #content tabindex="-1" { (content) }
                    }
                }
            }
        };
        ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], page.into_string()).into_response()
    }
}

/// Tells databases apart, so that what was collected for one is never saved to another behind the same port.
fn identity(url: &postgres::ConnectionUrl) -> String {
    let mut hasher = DefaultHasher::new();
    (url.host(), url.port(), url.user(), url.database(), url.schema()).hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

fn models(schema: &Schema, current: Option<&str>) -> Markup {
    html! {
        aside {
            label for="find" { "Models" }
            input #find type="search" placeholder="Find (press /)" autocomplete="off";
            nav #models aria-label="Models" {
                @for model in model::shown(schema) {
                    @let name = model.name();
                    a href={ "/model/" (name) } aria-current=[(current == Some(name)).then_some("page")] { (name) }
                }
            }
        }
    }
}

/// A page that says what went wrong.
pub(crate) fn failed(site: &Site, failure: &Failure) -> Response {
    let schema = site.schema().ok();
    let frame = Frame { site, title: "Failed", part: "", model: None, scripts: &[] };
    let mut response = frame.around(schema.as_ref(), &told(failure));
    *response.status_mut() = failure.status;
    response
}

pub(crate) fn told(failure: &Failure) -> Markup {
    html! {
        div.failure role="alert" {
            p {
                @if let Some(code) = &failure.code { code { (code) } " " }
                span.message { (failure.message) }
            }
            @if let Some(help) = &failure.help { p.help { (help) } }
        }
    }
}

/// For scripts.
pub(crate) fn failed_json(failure: &Failure) -> Response {
    let body = serde_json::json!({
        "error": failure.message, "code": failure.code, "help": failure.help,
    });
    (failure.status, JsonText(body)).into_response()
}

/// JSON as an answer.
pub(crate) struct JsonText(pub(crate) serde_json::Value);

impl IntoResponse for JsonText {
    fn into_response(self) -> Response {
        ([(header::CONTENT_TYPE, "application/json")], self.0.to_string()).into_response()
    }
}

pub(crate) async fn not_found(State(site): State<Arc<Site>>) -> Response {
    let mut response = failed(&site, &Failure::not_found("There is no such page"));
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

/// Runs what answers a request to its end, even where the browser has gone away: no transaction is left half-way.
pub(crate) async fn answer<T: Send + 'static>(
    work: impl Future<Output = Result<T>> + Send + 'static,
) -> Result<T> {
    match tokio::spawn(work).await {
        Ok(result) => result,
        Err(error) => Err(Failure::internal(format!("this request failed: {error}"))),
    }
}

/// As [`answer`], on a thread of its own: what plans a deploy or reads a history is not made to change threads.
pub(crate) async fn answer_apart<T: Send + 'static>(
    work: impl AsyncFnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    match spawn_blocking(move || Handle::current().block_on(work())).await {
        Ok(result) => result,
        Err(error) => Err(Failure::internal(format!("this request failed: {error}"))),
    }
}
