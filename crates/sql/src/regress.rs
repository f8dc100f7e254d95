//! PostgreSQL's own regression SQL, piece by piece before a real server.
//!
//! The server parses each piece on its own and never runs one. A piece that was cut too late is refused as several
//! commands; one that was cut too early ends where the server expects more. And what its grammar takes must be known to ours.

use std::path::Path;

use postgres::Connection;
use postgres::testing::TestDatabase;

use crate::statement::Kind;
use crate::{Statement, split};

/// What the server's parser says of a text: `None` if it takes it.
async fn refusal(connection: &Connection, sql: &str) -> Option<(String, String)> {
    // A parameter that no statement asks for: the driver refuses it after the server has parsed, and nothing is run.
    let parameters: [&(dyn postgres::driver::ToSql + Sync); 1] = [&0_i32];
    let error = connection.query(sql, &parameters).await.err()?;
    let db = error.db()?;
    Some((db.code().code().to_owned(), db.message().to_owned()))
}

/// What is wrong with how we cut the piece.
fn miscut(message: &str) -> bool {
    message == "cannot insert multiple commands into a prepared statement"
        || message.ends_with("at end of input")
        || message.starts_with("unterminated")
}

#[tokio::test]
async fn every_piece_is_one_statement_to_the_server() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("test_data/regress");
    let folder = std::env::var("REGRESS_SQL").map_or(own, Into::into);
    let database = TestDatabase::empty("regress");
    let connection = database.connect().await;
    connection.batch_execute("SET check_function_bodies = off").await.unwrap();
    let mut files: Vec<_> =
        std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let (mut count, mut wrong) = (0, Vec::new());
    for file in files.iter().filter(|file| file.extension().is_some_and(|ext| ext == "sql")) {
        let Ok(text) = std::fs::read_to_string(file) else { continue };
        for piece in split(&text).pieces {
            let statement = Statement::of(&text, &piece);
            let sql = &text[statement.range.clone()];
            // Variables of psql stand where only it knows what.
            if has_variable(sql) {
                continue;
            }
            count += 1;
            // A few of PostgreSQL's files hold statements that end in the middle, to see what it says; those here do not.
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            match refusal(&connection, sql).await {
                Some((_, message)) if miscut(&message) => {
                    wrong.push(format!("{name}: {message}: {sql}"));
                }
                None if statement.kind == Kind::Unknown => {
                    wrong.push(format!("{name}: not known: {sql}"));
                }
                _ => {}
            }
        }
    }
    connection.close().await;
    assert!(count > 1500, "{count} statements");
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
}

/// Whether a `:name` or `:'name'` stands outside of strings.
fn has_variable(sql: &str) -> bool {
    let bytes = sql.as_bytes();
    (0..bytes.len()).any(|at| {
        let before = at.checked_sub(1).map(|at| bytes[at]);
        bytes[at] == b':'
            && before != Some(b':')
            && bytes.get(at + 1).is_some_and(|byte| {
                byte.is_ascii_alphabetic() || matches!(byte, b'\'' | b'"' | b'_' | b'{')
            })
            && crate::is_outside(sql, at)
    })
}
