//! The console's page, and the statements that it sends.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use maud::html;
use serde_json::Value as Json;

use super::{Frame, JsonText, answer, failed, failed_json};
use crate::console;
use crate::database::Access;
use crate::failure::{Failure, Result};
use crate::site::Site;

pub(crate) async fn get(State(site): State<Arc<Site>>) -> Response {
    let schema = match site.schema() {
        Ok(schema) => schema,
        Err(failure) => return failed(&site, &failure),
    };
    let content = html! {
        h1 { "Console" }
        form #console {
            label for="sql" { "SQL" }
            textarea #sql rows="8" spellcheck="false" autocomplete="off" autofocus {}
            div.tools {
                button type="submit" { "Run (Ctrl+Enter)" }
                @if site.read_only.is_none() {
                    label { input #write type="checkbox"; " May write" }
                }
                details.history {
                    summary { "History" }
                    ol #history {}
                }
            }
        }
        p.hint {
            "Without leave to write all of it is one transaction that cannot change a row. Functions of the server that act beyond "
            "rows (on files, other sessions, replication) act all the same, where your role may call them."
        }
        div #results aria-live="polite" {}
    };
    let frame = Frame {
        site: &site,
        title: "Console",
        part: "/console",
        model: None,
        scripts: &["console.js"],
    };
    frame.around(Some(&schema), &content)
}

/// `{"sql": "…", "write": false}`.
pub(crate) async fn post(State(site): State<Arc<Site>>, body: Bytes) -> Response {
    match answer(async move { done(&site, &body).await }).await {
        Ok(json) => JsonText(json).into_response(),
        Err(failure) => failed_json(&failure),
    }
}

async fn done(site: &Site, body: &[u8]) -> Result<Json> {
    let asked: Json = serde_json::from_slice(body)
        .map_err(|error| Failure::wrong(format!("This is no JSON: {error}")))?;
    let sql = asked.get("sql").and_then(Json::as_str).unwrap_or_default();
    let access = if asked.get("write").and_then(Json::as_bool) == Some(true) {
        site.may_write()?;
        Access::Write
    } else {
        Access::Read
    };
    console::run(&site.database, sql, access).await
}
