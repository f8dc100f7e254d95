//! What is dropped is missed by the release that still runs.

use sql::statement::{ActionKind, Kind, Name, Object};

use super::Rule;
use crate::ctx::{Ctx, shown, written};
use crate::finding::{Finding, Severity};

pub(super) const RULE: Rule =
    Rule { id: "drop-breaks-release", about: "a column, table or schema in use is dropped", check };

const WHY: &str =
    "the release that runs while this is deployed asks for it and fails, and what it held is gone";

fn check(ctx: &Ctx<'_>, findings: &mut Vec<Finding>) {
    match &ctx.statement.kind {
        Kind::AlterTable(alter) if ctx.in_use(&alter.table) => {
            for action in &alter.actions {
                let ActionKind::DropColumn { column, .. } = &action.kind else { continue };
                let what = format!("`{column}` of {} is dropped", shown(&alter.table));
                let mut finding =
                    ctx.finding(RULE.id, Severity::Warning, &action.range, &alter.table, &what);
                WHY.clone_into(&mut finding.why);
                finding.safe = Some(format!(
                    "-- a release before: nobody names {} any more; then alone and brief:\n\
                     SET LOCAL lock_timeout = '2s';\n{};",
                    Name::new(column.as_str()),
                    ctx.sql()
                ));
                findings.push(finding);
            }
        }
        Kind::Drop(drop) if matches!(drop.object, Object::Table | Object::MaterializedView) => {
            for name in drop.names.iter().filter(|name| ctx.in_use(name)) {
                let what = format!("{} is dropped", shown(name));
                let mut finding =
                    ctx.finding(RULE.id, Severity::Warning, &ctx.statement.range, name, &what);
                WHY.clone_into(&mut finding.why);
                let mut lines = vec!["SET LOCAL lock_timeout = '2s';".to_owned()];
                // Each lock alone, instead of all of them together.
                for (key, constraint) in
                    ctx.catalog.table(name).into_iter().flat_map(|table| &table.constraints)
                {
                    if matches!(constraint.kind, crate::catalog::ConstraintKind::ForeignKey { .. })
                    {
                        lines.push(format!(
                            "ALTER TABLE {} DROP CONSTRAINT {};",
                            written(name),
                            Name::new(key.as_str())
                        ));
                    }
                }
                lines.push("-- a release after, in a migration of its own:".to_owned());
                lines.push(format!("DROP TABLE {};", written(name)));
                finding.safe = Some(lines.join("\n"));
                findings.push(finding);
            }
        }
        Kind::Drop(drop) if drop.object == Object::Schema && drop.cascade => {
            findings.push(Finding {
                rule: RULE.id,
                severity: Severity::Warning,
                range: ctx.statement.range.clone(),
                message: "a schema is dropped with all that is in it".to_owned(),
                why: format!("ACCESS EXCLUSIVE on each of its tables at once; {WHY}"),
                lock: None,
                safe: Some(
                    "-- drop its tables one by one, a release after nobody names them".to_owned(),
                ),
                fix: None,
            });
        }
        _ => {}
    }
}
