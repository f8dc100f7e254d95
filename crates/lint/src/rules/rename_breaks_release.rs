//! A new name breaks the release that still runs with the old one.

use sql::statement::{ActionKind, AlterType, Kind, Name, Object, Transaction, Verb};

use super::Rule;
use crate::ctx::{Ctx, shown, written};
use crate::finding::{Finding, Severity};

pub(super) const RULE: Rule = Rule {
    id: "rename-breaks-release",
    about: "a column, table or enum value in use gets another name",
    check,
};

fn check(ctx: &Ctx<'_>, findings: &mut Vec<Finding>) {
    let mut report = |finding: Finding| findings.push(finding);
    let why = "the release that runs while this is deployed asks for the old name and fails";
    match &ctx.statement.kind {
        Kind::Rename(rename)
            if rename.object == Object::Table
                && ctx.in_use(&rename.from)
                && !is_a_view_at_once(ctx, &rename.from) =>
        {
            let what = format!("{} is called `{}` from now on", shown(&rename.from), rename.to);
            let mut finding =
                ctx.finding(RULE.id, Severity::Warning, &ctx.statement.range, &rename.from, &what);
            why.clone_into(&mut finding.why);
            let to = Name { schema: rename.from.schema.clone(), name: rename.to.clone() };
            finding.safe = Some(format!(
                "BEGIN;\n{};\nCREATE VIEW {} AS SELECT * FROM {};\nCOMMIT;\n-- and drop the view once the old release is gone",
                ctx.sql(),
                written(&rename.from),
                written(&to)
            ));
            report(finding);
        }
        Kind::AlterTable(alter) if ctx.in_use(&alter.table) => {
            for action in &alter.actions {
                let ActionKind::RenameColumn { from, to } = &action.kind else { continue };
                let what =
                    format!("`{from}` of {} is called `{to}` from now on", shown(&alter.table));
                let mut finding =
                    ctx.finding(RULE.id, Severity::Warning, &action.range, &alter.table, &what);
                why.clone_into(&mut finding.why);
                finding.safe = Some(format!(
                    "-- expand: add `{to}`, write both, fill it in batches; contract: drop `{from}` a release later"
                ));
                report(finding);
            }
        }
        Kind::AlterType(AlterType::RenameValue { name, from, to }) => report(Finding {
            rule: RULE.id,
            severity: Severity::Warning,
            range: ctx.statement.range.clone(),
            message: format!("'{from}' of {} is called '{to}' from now on", shown(name)),
            why: why.to_owned(),
            lock: None,
            safe: Some(format!(
                "ALTER TYPE {} ADD VALUE '{}';\n-- then move the rows in batches, once all releases know it",
                written(name),
                to.replace('\'', "''")
            )),
            fix: None,
        }),
        _ => {}
    }
}

/// Whether the same transaction makes a view of the old name, through which the running release goes on.
fn is_a_view_at_once(ctx: &Ctx<'_>, old: &Name) -> bool {
    let rest = ctx.statements[ctx.at..].iter();
    let mut rest =
        rest.take_while(|one| !matches!(one.kind, Kind::Transaction(Transaction::Commit)));
    rest.any(|one| {
        matches!(&one.kind, Kind::Define { verb: Verb::Create, object: Object::View, name: Some(name), .. } if name == old)
    })
}
