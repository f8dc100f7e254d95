//! Tenants whose key is a `uuid`, which is text where it is given and none where it is read; rows that are related to the
//! tenant itself, or by its key and something else.

#[rustfmt::skip]
mod generated;

use postgres::testing::TestDatabase;
use prisma_client_rust::nested;

use self::generated::{PrismaClient, card, org, room, student};
use super::{code, refused};

const A: &str = "0189d1c2-7b5c-7d3e-8f00-00000000000a";
const B: &str = "0189d1c2-7b5c-7d3e-8f00-00000000000b";

/// Everybody's client and that of the first of two tenants, who has no rows.
async fn clients(label: &str) -> (TestDatabase, PrismaClient, PrismaClient) {
    let database = TestDatabase::from_sql(label, include_str!("uuid/schema.sql"));
    let client = PrismaClient::_builder().with_url(database.url().expose()).build().await.unwrap();
    client.org().create("a", vec![org::id::set(A)]).await.unwrap();
    client.org().create("b", vec![org::id::set(B)]).await.unwrap();
    let a = client.tenant(A);
    (database, client, a)
}

#[tokio::test]
async fn a_key_that_was_read_is_the_tenant() {
    let (_database, _, a) = clients("tenant_uuid").await;
    let by_slug = a.student().create("n", org::slug::equals("a"), vec![]).await.unwrap();
    assert_eq!(by_slug.org_id, A);
    let inside = vec![org::students::create(vec![student::create("x", nested(), vec![])])];
    a.org().update(org::id::equals(A), inside).await.unwrap();
    let upper = a.tenant(A).student().create_unchecked(A.to_uppercase(), "y", vec![]);
    assert_eq!(upper.await.unwrap().org_id, A);
    let room = || room::org_id_number(A, 1);
    a.room().create(1, nested(), vec![]).await.unwrap();
    let connect = vec![room::students::connect(vec![student::id::equals(by_slug.id)])];
    a.room().update(room(), connect).await.unwrap();
    let make = vec![room::students::create(vec![student::create("z", nested(), vec![])])];
    a.room().update(room(), make).await.unwrap();
    assert_eq!(a.student().count(vec![student::number::equals(Some(1))]).await.unwrap(), 2);
    let other = a.student().create("n", org::slug::equals("b"), vec![]).await;
    assert_eq!(code(other), "P2025");
    assert_eq!(refused(a.student().create_unchecked(B, "n", vec![]).await).0, "P2019");
}

#[tokio::test]
async fn a_row_leaves_a_relation_and_not_the_tenant() {
    let (_database, client, a) = clients("tenant_uuid_leave").await;
    a.room().create(1, nested(), vec![]).await.unwrap();
    let with_room = vec![student::number::set(Some(1))];
    let made = a.student().create_unchecked(A, "n", with_room.clone()).await.unwrap();
    let named = || student::id::equals(made.id);
    let left = a.student().update(named(), vec![student::room::disconnect()]).await.unwrap();
    assert_eq!((left.org_id.as_str(), left.number), (A, None));
    a.student().update(named(), with_room.clone()).await.unwrap();
    // From the room's side the same.
    a.room().update(room::org_id_number(A, 1), vec![room::students::set(vec![])]).await.unwrap();
    assert_eq!(a.student().find_unique(named()).await.unwrap().unwrap().number, None);
    // A new row's tenant is not forgotten over it.
    let params = vec![student::room::disconnect()];
    let fresh = a.student().create_unchecked(A, "m", params.clone()).await.unwrap();
    assert_eq!((fresh.org_id.as_str(), fresh.number), (A, None));
    let other = a.student().create_unchecked(B, "m", params.clone()).await;
    assert_eq!(refused(other), ("P2019", "orgId".to_owned()));
    // Everybody's client changes the whole key, as it was told.
    assert_eq!(code(client.student().update(named(), params).await), "P2011");
}

#[tokio::test]
async fn what_is_related_to_the_tenant_itself_stays_so() {
    let (_database, client, a) = clients("tenant_uuid_card").await;
    client.card().create("theirs", org::id::equals(B), vec![]).await.unwrap();
    let update = |change| a.org().update(org::id::equals(A), vec![change]);
    let make = |text: &str| org::card::create(card::create(text, nested(), vec![]));
    let or_make = |id: i32| {
        let create = card::create("other", nested(), vec![]);
        org::card::connect_or_create(card::id::equals(id), create)
    };
    update(org::students::set(vec![])).await.unwrap();
    update(make("first")).await.unwrap();
    let first = a.card().find_first(vec![]).await.unwrap().unwrap();
    assert_eq!((first.org_id.as_str(), first.text.as_str()), (A, "first"));
    // The same again.
    update(org::card::connect(card::id::equals(first.id))).await.unwrap();
    update(or_make(first.id)).await.unwrap();
    // Another, for which the first would have to leave.
    let error = update(make("second")).await.unwrap_err();
    assert_eq!(
        (error.code(), error.model(), error.fields().join(",")),
        ("P2019", Some("Card"), "orgId".to_owned())
    );
    assert!(error.to_string().contains("`orgId` is the client's tenant"), "{error}");
    assert_eq!(refused(update(or_make(99)).await), ("P2019", "orgId".to_owned()));
    assert_eq!(a.card().find_many(vec![]).await.unwrap(), std::slice::from_ref(&first));
    a.card().delete(card::id::equals(first.id)).await.unwrap();
    update(or_make(99)).await.unwrap();
    assert_eq!(a.card().find_first(vec![]).await.unwrap().unwrap().text, "other");
    assert_eq!(client.card().count(vec![card::text::equals("theirs")]).await.unwrap(), 1);
}

#[tokio::test]
async fn no_row_of_a_copy_is_lost() {
    let (_database, _, a) = clients("tenant_uuid_copy").await;
    let student = |id: i32, params: Vec<student::SetParam>| {
        let id = vec![student::id::set(id)];
        student::create_unchecked(A, "copied", [id, params].concat())
    };
    let ip = || student::ip::set(Some("10.0.0.1".into()));
    let mentor = |id: i32| student::mentor_id::set(Some(id));
    // The second, which the first refers to, comes in another statement.
    let rows = vec![student(1, vec![mentor(2), ip()]), student(2, vec![])];
    assert_eq!(refused(a.student().copy_in(rows).await), ("P2025", "mentorId".to_owned()));
    assert_eq!(a.student().count(vec![]).await.unwrap(), 0);
    let rows = vec![student(2, vec![]), student(1, vec![mentor(2), ip()])];
    assert_eq!(a.student().copy_in(rows).await.unwrap(), 2);
    assert_eq!(a.student().count(vec![]).await.unwrap(), 2);
}
