//! Names that are something else in Rust.

use std::str::FromStr as _;

use crate::generated::{Status, foo_bar_, mod_, r#type};
use crate::support::client;

#[tokio::test]
async fn keywords_are_names_like_others() {
    let (_database, client) = client("names").await;
    let params = vec![
        r#type::create::set("c".to_owned()),
        r#type::model::set("m".to_owned()),
        r#type::runtime::set("r".to_owned()),
        r#type::line_2::set("l".to_owned()),
        r#type::edge_::set("e".to_owned()),
        r#type::u_8::set(Some(vec![1])),
    ];
    let made = client.r#type().create(1, "match", params).await.unwrap();
    assert_eq!(
        (made.self_, made.r#match.as_str(), made.bool, made.u_8),
        (1, "match", true, Some(vec![1]))
    );
    let found = client.r#type().find_unique(r#type::r#type(1, "match")).await.unwrap().unwrap();
    assert_eq!((found.line_2.as_deref(), found.edge_.as_deref()), (Some("l"), Some("e")));
    assert_eq!(
        client
            .r#type()
            .count(vec![r#type::r#match::equals("match"), r#type::bool::equals(true)])
            .await
            .unwrap(),
        1
    );
}

#[tokio::test]
async fn models_whose_names_would_be_one_are_several() {
    let (_database, client) = client("names_same").await;
    let one = client.foo_bar_().create(vec![]).await.unwrap();
    let connected = vec![mod_::one::connect(foo_bar_::id::equals(one.id))];
    let made = client.mod_().create(connected).with(mod_::one::fetch()).await.unwrap();
    assert_eq!(made.one().unwrap().map(|one| one.id), Some(one.id));
    client.enumeration_().create(vec![]).await.unwrap();
    assert_eq!(client.foo_bar_().count(vec![]).await.unwrap(), 1);
    assert_eq!(client.foo_bar().count(vec![]).await.unwrap(), 0);
}

#[test]
fn enums_have_the_names_of_the_schema() {
    assert_eq!(Status::Done.to_string(), "done");
    assert_eq!(Status::from_str("in_progress"), Ok(Status::InProgress));
    let error = Status::from_str("finished").unwrap_err();
    assert_eq!(error.to_string(), "`finished` is no value of the enum `Status`");
}
