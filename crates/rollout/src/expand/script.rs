//! The scripts of the expand, and of the way back.

use std::fmt::Write as _;

use migrate::down;
use pg_schema::{EMPTY_SCRIPT, ObjectName, Pair, PgSchema, Step, TableId, diff, quote, render};

use super::Plan;
use super::names::full;
use super::planner::Planner;
use super::trigger::Watched;
use super::unit::Unit;
use crate::FinishKind;

impl Planner<'_> {
    /// Whether anything that was found asks for phases.
    pub(super) fn is_phased(&self) -> bool {
        !self.tables.is_empty()
            || !self.finishes.is_empty()
            || !self.dropped_tables.is_empty()
            || !self.names.is_empty()
    }

    pub(super) fn refuse_tables_without_key(&mut self) {
        let tables: Vec<TableId> = self.tables.keys().copied().collect();
        for id in tables {
            let work = &self.tables[&id];
            let is_filled =
                !work.mends.is_empty() || work.units.iter().any(|it| it.pending().is_some());
            if is_filled && self.row_key(id).is_empty() {
                let what = format!(
                    "The table {} has no key by which its rows could be filled one batch after the other.",
                    self.shown(&self.table(id).name)
                );
                self.refuse(
                    what,
                    "give it a primary key, or a unique index over required columns, first",
                );
            }
        }
    }

    pub(super) fn plan(mut self, last: (Vec<Step>, PgSchema)) -> Plan {
        self.finishes.sort_by_key(|later| match later.kind {
            FinishKind::Index => 0,
            FinishKind::Constraint => 1,
            FinishKind::Validate => 2,
        });
        self.common.is_noted = self.is_noted();
        self.common.has_conflicts = self.tables.values().any(|work| {
            work.units.iter().any(|unit| matches!(unit, Unit::Twin(twin) if twin.is_two_way()))
        });
        let document = self.document();
        let triggers = self.triggers();
        Plan {
            migration: self.migration(&triggers),
            down: self.down(&triggers),
            contract: self.contract(&document, &triggers, last),
            document,
        }
    }

    /// What a schema does not show would keep a column from going. It is looked for before anything is locked.
    fn dependents(&self) -> Vec<String> {
        let views = self.views();
        let mut columns = self.retired(&views);
        let tables = self.dropped_tables.iter().map(|id| {
            format!("{}::regclass", quote::literal(&full(&self.table(*id).name, &self.base)))
        });
        let mut tables: Vec<String> = tables.collect();
        if columns.is_empty() && tables.is_empty() {
            return Vec::new();
        }
        // A list in SQL is never empty.
        if columns.is_empty() {
            columns.push("(NULL::regclass, NULL::name)".to_owned());
        }
        if tables.is_empty() {
            tables.push("NULL::regclass".to_owned());
        }
        let sql = include_str!("dependents.sql").trim_end();
        let attached = self.attached(&columns, &views);
        vec![
            sql.replace(":attached", &attached)
                .replace(":columns", &columns.join(", "))
                .replace(":tables", &tables.join(", ")),
        ]
    }

    /// What has come to the columns that go since the expand, and would go with them. For the contract, which has the
    /// tables under their new names.
    pub(super) fn attached_since(&self) -> Option<String> {
        let columns = self.retired(&[]);
        (!columns.is_empty()).then(|| self.attached(&columns, &[]))
    }

    fn attached(&self, columns: &[String], views: &[(ObjectName, TableId)]) -> String {
        let sql = include_str!("attached.sql");
        sql.replace(":columns", &columns.join(", ")).replace(":known", &self.known(views).concat())
    }

    /// The columns that go, each as a row of a list; tables that get another name have the old one where `views` say it.
    fn retired(&self, views: &[(ObjectName, TableId)]) -> Vec<String> {
        let columns = self.tables.iter().flat_map(|(id, work)| {
            let table = self.called(*id, views);
            work.retired
                .iter()
                .map(move |column| format!("({table}::regclass, {}::name)", quote::literal(column)))
        });
        columns.collect()
    }

    /// A table as a literal, by its old name where `views` say it.
    fn called(&self, id: TableId, views: &[(ObjectName, TableId)]) -> String {
        let renamed = views.iter().find(|(_, of)| *of == id);
        let name = renamed.map_or(&self.table(id).name, |(name, _)| name);
        quote::literal(&full(name, &self.base)).to_string()
    }

    /// Indexes and constraints that the migrations make of the tables, and those that come with the rollout, as further
    /// rows of a list.
    fn known(&self, views: &[(ObjectName, TableId)]) -> Vec<String> {
        let mut known = Vec::new();
        for id in self.tables.keys() {
            let table = self.table(*id);
            let shown = self.called(*id, views);
            let key = table.primary_key.iter().map(|key| &key.name);
            let names = key
                .chain(table.indexes.iter().map(|index| &index.name))
                .chain(table.foreign_keys.iter().map(|key| &key.name))
                .chain(table.checks.iter().map(|check| &check.name))
                .chain(self.required.iter().filter(|(of, ..)| of == id).map(|(.., check)| check));
            let built =
                self.finishes.iter().chain(&self.lookups).filter(|later| later.table == *id);
            known.extend(
                names
                    .chain(built.map(|later| &later.name))
                    .map(|name| format!(", ({shown}::regclass, {}::name)", quote::literal(name))),
            );
        }
        known
    }

    pub(super) fn is_noted(&self) -> bool {
        let units = self.tables.values().flat_map(|work| &work.units);
        !self.dropped_tables.is_empty()
            || !self.views().is_empty()
            || units.into_iter().any(|unit| match unit {
                Unit::Twin(twin) => twin.tells_releases || !twin.removed.is_empty(),
                Unit::Filler(filler) => filler.is_old_style,
                Unit::Watch(_) => true,
                Unit::Mend(_) => false,
            })
    }

    /// The statements that make functions and triggers, and those that take them away.
    fn triggers(&self) -> Triggers {
        let mut triggers = Triggers::default();
        let mut number = 0;
        for (id, work) in &self.tables {
            if work.units.is_empty() {
                continue;
            }
            number += 1;
            let (table, key) = (self.full(*id), self.row_key(*id));
            let watched = Watched { table: &table, key: &key, units: &work.units, number };
            let mut made: Vec<String> = Self::checked(&table, &work.units).into_iter().collect();
            made.extend(self.common.rows(&watched));
            if work
                .units
                .iter()
                .any(|unit| matches!(unit, Unit::Twin(twin) if !twin.removed.is_empty()))
            {
                for statement in &mut made {
                    statement.insert_str(
                        0,
                        "-- lint: allow enum-value-used-early because values are compared as text, and made of the new type only\n",
                    );
                }
            }
            triggers.made.extend(made);
            for trigger in self.common.row_triggers(&work.units) {
                triggers.gone.push(format!("DROP TRIGGER {trigger} ON {table}"));
            }
            triggers.gone.push(format!("DROP FUNCTION {}()", self.common.function(number)));
        }
        let dropped = self.dropped_tables.iter().map(|id| (*id, None));
        let views = self.views();
        let views =
            views.iter().map(|(name, id)| (*id, Some(quote::ident(&name.name).to_string())));
        for (id, only) in dropped.chain(views) {
            number += 1;
            let table = self.full(id);
            triggers.made.extend(self.common.statements(&table, number, only.as_deref()));
            let trigger = self.common.trigger("statement");
            triggers.gone.push(format!("DROP TRIGGER {trigger} ON {table}"));
            triggers.gone.push(format!("DROP FUNCTION {}()", self.common.function(number)));
        }
        if !triggers.made.is_empty() {
            let mut made = self.common.preparations();
            made.append(&mut triggers.made);
            triggers.made = made;
            if self.common.is_noted {
                triggers.gone.push(format!("DROP SEQUENCE {}", self.common.sequence()));
            }
        }
        triggers
    }

    /// A function is not looked at until it is called. What a person has said is tried at once, on no row.
    fn checked(table: &str, units: &[Unit]) -> Option<String> {
        let mut values: Vec<String> = Vec::new();
        for unit in units {
            match unit {
                Unit::Filler(filler) => values.push(filler.value.over("t")),
                Unit::Twin(twin) => {
                    values.extend(twin.new.iter().map(|new| new.forward.over("t")));
                    let backward = twin.old.iter().filter_map(|old| old.backward.as_ref());
                    values.extend(backward.map(|value| value.over("t")));
                    values.push(twin.agree("t"));
                }
                Unit::Mend(mend) => values.extend([mend.check.over("t"), mend.value.over("t")]),
                Unit::Watch(_) => {}
            }
        }
        (!values.is_empty())
            .then(|| format!("SELECT {}\nFROM {table} AS t\nLIMIT 0", values.join(",\n    ")))
    }

    fn ordinary(&self) -> (Vec<Step>, PgSchema) {
        let base = PgSchema { names_in_full: false, ..self.base.clone() };
        let names = self.names.iter().cloned().map(Step::Rename);
        let steps = names.chain(diff(Pair::new(&base, &self.expanded))).collect();
        (steps, base)
    }

    fn migration(&self, triggers: &Triggers) -> String {
        let mut script =
            String::from("-- Expand: what the new release needs, beside what the old one has.\n");
        for line in &self.summary {
            let _ = writeln!(script, "--   {}", line.replace('\n', " "));
        }
        push(
            &mut script,
            "Nothing that is not known here depends on what will go",
            &self.dependents(),
        );
        let (steps, base) = self.ordinary();
        let ordinary = render(&steps, Pair::new(&base, &self.expanded));
        if ordinary != EMPTY_SCRIPT {
            script.push('\n');
            script.push_str(&ordinary);
        }
        push(&mut script, "Constraints and defaults of what is beside", &self.own);
        push(&mut script, "Both sides are kept equal", &triggers.made);
        script
    }

    fn down(&self, triggers: &Triggers) -> String {
        let (steps, base) = self.ordinary();
        let back = if steps.is_empty() {
            String::new()
        } else {
            down::script::write(&steps, Pair::new(&base, &self.expanded))
        };
        let remarks: Vec<&str> = down::script::remarks(&back).collect();
        let mut script = down::script::comment(&remarks);
        push(&mut script, "Nothing is kept equal any more", &triggers.gone);
        let undo = [self.undo.as_slice(), &self.undo_indexes].concat();
        push(&mut script, "Constraints and indexes of what was beside", &undo);
        let body = down::script::without_remarks(&back);
        if !body.is_empty() {
            if !script.is_empty() {
                script.push('\n');
            }
            script.push_str(body);
        }
        script
    }
}

/// What is made for a rollout's triggers, and how it goes.
#[derive(Debug, Default)]
pub(super) struct Triggers {
    pub(super) made: Vec<String>,
    pub(super) gone: Vec<String>,
}

/// Statements under a heading.
pub(super) fn push(script: &mut String, heading: &str, statements: &[String]) {
    if statements.is_empty() {
        return;
    }
    if !script.is_empty() {
        script.push('\n');
    }
    let _ = writeln!(script, "-- {heading}");
    for statement in statements {
        script.push_str(statement);
        script.push_str(";\n");
    }
}
