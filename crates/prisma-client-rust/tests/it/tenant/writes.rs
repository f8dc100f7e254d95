//! What is written is the tenant's, and stays it.

use prisma_client_rust::nested;

use super::generated::{
    label, lesson, locker, member, note, org, point, rating, room, seat, student, trip,
};
use super::{World, code, refused};

#[tokio::test]
async fn new_rows_are_the_tenants() {
    let world = World::new("tenant_create").await;
    let a = &world.a;
    // The same however it is said, and said or not.
    let created = a.student().create("c1", "Cy", org::id::equals(1), vec![]).await.unwrap();
    assert_eq!(created.org_id, 1);
    let created = a.student().create("c2", "Cy", nested(), vec![]).await.unwrap();
    assert_eq!(created.org_id, 1);
    let created = a.student().create("c3", "Cy", org::slug::equals("a"), vec![]).await.unwrap();
    assert_eq!(created.org_id, 1);
    assert_eq!(a.note().create("mine", vec![]).await.unwrap().org_id, Some(1));

    // Another tenant's are refused.
    let other = a.student().create("c4", "Cy", org::id::equals(2), vec![]).await;
    assert_eq!(refused(other), ("P2019", "orgId".to_owned()));
    let other = a.student().create("c4", "Cy", org::slug::equals("b"), vec![]).await;
    assert_eq!(code(other), "P2025");
    let other = a.student().create_unchecked(2, "c4", "Cy", vec![]).await;
    assert_eq!(refused(other), ("P2019", "orgId".to_owned()));
    let other = a.note().create("theirs", vec![note::org_id::set(Some(2))]).await;
    assert_eq!(refused(other), ("P2019", "orgId".to_owned()));
    let nobodys = a.note().create("nobody's", vec![note::org_id::set(None)]).await;
    assert_eq!(refused(nobodys), ("P2019", "orgId".to_owned()));
    let row = student::CreateUnchecked {
        org_id: 2,
        code: "c4".to_owned(),
        name: "Cy".to_owned(),
        _params: vec![],
    };
    let error = a.student().create_from(row).await.unwrap_err();
    assert_eq!(
        (error.to_string().as_str(), error.model()),
        (
            "Input error. In `Student`, `orgId` is the client's tenant, and was to be another one.",
            Some("Student")
        )
    );
    // So is another tenant, and a tenant of the same name.
    assert_eq!(code(a.org().create(2, "b2", "B", vec![]).await), "P2019");
    assert_eq!(code(a.org().create(3, "c", "C", vec![]).await), "P2019");
    assert_eq!(code(a.org().create(1, "a2", "A", vec![]).await), "P2002");
    world.b_is_untouched().await;
}

#[tokio::test]
async fn new_rows_refer_to_rows_of_the_tenant() {
    let world = World::new("tenant_refer").await;
    let a = &world.a;
    let lesson = a.lesson().create_unchecked(
        1,
        "a-s1",
        "New",
        vec![lesson::member_id::set(Some("a-m".into()))],
    );
    assert_eq!(lesson.await.unwrap().student_id, "a-s1");
    // Theirs are as rows that are not there.
    for student in ["b-s1", "none"] {
        let error = a.lesson().create_unchecked(1, student, "New", vec![]).await.unwrap_err();
        assert_eq!((error.code(), error.fields().join(",")), ("P2025", "studentId".to_owned()));
        assert_eq!(error.model(), Some("Lesson"));
        assert!(
            error.to_string().contains("No 'Student' record was found for `student` of 'Lesson'.")
        );
        let connected = student::id::equals(student);
        assert_eq!(code(a.lesson().create("New", nested(), connected, vec![]).await), "P2025");
    }
    let by_code = student::code::equals("b-c1");
    assert_eq!(code(a.lesson().create("New", nested(), by_code, vec![]).await), "P2025");
    let theirs = vec![lesson::member::connect(member::org_id_email(2, "p@x"))];
    let mine = || student::id::equals("a-s1");
    assert_eq!(code(a.lesson().create("New", nested(), mine(), theirs).await), "P2025");
    let theirs = vec![lesson::member_id::set(Some("b-m".into()))];
    assert_eq!(code(a.lesson().create("New", nested(), mine(), theirs).await), "P2025");
    // Without a column of its own, a row is the tenant's by what it refers to.
    assert_eq!(a.trip().create_unchecked("a-l1", 5, vec![]).await.unwrap().metres, 5);
    assert_eq!(code(a.trip().create_unchecked("b-l1", 5, vec![]).await), "P2025");
    assert_eq!(code(a.point().create(5, trip::id::equals("b-t1"), vec![]).await), "P2025");
    assert_eq!(code(a.rating().create_unchecked("a-l2", "b-s1", 5, vec![]).await), "P2025");
    assert_eq!(code(a.rating().create_unchecked("b-l2", "a-s1", 5, vec![]).await), "P2025");
    // Keys that name the tenant themselves are left to the database.
    let seat = a.seat().create(nested(), room::org_id_number(1, 2), vec![]).await.unwrap();
    assert_eq!((seat.org_id, seat.number), (1, 2));
    let seat = a.seat().create(nested(), room::org_id_number(2, 2), vec![]).await;
    assert_eq!(refused(seat).0, "P2019");
    assert_eq!(refused(a.seat().create_unchecked(2, 1, vec![]).await).0, "P2019");
    assert_eq!(a.seat().create_unchecked(1, 2, vec![]).await.unwrap().number, 2);
    world.b_is_untouched().await;
}

#[tokio::test]
async fn many_new_rows_are_the_tenants() {
    let world = World::new("tenant_many").await;
    let a = &world.a;
    let students = |org: i32, from: usize| -> Vec<student::CreateUnchecked> {
        (from..from + 20)
            .map(|number| student::create_unchecked(org, format!("n{number}"), "Many", vec![]))
            .collect()
    };
    assert_eq!(a.student().create_many(students(1, 0)).await.unwrap(), 20);
    assert_eq!(refused(a.student().create_many(students(2, 20)).await).0, "P2019");
    let mixed = students(1, 20).into_iter().chain(students(2, 40)).collect();
    assert_eq!(refused(a.student().create_many_and_return(mixed).await).0, "P2019");
    let lessons = |students: &[&str]| -> Vec<lesson::CreateUnchecked> {
        let lesson = |student: &&str| lesson::create_unchecked(1, *student, "Many", vec![]);
        students.iter().map(lesson).collect()
    };
    let made = a.lesson().create_many(lessons(&["a-s1", "a-s2", "a-s1"]));
    assert_eq!(made.await.unwrap(), 3);
    // One of all is enough.
    let made = a.lesson().create_many(lessons(&["a-s1", "a-s2", "b-s1"])).await;
    assert_eq!(refused(made), ("P2025", "studentId".to_owned()));
    let made = a.lesson().create_many(lessons(&["a-s1", "b-s1"])).skip_duplicates().await;
    assert_eq!(code(made), "P2025");
    let made = a.lesson().create_many_and_return(lessons(&["b-s1"])).await;
    assert_eq!(code(made), "P2025");
    // Rows of different columns are several statements.
    let mut both = lessons(&["a-s1"]);
    both.push(lesson::create_unchecked(1, "b-s1", "Many", vec![lesson::minutes::set(5)]));
    assert_eq!(code(a.lesson().create_many(both).await), "P2025");
    assert_eq!(a.lesson().count(vec![lesson::title::equals("Many")]).await.unwrap(), 3);

    // What a row that is left out would refer to does not matter.
    let student = |code: &str, mentor: &str| {
        let params = vec![student::mentor_id::set(Some(mentor.into()))];
        student::create_unchecked(1, code, "Left out", params)
    };
    for missing in ["b-s1", "nobody"] {
        let rows = vec![student("a-c1", missing), student(&format!("z-{missing}"), "a-s1")];
        let made = a.student().create_many_and_return(rows.clone()).skip_duplicates();
        let made = made.await.unwrap();
        assert_eq!(
            made.iter().map(|made| made.code.clone()).collect::<Vec<_>>(),
            [format!("z-{missing}")]
        );
        assert_eq!(a.student().create_many(rows).skip_duplicates().await.unwrap(), 0);
        let rows = vec![student("a-c1", missing), student("y", missing)];
        let made = a.student().create_many(rows).skip_duplicates().await;
        assert_eq!(refused(made), ("P2025", "mentorId".to_owned()));
    }
    assert_eq!(a.student().count(vec![student::code::equals("y")]).await.unwrap(), 0);

    let again = vec![student::create_unchecked(1, "a-c1", "Again", vec![])];
    assert_eq!(a.student().create_many(again).skip_duplicates().await.unwrap(), 0);
    let again = vec![student::create_unchecked(1, "b-c1", "Again", vec![])];
    assert_eq!(a.student().create_many(again.clone()).skip_duplicates().await.unwrap(), 0);
    assert_eq!(code(a.student().create_many(again).await), "P2002");
    world.b_is_untouched().await;
}

#[tokio::test]
async fn new_rows_may_refer_to_each_other() {
    let world = World::new("tenant_each_other").await;
    let a = &world.a;
    let student = |id: &str, mentor: &str| {
        let params =
            vec![student::id::set(id.to_owned()), student::mentor_id::set(Some(mentor.to_owned()))];
        student::create_unchecked(1, id, "Tree", params)
    };
    a.student().create_from(student("self", "self")).await.unwrap();
    let tree = || vec![student("leaf", "root"), student("root", "root"), student("bud", "leaf")];
    assert_eq!(a.student().create_many(tree()).await.unwrap(), 3);
    a.student().delete_many(vec![student::name::equals("Tree")]).await.unwrap();
    assert_eq!(a.student().copy_in(tree()).await.unwrap(), 3);
    // A row that is left out, since somebody else has its key, is nobody's to refer to.
    let rows = || vec![student("b-s1", "a-s1"), student("x", "b-s1")];
    assert_eq!(code(a.student().create_many(rows()).await), "P2002");
    assert_eq!(code(a.student().create_many(rows()).skip_duplicates().await), "P2025");
    world.b_is_untouched().await;
}

#[tokio::test]
async fn copied_rows_are_the_tenants() {
    let world = World::new("tenant_copy").await;
    let a = &world.a;
    let points = |from: i32, trips: &[&str]| -> Vec<point::CreateUnchecked> {
        let point = |(second, trip): (i32, &&str)| point::create_unchecked(*trip, second, vec![]);
        (from..).zip(trips).map(point).collect()
    };
    assert_eq!(a.point().copy_in(points(100, &["a-t1", "a-t2", "a-t1"])).await.unwrap(), 3);
    let copied = a.point().copy_in(points(200, &["a-t1", "b-t1", "a-t1"])).await;
    assert_eq!(refused(copied), ("P2025", "tripId".to_owned()));
    assert_eq!(a.point().count(vec![]).await.unwrap(), 6);
    let rows = [1, 1, 2].map(|org| note::create("copied", vec![note::org_id::set(Some(org))]));
    let error = a.note().copy_in(rows).await.unwrap_err();
    assert_eq!((error.code(), error.row()), ("P2019", Some(2)));
    // Whose they are need not be said.
    let rows = [note::create("copied", vec![]), note::create("copied", vec![])];
    assert_eq!(a.note().copy_in(rows).await.unwrap(), 2);
    assert_eq!(a.note().count(vec![note::text::equals("copied")]).await.unwrap(), 2);
    world.b_is_untouched().await;
}

#[tokio::test]
async fn changes_see_the_tenants_rows_and_leave_them_the_tenants() {
    let world = World::new("tenant_update").await;
    let a = &world.a;
    let name = || vec![student::name::set("New")];
    let update = |key, changes| a.student().update(key, changes);
    assert_eq!(update(student::id::equals("a-s1"), name()).await.unwrap().name, "New");
    assert_eq!(code(update(student::id::equals("b-s1"), name()).await), "P2025");
    assert_eq!(code(update(student::code::equals("b-c1"), name()).await), "P2025");
    assert_eq!(a.student().update_many(vec![], name()).await.unwrap(), 2);
    let theirs = vec![student::org_id::equals(2)];
    assert_eq!(a.student().update_many(theirs, name()).await.unwrap(), 0);
    assert_eq!(a.trip().update_many(vec![], vec![trip::metres::increment(1)]).await.unwrap(), 2);
    assert_eq!(code(a.trip().update(trip::id::equals("b-t1"), vec![]).await), "P2025");

    // Away from the tenant.
    let mine = || student::id::equals("a-s1");
    for away in [
        student::org_id::set(2),
        student::org_id::increment(1),
        student::org::connect(org::id::equals(2)),
    ] {
        assert_eq!(
            refused(update(mine(), vec![away.clone()]).await),
            ("P2019", "orgId".to_owned())
        );
        let many = a.student().update_many(vec![], vec![away]).await;
        assert_eq!(refused(many), ("P2019", "orgId".to_owned()));
    }
    let by_slug = vec![student::org::connect(org::slug::equals("b"))];
    assert_eq!(code(update(mine(), by_slug).await), "P2025");
    assert_eq!(update(mine(), vec![student::org_id::set(1)]).await.unwrap().org_id, 1);
    let note = || a.note().update_many(vec![], vec![note::org_id::set(None)]);
    assert_eq!(refused(note().await).0, "P2019");
    assert_eq!(
        refused(a.note().update_many(vec![], vec![note::org::disconnect()]).await).0,
        "P2019"
    );
    assert_eq!(refused(a.org().update(org::id::equals(1), vec![org::id::set(7)]).await).0, "P2019");
    let moved = a.trip().update(trip::id::equals("a-t1"), vec![trip::lesson_id::set("b-l1")]);
    assert_eq!(refused(moved.await), ("P2025", "lessonId".to_owned()));
    let moved = a.trip().update(trip::id::equals("a-t1"), vec![trip::lesson_id::set("a-l2")]);
    assert_eq!(moved.await.unwrap().lesson_id, "a-l2");
    let seats = a.seat().update_many(vec![], vec![seat::number::set(2)]).await;
    assert_eq!(seats.unwrap(), 1);
    let lessons = vec![lesson::student_id::set("b-s1")];
    assert_eq!(
        refused(a.lesson().update_many(vec![], lessons).await),
        ("P2025", "studentId".to_owned())
    );
    world.b_is_untouched().await;
}

#[tokio::test]
async fn an_upsert_never_changes_a_row_of_another_tenant() {
    let world = World::new("tenant_upsert").await;
    let a = &world.a;
    let upsert = |code: &str, params| {
        let create = student::create_unchecked(1, code, "Made", params);
        let named = student::code::equals(code.to_owned());
        a.student().upsert(named, create, vec![student::name::set("Changed")])
    };
    assert_eq!(upsert("new", vec![]).await.unwrap().name, "Made");
    assert_eq!(upsert("a-c1", vec![]).await.unwrap().name, "Changed");
    assert_eq!(refused(upsert("b-c1", vec![]).await), ("P2002", "code".to_owned()));
    // The same in several statements.
    let label = || vec![student::labels::connect(vec![label::id::equals("a-g")])];
    assert_eq!(upsert("newer", label()).await.unwrap().name, "Made");
    assert_eq!(upsert("a-c2", label()).await.unwrap().name, "Changed");
    assert_eq!(refused(upsert("b-c1", label()).await), ("P2002", "code".to_owned()));
    // By another key than the new row's.
    let other = a.student().upsert(
        student::id::equals("b-s1"),
        student::create_unchecked(1, "other", "Made", vec![]),
        vec![],
    );
    assert_eq!(other.await.unwrap().code, "other");
    let theirs = student::create_unchecked(2, "x", "Made", vec![]);
    let theirs = a.student().upsert(student::code::equals("x"), theirs, vec![]).await;
    assert_eq!(refused(theirs), ("P2019", "orgId".to_owned()));
    let moved = a.student().upsert(
        student::code::equals("a-c1"),
        student::create_unchecked(1, "a-c1", "Made", vec![]),
        vec![student::org_id::set(2)],
    );
    assert_eq!(refused(moved.await).0, "P2019");
    let rating = a.rating().upsert(
        rating::lesson_id_student_id("b-l1", "b-s1"),
        rating::create_unchecked("b-l1", "b-s1", 1, vec![]),
        vec![rating::stars::set(1)],
    );
    assert_eq!(code(rating.await), "P2025");
    let locker = a.locker().upsert(
        locker::number::equals(2),
        locker::create_unchecked(2, 1, vec![]),
        vec![locker::student_id::set(None)],
    );
    assert_eq!(refused(locker.await), ("P2002", "number".to_owned()));
    world.b_is_untouched().await;
}

/// What only a new row would refer to does not matter where there is none.
#[tokio::test]
async fn an_upsert_changes_a_row_that_could_not_be_made() {
    let world = World::new("tenant_upsert_there").await;
    let upsert = |code: &str, change| {
        let theirs = vec![student::mentor_id::set(Some("b-s1".into()))];
        let create = student::create_unchecked(1, code, "Made", theirs);
        world.a.student().upsert(student::code::equals(code.to_owned()), create, vec![change])
    };
    let name = || student::name::set("Changed");
    assert_eq!(upsert("a-c1", name()).await.unwrap().name, "Changed");
    let count = || world.a.student().count(vec![]);
    let (row, _) = world.a._batch((upsert("a-c2", name()), count())).await.unwrap();
    assert_eq!(row.name, "Changed");
    assert_eq!(refused(upsert("new", name()).await), ("P2025", "mentorId".to_owned()));
    assert_eq!(refused(upsert("a-c1", student::org_id::set(2)).await).0, "P2019");
    let theirs = student::mentor_id::set(Some("b-s2".into()));
    assert_eq!(refused(upsert("a-c1", theirs).await), ("P2025", "mentorId".to_owned()));
    assert_eq!(count().await.unwrap(), 2);
    world.b_is_untouched().await;
}

#[tokio::test]
async fn only_the_tenants_rows_are_deleted() {
    let world = World::new("tenant_delete").await;
    let a = &world.a;
    assert_eq!(code(a.student().delete(student::id::equals("b-s1")).await), "P2025");
    let with =
        a.student().delete(student::id::equals("b-s1")).with(student::lessons::fetch(vec![]));
    assert_eq!(code(with.await), "P2025");
    assert_eq!(a.point().delete_many(vec![]).await.unwrap(), 3);
    let theirs = vec![lesson::org_id::equals(2)];
    assert_eq!(a.lesson().delete_many(theirs).await.unwrap(), 0);
    assert_eq!(a.trip().delete(trip::id::equals("a-t1")).await.unwrap().id, "a-t1");
    assert_eq!(a.student().delete_many(vec![]).await.unwrap(), 2);
    assert_eq!(a.org().delete_many(vec![]).await.unwrap(), 1);
    assert_eq!(super::belongings(&world.sql, 1).await, Vec::<String>::new());
    world.b_is_untouched().await;
}
