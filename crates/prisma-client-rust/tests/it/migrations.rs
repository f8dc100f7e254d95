//! The methods that migrate, which are there with the feature `migrations`.

use prisma_client_rust::migrations::include_dir::{Dir, include_dir};
use prisma_client_rust::migrations::{DbPushError, MigrateDeployError};
use prisma_client_rust::{PrismaValue, raw};
use serde_json::Value;

use crate::generated::PrismaClient;
use crate::support::{add_user, client};

static MIGRATED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/tests/it/migrated");

async fn has(client: &PrismaClient, table: &str) -> bool {
    let name = PrismaValue::String(format!("\"{table}\""));
    let found = raw!("SELECT to_regclass({}) IS NOT NULL AS found", name);
    client._query_raw::<Value>(found).await.unwrap()[0]["found"] == Value::Bool(true)
}

#[tokio::test]
async fn a_push_brings_the_database_to_the_schema_and_loses_nothing_unasked() {
    let (_database, client) = client("db_push").await;
    client._db_push().accept_data_loss().await.unwrap();
    add_user(&client, "a@example.com").await;
    client
        ._execute_raw(raw!("ALTER TABLE \"people\" ADD COLUMN extra text DEFAULT 'x'"))
        .await
        .unwrap();

    let Err(DbPushError::PossibleDataLoss(warnings)) = client._db_push().await else {
        panic!("a column with values is dropped")
    };
    assert!(warnings[0].contains("`extra`"), "{warnings:?}");
    assert_eq!(client.user().count(vec![]).await.unwrap(), 1);

    // As a task of its own, which futures that cannot leave their thread could not be.
    let pushing = client._db_push().accept_data_loss().into_future();
    assert_eq!(tokio::spawn(pushing).await.unwrap().unwrap(), 1);
    assert_eq!(client._db_push().await.unwrap(), 0);
    assert_eq!(client.user().count(vec![]).await.unwrap(), 1);

    client._db_push().force_reset().await.unwrap();
    assert_eq!(client.user().count(vec![]).await.unwrap(), 0);
}

#[tokio::test]
async fn a_deploy_applies_what_is_inside_the_program_once() {
    let (_database, client) = client("embedded").await;
    let refused = client.migrate_deploy(&MIGRATED).await.unwrap_err();
    let MigrateDeployError::Connector(error) = refused else { panic!("{refused}") };
    assert_eq!(error.code(), Some("P3005"), "there are tables and no history");

    client._execute_raw(raw!("DROP SCHEMA public CASCADE")).await.unwrap();
    let folder = std::env::temp_dir().join(format!("embedded-{}", std::process::id()));
    client.migrate_deploy(&MIGRATED).with_temp_dir(&folder).await.unwrap();
    assert!(has(&client, "A").await);
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0, "nothing is left of it");
    std::fs::remove_dir(&folder).unwrap();
    client.migrate_deploy(&MIGRATED).await.unwrap();

    let again = client.migrate_resolve(&MIGRATED, "20260101000000_a").await.unwrap_err();
    assert!(again.to_string().contains("already recorded as applied"), "{again}");
}
