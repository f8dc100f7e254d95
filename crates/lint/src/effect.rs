//! What one statement does to the tables: how each is locked, and what is done to its rows meanwhile.
//!
//! Held over what a server does, statement by statement, by `proof.rs`: locks from `pg_locks`, rewrites from
//! `pg_class.relfilenode`, scans from the server's own debug messages.

mod alter;
mod cast;
mod other;
mod partition;

use sql::Statement;
use sql::statement::{Code, DomainAction, Kind, LockMode, Name};

use crate::Catalog;

/// What a statement does.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Effect {
    /// The tables that it locks, each once, in the order of the statement.
    pub touches: Vec<Touch>,
    /// Whether it may do more than is seen here: code, what a setting changes, a statement that is not known.
    pub is_opaque: bool,
}

/// What is done to one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Touch {
    /// The table, with its schema.
    pub table: Name,
    /// The strongest lock that it takes there, which it holds to the end of its transaction.
    pub lock: LockMode,
    /// What is done with its rows while the lock is held.
    pub work: Work,
    /// Whether the table is in use, as far as is known: not one that the same migration makes, nor one that a database says is
    /// empty.
    pub in_use: bool,
}

/// What takes time that grows with a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Work {
    /// Nothing does.
    None,
    /// Every row is read.
    Scan,
    /// Every row is read and put into an index.
    Index,
    /// Every row is written anew, and with it every index.
    Rewrite,
}

/// Who waits for a lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Blocks {
    /// Nobody who reads, writes or changes the table.
    Nothing,
    /// Whoever changes the table, and VACUUM.
    Changes,
    /// INSERT, UPDATE and DELETE besides.
    Writes,
    /// SELECT besides.
    Reads,
}

impl Blocks {
    /// Who waits while somebody holds this lock.
    pub fn of(lock: LockMode) -> Blocks {
        match lock {
            LockMode::AccessShare | LockMode::RowShare | LockMode::RowExclusive => Blocks::Nothing,
            LockMode::ShareUpdateExclusive => Blocks::Changes,
            LockMode::Share | LockMode::ShareRowExclusive | LockMode::Exclusive => Blocks::Writes,
            LockMode::AccessExclusive => Blocks::Reads,
        }
    }

    /// In words, to follow "blocks".
    pub fn words(self) -> &'static str {
        match self {
            Blocks::Nothing => "nobody",
            Blocks::Changes => "other changes of the table and VACUUM",
            Blocks::Writes => "all writes",
            Blocks::Reads => "all reads and writes",
        }
    }
}

/// PostgreSQL's name of a lock, as its documentation writes it.
pub fn lock_name(lock: LockMode) -> &'static str {
    match lock {
        LockMode::AccessShare => "ACCESS SHARE",
        LockMode::RowShare => "ROW SHARE",
        LockMode::RowExclusive => "ROW EXCLUSIVE",
        LockMode::ShareUpdateExclusive => "SHARE UPDATE EXCLUSIVE",
        LockMode::Share => "SHARE",
        LockMode::ShareRowExclusive => "SHARE ROW EXCLUSIVE",
        LockMode::Exclusive => "EXCLUSIVE",
        LockMode::AccessExclusive => "ACCESS EXCLUSIVE",
    }
}

/// What `statement` does where the schema is as `catalog` has it, on a server of this version (15 for 15.x). The catalog is
/// that before the statement.
pub fn effect(statement: &Statement, catalog: &Catalog, version: u32) -> Effect {
    let mut build = Build { catalog, version, only: false, effect: Effect::default() };
    match &statement.kind {
        Kind::AlterTable(alter) => build.alter(alter),
        Kind::CreateTable(table) => build.create_table(table),
        Kind::Code(code) => build.code(code),
        Kind::AlterDomain { name, action } => build.domain(name, action),
        other => build.other(other),
    }
    build.effect
}

struct Build<'a> {
    catalog: &'a Catalog,
    version: u32,
    /// Whether partitions and heirs are left as they are.
    only: bool,
    effect: Effect,
}

impl Build<'_> {
    /// Notes what is done to a table; of two locks of one table the stronger counts, and the greater work.
    fn touch(&mut self, table: &Name, lock: LockMode, work: Work) {
        let table = self.catalog.resolve(table);
        // A table that is divided has no rows of its own, but where not all that it is divided into is known it stands for it.
        let is_divided = self.catalog.table(&table).is_some_and(|table| table.is_partitioned);
        let is_elsewhere = is_divided && (self.only || !self.catalog.hides_partitions(&table));
        let work = if is_elsewhere { Work::None } else { work };
        if let Some(touch) = self.effect.touches.iter_mut().find(|touch| touch.table == table) {
            touch.lock = touch.lock.max(lock);
            touch.work = touch.work.max(work);
        } else {
            let in_use = !self.catalog.is_idle(&table);
            self.effect.touches.push(Touch { table, lock, work, in_use });
        }
    }

    /// What stands in code literally, taken one after the other.
    fn code(&mut self, code: &Code) {
        let mut so_far: Option<Catalog> = None;
        for (at, statement) in code.statements.iter().enumerate() {
            let inner = effect(statement, so_far.as_ref().unwrap_or(self.catalog), self.version);
            for touch in inner.touches {
                match self.effect.touches.iter_mut().find(|other| other.table == touch.table) {
                    Some(other) => {
                        other.lock = other.lock.max(touch.lock);
                        other.work = other.work.max(touch.work);
                    }
                    None => self.effect.touches.push(touch),
                }
            }
            self.effect.is_opaque |= inner.is_opaque;
            if at + 1 < code.statements.len() {
                let catalog = so_far.get_or_insert_with(|| self.catalog.clone());
                catalog.apply_perhaps(statement);
            }
        }
        self.effect.is_opaque |= !code.is_whole();
    }

    /// A new condition of a domain is looked for in every row of every table that has it, which keeps writers away: validating
    /// one does too.
    fn domain(&mut self, name: &Name, action: &DomainAction) {
        let reads = match action {
            DomainAction::AddConstraint(constraint) => !constraint.not_valid,
            DomainAction::ValidateConstraint { name: check } => {
                !self.catalog.is_validated(name, check)
            }
            DomainAction::SetNotNull => true,
            DomainAction::DropConstraint { .. }
            | DomainAction::DropNotNull
            | DomainAction::Default(_)
            | DomainAction::Other => false,
        };
        if reads {
            for table in self.catalog.using(name) {
                self.touch(&table, LockMode::Share, Work::Scan);
            }
        }
    }

    /// A table and what is divided or inherited from it.
    fn touch_all(&mut self, table: &Name, lock: LockMode, work: Work) {
        self.touch(table, lock, work);
        if self.only {
            return;
        }
        // Nothing is counted twice.
        let rest = if self.catalog.hides_partitions(table) { Work::None } else { work };
        for heir in self.catalog.descendants(table) {
            self.touch(&heir, lock, rest);
        }
    }
}
