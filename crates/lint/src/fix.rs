//! A migration with what is certain mended.

use sql::Statement;
use sql::statement::{ActionKind, Kind, Name};

use crate::Finding;

/// A migration after its fixes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fixed {
    /// What its script says then.
    pub text: String,
    /// What a migration behind it has to say: constraints that were added NOT VALID are validated in a transaction of their own,
    /// or their lock would be held all the while.
    pub then: Option<String>,
    /// How many findings were mended.
    pub count: usize,
}

/// Mends each finding that has a fix; `None` where none has.
///
/// ```
/// let text = "CREATE TABLE t (a int);";
/// let history = [lint::Source { name: "1", text, is_judged: true, is_pending: false }];
/// assert_eq!(lint::fix(text, &lint::check(&history, &[], 15)[0].findings), None);
/// ```
pub fn fix(text: &str, findings: &[Finding]) -> Option<Fixed> {
    let mut fixes: Vec<_> = findings.iter().filter_map(|finding| finding.fix.as_ref()).collect();
    fixes.sort_by_key(|fix| (fix.range.start, fix.range.end));
    let (mut mended, mut from, mut count) = (String::new(), 0, 0);
    for fix in fixes {
        // Of two that meet, the first: the next run mends the other.
        if fix.range.start < from {
            continue;
        }
        mended.push_str(&text[from..fix.range.start]);
        mended.push_str(&fix.text);
        from = fix.range.end;
        count += 1;
    }
    mended.push_str(&text[from..]);
    let then = to_validate(&mended, &to_validate(text, &[]));
    let lines = then.iter().map(|(table, name)| {
        format!("ALTER TABLE {table} VALIDATE CONSTRAINT {};\n", Name::new(name.as_str()))
    });
    let lines: String = lines.collect();
    (count > 0).then(|| Fixed { text: mended, then: (!lines.is_empty()).then_some(lines), count })
}

/// Constraints of a script that are left NOT VALID, but for some.
fn to_validate(text: &str, but: &[(Name, String)]) -> Vec<(Name, String)> {
    let mut open = Vec::new();
    for statement in Statement::read(text) {
        let Kind::AlterTable(alter) = statement.kind else { continue };
        for action in alter.actions {
            match action.kind {
                ActionKind::AddConstraint(added) if added.not_valid => {
                    open.extend(added.name.map(|name| (alter.table.clone(), name)));
                }
                ActionKind::ValidateConstraint { name } => {
                    open.retain(|one| *one != (alter.table.clone(), name.clone()));
                }
                _ => {}
            }
        }
    }
    open.retain(|one| !but.contains(one));
    open
}
