//! `ADD FOREIGN KEY` looks up every row while nobody writes to either table.

use sql::statement::{Action, ActionKind, ConstraintKind, Kind, Name};

use super::Rule;
use crate::ctx::{Ctx, constraint_name, shown, written};
use crate::finding::{Finding, Fix, Severity};

pub(super) const RULE: Rule = Rule {
    id: "foreign-key-not-valid",
    about: "ADD FOREIGN KEY that is not NOT VALID, or one that becomes ENFORCED, on a table in use",
    check,
};

fn check(ctx: &Ctx<'_>, findings: &mut Vec<Finding>) {
    let Kind::AlterTable(alter) = &ctx.statement.kind else { return };
    for action in &alter.actions {
        if let ActionKind::AlterConstraint { enforced: Some(true), .. } = &action.kind
            && ctx.in_use(&alter.table)
        {
            let what =
                format!("each row of {} is looked up by the key from now on", shown(&alter.table));
            let mut finding =
                ctx.finding(RULE.id, Severity::Error, &action.range, &alter.table, &what);
            finding.safe = Some(
                "-- add the same key under another name as NOT VALID, validate that in a migration after this one, and drop \
                 the one that is NOT ENFORCED"
                    .to_owned(),
            );
            findings.push(finding);
        }
        let ActionKind::AddConstraint(constraint) = &action.kind else { continue };
        let ConstraintKind::ForeignKey { parent, .. } = &constraint.kind else { continue };
        if constraint.not_valid || !ctx.in_use(&alter.table) {
            continue;
        }
        let what = format!(
            "each row of {} is looked up in {} while both may be in use",
            shown(&alter.table),
            shown(parent)
        );
        let mut finding = ctx.finding(RULE.id, Severity::Error, &action.range, &alter.table, &what);
        let table = written(&alter.table);
        let name = constraint_name(&alter.table, constraint.name.as_deref(), &constraint.kind);
        let known = ctx.catalog.table(&alter.table);
        if ctx.version < 18 && known.is_some_and(|table| table.is_partitioned) {
            finding.safe = Some(
                "-- add it NOT VALID to each partition, validate it there in a migration after this one, and then add it here: \
                 before 18 a partitioned table takes none that is NOT VALID"
                    .to_owned(),
            );
            findings.push(finding);
            continue;
        }
        let is_free = known.is_some_and(|table| !table.constraints.contains_key(&name))
            && is_alone(&alter.actions, &constraint.kind);
        let fits = name.len() <= 63;
        let name = Name::new(name);
        // One without a name gets that which the server would give, or nothing could validate it.
        let own = &ctx.text[action.range.clone()];
        let added = match constraint.name {
            Some(_) => format!("{own} NOT VALID"),
            None => format!("ADD CONSTRAINT {name}{} NOT VALID", &own["ADD".len()..]),
        };
        finding.safe = Some(format!(
            "ALTER TABLE {table} {added};\n\
             -- in a migration after this one:\n\
             ALTER TABLE {table} VALIDATE CONSTRAINT {name};"
        ));
        if known.is_some_and(|table| table.is_made)
            && (constraint.name.is_some() || (is_free && fits))
        {
            let (start, end) = (action.range.start, action.range.end);
            finding.fix = Some(match constraint.name {
                Some(_) => Fix { range: end..end, text: " NOT VALID".to_owned() },
                None => Fix { range: start..end, text: added },
            });
        }
        findings.push(finding);
    }
}

/// Whether no other action adds a foreign key of the same columns, whose name would be the same.
fn is_alone(actions: &[Action], kind: &ConstraintKind) -> bool {
    let ConstraintKind::ForeignKey { columns, .. } = kind else { return false };
    let same = actions.iter().filter(|action| match &action.kind {
        ActionKind::AddConstraint(other) => {
            matches!(&other.kind, ConstraintKind::ForeignKey { columns: own, .. } if own == columns)
        }
        _ => false,
    });
    same.count() == 1
}
