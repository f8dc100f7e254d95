//! Texts that try to be something else than texts, wherever a user of a program may have one.

use postgres::testing::{TestDatabase, with_parameters};
use prisma_client_rust::serde_json::{Value, json};
use prisma_client_rust::{QueryMode, raw};

use crate::generated::{PrismaClient, every, post, tag, user};
use crate::support::{SCHEMA, client};
use crate::values::every;

/// What somebody types who wants more than to be found.
const ATTEMPTS: [&str; 14] = [
    "'; DROP TABLE people; --",
    "' OR '1'='1",
    "\\'; DELETE FROM people; --",
    "$1",
    "$$; DROP TABLE people; $$",
    "{}",
    "%",
    "_",
    "\\",
    "\\%",
    "a\\_b",
    "E'\\x27'",
    "\"; DROP TABLE people; --",
    "{\"a\",NULL}",
];

#[tokio::test]
async fn texts_stay_texts_wherever_they_stand() {
    let (_database, client) = client("edge_injection").await;
    for text in ATTEMPTS {
        let ada = client.user().create(text, vec![user::name::set(text.to_owned())]).await.unwrap();
        assert_eq!((ada.email.as_str(), ada.name.as_deref()), (text, Some(text)));
        client.tag().create(text, vec![]).await.unwrap();
        let tags = vec![post::tags::connect(vec![tag::name::equals(text)])];
        client.post().create(text, user::email::equals(text), tags).await.unwrap();
        let filters: Vec<user::WhereParam> = vec![
            user::email::equals(text),
            user::name::equals(text.to_owned()),
            user::name::in_vec(vec![text.to_owned()]),
            user::name::contains(text),
            user::name::starts_with(text),
            user::name::ends_with(text),
            user::name::gte(text),
            user::name::lte(text),
            user::posts::some(vec![
                post::title::equals(text),
                post::tags::some(vec![tag::name::equals(text)]),
            ]),
        ];
        for filter in filters {
            let named = vec![filter.clone(), user::id::equals(ada.id.clone())];
            assert_eq!(client.user().count(named).await.unwrap(), 1, "{filter:?}");
            let mode = vec![
                filter.clone(),
                user::name::mode(QueryMode::Insensitive),
                user::id::equals(ada.id.clone()),
            ];
            assert_eq!(client.user().count(mode).await.unwrap(), 1, "{filter:?}");
        }
        let exact = client
            .user()
            .count(vec![user::name::contains(text), user::name::not(text.to_owned())])
            .await
            .unwrap();
        let holding = ATTEMPTS
            .iter()
            .take_while(|other| **other != text)
            .filter(|other| other.contains(text));
        assert_eq!(exact, i64::try_from(holding.count()).unwrap(), "{text}");
        let rows: Vec<Value> =
            client._query_raw(raw!("SELECT {}::text AS t", text.into())).await.unwrap();
        assert_eq!(rows, [json!({"t": text})]);
    }
    assert_eq!(client.user().count(vec![]).await.unwrap(), i64::try_from(ATTEMPTS.len()).unwrap());
}

#[tokio::test]
async fn texts_stay_texts_in_documents_and_lists() {
    let (_database, client) = client("edge_injection_json").await;
    for (id, text) in (1..).zip(ATTEMPTS) {
        let document = json!({text: {"in": text}, "list": [text]});
        let texts = vec![text.to_owned(), String::new()];
        let row =
            every(id, vec![every::json_o::set(document.clone()), every::texts::set(texts.clone())]);
        let row = client.every().create_from(row).await.unwrap();
        assert_eq!(
            (row.json_o.as_ref(), row.texts.as_slice()),
            (Some(&document), texts.as_slice())
        );
        let path = || every::json_o::path(vec![text.to_owned(), "in".to_owned()]);
        let list = || every::json_o::path(vec!["list".to_owned()]);
        let filters = [
            vec![path(), every::json_o::equals(json!(text))],
            vec![path(), every::json_o::string_contains(text)],
            vec![path(), every::json_o::string_starts_with(text)],
            vec![path(), every::json_o::string_ends_with(text)],
            vec![list(), every::json_o::array_contains(json!([text]))],
            vec![list(), every::json_o::array_starts_with(json!(text))],
            vec![every::texts::has(text.to_owned())],
            vec![every::texts::has_every(texts.clone())],
            vec![every::texts::equals(texts.clone())],
        ];
        for mut filter in filters {
            filter.push(every::id::equals(id));
            assert_eq!(client.every().count(filter.clone()).await.unwrap(), 1, "{filter:?}");
        }
    }
}

/// Of what is part of a statement or of a connection's start, not of its parameters, only names of the URL are anybody's
/// texts: names of fields, orders and cursors are types of the schema.
#[tokio::test]
async fn names_of_the_url_stay_names() {
    let database = TestDatabase::empty("injected_names");
    let connection = database.connect().await;
    for name in
        ["'; DROP TABLE people; --", "\"; --", "a b' c\\ -c x=y", "$user, public", "\\", "É\n"]
    {
        let quoted = format!("\"{}\"", name.replace('"', "\"\""));
        let sql = SCHEMA.replace("\"public\"", &quoted);
        let sql = format!("CREATE SCHEMA {quoted}; SET search_path TO {quoted}; {sql}");
        connection.batch_execute(&sql).await.unwrap();
        let encoded: String =
            name.bytes().fold(String::new(), |url, byte| format!("{url}%{byte:02x}"));
        for (round, more) in (1..).zip(["", "&pgbouncer=true&statement_timeout=9s"]) {
            let parameters = format!("schema={encoded}&application_name={encoded}{more}");
            let url = with_parameters(database.url(), &parameters);
            let client: PrismaClient =
                PrismaClient::_builder().with_url(url).build().await.unwrap();
            client.user().create(format!("{round}@x"), vec![]).await.unwrap();
            let sql = "SELECT count(*) AS people, current_schema() AS schema, current_setting('application_name') AS name \
                       FROM people";
            let rows: Vec<Value> = client._query_raw(raw!(sql)).await.unwrap();
            assert_eq!(rows[0]["people"], round);
            assert_eq!(rows[0]["schema"], name);
            // The server keeps ASCII only of an application's name.
            if name.is_ascii() {
                assert_eq!(rows[0]["name"], name);
            }
        }
    }
    for parameter in ["schema", "application_name", "options"] {
        let url = with_parameters(database.url(), &format!("{parameter}=a%00b"));
        let refused =
            PrismaClient::_builder().with_url(url).build().await.map(|_: PrismaClient| ());
        assert_eq!(refused.unwrap_err().code(), "P1013");
    }
}
