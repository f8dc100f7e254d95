//! Indexes and keys. What is built over rows that are there is built once they are filled, and next to its users: indexes
//! CONCURRENTLY, foreign keys NOT VALID and then validated.

use pg_schema::{
    CreateIndex, ForeignKey, Index, IndexKeyPart, NameChange, ObjectName, Pair, PgSchema,
    PrimaryKey, Step, TableId, diff, quote, statements, with_names_changed,
};

use sql::Expression;

use super::names;
use super::planner::{Key, Later, Planner, PrimaryKeySwap};
use crate::FinishKind;

/// What is new for those who still write as before: a constraint that is not valid yet binds what is written.
pub(super) const AT_ONCE: &str = ", which what the old release writes has to meet from here on";

impl Planner<'_> {
    pub(super) fn find_indexes(&mut self, ids: Pair<TableId>) {
        let table = self.table(ids.previous).clone();
        let key = self.key(&table.name);
        let wanted = self.next.table_at(ids.next).clone();
        let by_hand = self.by_hand(ids.previous, &key);
        for index in &wanted.indexes {
            let moved = self.moved_index(&key, index);
            let columns = index.keys.iter().filter_map(|part| part.as_column());
            let is_moved = moved.predicate != index.predicate
                || columns.into_iter().any(|name| self.is_twinned(&key, name));
            let stays_by_hand = by_hand.iter().any(|hand| hand.name == index.name);
            if stays_by_hand || (!is_moved && self.has_index(ids, index)) {
                continue;
            }
            if !is_moved {
                let what = if index.unique { "unique" } else { "index" };
                self.tell_new(ids.previous, what, &index.columns().unwrap_or_default());
            }
            self.build(ids.previous, moved, !is_moved);
        }
        for index in by_hand {
            let name = index.name.clone();
            let interim = self.build(ids.previous, index, false);
            self.renames.push(format!(
                "ALTER INDEX {} RENAME TO {}",
                names::full(&table.name.sibling(interim), &self.base),
                quote::ident(&name)
            ));
        }
        self.find_primary_key(ids, &key, wanted.primary_key.as_ref());
    }

    /// Indexes that a schema file cannot say, over columns that get a twin: over those.
    fn by_hand(&mut self, id: TableId, key: &Key) -> Vec<Index> {
        let Some(twins) = self.twins.get(key).cloned() else { return Vec::new() };
        let table = self.table(id).clone();
        let changes: Vec<NameChange> = twins
            .into_iter()
            .map(|(from, to)| NameChange::Column { table: table.name.clone(), from, to })
            // All columns of such an enum get a twin of the other one, and constants are of the column's type.
            .chain(self.enums.iter().map(|((namespace, name), shrunk)| NameChange::Enum {
                from: ObjectName::qualified(namespace, name),
                to: shrunk.interim.name.clone(),
            }))
            .collect();
        let renamed = with_names_changed(&self.base, &changes);
        let renamed = renamed.table_at(id);
        for (check, moved) in table.checks.iter().zip(&renamed.checks) {
            if check.definition != moved.definition {
                self.move_check(id, &check.name, &moved.definition);
            }
        }
        let names_partial = self.next.names_partial_indexes;
        let pairs = table.indexes.iter().zip(&renamed.indexes);
        pairs
            .filter(|(index, moved)| {
                let is_by_hand = index.has_expression()
                    || !index.include.is_empty()
                    || (index.predicate.is_some() && !names_partial);
                index != moved && is_by_hand
            })
            .map(|(_, moved)| Index { constraint: None, valid: true, ..moved.clone() })
            .collect()
    }

    fn move_check(&mut self, id: TableId, name: &str, definition: &str) {
        let table = self.full(id);
        let checks = &self.table(id).checks;
        let interim = names::next(name, |name| checks.iter().any(|check| check.name == name));
        let definition = definition.trim_end_matches(" NOT VALID");
        let quoted = quote::ident(&interim).to_string();
        self.own
            .push(format!("ALTER TABLE {table} ADD CONSTRAINT {quoted} {definition} NOT VALID"));
        let validate = format!("ALTER TABLE {table} VALIDATE CONSTRAINT {quoted}");
        self.finishes.push(Later {
            kind: FinishKind::Validate,
            table: id,
            name: interim.clone(),
            sql: validate.clone(),
            again: validate,
        });
        self.renames.push(format!(
            "ALTER TABLE {table} RENAME CONSTRAINT {quoted} TO {}",
            quote::ident(name)
        ));
    }

    fn moved_index(&self, key: &Key, index: &Index) -> Index {
        let mut moved = index.clone();
        for part in &mut moved.keys {
            if let IndexKeyPart::Column(name) = &mut part.part {
                *name = self.interim(key, name).to_owned();
            }
        }
        for name in &mut moved.include {
            *name = self.interim(key, name).to_owned();
        }
        if let Some(predicate) = &mut moved.predicate
            && let Ok(read) = Expression::read(predicate)
            && read.columns.iter().any(|column| self.is_twinned(key, &column.name))
        {
            *predicate = read.rewritten(predicate, |column| {
                quote::ident(self.interim(key, &column.name)).to_string()
            });
        }
        moved
    }

    fn moved(&self, key: &Key, columns: &[String]) -> Vec<String> {
        columns.iter().map(|name| self.interim(key, name).to_owned()).collect()
    }

    /// Whether the table has the index already, under whatever name.
    fn has_index(&self, ids: Pair<TableId>, index: &Index) -> bool {
        let mut wanted = self.table(ids.previous).clone();
        wanted.indexes = vec![index.clone()];
        let only = |table| PgSchema { tables: vec![table], ..self.next.clone() };
        let schemas = (only(self.table(ids.previous).clone()), only(wanted));
        let previous = PgSchema { is_desired: false, ..schemas.0 };
        let pair = Pair::new(&previous, &schemas.1);
        !diff(pair).iter().any(|step| matches!(step, Step::CreateIndex(_)))
    }

    fn tell_new(&mut self, id: TableId, what: &str, columns: &[&str]) {
        let table = self.shown(&self.table(id).name);
        self.summary.push(format!("new {what} ({}) of {table}", names::idents(columns)));
    }

    /// Has an index built after the fill. Returns what it is called until the contract.
    fn build(&mut self, id: TableId, index: Index, outlives_down: bool) -> String {
        let table = self.table(id).clone();
        if self.is_partitioned(id) {
            let what = format!(
                "The index {} cannot be built beside the users of {}, which has partitions.",
                quote::ident(&index.name),
                self.shown(&table.name)
            );
            self.refuse(
                what,
                "make it by hand first: CREATE INDEX … ON ONLY the table, CONCURRENTLY on each partition, then ALTER INDEX … \
                 ATTACH PARTITION; a migration that says so counts",
            );
        }
        let namespace = table.name.namespace_or(&self.base.default_namespace).to_owned();
        let is_taken = |name: &str| {
            self.base.has_name(&namespace, name)
                || self.indexes.iter().any(|(_, other)| other.name == name)
        };
        let name = if is_taken(&index.name) {
            let wanted = |name: &str| self.next.has_name(&namespace, name);
            names::next(&index.name, |name| is_taken(name) || wanted(name))
        } else {
            index.name.clone()
        };
        if name != index.name && table.indexes.iter().any(|known| known.name == index.name) {
            self.replaced.push((id, index.name.clone()));
        }
        let index = Index { name: name.clone(), ..index };
        let (sql, again) = beside(&self.create_index(id, &index));
        let kind = FinishKind::Index;
        self.finishes.push(Later { kind, table: id, name: name.clone(), sql, again });
        if outlives_down {
            let index = names::full(&table.name.sibling(&name), &self.base);
            self.undo_indexes.push(format!("DROP INDEX IF EXISTS {index}"));
        }
        self.indexes.push((id, index));
        name
    }

    pub(super) fn create_index(&self, id: TableId, index: &Index) -> String {
        let mut table = self.table(id).clone();
        table.indexes = vec![index.clone()];
        let is_desired =
            index.keys.iter().all(|key| key.ops.as_ref().is_none_or(|ops| !ops.is_default));
        let schema = PgSchema { tables: vec![table.clone()], is_desired, ..self.base.clone() };
        let Some(id) = schema.table_id(&table.name) else { return String::new() };
        let step = Step::CreateIndex(CreateIndex {
            previous_table: None,
            index: id.index(0),
            recreated: false,
        });
        statements(&step, Pair::new(&schema, &schema)).concat()
    }

    fn find_primary_key(&mut self, ids: Pair<TableId>, key: &Key, wanted: Option<&PrimaryKey>) {
        let Some(wanted) = wanted else { return };
        let old = self.table(ids.previous).primary_key.clone();
        let columns = self.moved(key, &wanted.columns);
        if old.as_ref().is_some_and(|old| old.columns == columns) {
            return;
        }
        let refs: Vec<&str> = columns.iter().map(String::as_str).collect();
        if !wanted.columns.iter().any(|name| self.is_twinned(key, name)) {
            self.tell_new(ids.previous, "primary key", &refs);
        }
        let index =
            self.build(ids.previous, Index::unique(&wanted.name, &refs), columns == wanted.columns);
        // It becomes the key's, and is none of the table's any more.
        self.indexes.retain(|(_, other)| other.name != index);
        let old = old.map(|old| old.name);
        let swap = PrimaryKeySwap { old, name: wanted.name.clone(), index, columns };
        self.primary_keys.push((ids.previous, swap));
    }

    pub(super) fn find_foreign_keys(&mut self, pairs: &[Pair<TableId>]) {
        for next_id in self.next.table_ids() {
            let wanted = self.next.table_at(next_id).clone();
            let key = self.key(&wanted.name);
            let previous = pairs.iter().find(|ids| ids.next == next_id).map(|ids| ids.previous);
            for foreign in &wanted.foreign_keys {
                let other = self.key(&foreign.referenced_table);
                let moved = ForeignKey {
                    columns: self.moved(&key, &foreign.columns),
                    referenced_columns: self.moved(&other, &foreign.referenced_columns),
                    ..foreign.clone()
                };
                self.find_foreign_key(previous, &wanted.name, foreign, moved);
            }
        }
    }

    fn find_foreign_key(
        &mut self,
        previous: Option<TableId>,
        name: &ObjectName,
        wanted: &ForeignKey,
        moved: ForeignKey,
    ) {
        let is_possible = self.has_target(&moved);
        let Some(id) = previous else {
            // The table is new and has no rows.
            let Some(id) = self.expanded.table_id(name) else { return };
            if is_possible {
                self.expanded.table_at_mut(id).foreign_keys.push(moved);
            } else {
                self.add_key(id, moved, false);
            }
            return;
        };
        let table = self.table(id).clone();
        let is_there = table.foreign_keys.iter().any(|known| {
            known.columns == moved.columns
                && known.referenced_columns == moved.referenced_columns
                && self.key(&known.referenced_table) == self.key(&moved.referenced_table)
                && (known.on_delete, known.on_update) == (moved.on_delete, moved.on_update)
        });
        if is_there {
            return;
        }
        if self.is_partitioned(id) {
            let what = format!(
                "The foreign key {} of {} cannot come without a look at all rows: the table has partitions.",
                quote::ident(&wanted.name),
                self.shown(&table.name)
            );
            self.refuse(what, "add it by an ordinary migration, at a quiet hour");
            return;
        }
        let (key, other) = (self.key(name), self.key(&wanted.referenced_table));
        let is_new = !wanted.columns.iter().any(|it| self.is_twinned(&key, it))
            && !wanted.referenced_columns.iter().any(|it| self.is_twinned(&other, it));
        if is_new {
            self.summary.push(format!(
                "new foreign key ({}) of {} to {}{AT_ONCE}",
                names::idents(&wanted.columns),
                self.shown(&table.name),
                self.shown(&wanted.referenced_table)
            ));
        }
        self.add_key(id, moved, is_possible);
    }

    /// Adds a foreign key with the expand, or after the fill where it needs what is built then.
    fn add_key(&mut self, id: TableId, moved: ForeignKey, is_possible: bool) {
        let table = self.expanded.table_at(id);
        let is_taken = |name: &str| {
            table.foreign_keys.iter().any(|key| key.name == name)
                || table.checks.iter().any(|check| check.name == name)
                || self.keys.iter().any(|(of, key)| *of == id && key.name == name)
        };
        let key_name = if is_taken(&moved.name) {
            names::next(&moved.name, is_taken)
        } else {
            moved.name.clone()
        };
        let moved = ForeignKey { name: key_name.clone(), ..moved };
        let (table, quoted) = (self.full(id), quote::ident(&key_name).to_string());
        let add = self.add_foreign_key(id, &moved) + " NOT VALID";
        // Columns do not go while keys of other tables refer to them.
        self.undo.push(format!("ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {quoted}"));
        if is_possible {
            self.own.push(add);
        } else {
            let again = format!(
                "DO $key$\nBEGIN\n  IF NOT EXISTS (\n    SELECT FROM pg_catalog.pg_constraint AS c\n    WHERE c.conrelid = {}::regclass AND \
                 c.conname = {}\n  ) THEN\n    {add};\n  END IF;\nEND\n$key$",
                quote::literal(&table),
                quote::literal(&key_name)
            );
            self.finishes.push(Later {
                kind: FinishKind::Constraint,
                table: id,
                name: key_name.clone(),
                sql: add,
                again,
            });
        }
        let validate = format!("ALTER TABLE {table} VALIDATE CONSTRAINT {quoted}");
        self.finishes.push(Later {
            kind: FinishKind::Validate,
            table: id,
            name: key_name,
            sql: validate.clone(),
            again: validate,
        });
        self.keys.push((id, moved));
    }

    /// Whether what a key refers to is unique as soon as the expand is done.
    fn has_target(&self, key: &ForeignKey) -> bool {
        let is_new = self.base.table_id(&key.referenced_table).is_none();
        is_new || self.has_target_before(key)
    }

    fn has_target_before(&self, key: &ForeignKey) -> bool {
        let Some(id) = self.base.table_id(&key.referenced_table) else { return false };
        let table = self.base.table_at(id);
        let same = |columns: &[&str]| {
            columns.len() == key.referenced_columns.len()
                && columns.iter().all(|name| key.referenced_columns.iter().any(|it| it == name))
        };
        let primary = table
            .primary_key
            .as_ref()
            .is_some_and(|it| same(&it.columns.iter().map(String::as_str).collect::<Vec<_>>()));
        primary
            || table.indexes.iter().any(|index| {
                index.unique
                    && index.predicate.is_none()
                    && index.columns().is_some_and(|columns| same(&columns))
            })
    }

    fn add_foreign_key(&self, id: TableId, key: &ForeignKey) -> String {
        let mut table = self.expanded.table_at(id).clone();
        table.foreign_keys = vec![key.clone()];
        let schema = PgSchema { tables: vec![table.clone()], ..self.base.clone() };
        let Some(id) = schema.table_id(&table.name) else { return String::new() };
        statements(&Step::AddForeignKey(id.foreign_key(0)), Pair::new(&schema, &schema)).concat()
    }
}

/// How an index is built beside the users of its table, and how where it may be there already.
pub(super) fn beside(create_index: &str) -> (String, String) {
    let (kind, rest) = match create_index.strip_prefix("CREATE UNIQUE INDEX ") {
        Some(rest) => ("UNIQUE INDEX", rest),
        _ => ("INDEX", create_index.strip_prefix("CREATE INDEX ").unwrap_or(create_index)),
    };
    (format!("CREATE {kind} CONCURRENTLY {rest}"), format!("CREATE {kind} IF NOT EXISTS {rest}"))
}
