//! How long pages of a large table take: `cargo bench -p studio --bench pages [-- ROWS]`, ten million rows where nobody says how many.
//!
//! Each page is asked for over HTTP as a browser does, on a server of the bench's own; beside it stands how long the server takes for
//! the same rows when it is asked in SQL alone, in the same run. Issue 9 wants the first page under 100 ms and any other under 150.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use postgres::testing::{TestDatabase, block_on};
use psl::SourceFile;
use studio::{Project, Studio};

const SCHEMA: &str = r#"
datasource db {
  provider = "postgresql"
}

enum Status {
  planned
  done
  cancelled
}

model Instructor {
  id      Int      @id
  name    String
  lessons Lesson[]
}

model Lesson {
  id           Int        @id
  instructorId Int
  instructor   Instructor @relation(fields: [instructorId], references: [id])
  status       Status
  startAt      DateTime
  price        Int?
  note         String

  @@index([instructorId])
  @@index([status])
  @@index([startAt, id])
  @@index([price])
}
"#;

/// Times that each page is asked for.
const TIMES: usize = 15;

/// A page, what it may take, and its rows in SQL.
struct Case {
    name: &'static str,
    path: String,
    limit: Option<Duration>,
    sql: String,
}

fn main() {
    // Cargo passes flags of its own.
    let asked = std::env::args().skip(1).find_map(|argument| argument.parse().ok());
    let rows: u32 = asked.unwrap_or(10_000_000);
    let database = TestDatabase::empty("bench_pages");
    let start = Instant::now();
    block_on(fill(&database, rows));
    println!("{rows} rows, made in {:.0?}\n", start.elapsed());
    let browser = Browser::open(&database);
    println!("{:34} {:>9} {:>9} {:>9} {:>7}", "page", "median", "worst", "SQL", "ratio");
    for case in cases(rows) {
        let (median, worst) = measured(|| browser.get(&case.path));
        let bare = block_on(bare(&database, &case.sql));
        let verdict = match case.limit {
            Some(limit) if worst > limit => format!("  over {limit:?}"),
            Some(_) => String::new(),
            None => "  no limit".to_owned(),
        };
        let ratio = median.as_secs_f64() / bare.as_secs_f64();
        println!(
            "{:34} {:>9} {:>9} {:>9} {ratio:>7.1}{verdict}",
            case.name,
            milliseconds(median),
            milliseconds(worst),
            milliseconds(bare)
        );
    }
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1e3)
}

fn cases(rows: u32) -> Vec<Case> {
    let (first, any) = (Some(Duration::from_millis(100)), Some(Duration::from_millis(150)));
    let middle = rows / 2;
    let lessons = |name, query: String, limit, sql: &str| Case {
        name,
        path: format!("/model/Lesson?{query}"),
        limit,
        sql: format!("SELECT * FROM \"Lesson\" {sql} LIMIT 51"),
    };
    let after = |values: &str| {
        form_urlencoded::Serializer::new(String::new()).append_pair("after", values).finish()
    };
    let filter = |text: &str| {
        form_urlencoded::Serializer::new(String::new()).append_pair("f", text).finish()
    };
    vec![
        Case {
            name: "all models",
            path: "/".to_owned(),
            limit: first,
            sql: "SELECT count(*) FROM \"Instructor\"".to_owned(),
        },
        lessons("first page", String::new(), first, "ORDER BY id"),
        lessons(
            "in the middle",
            after(&format!("[\"{middle}\"]")),
            any,
            &format!("WHERE id > {middle} ORDER BY id"),
        ),
        lessons("last page", "end=1".to_owned(), any, "ORDER BY id DESC"),
        lessons(
            "by startAt, in the middle",
            format!("sort=startAt&{}", after(&format!("[\"2026-01-01 00:00:00\",\"{middle}\"]"))),
            any,
            &format!(
                "WHERE (\"startAt\", id) > ('2026-01-01', {middle}) ORDER BY \"startAt\", id"
            ),
        ),
        lessons("by status, first", "sort=status".to_owned(), any, "WHERE status = 'planned' ORDER BY id"),
        lessons(
            "by status, in the middle",
            format!("sort=status&{}", after(&format!("[\"done\",\"{middle}\"]"))),
            any,
            &format!("WHERE status = 'done' AND id > {middle} ORDER BY id"),
        ),
        lessons(
            "by status, between two values",
            format!("sort=status&{}", after(&format!("[\"planned\",\"{}\"]", rows - 100))),
            any,
            "WHERE status = 'done' ORDER BY id",
        ),
        lessons(
            "by status, last",
            "sort=status&end=1".to_owned(),
            any,
            "WHERE status = 'cancelled' ORDER BY id DESC",
        ),
        lessons(
            "by price, in the middle",
            format!("sort=price&{}", after(&format!("[\"5000\",\"{middle}\"]"))),
            any,
            &format!("WHERE price = 5000 AND id > {middle} ORDER BY id"),
        ),
        lessons("by price, nulls", "sort=-price".to_owned(), any, "WHERE price IS NULL ORDER BY id DESC"),
        lessons(
            "filtered by instructor",
            filter("instructorId:equals:77"),
            any,
            "WHERE \"instructorId\" = 77 ORDER BY id",
        ),
        lessons(
            "filtered over a relation",
            filter("instructor:is:name:equals:Instructor 77"),
            any,
            "WHERE EXISTS (SELECT FROM \"Instructor\" i WHERE i.id = \"instructorId\" AND i.name = 'Instructor 77') ORDER BY id",
        ),
        Case {
            name: "a row and what belongs to it",
            path: "/model/Instructor/row?key=%5B%2277%22%5D".to_owned(),
            limit: any,
            sql: "SELECT count(*) FROM (SELECT FROM \"Lesson\" WHERE \"instructorId\" = 77 LIMIT 1001) few".to_owned(),
        },
        // It says which index to add.
        lessons("by note, without an index", "sort=note".to_owned(), None, "ORDER BY note, id"),
    ]
}

async fn fill(database: &TestDatabase, rows: u32) {
    let connection = database.connect().await;
    let script = format!(
        r#"
CREATE TYPE "Status" AS ENUM ('planned', 'done', 'cancelled');
CREATE TABLE "Instructor" (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE "Lesson" (
    id int NOT NULL, "instructorId" int NOT NULL, status "Status" NOT NULL, "startAt" timestamp(3) NOT NULL, price int, note text NOT NULL
);
INSERT INTO "Instructor" SELECT n, 'Instructor ' || n FROM generate_series(1, 10000) n;
INSERT INTO "Lesson"
SELECT n, n % 10000 + 1,
       (CASE WHEN n % 10 = 0 THEN 'planned' WHEN n % 1000 = 1 THEN 'cancelled' ELSE 'done' END)::"Status",
       timestamp '2020-01-01' + (n::bigint * 7919 % 5000000) * interval '1 minute',
       CASE WHEN n % 4 > 0 THEN n % 9973 END, 'Lesson number ' || n
FROM generate_series(1, {rows}) n;
ALTER TABLE "Lesson" ADD PRIMARY KEY (id);
ALTER TABLE "Lesson" ADD FOREIGN KEY ("instructorId") REFERENCES "Instructor";
CREATE INDEX ON "Lesson" ("instructorId");
CREATE INDEX ON "Lesson" (status);
CREATE INDEX ON "Lesson" ("startAt", id);
CREATE INDEX ON "Lesson" (price);
"#
    );
    connection.batch_execute(&script).await.expect("the tables are made");
    connection.batch_execute("VACUUM ANALYZE").await.expect("they are looked at");
}

/// The median of the statement alone.
async fn bare(database: &TestDatabase, sql: &str) -> Duration {
    let connection = database.connect().await;
    let mut times = Vec::new();
    for _ in 0..=TIMES {
        let start = Instant::now();
        connection.query(sql, &[]).await.expect("it runs");
        times.push(start.elapsed());
    }
    middle(times).0
}

fn measured(mut work: impl FnMut()) -> (Duration, Duration) {
    let times = (0..=TIMES).map(|_| {
        let start = Instant::now();
        work();
        start.elapsed()
    });
    middle(times.collect())
}

/// The median and the worst, without the first, which warms up.
fn middle(mut times: Vec<Duration>) -> (Duration, Duration) {
    times.remove(0);
    times.sort();
    (times[TIMES / 2], times[TIMES - 1])
}

/// As much of one as pages need.
struct Browser {
    address: String,
    cookie: String,
}

impl Browser {
    /// A studio on the database, with its link opened.
    fn open(database: &TestDatabase) -> Self {
        let project = Project {
            name: "bench".to_owned(),
            schema: Box::new(|| {
                Ok(psl::analyze(vec![SourceFile::new("schema.prisma", SCHEMA)]).schema)
            }),
            url: database.url().clone(),
            migrations: "no/such/folder".into(),
            programs: None,
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.expect("a runtime");
        let studio = runtime.block_on(Studio::bind(project, 0, None)).expect("a free port");
        let link = studio.link();
        // Ends with the process.
        thread::spawn(move || runtime.block_on(studio.serve(std::future::pending())));
        let (address, query) =
            link.strip_prefix("http://").and_then(|link| link.split_once('/')).expect("a link");
        let mut browser = Self { address: address.to_owned(), cookie: String::new() };
        let answer = browser.ask(&format!("/{query}"));
        let cookie = answer.lines().find_map(|line| line.strip_prefix("set-cookie: "));
        let cookie = cookie.and_then(|cookie| cookie.split(';').next()).expect("a cookie");
        cookie.clone_into(&mut browser.cookie);
        browser
    }

    fn get(&self, path: &str) {
        let answer = self.ask(path);
        let is_fine = answer.starts_with("HTTP/1.1 200") && !answer.contains("class=\"failure\"");
        // What has no index may take longer than a page waits.
        assert!(is_fine || answer.contains("57014"), "{path}: {answer}");
    }

    fn ask(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        let (address, cookie) = (&self.address, &self.cookie);
        let head = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nCookie: {cookie}\r\n");
        stream.write_all(head.as_bytes()).expect("it listens");
        stream.write_all(b"Connection: close\r\n\r\n").expect("it listens");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        answer
    }
}
