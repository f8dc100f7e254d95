//! A new value of an enum cannot be used before its transaction is committed; since 17, if another one made the enum.

use sql::Statement;
use sql::statement::{AlterType, Kind, Transaction};

use super::Rule;
use crate::ctx::Ctx;
use crate::finding::{Finding, Severity};

pub(super) const RULE: Rule = Rule {
    id: "enum-value-used-early",
    about: "a value that ALTER TYPE … ADD VALUE adds is used in the same transaction",
    check,
};

fn check(ctx: &Ctx<'_>, findings: &mut Vec<Finding>) {
    let Kind::AlterType(AlterType::AddValue { name, value, .. }) = &ctx.statement.kind else {
        return;
    };
    let is_new = |statement: &Statement| matches!(&statement.kind, Kind::CreateEnum { name: made, .. } if made == name);
    if ctx.version >= 17 && same_transaction(ctx, ctx.statements[..ctx.at].iter().rev()).any(is_new)
    {
        return;
    }
    let literal = format!("'{}'", value.replace('\'', "''"));
    for statement in same_transaction(ctx, ctx.statements[ctx.at + 1..].iter()) {
        let names = matches!(
            statement.kind,
            Kind::Write(_)
                | Kind::AlterTable(_)
                | Kind::Query
                | Kind::CreateIndex(_)
                | Kind::CreateTable(_)
        );
        let sql = &ctx.text[statement.range.clone()];
        let Some(at) = sql.find(&literal).filter(|_| names) else { continue };
        let at = statement.range.start + at;
        findings.push(Finding {
            rule: RULE.id,
            severity: Severity::Error,
            range: at..at + literal.len(),
            message: format!("{literal} is used before the transaction that adds it is committed"),
            why: "PostgreSQL refuses a new value of an enum until then".to_owned(),
            lock: None,
            safe: Some(format!("{};\n-- and in a migration after this one:\n{sql};", ctx.sql())),
            fix: None,
        });
    }
}

/// Those statements that are in the same transaction as the one before them.
fn same_transaction<'a>(
    ctx: &Ctx<'_>,
    statements: impl Iterator<Item = &'a Statement>,
) -> impl Iterator<Item = &'a Statement> {
    let version = ctx.version;
    statements.take_while(move |statement| {
        let ends = matches!(
            statement.kind,
            Kind::Transaction(Transaction::Commit | Transaction::Rollback)
        );
        !ends && statement.is_transactional(version)
    })
}
