//! One row with all of its values, what it belongs to and what belongs to it; and the page on which a new one is written.

use axum::response::Response;
use maud::{Markup, html};
use psl::Schema;

use super::asked::{Asked, Opened};
use super::field::{cell, choices, is_zoned, kind, picker, to_filtered, to_related};
use super::{Frame, links};
use crate::database::Transaction;
use crate::failure::{Failure, Result};
use crate::model::{Field, Filled, Model, Relation};
use crate::quoting::{Statement, ident};
use crate::rows::{self, Row, Value};
use crate::site::Site;
use crate::view::{cursor, text_of};

/// Rows that belong to this one are counted up to here.
const MOST_RELATED: i64 = 1_000;

/// Milliseconds for each of these counts, which an index may be missing for.
const PATIENCE: u32 = 500;

pub(crate) async fn get(asked: Asked) -> Response {
    asked.page(page).await
}

async fn page(asked: Asked) -> Result<Response> {
    let key = form_urlencoded::parse(asked.query.as_bytes()).find(|(name, _)| name == "key");
    let (_, key) = key.ok_or_else(|| Failure::wrong("The URL does not say which row"))?;
    let key = cursor(&key)?;
    let Opened { schema, model, on } = asked.open(&[]).await?;
    let row = rows::one(&on, &model, &key).await?;
    let row = row.ok_or_else(|| {
        Failure::not_found(format!("There is no such row of {} any more", model.name))
    })?;
    let counts = related(&on, &model, &row).await?;
    let mut linked_keys = Vec::new();
    for relation in model.relations.iter().filter(|relation| relation.through.is_some()) {
        let own = text(&model, &row, &relation.pairs[0].own);
        linked_keys.push(on.attempt(links::keys(&on, &model, relation, own)).await.ok());
    }
    on.roll_back().await?;
    let below: Vec<(&Relation, Option<i64>)> = below(&model).zip(counts).collect();
    let (linked, below): (Vec<_>, Vec<_>) =
        below.into_iter().partition(|(relation, _)| relation.through.is_some());
    let above: Vec<&Relation> =
        model.relations.iter().filter(|relation| relation.is_forward).collect();
    let can_write = asked.site.read_only.is_none();
    let content = html! {
        h1 { a href={ "/model/" (model.name) } { (model.name) } }
        div.scroll tabindex="0" role="region" aria-label="The row" {
            table.record data-model=(model.name) data-key=(text_of(&row.key)) data-version=[&row.version] {
                tbody {
                    @for at in 0..model.fields.len() {
                        tr { (head(&model, at)) (cell(&model, &row, at)) }
                    }
                }
            }
        }
        @if can_write { div.tools { button #delete type="button" { "Delete this row" } } }
        @if !above.is_empty() {
            h2 { "What it belongs to" }
            ul.related {
                @for relation in above {
                    li { (link(relation, &model, &row)) " " span.hint { (relation.to) } }
                }
            }
        }
        @if !below.is_empty() {
            h2 { "What belongs to it" }
            ul.related {
                @for (relation, count) in &below {
                    li { (counted_link(relation, *count, &model, &row)) }
                }
            }
        }
        @if !linked.is_empty() {
            h2 { "What it is linked with" }
            ul.related {
                @for ((relation, count), keys) in linked.iter().zip(&linked_keys) {
                    li {
                        (counted_link(relation, *count, &model, &row))
                        @if let Some(keys) = keys { (links::list(relation, keys, can_write)) }
                    }
                }
            }
        }
    };
    Ok(framed(&asked.site, &schema, &model, &content))
}

fn counted_link(relation: &Relation, count: Option<i64>, model: &Model, row: &Row) -> Markup {
    html! { (link(relation, model, row)) " " span.hint { (relation.to) ", " (counted(count)) } }
}

/// The relations whose rows refer to this one, or are linked with it.
fn below(model: &Model) -> impl Iterator<Item = &Relation> {
    model.relations.iter().filter(|relation| !relation.is_forward)
}

/// Where a new row is written.
pub(crate) async fn new(asked: Asked) -> Response {
    asked.page(empty).await
}

async fn empty(asked: Asked) -> Result<Response> {
    asked.site.may_write()?;
    let Opened { schema, model, on } = asked.open(&[]).await?;
    on.roll_back().await?;
    let content = html! {
        h1 { "A new row of " a href={ "/model/" (model.name) } { (model.name) } }
        div.scroll tabindex="0" role="region" aria-label="The new row" {
            table.record.new data-model=(model.name) {
                tbody {
                    @for (at, field) in model.fields.iter().enumerate() {
                        @if !field.is_generated {
                            tr data-optional[field.is_optional] {
                                (head(&model, at))
                                td data-field=(field.name) data-unset[!is_made(field)] tabindex="-1" {
                                    span.value { (made(field)) }
                                    @if !is_made(field) { span.unset {
                                        @if field.is_optional { "as by default" } @else { "needed" }
                                    } }
                                }
                            }
                        }
                    }
                }
            }
        }
        div.tools { button #insert type="button" { "Add to the changes" } }
    };
    Ok(framed(&asked.site, &schema, &model, &content))
}

/// Whether its value is made here, so that it is seen before it is saved.
fn is_made(field: &Field) -> bool {
    matches!(field.filled, Some(Filled::Id(_)))
}

fn made(field: &Field) -> String {
    if let Some(Filled::Id(id)) = field.filled { id.make() } else { String::new() }
}

fn framed(site: &Site, schema: &Schema, model: &Model, content: &Markup) -> Response {
    let (title, model) = (model.name.as_str(), Some(model.name.as_str()));
    Frame { site, title, part: "/", model, scripts: &["table.js", "changes.js", "links.js"] }
        .around(Some(schema), content)
}

fn head(model: &Model, at: usize) -> Markup {
    let field = &model.fields[at];
    html! {
        th scope="row" data-field=(field.name) data-kind=(kind(field)) data-type=(field.shown_type)
            data-choices=[choices(field)] data-nullable[field.is_nullable]
            data-picker=[picker(field)] data-zoned[is_zoned(field)]
            data-generated[field.is_generated] {
            (field.name)
            small { (field.shown_type) }
            @if let Some(documentation) = &field.documentation { p.hint { (documentation) } }
        }
    }
}

/// How many rows hold this one's key, for each relation that does; none where that cannot be found out, or not in time.
async fn related(on: &Transaction, model: &Model, row: &Row) -> Result<Vec<Option<i64>>> {
    on.run(&format!("SET LOCAL statement_timeout = {PATIENCE}")).await?;
    let mut counts = Vec::new();
    for relation in below(model) {
        let (table, through) = match &relation.through {
            Some(through) => (&through.table, Some(through.own_column)),
            None => (&relation.table, None),
        };
        let mut statement = Statement::new(format!(
            "SELECT pg_catalog.count(*) FROM (SELECT FROM {table} o WHERE "
        ));
        for (at, pair) in relation.pairs.iter().enumerate() {
            let field = model.field(&pair.own)?;
            statement.push(if at == 0 { "" } else { " AND " });
            statement.push(&format!("o.{} = ", ident(through.unwrap_or(&pair.other_column))));
            statement.value(text(model, row, &pair.own), &field.sql_type);
        }
        statement.push(&format!(" LIMIT {}) counted", MOST_RELATED + 1));
        let rows = on.attempt(on.query(&statement)).await;
        counts.push(rows.ok().and_then(|rows| rows.first().map(|row| row.get(0))));
    }
    Ok(counts)
}

fn text<'r>(model: &Model, row: &'r Row, field: &str) -> Option<&'r str> {
    let at = model.fields.iter().position(|other| other.name == field)?;
    match &row.values[at] {
        Value::Text { text, .. } => Some(text),
        Value::Null | Value::Unread => None,
    }
}

/// The relation's name, leading to its rows where the row has a key for them.
fn link(relation: &Relation, model: &Model, row: &Row) -> Markup {
    let pairs = relation.pairs.iter();
    let values: Option<Vec<(&str, &str)>> =
        pairs.map(|pair| Some((pair.other.as_str(), text(model, row, &pair.own)?))).collect();
    let link = values.map(|values| match &relation.through {
        // The other rows do not hold this one's key: they are found by the way back.
        Some(through) => {
            let key = (relation.pairs[0].own.as_str(), values[0].1);
            let filter = format!("{}:some:{}:equals:{}", through.back, key.0, key.1);
            to_filtered(&relation.to, [filter])
        }
        None => to_related(&relation.to, &values),
    });
    html! {
        @match link {
            Some(link) => a href=(link) { (relation.name) },
            None => { (relation.name) " " span.null { "null" } }
        }
    }
}

fn counted(count: Option<i64>) -> String {
    match count {
        None => "not counted".to_owned(),
        Some(0) => "none".to_owned(),
        Some(1) => "one row".to_owned(),
        Some(count) if count > MOST_RELATED => format!("more than {MOST_RELATED} rows"),
        Some(count) => format!("{count} rows"),
    }
}
