//! Filters by what is inside lists and JSON documents.

use postgres::testing::TestDatabase;

use super::browsing::column;
use super::relations::view;
use super::serve;

const SCHEMA: &str = r#"
datasource db {
  provider = "postgresql"
}

enum Day {
  mon
  tue
}

model Thing {
  id    Int    @id
  tags  String[]
  days  Day[]
  sizes Int[]
  data  Json
  raw   Json?  @db.Json
}
"#;

const SQL: &str = r#"
CREATE TYPE "Day" AS ENUM ('mon', 'tue');
CREATE TABLE "Thing" (id int PRIMARY KEY, tags text[], days "Day"[], sizes int[], data jsonb NOT NULL, raw json);
INSERT INTO "Thing" VALUES
    (1, '{a,b}', '{mon}', '{1,2}', '{"a": {"b": [1, "two", null]}, "n": 5, "s": "under_score"}', '{"n": 1}'),
    (2, '{b,"c,d"}', '{mon,tue}', '{}', '{"a": {"b": []}, "n": 50, "s": "underXscore", "k.e:y": true}', '[1, 2]'),
    (3, '{}', '{}', '{2,1}', '["x", "y"]', NULL),
    (4, NULL, NULL, NULL, '"five"', '7'),
    (5, '{a,b,c}', '{tue}', NULL, '{"n": "9", "a": null}', 'null');
"#;

#[tokio::test]
async fn lists_are_filtered_by_what_they_hold() {
    let database = TestDatabase::from_sql("studio_lists", SQL);
    let client = serve(&database, SCHEMA, None).await;
    for (filter, expected) in [
        ("tags:has:b", "1 2 5"),
        ("tags:has_every:a, b", "1 5"),
        (r#"tags:has_every:["b","c,d"]"#, "2"),
        ("tags:has_every:[]", "1 2 3 5"),
        ("tags:has_some:a, c", "1 5"),
        ("tags:has_some:[]", ""),
        ("tags:equals:a, b", "1"),
        ("tags:equals:[]", "3"),
        ("tags:not:a, b", "2 3 5"),
        ("tags:is_empty:", "3"),
        ("tags:is_empty:true", "3"),
        ("tags:is_empty:false", "1 2 5"),
        ("tags:is_not_empty:", "1 2 5"),
        ("days:has_every:mon, tue", "2"),
        ("days:has_some:mon", "1 2"),
        ("sizes:has_every:2, 1", "1 3"),
        ("sizes:equals:2, 1", "3"),
    ] {
        let page = client.page(&view("Thing", &[filter])).await;
        assert_eq!(column(&page, "id").join(" "), expected, "{filter}");
    }
    let page = client.page(&view("Thing", &["days:has_every:sun"])).await;
    assert!(page.contains("invalid input value for enum"), "{page}");
}

#[tokio::test]
async fn documents_are_filtered_by_their_parts() {
    let database = TestDatabase::from_sql("studio_json", SQL);
    let client = serve(&database, SCHEMA, None).await;
    for (filter, expected) in [
        (r#"data:equals:"five""#, "4"),
        (r#"data:equals:["x","y"]"#, "3"),
        (r#"data:not:"five""#, "1 2 3 5"),
        ("data:path:n:equals:5", "1"),
        ("data:path:n:equals:5.0", "1"),
        (r#"data:path:n:equals:"9""#, "5"),
        // Numbers with numbers, texts with texts.
        ("data:path:n:gt:4", "1 2"),
        ("data:path:n:gte:50", "2"),
        ("data:path:n:lt:6", "1"),
        (r#"data:path:n:gt:"5""#, "5"),
        (r#"data:path:["a","b"]:array_contains:[1,"two"]"#, "1"),
        ("data:path:a.b:array_contains:[]", "1 2"),
        ("data:path:a.b:array_starts_with:1", "1"),
        ("data:path:a.b:array_ends_with:null", "1"),
        ("data:path:a.b.1:string_starts_with:t", "1"),
        (r#"data:path:["a","b",1]:string_ends_with:o"#, "1"),
        ("data:path:s:string_contains:r_s", "1"),
        ("data:string_contains:iv", "4"),
        ("data:array_starts_with:\"x\"", "3"),
        (r#"data:path:["k.e:y"]:equals:true"#, "2"),
        // JSON's own null is there, what is not there is not.
        ("data:path:a:is_null:", "3 4"),
        ("data:path:a:is_not_null:", "1 2 5"),
        ("data:path:a:equals:null", "5"),
        ("data:path:n:contains:5", "1 2"),
        ("data:contains:under", "1 2"),
        // `json` has no operators of its own.
        ("raw:equals:[1,2]", "2"),
        ("raw:path:n:lte:1", "1"),
        ("raw:gt:6", "4"),
        ("raw:is_null:", "3"),
    ] {
        let page = client.page(&view("Thing", &[filter])).await;
        assert_eq!(column(&page, "id").join(" "), expected, "{filter}");
    }
    let page = client.page(&view("Thing", &["data:path:n:equals:five"])).await;
    assert!(page.contains("invalid input syntax for type json"), "{page}");
    let page = client.page(&view("Thing", &["tags:path:a:has:b"])).await;
    assert!(page.contains("Thing.tags is a String[], in which no path leads anywhere"), "{page}");
    let form = "/model/Thing?field=data&path=a.b&operator=array_contains&value=%5B1%5D";
    assert_eq!(column(&client.page(form).await, "id"), ["1"]);
}
