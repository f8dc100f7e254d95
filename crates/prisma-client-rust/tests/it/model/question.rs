//! Random questions: what `find_many` finds is what SQL finds, in the same order and on the same page.

use postgres::Connection;
use prisma_client_rust::SortOrder;

use super::chance::Chance;
use super::condition::{self, Person, people_sql, posts_sql};
use super::operation::{id, post_id};
use crate::generated::{PrismaClient, post, tag, user};

/// What a page is cut out of a sorted list by.
#[derive(Debug, Default)]
struct Page {
    cursor: Option<usize>,
    skip: Option<i64>,
    take: Option<i64>,
}

impl Page {
    fn any(chance: &mut Chance) -> Self {
        Self {
            cursor: None,
            skip: if chance.once_in(3) { Some(i64::from(chance.below(3))) } else { None },
            take: if chance.once_in(2) { Some(i64::from(chance.below(7) - 3)) } else { None },
        }
    }

    /// Of a list of all rows with whether they meet the conditions. A cursor need not meet them.
    fn cut<T: Clone>(&self, rows: &[(T, bool)]) -> Vec<T> {
        let backwards = self.take.is_some_and(|take| take < 0);
        let rows = match self.cursor {
            None => rows,
            Some(at) if backwards => &rows[..=at],
            Some(at) => &rows[at..],
        };
        let mut found: Vec<T> = rows.iter().filter(|row| row.1).map(|row| row.0.clone()).collect();
        if backwards {
            found.reverse();
        }
        let size = |number: i64| usize::try_from(number.abs()).expect("a small number");
        let skip = size(self.skip.unwrap_or_default());
        let take = self.take.map_or(usize::MAX, size);
        let mut page: Vec<T> = found.into_iter().skip(skip).take(take).collect();
        if backwards {
            page.reverse();
        }
        page
    }
}

pub(super) async fn ask(chance: &mut Chance, client: &PrismaClient, mirror: &Connection, at: &str) {
    people(chance, client, mirror, at).await;
    posts(chance, client, mirror, at).await;
}

fn direction(chance: &mut Chance) -> (SortOrder, &'static str) {
    if chance.once_in(2) { (SortOrder::Desc, "DESC") } else { (SortOrder::Asc, "ASC") }
}

async fn people(chance: &mut Chance, client: &PrismaClient, mirror: &Connection, at: &str) {
    let conditions = condition::people(chance, 3);
    let mut page = Page::any(chance);
    let ((first, first_sql), (last, last_sql)) = (direction(chance), direction(chance));
    let column = chance.below(4);
    let (order, by) = match column {
        0 => (user::age::order(first), "t.age"),
        1 => (user::name::order(first), "t.name"),
        2 => (user::leader::order(vec![user::age::order(first)]), "l.age"),
        _ => (user::email::order(first), "t.email"),
    };
    let sql = format!(
        "SELECT t.id, coalesce(({}), false) FROM people t LEFT JOIN people l ON l.id = t.\"leaderId\" \
         ORDER BY {by} {first_sql}, t.id {last_sql}",
        people_sql("t", &conditions)
    );
    let rows: Vec<(String, bool)> = mirror
        .query(&sql, &[])
        .await
        .unwrap_or_else(|error| panic!("{at}: {error}: {sql}"))
        .iter()
        .map(|row| (row.get(0), row.get(1)))
        .collect();
    let count = i64::try_from(rows.iter().filter(|row| row.1).count()).expect("few");
    let filters = || Person::filters(&conditions);
    assert_eq!(client.user().count(filters()).await.unwrap(), count, "{at}: {conditions:#?}");
    let mut query =
        client.user().find_many(filters()).order_by(order).order_by(user::id::order(last));
    let cursor = if chance.once_in(3) { Some(id(chance)) } else { None };
    if let Some(cursor) = &cursor {
        query = query.cursor(user::id::equals(cursor.clone()));
        page.cursor = rows.iter().position(|row| row.0 == *cursor);
    }
    if let Some(skip) = page.skip {
        query = query.skip(skip);
    }
    if let Some(take) = page.take {
        query = query.take(take);
    }
    let found = query.await.unwrap_or_else(|error| panic!("{at}: {error}: {conditions:#?}"));
    let found: Vec<String> = found.into_iter().map(|row| row.id).collect();
    // A cursor that is not there has no rows after it.
    let expected =
        if cursor.is_some() && page.cursor.is_none() { Vec::new() } else { page.cut(&rows) };
    assert_eq!(
        found, expected,
        "{at}: {conditions:#?} by {by} {first_sql} {last_sql}, {page:?}, cursor {cursor:?}, of {rows:?}"
    );
}

/// Posts with their authors, and the authors' own posts, a page of them each.
async fn posts(chance: &mut Chance, client: &PrismaClient, mirror: &Connection, at: &str) {
    let (conditions, inner) = (condition::posts(chance, 2), condition::posts(chance, 1));
    let (outer_page, page) = (Page::any(chance), Page::any(chance));
    let (order, order_sql) = direction(chance);
    let filters = condition::Post::filters;
    let mut fetch = user::posts::fetch(filters(&inner))
        .order_by(post::rating::order(order))
        .order_by(post::id::order(SortOrder::Asc));
    if let Some(skip) = page.skip {
        fetch = fetch.skip(skip);
    }
    if let Some(take) = page.take {
        fetch = fetch.take(take);
    }
    let mut query = client
        .post()
        .find_many(filters(&conditions))
        .with(post::author::fetch().with(fetch))
        .order_by(post::tags::order(vec![tag::_count::order(order)]))
        .order_by(post::id::order(SortOrder::Desc));
    if let Some(skip) = outer_page.skip {
        query = query.skip(skip);
    }
    if let Some(take) = outer_page.take {
        query = query.take(take);
    }
    let found = query.await.unwrap_or_else(|error| panic!("{at}: {error}: {conditions:#?}"));
    let sql = format!(
        "SELECT t.id, t.\"authorId\", coalesce(({}), false) FROM \"Post\" t \
         ORDER BY (SELECT count(*) FROM \"_PostToTag\" p WHERE p.\"A\" = t.id) {order_sql}, t.id DESC",
        posts_sql("t", &conditions)
    );
    let rows = mirror.query(&sql, &[]).await.unwrap_or_else(|error| panic!("{at}: {error}: {sql}"));
    let rows: Vec<((i32, String), bool)> =
        rows.iter().map(|row| ((row.get(0), row.get(1)), row.get(2))).collect();
    let expected = outer_page.cut(&rows);
    let pairs: Vec<(i32, String)> =
        found.iter().map(|row| (row.id, row.author().unwrap().id.clone())).collect();
    assert_eq!(pairs, expected, "{at}: {conditions:#?}, {outer_page:?}");
    for post in found.iter().take(3) {
        let author = post.author().unwrap();
        let sql = format!(
            "SELECT t.id, coalesce(({}), false) FROM \"Post\" t WHERE t.\"authorId\" = '{}' \
             ORDER BY t.rating {order_sql}, t.id",
            posts_sql("t", &inner),
            author.id
        );
        let rows = mirror.query(&sql, &[]).await.unwrap();
        let rows: Vec<(i32, bool)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
        let theirs: Vec<i32> = author.posts().unwrap().iter().map(|post| post.id).collect();
        assert_eq!(theirs, page.cut(&rows), "{at}: posts of {}: {inner:#?}, {page:?}", author.id);
    }
    let key = post_id(chance);
    let one = client.post().find_unique(post::id::equals(key)).await.unwrap();
    assert_eq!(one.is_some(), rows_has(mirror, key).await, "{at}");
}

async fn rows_has(mirror: &Connection, key: i32) -> bool {
    let sql = format!("SELECT FROM \"Post\" WHERE id = {key}");
    mirror.query_opt(&sql, &[]).await.unwrap().is_some()
}
