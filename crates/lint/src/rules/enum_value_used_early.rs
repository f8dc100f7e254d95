//! A new value of an enum cannot be used before its transaction is committed.

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
    let Kind::AlterType(AlterType::AddValue { value, .. }) = &ctx.statement.kind else { return };
    let literal = format!("'{}'", value.replace('\'', "''"));
    let after = ctx.statements[ctx.at + 1..].iter();
    let same = after.take_while(|statement| {
        let ends = matches!(
            statement.kind,
            Kind::Transaction(Transaction::Commit | Transaction::Rollback)
        );
        !ends && statement.is_transactional(ctx.version)
    });
    for statement in same {
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
