//! What is read is the tenant's, on every level.

use prisma_client_rust::{SortOrder, and, not, or};

use super::World;
use super::generated::{
    label, lesson, member, note, org, person, point, rating, seat, student, topic, trip,
};

#[tokio::test]
async fn rows_are_found_in_the_scope_only() {
    let World { a, client, database: _database, .. } = World::new("tenant_find").await;
    assert_eq!(client.student().find_many(vec![]).await.unwrap().len(), 4);
    let names = |students: Vec<student::Data>| -> Vec<String> {
        students.into_iter().map(|student| student.id).collect()
    };
    let mine = a.student().find_many(vec![]).order_by(student::name::order(SortOrder::Asc));
    assert_eq!(names(mine.await.unwrap()), ["a-s1", "a-s2"]);
    // Conditions of one's own do not widen it.
    let all = vec![or![student::org_id::equals(2), student::org_id::not(2)]];
    assert_eq!(a.student().find_many(all).await.unwrap().len(), 2);
    let theirs = vec![or![student::id::equals("b-s1".to_owned()), and![]]];
    assert_eq!(a.student().count(theirs).await.unwrap(), 2);
    assert_eq!(a.student().count(vec![student::org_id::equals(2)]).await.unwrap(), 0);
    assert_eq!(a.student().count(vec![not![student::org_id::equals(1)]]).await.unwrap(), 0);
    // By keys.
    assert!(a.student().find_unique(student::id::equals("a-s1")).await.unwrap().is_some());
    assert!(a.student().find_unique(student::id::equals("b-s1")).await.unwrap().is_none());
    assert!(a.student().find_unique(student::code::equals("b-c1")).await.unwrap().is_none());
    assert!(a.member().find_unique(member::org_id_email(2, "p@x")).await.unwrap().is_none());
    let first = a.student().find_first(vec![student::code::contains("b-".to_owned())]);
    assert!(first.await.unwrap().is_none());
    // From a row of another tenant no page begins.
    let page = a.student().find_many(vec![]).cursor(student::id::equals("b-s1")).take(5);
    assert!(page.await.unwrap().is_empty());
    let page = a.student().find_many(vec![]).cursor(student::id::equals("a-s2")).take(-5);
    assert_eq!(page.await.unwrap().len(), 2);
}

#[tokio::test]
async fn the_tenant_itself_is_a_row_of_the_scope() {
    let World { a, client, database: _database, .. } = World::new("tenant_root").await;
    let orgs = a.org().find_many(vec![]).with(org::students::fetch(vec![])).await.unwrap();
    assert_eq!(orgs.len(), 1);
    assert_eq!(orgs[0].students().unwrap().len(), 2);
    assert!(a.org().find_unique(org::slug::equals("b")).await.unwrap().is_none());
    // Nobody's rows are in no scope.
    assert_eq!(client.note().count(vec![]).await.unwrap(), 4);
    assert_eq!(a.note().count(vec![]).await.unwrap(), 1);
    assert_eq!(a.note().count(vec![note::org_id::equals(None)]).await.unwrap(), 0);
}

#[tokio::test]
async fn rows_without_the_column_belong_by_what_they_need() {
    let World { a, client, database: _database, .. } = World::new("tenant_through").await;
    assert_eq!(client.trip().count(vec![]).await.unwrap(), 4);
    assert_eq!(a.trip().count(vec![]).await.unwrap(), 2);
    assert_eq!(a.point().count(vec![]).await.unwrap(), 3);
    assert_eq!(a.rating().count(vec![]).await.unwrap(), 1);
    assert!(a.trip().find_unique(trip::id::equals("b-t1")).await.unwrap().is_none());
    let points = a.point().find_many(vec![point::trip_id::equals("b-t1".to_owned())]);
    assert!(points.await.unwrap().is_empty());
    // Both of what a rating needs are the tenant's.
    let crossed = rating::create_unchecked("a-l2", "b-s1", 1, vec![]);
    client.rating().create_many(vec![crossed]).await.unwrap();
    assert_eq!(a.rating().count(vec![]).await.unwrap(), 1);
    assert_eq!(client.tenant(2).rating().count(vec![]).await.unwrap(), 1);
}

#[tokio::test]
async fn relations_are_loaded_in_the_scope() {
    let World { a, database: _database, .. } = World::new("tenant_load").await;
    // A row that is everybody's leads to the tenant's rows only.
    let topic = a
        .topic()
        .find_unique(topic::name::equals("parking"))
        .with(topic::lessons::fetch(vec![]).with(lesson::trips::fetch(vec![])));
    let topic = topic.await.unwrap().unwrap();
    let lessons = topic.lessons().unwrap();
    assert_eq!(lessons.len(), 1);
    assert_eq!((lessons[0].org_id, lessons[0].trips().unwrap().len()), (1, 2));
    let people = a
        .person()
        .find_many(vec![])
        .with(person::members::fetch(vec![]).take(5).order_by(member::id::order(SortOrder::Desc)));
    let people = people.await.unwrap();
    let members: Vec<_> = people.iter().flat_map(|person| person.members().unwrap()).collect();
    assert_eq!((people.len(), members.len(), members[0].org_id), (2, 1, 1));
}

#[tokio::test]
async fn where_rows_lead_from_one_tenant_to_the_other_the_way_ends() {
    let World { a, sql, database: _database, .. } = World::new("tenant_mixed").await;
    let mix = "UPDATE \"Student\" SET \"mentorId\" = 'b-s1' WHERE id = 'a-s2';
               UPDATE \"Lesson\" SET \"memberId\" = 'b-m' WHERE id = 'a-l1';
               INSERT INTO \"_Friends\" VALUES ('b-s2', 'a-s1')";
    sql.batch_execute(mix).await.unwrap();
    let student = |id: &'static str| a.student().find_unique(student::id::equals(id));
    let joined = student("a-s2").with(student::mentor::fetch()).await.unwrap().unwrap();
    assert_eq!(joined.mentor().unwrap(), None);
    let beside = a.student().find_many(vec![]).with(student::mentor::fetch()).await.unwrap();
    assert!(beside.iter().all(|student| student.mentor().unwrap().is_none()));
    let friends = student("a-s1").with(student::friends::fetch(vec![])).await.unwrap().unwrap();
    assert_eq!(friends.friends().unwrap().len(), 1);
    let lesson = a.lesson().find_unique(lesson::id::equals("a-l1")).with(lesson::member::fetch());
    assert_eq!(lesson.await.unwrap().unwrap().member().unwrap(), None);
    let by = lesson::member::is(vec![member::email::equals("p@x".to_owned())]);
    assert_eq!(a.lesson().count(vec![by]).await.unwrap(), 0);
    assert_eq!(a.student().count(vec![student::mentor::is(vec![])]).await.unwrap(), 0);
    let by_mentor = student::mentor::order(vec![student::name::order(SortOrder::Asc)]);
    assert_eq!(a.student().find_many(vec![]).order_by(by_mentor).await.unwrap().len(), 2);
}

#[tokio::test]
async fn conditions_on_relations_are_in_the_scope() {
    let World { a, database: _database, .. } = World::new("tenant_filters").await;
    let topics = |filter| a.topic().count(vec![filter]);
    let theirs = || vec![lesson::org_id::equals(2)];
    assert_eq!(topics(topic::lessons::some(theirs())).await.unwrap(), 0);
    assert_eq!(topics(topic::lessons::none(theirs())).await.unwrap(), 2);
    // Every lesson of the tenant is one of the tenant.
    let mine = || vec![lesson::org_id::equals(1)];
    assert_eq!(topics(topic::lessons::every(mine())).await.unwrap(), 2);
    assert_eq!(topics(topic::lessons::some(vec![])).await.unwrap(), 1);
    let trips = vec![lesson::trips::some(vec![trip::points::some(vec![])])];
    assert_eq!(a.topic().count(vec![topic::lessons::some(trips)]).await.unwrap(), 1);
    let person = vec![person::members::some(vec![member::org_id::equals(2)])];
    assert_eq!(a.person().count(person).await.unwrap(), 0);
    let one = topic::lessons::count(vec![]).equals(1);
    assert_eq!(topics(one).await.unwrap(), 1);
    let by_number = topic::lessons::order(vec![lesson::_count::order(SortOrder::Desc)]);
    let counted = a.topic().find_many(vec![]).order_by(by_number);
    let counted = counted.select(topic::select!({ name _count: select { lessons } }));
    let counted = counted.await.unwrap();
    assert_eq!((counted[0].name.as_str(), counted[0]._count.lessons), ("parking", 1));
}

#[tokio::test]
async fn calculations_pages_and_streams_are_in_the_scope() {
    let World { a, database: _database, .. } = World::new("tenant_calculated").await;
    let (rows, minutes) = a
        .lesson()
        .aggregate(vec![], (lesson::_count::all(), lesson::minutes::sum()))
        .await
        .unwrap();
    assert_eq!((rows, minutes), (2, Some(90)));
    let groups = a.student().group_by(vec![], (student::org_id::group(), student::_count::all()));
    assert_eq!(groups.await.unwrap(), [(1, 2)]);
    let (metres,) = a.trip().aggregate(vec![], (trip::metres::max(),)).await.unwrap();
    assert_eq!(metres, Some(200));

    let mut pages = Vec::new();
    let mut next = None;
    loop {
        let page = a.point().find_many(vec![]).take(2).after(next).page().await.unwrap();
        pages.push(page.rows.len());
        next = page.next;
        if next.is_none() {
            break;
        }
    }
    assert_eq!(pages, [2, 1]);

    let mut stream = a.lesson().find_many(vec![]).with(lesson::trips::fetch(vec![])).stream();
    let mut streamed = 0;
    while let Some(row) = stream.next().await {
        assert_eq!(row.unwrap().org_id, 1);
        streamed += 1;
    }
    assert_eq!(streamed, 2);
}

label::select!(labelled { name students: select { id lessons: select { title org_id } } });

#[tokio::test]
async fn selections_are_in_the_scope() {
    let World { a, sql, database: _database, .. } = World::new("tenant_select").await;
    sql.batch_execute("INSERT INTO \"_LabelToStudent\" VALUES ('a-g', 'b-s1')").await.unwrap();
    let labels = a.label().find_many(vec![]).select(labelled::select()).await.unwrap();
    assert_eq!((labels.len(), labels[0].students.len()), (1, 1));
    assert_eq!(labels[0].students[0].lessons[0].org_id, 1);
    let seats = a.seat().find_many(vec![]).with(seat::room::fetch()).await.unwrap();
    assert_eq!((seats.len(), seats[0].room().unwrap().name.as_str()), (1, "Room a"));
}
