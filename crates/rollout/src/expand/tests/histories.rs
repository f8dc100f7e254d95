//! Random histories of two releases, held against what each statement means; and many writers at once, of whom none may lose
//! an update.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use bytes::Bytes;
use futures_util::SinkExt as _;
use postgres::Connection;
use rand::rngs::StdRng;
use rand::{Rng, RngExt as _, SeedableRng as _};

use super::stage::{Change, Stage};
use super::writers::RENAMED;

/// What a row says, on either side.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    name: String,
    nick: Option<String>,
    cents: i64,
    other: i64,
    /// Since the expand, so that both sides are there.
    is_written: bool,
}

type Rows = BTreeMap<i32, Row>;

/// The columns of a release, by what they mean.
#[derive(Clone, Copy)]
struct Release {
    name: &'static str,
    nick: &'static str,
    price: &'static str,
    by_cent: bool,
}

const OLD: Release = Release { name: "\"fullName\"", nick: "nick", price: "price", by_cent: false };
const NEW: Release =
    Release { name: "full_name", nick: "\"nickName\"", price: "cents", by_cent: true };

impl Release {
    fn price(self, cents: i64) -> String {
        if self.by_cent { cents.to_string() } else { format!("{cents} / 100.0") }
    }

    fn price_text(self, cents: i64) -> String {
        if self.by_cent {
            return cents.to_string();
        }
        let sign = if cents < 0 { "-" } else { "" };
        format!("{sign}{}.{:02}", cents.abs() / 100, cents.abs() % 100)
    }
}

fn quoted(value: Option<&str>) -> String {
    value.map_or("NULL".to_owned(), |value| format!("'{value}'"))
}

struct History {
    rng: StdRng,
    next: i32,
}

impl History {
    fn word(&mut self) -> String {
        ["none", "a", "b", "", "é''s"][self.rng.random_range(0..5)].to_owned()
    }

    fn maybe(&mut self) -> Option<String> {
        self.rng.random_bool(0.7).then(|| self.word())
    }

    fn some_id(&mut self, rows: &Rows) -> i32 {
        let at = self.rng.random_range(0..=rows.len());
        rows.keys().nth(at).copied().unwrap_or(-1)
    }

    /// One statement, and what it does to the rows.
    fn statement(&mut self, rows: &mut Rows) -> String {
        let release = if self.rng.random_bool(0.5) { OLD } else { NEW };
        match self.rng.random_range(0..10) {
            0..3 => self.insert(release, rows),
            3..7 => self.update(release, rows),
            7 => self.upsert(release, rows),
            8 => {
                let (id, other) = (self.some_id(rows), self.rng.random_range(0..9));
                if let Some(row) = rows.get_mut(&id) {
                    row.other = other;
                    // A row that lacks what is required is filled on the way.
                    row.is_written = true;
                }
                format!(r#"UPDATE "Student" SET other = {other} WHERE id = {id}"#)
            }
            _ => {
                let id = self.some_id(rows);
                rows.remove(&id);
                format!(r#"DELETE FROM "Student" WHERE id = {id}"#)
            }
        }
    }

    fn new_row(&mut self) -> (Row, bool) {
        let has_nick = self.rng.random_bool(0.7);
        let nick = if has_nick { self.maybe() } else { Some("none".to_owned()) };
        let (name, cents) = (self.word(), self.rng.random_range(-500..500));
        (Row { name, nick, cents, other: 0, is_written: true }, has_nick)
    }

    fn insert(&mut self, release: Release, rows: &mut Rows) -> String {
        let Release { name, nick, price, .. } = release;
        let count = self.rng.random_range(1..4);
        let (first, has_nick) = self.new_row();
        let mut values = Vec::new();
        for at in 0..count {
            let (mut row, _) = if at == 0 { (first.clone(), has_nick) } else { self.new_row() };
            if !has_nick {
                row.nick = Some("none".to_owned());
            }
            self.next += 1;
            let nick =
                if has_nick { format!(", {}", quoted(row.nick.as_deref())) } else { String::new() };
            values.push(format!(
                "({}, '{}', {}{nick})",
                self.next,
                row.name,
                release.price(row.cents)
            ));
            rows.insert(self.next, unescaped(row));
        }
        let nick = if has_nick { format!(", {nick}") } else { String::new() };
        format!(r#"INSERT INTO "Student" (id, {name}, {price}{nick}) VALUES {}"#, values.join(", "))
    }

    fn update(&mut self, release: Release, rows: &mut Rows) -> String {
        let (row, has_nick) = self.new_row();
        let all = self.rng.random_bool(0.1);
        let id = self.some_id(rows);
        let mut sets = Vec::new();
        let which = self.rng.random_range(1..8);
        let (has_name, has_price) = (which & 1 > 0, which & 2 > 0);
        let has_nick = (which & 4 > 0 && has_nick) || !(has_name || has_price);
        if has_name {
            sets.push(format!("{} = '{}'", release.name, row.name));
        }
        if has_price {
            sets.push(format!("{} = {}", release.price, release.price(row.cents)));
        }
        if has_nick {
            sets.push(format!("{} = {}", release.nick, quoted(row.nick.as_deref())));
        }
        let row = unescaped(row);
        for (_, is) in rows.iter_mut().filter(|(key, _)| all || **key == id) {
            // NULL is what it says before it is filled: that is no write to that side.
            let is_no_write = release.by_cent && !is.is_written && row.nick.is_none();
            is.is_written = true;
            if has_name {
                is.name.clone_from(&row.name);
            }
            if has_price {
                is.cents = row.cents;
            }
            if has_nick && !is_no_write {
                is.nick.clone_from(&row.nick);
            }
        }
        let condition = if all { String::new() } else { format!(" WHERE id = {id}") };
        format!(r#"UPDATE "Student" SET {}{condition}"#, sets.join(", "))
    }

    fn upsert(&mut self, release: Release, rows: &mut Rows) -> String {
        let Release { name, price, .. } = release;
        let (row, _) = self.new_row();
        let id = if self.rng.random_bool(0.7) && !rows.is_empty() {
            self.some_id(rows)
        } else {
            self.next += 1;
            self.next
        };
        let does_nothing = self.rng.random_bool(0.3);
        let sql = format!(
            r#"INSERT INTO "Student" (id, {name}, {price}) VALUES ({id}, '{}', {}) ON CONFLICT (id) DO {}"#,
            row.name,
            release.price(row.cents),
            if does_nothing {
                "NOTHING".to_owned()
            } else {
                format!(
                    r#"UPDATE SET {name} = EXCLUDED.{name}, {price} = "Student".{price} + EXCLUDED.{price}"#
                )
            }
        );
        let row = unescaped(row);
        match rows.get_mut(&id) {
            None => {
                rows.insert(id, Row { nick: Some("none".to_owned()), ..row });
            }
            Some(is) if !does_nothing => {
                is.name = row.name;
                // To what is not filled yet nothing can be added.
                is.cents += if release.by_cent && !is.is_written { 0 } else { row.cents };
                is.is_written = true;
            }
            Some(_) => {}
        }
        sql
    }
}

/// As it is stored.
fn unescaped(mut row: Row) -> Row {
    row.name = row.name.replace("''", "'");
    row.nick = row.nick.map(|nick| nick.replace("''", "'"));
    row
}

impl Stage {
    async fn is(&self, rows: &Rows, after: &str) {
        let sql = r#"SELECT id, "fullName", nick, (price * 100)::bigint, other::bigint, full_name, "nickName", cents::bigint FROM "Student" ORDER BY id"#;
        let found = self.db.query(sql, &[]).await.unwrap();
        let mut left = rows.iter();
        for row in &found {
            let (id, is) = left.next().unwrap_or_else(|| panic!("one too many after {after}"));
            let old =
                (row.get::<_, String>(1), row.get::<_, Option<String>>(2), row.get::<_, i64>(3));
            let expected = (is.name.clone(), is.nick.clone(), is.cents);
            assert_eq!(
                (row.get::<_, i32>(0), old),
                (*id, expected.clone()),
                "old side after {after}"
            );
            assert_eq!(row.get::<_, i64>(4), is.other, "{after}");
            if is.is_written {
                let new =
                    (row.get::<_, Option<String>>(5), row.get(6), row.get::<_, Option<i64>>(7));
                assert_eq!(
                    new,
                    (Some(expected.0), expected.1, Some(expected.2)),
                    "new side of {id} after {after}"
                );
            }
        }
        assert_eq!(left.count(), 0, "one too few after {after}");
    }

    async fn copy(&self, release: Release, rows: &mut Rows, history: &mut History) {
        let mut text = String::new();
        for _ in 0..3 {
            let (row, _) = history.new_row();
            let row = unescaped(row);
            history.next += 1;
            let nick = row.nick.clone().unwrap_or_else(|| "\\N".to_owned());
            let _ = writeln!(
                text,
                "{}\t{}\t{}\t{nick}",
                history.next,
                row.name,
                release.price_text(row.cents)
            );
            rows.insert(history.next, row);
        }
        let sql = format!(
            r#"COPY "Student" (id, {}, {}, {}) FROM STDIN"#,
            release.name, release.price, release.nick
        );
        let sink = self.db.copy_in(sql.as_str()).await.unwrap();
        futures_util::pin_mut!(sink);
        sink.send(Bytes::from(text)).await.unwrap();
        sink.finish().await.unwrap();
    }
}

async fn history(seed: u64) {
    let change = Change {
        rows: r#"INSERT INTO "Student" (id, "fullName", nick, price) SELECT i, 'old ' || i, nullif('n', repeat('n', i % 2)), i FROM generate_series(1, 5) AS i"#,
        ..RENAMED
    };
    let stage = change.stage("histories").await;
    let plan = change.plan(&stage).unwrap().unwrap();
    stage.db.batch_execute(change.rows).await.unwrap();
    stage.run(&plan.migration).await;
    let mut history = History { rng: StdRng::seed_from_u64(seed), next: 100 };
    let mut rows: Rows = (1..=5)
        .map(|id| {
            let nick = (id % 2 == 0).then(|| "n".to_owned());
            let name = format!("old {id}");
            (id, Row { name, nick, cents: i64::from(id) * 100, other: 0, is_written: false })
        })
        .collect();
    for step in 0..120 {
        if step == 80 {
            stage.fill(&plan).await;
            for row in rows.values_mut() {
                row.is_written = true;
            }
        }
        match history.rng.random_range(0..12) {
            0 => {
                let mut lost = rows.clone();
                let (one, other) = (history.statement(&mut lost), history.statement(&mut lost));
                stage.run(&format!("BEGIN; {one}; {other}; ROLLBACK")).await;
                stage.is(&rows, &format!("seed {seed}: rolled back {one}; {other}")).await;
            }
            1 => {
                let mut lost = rows.clone();
                let one = history.statement(&mut rows);
                lost.clone_from(&rows);
                let other = history.statement(&mut lost);
                stage
                    .run(&format!("BEGIN; {one}; SAVEPOINT s; {other}; ROLLBACK TO s; COMMIT"))
                    .await;
                stage.is(&rows, &format!("seed {seed}: {one}; rolled back {other}")).await;
            }
            2 => {
                let release = if history.rng.random_bool(0.5) { OLD } else { NEW };
                stage.copy(release, &mut rows, &mut history).await;
                stage.is(&rows, &format!("seed {seed}: copy to {}", release.name)).await;
            }
            _ => {
                let sql = history.statement(&mut rows);
                stage.run(&sql).await;
                stage.is(&rows, &format!("seed {seed}, step {step}: {sql}")).await;
            }
        }
    }
    assert_eq!(
        stage.rows("SELECT * FROM _driveflow.conflicts").await,
        Vec::<String>::new(),
        "seed {seed}"
    );
    stage.fill(&plan).await;
    stage.contract(&plan).await;
    let found = stage.rows(r#"SELECT count(*), sum(cents) FROM "Student""#).await;
    let sum: i64 = rows.values().map(|row| row.cents).sum();
    let sum = if rows.is_empty() { "null".to_owned() } else { sum.to_string() };
    assert_eq!(found, [format!(r#"{{"count":{},"sum":{sum}}}"#, rows.len())]);
}

/// More of them: `HISTORIES=200 cargo test -p rollout histories`.
#[tokio::test]
async fn random_histories_are_what_they_mean() {
    let count = std::env::var("HISTORIES").ok().and_then(|text| text.parse().ok()).unwrap_or(6);
    for seed in 0..count {
        history(seed).await;
    }
}

async fn work(db: Connection, seed: u64) -> i64 {
    let mut rng = StdRng::seed_from_u64(seed);
    let is_new = seed.is_multiple_of(2);
    let mut added = 0;
    for _ in 0..if is_new { 60 } else { 150 } {
        let (one, other) = (rng.random_range(1..=20), rng.random_range(1..=20));
        // In one order, so that nobody waits for whoever waits for him.
        let ids = [one.min(other), one.max(other)];
        let mut script = "BEGIN".to_owned();
        for id in ids {
            let set = if is_new {
                "cents = cents + 100, full_name = 'new'"
            } else {
                "price = price + 1, nick = 'old'"
            };
            let _ = write!(script, r#"; UPDATE "Student" SET {set} WHERE id = {id}"#);
        }
        let is_kept = rng.random_bool(0.8);
        script += if is_kept { "; COMMIT" } else { "; ROLLBACK" };
        db.batch_execute(&script).await.unwrap();
        added += if is_kept { 2 } else { 0 };
        if rng.next_u32() % 8 == 0 {
            tokio::task::yield_now().await;
        }
    }
    added
}

#[tokio::test]
async fn of_many_writers_none_loses_an_update() {
    let change = Change {
        rows: r#"INSERT INTO "Student" (id, "fullName", price) SELECT i, 'a', 0 FROM generate_series(1, 20) AS i"#,
        ..RENAMED
    };
    let stage = change.stage("many_writers").await;
    let plan = change.plan(&stage).unwrap().unwrap();
    stage.db.batch_execute(change.rows).await.unwrap();
    // The old release writes while the expand comes.
    let mut workers = Vec::new();
    for seed in [1, 3, 5] {
        workers.push(tokio::spawn(work(stage.connect().await, seed)));
    }
    tokio::task::yield_now().await;
    stage.run(&plan.migration).await;
    for fill in &plan.document.fills {
        let set: Vec<String> =
            fill.set.iter().map(|(column, value)| format!("\"{column}\" = {value}")).collect();
        for id in 1..=20 {
            stage
                .run(&format!(
                    r#"UPDATE "Student" AS t SET {} WHERE t.id = {id} AND ({})"#,
                    set.join(", "),
                    fill.pending
                ))
                .await;
        }
    }
    // The new release comes after the fill: it adds to what is there.
    for seed in [2, 4, 6] {
        workers.push(tokio::spawn(work(stage.connect().await, seed)));
    }
    let mut added = 0;
    for worker in workers {
        added += worker.await.unwrap();
    }
    let sums =
        stage.rows(r#"SELECT sum(price)::int AS price, sum(cents) AS cents FROM "Student""#).await;
    assert_eq!(sums, [format!(r#"{{"price":{added},"cents":{}}}"#, added * 100)]);
    stage.fill(&plan).await;
    stage.contract(&plan).await;
}
