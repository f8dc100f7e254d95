//! The end: the new table takes the place of the old one, which then goes.
//!
//! In transactions of its own, because a server gives the locks of one back only when the files of what it has dropped are
//! gone. With a large table that takes a second, for which nobody could read the one that has its name now; nor any table
//! that it refers to, whose lock the drop of a foreign key needs.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use pg_schema::quote::{ident, literal};
use pg_schema::{ColumnDefault, Index};

use super::Script;

impl Script<'_> {
    pub(super) fn contract(&self) -> String {
        let namespace = self.interim.namespace.as_deref().unwrap_or_default();
        let retired = format!("{}.{}", ident(namespace), ident(&self.retired));
        self.guard()
            + &format!(
                include_str!("../swap.sql"),
                old = self.old,
                new = self.new,
                without_mirror = self.without_mirror("").trim_end(),
                sequences = self.sequences(),
                retired_name = ident(&self.retired),
                retired_text = literal(&retired),
                name = ident(&self.before.name.name),
                names = self.given_names(namespace).trim_end(),
                untied = self.untied(&retired),
                retired = retired,
            )
    }

    /// The foreign keys of the old table go before it, because others are kept from the tables that it refers to.
    fn untied(&self, retired: &str) -> String {
        let keys = &self.before.foreign_keys;
        if keys.is_empty() {
            return String::new();
        }
        let default = &self.wish.schemas.previous.default_namespace;
        let parents: BTreeSet<String> = keys
            .iter()
            .map(|key| {
                let parent = &key.referenced_table;
                format!("ONLY {}.{}", ident(parent.namespace_or(default)), ident(&parent.name))
            })
            .collect();
        let parents: Vec<String> = parents.into_iter().collect();
        let mut script = format!(
            "-- What keeps others from tables that it refers to is soon done, too.\nBEGIN;\n\
             LOCK TABLE {} IN SHARE UPDATE EXCLUSIVE MODE;\n",
            parents.join(", ")
        );
        for key in keys {
            let name = ident(&key.name);
            let _ = writeln!(script, "ALTER TABLE {retired} DROP CONSTRAINT IF EXISTS {name};");
        }
        script + "COMMIT;\n\n"
    }

    fn guard(&self) -> String {
        let Self { old, new, .. } = self;
        let mut body = String::new();
        for proof in self.proofs() {
            let _ = write!(
                body,
                "  IF EXISTS ({proof}) THEN\n    RAISE EXCEPTION 'rows of % are not in its partitions as they are', {}\n      \
                 USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'run it: cargo xtask backfill run';\n  END IF;\n",
                literal(old)
            );
        }
        format!(
            include_str!("../guard.sql"),
            old = old,
            new = new,
            old_text = literal(old),
            new_text = literal(new),
            digits = self.wish.digits,
            losses = self.losses(),
            proofs = body,
        )
    }

    /// The sequences that go along with their columns.
    fn sequences(&self) -> String {
        let mut statements = String::new();
        for column in &self.before.columns {
            if let Some(ColumnDefault::Autoincrement(Some(sequence))) = &column.default {
                let namespace =
                    sequence.namespace_or(&self.wish.schemas.previous.default_namespace);
                let _ = writeln!(
                    statements,
                    "ALTER SEQUENCE {}.{} OWNED BY {}.{};",
                    ident(namespace),
                    ident(&sequence.name),
                    self.new,
                    ident(&column.name)
                );
            }
        }
        statements
    }

    /// The key and the indexes get the names that they are to have.
    fn given_names(&self, namespace: &str) -> String {
        let mut statements = String::new();
        if let Some(key) = &self.after.primary_key {
            let _ = writeln!(
                statements,
                "ALTER TABLE {} RENAME CONSTRAINT {} TO {};",
                self.old,
                ident(self.renamed(&key.name)),
                ident(&key.name)
            );
        }
        for Index { name, .. } in &self.after.indexes {
            let _ = writeln!(
                statements,
                "ALTER INDEX {}.{} RENAME TO {};",
                ident(namespace),
                ident(self.renamed(name)),
                ident(name)
            );
        }
        statements
    }
}
