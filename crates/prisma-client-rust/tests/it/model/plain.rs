//! Operations as SQL written by hand, each in a transaction of its own.

use std::fmt::Write as _;

use postgres::Connection;

use super::Failure;
use super::condition::{label, literal, people_sql, posts_sql};
use super::operation::{
    Arithmetic, Change, DOCUMENTS, EveryChange, Link, NewPerson, NewPost, Operation, PostChange,
};

/// A statement, and how many rows it must touch.
struct Step {
    sql: String,
    rows: Option<u64>,
    /// Whether its rows are what the operation counts.
    counts: bool,
}

/// Runs an operation; how many rows it says that it touched, where it says so.
pub(super) async fn run(connection: &Connection, operation: &Operation) -> Result<u64, Failure> {
    connection.batch_execute("BEGIN").await.unwrap();
    let done = within(connection, operation).await;
    let committed = !matches!(operation, Operation::Transaction(_, false));
    let end = if done.is_ok() && committed { "COMMIT" } else { "ROLLBACK" };
    connection.batch_execute(end).await.unwrap();
    done
}

async fn within(connection: &Connection, operation: &Operation) -> Result<u64, Failure> {
    let mut count = 0;
    match operation {
        Operation::Transaction(operations, _) => {
            for operation in operations {
                count += Box::pin(within(connection, operation)).await?;
            }
        }
        operation => {
            for step in steps(operation) {
                let rows =
                    connection.execute(&step.sql, &[]).await.map_err(|error| failure(&error))?;
                if step.rows.is_some_and(|wanted| wanted != rows) {
                    return Err(Failure::Missing);
                }
                if step.counts {
                    count += rows;
                }
            }
        }
    }
    Ok(count)
}

fn failure(error: &postgres::Error) -> Failure {
    match error.db().map(|error| error.code().code()) {
        Some("23505") => Failure::Unique,
        Some("23503") => Failure::Missing,
        Some("22003") => Failure::Range,
        _ => panic!("the SQL of the test is wrong: {error}"),
    }
}

fn any(sql: String) -> Step {
    Step { sql, rows: None, counts: false }
}

fn counted(sql: String) -> Step {
    Step { sql, rows: None, counts: true }
}

fn one(sql: String) -> Step {
    Step { sql, rows: Some(1), counts: false }
}

/// All of the rows must be there.
fn there(table: &str, column: &str, keys: &[String]) -> Step {
    let mut keys = keys.to_vec();
    keys.sort();
    keys.dedup();
    let sql = format!("SELECT FROM {table} WHERE {column} IN ({})", list(&keys));
    Step { sql, rows: Some(keys.len() as u64), counts: false }
}

/// Every id or nickname must be somebody's.
fn all_there(keys: &[String]) -> Step {
    let sql = format!(
        "SELECT FROM unnest(ARRAY[{}]::text[]) k WHERE EXISTS (SELECT FROM people WHERE id = k OR nickname = k)",
        list(keys)
    );
    Step { sql, rows: Some(keys.len() as u64), counts: false }
}

fn list(texts: &[String]) -> String {
    if texts.is_empty() {
        return "NULL".to_owned();
    }
    texts.iter().map(|text| literal(text)).collect::<Vec<_>>().join(", ")
}

fn optional(text: Option<&str>) -> String {
    text.map_or_else(|| "NULL".to_owned(), literal)
}

fn number(value: Option<f64>) -> String {
    value.map_or_else(|| "NULL".to_owned(), |value| value.to_string())
}

#[expect(clippy::too_many_lines, reason = "a list with an entry for each operation")]
fn steps(operation: &Operation) -> Vec<Step> {
    match operation {
        Operation::AddPerson(person) => vec![one(insert_people(std::slice::from_ref(person), ""))],
        Operation::AddPeople(people, _) if people.is_empty() => vec![],
        Operation::AddPeople(people, skip) => {
            vec![counted(insert_people(people, if *skip { " ON CONFLICT DO NOTHING" } else { "" }))]
        }
        Operation::ChangePerson(id, changes) => vec![one(update_person(id, changes))],
        Operation::ChangePeople(conditions, changes) => vec![counted(format!(
            "UPDATE people t SET {} WHERE {}",
            assignments(changes, ""),
            people_sql("t", conditions)
        ))],
        Operation::UpsertPerson(person, changes) => vec![one(format!(
            "{} ON CONFLICT (email) DO UPDATE SET {}",
            insert_people(std::slice::from_ref(person), ""),
            assignments(changes, "people.")
        ))],
        Operation::RemovePerson(id) => {
            vec![one(format!("DELETE FROM people WHERE id = {}", literal(id)))]
        }
        Operation::RemovePeople(conditions) => {
            vec![counted(format!("DELETE FROM people t WHERE {}", people_sql("t", conditions)))]
        }
        Operation::AddHousehold(household) => {
            let mut steps = Vec::new();
            let mut leader = "NULL".to_owned();
            if let Some(person) = &household.leader {
                steps.push(one(insert_people(std::slice::from_ref(person), "")));
                leader = literal(&person.id);
            }
            let person = &household.person;
            steps.push(one(insert_people(std::slice::from_ref(person), "")));
            let id = literal(&person.id);
            steps.push(any(format!("UPDATE people SET \"leaderId\" = {leader} WHERE id = {id}")));
            if let Some((number, bio)) = household.profile {
                let bio = literal(bio);
                steps.push(one(format!("INSERT INTO \"Profile\" VALUES ({number}, {bio}, {id})")));
            }
            for (number, title, tags) in &household.posts {
                let title = literal(title);
                steps.push(one(format!(
                    "INSERT INTO \"Post\" (id, title, \"authorId\") VALUES ({number}, {title}, {id})"
                )));
                for tag in tags {
                    let tag = literal(tag);
                    steps.push(any(format!(
                        "INSERT INTO \"Tag\" VALUES ({tag}) ON CONFLICT DO NOTHING"
                    )));
                    steps.push(any(format!(
                        "INSERT INTO \"_PostToTag\" VALUES ({number}, {tag}) ON CONFLICT DO NOTHING"
                    )));
                }
            }
            steps
        }
        Operation::SetLeader(id, leader) => {
            let mut steps = vec![there("people", "id", std::slice::from_ref(id))];
            if let Some(leader) = leader {
                steps.push(there("people", "id", std::slice::from_ref(leader)));
            }
            let leader = optional(leader.as_deref());
            steps.push(one(format!(
                "UPDATE people SET \"leaderId\" = {leader} WHERE id = {}",
                literal(id)
            )));
            steps
        }
        Operation::Team(id, link, team) => {
            let mut steps = vec![there("people", "id", std::slice::from_ref(id))];
            let id = literal(id);
            if *link != Link::Disconnect {
                steps.push(all_there(team));
            }
            let named = format!("(id IN ({0}) OR nickname IN ({0}))", list(team));
            match link {
                Link::Connect => {}
                Link::Disconnect => {
                    steps.push(any(format!("UPDATE people SET \"leaderId\" = NULL WHERE \"leaderId\" = {id} AND {named}")));
                    return steps;
                }
                Link::Set => {
                    steps.push(any(format!(
                        "UPDATE people SET \"leaderId\" = NULL WHERE \"leaderId\" = {id}"
                    )));
                }
            }
            steps.push(any(format!("UPDATE people SET \"leaderId\" = {id} WHERE {named}")));
            steps
        }
        Operation::AddPost(post) => {
            vec![one(insert_posts(std::slice::from_ref(post)))]
        }
        Operation::AddPosts(posts) if posts.is_empty() => vec![],
        Operation::AddPosts(posts) => vec![counted(insert_posts(posts))],
        Operation::ChangePosts(conditions, changes) => {
            let changes: Vec<String> = changes.iter().map(post_assignment).collect();
            let (set, conditions) = (changes.join(", "), posts_sql("t", conditions));
            vec![counted(format!("UPDATE \"Post\" t SET {set} WHERE {conditions}"))]
        }
        Operation::MovePost(post, author) => vec![
            one(format!("SELECT FROM \"Post\" WHERE id = {post}")),
            there("people", "id", std::slice::from_ref(author)),
            one(format!(
                "UPDATE \"Post\" SET \"authorId\" = {} WHERE id = {post}",
                literal(author)
            )),
        ],
        Operation::RemovePosts(conditions) => {
            vec![counted(format!("DELETE FROM \"Post\" t WHERE {}", posts_sql("t", conditions)))]
        }
        Operation::AddTag(name) => {
            vec![one(format!("INSERT INTO \"Tag\" VALUES ({})", literal(name)))]
        }
        Operation::Tags(post, link, tags) => {
            pairs(*post, *link, "\"_PostToTag\"", ("\"Tag\"", "name"), tags)
        }
        Operation::Reviewers(post, link, people) => {
            pairs(*post, *link, "\"_Reviews\"", ("people", "id"), people)
        }
        Operation::UpsertComment(post, number, text) => vec![
            // The row that a new comment belongs to must be there only where the comment is new: the same, since it
            // could not be there without it.
            one(format!("SELECT FROM \"Post\" WHERE id = {post}")),
            one(format!(
                "INSERT INTO \"Comment\" VALUES ({post}, {number}, {0}) \
                 ON CONFLICT (\"postId\", number) DO UPDATE SET text = {0} || '!'",
                literal(text)
            )),
        ],
        Operation::RemoveComment(post, number) => vec![one(format!(
            "DELETE FROM \"Comment\" WHERE \"postId\" = {post} AND number = {number}"
        ))],
        Operation::AddLike(id, post, number, who) => vec![one(format!(
            "INSERT INTO \"Like\" VALUES ({id}, {post}, {number}, {})",
            literal(who)
        ))],
        Operation::AddEvery(id, ints, texts) => vec![one(format!(
            "INSERT INTO \"Every\" (id, text, int, big, float, decimal, flag, moment, json, bytes, status, ints, texts) \
             VALUES ({id}, 'text', 1, 2, 1.5, 1.5, true, '2024-02-29 02:30:00.123', '{{\"a\": [1, null]}}', \
             '\\x00ff', 'in_progress', {}, {})",
            numbers(ints),
            texts_array(texts)
        ))],
        Operation::ChangeEvery(id, changes) => {
            let changes: Vec<String> = changes.iter().map(every_assignment).collect();
            vec![one(format!("UPDATE \"Every\" SET {} WHERE id = {id}", changes.join(", ")))]
        }
        Operation::Batch(all) => {
            all.iter().map(|(id, changes)| one(update_person(id, changes))).collect()
        }
        Operation::Transaction(..) => unreachable!("taken apart by the caller"),
    }
}

fn insert_people(people: &[NewPerson], end: &str) -> String {
    let rows: Vec<String> = people
        .iter()
        .map(|person| {
            format!(
                "({}, {}, {}, {}, {}, now())",
                literal(&person.id),
                literal(&person.email),
                optional(person.name),
                optional(person.nickname.as_deref()),
                person.age
            )
        })
        .collect();
    format!(
        "INSERT INTO people (id, email, name, nickname, age, \"updatedAt\") VALUES {}{end}",
        rows.join(", ")
    )
}

fn insert_posts(posts: &[NewPost]) -> String {
    let rows: Vec<String> = posts
        .iter()
        .map(|post| {
            let status =
                post.status.map_or("DEFAULT".to_owned(), |status| format!("'{}'", label(status)));
            format!(
                "({}, {}, {}, {}, {status})",
                post.id,
                literal(post.title),
                literal(&post.author),
                number(post.rating)
            )
        })
        .collect();
    format!(
        "INSERT INTO \"Post\" (id, title, \"authorId\", rating, status) VALUES {}",
        rows.join(", ")
    )
}

fn update_person(id: &str, changes: &[Change]) -> String {
    format!("UPDATE people SET {} WHERE id = {}", assignments(changes, ""), literal(id))
}

/// `updatedAt` always changes, so that there is no update of nothing.
fn assignments(changes: &[Change], of: &str) -> String {
    let mut set = "\"updatedAt\" = now()".to_owned();
    for change in changes {
        let _ = match change {
            Change::Age(by) => write!(set, ", age = {}", arithmetic(&format!("{of}age"), *by)),
            Change::Name(name) => write!(set, ", name = {}", optional(*name)),
            Change::Nickname(name) => write!(set, ", nickname = {}", optional(name.as_deref())),
            Change::Email(email) => write!(set, ", email = {}", literal(email)),
        };
    }
    set
}

fn post_assignment(change: &PostChange) -> String {
    match change {
        PostChange::Views(by) => format!("views = {}", arithmetic("views", *by)),
        PostChange::Rating(rating) => format!("rating = {}", number(*rating)),
        PostChange::Price(by) => format!("price = {}", arithmetic("price", *by)),
        PostChange::Status(status) => format!("status = '{}'", label(*status)),
    }
}

fn every_assignment(change: &EveryChange) -> String {
    let document = |index: usize| literal(DOCUMENTS[index]);
    match change {
        EveryChange::Big(by) => format!("big = {}", arithmetic("big", *by)),
        EveryChange::Ints(values) => format!("ints = {}", numbers(values)),
        EveryChange::PushInts(values) => format!("ints = ints || {}", numbers(values)),
        EveryChange::PushTexts(values) => format!("texts = texts || {}", texts_array(values)),
        EveryChange::Json(index) => format!("json = {}", document(*index)),
        EveryChange::OptionalJson(None) => "\"jsonO\" = NULL".to_owned(),
        EveryChange::OptionalJson(Some(index)) => format!("\"jsonO\" = {}", document(*index)),
        EveryChange::Bytes(bytes) => {
            let digits =
                bytes.iter().fold(String::new(), |digits, byte| format!("{digits}{byte:02x}"));
            format!("bytes = '\\x{digits}'")
        }
    }
}

fn arithmetic(column: &str, by: Arithmetic) -> String {
    match by {
        Arithmetic::Set(value) => value.to_string(),
        Arithmetic::Increment(value) => format!("{column} + ({value})"),
        Arithmetic::Decrement(value) => format!("{column} - ({value})"),
        Arithmetic::Multiply(value) => format!("{column} * ({value})"),
        Arithmetic::Divide(value) => format!("{column} / ({value})"),
    }
}

fn numbers(values: &[i32]) -> String {
    let values: Vec<String> = values.iter().map(ToString::to_string).collect();
    format!("ARRAY[{}]::int[]", values.join(", "))
}

fn texts_array(values: &[&str]) -> String {
    let values: Vec<String> = values.iter().map(|value| literal(value)).collect();
    format!("ARRAY[{}]::text[]", values.join(", "))
}

/// A relation whose pairs are a table.
fn pairs(post: i32, link: Link, table: &str, of: (&str, &str), keys: &[String]) -> Vec<Step> {
    let mut steps = vec![one(format!("SELECT FROM \"Post\" WHERE id = {post}"))];
    if link == Link::Disconnect {
        let keys = list(keys);
        steps.push(any(format!("DELETE FROM {table} WHERE \"A\" = {post} AND \"B\" IN ({keys})")));
        return steps;
    }
    steps.push(there(of.0, of.1, keys));
    if link == Link::Set {
        steps.push(any(format!("DELETE FROM {table} WHERE \"A\" = {post}")));
    }
    for key in keys {
        let key = literal(key);
        steps.push(any(format!(
            "INSERT INTO {table} VALUES ({post}, {key}) ON CONFLICT DO NOTHING"
        )));
    }
    steps
}
