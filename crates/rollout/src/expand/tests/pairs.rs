//! The pairs of schemas that the reference's scripts are compared on: whatever the planner has a plan for leads there, on an
//! empty database, and back.

use std::fs;
use std::path::Path;

use pg_schema::{Pair, PgSchema, diff, render};
use postgres::introspect;

use super::stage::{Change, sorted};

#[tokio::test]
async fn whatever_is_planned_leads_there_and_back() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../mapping/test_data/reference/pairs");
    let mut names: Vec<String> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let (mut planned, mut refused) = (0, 0);
    for name in names {
        let read =
            |file: &str| fs::read_to_string(folder.join(&name).join(file)).unwrap_or_default();
        let (before, after) = (read("from.prisma"), read("to.prisma"));
        let change = Change { before: &before, after: &after, ..Change::default() };
        match change.plan_on_paper() {
            Ok(None) => continue,
            Err(refusal) => {
                assert!(refusal.reasons.iter().all(|it| !it.help.is_empty()), "{name}");
                refused += 1;
                continue;
            }
            Ok(Some(_)) => planned += 1,
        }
        let stage = change.stage("pairs").await;
        // Versions of extensions that came with 14.
        if stage.db.server_major() < 14 && after.contains("\"1.6\"") {
            continue;
        }
        let plan = change.plan(&stage).unwrap().unwrap();
        assert!(!plan.document.summary.is_empty(), "{name}: {}", plan.contract);
        stage.run(&plan.migration).await;
        stage.run(&plan.down).await;
        let back = introspect(&stage.db, &stage.namespaces).await.unwrap();
        // Extensions and schemas stay, which a way back says: others may use them by now.
        let bare = |schema: &PgSchema| PgSchema {
            extensions: Vec::new(),
            namespaces: Vec::new(),
            ..sorted(schema)
        };
        assert_eq!(bare(&back), bare(&stage.before), "{name}: down\n{}", plan.down);
        stage.run(&plan.migration).await;
        stage.run(&plan.contract).await;
        let is = introspect(&stage.db, &stage.namespaces).await.unwrap();
        let schemas = Pair::new(&is, &stage.next);
        let steps = diff(schemas);
        assert!(steps.is_empty(), "{name}: {}", render(&steps, schemas));
    }
    // Neither is the rule.
    assert!(planned > 30 && refused > 30, "{planned} planned, {refused} refused");
}
