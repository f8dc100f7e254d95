//! The schema as a diagram to walk through.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use maud::{PreEscaped, html};

use super::{Frame, failed};
use crate::site::Site;

pub(crate) async fn get(State(site): State<Arc<Site>>) -> Response {
    let schema = match site.schema() {
        Ok(schema) => schema,
        Err(failure) => return failed(&site, &failure),
    };
    let content = html! {
        h1 { "Schema" }
        div.tools {
            label for="search" { "Find" }
            input #search type="search" list="names" autocomplete="off";
            datalist #names {
                @for model in schema.models() { option value=(model.name()) {} }
                @for walker in schema.enums() { option value=(walker.name()) {} }
            }
            button #in type="button" title="Nearer (+)" { "+" }
            button #out type="button" title="Farther (-)" { "−" }
            button #all type="button" title="All of it (0)" { "All" }
            label { input #focus type="checkbox"; " Only what it is tied to" }
        }
        div #diagram tabindex="0" role="application" aria-label="Diagram: arrow keys move it, + and - zoom" {
            // Written by the `docs` crate, which escapes every name and comment.
            (PreEscaped(docs::svg_part(&schema)))
        }
        section #about aria-live="polite" {}
    };
    let frame = Frame {
        site: &site,
        title: "Schema",
        part: "/schema",
        model: None,
        scripts: &["diagram.js"],
    };
    frame.around(Some(&schema), &content)
}
