//! Types that most regret: `char(n)`, `integer` as a key, `json`. Timestamps without a zone are not reported: they are what Prisma makes of
//! `DateTime`.

use sql::statement::{ActionKind, Column, ConstraintKind, Kind};

use super::Rule;
use crate::ctx::Ctx;
use crate::finding::{Finding, Severity};
use crate::types::Type;

pub(super) const RULE: Rule = Rule {
    id: "weak-type",
    about: "a new column of char(n) or json, or a new key of integer",
    check,
};

fn check(ctx: &Ctx<'_>, findings: &mut Vec<Finding>) {
    let mut report = |column: &Column, is_key: bool, range: std::ops::Range<usize>| {
        let ty = Type::read(&column.ty);
        let (better, why) = match ty.name.as_str() {
            "char" if !ty.is_array => {
                ("text", "it is filled up with blanks, which count and do not count")
            }
            "json" => ("jsonb", "it has no equality and no index, and is read anew each time"),
            "integer" | "smallint" if is_key && !ty.is_array => (
                "bigint",
                "numbers run out at 2,147,483,647, and a larger type means to write every row",
            ),
            "serial" | "smallserial" if is_key => (
                "bigserial",
                "numbers run out at 2,147,483,647, and a larger type means to write every row",
            ),
            _ => return,
        };
        findings.push(Finding {
            rule: RULE.id,
            severity: Severity::Warning,
            range,
            message: format!("`{}` is {}", column.name, column.ty),
            why: why.to_owned(),
            lock: None,
            safe: Some(format!("-- {} {better}", sql::statement::Name::new(column.name.as_str()))),
            fix: None,
        });
    };
    let is_key = |column: &Column| {
        column.constraints.iter().any(|c| matches!(c.kind, ConstraintKind::PrimaryKey { .. }))
    };
    match &ctx.statement.kind {
        Kind::CreateTable(table) => {
            for column in &table.columns {
                let in_key = table.constraints.iter().any(|constraint| {
                    matches!(&constraint.kind, ConstraintKind::PrimaryKey { columns, .. } if *columns == [column.name.clone()])
                });
                report(column, in_key || is_key(column), ctx.statement.range.clone());
            }
        }
        Kind::AlterTable(alter) => {
            for action in &alter.actions {
                if let ActionKind::AddColumn { column, .. } = &action.kind {
                    report(column, is_key(column), action.range.clone());
                }
            }
        }
        _ => {}
    }
}
