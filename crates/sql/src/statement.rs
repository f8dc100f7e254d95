//! A statement as data: what it does to which objects, and where each part of it stands.
//!
//! Read from squawk's tree, which is PostgreSQL's grammar up to 18 and bears mistakes. What it cannot read is [`Kind::Unknown`]
//! with its first words: never lost, and never guessed at. Names are folded as the server folds them; expressions and types stay
//! text.

mod code;
mod name;
mod object;
mod read;
mod table;
pub(crate) mod tree;

use std::ops::Range;

pub use code::Code;
pub use name::Name;
pub use object::{
    AlterType, CreateIndex, DomainAction, Drop, DropIndex, Function, Lock, LockMode, Object,
    Reindex, Rename, Set, Transaction, Vacuum, Verb, Write,
};
pub use table::{
    Action, ActionKind, AlterTable, Bounds, Column, Constraint, ConstraintKind, CreateTable,
    PartitionKey, Storage,
};

use crate::{Piece, split};

/// One statement of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// From its first word up to its semicolon, which is not part of it.
    pub range: Range<usize>,
    /// What it does.
    pub kind: Kind,
    /// Its words outside of parentheses, as [`Piece::words`] has them.
    pub words: Vec<String>,
    is_transactional: bool,
}

/// What a statement does.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// `CREATE TABLE`, also `… AS`, `… PARTITION OF` and `SELECT … INTO`.
    CreateTable(CreateTable),
    /// `ALTER TABLE`, save renames of the table itself.
    AlterTable(AlterTable),
    /// `ALTER … RENAME TO`, of anything.
    Rename(Rename),
    /// `CREATE INDEX`.
    CreateIndex(CreateIndex),
    /// `DROP INDEX`.
    DropIndex(DropIndex),
    /// `REINDEX`.
    Reindex(Reindex),
    /// `DROP` of anything else.
    Drop(Drop),
    /// `CREATE TYPE … AS ENUM`, with its values.
    CreateEnum {
        /// The type.
        name: Name,
        /// Its values, in order.
        values: Vec<String>,
    },
    /// `ALTER TYPE`.
    AlterType(AlterType),
    /// `CREATE DOMAIN`.
    CreateDomain {
        /// The type.
        name: Name,
        /// What it is made of, as written.
        ty: String,
        /// What its values have to fulfil.
        constraints: Vec<Constraint>,
    },
    /// `ALTER DOMAIN`, save renames of the domain itself.
    AlterDomain {
        /// The type.
        name: Name,
        /// What is done to it.
        action: DomainAction,
    },
    /// `CREATE` of a function, and what `ALTER` says of it as `CREATE` does.
    Function(Function),
    /// `CREATE` of anything else, and `ALTER` of what is no table: known, and rarely in anybody's way.
    Define {
        /// `CREATE` or `ALTER`.
        verb: Verb,
        /// Of which kind it is.
        object: Object,
        /// Its name, where it has one.
        name: Option<Name>,
        /// The table that a trigger, policy, rule or statistics object is of, or what a view's definition names first.
        table: Option<Name>,
    },
    /// `TRUNCATE`.
    Truncate {
        /// The tables.
        tables: Vec<Name>,
        /// Whether those that refer to them are emptied too.
        cascade: bool,
    },
    /// `INSERT`, `UPDATE`, `DELETE`, `MERGE`, `COPY … FROM`.
    Write(Write),
    /// `VACUUM`.
    Vacuum(Vacuum),
    /// `CLUSTER`, of one table or of all.
    Cluster {
        /// The table.
        table: Option<Name>,
    },
    /// `ANALYZE`.
    Analyze {
        /// The tables; none are all.
        tables: Vec<Name>,
    },
    /// `REFRESH MATERIALIZED VIEW`.
    Refresh {
        /// The view.
        view: Name,
        /// Whether readers go on meanwhile.
        concurrently: bool,
    },
    /// `LOCK TABLE`.
    Lock(Lock),
    /// `SET`, `RESET`, and `SELECT set_config(…)` of constants.
    Set(Set),
    /// `BEGIN`, `COMMIT` and their like.
    Transaction(Transaction),
    /// `COMMENT ON`.
    Comment,
    /// `GRANT`, `REVOKE`, `ALTER DEFAULT PRIVILEGES`.
    Privileges,
    /// `DO` and `CALL`: what can be read of the code.
    Code(Code),
    /// `SELECT`, `VALUES`, `TABLE`, `SHOW`, `EXPLAIN`.
    Query,
    /// Something else that the grammar knows.
    Other,
    /// Nothing that the grammar knows; the server decides.
    Unknown,
}

impl Statement {
    /// The statements of a file, in order.
    pub fn read(text: &str) -> Vec<Statement> {
        split(text).pieces.iter().map(|piece| Self::of(text, piece)).collect()
    }

    /// A piece of a file, read.
    pub fn of(text: &str, piece: &Piece) -> Statement {
        let end = piece.end(text);
        let range = piece.start..end;
        Statement {
            kind: read::kind(&text[range.clone()], piece),
            range,
            words: piece.words().to_vec(),
            is_transactional: piece.runs_in_transaction(),
        }
    }

    /// One that stands in another.
    fn within(kind: Kind, range: Range<usize>, piece: &Piece) -> Statement {
        let is_transactional = piece.runs_in_transaction();
        Statement { range, kind, words: piece.words().to_vec(), is_transactional }
    }

    /// Whether a server of this version (15 for 15.x) takes it inside a transaction block.
    pub fn is_transactional(&self, version: u32) -> bool {
        let is_value = matches!(&self.kind, Kind::AlterType(AlterType::AddValue { .. }));
        self.is_transactional && !(is_value && version < 12)
    }
}

#[cfg(test)]
mod tests;
