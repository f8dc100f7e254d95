//! Changes that were collected on the pages: shown as SQL, then made together in one transaction.
//!
//! Nobody overwrites what somebody else has written meanwhile: a change says what it found in the columns that it changes, and a
//! removal which version of the row it is about. Where that is no longer so, nothing of all the changes is made, and what is there now
//! is told.

use postgres::driver::Row;
use serde_json::{Map, Value as Json, json};

use crate::database::{Access, Database, Transaction};
use crate::failure::{Failure, Result};
use crate::model::{Field, Filled, Model};
use crate::quoting::{Statement, ident};
use crate::rows::push_key;
use crate::view::Cursor;

/// At once: more is the work of a program.
const MOST: usize = 500;

#[derive(Debug, Clone)]
pub(crate) struct Change {
    pub(crate) model: String,
    pub(crate) kind: ChangeKind,
}

#[derive(Debug, Clone)]
pub(crate) enum ChangeKind {
    Insert {
        set: Values,
    },
    Update {
        key: Cursor,
        was: Values,
        set: Values,
    },
    /// `version` is that of the row as it was seen, where the table's rows have versions.
    Delete {
        key: Cursor,
        was: Values,
        version: Option<String>,
    },
    /// The row is linked with another one, many to many, or is so no longer.
    Pair {
        is_made: bool,
        key: Cursor,
        relation: String,
        other: Cursor,
    },
}

/// Fields with texts.
pub(crate) type Values = Vec<(String, Option<String>)>;

/// What came of it.
#[derive(Debug)]
pub(crate) enum Outcome {
    Saved {
        rows: u64,
    },
    /// The position of the change, and what is there now; none where the row or the link is gone.
    Conflict {
        at: usize,
        now: Option<Vec<(String, Option<String>)>>,
    },
}

/// Reads `[{"model", "action", "key", "was", "set"}]`; links have a `relation` and the `other` row's key.
pub(crate) fn parse(json: &Json) -> Result<Vec<Change>> {
    let wrong =
        |what: &str| Failure::wrong(format!("The changes are not as the page sends them: {what}"));
    let changes = json.as_array().ok_or_else(|| wrong("no list"))?;
    if changes.is_empty() || changes.len() > MOST {
        return Err(Failure::wrong(format!(
            "There are {} changes; at once go 1 to {MOST}",
            changes.len()
        )));
    }
    let texts = |change: &Json, key: &str| -> Result<Values> {
        let object = match change.get(key) {
            None => return Ok(Vec::new()),
            Some(value) => value.as_object().ok_or_else(|| wrong(key))?,
        };
        object
            .iter()
            .map(|(name, value)| Ok((name.clone(), text(value).ok_or_else(|| wrong(key))?)))
            .collect()
    };
    let key_at = |change: &Json, name: &str| -> Result<Cursor> {
        let values = change.get(name).and_then(Json::as_array).ok_or_else(|| wrong(name))?;
        values.iter().map(|value| text(value).ok_or_else(|| wrong(name))).collect()
    };
    let key = |change: &Json| key_at(change, "key");
    let change = |change: &Json| -> Result<Change> {
        let model = change.get("model").and_then(Json::as_str).ok_or_else(|| wrong("model"))?;
        let kind = match change.get("action").and_then(Json::as_str) {
            Some("insert") => ChangeKind::Insert { set: texts(change, "set")? },
            Some("update") => ChangeKind::Update {
                key: key(change)?,
                was: texts(change, "was")?,
                set: texts(change, "set")?,
            },
            Some("delete") => {
                let version = change.get("version").and_then(Json::as_str).map(str::to_owned);
                ChangeKind::Delete { key: key(change)?, was: texts(change, "was")?, version }
            }
            Some(action @ ("link" | "unlink")) => {
                let relation = change.get("relation").and_then(Json::as_str);
                let relation = relation.ok_or_else(|| wrong("relation"))?.to_owned();
                let (is_made, other) = (action == "link", key_at(change, "other")?);
                ChangeKind::Pair { is_made, key: key(change)?, relation, other }
            }
            _ => return Err(wrong("action")),
        };
        Ok(Change { model: model.to_owned(), kind })
    };
    changes.iter().map(change).collect()
}

/// A text or null; anything else is neither.
#[expect(clippy::option_option, reason = "null is a value, something else is none")]
fn text(value: &Json) -> Option<Option<String>> {
    match value {
        Json::Null => Some(None),
        Json::String(text) => Some(Some(text.clone())),
        _ => None,
    }
}

/// The statement that makes a change.
///
/// Fails where it names a field that is not there, or cannot be made.
pub(crate) fn statement(change: &Change, model: &Model) -> Result<Statement> {
    match &change.kind {
        ChangeKind::Insert { set } => insert(model, set),
        ChangeKind::Update { key, was, set } => update(model, key, was, set),
        ChangeKind::Delete { key, was, version } => {
            let mut statement = Statement::new(format!("DELETE FROM {} t WHERE ", model.table));
            push_row(&mut statement, model, key, was)?;
            if model.has_versions {
                if version.is_none() {
                    return Err(Failure::wrong("It is not said which version of the row is to go"));
                }
                statement.push(" AND t.xmin::text = ").value(version.as_deref(), "text");
            }
            Ok(statement)
        }
        ChangeKind::Pair { is_made, key, relation, other } => {
            pair(model, *is_made, key, relation, other)
        }
    }
}

/// The pair in the table between, which has nothing else that somebody could have changed.
fn pair(
    model: &Model,
    is_made: bool,
    key: &Cursor,
    relation: &str,
    other: &Cursor,
) -> Result<Statement> {
    let found = model.relations.iter().find(|known| known.name == relation);
    let Some((relation, through)) =
        found.and_then(|relation| Some((relation, relation.through.as_ref()?)))
    else {
        return Err(Failure::wrong(format!(
            "{}.{relation} is no many-to-many relation, whose rows are linked",
            model.name
        )));
    };
    let to = relation.other.as_deref().ok_or_else(|| {
        Failure::internal(format!("the columns of {} were not read", relation.to))
    })?;
    let types = (
        &model.field(&relation.pairs[0].own)?.sql_type,
        &to.field(&relation.pairs[0].other)?.sql_type,
    );
    let ([Some(own)], [Some(other)]) = (key.as_slice(), other.as_slice()) else {
        return Err(Failure::wrong(format!("This is no key of {} and {}", model.name, to.name)));
    };
    let (table, columns) =
        (&through.table, (ident(through.own_column), ident(through.other_column)));
    if is_made {
        let mut statement =
            Statement::new(format!("INSERT INTO {table} ({}, {}) VALUES (", columns.0, columns.1));
        statement.value(Some(own), types.0).push(", ").value(Some(other), types.1).push(")");
        return Ok(statement);
    }
    let mut statement = Statement::new(format!("DELETE FROM {table} WHERE {} = ", columns.0));
    statement.value(Some(own), types.0).push(&format!(" AND {} = ", columns.1));
    statement.value(Some(other), types.1);
    Ok(statement)
}

/// A value that is written.
#[derive(Debug, Clone, Copy)]
enum New<'a> {
    Value(Option<&'a str>),
    /// The present moment, which the server knows.
    Now,
}

fn insert(model: &Model, set: &Values) -> Result<Statement> {
    refuse_unknown(model, set)?;
    let mut columns: Vec<String> = Vec::new();
    let mut values = Statement::default();
    for field in &model.fields {
        let made;
        let given = set.iter().find(|(name, _)| *name == field.name);
        let value = match (given, field.filled) {
            (Some((_, value)), _) => New::Value(value.as_deref()),
            (None, Some(Filled::Id(id))) => {
                made = id.make();
                New::Value(Some(&made))
            }
            (None, Some(Filled::UpdatedAt)) => New::Now,
            (None, None) if field.is_optional => continue,
            (None, None) => {
                return Err(Failure::wrong(format!("{}.{} needs a value", model.name, field.name)));
            }
        };
        values.push(if columns.is_empty() { "" } else { ", " });
        columns.push(ident(&field.column).to_string());
        push_new(&mut values, field, value);
    }
    let table = &model.table;
    if columns.is_empty() {
        return Ok(Statement::new(format!("INSERT INTO {table} DEFAULT VALUES")));
    }
    let text = format!("INSERT INTO {table} ({}) VALUES ({})", columns.join(", "), values.text);
    Ok(Statement { text, ..values })
}

fn update(model: &Model, key: &Cursor, was: &Values, set: &Values) -> Result<Statement> {
    refuse_unknown(model, set)?;
    if set.is_empty() {
        return Err(Failure::wrong("A change that changes nothing"));
    }
    if let Some((name, _)) =
        set.iter().find(|(name, _)| !was.iter().any(|(other, _)| other == name))
    {
        return Err(Failure::wrong(format!("It is not said what {name} was before")));
    }
    let mut statement = Statement::new(format!("UPDATE {} t SET ", model.table));
    let mut is_first = true;
    for field in &model.fields {
        let value = match set.iter().find(|(name, _)| *name == field.name) {
            Some((_, value)) => New::Value(value.as_deref()),
            None if field.filled == Some(Filled::UpdatedAt) => New::Now,
            None => continue,
        };
        statement.push(if is_first { "" } else { ", " });
        is_first = false;
        statement.push(&format!("{} = ", ident(&field.column)));
        push_new(&mut statement, field, value);
    }
    statement.push(" WHERE ");
    push_row(&mut statement, model, key, was)?;
    Ok(statement)
}

fn push_new(statement: &mut Statement, field: &Field, value: New<'_>) {
    match value {
        New::Value(value) => statement.value(value, &field.sql_type),
        New::Now => statement.push("CURRENT_TIMESTAMP"),
    };
}

/// The row of a key, provided that it still has what it had.
fn push_row(statement: &mut Statement, model: &Model, key: &Cursor, was: &Values) -> Result<()> {
    let fields: Vec<&Field> = model.key_fields().collect();
    if fields.is_empty() {
        return Err(Failure::wrong(format!(
            "{} has no key, so that its rows can only be read",
            model.name
        )));
    }
    if fields.len() != key.len() {
        return Err(Failure::wrong(format!("This is no key of {}", model.name)));
    }
    push_key(statement, &fields, key);
    for (name, value) in was {
        let field = model.field(name)?;
        // As texts, which is what was seen, and which every type has.
        statement.push(&format!(" AND {}::text IS NOT DISTINCT FROM ", field.sql()));
        statement.value(value.as_deref(), "text");
    }
    Ok(())
}

fn refuse_unknown(model: &Model, set: &Values) -> Result<()> {
    for (name, _) in set {
        if model.field(name)?.is_generated {
            return Err(Failure::wrong(format!("{}.{name} is made by the database", model.name)));
        }
    }
    Ok(())
}

/// Makes all of them, or none.
pub(crate) async fn save(database: &Database, changes: &[(Change, Model)]) -> Result<Outcome> {
    let transaction = database.begin(Access::Write).await?;
    let mut rows = 0;
    for (at, (change, model)) in changes.iter().enumerate() {
        let statement = statement(change, model)?;
        let count = transaction
            .execute(&statement)
            .await
            .map_err(|failure| numbered(failure, at, changes.len()))?;
        rows += count;
        let key = match &change.kind {
            ChangeKind::Update { key, .. } | ChangeKind::Delete { key, .. } => Some(key),
            ChangeKind::Pair { is_made: false, .. } => None,
            ChangeKind::Insert { .. } | ChangeKind::Pair { .. } => continue,
        };
        if count != 1 {
            let now = match key {
                Some(key) => current(&transaction, model, key).await?,
                None => None,
            };
            transaction.roll_back().await?;
            return Ok(Outcome::Conflict { at, now });
        }
    }
    transaction.commit().await?;
    Ok(Outcome::Saved { rows })
}

/// Of several changes it has to be said which one is refused.
fn numbered(failure: Failure, at: usize, of: usize) -> Failure {
    if of == 1 {
        return failure;
    }
    let message = format!("Change {} of {of}: {}", at + 1, failure.message);
    Failure { message, ..failure }
}

async fn current(on: &Transaction, model: &Model, key: &Cursor) -> Result<Option<Values>> {
    let columns: Vec<String> =
        model.fields.iter().map(|field| format!("{}::text", field.sql())).collect();
    let mut statement =
        Statement::new(format!("SELECT {} FROM {} t WHERE ", columns.join(", "), model.table));
    let fields: Vec<&Field> = model.key_fields().collect();
    push_key(&mut statement, &fields, key);
    let rows = on.query(&statement).await?;
    let values = |row: &Row| {
        let fields = model.fields.iter().enumerate();
        fields.map(|(at, field)| (field.name.clone(), row.get(at))).collect()
    };
    Ok(rows.first().map(values))
}

impl Outcome {
    pub(crate) fn to_json(&self) -> Json {
        match self {
            Self::Saved { rows } => json!({ "saved": rows }),
            Self::Conflict { at, now } => {
                let now = now.as_ref().map(|values| {
                    let pairs = values.iter().map(|(name, value)| (name.clone(), json!(value)));
                    pairs.collect::<Map<String, Json>>()
                });
                json!({ "conflict": at, "now": now })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_list_of_changes_is_refused() {
        for wrong in [
            json!({}),
            json!([]),
            json!([{"action": "update"}]),
            json!([{"model": "A", "action": "drop"}]),
            json!([{"model": "A", "action": "update", "key": [1], "set": {}}]),
            json!([{"model": "A", "action": "insert", "set": {"a": 1}}]),
        ] {
            assert!(parse(&wrong).is_err(), "{wrong}");
        }
        let change =
            json!([{"model": "A", "action": "delete", "key": ["1", null], "was": {"a": null}}]);
        assert_eq!(parse(&change).expect("changes").len(), 1);
    }
}
