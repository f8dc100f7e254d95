//! What a refusal of the server is in Prisma's words: its code, its message, the fields it is about.
//!
//! Values never reach a message: they may be secrets.

use postgres::driver::{DbError, SqlState};

use crate::model::Descriptor;

/// The code, the message, and the columns that the refusal is about.
pub(super) fn describe(database: &DbError) -> (&'static str, String, Vec<String>) {
    let fields = columns(database);
    let message = message(database, &fields);
    (code(database), message, fields)
}

/// Whether the columns of a refusal are those of this model's table: a trigger may have been at another one.
pub(super) fn is_about(database: &DbError, model: &Descriptor) -> bool {
    // The key of a row that is referred to is the model's own; the table named with it is the one that refers.
    is_referenced(database) || database.table().is_none_or(|table| table == model.table)
}

/// The message with the fields by these names.
pub(super) fn message(database: &DbError, fields: &[String]) -> String {
    let named = database.constraint().unwrap_or("(not available)");
    let quoted = fields.iter().map(|field| format!("`{field}`")).collect::<Vec<_>>().join(",");
    let said = database.message();
    match code(database) {
        "P2000" => {
            let column = fields.first().map_or("(not available)", String::as_str);
            format!(
                "The provided value for the column is too long for the column's type. Column: {column}: {said}"
            )
        }
        "P2002" if fields.is_empty() => {
            format!("Unique constraint failed on the constraint: `{named}`")
        }
        "P2002" => format!("Unique constraint failed on the fields: ({quoted})"),
        "P2003" => format!("Foreign key constraint violated on the constraint: `{named}`"),
        "P2004" => format!("A constraint failed on the database: `{named}`"),
        // What comes after the colon is the value.
        "P2007" => {
            format!("Data validation error `{}`", said.split(": ").next().unwrap_or_default())
        }
        "P2011" if fields.is_empty() => {
            "Null constraint violation on the fields: (`(not available)`)".to_owned()
        }
        "P2011" => format!("Null constraint violation on the fields: ({quoted})"),
        "P2020" => match database.detail() {
            Some(detail) => format!("Value out of range for the type: {said}. {detail}"),
            None => format!("Value out of range for the type: {said}"),
        },
        "P2021" => format!("The table does not exist in the current database: {said}"),
        "P2022" => format!("The column does not exist in the current database: {said}"),
        "P1008" => {
            format!("Operations timed out after the time the server was given.\n\nContext: {said}")
        }
        "P1017" => format!("Server has closed the connection.\n\nContext: {said}"),
        "P2034" => super::CONFLICT.to_owned(),
        _ => format!("Raw query failed. Code: `{}`. Message: `{said}`", database.code().code()),
    }
}

fn code(database: &DbError) -> &'static str {
    match *database.code() {
        SqlState::STRING_DATA_RIGHT_TRUNCATION => "P2000",
        SqlState::UNIQUE_VIOLATION => "P2002",
        SqlState::FOREIGN_KEY_VIOLATION | SqlState::RESTRICT_VIOLATION => "P2003",
        SqlState::CHECK_VIOLATION | SqlState::EXCLUSION_VIOLATION => "P2004",
        SqlState::INVALID_TEXT_REPRESENTATION => "P2007",
        SqlState::NOT_NULL_VIOLATION => "P2011",
        SqlState::NUMERIC_VALUE_OUT_OF_RANGE | SqlState::DATETIME_FIELD_OVERFLOW => "P2020",
        SqlState::QUERY_CANCELED if database.message().contains("timeout") => "P1008",
        SqlState::ADMIN_SHUTDOWN
        | SqlState::CRASH_SHUTDOWN
        | SqlState::CANNOT_CONNECT_NOW
        | SqlState::IDLE_SESSION_TIMEOUT => "P1017",
        SqlState::UNDEFINED_TABLE => "P2021",
        SqlState::UNDEFINED_COLUMN => "P2022",
        SqlState::T_R_SERIALIZATION_FAILURE | SqlState::T_R_DEADLOCK_DETECTED => "P2034",
        _ => "P2010",
    }
}

/// The columns that a refusal names, as they are called in the database.
fn columns(database: &DbError) -> Vec<String> {
    if let Some(column) = database.column() {
        return vec![column.to_owned()];
    }
    match *database.code() {
        SqlState::UNIQUE_VIOLATION
        | SqlState::FOREIGN_KEY_VIOLATION
        | SqlState::RESTRICT_VIOLATION => key_columns(database.detail().unwrap_or_default()),
        // `COPY people, line 3, column email`; of no other statement the server says which column it was.
        SqlState::STRING_DATA_RIGHT_TRUNCATION | SqlState::NUMERIC_VALUE_OUT_OF_RANGE => {
            let column = database.where_().and_then(|place| place.split_once(", column "));
            column.map(|(_, column)| vec![column.to_owned()]).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

/// `Key (id)=(1) is still referenced from table "Post".`
fn is_referenced(database: &DbError) -> bool {
    database.detail().is_some_and(|detail| detail.contains(") is still referenced from table "))
}

/// The columns of `Key (a, b)=(…) already exists.`; what follows them are values.
fn key_columns(detail: &str) -> Vec<String> {
    let key = detail.strip_prefix("Key (").and_then(|rest| rest.split_once(")="));
    let Some((columns, _)) = key else { return Vec::new() };
    columns.split(", ").map(|column| column.trim_matches('"').replace("\"\"", "\"")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_a_key_are_told_and_values_are_not() {
        assert_eq!(key_columns("Key (email)=(a)=(b) already exists."), ["email"]);
        let detail = "Key (\"userId\", \"orgId\", role)=(u, o, owner) already exists.";
        assert_eq!(key_columns(detail), ["userId", "orgId", "role"]);
        assert_eq!(key_columns("something else"), [""; 0]);
    }
}
