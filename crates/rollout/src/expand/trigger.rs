//! The triggers and their functions, as SQL.
//!
//! A function is called for a row that is written to one side only, and for no other where that can be told by the row
//! alone (`WHEN`). It runs with its owner's rights, since releases have none in `_driveflow`, and therefore with a search
//! path of its own. Triggers fire always, for replicas too, and last: after all others that change the row.

use std::fmt::Write as _;

use pg_schema::{Arity, quote};

use super::names::OWN;
use super::unit::{Cell, Filler, Mend, Old, Twin, Unit, Unset, or};
use crate::SETTINGS;

/// What all triggers of a rollout have in common.
#[derive(Debug, Clone)]
pub(super) struct Common<'a> {
    pub(super) digits: &'a str,
    /// What a session looks through for functions and types, `pg_catalog` first.
    pub(super) search_path: String,
    /// Whether any write is noted.
    pub(super) is_noted: bool,
    pub(super) has_conflicts: bool,
}

/// A table with the changes that its rows go through.
#[derive(Debug)]
pub(super) struct Watched<'a> {
    /// Quoted, with its schema.
    pub(super) table: &'a str,
    pub(super) key: &'a [String],
    pub(super) units: &'a [Unit],
    /// Functions are numbered.
    pub(super) number: usize,
}

impl Common<'_> {
    /// The sequence that says when the old side was written last.
    pub(super) fn old_writes(&self) -> String {
        format!("old_writes_{}", self.digits)
    }

    pub(super) fn sequence(&self) -> String {
        format!("{OWN}.{}", quote::ident(&self.old_writes()))
    }

    pub(super) fn function(&self, number: usize) -> String {
        format!("{OWN}.\"rollout_{}_{number}\"", self.digits)
    }

    pub(super) fn trigger(&self, event: &str) -> String {
        format!("\"zz_rollout_{}_{event}\"", self.digits)
    }

    /// What has to be there before any function.
    pub(super) fn preparations(&self) -> Vec<String> {
        let mut statements = vec![format!("CREATE SCHEMA IF NOT EXISTS {OWN}")];
        if self.is_noted {
            let sequence = self.sequence();
            statements.push(format!("CREATE SEQUENCE IF NOT EXISTS {sequence}"));
            // It outlives a reset, which drops no more than the tables.
            statements.push(format!("ALTER SEQUENCE {sequence} RESTART"));
        }
        if self.has_conflicts {
            statements.push(include_str!("conflicts.sql").trim_end().to_owned());
        }
        statements
    }

    /// The function and the triggers of a table's rows.
    pub(super) fn rows(&self, watched: &Watched<'_>) -> Vec<String> {
        let Watched { table, units, number, .. } = watched;
        let function = self.function(*number);
        let is_fixed = units.iter().all(Unit::is_fixed);
        let mut statements = vec![self.definition(&function, is_fixed, &self.body(watched))];
        for (event, conditions) in [
            ("insert", units.iter().map(Unit::on_insert).collect::<Option<Vec<_>>>()),
            ("update", units.iter().map(Unit::on_update).collect::<Option<Vec<_>>>()),
        ] {
            let conditions = conditions.map(|mut conditions| {
                conditions.retain(|condition| condition != "false");
                conditions
            });
            let when = match conditions {
                Some(conditions) if conditions.is_empty() => continue,
                Some(conditions) => {
                    format!("\n    WHEN ({})", conditions.join("\n        OR "))
                }
                None => String::new(),
            };
            let trigger = self.trigger(event);
            statements.push(format!(
                "CREATE TRIGGER {trigger} BEFORE {} ON {table} FOR EACH ROW{when}\n    EXECUTE FUNCTION {function}()",
                event.to_uppercase()
            ));
            statements.push(format!("ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}"));
        }
        statements
    }

    /// The names of the triggers that [`rows`](Self::rows) makes.
    pub(super) fn row_triggers(&self, units: &[Unit]) -> Vec<String> {
        let is_inserted = units.iter().any(|unit| unit.on_insert().as_deref() != Some("false"));
        let events = is_inserted.then_some("insert").into_iter().chain(["update"]);
        events.map(|event| self.trigger(event)).collect()
    }

    /// The function and the trigger that notice statements, all of them or those with a certain text.
    pub(super) fn statements(&self, table: &str, number: usize, only: Option<&str>) -> Vec<String> {
        let function = self.function(number);
        let note = self.note();
        let body = match only {
            Some(text) => format!(
                "  IF strpos(current_query(), {}) > 0 THEN\n{}  END IF;\n",
                quote::literal(text),
                indented(&note)
            ),
            None => note,
        };
        let trigger = self.trigger("statement");
        let events = if only.is_some() { "" } else { " OR TRUNCATE" };
        vec![
            self.definition(&function, true, &format!("BEGIN\n{body}  RETURN NULL;\nEND")),
            format!(
                "CREATE TRIGGER {trigger} BEFORE INSERT OR UPDATE OR DELETE{events} ON {table} FOR EACH STATEMENT\n    \
                 EXECUTE FUNCTION {function}()"
            ),
            format!("ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}"),
        ]
    }

    fn definition(&self, function: &str, is_fixed: bool, body: &str) -> String {
        let mut settings = format!("\nSET search_path = {}", self.search_path);
        if !is_fixed {
            for (name, value) in SETTINGS {
                let _ = write!(settings, "\nSET {name} = {}", quote::literal(value));
            }
        }
        let mut tag = "$rollout$".to_owned();
        while body.contains(&tag) {
            tag.insert(1, '_');
        }
        format!(
            "CREATE OR REPLACE FUNCTION {function}() RETURNS trigger\nLANGUAGE plpgsql SECURITY DEFINER{settings}\n\
             AS {tag}\n{body};\n{tag}"
        )
    }

    fn body(&self, watched: &Watched<'_>) -> String {
        let mut body = String::from(
            "#variable_conflict use_column\nDECLARE\n  agreed boolean;\n  old_set boolean;\n  new_set boolean;\n  \
             wrote_old boolean := false;\nBEGIN\n",
        );
        let in_session = watched.units.iter().all(Unit::is_fixed);
        // What was written is looked at before anything is filled in.
        let is_watch = |unit: &&Unit| matches!(unit, Unit::Watch(_));
        let (watches, others): (Vec<&Unit>, Vec<&Unit>) = watched.units.iter().partition(is_watch);
        for unit in watches.into_iter().chain(others) {
            body.push_str(&match unit {
                Unit::Filler(filler) => fill(filler),
                Unit::Twin(twin) => self.twin(twin, watched, in_session),
                Unit::Mend(mend) => self::mend(mend),
                Unit::Watch(cell) => watch(cell, in_session),
            });
        }
        if self.is_noted {
            let _ = writeln!(body, "  IF wrote_old THEN\n{}  END IF;", indented(&self.note()));
        }
        body + "  RETURN NEW;\nEND"
    }

    /// Once a second is enough, and each time costs a record of the log. What a transaction that is rolled back has
    /// noted stays: nobody waits for it.
    fn note(&self) -> String {
        let sequence = self.sequence();
        let now = "floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint";
        format!(
            "  IF (SELECT s.\"last_value\" FROM {sequence} AS s) < {now} - 1000 THEN\n    \
             PERFORM setval({}, {now});\n  END IF;\n",
            quote::literal(&sequence)
        )
    }

    fn twin(&self, twin: &Twin, watched: &Watched<'_>, in_session: bool) -> String {
        let mut sql = format!("  agreed := {};\n", twin.agree("NEW"));
        sql.push_str(&sides(twin, in_session));
        sql.push_str(&removed(twin));
        let forward: Vec<String> = twin
            .new
            .iter()
            .map(|new| format!("{} := {};", new.cell.of("NEW"), new.forward.over("NEW")))
            .collect();
        if !twin.is_two_way() {
            let _ =
                writeln!(sql, "  IF NOT agreed THEN\n    {}\n  END IF;", forward.join("\n    "));
            return sql;
        }
        let backward: Vec<String> = twin
            .old
            .iter()
            .filter_map(|old| {
                let value = old.backward.as_ref()?;
                Some(format!("{} := {};", old.cell.of("NEW"), value.over("NEW")))
            })
            .collect();
        let _ = writeln!(
            sql,
            "  IF NOT agreed THEN\n    IF new_set{} THEN\n{}      IF old_set AND new_set THEN\n{}      END IF;\n      {}\n    \
             ELSE\n      {}\n    END IF;\n  END IF;",
            new_by_default(twin),
            filled_at_once(twin),
            self.conflict(twin, watched),
            backward.join("\n      "),
            forward.join("\n      ")
        );
        for new in &twin.new {
            let Some(default) = &new.default else { continue };
            let name = new.cell.of("NEW");
            let _ = writeln!(
                sql,
                "  IF {name} IS NULL THEN\n    {name} := {default};\n    {}\n  END IF;",
                backward.join("\n    ")
            );
        }
        sql
    }

    fn conflict(&self, twin: &Twin, watched: &Watched<'_>) -> String {
        let object = |names: Vec<&str>| {
            let parts: Vec<String> = names
                .into_iter()
                .map(|name| format!("{}, NEW.{}", quote::literal(name), quote::ident(name)))
                .collect();
            format!("jsonb_build_object({})", parts.join(", "))
        };
        format!(
            "        INSERT INTO {OWN}.\"conflicts\" (\"rollout\", \"table\", \"key\", \"old\", \"new\")\n        \
             VALUES ({}, {}, {}, {}, {});\n",
            quote::literal(self.digits),
            quote::literal(watched.table),
            object(watched.key.iter().map(String::as_str).collect()),
            object(twin.old.iter().map(|old| old.cell.name.as_str()).collect()),
            object(twin.new.iter().map(|new| new.cell.name.as_str()).collect()),
        )
    }
}

/// Which sides a statement has set. On INSERT, what cannot be told counts as set where the new side is not, and is no sign
/// of the old release.
fn sides(twin: &Twin, in_session: bool) -> String {
    let noted = |set: &str| {
        if twin.tells_releases {
            format!("    wrote_old := wrote_old OR ({set} AND NOT new_set);\n")
        } else {
            String::new()
        }
    };
    let new = twin.new.iter().filter_map(|new| new.cell.is_set(in_session));
    let known: Vec<String> =
        twin.old.iter().filter_map(|old| old.cell.is_set(in_session)).collect();
    let is_known = known.len() == twin.old.len();
    let known = or(known.into_iter());
    let on_insert = if is_known {
        format!("    old_set := {known};\n{}", noted("old_set"))
    } else if known.is_empty() {
        "    old_set := NOT new_set;\n".to_owned()
    } else {
        format!("    old_set := NOT new_set;\n{}", noted(&format!("({known})")))
    };
    format!(
        "  IF TG_OP = 'INSERT' THEN\n    new_set := {};\n{on_insert}  ELSE\n    new_set := {};\n    old_set := {};\n{}  END IF;\n",
        or(new),
        twin.any_new_changed(),
        twin.any_old_changed(),
        noted("old_set")
    )
}

/// Values that only the old release writes.
fn removed(twin: &Twin) -> String {
    let [Old { cell, .. }] = &twin.old[..] else { return String::new() };
    if twin.removed.is_empty() {
        return String::new();
    }
    let values: Vec<String> =
        twin.removed.iter().map(|value| quote::literal(value).to_string()).collect();
    let values = values.join(", ");
    let has_one = if cell.arity == Arity::List {
        format!("{}::text[] && ARRAY[{values}]", cell.of("NEW"))
    } else {
        format!("{}::text IN ({values})", cell.of("NEW"))
    };
    format!("  wrote_old := wrote_old OR (old_set AND coalesce({has_one}, false));\n")
}

/// An UPDATE of some of several new columns in a row that is not filled: the others get what the fill would give them, lest
/// the old side be made of nothing.
fn filled_at_once(twin: &Twin) -> String {
    if twin.new.len() < 2 {
        return String::new();
    }
    let mut sql =
        format!("      IF TG_OP = 'UPDATE' THEN\n        IF NOT ({}) THEN\n", twin.agree("OLD"));
    for new in &twin.new {
        let (is, was) = (new.cell.of("NEW"), new.cell.of("OLD"));
        let _ = writeln!(
            sql,
            "          IF {} THEN\n            {is} := {};\n          END IF;",
            new.cell.same(&is, &was),
            new.forward.over("OLD")
        );
    }
    sql + "        END IF;\n      END IF;\n"
}

/// An INSERT that sets neither side, where only the new one has a default.
fn new_by_default(twin: &Twin) -> &'static str {
    let has_new = twin.new.iter().any(|new| matches!(new.cell.default, Unset::Constant(_)));
    let has_old = twin.old.iter().any(|old| old.cell.default != Unset::Null);
    if has_new && !has_old { " OR (TG_OP = 'INSERT' AND NOT old_set)" } else { "" }
}

fn fill(filler: &Filler) -> String {
    let name = filler.cell.of("NEW");
    let noted = if filler.is_old_style {
        format!(
            "    IF TG_OP = 'INSERT' THEN\n      wrote_old := true;\n    ELSE\n      wrote_old := wrote_old OR {} IS NOT \
             NULL;\n    END IF;\n",
            filler.cell.of("OLD")
        )
    } else {
        String::new()
    };
    format!(
        "  IF {name} IS NULL THEN\n{noted}    {name} := {};\n  END IF;\n",
        filler.value.over("NEW")
    )
}

fn mend(mend: &Mend) -> String {
    format!(
        "  IF {} IS FALSE THEN\n    NEW.{} := {};\n  END IF;\n",
        mend.check.over("NEW"),
        quote::ident(&mend.column),
        mend.value.over("NEW")
    )
}

fn watch(cell: &Cell, in_session: bool) -> String {
    format!(
        "  IF TG_OP = 'INSERT' THEN\n    wrote_old := wrote_old OR {};\n  ELSE\n    wrote_old := wrote_old OR {};\n  END IF;\n",
        cell.is_set(in_session).unwrap_or_else(|| "false".to_owned()),
        cell.changed()
    )
}

fn indented(text: &str) -> String {
    text.lines().flat_map(|line| ["  ", line, "\n"]).collect()
}
