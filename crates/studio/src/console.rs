//! The console: statements as a person types them, one after the other in one transaction, which cannot write unless that
//! was asked for.

use std::time::Instant;

use serde_json::{Value as Json, json};
use sql::statement::{Kind, Statement};

use crate::database::{Access, Answer, Database, Transaction};
use crate::failure::{Failure, Result};

/// Rows of a result that are shown.
const MOST_ROWS: usize = 1_000;

/// Runs them and gives, for each, its text with its rows or their number, as JSON for the page.
///
/// Fails where one is refused; nothing of any is kept then.
pub(crate) async fn run(database: &Database, text: &str, access: Access) -> Result<Json> {
    let statements = read(text)?;
    let transaction = database.begin(access).await?;
    // From now on not even SET can make it one that writes.
    transaction.run("SELECT").await?;
    let mut results = Vec::new();
    for statement in &statements {
        let own = &text[statement.range.clone()];
        let started = Instant::now();
        let answer = ask(&transaction, statement, own, access).await;
        let answer = answer.map_err(|failure| placed(failure, own, statements.len()))?;
        let took = started.elapsed().as_secs_f64() * 1_000.0;
        results.push(json!({
            "sql": own,
            "columns": answer.columns,
            "rows": answer.rows,
            "is_cut": answer.is_cut,
            "count": answer.count,
            "ms": (took * 10.0).round() / 10.0,
        }));
    }
    if access == Access::Write {
        transaction.run("COMMIT").await?;
    }
    // What was set for the session is not to meet anybody else: dropped, the transaction takes its connection with it.
    drop(transaction);
    Ok(Json::Array(results))
}

/// The statements, none of which leads out of the transaction.
fn read(text: &str) -> Result<Vec<Statement>> {
    let split = sql::split(text);
    if !split.is_closed {
        return Err(Failure::wrong("A quote or a comment is not closed"));
    }
    if let Some(refusal) = split.refusals.first() {
        return Err(Failure::wrong(format!(
            "This cannot be sent to a server: {}",
            refusal.message
        )));
    }
    let statements: Vec<Statement> =
        split.pieces.iter().map(|piece| Statement::of(text, piece)).collect();
    let statements: Vec<Statement> =
        statements.into_iter().filter(|statement| !statement.range.is_empty()).collect();
    for (statement, piece) in statements.iter().zip(&split.pieces) {
        let first = &text[statement.range.clone()];
        let first = first.lines().next().unwrap_or_default();
        if matches!(statement.kind, Kind::Transaction(_))
            || piece.begins_transaction()
            || piece.ends_transaction()
        {
            return Err(Failure::wrong(format!("`{first}` has no place here")).help(
                "all statements are one transaction, which is kept only where all went well",
            ));
        }
        if statement.words.first().is_some_and(|word| word == "COPY") {
            return Err(Failure::wrong("COPY has no place here")
                .help("the pages of the models export CSV and JSON; psql copies"));
        }
        if !piece.runs_in_transaction() {
            return Err(Failure::wrong(format!("`{first}` does not run in a transaction"))
                .help("run it with psql: cargo xtask db shell"));
        }
    }
    if statements.is_empty() {
        return Err(Failure::wrong("There is no statement to run"));
    }
    Ok(statements)
}

async fn ask(on: &Transaction, statement: &Statement, own: &str, access: Access) -> Result<Answer> {
    let first = statement.words.first().map_or("", String::as_str);
    let is_plain = statement.kind == Kind::Query && matches!(first, "SELECT" | "VALUES" | "TABLE");
    // A query that writes has to come to its end.
    if access == Access::Write || !is_plain {
        return on.ask(own, MOST_ROWS).await;
    }
    // Through a cursor, so that the server sends what is shown and no more.
    on.run(&format!("DECLARE console NO SCROLL CURSOR FOR {own}")).await?;
    let answer = on.ask(&format!("FETCH {} FROM console", MOST_ROWS + 1), MOST_ROWS).await?;
    on.run("CLOSE console").await?;
    Ok(answer)
}

/// With the statement, where there are several.
fn placed(failure: Failure, own: &str, of: usize) -> Failure {
    if of == 1 {
        return failure;
    }
    let first = own.lines().next().unwrap_or_default();
    Failure { message: format!("{}\nin: {first}", failure.message), ..failure }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leads_out_of_the_transaction() {
        for wrong in [
            "COMMIT",
            "SELECT 1; ROLLBACK; DELETE FROM t",
            "BEGIN",
            "END",
            "START TRANSACTION READ WRITE",
            "PREPARE TRANSACTION 'x'",
            "VACUUM t",
            "COPY t TO PROGRAM 'cat'",
            "COPY (SELECT 1) TO '/tmp/x'",
            "",
            " -- nothing\n",
            "SELECT 'open",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
        assert_eq!(read("SELECT 1; SELECT 'COMMIT';").expect("two").len(), 2);
    }
}
