//! A new type writes the whole table, unless each row fits it as it stands.

use sql::statement::{ActionKind, Kind, Name};

use super::Rule;
use crate::Work;
use crate::ctx::{Ctx, shown, written};
use crate::finding::{Finding, Severity};

pub(super) const RULE: Rule =
    Rule {
        id: "type-change", about: "ALTER COLUMN … TYPE that writes or reads every row", check
    };

fn check(ctx: &Ctx<'_>, findings: &mut Vec<Finding>) {
    let Kind::AlterTable(alter) = &ctx.statement.kind else { return };
    let Some((of, work)) = ctx.worked_on(&alter.table) else { return };
    for action in &alter.actions {
        let ActionKind::SetType { column, ty, .. } = &action.kind else { continue };
        let done = match work {
            Work::Rewrite => "written anew",
            Work::Index => "put into an index anew",
            _ => "read for the table's checks",
        };
        let what = format!("each row of {} is {done} to make `{column}` {ty}", shown(&of));
        let mut finding = ctx.finding(RULE.id, Severity::Error, &action.range, &of, &what);
        let new = Name::new(format!("{column}_new"));
        let table = written(&alter.table);
        let ty = ctx.catalog.without_conditions(ty);
        finding.safe = Some(format!(
            "ALTER TABLE {table} ADD COLUMN {new} {ty};\n\
             -- keep both alike by a trigger, fill {new} in batches, switch the readers, then drop {}",
            Name::new(column.as_str())
        ));
        findings.push(finding);
    }
}
