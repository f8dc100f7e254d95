//! Every other statement that takes locks of tables.

use sql::statement::{Drop, Kind, LockMode as L, Name, Object, Reindex, Rename, Verb};

use super::{Build, Work};

impl Build<'_> {
    #[expect(clippy::too_many_lines, reason = "one table, kind by kind")]
    pub(super) fn other(&mut self, kind: &Kind) {
        match kind {
            Kind::CreateIndex(index) => {
                let lock = if index.concurrently { L::ShareUpdateExclusive } else { L::Share };
                let work = if index.only { Work::None } else { Work::Index };
                let is_there = index.if_not_exists
                    && index.name.as_ref().is_some_and(|name| self.catalog.index(name).is_some());
                let work = if is_there { Work::None } else { work };
                let is_divided =
                    self.catalog.table(&index.table).is_some_and(|table| table.is_partitioned);
                if index.only || !is_divided {
                    self.touch(&index.table, lock, work);
                } else {
                    self.touch_all(&index.table, lock, work);
                }
            }
            Kind::DropIndex(drop) => {
                let lock =
                    if drop.concurrently { L::ShareUpdateExclusive } else { L::AccessExclusive };
                for name in &drop.names {
                    // Of which table it is, is not always known.
                    match self.catalog.index(name).map(|index| index.table.clone()) {
                        Some(table) => self.touch(&table, lock, Work::None),
                        None => self.effect.is_opaque = true,
                    }
                }
            }
            Kind::Reindex(reindex) => self.reindex(reindex),
            Kind::Rename(rename) => self.rename(rename),
            Kind::Drop(drop) => self.drop(drop),
            Kind::Define { verb, object, name, table } => {
                let lock = match (verb, object) {
                    (Verb::Create, Object::Trigger) => L::ShareRowExclusive,
                    (_, Object::Trigger | Object::Policy | Object::Rule) => L::AccessExclusive,
                    (Verb::Create, Object::Statistics) => L::ShareUpdateExclusive,
                    (Verb::Alter, Object::MaterializedView | Object::ForeignTable) => {
                        L::AccessExclusive
                    }
                    _ => return,
                };
                let table = table.as_ref().or(name.as_ref());
                if let Some(table) = table {
                    self.touch(table, lock, Work::None);
                }
            }
            Kind::Truncate { tables, cascade } => {
                let mut all: Vec<_> =
                    tables.iter().map(|table| self.catalog.resolve(table)).collect();
                let mut at = 0;
                while at < all.len() {
                    let mut more = self.catalog.descendants(&all[at]);
                    if *cascade {
                        more.extend(self.catalog.referring(&all[at]));
                    }
                    for name in more {
                        if !all.contains(&name) {
                            all.push(name);
                        }
                    }
                    at += 1;
                }
                for table in all {
                    // A new file, which is empty: no row is written.
                    self.touch(&table, L::AccessExclusive, Work::None);
                }
            }
            Kind::Write(write) => {
                for write in write.all() {
                    let work = match write.verb {
                        Verb::Update if !write.has_where => Work::Rewrite,
                        Verb::Update | Verb::Delete | Verb::Merge => Work::Scan,
                        _ => Work::None,
                    };
                    self.touch_all(&write.table, L::RowExclusive, work);
                    for parent in self.catalog.referred(&write.table) {
                        if matches!(write.verb, Verb::Insert | Verb::Copy) {
                            self.touch(&parent, L::RowShare, Work::None);
                        }
                    }
                }
            }
            Kind::Vacuum(vacuum) => {
                for table in &vacuum.tables {
                    if vacuum.full {
                        self.touch_all(table, L::AccessExclusive, Work::Rewrite);
                    } else {
                        self.touch_all(table, L::ShareUpdateExclusive, Work::Scan);
                    }
                }
                self.effect.is_opaque |= vacuum.tables.is_empty();
            }
            Kind::Cluster { table: Some(table) } => {
                self.touch(table, L::AccessExclusive, Work::Rewrite);
            }
            Kind::Analyze { tables } => {
                for table in tables {
                    self.touch(table, L::ShareUpdateExclusive, Work::None);
                }
            }
            Kind::Refresh { view, concurrently } => {
                if *concurrently {
                    self.touch(view, L::Exclusive, Work::Scan);
                } else {
                    self.touch(view, L::AccessExclusive, Work::Rewrite);
                }
            }
            Kind::Lock(lock) => {
                for table in &lock.tables {
                    self.touch_all(table, lock.mode, Work::None);
                }
            }
            Kind::Unknown | Kind::Cluster { table: None } => {
                self.effect.is_opaque = true;
            }
            _ => {}
        }
    }

    fn reindex(&mut self, reindex: &Reindex) {
        let lock = if reindex.concurrently { L::ShareUpdateExclusive } else { L::Share };
        let table = match (reindex.target, &reindex.name) {
            (Object::Table, Some(name)) => Some(name.clone()),
            (Object::Index, Some(name)) => {
                self.catalog.index(name).map(|index| index.table.clone())
            }
            _ => None,
        };
        match table {
            Some(table) => self.touch_all(&table, lock, Work::Index),
            None => self.effect.is_opaque = true,
        }
    }

    fn rename(&mut self, rename: &Rename) {
        match rename.object {
            Object::Table | Object::View | Object::MaterializedView | Object::ForeignTable => {
                self.touch(&rename.from, L::AccessExclusive, Work::None);
            }
            // Since 12 the index alone is locked, and readers go on.
            Object::Index if self.version < 12 => self.effect.is_opaque = true,
            _ => {}
        }
    }

    fn drop(&mut self, drop: &Drop) {
        match drop.object {
            Object::Table => {
                for name in &drop.names {
                    let relatives = [
                        self.catalog.descendants(name),
                        self.catalog.referred(name),
                        self.catalog.referring(name),
                    ];
                    let parents = self.catalog.table(name).map(|table| {
                        // What inherits is dropped without its parents' leave; a partition is not.
                        let is_divided = |parent: &&Name| {
                            self.catalog.table(parent).is_some_and(|parent| parent.is_partitioned)
                        };
                        table.parents.iter().filter(is_divided).cloned().collect::<Vec<_>>()
                    });
                    self.touch(name, L::AccessExclusive, Work::None);
                    let parents = parents.unwrap_or_default();
                    // What belonged to it belongs there now.
                    let default =
                        parents.iter().find_map(|parent| self.catalog.default_partition(parent));
                    for table in relatives.into_iter().flatten().chain(parents).chain(default) {
                        self.touch(&table, L::AccessExclusive, Work::None);
                    }
                }
            }
            Object::View | Object::MaterializedView | Object::ForeignTable => {
                for name in &drop.names {
                    self.touch(name, L::AccessExclusive, Work::None);
                }
            }
            Object::Trigger | Object::Policy | Object::Rule => {
                if let Some(table) = &drop.table {
                    self.touch(table, L::AccessExclusive, Work::None);
                }
            }
            Object::Schema if drop.cascade => {
                let tables: Vec<_> = self.catalog.tables().map(|(name, _)| name.clone()).collect();
                for schema in &drop.names {
                    for table in &tables {
                        if table.schema.as_ref() == Some(&schema.name) {
                            self.touch(table, L::AccessExclusive, Work::None);
                        }
                    }
                }
                self.effect.is_opaque = true;
            }
            _ => self.effect.is_opaque |= drop.cascade,
        }
    }
}
