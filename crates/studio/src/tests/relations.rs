//! Filters that lead over relations: what the client's `some`, `every`, `none`, `is` and `is_not` find.

use postgres::testing::TestDatabase;

use super::browsing::column;
use super::client::Client;
use super::serve;

/// Two schemas of the database, mapped names, every kind of relation.
pub(super) const SCHEMA: &str = include_str!("../../test_data/workshop.prisma");
pub(super) const SQL: &str = include_str!("../../test_data/workshop.sql");

pub(super) async fn workshop(label: &str) -> (TestDatabase, Client) {
    let database = TestDatabase::from_sql(label, SQL);
    let client = serve(&database, SCHEMA, None).await;
    (database, client)
}

pub(super) fn view(model: &str, filters: &[&str]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(filters.iter().map(|filter| ("f", filter)));
    format!("/model/{model}?{}", query.finish())
}

#[tokio::test]
async fn conditions_on_related_rows_find_what_the_client_finds() {
    let (_database, client) = workshop("studio_related").await;
    for (filter, expected) in [
        ("jobs:some:", "Ada Ben Cem"),
        ("jobs:none:", "Dora"),
        ("jobs:every:", "Ada Ben Cem Dora"),
        ("jobs:some:hours:gte:8", "Ada Cem"),
        ("jobs:none:hours:gte:8", "Ben Dora"),
        // What is not known is no reason against it, and whoever has none has only such.
        ("jobs:every:hours:lt:9", "Ada Ben Dora"),
        ("jobs:every:startAt:lt:2026-01-31", "Cem Dora"),
        ("jobs:some:startAt:equals:2026-01-06 07:00:00+00", "Ben"),
        // The same job meets all of them, other than with two filters.
        (r#"jobs:some:["hours:lt:5","startAt:gte:2026-02-01"]"#, ""),
        (r#"jobs:some:["hours:gt:5","startAt:gte:2026-02-01"]"#, "Ada"),
        (r#"jobs:none:["hours:gt:5","startAt:gte:2026-02-01"]"#, "Ben Cem Dora"),
        (r#"jobs:every:["hours:gt:5","startAt:gte:2026-02-01"]"#, "Dora"),
        ("badge:is:", "Ada Ben"),
        ("badge:is_not:", "Cem Dora"),
        ("badge:is_null:", "Cem Dora"),
        ("badge:is:number:in_vec:b2, b3", "Ben"),
        ("badge:is_not:number:equals:b2", "Ada Cem Dora"),
        ("jobs:some:person:is:badge:is:number:equals:b1", "Ada"),
        ("jobs:some:person:is:jobs:every:hours:gt:3", "Ada Cem"),
    ] {
        let page = client.page(&view("Person", &[filter])).await;
        assert_eq!(column(&page, "name").join(" "), expected, "{filter}");
    }
    let page =
        client.page(&view("Person", &["jobs:some:hours:lt:5", "jobs:some:hours:gt:5"])).await;
    assert_eq!(column(&page, "name"), ["Ada"], "two jobs of hers");
    let page = client.page(&view("Job", &["person:is_not:name:starts_with:A"])).await;
    assert_eq!(column(&page, "id"), ["3", "4", "5"]);
    // Counted and exported alike.
    let count = view("Person", &["jobs:some:hours:gte:8"]).replace('?', "/count?");
    assert_eq!(client.get(&count).await.json()["text"], "2 rows");
    let csv = view("Person", &["jobs:some:hours:gte:8"]).replace('?', "/export.csv?");
    assert_eq!(client.page(&csv).await, "id,name\r\n1,Ada\r\n3,Cem\r\n");
}

#[tokio::test]
async fn many_to_many_is_a_relation_like_others() {
    let (_database, client) = workshop("studio_many").await;
    for (model, field, filter, expected) in [
        ("Person", "name", "skills:some:", "Ada Ben Cem"),
        ("Person", "name", "skills:none:", "Dora"),
        ("Person", "name", "skills:some:code:equals:c:drive", "Ada"),
        ("Person", "name", "skills:some:level:equals:expert", "Ada Cem"),
        ("Person", "name", "skills:every:level:equals:expert", "Cem Dora"),
        ("Person", "name", "skills:none:level:equals:basic", "Cem Dora"),
        ("Person", "name", r#"skills:some:["code:equals:park","level:equals:expert"]"#, ""),
        ("Person", "name", "skills:some:people:some:name:equals:Ben", "Ada Ben"),
        ("Skill", "code", "people:none:", "sail"),
        ("Skill", "code", "people:some:jobs:some:hours:gt:8", "rally"),
        // Both ends in one table: column A has the one whose field comes first by its name, as in the client.
        ("Person", "name", "friendOf:some:", "Ada Ben"),
        ("Person", "name", "friendOf:some:name:equals:Cem", "Ada Ben"),
        ("Person", "name", "friends:some:name:equals:Ada", "Ben Cem"),
        ("Person", "name", "friends:none:", "Ada Dora"),
    ] {
        let page = client.page(&view(model, &[filter])).await;
        assert_eq!(column(&page, field).join(" "), expected, "{filter}");
    }
}

/// The links of a row's page by what they say, with what stands beside them.
fn links(page: &str) -> Vec<(String, String, String)> {
    let parts = page.split("<li><a href=\"").skip(1).map(|part| {
        let (href, rest) = part.split_once("\">").expect("a link");
        let (name, rest) = rest.split_once("</a>").expect("its end");
        let hint = rest.split_once("<span class=\"hint\">").expect("a hint").1;
        let hint = hint.split_once("</span>").expect("its end").0;
        (name.to_owned(), hint.to_owned(), href.replace("&amp;", "&"))
    });
    parts.collect()
}

#[tokio::test]
async fn linked_rows_are_followed_and_lead_back() {
    let (_database, client) = workshop("studio_many_links").await;
    let ada = client.page("/model/Person/row?key=%5B%221%22%5D").await;
    let found = links(&ada);
    let said: Vec<(&str, &str)> =
        found.iter().map(|(name, hint, _)| (name.as_str(), hint.as_str())).collect();
    assert_eq!(
        said,
        [
            ("badge", "Badge, one row"),
            ("jobs", "Job, 2 rows"),
            ("skills", "Skill, 2 rows"),
            ("friends", "Person, none"),
            ("friendOf", "Person, 2 rows"),
        ]
    );
    let skills = client.page(&found[2].2).await;
    assert_eq!(column(&skills, "code"), ["c:drive", "park"]);
    assert!(column(&client.page(&found[3].2).await, "name").is_empty());
    let friends = client.page(&found[4].2).await;
    assert_eq!(column(&friends, "name"), ["Ben", "Cem"]);
    // And back, from a key with a colon.
    let skill = client.page("/model/Skill/row?key=%5B%22c%3Adrive%22%5D").await;
    let back = links(&skill);
    assert_eq!((back[0].0.as_str(), back[0].1.as_str()), ("people", "Person, one row"));
    assert_eq!(column(&client.page(&back[0].2).await, "name"), ["Ada"]);
}

#[tokio::test]
async fn a_table_of_pairs_that_is_not_there_hides_nothing_else() {
    let (database, client) = workshop("studio_many_gone").await;
    database.connect().await.batch_execute("DROP TABLE people.\"_Friends\"").await.expect("gone");
    let ada = client.page("/model/Person/row?key=%5B%221%22%5D").await;
    assert!(ada.contains("Person, not counted") && ada.contains("Skill, 2 rows"), "{ada}");
    let page = client.page(&view("Person", &["friends:some:"])).await;
    assert!(page.contains("42P01") && page.contains("Remove this filter"), "{page}");
}

#[tokio::test]
async fn what_leads_nowhere_is_told() {
    let (_database, client) = workshop("studio_related_wrong").await;
    for (filter, told) in [
        ("job:some:hours:lt:5", "did you mean jobs?"),
        ("jobs:some:hour:lt:5", "Job has no field &quot;hour&quot;"),
        ("jobs:some:hours:contains:5", "Job.hours is a Int?, which cannot be filtered by contains"),
        ("jobs:is:hours:lt:5", "filtered by some or every or none, not by is"),
        ("badge:some:", "filtered by is or is_not, not by some"),
        ("jobs:some:hours:lt:x", "invalid input syntax for type integer"),
    ] {
        let page = client.page(&view("Person", &[filter])).await;
        assert!(page.contains(told) && page.contains("Remove this filter"), "{filter}: {page}");
    }
    let deep = "jobs:some:person:is:".repeat(3);
    let response = client.get(&view("Person", &[&deep])).await;
    assert_eq!(response.status, 400);
    assert!(response.body.contains("5 relations at most"), "{}", response.body);
    // A value is never SQL, however deep.
    let page =
        client.page(&view("Person", &["jobs:none:person:is:name:equals:') OR true --"])).await;
    assert_eq!(column(&page, "name").len(), 4);
}
