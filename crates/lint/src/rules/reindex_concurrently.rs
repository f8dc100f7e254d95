//! `REINDEX` keeps writers from the table, and readers from the index.

use sql::statement::{Kind, Object};

use super::Rule;
use crate::ctx::{Ctx, written};
use crate::finding::{Finding, Severity};

pub(super) const RULE: Rule =
    Rule { id: "reindex-concurrently", about: "REINDEX without CONCURRENTLY", check };

fn check(ctx: &Ctx<'_>, findings: &mut Vec<Finding>) {
    let Kind::Reindex(reindex) = &ctx.statement.kind else { return };
    let touches = &ctx.effect.touches;
    if reindex.concurrently || (!touches.is_empty() && touches.iter().all(|touch| !touch.in_use)) {
        return;
    }
    let Some(name) = &reindex.name else { return };
    let table = touches.first().map_or(name, |touch| &touch.table);
    let what = format!("`{}` is indexed anew while it may be in use", name.name);
    let mut finding = ctx.finding(RULE.id, Severity::Error, &ctx.statement.range, table, &what);
    if finding.why.is_empty() {
        "SHARE on the table blocks all writes, ACCESS EXCLUSIVE on its indexes most reads, while they are built"
            .clone_into(&mut finding.why);
    }
    let object = match reindex.target {
        Object::Index => "INDEX",
        Object::Table => "TABLE",
        Object::Schema => "SCHEMA",
        _ => "DATABASE",
    };
    if ctx.version >= 12 {
        finding.safe = Some(format!("REINDEX {object} CONCURRENTLY {};", written(name)));
    } else {
        finding.safe = Some(
            "-- before 12: CREATE INDEX CONCURRENTLY beside it, DROP INDEX CONCURRENTLY, rename"
                .to_owned(),
        );
    }
    findings.push(finding);
}
