//! The first page: all models with the number of their rows.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};

use super::{Frame, failed, told};
use crate::counts::{self, Count};
use crate::failure::Result;
use crate::site::Site;

pub(crate) async fn get(State(site): State<Arc<Site>>) -> Response {
    match page(&site).await {
        Ok(page) => page,
        Err(failure) => failed(&site, &failure),
    }
}

async fn page(site: &Site) -> Result<Response> {
    let schema = site.schema()?;
    // Without its database a schema can still be looked at.
    let content = match counts::counts(&site.database, &schema, site.default_schema()).await {
        Ok(counts) => html! {
            h1 { "Models" }
            @if counts.is_empty() {
                p { "The schema has no model yet." }
            } @else {
                div.scroll tabindex="0" role="region" aria-label="All models" { table.models {
                    thead { tr { th { "Model" } th { "Table" } th.number { "Rows" } th { "What it is" } } }
                    tbody {
                        @for (model, count) in &counts {
                            tr {
                                th scope="row" { a href={ "/model/" (model.name()) } { (model.name()) } }
                                td { code { (model.database_name()) } }
                                td.number { (shown(*count)) }
                                td { (model.documentation().unwrap_or_default()) }
                            }
                        }
                    }
                } }
            }
        },
        Err(failure) => html! {
            h1 { "Models" }
            (told(&failure))
        },
    };
    let frame = Frame { site, title: "Models", part: "/", model: None, scripts: &[] };
    Ok(frame.around(Some(&schema), &content))
}

fn shown(count: Count) -> Markup {
    match count {
        Count::Exactly(rows) => html! { (grouped(rows)) },
        Count::About(rows) => html! { "about " (grouped(rows)) },
        Count::Unknown => html! { em { "not counted" } },
        Count::Unreadable => html! { em { "not readable" } },
        Count::Missing => html! { em { "no table" } },
    }
}

/// `1234567` as `1,234,567`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn numbers_have_commas() {
        for (number, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(number), text);
        }
    }
}
