//! How long others have to wait during a whole rollout, expand, fill and contract, and during the plain `ALTER` of the same
//! change.
//!
//! ```text
//! cargo bench -p rollout --bench stalls                     a million rows, 50 clients
//! cargo bench -p rollout --bench stalls -- 200000 20        fewer of both
//! cargo bench -p rollout --bench stalls -- key partitions   the changes with such a word in their names
//! ```
//!
//! Half of the clients read rows by key, half change them: what changes its form, as an old release does, until the fill is
//! done. What is shown is the longest that one of them took: a table for the documentation.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use migrate::Databases;
use migrate::dev::{Prepared, Ready, new_name, prepare, write_named};
use migrate::folder::{DOWN, SCRIPT};
use migrate::renames::{Wanted, resolve};
use migrate::rollouts::CONTRACT;
use migrate::{Folder, Options};
use postgres::testing::TestDatabase;
use postgres::{Connection, ConnectionUrl};
use rollout::backfill::{self, backfills};
use rollout::contract::{contract, obstacles};
use rollout::status::standing;
use rollout::{CheckEntry, ROLLOUT, Request, Using, models, partition, plan};

/// What lies between two statements of a client.
const PAUSE: Duration = Duration::from_millis(20);
/// What a rollout may keep others waiting.
const MOST: Duration = Duration::from_millis(200);
/// How long the old side has to be quiet here.
const QUIET: Duration = Duration::from_secs(1);

struct Kind {
    name: &'static str,
    /// The fields of the model, beside its key and `n`, as they are and as they are to be.
    before: &'static str,
    after: &'static str,
    /// What the key is, the names of the model and what is declared beside it, before and after.
    keys: [&'static str; 2],
    names: [&'static str; 2],
    beside: [&'static str; 2],
    renames: &'static [&'static str],
    usings: &'static [&'static str],
    checks: &'static [&'static str],
    /// What the old release sets.
    old: &'static str,
    plain: &'static str,
}

/// A change of fields only, of which nothing has to be said.
const FIELDS: Kind = Kind {
    name: "",
    before: "",
    after: "",
    keys: ["BigInt @id", "BigInt @id"],
    names: ["T", "T"],
    beside: ["", ""],
    renames: &[],
    usings: &[],
    checks: &[],
    old: "n = n + 1",
    plain: "",
};

const KINDS: &[Kind] = &[
    Kind {
        name: "rename a column",
        before: "name String",
        after: "title String",
        renames: &["T.name:title"],
        old: "name = name || 'x'",
        plain: "ALTER TABLE \"T\" RENAME COLUMN name TO title",
        ..FIELDS
    },
    Kind {
        name: "change a type",
        before: "price Decimal",
        after: "price Int",
        usings: &["ROUND(\"price\" * 100)"],
        old: "price = price + 1",
        plain: "ALTER TABLE \"T\" ALTER COLUMN price TYPE integer USING ROUND(price * 100)",
        ..FIELDS
    },
    Kind {
        name: "optional to required",
        before: "name String?",
        after: "name String",
        usings: &["'none'"],
        old: "name = 'x'",
        plain: "UPDATE \"T\" SET name = 'none' WHERE name IS NULL; ALTER TABLE \"T\" ALTER COLUMN name SET NOT NULL",
        ..FIELDS
    },
    Kind {
        name: "add a unique key",
        before: "name String",
        after: "name String @unique",
        plain: "CREATE UNIQUE INDEX \"T_name_key\" ON \"T\" (name)",
        ..FIELDS
    },
    Kind {
        name: "add a check",
        before: "price Int",
        after: "price Int",
        usings: &["T.price=1"],
        checks: &["T.positive=\"price\" > 0"],
        plain: "ALTER TABLE \"T\" ADD CONSTRAINT positive CHECK (price > 0)",
        ..FIELDS
    },
    Kind {
        name: "split a column",
        before: "name String",
        after: "first String\n  last String",
        usings: &[
            "T.first=split_part(\"name\", ' ', 1)",
            "T.last=split_part(\"name\", ' ', 2)",
            "T.name=\"first\" || ' ' || \"last\"",
        ],
        old: "name = 'a b'",
        plain: "ALTER TABLE \"T\" ADD COLUMN first text, ADD COLUMN last text; \
                UPDATE \"T\" SET first = split_part(name, ' ', 1), last = split_part(name, ' ', 2); \
                ALTER TABLE \"T\" ALTER COLUMN first SET NOT NULL, ALTER COLUMN last SET NOT NULL, DROP COLUMN name",
        ..FIELDS
    },
    Kind {
        name: "drop a column",
        before: "name String",
        after: "",
        old: "name = 'x'",
        plain: "ALTER TABLE \"T\" DROP COLUMN name",
        ..FIELDS
    },
    Kind {
        name: "rename the table",
        before: "name String",
        after: "name String",
        names: ["T", "U"],
        renames: &["T:U"],
        old: "name = 'x'",
        // And back: whoever is at work knows one name.
        plain: "ALTER TABLE \"T\" RENAME TO \"U\"; ALTER TABLE \"U\" RENAME TO \"T\"",
        ..FIELDS
    },
    Kind {
        name: "change the key's type",
        before: "name String",
        after: "name String",
        keys: ["Int @id", "BigInt @id"],
        old: "name = 'x'",
        plain: "ALTER TABLE \"T\" ALTER COLUMN id TYPE bigint",
        ..FIELDS
    },
    Kind {
        name: "add a foreign key",
        before: "price Int",
        after: "price Int\n  owner Owner @relation(fields: [price], references: [id])",
        beside: ["model Owner {\n  id Int @id\n}", "model Owner {\n  id Int @id\n  owned T[]\n}"],
        plain: "ALTER TABLE \"T\" ADD CONSTRAINT \"T_price_fkey\" FOREIGN KEY (price) REFERENCES \"Owner\" (id)",
        ..FIELDS
    },
    Kind {
        name: "drop a value of an enum",
        before: "level Level @default(low)",
        after: "level Level @default(low)",
        beside: ["enum Level {\n  low\n  mid\n  high\n}", "enum Level {\n  low\n  high\n}"],
        usings: &["T.level=CASE WHEN level = 'mid' THEN 'low' ELSE level::text END"],
        old: "level = 'high'",
        plain: "ALTER TYPE \"Level\" RENAME TO old_level; CREATE TYPE \"Level\" AS ENUM ('low', 'high'); \
                ALTER TABLE \"T\" ALTER COLUMN level DROP DEFAULT, \
                ALTER COLUMN level TYPE \"Level\" \
                USING (CASE level::text WHEN 'mid' THEN 'low' ELSE level::text END)::\"Level\", ALTER COLUMN level SET DEFAULT 'low'",
        ..FIELDS
    },
    Kind {
        name: PARTITIONS,
        before: "at DateTime",
        after: "at DateTime\n\n  @@id([id, at])",
        keys: ["BigInt @id", "BigInt"],
        plain: "ALTER TABLE \"T\" RENAME TO whole; \
                CREATE TABLE \"T\" (id bigint, n integer NOT NULL, at timestamp(3), PRIMARY KEY (id, at)) PARTITION BY RANGE (at); \
                CREATE TABLE rest PARTITION OF \"T\" DEFAULT; INSERT INTO \"T\" SELECT id, n, at FROM whole; DROP TABLE whole",
        ..FIELDS
    },
];

/// What `migrate partition` does, rather than `migrate dev --zero-downtime`.
const PARTITIONS: &str = "put the table into partitions";

fn main() {
    // What cargo says itself begins with a dash.
    let arguments = std::env::args().skip(1).filter(|argument| !argument.starts_with('-'));
    let (numbers, words): (Vec<String>, Vec<String>) =
        arguments.partition(|argument| argument.parse::<u64>().is_ok());
    let mut numbers = numbers.iter().filter_map(|number| number.parse::<u64>().ok());
    let rows = numbers.next().unwrap_or(1_000_000);
    let clients = numbers.next().unwrap_or(50);
    let is_wanted =
        |kind: &&Kind| words.is_empty() || words.iter().any(|word| kind.name.contains(word));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        println!(
            "{rows} rows, {clients} clients; the longest that one of them waited, in milliseconds\n"
        );
        println!("| change | plain | in phases | |\n|---|---|---|---|");
        for kind in KINDS.iter().filter(is_wanted) {
            let (plain, _) = measured(kind, rows, clients, false).await;
            let (phases, worst) = measured(kind, rows, clients, true).await;
            let holds =
                if phases < MOST { "holds".to_owned() } else { format!("MISSED in {worst}") };
            println!(
                "| {} | {} | {} | {holds} |",
                kind.name,
                plain.as_millis(),
                phases.as_millis()
            );
        }
    });
}

/// The longest wait, and the phase that it was in.
async fn measured(
    kind: &Kind,
    rows: u64,
    clients: u64,
    in_phases: bool,
) -> (Duration, &'static str) {
    let database = TestDatabase::empty("rollout_stalls");
    let place = Place::new(kind);
    let before = schema(kind, 0);
    place.apply(&before, database.url()).await;
    let connection = database.connect().await;
    for statement in fill(kind, rows).split_inclusive(';') {
        connection.batch_execute(statement).await.expect(statement);
    }
    let load = Load::start(database.url(), (clients, rows), kind, in_phases).await;
    let longest = if in_phases {
        Box::pin(place.roll(kind, database.url(), &load)).await
    } else {
        // What the old release sets may be gone behind it.
        load.is_old.store(false, Ordering::Relaxed);
        let plain = async { connection.batch_execute(kind.plain).await.expect(kind.plain) };
        (load.longest(plain).await, "it")
    };
    load.stop().await;
    longest
}

/// The schema before the change (0) or after it (1).
fn schema(kind: &Kind, side: usize) -> psl::Schema {
    let (name, key, beside) = (kind.names[side], kind.keys[side], kind.beside[side]);
    let fields = [kind.before, kind.after][side];
    let text = format!(
        "datasource db {{\n  provider = \"postgresql\"\n  url = env(\"U\")\n}}\n\n\
         model {name} {{\n  id {key}\n  n Int\n  {fields}\n}}\n\n{beside}\n"
    );
    let analysis = psl::analyze(vec![psl::SourceFile::new("schema.prisma", text)]);
    assert!(analysis.diagnostics.is_empty(), "{}: {:?}", kind.name, analysis.diagnostics);
    analysis.schema
}

fn fill(kind: &Kind, rows: u64) -> String {
    let column = kind.before.split_whitespace().next().unwrap_or_default();
    let value = match column {
        "price" => "i",
        // A month is some 450,000 rows.
        "at" => "timestamp '2026-01-01' + i * interval '6 s'",
        "level" => "(ARRAY['low', 'mid', 'high'])[1 + i % 3]::\"Level\"",
        _ => "'name ' || i",
    };
    let mut sql = format!(
        "INSERT INTO \"T\" (id, n, {column}) SELECT i, 0, {value} FROM generate_series(1, {rows}) i;VACUUM ANALYZE \"T\";"
    );
    if kind.beside[0].contains("model Owner") {
        let _ = write!(sql, "INSERT INTO \"Owner\" SELECT generate_series(1, {rows});");
    }
    sql
}

/// A folder of migrations of its own.
struct Place {
    root: PathBuf,
}

impl Place {
    fn new(kind: &Kind) -> Self {
        let name = format!("rollout-stalls-{}-{}", std::process::id(), kind.name.replace(' ', "-"));
        let root = std::env::temp_dir().join(name);
        let _ = std::fs::remove_dir_all(&root);
        std::fs::create_dir_all(&root).expect("a temporary folder can be made");
        Self { root }
    }

    fn folder(&self) -> Folder {
        Folder::read(&self.root).expect("it can be read")
    }

    async fn ready(&self, schema: &psl::Schema, url: &ConnectionUrl) -> Ready {
        let prepared = prepare(&self.folder(), schema, on(url), &mut |_| ()).await;
        match prepared.expect("it can be compared") {
            Prepared::Ready(ready) => ready,
            Prepared::ResetRequired(required) => panic!("{}", required.text()),
        }
    }

    /// An ordinary migration to a schema.
    async fn apply(&self, schema: &psl::Schema, url: &ConnectionUrl) {
        let next = self.ready(schema, url).await.next;
        self.write(url, "init", &[(SCRIPT, &next.script), (DOWN, &next.down)]).await;
    }

    async fn write(&self, url: &ConnectionUrl, title: &str, files: &[(&str, &str)]) {
        let folder = self.folder();
        let name = new_name(&folder, title, SystemTime::now());
        let options = Options::default();
        write_named(&folder, (&name, files), Some(&options), url, &mut |_| ())
            .await
            .expect("it can be applied");
    }

    /// A whole rollout.
    async fn roll(
        &self,
        kind: &Kind,
        url: &ConnectionUrl,
        load: &Load,
    ) -> (Duration, &'static str) {
        let after = schema(kind, 1);
        let ready = self.ready(&after, url).await;
        let name = new_name(&self.folder(), "change", SystemTime::now());
        let files = planned(kind, &ready, &after, &name[..14]);
        let files: Vec<(&str, &str)> =
            files.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let expand = load.longest(self.write(url, "change", &files)).await;
        let filled = load.longest(self.fill(url)).await;
        load.is_old.store(false, Ordering::Relaxed);
        tokio::time::sleep(QUIET + PAUSE * 5).await;
        let contracted = load.longest(Box::pin(self.contract(&after, url))).await;
        let all = [(expand, "expand"), (filled, "fill"), (contracted, "contract")];
        all.into_iter().max().unwrap_or_default()
    }

    async fn fill(&self, url: &ConnectionUrl) {
        let folder = self.folder();
        let applied: Vec<String> = folder.migrations().iter().map(|one| one.name.clone()).collect();
        let all = backfills(&folder, &applied, url.schema()).expect("they can be read");
        let (_stopper, stop) = backfill::stop();
        let options = backfill::Options::default();
        backfill::run(url, &all, &options, stop, &mut |_| ()).await.expect("it can be filled");
    }

    async fn contract(&self, schema: &psl::Schema, url: &ConnectionUrl) {
        let folder = self.folder();
        let rollout = &folder.rollouts()[0];
        let applied: Vec<String> = folder.migrations().iter().map(|one| one.name.clone()).collect();
        let connection = postgres::connect(url).await.expect("a connection");
        let found =
            standing(&connection, &folder, &[rollout], &applied, 0).await.expect("it is told");
        let found =
            obstacles(&connection, (&folder, rollout), &found[0], QUIET).await.expect("it is told");
        assert_eq!(found, Vec::new());
        let options = Options { quiet: Some(QUIET), ..Options::default() };
        let made = (SystemTime::now(), Some(&options));
        contract(&folder, rollout, schema, on(url), made, &mut |_| ()).await.expect("it ends");
    }
}

/// The files of the first phase.
fn planned(
    kind: &Kind,
    ready: &Ready,
    after: &psl::Schema,
    digits: &str,
) -> Vec<(&'static str, String)> {
    let (schemas, models) = (ready.schemas(), models(after));
    if kind.name == PARTITIONS {
        let wish = partition::Wish { schemas, model: &models[0], field: "at", digits };
        let plan = partition::plan(&wish).expect("it can be planned");
        return vec![
            (SCRIPT, plan.migration),
            (DOWN, plan.down),
            (ROLLOUT, plan.document.text()),
            (CONTRACT, plan.contract),
            (backfill::SCRIPT, plan.backfill),
        ];
    }
    let wanted: Vec<Wanted> =
        kind.renames.iter().map(|text| Wanted::parse(text).expect("a rename")).collect();
    let renames = resolve(&wanted, schemas, after).expect("they are known");
    let usings: Vec<Using> =
        kind.usings.iter().map(|text| Using::parse(text).expect("a using")).collect();
    let checks: Vec<CheckEntry> =
        kind.checks.iter().map(|text| CheckEntry::parse(text).expect("a check")).collect();
    let request = Request {
        schemas,
        renames: &renames,
        usings: &usings,
        checks: &checks,
        models: &models,
        digits,
    };
    let plan = plan(&request).expect("it can be planned").expect("it needs phases");
    vec![
        (SCRIPT, plan.migration),
        (DOWN, plan.down),
        (ROLLOUT, plan.document.text()),
        (CONTRACT, plan.contract),
    ]
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(Path::new(&self.root));
    }
}

fn on(url: &ConnectionUrl) -> Databases<'_> {
    Databases { main: url, shadow: None, cache: None }
}

/// Clients at work.
struct Load {
    longest: Arc<AtomicU64>,
    stop: Arc<AtomicBool>,
    /// Whether they write what changes its form.
    is_old: Arc<AtomicBool>,
    tasks: tokio::task::JoinSet<()>,
}

impl Load {
    async fn start(
        url: &ConnectionUrl,
        (clients, rows): (u64, u64),
        kind: &Kind,
        in_phases: bool,
    ) -> Self {
        let load = Self {
            longest: Arc::new(AtomicU64::new(0)),
            stop: Arc::new(AtomicBool::new(false)),
            is_old: Arc::new(AtomicBool::new(true)),
            tasks: tokio::task::JoinSet::new(),
        };
        let Self { longest, stop, is_old, mut tasks } = load;
        for number in 0..clients {
            let connection = postgres::connect(url).await.expect("a connection");
            let flags = (Arc::clone(&stop), Arc::clone(&is_old));
            let statements = statements(kind, number.is_multiple_of(2), in_phases);
            tasks.spawn(client(
                connection,
                (number, rows),
                statements,
                Arc::clone(&longest),
                flags,
            ));
        }
        Self { longest, stop, is_old, tasks }
    }

    /// The longest wait while something is done.
    async fn longest<T>(&self, work: impl Future<Output = T>) -> Duration {
        // What began before is over then.
        tokio::time::sleep(Duration::from_millis(300)).await;
        self.longest.store(0, Ordering::Relaxed);
        work.await;
        // And what waits now is counted.
        tokio::time::sleep(Duration::from_millis(100)).await;
        Duration::from_micros(self.longest.load(Ordering::Relaxed))
    }

    async fn stop(mut self) {
        self.stop.store(true, Ordering::Relaxed);
        while self.tasks.join_next().await.is_some() {}
    }
}

/// What a client sends: as the old release does, and as the new one. In one step no table may get another name for them.
fn statements(kind: &Kind, reads: bool, in_phases: bool) -> [String; 2] {
    let new_name = kind.names[usize::from(in_phases)];
    [(kind.names[0], kind.old), (new_name, "n = n + 1")].map(|(table, set)| {
        if reads {
            format!("SELECT n FROM \"{table}\" WHERE id = $1::int8")
        } else {
            format!("UPDATE \"{table}\" SET {set} WHERE id = $1::int8")
        }
    })
}

async fn client(
    connection: Connection,
    (number, rows): (u64, u64),
    statements: [String; 2],
    longest: Arc<AtomicU64>,
    (stop, is_old): (Arc<AtomicBool>, Arc<AtomicBool>),
) {
    // Each in a part of the table of its own, all over it.
    let mut key = number;
    while !stop.load(Ordering::Relaxed) {
        key = key.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(number + 1_442_695);
        let id = i64::try_from(key % rows).unwrap_or_default() + 1;
        let sql = &statements[usize::from(!is_old.load(Ordering::Relaxed))];
        let begin = Instant::now();
        let done = connection.query(sql, &[&id]).await;
        done.unwrap_or_else(|error| panic!("a client's statement: {error}\n{sql}"));
        let took = u64::try_from(begin.elapsed().as_micros()).unwrap_or(u64::MAX);
        longest.fetch_max(took, Ordering::Relaxed);
        tokio::time::sleep(PAUSE).await;
    }
}
