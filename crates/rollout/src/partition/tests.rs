//! Tables that come into partitions on a real server.

mod maintaining;
mod swapping;

use pg_schema::{ObjectName, Pair, PgSchema, PrimaryKey};
use postgres::testing::TestDatabase;
use postgres::{Connection, introspect};

use super::{Made, Maintained, Partitions, Wish, losses, maintain, plan};
use crate::Model;

const DIGITS: &str = "20260101000000";

async fn schema(connection: &Connection) -> PgSchema {
    introspect(connection, &["public".to_owned()]).await.unwrap()
}

/// What is planned for a table whose key is `id`, by the months of its column `at`.
async fn planned(connection: &Connection, table: &str) -> Partitions {
    let previous = schema(connection).await;
    let mut next = previous.clone();
    let name = ObjectName { namespace: None, name: table.to_owned() };
    let found = next.tables.iter_mut().find(|found| found.name.name == table).unwrap();
    found.primary_key = Some(PrimaryKey::new(format!("{table}_pkey"), &["id", "at"]));
    let fields = found.columns.iter().map(|column| (column.name.clone(), column.name.clone()));
    let model = Model {
        name: table.to_owned(),
        table: name,
        fields: fields.collect(),
        relations: Vec::new(),
    };
    let schemas = Pair::new(&previous, &next);
    plan(&Wish { schemas, model: &model, field: "at", digits: DIGITS }).unwrap()
}

/// The rows that were there are copied, in one batch.
async fn fill(connection: &Connection, files: &Partitions) {
    connection.batch_execute(&files.backfill.replace(":batch", "true")).await.unwrap();
}

/// Planned, begun and filled: what is left is the contract.
async fn filled(connection: &Connection, table: &str) -> Partitions {
    let files = planned(connection, table).await;
    apply(connection, &files.migration).await.unwrap();
    fill(connection, &files).await;
    files
}

/// A script as one transaction, but for those that it ends itself; what the server says where it refuses it.
async fn apply(connection: &Connection, script: &str) -> Result<(), String> {
    let done = connection.batch_execute(&format!("BEGIN;\n{script};\nCOMMIT")).await;
    if done.is_err() {
        connection.batch_execute("ROLLBACK").await.unwrap();
    }
    done.map_err(|error| {
        let hint = error.db().and_then(|db| db.hint()).unwrap_or_default();
        format!("{error} {hint}")
    })
}

async fn value(connection: &Connection, sql: &str) -> String {
    let row = connection.query_one(&format!("SELECT ({sql})::text"), &[]).await.unwrap();
    row.get::<_, Option<String>>(0).unwrap_or_default()
}

const POINT: &str = "CREATE TABLE point (id bigserial, at timestamptz(3) NOT NULL, n integer, CONSTRAINT point_pkey PRIMARY KEY (id));
    INSERT INTO point (at, n) SELECT now() - i * interval '9 days', i FROM generate_series(1, 20) i;";

async fn points(label: &str) -> (TestDatabase, Connection) {
    let database = TestDatabase::from_sql(label, POINT);
    let connection = database.connect().await;
    (database, connection)
}
