//! `CREATE INDEX` keeps writers from the table while the index is built.

use sql::statement::Kind;

use super::Rule;
use crate::ctx::{Ctx, shown};
use crate::finding::{CONCURRENTLY, Finding, Fix, Severity};

pub(super) const RULE: Rule = Rule {
    id: "create-index-concurrently",
    about: "CREATE INDEX on a table in use, without CONCURRENTLY",
    check,
};

fn check(ctx: &Ctx<'_>, findings: &mut Vec<Finding>) {
    let Kind::CreateIndex(index) = &ctx.statement.kind else { return };
    let divided = ctx.catalog.descendants(&index.table);
    let Some((of, _)) = ctx.worked_on(&index.table).filter(|_| !index.concurrently) else { return };
    let what = format!("an index is built on {} while it may be in use", shown(&index.table));
    let mut finding = ctx.finding(RULE.id, Severity::Error, &ctx.statement.range, &of, &what);
    let sql = ctx.sql();
    let word = sql.to_ascii_lowercase().find("index").map_or(0, |at| at + "index".len());
    let is_divided = ctx.catalog.table(&index.table).is_some_and(|table| table.is_partitioned);
    if divided.is_empty() && !is_divided {
        let (before, after) = sql.split_at(word);
        finding.safe = Some(format!("{before} CONCURRENTLY{after};"));
        let at = ctx.statement.range.start + word;
        // Inside a transaction of the script it would be refused, and so on a partitioned table.
        finding.fix = (!ctx.state.in_block && ctx.is_whole(&index.table))
            .then(|| Fix { range: at..at, text: CONCURRENTLY.to_owned() });
    } else {
        finding.safe = Some(
            "-- make the index ON ONLY the table, then CONCURRENTLY on each partition, then ALTER INDEX … ATTACH PARTITION"
                .to_owned(),
        );
    }
    findings.push(finding);
}
