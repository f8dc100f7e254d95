//! The files of a rollout that ends in a partitioned table. Pure.

mod contract;
mod obstacles;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use pg_schema::quote::{ident, literal};
use pg_schema::{
    Index, IndexConstraint, ObjectName, Pair, PgSchema, Step, Table, diff, statements,
};

use self::obstacles::{obstacles, reason, table_of};
use super::losses;
use crate::{Document, Model, Reason, Refusal};

/// How many months ahead there are partitions from the beginning.
const AHEAD: u32 = 3;
/// Rows from before so many months go into the partition of all the rest.
const BACK: u32 = 120;

/// What is wished for.
#[derive(Debug, Clone, Copy)]
pub struct Wish<'a> {
    /// What the migrations make, and what the schema file asks for.
    pub schemas: Pair<&'a PgSchema>,
    pub model: &'a Model,
    /// The field by whose months the partitions are.
    pub field: &'a str,
    /// The first 14 characters of the migration's name.
    pub digits: &'a str,
}

/// The files, by what they say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partitions {
    pub migration: String,
    pub down: String,
    pub backfill: String,
    pub contract: String,
    pub document: Document,
    /// The table, as SQL.
    pub table: String,
    /// The query for what a database has of it that would be lost.
    pub(super) losses: String,
}

/// Plans it.
///
/// Fails where a partitioned table cannot be what the table is, or the schema file does not ask for the key that it needs;
/// the refusal says exactly what to write there.
pub fn plan(wish: &Wish<'_>) -> Result<Partitions, Refusal> {
    let before = table_of(wish.schemas.previous, &wish.model.table);
    let after = table_of(wish.schemas.next, &wish.model.table);
    let column = wish.model.fields.iter().find(|(field, _)| field == wish.field);
    let (Some(before), Some(after), Some((_, column))) = (before, after, column) else {
        let what = match column {
            None => format!("{} has no field {}.", wish.model.name, wish.field),
            Some(_) => format!("The table of {} is not made by a migration yet.", wish.model.name),
        };
        return Err(refusal(vec![reason(&what, "cargo xtask migrate dev")]));
    };
    let reasons = obstacles(wish, before, after, column);
    if !reasons.is_empty() {
        return Err(refusal(reasons));
    }
    Ok(Script::new(wish, before, after, column).files())
}

fn refusal(reasons: Vec<Reason>) -> Refusal {
    Refusal { reasons }
}

/// Names, as SQL, from which the scripts are made.
struct Script<'a> {
    wish: &'a Wish<'a>,
    before: &'a Table,
    after: &'a Table,
    column: String,
    /// The table, and the one that will have its name.
    old: String,
    new: String,
    interim: ObjectName,
    /// What the old table is called once the new one has its place, until it is gone.
    retired: String,
    /// What the key and the indexes of the new table are called until it has its place, by their names then.
    names: BTreeMap<&'a str, String>,
    function: String,
    trigger: String,
    key: Vec<String>,
    /// The columns that are written.
    columns: Vec<String>,
}

impl<'a> Script<'a> {
    fn new(wish: &'a Wish<'a>, before: &'a Table, after: &'a Table, column: &str) -> Self {
        let namespace = before.name.namespace_or(&wish.schemas.previous.default_namespace);
        let full = |name: &str| format!("{}.{}", ident(namespace), ident(name));
        let free = |ending: &str| {
            let mut name = format!("{}_{ending}", short(&before.name.name));
            while wish.schemas.previous.has_name(namespace, &name) {
                name.push('_');
            }
            name
        };
        let (interim, retired) = (free("parts"), free("retired"));
        let key = after.primary_key.iter().flat_map(|key| &key.columns);
        let columns = before.columns.iter().filter(|column| column.generated.is_none());
        Self {
            old: full(&before.name.name),
            new: full(&interim),
            names: interim_names(wish.schemas.previous, namespace, &interim, after),
            retired,
            interim: ObjectName { namespace: Some(namespace.to_owned()), name: interim },
            function: format!("\"_driveflow\".{}", ident(&format!("partition_{}", wish.digits))),
            trigger: format!("zz_rollout_{}", wish.digits),
            key: key.map(|name| ident(name).to_string()).collect(),
            columns: columns.map(|column| ident(&column.name).to_string()).collect(),
            column: ident(column).to_string(),
            wish,
            before,
            after,
        }
    }

    /// What the new table's key, or an index of it, is called until it has its place.
    fn renamed<'s>(&'s self, name: &'s str) -> &'s str {
        self.names.get(name).map_or(name, String::as_str)
    }

    fn files(&self) -> Partitions {
        let document = Document {
            summary: vec![format!(
                "table {} in partitions, a month of {} each",
                ident(&self.before.name.name),
                self.column
            )],
            proofs: self.proofs(),
            retires: vec![format!("table {} without partitions", ident(&self.before.name.name))],
            ..Document::default()
        };
        Partitions {
            migration: self.migration(),
            down: self.down(),
            backfill: self.backfill(),
            contract: self.contract(),
            document,
            table: self.old.clone(),
            losses: self.losses(),
        }
    }

    /// The query for what would be lost with the old table.
    fn losses(&self) -> String {
        let Table { primary_key, indexes, .. } = self.before;
        let is_of_schema_files = |index: &&Index| {
            let is_exclusion = index.constraint == Some(IndexConstraint::Exclusion);
            index.predicate.is_none() && !index.has_expression() && !is_exclusion
        };
        // One that the schema file could have and does not is not wanted any more.
        let before = indexes.iter().filter(is_of_schema_files);
        let indexes = before.chain(&self.after.indexes).map(|index| index.name.as_str());
        let keys = primary_key.iter().chain(&self.after.primary_key).map(|key| key.name.as_str());
        let mut remade: Vec<&str> = indexes.chain(keys).collect();
        remade.sort_unstable();
        remade.dedup();
        losses::query(&self.old, &remade)
    }

    fn migration(&self) -> String {
        let Self { old, new, column, .. } = self;
        let namespace = self.interim.namespace.as_deref().unwrap_or_default();
        let mut script = format!(
            include_str!("expand.sql"),
            old = old,
            new = new,
            old_text = literal(old),
            new_text = literal(new),
            namespace = literal(namespace),
            child = literal(&format!("{}_", stem(&self.before.name.name))),
            rest = format!(
                "{}.{}",
                ident(namespace),
                ident(&format!("{}_rest", stem(&self.before.name.name)))
            ),
            column = column,
            pkey = ident(
                self.after.primary_key.as_ref().map_or("pkey", |key| self.renamed(&key.name))
            ),
            key = self.key.join(", "),
            ahead = AHEAD,
            back = BACK,
            losses = self.losses(),
        );
        for statement in self.made() {
            let _ = writeln!(script, "\n{statement};");
        }
        let _ = write!(
            script,
            include_str!("likeness.sql"),
            old_text = literal(old),
            new_text = literal(new)
        );
        script + &self.mirror()
    }

    /// The indexes and foreign keys of the new table, as ordinary steps make them.
    fn made(&self) -> Vec<String> {
        let previous = self.wish.schemas.previous;
        let mut next = previous.clone();
        let mut table = Table { name: self.interim.clone(), ..self.after.clone() };
        for index in &mut table.indexes {
            index.name = self.renamed(&index.name).to_owned();
        }
        next.tables.push(table);
        let schemas = Pair::new(previous, &next);
        let steps = diff(schemas);
        let kept = steps.iter().filter(|step| !matches!(step, Step::CreateTable(_)));
        kept.flat_map(|step| statements(step, schemas)).collect()
    }

    fn mirror(&self) -> String {
        let is_key = |column: &&String| self.key.contains(column);
        let set: Vec<String> = self
            .columns
            .iter()
            .filter(|column| !is_key(column))
            .map(|column| format!("{column} = excluded.{column}"))
            .collect();
        let conflict = if set.is_empty() {
            "NOTHING".to_owned()
        } else {
            format!("UPDATE SET {}", set.join(", "))
        };
        format!(
            include_str!("mirror.sql"),
            old = self.old,
            new = self.new,
            function = self.function,
            trigger = ident(&self.trigger),
            truncate = ident(&format!("{}_truncate", self.trigger)),
            namespace = ident(self.interim.namespace.as_deref().unwrap_or_default()),
            same = self.pairs("p", "OLD"),
            old_key = of("OLD", &self.key),
            new_key = of("NEW", &self.key),
            columns = self.columns.join(", "),
            values = of("NEW", &self.columns),
            old_values = of("OLD", &self.columns),
            key = self.key.join(", "),
            conflict = conflict,
        )
    }

    /// That the keys of two rows are equal.
    fn pairs(&self, one: &str, other: &str) -> String {
        let pairs = self.key.iter().map(|column| format!("{one}.{column} = {other}.{column}"));
        pairs.collect::<Vec<_>>().join(" AND ")
    }

    fn backfill(&self) -> String {
        format!(
            "-- The rows that were there before. FOR SHARE: nobody changes one while it is copied, so that the mirror has the\n\
             -- last word of it.\n\
             INSERT INTO {new} ({columns})\nSELECT {values}\nFROM {old} AS t\nWHERE :batch\nFOR SHARE OF t\nON CONFLICT DO NOTHING;\n",
            new = self.new,
            old = self.old,
            columns = self.columns.join(", "),
            values = of("t", &self.columns),
        )
    }

    /// Rows of either table that the other has not, or not as they are.
    fn proofs(&self) -> Vec<String> {
        let Self { old, new, .. } = self;
        let key = |of_table: &str| of(of_table, &self.key);
        vec![
            format!(
                "SELECT {} FROM {old} AS t LEFT JOIN {new} AS p ON {} WHERE ROW({})::text IS DISTINCT FROM ROW({})::text LIMIT 10",
                key("t"),
                self.pairs("p", "t"),
                of("t", &self.columns),
                of("p", &self.columns),
            ),
            format!(
                "SELECT {} FROM {new} AS p WHERE NOT EXISTS (SELECT FROM {old} AS t WHERE {}) LIMIT 10",
                key("p"),
                self.pairs("p", "t"),
            ),
        ]
    }

    fn down(&self) -> String {
        format!(
            "{}DROP TABLE IF EXISTS {};\n",
            self.without_mirror("-- The partitioned table goes, with the mirror that fills it.\n"),
            self.new
        )
    }

    fn without_mirror(&self, before: &str) -> String {
        let Self { old, function, trigger, .. } = self;
        format!(
            "{before}DROP TRIGGER IF EXISTS {} ON {old};\nDROP TRIGGER IF EXISTS {} ON {old};\nDROP FUNCTION IF EXISTS {function}();\n",
            ident(trigger),
            ident(&format!("{trigger}_truncate")),
        )
    }
}

/// Columns of a table that is called so.
fn of(table: &str, columns: &[String]) -> String {
    let columns: Vec<String> = columns.iter().map(|column| format!("{table}.{column}")).collect();
    columns.join(", ")
}

/// What the key and the indexes of the new table are called until it has its place: names that nothing else has, and none
/// of the others either, however much they have in common.
fn interim_names<'a>(
    schema: &PgSchema,
    namespace: &str,
    table: &str,
    after: &'a Table,
) -> BTreeMap<&'a str, String> {
    let mut names = BTreeMap::new();
    let mut taken = vec![table.to_owned()];
    let key = after.primary_key.iter().map(|key| &key.name);
    for name in key.chain(after.indexes.iter().map(|index| &index.name)) {
        let mut interim = format!("{}_parts", short(name));
        for number in 2.. {
            if !taken.contains(&interim) && !schema.has_name(namespace, &interim) {
                break;
            }
            interim = format!("{}_parts{number}", short(name));
        }
        taken.push(interim.clone());
        names.insert(name.as_str(), interim);
    }
    names
}

/// A name with room for what comes behind it.
fn short(name: &str) -> &str {
    &name[..name.floor_char_boundary(50)]
}

/// What the names of a table's partitions begin with: its name, or what is told from all other names of such a length.
pub(super) fn stem(table: &str) -> String {
    if short(table).len() == table.len() {
        return table.to_owned();
    }
    // FNV-1a.
    let hash = table
        .bytes()
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    format!("{}_{hash:08x}", &table[..table.floor_char_boundary(41)])
}

#[cfg(test)]
mod tests;
