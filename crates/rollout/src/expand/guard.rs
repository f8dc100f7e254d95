//! The first statement of a contract: it raises where the database is not ready. It writes nothing.
//!
//! A database without rows passes: there is nothing to fill, and what would have been built is built in no time.

use std::fmt::Write as _;

use pg_schema::quote;

use super::names::full;
use super::planner::Planner;
use crate::{Document, FinishKind, SETTINGS};

/// For how long nothing may have been written to the old side, in milliseconds: ten minutes in every database, unless whoever
/// contracts sets another time for that one run.
const QUIET: &str = "coalesce(extract(epoch FROM nullif(current_setting('driveflow.quiet', true), '')::interval) * 1000, 600000)::bigint";

pub(super) fn statement(planner: &Planner<'_>, document: &Document) -> String {
    let mut body = String::from(
        "DO $guard$\nDECLARE\n  written bigint;\n  settings text[];\n  found text;\nBEGIN\n",
    );
    if let Some(attached) = planner.attached_since() {
        body.push_str(&attached);
    }
    let fill = "run it: cargo xtask backfill run";
    let needs_settings = !document.proofs.is_empty();
    if needs_settings {
        // Nobody after it is to have them.
        let names: Vec<String> = SETTINGS
            .iter()
            .map(|(name, _)| format!("current_setting({})", quote::literal(name)))
            .collect();
        let _ = writeln!(body, "  settings := ARRAY[{}];", names.join(", "));
        for (name, value) in SETTINGS {
            let _ = writeln!(
                body,
                "  PERFORM set_config({}, {}, true);",
                quote::literal(name),
                quote::literal(value)
            );
        }
    }
    for (id, proof) in planner.proofs() {
        let table = planner.full(id);
        raise(
            &mut body,
            &format!("EXISTS (\n    {proof}\n  )"),
            &format!("rows of {table} are not filled yet"),
            fill,
        );
    }
    if needs_settings {
        for (at, (name, _)) in SETTINGS.iter().enumerate() {
            let _ = writeln!(
                body,
                "  PERFORM set_config({}, settings[{}], true);",
                quote::literal(name),
                at + 1
            );
        }
    }
    for later in &planner.finishes {
        let table = planner.full(later.table);
        let is_done = if later.kind == FinishKind::Index {
            let index = full(&planner.name(later.table).sibling(&later.name), &planner.base);
            format!(
                "SELECT FROM pg_catalog.pg_index AS i WHERE i.indexrelid = to_regclass({}) AND i.indisvalid",
                quote::literal(&index)
            )
        } else {
            format!(
                "SELECT FROM pg_catalog.pg_constraint AS c WHERE c.conrelid = {}::regclass AND c.conname = {} AND c.convalidated",
                quote::literal(&table),
                quote::literal(&later.name)
            )
        };
        let what = match later.kind {
            FinishKind::Index => "index",
            FinishKind::Constraint | FinishKind::Validate => "constraint",
        };
        if later.kind == FinishKind::Constraint {
            continue;
        }
        raise(
            &mut body,
            &format!("NOT EXISTS (\n    {is_done}\n  ) AND EXISTS (SELECT FROM {table})"),
            &format!("the {what} {} of {table} is not finished", quote::ident(&later.name)),
            fill,
        );
    }
    if document.old_writes.is_some() {
        let sequence = planner.common.sequence();
        let _ = writeln!(
            body,
            "  IF to_regclass({}) IS NOT NULL THEN\n    SELECT s.\"last_value\" INTO written FROM {sequence} AS s;\n    \
             IF written > floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint\n        - {QUIET} THEN\n      \
             RAISE EXCEPTION 'the old release wrote at %', to_timestamp(written / 1000)\n        \
             USING ERRCODE = 'object_not_in_prerequisite_state',\n        \
             HINT = 'stop the old release, then wait for ten minutes';\n    \
             END IF;\n  END IF;",
            quote::literal(&sequence)
        );
    }
    body.push_str("END\n$guard$");
    if body.matches("$guard$").count() > 2 {
        body = body.replace("$guard$", "$rollout_guard$");
    }
    body
}

fn raise(body: &mut String, condition: &str, what: &str, hint: &str) {
    // A percent sign stands for an argument.
    let what = quote::literal(&what.replace('%', "%%")).to_string();
    let _ = writeln!(
        body,
        "  IF {condition} THEN\n    RAISE EXCEPTION {what}\n      USING ERRCODE = 'object_not_in_prerequisite_state', HINT = {};\n  END IF;",
        quote::literal(hint)
    );
}
