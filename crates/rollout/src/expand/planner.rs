//! What the planner knows and has decided so far. Finding is in `enums`, `columns`, `keys`, `checks` and `tables`; writing is in
//! `script`.

use std::collections::{BTreeMap, BTreeSet};

use pg_schema::{
    ForeignKey, Index, NameChange, ObjectName, Pair, Partitioning, PgSchema, Rename, Renamed,
    Table, TableId, quote,
};

use super::names::full;
use super::trigger::Common;
use super::unit::Unit;
use super::{Model, Reason, Request, Using};
use crate::FinishKind;

/// A name with its namespace.
pub(super) type Key = (String, String);

pub(super) struct Planner<'a> {
    pub(super) request: &'a Request<'a>,
    pub(super) common: Common<'a>,
    /// The changes of names that the expand makes: those of tables.
    pub(super) names: Vec<NameChange>,
    /// What is there, once tables have their new names.
    pub(super) base: PgSchema,
    pub(super) next: PgSchema,
    /// What is there after the expand, as far as ordinary steps make it.
    pub(super) expanded: PgSchema,
    pub(super) enums: BTreeMap<Key, Shrunk>,
    pub(super) tables: BTreeMap<TableId, Work>,
    /// Columns of the next schema with what they are called until the contract, by their tables.
    pub(super) interim: BTreeMap<Key, BTreeMap<String, String>>,
    /// Old columns and what is in their place, by their tables.
    pub(super) twins: BTreeMap<Key, BTreeMap<String, String>>,
    /// `--using`, by table and by column: the new name of one that stays or comes, the old one of one that goes.
    usings: BTreeMap<(Key, String), &'a Using>,
    used: BTreeSet<(Key, String)>,
    pub(super) reasons: Vec<Reason>,
    /// Columns for which an expression is missing, by table and column.
    pub(super) needs: Vec<(Key, String)>,
    /// Columns for which one could be said.
    pub(super) takers: Vec<(Key, String)>,
    pub(super) summary: Vec<String>,
    pub(super) retires: Vec<String>,
    /// Statements of the expand after the ordinary ones.
    pub(super) own: Vec<String>,
    /// Statements that take back what the ordinary way back does not know of.
    pub(super) undo: Vec<String>,
    /// The same of indexes, which keys may need.
    pub(super) undo_indexes: Vec<String>,
    /// Indexes that only the fills need.
    pub(super) lookups: Vec<Later>,
    pub(super) finishes: Vec<Later>,
    /// Indexes and keys that are there beside the expanded schema when the fill is done.
    pub(super) indexes: Vec<(TableId, Index)>,
    pub(super) keys: Vec<(TableId, ForeignKey)>,
    /// Indexes that give way to others of their names.
    pub(super) replaced: Vec<(TableId, String)>,
    /// Columns, as they are called in between, that are required in the end, with the check that says so already.
    pub(super) required: Vec<(TableId, String, String)>,
    pub(super) primary_keys: Vec<(TableId, PrimaryKeySwap)>,
    /// `ALTER … RENAME` of what the diff looks past.
    pub(super) renames: Vec<String>,
    pub(super) dropped_tables: Vec<TableId>,
    checks: usize,
}

/// An enum that loses values: its columns get another one in between.
#[derive(Debug, Clone)]
pub(super) struct Shrunk {
    pub(super) interim: ObjectName,
    pub(super) removed: Vec<String>,
    /// Values that are only called otherwise.
    pub(super) renamed: BTreeMap<String, String>,
}

/// What is to be done to a table that stays.
#[derive(Debug, Default)]
pub(super) struct Work {
    pub(super) units: Vec<Unit>,
    pub(super) mends: Vec<Further>,
    pub(super) retired: Vec<String>,
}

/// A fill that no trigger goes on with.
#[derive(Debug)]
pub(super) struct Further {
    /// A column and what it gets, over `t`.
    pub(super) column: String,
    pub(super) value: String,
    /// Which rows get it.
    pub(super) pending: String,
    /// Whether there may be no such row at the contract.
    pub(super) is_proven: bool,
}

/// Something that is done once the fill is, and repeated at the contract.
#[derive(Debug)]
pub(super) struct Later {
    pub(super) kind: FinishKind,
    pub(super) table: TableId,
    pub(super) name: String,
    pub(super) sql: String,
    /// The same at the contract, where it may have been done.
    pub(super) again: String,
}

#[derive(Debug)]
pub(super) struct PrimaryKeySwap {
    pub(super) old: Option<String>,
    pub(super) name: String,
    pub(super) index: String,
    pub(super) columns: Vec<String>,
}

impl<'a> Planner<'a> {
    pub(super) fn new(request: &'a Request<'a>) -> Self {
        let tables: Vec<Rename> =
            request.renames.iter().filter(|it| matches!(it, Rename::Table(_))).copied().collect();
        let renamed = Renamed::new(request.schemas, &tables);
        let full_names = |schema: &PgSchema| PgSchema { names_in_full: true, ..schema.clone() };
        let base = full_names(&renamed.previous);
        let expanded = PgSchema {
            is_desired: true,
            names_partial_indexes: true,
            names_in_full: false,
            ..base.clone()
        };
        let mut path = vec!["pg_catalog".to_owned(), base.default_namespace.clone()];
        let extensions = base.extensions.iter().filter_map(|extension| extension.schema.clone());
        path.extend(base.namespaces.iter().cloned().chain(extensions));
        let mut seen = BTreeSet::new();
        path.retain(|schema| seen.insert(schema.clone()));
        let path: Vec<String> = path.iter().map(|it| quote::ident(it).to_string()).collect();
        Self {
            request,
            common: Common {
                digits: request.digits,
                search_path: format!("{}, pg_temp", path.join(", ")),
                is_noted: false,
                has_conflicts: false,
            },
            names: renamed.changes,
            base,
            next: full_names(request.schemas.next),
            expanded,
            enums: BTreeMap::new(),
            tables: BTreeMap::new(),
            interim: BTreeMap::new(),
            twins: BTreeMap::new(),
            usings: BTreeMap::new(),
            used: BTreeSet::new(),
            reasons: Vec::new(),
            needs: Vec::new(),
            takers: Vec::new(),
            summary: Vec::new(),
            retires: Vec::new(),
            own: Vec::new(),
            undo: Vec::new(),
            undo_indexes: Vec::new(),
            lookups: Vec::new(),
            finishes: Vec::new(),
            indexes: Vec::new(),
            keys: Vec::new(),
            replaced: Vec::new(),
            required: Vec::new(),
            primary_keys: Vec::new(),
            renames: Vec::new(),
            dropped_tables: Vec::new(),
            checks: 0,
        }
    }

    /// Finds all that is to be done. `bare` is the column that `--using EXPR` is for.
    pub(super) fn find(&mut self, bare: Option<&(Key, String)>) {
        self.take_usings(bare);
        self.find_table_names();
        self.find_enums();
        self.find_additions();
        let pairs = self.table_pairs();
        for ids in &pairs {
            self.find_interim_names(*ids);
        }
        for ids in &pairs {
            self.find_columns(*ids);
        }
        for ids in &pairs {
            self.find_indexes(*ids);
        }
        self.find_foreign_keys(&pairs);
        self.find_checks();
        self.find_dropped_tables(&pairs);
        for (key, using) in &self.usings {
            if !self.used.contains(key)
                && let Some((model, field)) = &using.field
            {
                self.reasons.push(Reason {
                    what: format!("Nothing that changes is in need of --using {model}.{field}=…."),
                    help: "leave it out, or look at the name: it is that of a field that changes, or of a column that goes"
                        .to_owned(),
                });
            }
        }
    }

    fn take_usings(&mut self, bare: Option<&(Key, String)>) {
        let request = self.request;
        for using in request.usings {
            let target = match &using.field {
                None => bare.cloned(),
                Some((model, field)) => {
                    let Some(model) = request.models.iter().find(|known| known.name == *model)
                    else {
                        self.reasons.push(Reason {
                            what: format!(
                                "--using {model}.{field}: the schema has no model {model}."
                            ),
                            help: "the model of a renamed table is the new one".to_owned(),
                        });
                        continue;
                    };
                    let column = model.fields.iter().find(|(name, _)| name == field);
                    let column = column.map_or(field, |(_, column)| column);
                    Some((self.key(&model.table), column.clone()))
                }
            };
            if let Some(target) = target
                && self.usings.insert(target, using).is_some()
            {
                self.reasons.push(Reason {
                    what: "--using is given twice for one column.".to_owned(),
                    help: "leave one of them out".to_owned(),
                });
            }
        }
    }

    /// The expression that is given for a column.
    pub(super) fn using(&mut self, table: &Key, column: &str) -> Option<&'a str> {
        let key = (table.clone(), column.to_owned());
        let using = self.usings.get(&key)?;
        self.used.insert(key);
        Some(&using.expression)
    }

    pub(super) fn has_using(&self, table: &Key, column: &str) -> bool {
        self.usings.contains_key(&(table.clone(), column.to_owned()))
    }

    pub(super) fn key(&self, name: &ObjectName) -> Key {
        (name.namespace_or(&self.base.default_namespace).to_owned(), name.name.clone())
    }

    /// Tables that stay, each with what it is to be.
    fn table_pairs(&self) -> Vec<Pair<TableId>> {
        self.base
            .table_ids()
            .filter_map(|id| {
                let name = &self.base.table_at(id).name;
                Some(Pair::new(id, self.next.table_id(name)?))
            })
            .collect()
    }

    /// A schema for which types are written out.
    pub(super) fn types(&self) -> PgSchema {
        PgSchema {
            default_namespace: self.base.default_namespace.clone(),
            names_in_full: true,
            ..PgSchema::default()
        }
    }

    pub(super) fn table(&self, id: TableId) -> &Table {
        self.base.table_at(id)
    }

    /// The table's name in scripts.
    pub(super) fn full(&self, id: TableId) -> String {
        full(self.name(id), &self.base)
    }

    /// The name of a table, which may be one that the expand makes.
    pub(super) fn name(&self, id: TableId) -> &ObjectName {
        &self.expanded.table_at(id).name
    }

    /// The table's name for people.
    pub(super) fn shown(&self, name: &ObjectName) -> String {
        quote::object(name, &self.base.default_namespace)
    }

    pub(super) fn model(&self, table: &Key) -> Option<&'a Model> {
        let models = self.request.models;
        models.iter().find(|model| self.key(&model.table) == *table)
    }

    /// `Model.field`, as it is typed after `--using`.
    pub(super) fn field(&self, table: &Key, column: &str) -> String {
        // As `--using` reads them.
        let word = |name: &str| {
            let is_word = name.chars().all(|char| char.is_alphanumeric() || char == '_');
            if is_word { name.to_owned() } else { quote::ident(name).to_string() }
        };
        let Some(model) = self.model(table) else {
            return format!("{}.{}", word(&table.1), word(column));
        };
        let field = model.fields.iter().find(|(_, known)| known == column);
        format!("{}.{}", word(&model.name), word(field.map_or(column, |(field, _)| field)))
    }

    pub(super) fn refuse(&mut self, what: String, help: impl Into<String>) {
        self.reasons.push(Reason { what, help: help.into() });
    }

    /// An expression is missing.
    pub(super) fn ask(&mut self, table: &Key, column: &str, what: String, example: &str) {
        self.needs.push((table.clone(), column.to_owned()));
        let flag = format!("{}={example}", self.field(table, column));
        self.reasons.push(Reason {
            what,
            help: format!(
                "say it: cargo xtask migrate dev --zero-downtime … --using {}",
                shell(&flag)
            ),
        });
    }

    pub(super) fn work(&mut self, id: TableId) -> &mut Work {
        self.tables.entry(id).or_default()
    }

    /// A name for a check of the rollout's own.
    pub(super) fn own_name(&mut self) -> String {
        self.checks += 1;
        format!("rollout_{}_{}", self.request.digits, self.checks)
    }

    /// What a column of the next schema is called in between.
    pub(super) fn interim<'s>(&'s self, table: &Key, column: &'s str) -> &'s str {
        self.interim.get(table).and_then(|names| names.get(column)).map_or(column, String::as_str)
    }

    /// Whether a column of the next schema is one that there is beside an old one.
    pub(super) fn is_twinned(&self, table: &Key, column: &str) -> bool {
        let interim = self.interim(table, column);
        self.twins.get(table).is_some_and(|twins| twins.values().any(|new| new == interim))
    }

    /// Whether a table is of a kind on which nothing can be built while it is in use.
    pub(super) fn is_partitioned(&self, id: TableId) -> bool {
        self.table(id).partitioning == Partitioning::Partitioned
    }
}

/// As it is typed: in single quotes.
pub(super) fn shell(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}
