//! `DROP INDEX` keeps everybody from the table, waiting behind whoever reads it.

use sql::statement::Kind;

use super::Rule;
use crate::ctx::{Ctx, shown, written};
use crate::finding::{CONCURRENTLY, Finding, Fix, Severity};

pub(super) const RULE: Rule = Rule {
    id: "drop-index-concurrently",
    about: "DROP INDEX of a table in use, without CONCURRENTLY",
    check,
};

fn check(ctx: &Ctx<'_>, findings: &mut Vec<Finding>) {
    let Kind::DropIndex(drop) = &ctx.statement.kind else { return };
    if drop.concurrently {
        return;
    }
    let table_of = |name| ctx.catalog.index(name).map(|index| index.table.clone());
    let is_whole = drop.names.iter().all(|name| table_of(name).is_some_and(|of| ctx.is_whole(&of)));
    let known: Vec<_> = drop.names.iter().map(table_of).collect();
    if known.iter().all(|table| table.as_ref().is_some_and(|table| !ctx.in_use(table))) {
        return;
    }
    let table = known.into_iter().flatten().find(|table| ctx.in_use(table));
    let of = table.as_ref().map_or_else(|| "a table that may be in use".to_owned(), shown);
    let what = format!("an index of {of} is dropped");
    let table = table.unwrap_or_else(|| drop.names[0].clone());
    let mut finding = ctx.finding(RULE.id, Severity::Warning, &ctx.statement.range, &table, &what);
    if finding.why.is_empty() {
        "ACCESS EXCLUSIVE on its table blocks all reads and writes until its transaction ends"
            .clone_into(&mut finding.why);
    }
    // More than one cannot be dropped concurrently, nor what others need.
    let exists = if drop.if_exists { "IF EXISTS " } else { "" };
    let each: Vec<String> = drop
        .names
        .iter()
        .map(|name| format!("DROP INDEX CONCURRENTLY {exists}{};", written(name)))
        .collect();
    let is_divided = ctx.catalog.table(&table).is_some_and(|table| table.is_partitioned);
    finding.safe = Some(if is_divided {
        "-- an index of a partitioned table cannot be dropped CONCURRENTLY: drop it under a short lock_timeout".to_owned()
    } else {
        each.join("\n")
    });
    if is_whole && drop.names.len() == 1 && !drop.cascade && !ctx.state.in_block {
        let at = ctx.sql().to_ascii_lowercase().find("index").map_or(0, |at| at + "index".len());
        let at = ctx.statement.range.start + at;
        finding.fix = Some(Fix { range: at..at, text: CONCURRENTLY.to_owned() });
    }
    findings.push(finding);
}
