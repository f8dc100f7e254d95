//! Clients that read and write while migrations run, as the application would, and how long the longest of their
//! statements had to wait.
//!
//! A read looks for one row, a write changes one row to what it is. Before the migrations begin they run alone for a
//! moment, so that it can be told what is usual here. A statement that fails is one of a release that the migrations
//! break: a table or a column that is gone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::{Duration, Instant};

use postgres::{Connection, ConnectionUrl};
use tokio::task::JoinSet;

use crate::folder::Folder;
use crate::quoting::identifier;
use crate::{Error, deploy};

/// How many clients read, and how many write.
const CLIENTS: usize = 4;
/// How long they run alone.
const ALONE: Duration = Duration::from_millis(500);
/// What lies between two statements of a client.
const PAUSE: Duration = Duration::from_millis(2);

/// What clients met.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Load {
    /// How many read, and as many write.
    pub clients: usize,
    /// How many statements they ran while the migrations did.
    pub statements: u64,
    /// By table.
    pub stalls: Vec<Stall>,
}

/// The longest that clients had to wait for a statement on one table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stall {
    pub schema: String,
    pub table: String,
    pub read: Duration,
    pub write: Duration,
    /// What was the longest before the migrations began.
    pub usual_read: Duration,
    pub usual_write: Duration,
    /// How many statements failed, and what the server said to one of them.
    pub failed: u64,
    pub error: Option<String>,
}

type Table = (String, String);

/// Runs what is pending of the folder on `twin`, with clients on these tables.
pub(super) async fn meanwhile(
    twin: &ConnectionUrl,
    tables: BTreeSet<Table>,
    folder: &Folder,
) -> Result<Load, Error> {
    if tables.is_empty() {
        return Ok(Load::default());
    }
    let connection = postgres::connect(twin).await?;
    let mut targets = Vec::new();
    for table in tables {
        targets.push(Target::of(&connection, table).await?);
    }
    connection.close().await;
    let targets = Arc::new(targets);
    let phase = Arc::new(AtomicU8::new(Phase::Alone as u8));
    // Dropped, it ends them all.
    let mut clients = JoinSet::new();
    for number in 0..2 * CLIENTS {
        let connection = postgres::connect(twin).await?;
        let (targets, phase) = (Arc::clone(&targets), Arc::clone(&phase));
        clients.spawn(client(connection, number, targets, phase));
    }
    tokio::time::sleep(ALONE).await;
    phase.store(Phase::Meanwhile as u8, Ordering::Relaxed);
    let deployed = deploy::deploy(folder, twin, &mut |_| ()).await;
    phase.store(Phase::Over as u8, Ordering::Relaxed);
    let mut load = Load { clients: CLIENTS, ..Load::default() };
    let mut stalls: BTreeMap<Table, Stall> = BTreeMap::new();
    while let Some(Ok(met)) = clients.join_next().await {
        load.statements += met.statements;
        for ((schema, table), one) in met.stalls {
            let all = stalls.entry((schema.clone(), table.clone())).or_default();
            (all.schema, all.table) = (schema, table);
            all.read = all.read.max(one.read);
            all.write = all.write.max(one.write);
            all.usual_read = all.usual_read.max(one.usual_read);
            all.usual_write = all.usual_write.max(one.usual_write);
            all.failed += one.failed;
            all.error = all.error.take().or(one.error);
        }
    }
    deployed?;
    load.stalls = stalls.into_values().collect();
    Ok(load)
}

#[derive(Clone, Copy)]
enum Phase {
    Alone,
    Meanwhile,
    Over,
}

/// A table, and what clients say to it.
#[derive(Debug)]
struct Target {
    table: Table,
    read: String,
    /// None where no column can be written to.
    write: Option<String>,
}

impl Target {
    async fn of(connection: &Connection, table: Table) -> Result<Self, Error> {
        let name = format!("{}.{}", identifier(&table.0), identifier(&table.1));
        let column = "SELECT attname::text FROM pg_attribute
                      WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped
                        AND attgenerated = '' AND attidentity <> 'a'
                      ORDER BY attnum LIMIT 1";
        let column = connection.query_opt(column, &[&name]).await?;
        let write = column.map(|row| {
            let column = identifier(row.get(0));
            format!(
                "UPDATE {name} SET {column} = {column} WHERE ctid = (SELECT ctid FROM {name} LIMIT 1 OFFSET $1)"
            )
        });
        Ok(Self { read: format!("SELECT * FROM {name} LIMIT 1 OFFSET $1"), table, write })
    }
}

/// What one client met.
#[derive(Debug, Default)]
struct Met {
    statements: u64,
    stalls: BTreeMap<Table, Stall>,
}

async fn client(
    connection: Connection,
    number: usize,
    targets: Arc<Vec<Target>>,
    phase: Arc<AtomicU8>,
) -> Met {
    let mut met = Met::default();
    let (is_writer, row) = (number % 2 == 1, i64::try_from(number).unwrap_or_default());
    // Not all of them at the same table.
    let mut order = targets.iter().cycle().skip(number / 2);
    while phase.load(Ordering::Relaxed) != Phase::Over as u8 {
        let Some(target) = order.next() else { break };
        let sql = if is_writer { target.write.as_ref() } else { Some(&target.read) };
        let Some(sql) = sql else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        let began = Instant::now();
        // Prepared each time: a plan of before the migration would fail for that alone.
        let ran = connection.execute(sql, &[&row]).await;
        let took = began.elapsed();
        let is_alone = phase.load(Ordering::Relaxed) == Phase::Alone as u8;
        let stall = met.stalls.entry(target.table.clone()).or_default();
        let longest = match (is_writer, is_alone) {
            (false, true) => &mut stall.usual_read,
            (true, true) => &mut stall.usual_write,
            (false, false) => &mut stall.read,
            (true, false) => &mut stall.write,
        };
        *longest = took.max(*longest);
        met.statements += u64::from(!is_alone);
        if let Err(error) = ran {
            stall.failed += 1;
            stall.error.get_or_insert_with(|| error.to_string());
            if connection.is_closed() {
                break;
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
    connection.close().await;
    met
}
