//! The rows that one is linked with, many to many: some of them by their keys, and where they are linked and parted.

use maud::{Markup, html};

use super::field::to_key;
use crate::database::Transaction;
use crate::failure::Result;
use crate::model::{Model, Relation};
use crate::quoting::{Statement, ident};

/// Linked rows that are shown; the link beside them leads to all.
const MOST: usize = 20;

/// The keys of the rows that are linked with the one that has this key, one more than are shown.
pub(super) async fn keys(
    on: &Transaction,
    model: &Model,
    relation: &Relation,
    key: Option<&str>,
) -> Result<Vec<String>> {
    let Some(through) = &relation.through else { return Ok(Vec::new()) };
    let (own, other) = (ident(through.own_column), ident(through.other_column));
    let mut statement =
        Statement::new(format!("SELECT o.{other}::text FROM {} o WHERE o.{own} = ", through.table));
    statement.value(key, &model.field(&relation.pairs[0].own)?.sql_type);
    statement.push(&format!(" ORDER BY o.{other} LIMIT {}", MOST + 1));
    let rows = on.query(&statement).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// Scripts find in it what there is to link.
pub(super) fn list(relation: &Relation, keys: &[String], can_write: bool) -> Markup {
    let name = &relation.name;
    html! {
        div.links data-links=(name) {
            @for key in keys.iter().take(MOST) {
                span.chip data-other=(key) {
                    a href=(to_key(&relation.to, &[Some(key.clone())])) { (key) }
                    @if can_write {
                        button type="button" data-unlink title="No longer linked" {
                            "✕" span.hidden { "Unlink " (key) " from " (name) }
                        }
                    }
                }
            }
            @if keys.len() > MOST { span.hint { "and more" } }
            @if can_write {
                form.link {
                    input name="other" placeholder={ "key of a " (relation.to) } autocomplete="off" required
                        aria-label={ "Link " (name) " with the key" };
                    button type="submit" { "Link" }
                }
            }
        }
    }
}
