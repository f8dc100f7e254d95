//! `UPDATE` and `DELETE` of a table in use, all in one transaction.

use sql::statement::{Kind, Verb, Write};

use super::Rule;
use crate::ctx::{Ctx, shown, written};
use crate::finding::{Finding, Severity};

pub(super) const RULE: Rule = Rule {
    id: "unbatched-write",
    about: "UPDATE, DELETE or MERGE of a table in use, at once",
    check,
};

fn check(ctx: &Ctx<'_>, findings: &mut Vec<Finding>) {
    let Kind::Write(write) = &ctx.statement.kind else { return };
    for write in write.all() {
        if matches!(write.verb, Verb::Update | Verb::Delete | Verb::Merge)
            && ctx.in_use(&write.table)
        {
            findings.push(told(ctx, write));
        }
    }
}

fn told(ctx: &Ctx<'_>, write: &Write) -> Finding {
    let what = if write.has_where {
        format!("all rows of {} that fit are written in one transaction", shown(&write.table))
    } else {
        format!("every row of {} is written in one transaction", shown(&write.table))
    };
    let mut finding =
        ctx.finding(RULE.id, Severity::Warning, &ctx.statement.range, &write.table, &what);
    "each row stays locked to the end of it, replicas fall behind, and VACUUM can give nothing back meanwhile"
        .clone_into(&mut finding.why);
    finding.safe = Some(format!(
        "-- in batches of some thousand rows by the primary key of {}, each committed, beside the migration",
        written(&write.table)
    ));
    finding
}
