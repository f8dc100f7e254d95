//! What `--fix` writes, and what it leaves as it is.

use super::*;

/// A script of the schema of the proofs after its fixes, and what validates it.
fn mended(sql: &str) -> Option<(String, Option<String>)> {
    fix(sql, &found(sql)).map(|fixed| (fixed.text, fixed.then))
}

#[test]
fn what_the_server_would_refuse_is_not_written() {
    let timeout = "SET lock_timeout = '2s'; ";
    for sql in [
        "ALTER TABLE parted ADD CONSTRAINT f FOREIGN KEY (id) REFERENCES parent (id)",
        "ALTER TABLE unheard_of ADD CONSTRAINT f FOREIGN KEY (id) REFERENCES parent (id)",
        "CREATE INDEX i ON unheard_of (id)",
        "DROP INDEX unheard_of",
        "CREATE INDEX parted_i ON ONLY parted (id); DROP INDEX parted_i",
    ] {
        assert_ne!(found(&format!("{timeout}{sql}")), [], "{sql}");
        assert_eq!(mended(&format!("{timeout}{sql}")), None, "{sql}");
    }
}

#[test]
fn a_foreign_key_without_a_name_is_validated_too() {
    let sql =
        "SET lock_timeout = '2s'; ALTER TABLE lonely ADD FOREIGN KEY (a) REFERENCES parent (id)";
    let (text, then) = mended(sql).unwrap();
    assert!(
        text.ends_with(
            "ADD CONSTRAINT \"lonely_a_fkey\" FOREIGN KEY (a) REFERENCES parent (id) NOT VALID"
        ),
        "{text}"
    );
    assert!(then.unwrap().contains("VALIDATE CONSTRAINT \"lonely_a_fkey\""));
    let both = format!("{sql}, ADD FOREIGN KEY (a) REFERENCES child (id)");
    assert_eq!(mended(&both), None);
}

#[test]
fn what_is_built_concurrently_gets_no_timeout_beside_it() {
    let index = "CREATE INDEX CONCURRENTLY i ON lonely (a); ALTER TABLE lonely DROP b";
    assert_eq!(mended(&index.replace(" CONCURRENTLY", "")), Some((index.to_owned(), None)));
    assert_eq!(mended(index), None);
    let plain = "ALTER TABLE lonely DROP b";
    assert_eq!(mended(plain), Some((format!("SET LOCAL lock_timeout = '2s';\n{plain}"), None)));
}

/// A server takes what the fixes of each proof write, but for what waits in a transaction.
#[tokio::test]
async fn a_server_takes_what_is_mended() {
    let schema = include_str!("../proof/schema.sql");
    let database = postgres::testing::TestDatabase::from_sql("mended", schema);
    let connection = database.connect().await;
    let text = include_str!("../proof/statements.sql");
    let mut count = 0;
    for statement in sql::Statement::read(text) {
        let sql = &text[statement.range.clone()];
        let Some((text, then)) = mended(sql) else { continue };
        if text.contains("CONCURRENTLY") {
            continue;
        }
        let all = format!("BEGIN; {text}; {}ROLLBACK", then.unwrap_or_default());
        connection.batch_execute(&all).await.unwrap_or_else(|error| panic!("{all}: {error}"));
        count += 1;
    }
    connection.close().await;
    assert!(count > 20, "{count}");
}
