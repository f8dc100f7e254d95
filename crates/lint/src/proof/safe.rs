//! The safe forms of findings, run on a server: they are SQL that it takes, and no table is written anew or indexed under a lock.

use super::*;

#[tokio::test]
async fn what_is_proposed_runs_and_rewrites_nothing() {
    let (_database, connection, version) = database().await;
    let (schema, text) = scripts(version);
    let (mut count, mut wrong) = (0, Vec::new());
    for statement in Statement::read(&text) {
        let sql = &text[statement.range.clone()];
        let history = [
            Source { name: "1", text: &schema, is_judged: false, is_pending: false },
            Source { name: "2", text: sql, is_judged: true, is_pending: false },
        ];
        for finding in check(&history, &[], version).remove(0).findings {
            // Those that only put a timeout before the statement leave what it does as it is.
            let Some(safe) = finding.safe.filter(|_| finding.severity == Severity::Error) else {
                continue;
            };
            let parts = Statement::read(&safe);
            if parts.is_empty() || !parts.iter().all(|part| part.is_transactional(version)) {
                continue;
            }
            count += 1;
            match measured(&connection, &parts[0], &safe).await {
                Ok(done) => {
                    let worst = done.values().map(|(_, work)| *work).max();
                    if worst > Some(Work::Scan) {
                        wrong.push(format!("{}: {safe}\n  {done:?}", finding.rule));
                    }
                }
                Err(error) => wrong.push(format!("{}: {safe}\n  {error}", finding.rule)),
            }
        }
    }
    connection.close().await;
    assert!(count > 30, "{count} safe forms");
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
}
