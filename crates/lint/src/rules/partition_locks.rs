//! Partitions come and go under strong locks of the whole table.

use sql::statement::{ActionKind, Kind};

use super::Rule;
use crate::Work;
use crate::catalog::Missing;
use crate::ctx::{Ctx, shown, written};
use crate::finding::{Finding, Severity};

pub(super) const RULE: Rule = Rule {
    id: "partition-locks",
    about: "DETACH without CONCURRENTLY, ATTACH that reads every row, CREATE TABLE … PARTITION OF",
    check,
};

fn check(ctx: &Ctx<'_>, findings: &mut Vec<Finding>) {
    rest(ctx, findings);
    match &ctx.statement.kind {
        Kind::AlterTable(alter) => {
            let table = written(&alter.table);
            for action in &alter.actions {
                match &action.kind {
                    ActionKind::DetachPartition {
                        partition,
                        concurrently: false,
                        finalize: false,
                    } if ctx.in_use(&alter.table) => {
                        let what = format!(
                            "{} is detached from {}",
                            shown(partition),
                            shown(&alter.table)
                        );
                        let mut finding = ctx.finding(
                            RULE.id,
                            Severity::Warning,
                            &action.range,
                            &alter.table,
                            &what,
                        );
                        finding.safe = Some(if ctx.version >= 14 {
                            format!(
                                "ALTER TABLE {table} DETACH PARTITION {} CONCURRENTLY;",
                                written(partition)
                            )
                        } else {
                            format!("SET LOCAL lock_timeout = '2s';\n{};", ctx.sql())
                        });
                        findings.push(finding);
                    }
                    ActionKind::AttachPartition { partition, .. }
                        if ctx.work(partition) > Work::None =>
                    {
                        let (why, before) = match ctx.catalog.missing(&alter.table, partition) {
                            Some(Missing::Index) => (
                                "is put into an index that the whole table has",
                                "the same index, built CONCURRENTLY in a migration before, spares that",
                            ),
                            Some(Missing::ForeignKey) => (
                                "is looked up for a foreign key that the whole table has",
                                "the same foreign key, NOT VALID and validated in migrations before, spares that",
                            ),
                            None => (
                                "is read to see that it belongs there",
                                "a CHECK of the partition's bounds, NOT VALID and validated in migrations before, spares the scan",
                            ),
                        };
                        let what = format!("each row of {} {why}", shown(partition));
                        let mut finding =
                            ctx.finding(RULE.id, Severity::Error, &action.range, partition, &what);
                        finding.safe = Some(format!("-- {before}:\n{};", ctx.sql()));
                        findings.push(finding);
                    }
                    _ => {}
                }
            }
        }
        Kind::CreateTable(made) => {
            let Some(parent) = made.partition_of.as_ref().filter(|parent| ctx.in_use(parent))
            else {
                return;
            };
            let what = format!("{} is locked to get a new partition", shown(parent));
            let mut finding =
                ctx.finding(RULE.id, Severity::Warning, &ctx.statement.range, parent, &what);
            finding.safe = Some(format!(
                "CREATE TABLE {} (LIKE {} INCLUDING ALL);\n-- then ALTER TABLE … ATTACH PARTITION, which lets readers and writers go on",
                written(&made.name),
                written(parent)
            ));
            findings.push(finding);
        }
        _ => {}
    }
}

/// The partition for all the rest is read, for what belongs into a new one.
fn rest(ctx: &Ctx<'_>, findings: &mut Vec<Finding>) {
    let parent = match &ctx.statement.kind {
        Kind::CreateTable(made) => made.partition_of.as_ref(),
        Kind::AlterTable(alter) => {
            let attaches = |kind: &ActionKind| matches!(kind, ActionKind::AttachPartition { .. });
            alter.actions.iter().any(|action| attaches(&action.kind)).then_some(&alter.table)
        }
        _ => None,
    };
    let default = parent.and_then(|parent| ctx.catalog.default_partition(parent));
    let Some(default) = default.filter(|default| ctx.work(default) == Work::Scan) else { return };
    let what =
        format!("each row of {} is read for what belongs into the new partition", shown(&default));
    let mut finding = ctx.finding(RULE.id, Severity::Error, &ctx.statement.range, &default, &what);
    finding.safe = Some(format!(
        "-- a CHECK of {} that rules out the new bounds, NOT VALID and validated in migrations before, spares the scan;\n\
         -- without a default partition there is none",
        written(&default)
    ));
    findings.push(finding);
}
