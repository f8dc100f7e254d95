//! PostgreSQL cuts a name after 63 bytes and says so only in a notice.

use sql::statement::{ActionKind, Kind};

use super::Rule;
use crate::ctx::Ctx;
use crate::finding::{Finding, Severity};

pub(super) const RULE: Rule =
    Rule { id: "long-identifier", about: "a name of more than 63 bytes", check };

fn check(ctx: &Ctx<'_>, findings: &mut Vec<Finding>) {
    let mut names: Vec<&str> = Vec::new();
    match &ctx.statement.kind {
        Kind::CreateTable(table) => {
            names.push(&table.name.name);
            names.extend(table.columns.iter().map(|column| column.name.as_str()));
            let own = table.columns.iter().flat_map(|column| &column.constraints);
            names.extend(
                own.chain(&table.constraints).filter_map(|constraint| constraint.name.as_deref()),
            );
        }
        Kind::CreateIndex(index) => names.extend(index.name.iter().map(|name| name.name.as_str())),
        Kind::CreateEnum { name, values } => {
            names.push(&name.name);
            names.extend(values.iter().map(String::as_str));
        }
        Kind::Rename(rename) => names.push(&rename.to),
        Kind::AlterTable(alter) => {
            for action in &alter.actions {
                match &action.kind {
                    ActionKind::AddColumn { column, .. } => names.push(&column.name),
                    ActionKind::AddConstraint(constraint) => {
                        names.extend(constraint.name.as_deref());
                    }
                    ActionKind::RenameColumn { to, .. }
                    | ActionKind::RenameConstraint { to, .. } => names.push(to),
                    _ => {}
                }
            }
        }
        Kind::Define { name: Some(name), .. } => names.push(&name.name),
        _ => {}
    }
    for name in names.into_iter().filter(|name| name.len() > 63) {
        let cut = &name[..name.floor_char_boundary(63)];
        let at = ctx
            .sql()
            .find(name)
            .map_or(ctx.statement.range.start, |at| ctx.statement.range.start + at);
        findings.push(Finding {
            rule: RULE.id,
            severity: Severity::Warning,
            range: at..(at + name.len()).min(ctx.statement.range.end),
            message: format!("the name has {} bytes, and PostgreSQL keeps 63", name.len()),
            why: format!("it is called {cut:?} then, and two that begin alike are one"),
            lock: None,
            safe: None,
            fix: None,
        });
    }
}
