//! What is connected, disconnected and made inside other rows is the tenant's.

use prisma_client_rust::nested;

use super::generated::{
    label, lesson, locker, member, note, org, person, rating, student, topic, trip,
};
use super::{World, code, refused};

#[tokio::test]
async fn only_the_tenants_rows_are_connected() {
    let world = World::new("tenant_connect").await;
    let a = &world.a;
    let mine = || student::id::equals("a-s1");
    let update = |change| a.student().update(mine(), vec![change]);
    // Many rows that refer to this one.
    assert_eq!(
        code(update(student::lessons::connect(vec![lesson::id::equals("b-l1")])).await),
        "P2025"
    );
    update(student::lessons::connect(vec![lesson::id::equals("a-l2")])).await.unwrap();
    let set = vec![student::id::equals("a-s2"), student::id::equals("b-s2")];
    assert_eq!(code(update(student::mentees::set(set)).await), "P2025");
    update(student::mentees::disconnect(vec![student::id::equals("b-s2")])).await.unwrap();
    assert_eq!(
        code(update(student::mentees::connect(vec![student::id::equals("b-s2")])).await),
        "P2025"
    );
    update(student::mentees::set(vec![])).await.unwrap();
    // One that refers to this one.
    assert_eq!(code(update(student::locker::connect(locker::number::equals(2))).await), "P2025");
    update(student::locker::connect(locker::number::equals(11))).await.unwrap();
    update(student::locker::disconnect()).await.unwrap();
    // One that this one refers to.
    assert_eq!(code(update(student::mentor::connect(student::id::equals("b-s1"))).await), "P2025");
    assert_eq!(
        code(update(student::mentor::connect(student::code::equals("b-c1"))).await),
        "P2025"
    );
    update(student::mentor::connect(student::code::equals("a-c2"))).await.unwrap();
    // Pairs.
    assert_eq!(
        code(update(student::labels::connect(vec![label::id::equals("b-g")])).await),
        "P2025"
    );
    assert_eq!(
        code(update(student::friends::set(vec![student::id::equals("b-s1")])).await),
        "P2025"
    );
    update(student::labels::disconnect(vec![label::id::equals("b-g")])).await.unwrap();
    update(student::labels::set(vec![])).await.unwrap();
    // Nothing is connected to a row of another.
    let theirs = student::id::equals("b-s1");
    let connect = vec![student::lessons::connect(vec![lesson::id::equals("a-l1")])];
    assert_eq!(code(a.student().update(theirs, connect).await), "P2025");
    world.b_is_untouched().await;
}

/// A row that is the tenant's by a relation to it does not leave this one.
#[tokio::test]
async fn rows_stay_related_to_the_tenant_itself() {
    let world = World::new("tenant_itself").await;
    let update = |change| world.a.org().update(org::id::equals(1), vec![change]);
    let mine = || vec![note::id::equals(1)];
    update(org::notes::connect(mine())).await.unwrap();
    update(org::notes::set(mine())).await.unwrap();
    // Not the tenant's, so it is not related.
    update(org::notes::disconnect(vec![note::id::equals(3)])).await.unwrap();
    for change in [org::notes::disconnect(mine()), org::notes::set(vec![])] {
        let error = update(change).await.unwrap_err();
        assert_eq!(
            (error.code(), error.model(), error.fields().join(",")),
            ("P2019", Some("Note"), "orgId".to_owned())
        );
    }
    assert_eq!(world.a.note().count(vec![]).await.unwrap(), 1);
    world.b_is_untouched().await;
}

#[tokio::test]
async fn of_rows_that_are_everybodys_only_the_tenants_ties_change() {
    let world = World::new("tenant_shared").await;
    let a = &world.a;
    let topic = |change| a.topic().update(topic::name::equals("parking"), vec![change]);
    topic(topic::lessons::disconnect(vec![lesson::id::equals("b-l1")])).await.unwrap();
    assert_eq!(
        code(topic(topic::lessons::connect(vec![lesson::id::equals("b-l2")])).await),
        "P2025"
    );
    topic(topic::lessons::connect(vec![lesson::id::equals("a-l2")])).await.unwrap();
    topic(topic::lessons::set(vec![lesson::id::equals("a-l2")])).await.unwrap();
    topic(topic::lessons::set(vec![])).await.unwrap();
    let members = a.person().update(
        person::email::equals("q@x"),
        vec![person::members::connect(vec![member::id::equals("b-m")])],
    );
    assert_eq!(code(members.await), "P2025");
    let members =
        vec![person::members::create(vec![member::create(org::id::equals(2), nested(), vec![])])];
    let members = a.person().update(person::email::equals("q@x"), members).await;
    assert_eq!(refused(members), ("P2019", "orgId".to_owned()));
    let members = vec![person::members::create(vec![member::create(nested(), nested(), vec![])])];
    a.person().update(person::email::equals("q@x"), members).await.unwrap();
    assert_eq!(a.member().count(vec![]).await.unwrap(), 2);
    assert_eq!(world.client.topic().count(vec![topic::lessons::some(vec![])]).await.unwrap(), 1);
    world.b_is_untouched().await;
}

#[tokio::test]
async fn rows_made_inside_rows_are_the_tenants() {
    let world = World::new("tenant_nested").await;
    let a = &world.a;
    let trips = || lesson::trips::create(vec![trip::create(7, nested(), vec![])]);
    let lesson = lesson::create("Inner", nested(), nested(), vec![trips()]);
    let rating = rating::create(3, lesson::id::equals("a-l2"), nested(), vec![]);
    let made = a.student().create(
        "n1",
        "Nested",
        nested(),
        vec![
            student::lessons::create(vec![lesson]),
            student::ratings::create(vec![rating]),
            student::labels::create(vec![label::create("Fresh", nested(), vec![])]),
            student::mentor::create(student::create("n2", "Mentor", nested(), vec![])),
        ],
    );
    let made = made.with(student::lessons::fetch(vec![]).with(lesson::trips::fetch(vec![])));
    let made =
        made.with(student::labels::fetch(vec![])).with(student::mentor::fetch()).await.unwrap();
    assert_eq!(made.lessons().unwrap()[0].org_id, 1);
    assert_eq!(made.lessons().unwrap()[0].trips().unwrap().len(), 1);
    assert_eq!(made.labels().unwrap()[0].org_id, 1);
    assert_eq!(made.mentor().unwrap().unwrap().org_id, 1);

    // Any part that is another tenant's undoes the whole.
    let before = super::belongings(&world.sql, 1).await;
    let theirs = || org::id::equals(2);
    for part in [
        student::lessons::create(vec![lesson::create("x", theirs(), nested(), vec![])]),
        student::lessons::create(vec![lesson::create_unchecked(
            1,
            "ignored",
            "x",
            vec![lesson::member_id::set(Some("b-m".into()))],
        )]),
        student::lessons::create(vec![lesson::create(
            "x",
            nested(),
            nested(),
            vec![lesson::member::connect(member::id::equals("b-m"))],
        )]),
        student::ratings::create(vec![rating::create(
            1,
            lesson::id::equals("b-l1"),
            nested(),
            vec![],
        )]),
        student::labels::create(vec![label::create("x", theirs(), vec![])]),
        student::mentor::create(student::create("n4", "x", theirs(), vec![])),
        student::mentees::create(vec![student::create_unchecked(2, "n5", "x", vec![])]),
    ] {
        let made = a.student().create("n3", "Nested", nested(), vec![part]).await;
        assert!(matches!(code(made), "P2019" | "P2025"));
        assert_eq!(super::belongings(&world.sql, 1).await, before);
    }
    world.b_is_untouched().await;
}

#[tokio::test]
async fn what_is_connected_or_made_is_the_tenants() {
    let world = World::new("tenant_or_create").await;
    let a = &world.a;
    let update = |change| a.student().update(student::id::equals("a-s1"), vec![change]);
    let label = |org: i32, name: &str| {
        let create = label::create_unchecked(org, name, vec![]);
        student::labels::connect_or_create(label::org_id_name(org, name.to_owned()), create)
    };
    update(label(1, "Good")).await.unwrap();
    update(label(1, "New")).await.unwrap();
    assert_eq!(a.label().count(vec![]).await.unwrap(), 2);
    assert_eq!(code(update(label(2, "Good")).await), "P2019");
    let by_id = label::create("Mine", nested(), vec![label::id::set("b-g".to_owned())]);
    let by_id = student::labels::connect_or_create(label::id::equals("b-g"), by_id);
    assert_eq!(refused(update(by_id).await), ("P2002", "id".to_owned()));
    let mentor = |code: &str| {
        let create = student::create(code, "Mentor", nested(), vec![]);
        student::mentor::connect_or_create(student::code::equals(code.to_owned()), create)
    };
    update(mentor("a-c2")).await.unwrap();
    update(mentor("fresh")).await.unwrap();
    assert_eq!(refused(update(mentor("b-c1")).await), ("P2002", "code".to_owned()));
    let mentees = |code: &str| {
        let create = student::create(code, "Mentee", nested(), vec![]);
        student::mentees::connect_or_create(student::code::equals(code.to_owned()), create)
    };
    update(mentees("a-c2")).await.unwrap();
    update(mentees("fresher")).await.unwrap();
    assert_eq!(refused(update(mentees("b-c2")).await), ("P2002", "code".to_owned()));
    world.b_is_untouched().await;
}
