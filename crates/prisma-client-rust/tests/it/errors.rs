//! Errors say what happened, where, and nothing secret.

use prisma_client_rust::prisma_errors::query_engine::{
    ConstraintViolation, ForeignKeyViolation, InputValueTooLong, NullConstraintViolation,
    RecordNotFound, TableDoesNotExist, TypeMismatchInvalidCustomType, UniqueKeyViolation,
    ValueOutOfRange,
};

use crate::generated::{PrismaClient, comment, native, post, profile, user};
use crate::support::{add_post, add_user, client, client_with};

#[tokio::test]
async fn a_taken_key_is_named() {
    let (_database, client) = client("error_unique").await;
    add_user(&client, "secret@x").await;
    let error = client.user().create("secret@x", vec![]).await.unwrap_err();
    assert!(
        error.is_prisma_error::<UniqueKeyViolation>() && !error.is_prisma_error::<RecordNotFound>()
    );
    assert_eq!(error.constraint(), Some("people_email_key"));
    assert_eq!(error.model(), Some("User"));
    assert_eq!(error.to_string(), "Unique constraint failed on the fields: (`email`)");
    assert!(!format!("{error:?}").contains("secret"));
    let ada = add_user(&client, "ada@x").await;
    let post = add_post(&client, "p", &ada).await;
    let comment = || client.comment().create(1, "c", post::id::equals(post.id), vec![]);
    comment().await.unwrap();
    let error = comment().await.unwrap_err();
    assert_eq!(error.to_string(), "Unique constraint failed on the fields: (`postId`,`number`)");
    assert!(
        client.comment().find_unique(comment::post_id_number(post.id, 1)).await.unwrap().is_some()
    );
}

#[tokio::test]
async fn a_missing_row_at_the_other_end_is_named() {
    let (_database, client) = client("error_foreign").await;
    let error = client.profile().create_unchecked("b", "nobody", vec![]).await.unwrap_err();
    assert!(error.is_prisma_error::<ForeignKeyViolation>());
    assert_eq!(error.constraint(), Some("Profile_userId_fkey"));
    assert_eq!(
        error.to_string(),
        "Foreign key constraint violated on the constraint: `Profile_userId_fkey`"
    );
}

#[tokio::test]
async fn setting_a_required_key_free_is_refused() {
    let (_database, client) = client("error_null").await;
    let ada = add_user(&client, "ada@x").await;
    add_post(&client, "p", &ada).await;
    let free = vec![user::posts::set(vec![])];
    let error = client.user().update(user::id::equals(ada.id), free).await.unwrap_err();
    assert!(error.is_prisma_error::<NullConstraintViolation>(), "{error}");
    assert_eq!(error.model(), Some("Post"));
    assert_eq!(client.post().count(vec![]).await.unwrap(), 1);
}

#[tokio::test]
async fn a_missing_table_is_told() {
    let (database, client) = client("error_table").await;
    database.connect().await.batch_execute("DROP TABLE \"Profile\"").await.unwrap();
    let error = client.profile().find_many(vec![profile::bio::equals("x")]).await.unwrap_err();
    assert!(error.is_prisma_error::<TableDoesNotExist>(), "{error}");
}

#[tokio::test]
async fn a_wrong_url_shows_itself_when_the_client_is_made() {
    let refused = async |url: &str| {
        PrismaClient::_builder().with_url(url.to_owned()).build().await.unwrap_err()
    };
    let error = refused("postgresql://u:hunter2@127.0.0.1:1/x?connect_timeout=2").await;
    assert_eq!(error.code(), "P1001");
    assert!(!format!("{error} {error:?}").contains("hunter2"));
    assert_eq!(refused("mysql://localhost/x").await.code(), "P1013");
}

#[tokio::test]
async fn a_changed_table_is_prepared_again() {
    let (database, client) = client_with("error_stale", "connection_limit=1").await;
    let ada = add_user(&client, "ada@x").await;
    add_post(&client, "p", &ada).await;
    assert_eq!(client.post().find_many(vec![]).await.unwrap().len(), 1);
    let change = "ALTER TABLE \"Post\" ALTER COLUMN views TYPE smallint";
    database.connect().await.batch_execute(change).await.unwrap();
    assert_eq!(client.post().find_many(vec![]).await.unwrap().len(), 1);
}

#[tokio::test]
async fn without_a_url_it_says_which_variable_is_missing() {
    let builder = prisma_client_rust::Builder::<PrismaClient>::new("NAMED_BY_NO_ENVIRONMENT");
    let error = builder.build().await.unwrap_err();
    assert_eq!(error.code(), "P1012");
    let message = error.to_string();
    assert!(
        message.starts_with("Environment variable not found: NAMED_BY_NO_ENVIRONMENT."),
        "{message}"
    );
    assert!(message.contains("with_url"), "{message}");
}

#[tokio::test]
async fn fields_have_the_names_of_the_schema() {
    let (database, client) = client("error_fields").await;
    let rename = "ALTER TABLE people ADD CONSTRAINT adult CHECK (age < 150); \
                  CREATE UNIQUE INDEX once_a_name ON people (lower(name))";
    database.connect().await.batch_execute(rename).await.unwrap();
    let ada = add_user(&client, "ada@x").await;
    let error = client.post().create_unchecked("t", "nobody", vec![]).await.unwrap_err();
    assert_eq!((error.model(), error.fields()), (Some("Post"), &["authorId".to_owned()][..]));
    let old = client.user().create("old@x", vec![user::age::set(200)]).await.unwrap_err();
    assert!(old.is_prisma_error::<ConstraintViolation>());
    assert_eq!((old.constraint(), old.fields().len()), (Some("adult"), 0));
    let change = vec![user::name::set("Ada".to_owned())];
    client.user().update(user::id::equals(ada.id), change).await.unwrap();
    let same = client.user().create("b@x", vec![user::name::set("ADA".to_owned())]).await;
    let same = same.unwrap_err();
    assert_eq!(same.constraint(), Some("once_a_name"));
    assert!(same.is_prisma_error::<UniqueKeyViolation>());
}

#[tokio::test]
async fn values_that_do_not_fit_are_told_apart() {
    let (_database, client) = client("error_values").await;
    let long = vec![native::varchar::set("longer than five".to_owned())];
    let long = client.native().create(long).await.unwrap_err();
    assert!(long.is_prisma_error::<InputValueTooLong>(), "{long}");
    assert!(!long.to_string().contains("longer than"), "{long}");
    let large = client.native().create(vec![native::small::set(Some(40_000))]).await.unwrap_err();
    assert!(large.is_prisma_error::<ValueOutOfRange>(), "{large}");
    let ada = add_user(&client, "ada@x").await;
    let price: prisma_client_rust::BigDecimal = "12345678901".parse().unwrap();
    let author = user::id::equals(ada.id.clone());
    let price = vec![post::price::set(Some(price))];
    let price = client.post().create("p", author, price).await.unwrap_err();
    assert!(price.is_prisma_error::<ValueOutOfRange>(), "{price}");
    let address = client.native().create(vec![native::inet::set("secret".to_owned())]).await;
    let address = address.unwrap_err();
    assert!(address.is_prisma_error::<TypeMismatchInvalidCustomType>(), "{address}");
    assert!(!address.to_string().contains("secret"), "{address}");
}
