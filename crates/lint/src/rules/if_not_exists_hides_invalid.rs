//! A concurrent build that failed leaves an index that is not valid, and `IF NOT EXISTS` takes it for one.

use sql::statement::Kind;

use super::Rule;
use crate::ctx::{Ctx, written};
use crate::finding::{Finding, Severity};

pub(super) const RULE: Rule = Rule {
    id: "if-not-exists-hides-invalid",
    about: "CREATE INDEX CONCURRENTLY IF NOT EXISTS, which takes a half-built index for a whole one",
    check,
};

fn check(ctx: &Ctx<'_>, findings: &mut Vec<Finding>) {
    let Kind::CreateIndex(index) = &ctx.statement.kind else { return };
    let Some(name) = &index.name else { return };
    if !(index.concurrently && index.if_not_exists && ctx.in_use(&index.table)) {
        return;
    }
    let what = format!("IF NOT EXISTS is content with an index `{}` that is not valid", name.name);
    let mut finding =
        ctx.finding(RULE.id, Severity::Warning, &ctx.statement.range, &index.table, &what);
    "a build that fails leaves its index behind, unused and still written to; run again, this statement does nothing"
        .clone_into(&mut finding.why);
    let name = sql::statement::Name { schema: index.table.schema.clone(), name: name.name.clone() };
    let again = ctx.sql().replacen("IF NOT EXISTS ", "", 1).replacen("if not exists ", "", 1);
    finding.safe = Some(format!("DROP INDEX CONCURRENTLY IF EXISTS {};\n{again};", written(&name)));
    findings.push(finding);
}
