//! Styles and scripts, in the binary itself, under names that change with what they hold.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};

const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";

const ASSETS: &[(&str, &str, &[u8])] = &[
    ("app.css", CSS, include_bytes!("assets/app.css")),
    ("diagram.css", CSS, include_bytes!("assets/diagram.css")),
    ("app.js", JS, include_bytes!("assets/app.js")),
    ("table.js", JS, include_bytes!("assets/table.js")),
    ("dates.js", JS, include_bytes!("assets/dates.js")),
    ("changes.js", JS, include_bytes!("assets/changes.js")),
    ("console.js", JS, include_bytes!("assets/console.js")),
    ("diagram.js", JS, include_bytes!("assets/diagram.js")),
    ("links.js", JS, include_bytes!("assets/links.js")),
    ("live.js", JS, include_bytes!("assets/live.js")),
    ("refresh.js", JS, include_bytes!("assets/refresh.js")),
    ("icon.svg", SVG, include_bytes!("assets/icon.svg")),
];

/// The path of an asset. It is another one in another build, so that browsers may keep it for good.
pub(crate) fn path(name: &str) -> String {
    format!("/assets/{}/{name}", version())
}

/// One for all of them, since scripts import each other.
fn version() -> String {
    let mut hasher = DefaultHasher::new();
    ASSETS.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

pub(crate) async fn get(Path((_, name)): Path<(String, String)>) -> Response {
    match ASSETS.iter().find(|(known, ..)| *known == name) {
        Some((_, kind, bytes)) => (
            [
                (header::CONTENT_TYPE, *kind),
                (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
            ],
            *bytes,
        )
            .into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
