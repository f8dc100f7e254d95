//! The scope stays with the client: in transactions, batches, streams and mocks, and cannot be left by accident.

use prisma_client_rust::QueryError;

use super::generated::{PrismaClient, lesson, note, student, trip};
use super::{World, code, refused};

#[tokio::test]
async fn transactions_are_in_the_scope() {
    let world = World::new("tenant_transaction").await;
    let seen: Result<i64, QueryError> = world
        .a
        ._transaction()
        .run(|tx| async move {
            assert_eq!(code(tx.student().delete(student::id::equals("b-s1")).await), "P2025");
            tx.student().update_many(vec![], vec![student::name::set("x")]).await
        })
        .await;
    assert_eq!(seen.unwrap(), 2);
    let (controller, tx) = world.a._transaction().begin().await.unwrap();
    assert_eq!(tx.trip().delete_many(vec![]).await.unwrap(), 2);
    // A scope within a transaction of everybody's.
    controller.commit(tx).await.unwrap();
    let (controller, tx) = world.client._transaction().begin().await.unwrap();
    assert_eq!(tx.tenant(1).lesson().delete_many(vec![]).await.unwrap(), 2);
    assert_eq!(tx.lesson().count(vec![]).await.unwrap(), 2);
    controller.commit(tx).await.unwrap();
    world.b_is_untouched().await;
}

#[tokio::test]
async fn each_query_of_a_batch_has_the_scope_of_its_client() {
    let world = World::new("tenant_batch").await;
    let (client, a, b) = (&world.client, &world.a, &world.client.tenant(2));
    let students = |client: &PrismaClient| client.student().count(vec![]);
    let counted = (students(a), students(b), students(client));
    assert_eq!(client._batch(counted).await.unwrap(), (2, 2, 4));
    let counted = (students(a), students(b), students(client));
    assert_eq!(a._batch(counted).await.unwrap(), (2, 2, 4));
    // Queries of several statements too.
    let lessons = |client: &PrismaClient| {
        client.student().find_many(vec![]).with(student::lessons::fetch(vec![]))
    };
    let (of_a, of_b) = client._batch((lessons(a), lessons(b))).await.unwrap();
    assert!(of_a.iter().all(|student| student.org_id == 1));
    assert!(of_b.iter().all(|student| student.org_id == 2));
    let made = (
        a.note().create("one", vec![]),
        a.trip().create_unchecked("a-l1", 1, vec![]),
        a.trip().create_many(vec![trip::create_unchecked("a-l1", 1, vec![])]),
        a.note().copy_in([note::create("two", vec![])]),
    );
    let (one, trip, trips, copied) = client._batch(made).await.unwrap();
    assert_eq!((one.org_id, trip.metres, trips, copied), (Some(1), 1, 1, 1));

    let theirs = || a.lesson().create_unchecked(1, "b-s1", "x", vec![]);
    assert_eq!(code(a._batch((students(a), theirs())).await), "P2025");
    // What is said of it is what is said of the query alone, whoever's the batch is.
    let moved = || {
        let theirs = vec![lesson::student_id::set("b-s1")];
        a.lesson().update(lesson::id::equals("a-l1"), theirs)
    };
    let alone = [theirs().await.unwrap_err(), moved().await.unwrap_err()];
    for of in [a, b, client] {
        let made = of._batch((students(a), theirs())).await.unwrap_err();
        let moved = of._batch((students(a), moved())).await.unwrap_err();
        for (error, alone) in [made, moved].iter().zip(&alone) {
            assert_eq!(error.to_string(), alone.to_string());
            assert_eq!((error.model(), error.fields()), (alone.model(), alone.fields()));
            assert_eq!(
                (error.model(), error.fields().join(",").as_str()),
                (Some("Lesson"), "studentId")
            );
        }
    }
    let theirs = || a.student().create_unchecked(2, "x", "x", vec![]);
    assert_eq!(refused(a._batch((students(a), theirs())).await), ("P2019", "orgId".to_owned()));
    let theirs = a.trip().create_many(vec![trip::create_unchecked("b-l1", 1, vec![])]);
    assert_eq!(code(a._batch(vec![theirs]).await), "P2025");
    let moved = a.trip().update_many(vec![], vec![trip::lesson_id::set("b-l1")]);
    assert_eq!(code(a._batch((students(a), moved)).await), "P2025");
    let create = student::create_unchecked(1, "b-c1", "x", vec![]);
    let taken = a.student().upsert(student::code::equals("b-c1"), create, vec![]);
    assert_eq!(code(a._batch((students(a), taken)).await), "P2002");
    world.b_is_untouched().await;
}

#[tokio::test]
async fn a_scope_within_another_is_what_both_have() {
    let world = World::new("tenant_twice").await;
    let same = world.a.tenant(1);
    assert_eq!(same.student().count(vec![]).await.unwrap(), 2);
    let nobody = world.a.tenant(2);
    for nobody in [&nobody, &nobody.tenant(1), &nobody.tenant(2)] {
        assert_eq!(nobody.student().count(vec![]).await.unwrap(), 0);
        assert_eq!(nobody.point_count().await, 0);
        for org in [1, 2] {
            let made = nobody.student().create_unchecked(org, "x", "x", vec![]).await;
            assert_eq!(refused(made), ("P2019", "orgId".to_owned()));
        }
        let note = nobody.note().create("x", vec![note::org_id::set(None)]).await;
        assert_eq!(refused(note).0, "P2019");
        assert_eq!(code(nobody.trip().create_unchecked("a-l1", 1, vec![]).await), "P2025");
        assert_eq!(nobody.lesson().delete_many(vec![]).await.unwrap(), 0);
        let name = vec![lesson::title::set("x")];
        assert_eq!(nobody.lesson().update_many(vec![], name).await.unwrap(), 0);
    }
    world.b_is_untouched().await;
}

impl PrismaClient {
    async fn point_count(&self) -> i64 {
        self.point().count(vec![]).await.unwrap()
    }
}

#[tokio::test]
async fn a_mock_tells_tenants_apart() {
    let (client, mock) = PrismaClient::_mock();
    let count = |client: &PrismaClient| client.student().count(vec![]);
    mock.expect(count(&client.tenant(1)), 1).await;
    mock.expect(count(&client), 3).await;
    assert_eq!(count(&client.tenant(1)).await.unwrap(), 1);
    assert_eq!(count(&client).await.unwrap(), 3);
    assert_eq!(code(count(&client.tenant(2)).await), "P2016");
}

/// A tenant is a parameter: the statements of all tenants are one.
#[tokio::test]
async fn statements_do_not_depend_on_the_tenant() {
    let world = World::new("tenant_shape").await;
    let client = with(&world, "connection_limit=1").await;
    for tenant in [1, 2, 3] {
        let scoped = client.tenant(tenant);
        scoped.point().find_many(vec![]).await.unwrap();
    }
    let sql = "SELECT statement FROM pg_prepared_statements WHERE statement LIKE '%FROM%\"Point\"%WHERE EXISTS%'
               AND statement NOT LIKE '%pg_prepared%'";
    let known: Vec<serde_json::Value> =
        client._query_raw(prisma_client_rust::raw!(sql)).exec().await.unwrap();
    assert_eq!(known.len(), 1, "{known:?}");
}

/// Without prepared statements types go along with the values, also with those that are only compared.
#[tokio::test]
async fn a_scope_needs_no_prepared_statements() {
    let world = World::new("tenant_pooled").await;
    let a = with(&world, "pgbouncer=true").await.tenant(1);
    assert_eq!(a.point().count(vec![]).await.unwrap(), 3);
    assert_eq!(a.trip().create_unchecked("a-l1", 1, vec![]).await.unwrap().metres, 1);
    let trips =
        vec![trip::create_unchecked("a-l1", 1, vec![]), trip::create_unchecked("a-l2", 1, vec![])];
    assert_eq!(a.trip().create_many(trips).await.unwrap(), 2);
    assert_eq!(code(a.trip().create_unchecked("b-l1", 1, vec![]).await), "P2025");
    let create = student::create_unchecked(1, "b-c1", "x", vec![]);
    let upsert = a.student().upsert(student::code::equals("b-c1"), create, vec![]);
    assert_eq!(code(upsert.await), "P2002");
    world.b_is_untouched().await;
}

/// A client of the same database whose URL says more.
async fn with(world: &World, parameter: &str) -> PrismaClient {
    let url = world.database.url().expose();
    let url = format!("{url}{}{parameter}", if url.contains('?') { '&' } else { '?' });
    PrismaClient::_builder().with_url(url).build().await.unwrap()
}
