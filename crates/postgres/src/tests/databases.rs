//! Making and dropping databases.

use crate::database::{
    create_database, database_exists, drop_database, drop_unused_database, ensure_database,
    refuse_system, sessions,
};
use crate::testing::{TestDatabase, server_url};

#[tokio::test]
async fn a_database_comes_and_goes() {
    let database = TestDatabase::empty("comes");
    let url = database.url().with_database(&format!("{} \"x", database.url().database()));
    assert!(!database_exists(&url).await.unwrap());
    create_database(&url).await.unwrap();
    assert!(database_exists(&url).await.unwrap());

    let error = create_database(&url).await.unwrap_err();
    assert!(error.is_database_existing(), "{error:?}");
    assert!(error.to_string().contains("already exists on the database server\n\n"), "{error}");
    assert!(!ensure_database(&url).await.unwrap());

    let guest = crate::connect(&url).await.unwrap();
    drop_database(&url).await.unwrap();
    assert!(!database_exists(&url).await.unwrap());
    assert!(guest.batch_execute("SELECT 1").await.unwrap_err().is_closed());
    let error = drop_database(&url).await.unwrap_err();
    assert!(error.is_database_missing(), "{error:?}");
    assert!(error.to_string().contains(url.database()), "{error}");
}

#[tokio::test]
async fn the_servers_own_databases_are_refused() {
    for name in ["postgres", "template0", "template1"] {
        let url = server_url().with_database(name);
        let errors = [
            create_database(&url).await.unwrap_err(),
            drop_database(&url).await.unwrap_err(),
            refuse_system(&url).unwrap_err(),
        ];
        for error in errors {
            assert_eq!(error.code(), "P3004");
            assert!(
                error
                    .to_string()
                    .starts_with(&format!("The `{name}` database is a system database, "))
            );
        }
    }
}

#[tokio::test]
async fn creating_needs_the_right_to() {
    let database = TestDatabase::empty("right");
    let admin = database.connect().await;
    let role = format!("{}_role", database.url().database());
    admin.batch_execute(&format!("CREATE ROLE {role} LOGIN")).await.unwrap();
    let url = database.url().expose().replace("postgres@", &format!("{role}@"));
    let url: crate::ConnectionUrl = url.parse().unwrap();
    let error = create_database(&url.with_database("never")).await.unwrap_err();
    admin.batch_execute(&format!("DROP ROLE {role}")).await.unwrap();
    assert!(error.is_access_denied(), "{error:?}");
}

#[tokio::test]
async fn who_is_connected_is_known_and_in_the_way() {
    let database = TestDatabase::empty("sessions");
    let url = database.url().with_database(&format!("{}_x", database.url().database()));
    assert!(sessions(&url).await.unwrap_err().is_database_missing());
    create_database(&url).await.unwrap();
    assert_eq!(sessions(&url).await.unwrap(), []);

    let guest = crate::connect(&url).await.unwrap();
    guest.batch_execute("SET application_name TO 'a guest'").await.unwrap();
    let found = sessions(&url).await.unwrap();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].program.as_str(), found[0].state.as_str()), ("a guest", "idle"));
    assert!(found[0].to_string().contains("user postgres, program a guest"), "{}", found[0]);

    let error = drop_unused_database(&url).await.unwrap_err();
    assert!(error.to_string().contains("is being accessed by other users"), "{error}");
    guest.close().await;
    drop_unused_database(&url).await.unwrap();
    assert!(!database_exists(&url).await.unwrap());
}
