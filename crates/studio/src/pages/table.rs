//! The rows of a model: filtered, sorted, a page at a time.

use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use maud::{Markup, html};
use psl::Schema;

use super::asked::{Asked, Opened};
use super::field::{cell, choices, is_zoned, kind, picker, to_row, to_view};
use super::filters::filters;
use super::home::grouped;
use super::{Frame, JsonText, told};
use crate::export::{self, Format};
use crate::failure::Result;
use crate::model::Model;
use crate::rows::{self, Extent, Page};
use crate::site::Site;
use crate::view::{Place, View};

/// Rows are counted up to here when somebody asks for their number.
const MOST_COUNTED: u64 = 1_000_000;

pub(crate) async fn get(asked: Asked) -> Response {
    asked.page(page).await
}

async fn page(asked: Asked) -> Result<Response> {
    let view = asked.view()?;
    let Opened { schema, model, on } = asked.open(&view.filters).await?;
    let site = &*asked.site;
    let page = rows::page(&on, &model, &view, Extent::Cut).await;
    // What the rows cannot be read for is told above the filters, so that these can be mended.
    let content = match page {
        Ok(page) => {
            on.roll_back().await?;
            whole(
                site,
                &model,
                &view,
                &html! { (hint(&page)) (table(&model, &view, &page)) (pager(&model, &view, &page)) },
            )
        }
        Err(failure) => {
            drop(on);
            whole(site, &model, &view, &told(&explained(failure)))
        }
    };
    Ok(framed(site, &schema, &model, &content))
}

/// Says what to do where the server gave up.
fn explained(failure: crate::failure::Failure) -> crate::failure::Failure {
    if failure.code.as_deref() == Some("57014") {
        let help =
            "it took too long: sort or filter by fields that have an index (@@index in the schema)";
        return failure.help(help);
    }
    failure
}

fn framed(site: &Site, schema: &Schema, model: &Model, content: &Markup) -> Response {
    let scripts = &["table.js", "changes.js"];
    let (title, model) = (model.name.as_str(), Some(model.name.as_str()));
    Frame { site, title, part: "/", model, scripts }.around(Some(schema), content)
}

fn whole(site: &Site, model: &Model, view: &View, rows: &Markup) -> Markup {
    let can_write = site.read_only.is_none() && !model.key.is_empty();
    html! {
        h1 { (model.name) }
        @if let Some(documentation) = &model.documentation { p.documentation { (documentation) } }
        @if !model.missing.is_empty() {
            p.banner role="note" {
                "The database has no column for " (model.missing.join(", ")) ". "
                "Bring it up to date: " code { "cargo xtask migrate dev" }
            }
        }
        (filters(model, view))
        div.tools {
            (columns(model, view))
            a href={ "/model/" (model.name) "/export.csv?" (view.query()) } download title="All rows of this view" { "Export CSV" }
            a href={ "/model/" (model.name) "/export.json?" (view.query()) } download title="All rows of this view" { "Export JSON" }
            button type="button" data-copy="csv" title="The rows that are shown" { "Copy as CSV" }
            button type="button" data-copy="json" title="The rows that are shown" { "Copy as JSON" }
            button #count type="button" data-url={ "/model/" (model.name) "/count?" (view.query()) } { "Count" }
            @if can_write { a.button href={ "/model/" (model.name) "/new" } { "Add a row" } }
            @else if model.key.is_empty() { span.hint { "No key: its rows can only be read" } }
        }
        (rows)
    }
}

fn columns(model: &Model, view: &View) -> Markup {
    let shown = view.shown(model);
    let others = View { columns: Vec::new(), ..view.clone() };
    html! {
        details.columns {
            summary { "Columns" }
            form method="get" action={ "/model/" (model.name) } {
                @for (key, value) in others.pairs() { input type="hidden" name=(key) value=(value); }
                @for field in &model.fields {
                    label {
                        input type="checkbox" name="columns" value=(field.name)
                            checked[shown.iter().any(|other| other.name == field.name)];
                        (field.name)
                    }
                }
                button type="submit" { "Show these" }
            }
        }
    }
}

fn table(model: &Model, view: &View, page: &Page) -> Markup {
    let shown = view.shown(model);
    let position = |name: &str| model.fields.iter().position(|field| field.name == name);
    let shown: Vec<usize> = shown.iter().filter_map(|field| position(&field.name)).collect();
    html! {
        div.scroll tabindex="0" role="region" aria-label={ "Rows of " (model.name) } {
            table.rows data-model=(model.name) {
                thead { tr {
                    th.open { span.hidden { "Row" } }
                    @for &at in &shown { (column_head(model, view, at)) }
                } }
                tbody {
                    @for row in &page.rows {
                        tr data-key=[(!model.key.is_empty()).then(|| crate::view::text_of(&row.key))] data-version=[&row.version] {
                            td.open {
                                @if !model.key.is_empty() {
                                    a href=(to_row(model, row)) title="This row and what belongs to it" {
                                        "⤢" span.hidden { "Open the row" }
                                    }
                                }
                            }
                            @for &at in &shown { (cell(model, row, at)) }
                        }
                    }
                    @if page.rows.is_empty() {
                        tr { td.nothing colspan=(shown.len() + 1) { "No rows" } }
                    }
                }
            }
        }
    }
}

fn column_head(model: &Model, view: &View, at: usize) -> Markup {
    let field = &model.fields[at];
    let sorted = view.sort.as_ref().filter(|sort| sort.field == field.name);
    let order = sorted.map(|sort| if sort.is_descending { "descending" } else { "ascending" });
    html! {
        th scope="col" data-field=(field.name) data-kind=(kind(field)) data-type=(field.shown_type)
            data-choices=[choices(field)] data-nullable[field.is_nullable]
            data-picker=[picker(field)] data-zoned[is_zoned(field)]
            data-generated[field.is_generated] aria-sort=[order] title=[field.documentation.as_deref()] {
            @if field.is_comparable() {
                a href=(to_view(model, &view.sorted_by(&field.name))) {
                    (field.name)
                    @match order { Some("ascending") => " ▲", Some(_) => " ▼", None => "" }
                }
            } @else { (field.name) }
            small { (field.shown_type) }
        }
    }
}

fn pager(model: &Model, view: &View, page: &Page) -> Markup {
    let link = |place: Place| to_view(model, &view.at(place));
    html! {
        nav.pager aria-label="Pages" {
            @if page.has_before {
                a href=(link(Place::Start)) { "⏮ First" }
                @if let Some(first) = page.rows.first() {
                    a #before rel="prev" href=(link(Place::Before(first.cursor()))) { "◀ Before" }
                }
            }
            span { (rows_of(page.rows.len() as u64)) }
            @if page.has_after && model.key.is_empty() {
                span.hint { "and more: without a key there are no further pages; filter them, or export them all" }
            } @else if page.has_after {
                @if let Some(last) = page.rows.last() {
                    a #after rel="next" href=(link(Place::After(last.cursor()))) { "After ▶" }
                }
                a href=(link(Place::End)) { "Last ⏭" }
            }
        }
    }
}

/// Says which index is missing for the order that was chosen.
fn hint(page: &Page) -> Markup {
    html! {
        @if !page.wanted_index.is_empty() {
            p.hint #wanted-index {
                "The database sorts many rows for each of these pages. With "
                code { "@@index([" (page.wanted_index.join(", ")) "])" }
                " in the model it would read only those that are shown."
            }
        }
    }
}

fn rows_of(count: u64) -> String {
    if count == 1 { "1 row".to_owned() } else { format!("{} rows", grouped(count)) }
}

/// The number of rows that the filters leave, for the button that asks.
pub(crate) async fn count(asked: Asked) -> Response {
    asked.json(counted).await
}

async fn counted(asked: Asked) -> Result<Response> {
    let view = asked.view()?;
    let Opened { model, on, .. } = asked.open(&view.filters).await?;
    let count = rows::count(&on, &model, &view, MOST_COUNTED + 1).await?;
    on.roll_back().await?;
    let more = if count > MOST_COUNTED { "more than " } else { "" };
    let text = format!("{more}{}", rows_of(count.min(MOST_COUNTED)));
    Ok(JsonText(serde_json::json!({ "text": text })).into_response())
}

pub(crate) async fn csv(asked: Asked) -> Response {
    asked.page(|asked| exported(asked, Format::Csv)).await
}

pub(crate) async fn json(asked: Asked) -> Response {
    asked.page(|asked| exported(asked, Format::Json)).await
}

async fn exported(asked: Asked, format: Format) -> Result<Response> {
    let view = asked.view()?;
    let Opened { model, on, .. } = asked.open_export(&view.filters).await?;
    let (kind, ending) = match format {
        Format::Csv => ("text/csv; charset=utf-8", "csv"),
        Format::Json => ("application/json", "json"),
    };
    let file = format!("attachment; filename=\"{}.{ending}\"", model.name);
    let body = export::body(on, model, view, format).await?;
    let head = [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, file)];
    Ok((head, body).into_response())
}
