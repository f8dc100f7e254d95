//! What is only known when it runs, or not known at all, is judged by nobody.

use sql::statement::Kind;

use super::Rule;
use crate::ctx::Ctx;
use crate::finding::{Finding, Severity};

pub(super) const RULE: Rule = Rule {
    id: "unread",
    about: "EXECUTE, code that cannot be read, statements that PostgreSQL's grammar does not know: what they do is not judged",
    check,
};

fn check(ctx: &Ctx<'_>, findings: &mut Vec<Finding>) {
    let mut tell = |range: &std::ops::Range<usize>, message: &str, why: &str| {
        findings.push(Finding {
            rule: RULE.id,
            severity: Severity::Warning,
            range: range.clone(),
            message: message.to_owned(),
            why: why.to_owned(),
            lock: None,
            safe: None,
            fix: None,
        });
    };
    match &ctx.statement.kind {
        Kind::Unknown => tell(
            &ctx.statement.range,
            "PostgreSQL's grammar up to version 18 does not know this statement",
            "the server refuses it, or is newer than this tool: what it does is not judged",
        ),
        Kind::Code(code) => {
            for place in &code.dynamic {
                tell(
                    place,
                    "what EXECUTE runs is made when it runs, and not read here",
                    "which tables it locks, reads or writes is not judged",
                );
            }
            if !code.is_read {
                tell(
                    &ctx.statement.range,
                    "not all of this code can be read",
                    "which tables the rest of it locks, reads or writes is not judged",
                );
            }
        }
        _ => {}
    }
}
