//! The locks of statements that refuse a transaction, seen while they wait for one.

use super::*;

/// The strongest lock that a session has or waits for on a table.
const ASKED: &str = "SELECT max(array_position(ARRAY['AccessShareLock', 'RowShareLock', 'RowExclusiveLock', \
                     'ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'], mode)) \
                     FROM pg_locks WHERE pid = $1 AND NOT granted AND relation = $2::text::regclass";

#[tokio::test]
async fn what_goes_alone_takes_the_lock_that_is_claimed() {
    let schema = include_str!("schema.sql");
    let database = TestDatabase::from_sql("proof", schema);
    let (holder, runner, watcher) =
        (database.connect().await, database.connect().await, database.connect().await);
    let version = runner.server_major();
    let pid: i32 = runner.query_one("SELECT pg_backend_pid()", &[]).await.unwrap().get(0);
    let mut catalog = Catalog::default();
    for statement in Statement::read(schema) {
        catalog.apply(&statement);
    }
    catalog.begin_migration();
    let all = [
        ("CREATE INDEX CONCURRENTLY apart ON lonely (a)", "lonely"),
        ("REINDEX TABLE CONCURRENTLY child", "child"),
        ("REINDEX INDEX CONCURRENTLY child_long_idx", "child"),
        ("DROP INDEX CONCURRENTLY child_long_idx", "child"),
        ("VACUUM lonely", "lonely"),
        ("VACUUM FULL lonely", "lonely"),
        ("ALTER TABLE parted DETACH PARTITION parted_2025 CONCURRENTLY", "parted"),
    ];
    // The last came with 14.
    for (sql, table) in &all[..all.len() - usize::from(version < 14)] {
        let statement = &Statement::read(sql)[0];
        assert!(!statement.is_transactional(version), "{sql}");
        let name = catalog.resolve(&sql::statement::Name::new(*table));
        let claimed = effect(statement, &catalog, version)
            .touches
            .into_iter()
            .find(|touch| touch.table == name)
            .map(|touch| touch.lock);
        // It stands in the way of whatever is stronger than what writers take.
        let hold = format!("BEGIN; LOCK TABLE ONLY {table} IN SHARE UPDATE EXCLUSIVE MODE");
        holder.batch_execute(&hold).await.unwrap();
        let seen = async {
            loop {
                let row = watcher.query_one(ASKED, &[&pid, &table]).await.unwrap();
                if let Some(place) = row.get::<_, Option<i32>>(0) {
                    holder.batch_execute("ROLLBACK").await.unwrap();
                    return LOCKS[usize::try_from(place - 1).unwrap()];
                }
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
        };
        // One that is refused never waits: its error ends the test at once.
        let running = async {
            runner.batch_execute(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        };
        let ((), seen) = tokio::join!(running, seen);
        assert_eq!(claimed, Some(seen), "{sql}");
    }
}
