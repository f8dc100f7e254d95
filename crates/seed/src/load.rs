//! The profile `load`: schools, bookings and trip points without number, by COPY on several connections.
//!
//! A load is written in parts, each in a transaction of its own ([`plan`]). Whatever ends it, the parts that are there
//! are whole, and the same command goes on with the others: a part is there when its first row is. A part of which
//! somebody deleted that row alone is written row by row, keeping what is there.

mod plan;
mod progress;

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use client::prisma_client_rust::{quote, raw};
use client::{MODELS, PrismaClient, booking, org};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::setting::Setting;
use crate::summary::{Table, add};
use crate::write::{Way, Writer};
use crate::{Error, Options, Profile, Summary, identity};

pub use progress::Progress;

use plan::{Part, Plan};

/// How much a load is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Size {
    /// Schools.
    pub orgs: usize,
    /// Bookings of all schools together.
    pub bookings: usize,
    /// GPS readings of all lessons together.
    pub trip_points: usize,
    /// How many connections write side by side. `None` for one a processor.
    pub connections: Option<usize>,
}

impl Default for Size {
    fn default() -> Self {
        Self { orgs: 10, bookings: 10_000, trip_points: 1_000_000, connections: None }
    }
}

/// How many marks of parts are asked for at once.
const MARKS: usize = 1_000;

/// The most that one part may take, with a server that is busy with others.
const PART_TIMEOUT_MS: u64 = 1_800_000;

/// How long a part waits for a connection: as long as others may hold them.
const CONNECTION_TIMEOUT_MS: u64 = 120_000;

/// Writes the parts that are not there.
pub(crate) async fn seed(
    client: &PrismaClient,
    options: &Options,
    watch: &mut (dyn FnMut(&Progress) + Send),
) -> Result<Summary, Error> {
    let Options { profile, seed, ref size, .. } = *options;
    let now = crate::now_of(options, made_for(client, seed, size).await?)?;
    let setting = plan::setting(&Setting::new(Profile::Load, seed, now), size);
    let plan = Arc::new(Plan::new(setting, size)?);
    let schools = Batch::of(client, &plan, plan.schools()).await?;
    let bookings = Batch::of(client, &plan, plan.bookings()).await?;
    let parts = (schools.there + bookings.there, schools.all + bookings.all);
    let mut run = Run {
        client,
        plan: plan.clone(),
        connections: connections(client, size),
        watch,
        start: Instant::now(),
        progress: Progress {
            rows: schools.rows + bookings.rows,
            there: schools.rows_there + bookings.rows_there,
            done: 0,
            made: 0,
            took: Duration::ZERO,
        },
        tables: Vec::new(),
    };
    run.write(schools.missing).await?;
    run.write(bookings.missing).await?;
    let tables = run.tables;
    analyze(client, &tables).await?;
    Ok(Summary { profile, seed, now, tables, took: Duration::ZERO, parts: Some(parts) })
}

/// As many as are asked for, else as there are processors; no more than the client may open.
fn connections(client: &PrismaClient, size: &Size) -> usize {
    let processors = || std::thread::available_parallelism().map_or(1, usize::from);
    let most = client.pool().max_size().max(1);
    size.connections.unwrap_or_else(processors).clamp(1, most)
}

/// The now of the schools that are there: the first may be the one that is missing.
async fn made_for(
    client: &PrismaClient,
    seed: u64,
    size: &Size,
) -> Result<Option<DateTime<Utc>>, Error> {
    // Ids do not depend on the now that is looked for.
    let base = Setting::new(Profile::Load, seed, DateTime::UNIX_EPOCH);
    let setting = plan::setting(&base, size);
    for ids in plan::schools(&setting, size).chunks(MARKS) {
        let found = client.org().find_first(vec![org::id::in_vec(ids.to_vec())]).await?;
        if let Some(found) = found {
            return Ok(Some(identity::now_of(&setting, found.created_at.to_utc())));
        }
    }
    Ok(None)
}

/// Parts, and which of them are there.
struct Batch {
    missing: VecDeque<Part>,
    there: usize,
    all: usize,
    rows: usize,
    rows_there: usize,
}

impl Batch {
    async fn of(client: &PrismaClient, plan: &Plan, parts: Vec<Part>) -> Result<Self, Error> {
        let all = parts.len();
        let rows = parts.iter().map(|part| plan.rows(part)).sum();
        let mut missing = VecDeque::new();
        for parts in parts.chunks(MARKS) {
            let marks = parts.iter().map(|part| plan.mark(part)).collect();
            let there = there(client, &parts[0], marks).await?;
            let gone = parts.iter().filter(|part| !there.contains(&plan.mark(part)));
            missing.extend(gone.cloned());
        }
        let rows_missing: usize = missing.iter().map(|part| plan.rows(part)).sum();
        let there = all - missing.len();
        Ok(Self { missing, there, all, rows, rows_there: rows - rows_missing })
    }
}

/// Which of the marks are there, of parts that are like this one.
async fn there(
    client: &PrismaClient,
    like: &Part,
    marks: Vec<String>,
) -> Result<BTreeSet<String>, Error> {
    Ok(match like {
        Part::School { .. } => {
            let found = client.org().find_many(vec![org::id::in_vec(marks)]).await?;
            found.into_iter().map(|org| org.id).collect()
        }
        Part::Bookings { .. } => {
            let found = client.booking().find_many(vec![booking::id::in_vec(marks)]).await?;
            found.into_iter().map(|booking| booking.id).collect()
        }
    })
}

/// What is known while parts are written.
struct Run<'a> {
    client: &'a PrismaClient,
    plan: Arc<Plan>,
    connections: usize,
    watch: &'a mut (dyn FnMut(&Progress) + Send),
    start: Instant,
    progress: Progress,
    tables: Vec<Table>,
}

/// The parts that nobody has begun.
type Queue = Arc<Mutex<VecDeque<Part>>>;

/// A part that is written: its rows, about, and what became of each table.
type Done = (usize, Vec<Table>);

impl Run<'_> {
    /// Writes parts side by side. The first that fails is the last that is begun.
    async fn write(&mut self, parts: VecDeque<Part>) -> Result<(), Error> {
        let queue: Queue = Arc::new(Mutex::new(parts));
        let (done, mut written) = mpsc::channel::<Done>(self.connections);
        // Dropped with this future, it takes its tasks along: their transactions are rolled back.
        let mut workers = JoinSet::new();
        for _ in 0..self.connections {
            let (client, plan) = (self.client.clone(), self.plan.clone());
            workers.spawn(work(client, plan, queue.clone(), done.clone()));
        }
        drop(done);
        while let Some((rows, tables)) = written.recv().await {
            self.progress.done += rows;
            self.progress.made += tables.iter().map(|table| table.made).sum::<usize>();
            self.progress.took = self.start.elapsed();
            for table in tables {
                add(&mut self.tables, table);
            }
            (self.watch)(&self.progress);
        }
        let mut outcome = Ok(());
        while let Some(worker) = workers.join_next().await {
            let worker = worker.unwrap_or_else(|error| Err(Error::Interrupted(error.to_string())));
            outcome = outcome.and(worker);
        }
        outcome
    }
}

/// Writes one part after the other, until there are none.
async fn work(
    client: PrismaClient,
    plan: Arc<Plan>,
    queue: Queue,
    done: mpsc::Sender<Done>,
) -> Result<(), Error> {
    let waiting = || queue.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        let Some(part) = waiting().pop_front() else { return Ok(()) };
        let tables = match write(&client, &plan, &part, Way::Copying).await {
            Err(error) if error.code() == Some("P2002") => {
                write(&client, &plan, &part, Way::Keeping).await
            }
            tables => tables,
        };
        let tables = tables.inspect_err(|_| waiting().clear())?;
        // Nobody listens when all of it is being given up.
        if done.send((plan.rows(&part), tables)).await.is_err() {
            return Ok(());
        }
    }
}

async fn write(
    client: &PrismaClient,
    plan: &Plan,
    part: &Part,
    way: Way,
) -> Result<Vec<Table>, Error> {
    let transaction =
        client._transaction().with_timeout(PART_TIMEOUT_MS).with_max_wait(CONNECTION_TIMEOUT_MS);
    transaction
        .run(|client| async move {
            let mut writer = Writer::new(client, way);
            plan.write(part, &mut writer).await?;
            Ok(writer.finish())
        })
        .await
}

/// Tells the planner how large the tables are now, without waiting for autovacuum to notice.
async fn analyze(client: &PrismaClient, tables: &[Table]) -> Result<(), Error> {
    let made = |name: &str| tables.iter().any(|table| table.model == name && table.made > 0);
    let names = MODELS.iter().filter(|model| made(model.name)).map(|model| quote::table(model));
    let names: Vec<String> = names.collect();
    if !names.is_empty() {
        let statement = format!("ANALYZE {}", names.join(", "));
        client._execute_raw(raw!(&statement)).exec().await?;
    }
    Ok(())
}
