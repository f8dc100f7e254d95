//! Random operations of one tenant, most of which name rows of the other too: the other's rows stay as they are, and none
//! of them is given back.
//!
//! A seed makes a whole history: `MODEL_SEEDS=17..18 cargo test tenant::chance` runs one of them again.

use prisma_client_rust::{QueryError, nested};
use serde_json::Value;

use super::generated::{
    PrismaClient, label, lesson, locker, member, note, org, person, point, rating, room, seat,
    student, topic, trip,
};
use super::{World, belongings, fresh};
use crate::model::chance::Chance;
use crate::model::seeds;

/// Operations of one history.
const LENGTH: usize = 150;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_one_tenant_does_the_other_keeps() {
    let world = World::new("tenant_chance").await;
    for seed in seeds() {
        let empty = "TRUNCATE \"Org\", \"Person\", \"Topic\" RESTART IDENTITY CASCADE";
        world.sql.batch_execute(empty).await.unwrap();
        world.sql.batch_execute(&fresh()).await.unwrap();
        let before = belongings(&world.sql, 2).await;
        let mut chance = Chance::new(seed);
        let mut done = 0;
        for step in 0..LENGTH {
            let answer = operate(&mut chance, &world.a).await;
            let at = format!("seed {seed}, step {step}: {answer:?}");
            assert_eq!(belongings(&world.sql, 2).await, before, "{at}");
            match answer {
                Ok(rows) => {
                    assert!(is_of_one(&rows), "{at}");
                    done += 1;
                }
                Err(error) => {
                    let code = error.code();
                    assert!(
                        ["P2002", "P2003", "P2011", "P2012", "P2019", "P2025"].contains(&code),
                        "{at}"
                    );
                }
            }
        }
        assert!(done > LENGTH / 5, "seed {seed}: only {done} operations did anything");
    }
}

/// Nothing that was given back is the other tenant's: neither by its column nor by the letter of its key.
fn is_of_one(rows: &Value) -> bool {
    match rows {
        Value::Array(rows) => rows.iter().all(is_of_one),
        Value::Object(fields) => {
            fields.get("org_id").or(fields.get("orgId")).is_none_or(|org| *org == 1)
                // A code may begin with any letter; rows of one's own with that of the other tenant are made here.
                && fields.iter().all(|(field, value)| field == "code" || is_of_one(value))
        }
        Value::String(text) => !text.starts_with("b-"),
        _ => true,
    }
}

fn json<T: serde::Serialize>(rows: T) -> Value {
    serde_json::to_value(rows).unwrap()
}

/// A key of either tenant, or of nobody.
fn key(chance: &mut Chance, of: &str, most: i32) -> String {
    let tenant = chance.pick(&["a", "a", "b"]);
    format!("{tenant}-{of}{}", 1 + chance.below(most))
}

fn org(chance: &mut Chance) -> i32 {
    chance.pick(&[1, 1, 1, 2])
}

fn named(chance: &mut Chance) -> org::UniqueWhereParam {
    match chance.below(4) {
        0 | 1 => nested(),
        2 => org::id::equals(org(chance)),
        _ => org::slug::equals(chance.pick(&["a", "b"])),
    }
}

fn which(chance: &mut Chance) -> student::UniqueWhereParam {
    if chance.once_in(2) {
        student::id::equals(key(chance, "s", 3))
    } else {
        student::code::equals(key(chance, "c", 3))
    }
}

fn lessons(chance: &mut Chance) -> Vec<lesson::UniqueWhereParam> {
    chance.some(2, |chance| lesson::id::equals(key(chance, "l", 3)))
}

fn students(chance: &mut Chance) -> Vec<student::UniqueWhereParam> {
    chance.some(2, which)
}

fn labels(chance: &mut Chance) -> Vec<label::UniqueWhereParam> {
    chance.some(2, |chance| {
        if chance.once_in(2) {
            label::id::equals(chance.pick(&["a-g", "b-g"]))
        } else {
            label::org_id_name(org(chance), "Good")
        }
    })
}

fn new_student(chance: &mut Chance) -> student::Create {
    let params = chance.some(2, change);
    let code = key(chance, "c", 5);
    student::create(code, "New", named(chance), params)
}

fn new_lesson(chance: &mut Chance) -> lesson::Create {
    let params = chance.some(1, |chance| lesson_change(chance, false));
    let student = if chance.once_in(2) { nested() } else { which(chance) };
    lesson::create("New", named(chance), student, params)
}

fn lesson_change(chance: &mut Chance, deep: bool) -> lesson::SetParam {
    match chance.below(if deep { 10 } else { 7 }) {
        0 => lesson::minutes::increment(5),
        1 => lesson::student_id::set(key(chance, "s", 2)),
        2 => lesson::member_id::set(chance.maybe(|chance| chance.pick(&["a-m", "b-m"]).to_owned())),
        3 => lesson::member::connect(member::org_id_email(org(chance), "p@x")),
        4 => lesson::org_id::set(org(chance)),
        5 => lesson::org::connect(named(chance)),
        6 => lesson::topics::connect(vec![topic::name::equals("night")]),
        7 => lesson::trips::connect(vec![trip::id::equals(key(chance, "t", 2))]),
        8 => lesson::trips::create(vec![trip::create(1, nested(), vec![])]),
        _ => lesson::student::connect(which(chance)),
    }
}

fn change(chance: &mut Chance) -> student::SetParam {
    match chance.below(18) {
        0 => student::name::set(chance.pick(&["x", "y"]).to_owned()),
        1 => student::org_id::set(org(chance)),
        2 => student::org_id::increment(chance.below(2)),
        3 => student::org::connect(named(chance)),
        4 => student::mentor_id::set(chance.maybe(|chance| key(chance, "s", 2))),
        5 => student::mentor::connect(which(chance)),
        6 => student::mentor::disconnect(),
        7 => student::mentees::connect(students(chance)),
        8 => student::mentees::set(students(chance)),
        9 => student::friends::connect(students(chance)),
        10 => student::friends::disconnect(students(chance)),
        11 => student::friends::set(students(chance)),
        12 => student::labels::set(labels(chance)),
        13 => student::labels::connect(labels(chance)),
        14 => student::lessons::connect(lessons(chance)),
        15 => student::locker::connect(locker::number::equals(chance.pick(&[1, 2, 11, 12]))),
        16 => student::labels::connect_or_create(
            label::id::equals(chance.pick(&["a-g", "b-g", "c-g"])),
            label::create("Fresh", named(chance), vec![]),
        ),
        _ => student::lessons::create(vec![lesson::create("In", named(chance), nested(), vec![])]),
    }
}

fn conditions(chance: &mut Chance) -> Vec<student::WhereParam> {
    chance.some(2, |chance| match chance.below(7) {
        0 => student::org_id::equals(org(chance)),
        1 => student::org_id::not(1),
        2 => student::lessons::some(vec![lesson::org_id::equals(org(chance))]),
        3 => student::lessons::every(vec![lesson::title::equals("First")]),
        4 => student::mentor::is(vec![student::org_id::equals(org(chance))]),
        5 => student::friends::none(vec![]),
        _ => prisma_client_rust::or![
            student::id::equals(key(chance, "s", 2)),
            prisma_client_rust::not![student::name::equals("Ann")]
        ],
    })
}

/// One operation of the tenant, and what it gave back.
async fn operate(chance: &mut Chance, a: &PrismaClient) -> Result<Value, QueryError> {
    Ok(match chance.below(24) {
        12.. => return elsewhere(chance, a).await,
        0 => json(a.student().find_many(conditions(chance)).with(student::mentor::fetch()).await?),
        1 => json(
            a.student()
                .find_many(conditions(chance))
                .with(student::friends::fetch(vec![]).take(2))
                .with(student::lessons::fetch(vec![]).with(lesson::trips::fetch(vec![])))
                .await?,
        ),
        2 => {
            json(a.student().find_unique(which(chance)).with(student::labels::fetch(vec![])).await?)
        }
        3 => json(a.topic().find_many(vec![]).with(topic::lessons::fetch(vec![])).await?),
        4 => {
            let page = a.student().find_many(conditions(chance)).cursor(which(chance)).take(2);
            json(page.await?)
        }
        5 => json(a.student().create_from(new_student(chance)).await?),
        6 => {
            let changes = chance.some(3, change);
            json(a.student().update(which(chance), changes).with(student::org::fetch()).await?)
        }
        7 => {
            let (filters, changes) = (conditions(chance), chance.some(2, change));
            json(a.student().update_many(filters, changes).await?)
        }
        8 => {
            let code = key(chance, "c", 4);
            let named = match chance.below(2) {
                0 => student::code::equals(code.clone()),
                _ => which(chance),
            };
            let create = student::create_unchecked(org(chance), code, "Up", vec![]);
            json(a.student().upsert(named, create, chance.some(2, change)).await?)
        }
        9 => json(a.student().delete(which(chance)).await?),
        10 if chance.once_in(4) => json(a.student().delete_many(conditions(chance)).await?),
        _ => json(a.lesson().create_from(new_lesson(chance)).await?),
    })
}

/// Lessons and what else there is.
async fn elsewhere(chance: &mut Chance, a: &PrismaClient) -> Result<Value, QueryError> {
    Ok(match 12 + chance.below(12) {
        12 => {
            let changes = chance.some(2, |chance| lesson_change(chance, true));
            let lesson = lesson::id::equals(key(chance, "l", 2));
            json(a.lesson().update(lesson, changes).with(lesson::student::fetch()).await?)
        }
        13 => {
            let changes = chance.some(2, |chance| lesson_change(chance, true));
            json(a.lesson().update_many(vec![], changes).await?)
        }
        14 => return many(chance, a).await,
        15 => {
            let trip = trip::id::equals(key(chance, "t", 2));
            let set = trip::lesson_id::set(key(chance, "l", 2));
            json(a.trip().update(trip, vec![set]).with(trip::points::fetch(vec![])).await?)
        }
        16 => {
            let points: Vec<_> = chance.some(4, |chance| {
                point::create_unchecked(key(chance, "t", 2), chance.below(50), vec![])
            });
            json(a.point().copy_in(points).await?)
        }
        17 => {
            let (lesson, student) = (key(chance, "l", 2), key(chance, "s", 2));
            let named = rating::lesson_id_student_id(lesson.clone(), student.clone());
            let create = rating::create_unchecked(lesson, student, 1, vec![]);
            json(a.rating().upsert(named, create, vec![rating::stars::increment(1)]).await?)
        }
        18 => {
            let change = match chance.below(3) {
                0 => topic::lessons::connect(lessons(chance)),
                1 => topic::lessons::disconnect(lessons(chance)),
                _ => topic::lessons::set(lessons(chance)),
            };
            let topic = topic::name::equals(chance.pick(&["parking", "night"]));
            json(a.topic().update(topic, vec![change]).with(topic::lessons::fetch(vec![])).await?)
        }
        19 => {
            let member = member::create(named(chance), nested(), vec![]);
            let change = match chance.below(2) {
                0 => person::members::create(vec![member]),
                _ => person::members::connect(vec![member::org_id_email(org(chance), "p@x")]),
            };
            let person = person::email::equals("q@x");
            json(
                a.person()
                    .update(person, vec![change])
                    .with(person::members::fetch(vec![]))
                    .await?,
            )
        }
        20 => {
            let (of, number) = (org(chance), 1 + chance.below(3));
            let room = room::org_id_number(of, number);
            if chance.once_in(2) {
                let create = room::create_unchecked(of, number, "Room", vec![]);
                json(a.room().upsert(room, create, vec![room::name::set("Up")]).await?)
            } else {
                json(a.seat().create_unchecked(of, number, vec![]).with(seat::room::fetch()).await?)
            }
        }
        21 => {
            let locker = locker::number::equals(chance.pick(&[1, 2, 11, 12]));
            let change = match chance.below(3) {
                0 => locker::student::connect(which(chance)),
                1 => locker::student::disconnect(),
                _ => locker::student_id::set(Some(key(chance, "s", 2))),
            };
            json(a.locker().update(locker, vec![change]).with(locker::student::fetch()).await?)
        }
        22 => {
            let of = chance.maybe(org);
            json(a.note().update_many(vec![], vec![note::org_id::set(of)]).await?)
        }
        _ => {
            let changes =
                (chance.some(2, change), chance.some(2, |chance| lesson_change(chance, true)));
            let batch = (
                a.student().update(which(chance), changes.0),
                a.lesson().update(lesson::id::equals(key(chance, "l", 2)), changes.1),
                a.student().count(conditions(chance)),
            );
            let (student, lesson, students) = a._batch(batch).await?;
            json((student, lesson, students))
        }
    })
}

/// Many new rows at once, which refer to others, and to each other.
async fn many(chance: &mut Chance, a: &PrismaClient) -> Result<Value, QueryError> {
    let skip = chance.once_in(2);
    Ok(match chance.below(5) {
        0 => {
            let trips = chance.some(3, |chance| {
                trip::create_unchecked(key(chance, "l", 2), chance.below(9), vec![])
            });
            json(a.trip().create_many_and_return(trips).await?)
        }
        1 => {
            let lessons = chance.some(3, |chance| {
                let params = chance.some(1, |chance| lesson_change(chance, false));
                lesson::create_unchecked(org(chance), key(chance, "s", 2), "Many", params)
            });
            let many = a.lesson().create_many_and_return(lessons);
            json(if skip { many.skip_duplicates().await? } else { many.await? })
        }
        2 => {
            let notes = chance.some(3, |chance| {
                let params = chance.some(1, |chance| note::org_id::set(chance.maybe(org)));
                note::create_unchecked("Many", params)
            });
            json(a.note().create_many_and_return(notes).await?)
        }
        3 => {
            let seats = chance
                .some(2, |chance| seat::create_unchecked(org(chance), 1 + chance.below(3), vec![]));
            json(a.seat().create_many_and_return(seats).await?)
        }
        _ => {
            let students = chance.some(4, |chance| {
                let mut params = vec![student::id::set(key(chance, "s", 2))];
                params.extend(chance.some(1, |chance| {
                    student::mentor_id::set(chance.maybe(|chance| key(chance, "s", 2)))
                }));
                student::create_unchecked(1, key(chance, "c", 5), "Many", params)
            });
            let many = a.student().create_many_and_return(students);
            json(if skip { many.skip_duplicates().await? } else { many.await? })
        }
    })
}
