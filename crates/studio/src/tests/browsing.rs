//! Reading: pages, orders, filters, exports.

use super::{SCHEMA, serve, studio};
use postgres::testing::TestDatabase;

/// The values of a field, in the order of the page.
pub(super) fn column(page: &str, field: &str) -> Vec<String> {
    let start = format!("<td data-field=\"{field}\"");
    let cells = page.split(&start).skip(1);
    cells
        .map(|cell| {
            if cell.starts_with(" data-null") {
                return "null".to_owned();
            }
            let value = cell.split_once("class=\"value\">").expect("a value").1;
            value.split_once("</span>").expect("its end").0.to_owned()
        })
        .collect()
}

/// The link of the pager to the page behind, or before.
pub(super) fn link(page: &str, rel: &str) -> Option<String> {
    let (_, rest) = page.split_once(&format!("rel=\"{rel}\" href=\""))?;
    Some(rest.split_once('"')?.0.replace("&amp;", "&").replace("&quot;", "\""))
}

#[tokio::test]
async fn the_first_page_counts_all_tables() {
    let (_database, client) = studio("studio_home").await;
    let page = client.page("/").await;
    assert!(page.contains("<td class=\"number\">203</td>"), "{page}");
    assert!(page.contains("Who runs lessons."));
    assert!(page.contains("<em>no table</em>"), "Later is in the schema only");
}

#[tokio::test]
async fn compound_keys_are_an_order_too() {
    let (_database, client) = studio("studio_compound").await;
    for sort in ["", "sort=c", "sort=-c", "sort=b"] {
        let mut found = Vec::new();
        let mut path = Some(format!("/model/Pair?{sort}&size=7"));
        while let Some(there) = path {
            let page = client.page(&there).await;
            found.extend(column(&page, "b"));
            path = link(&page, "next");
        }
        let mut distinct = found.clone();
        distinct.sort();
        distinct.dedup();
        assert_eq!((found.len(), distinct.len()), (150, 150), "{sort}");
    }
}

#[tokio::test]
async fn filters_are_the_clients() {
    let (database, client) = studio("studio_filters").await;
    let connection = database.connect().await;
    for (filter, condition) in [
        ("name:contains:t 1", "name LIKE '%t 1%'"),
        ("name:contains:%", "false"),
        ("name:contains_insensitive:STUDENT 20", "name ILIKE '%STUDENT 20%'"),
        ("name:starts_with:Student 9", "name LIKE 'Student 9%'"),
        ("name:in_vec:Student 1, Student 2", "id IN (1, 2)"),
        ("name:in_vec:[\"Student 3\"]", "id = 3"),
        ("id:gt:150", "id > 150"),
        ("score:lte:10.5", "score <= 10.5"),
        ("level:equals:advanced", "level = 'advanced'"),
        ("level:not_in_vec:advanced", "level <> 'advanced'"),
        ("nick:is_null:", "nick IS NULL"),
        ("nick:not:n1", "nick <> 'n1'"),
        ("updatedAt:lt:2026-01-03", "\"updatedAt\" < '2026-01-03'"),
        ("tags:has:t1", "'t1' = ANY(tags)"),
        ("tags:is_empty:", "false"),
        ("notes:equals:{\"a\":1}", "true"),
        ("raw:contains:\"b\"", "true"),
        ("photo:equals:\\xdeadbeef", "true"),
        ("orgId:equals:south", "\"orgId\" = 'south'"),
    ] {
        let sql =
            format!("SELECT id::text AS shown FROM \"Student\" WHERE {condition} ORDER BY id");
        let rows = connection.query(&sql, &[]).await.expect("rows");
        let expected: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
        let query: String =
            form_urlencoded::Serializer::new(String::new()).append_pair("f", filter).finish();
        let page = client.page(&format!("/model/Student?size=500&{query}")).await;
        assert_eq!(column(&page, "id"), expected, "{filter}");
    }
    let page = client.page("/model/Org?f=students:none:").await;
    assert_eq!(column(&page, "id").len(), 0);
    let page = client.page("/model/Org?f=students:some:").await;
    assert_eq!(column(&page, "id"), ["north", "south"]);
}

#[tokio::test]
async fn what_cannot_be_filtered_is_told_on_the_page() {
    let (_database, client) = studio("studio_wrong").await;
    let page = client.page("/model/Student?f=id:equals:x").await;
    assert!(page.contains("22P02") && page.contains("invalid input syntax for type integer"));
    assert!(page.contains("title=\"Remove this filter\""), "it can be taken away");
    let response = client.get("/model/Student?f=name:contain:x").await;
    assert_eq!(response.status, 400);
    assert!(response.body.contains("did you mean contains?"));
    let response = client.get("/model/Studnt").await;
    assert_eq!(response.status, 404);
    assert!(response.body.contains("did you mean Student?"));
    let response = client.get("/model/Later").await;
    assert!(response.body.contains("cargo xtask migrate dev"), "{}", response.body);
    let response = client.get("/model/Student?after=%5B1").await;
    assert_eq!(response.status, 400);
    assert_eq!(client.get("/nowhere").await.status, 404);
}

#[tokio::test]
async fn values_are_text_and_never_markup() {
    let (_database, client) = studio("studio_escaping").await;
    let page = client.page("/model/Org").await;
    assert!(page.contains("North &lt;b&gt;School&lt;/b&gt;"), "{page}");
    let page = client.page("/model/Org?f=name:contains:%3Cscript%3E").await;
    assert!(!page.contains("<script>"), "{page}");
}

#[tokio::test]
async fn a_row_leads_to_what_belongs_to_it() {
    let (_database, client) = studio("studio_row").await;
    let page = client.page("/model/Org/row?key=%5B%22south%22%5D").await;
    assert!(page.contains("/model/Student?f=orgId%3Aequals%3Asouth"), "{page}");
    assert!(page.contains("67 rows"), "{page}");
    let page = client.page("/model/Student?f=orgId%3Aequals%3Asouth&size=500").await;
    assert_eq!(column(&page, "id").len(), 67);
    assert!(page.contains("/model/Org?f=id%3Aequals%3Asouth"), "and back");
    assert_eq!(client.get("/model/Org/row?key=%5B%22west%22%5D").await.status, 404);
}

#[tokio::test]
async fn exports_hold_every_row_of_the_view() {
    let (_database, client) = studio("studio_export").await;
    let csv = client
        .page("/model/Student/export.csv?f=orgId%3Aequals%3Anorth&sort=-id&columns=id&columns=nick")
        .await;
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines[0], "id,nick");
    assert_eq!(lines[1], "203,n0");
    assert_eq!(lines.len(), 1 + 136);
    assert!(lines.contains(&"4,"), "null is nothing");
    let json = client.get("/model/Student/export.json?f=id%3Alte%3A2").await.json();
    assert_eq!(json[0]["id"], 1);
    assert_eq!(json[0]["notes"]["a"], 1);
    assert_eq!(json[0]["score"], "0.25");
    assert_eq!(json.as_array().map(Vec::len), Some(2));
    let none = client.get("/model/Student/export.json?f=id%3Alt%3A0").await.json();
    assert_eq!(none.as_array().map(Vec::len), Some(0));
}

#[tokio::test]
async fn what_has_no_key_is_only_read() {
    let (_database, client) = studio("studio_view").await;
    let page = client.page("/model/Names?sort=name").await;
    assert_eq!(column(&page, "name").len(), 50);
    assert!(page.contains("No key") && page.contains("and more"), "{page}");
    let csv = client.page("/model/Names/export.csv").await;
    assert_eq!(csv.lines().count(), 1 + 203, "an export has them all");
}

#[tokio::test]
async fn the_schema_is_a_diagram() {
    let (_database, client) = studio("studio_diagram").await;
    let page = client.page("/schema").await;
    assert!(page.contains("data-from=\"Student\" data-to=\"Org\""));
    assert!(!page.contains("<style"), "the policy would not let it in");
}

#[tokio::test]
async fn a_database_that_is_not_there_is_said_to_be_so() {
    let database = TestDatabase::empty("studio_gone");
    let url = database.url().with_database("no_such_database");
    let project = crate::Project {
        name: "gone".to_owned(),
        schema: Box::new(|| Ok(psl::analyze(vec![psl::SourceFile::new("s", SCHEMA)]).schema)),
        url,
        migrations: "none".into(),
        programs: None,
    };
    let studio = crate::Studio::bind(project, 0, None).await.expect("a port");
    let link = studio.link();
    tokio::spawn(studio.serve(std::future::pending()));
    let client = super::Client::of(&link).await;
    let page = client.page("/").await;
    assert!(page.contains("P1003") && page.contains("cargo xtask db create"), "{page}");
    assert_eq!(client.get("/model/Org").await.status, 502);
}

#[tokio::test]
async fn an_empty_schema_has_a_page() {
    let database = TestDatabase::empty("studio_empty");
    let client = serve(&database, "", None).await;
    assert!(client.page("/").await.contains("no model yet"));
    client.page("/schema").await;
    client.page("/console").await;
    client.page("/health").await;
}

#[tokio::test]
async fn one_table_that_cannot_be_read_hides_no_other() {
    let (database, client) = studio("studio_locked").await;
    let other = database.connect().await;
    other
        .batch_execute("BEGIN; LOCK TABLE \"Pair\" IN ACCESS EXCLUSIVE MODE")
        .await
        .expect("a lock");
    let page = client.page("/").await;
    assert!(page.contains("<td class=\"number\">203</td>"), "{page}");
    assert!(page.contains("<em>not counted</em>"), "{page}");
    other.batch_execute("ROLLBACK; LOCK TABLE \"Org\" IN SHARE MODE").await.ok();
    let row = "BEGIN; LOCK TABLE \"Student\" IN ACCESS EXCLUSIVE MODE";
    other.batch_execute(row).await.expect("a lock");
    let page = client.page("/model/Org/row?key=%5B%22south%22%5D").await;
    assert!(page.contains("South") && page.contains("not counted"), "{page}");
}

#[tokio::test]
async fn exports_keep_every_digit() {
    let (database, client) = studio("studio_digits").await;
    let update = "UPDATE \"Student\" SET raw = '{\"b\": 12345678901234567890123, \"a\": 1.10, \"a\": 2}' WHERE id = 1";
    database.connect().await.batch_execute(update).await.expect("digits");
    let json = client.page("/model/Student/export.json?f=id:equals:1&columns=raw").await;
    assert!(
        json.contains("{\"raw\": {\"b\": 12345678901234567890123, \"a\": 1.10, \"a\": 2}}"),
        "{json}"
    );
}

#[tokio::test]
async fn texts_of_other_types_are_filtered_too() {
    let database = TestDatabase::from_sql(
        "studio_uuid",
        "CREATE TABLE \"T\" (id uuid PRIMARY KEY); INSERT INTO \"T\" VALUES ('7fbc5007-327e-5dda-abb3-028187b302b1')",
    );
    let client = serve(&database, "model T {\n  id String @id @db.Uuid\n}", None).await;
    for filter in ["id:contains:327e", "id:starts_with:7fbc", "id:contains_insensitive:DDA"] {
        let page = client.page(&format!("/model/T?f={filter}")).await;
        assert_eq!(column(&page, "id").len(), 1, "{filter}");
    }
    assert_eq!(column(&client.page("/model/T?f=id:in_vec:%5B%5D").await, "id").len(), 0);
}
