//! The body of a `DO`.

use std::ops::Range;

use squawk_syntax::ast::{self, AstNode as _};
use squawk_syntax::{SourceFile, SyntaxKind as K, SyntaxNode};

use super::Reader;
use super::constant::constant;
use crate::split;
use crate::statement::tree::{child, find, range};
use crate::statement::{ActionKind, Code, Constraint, DomainAction, Kind, Statement};

impl Reader<'_> {
    pub(super) fn code(&self, node: &SyntaxNode) -> Code {
        let body = ast::Do::cast(node.clone()).and_then(|code| code.plpgsql());
        let Some(body) = body else { return Code::default() };
        let root = body.syntax();
        let source = body.source_range(root.text_range());
        let source = usize::from(source.start())..usize::from(source.end());
        // Escapes in it move all that comes after them.
        let has_escapes = self.sql.get(source.clone()) != Some(body.text());
        let base = self.base + source.start;
        let mut code = Code::default();
        let mut known = Vec::new();
        for inner in root.descendants() {
            let in_file = if has_escapes {
                let place = body.source_range(inner.text_range());
                self.base + usize::from(place.start())..self.base + usize::from(place.end())
            } else {
                let place = range(&inner);
                base + place.start..base + place.end
            };
            match inner.kind() {
                K::PLPGSQL_EXEC_SQL_STMT | K::ERROR => {
                    if let Some(mut statement) = statement(&inner, body.text(), base) {
                        if has_escapes {
                            put_at(&mut statement, &in_file);
                        }
                        known.push(in_file);
                        if statement.kind != Kind::Query {
                            code.statements.push(statement);
                        }
                    }
                }
                K::PLPGSQL_DYN_EXECUTE_STMT
                | K::PLPGSQL_FOR_DYN_STMT
                | K::PLPGSQL_RETURN_QUERY_EXECUTE_STMT => match executed(&inner) {
                    Some(statements) => {
                        for mut statement in statements {
                            put_at(&mut statement, &in_file);
                            code.statements.push(statement);
                        }
                    }
                    None => code.dynamic.push(in_file),
                },
                _ => {}
            }
        }
        let calls = |inner: SyntaxNode| match inner.kind() {
            K::PLPGSQL_CALL_STMT | K::PLPGSQL_DO_STMT => true,
            // A function is called for what it does.
            K::PLPGSQL_PERFORM_STMT => find(&inner, K::CALL_EXPR).is_some(),
            _ => false,
        };
        code.is_read = !root.descendants().any(calls)
            && body.errors().iter().all(|error| {
                let at = self.base + usize::from(error.range().start());
                known.iter().any(|place| place.contains(&at))
            });
        code
    }
}

/// Makes a place that of a statement and of each of its parts: of a part alone it cannot be told where it stands.
fn put_at(statement: &mut Statement, place: &Range<usize>) {
    statement.range = place.clone();
    let mut constraints: Vec<&mut Constraint> = Vec::new();
    match &mut statement.kind {
        Kind::AlterTable(alter) => {
            for action in &mut alter.actions {
                action.range = place.clone();
                match &mut action.kind {
                    ActionKind::AddColumn { column, .. } => {
                        constraints.extend(&mut column.constraints);
                    }
                    ActionKind::AddConstraint(constraint) => constraints.push(constraint),
                    _ => {}
                }
            }
        }
        Kind::CreateTable(table) => {
            constraints.extend(table.columns.iter_mut().flat_map(|it| &mut it.constraints));
            constraints.extend(&mut table.constraints);
        }
        Kind::CreateDomain { constraints: own, .. } => constraints.extend(own),
        Kind::AlterDomain { action: DomainAction::AddConstraint(constraint), .. } => {
            constraints.push(constraint);
        }
        _ => {}
    }
    for constraint in constraints {
        constraint.range = place.clone();
    }
}

/// The statements that `EXECUTE` is given as a constant, queries left out; none where it is none, or cannot be read.
fn executed(node: &SyntaxNode) -> Option<Vec<Statement>> {
    let text = constant(&child(node, K::PLPGSQL_EXPR)?)?;
    let mut statements = Statement::read(&text);
    let is_read = |statement: &Statement| match &statement.kind {
        Kind::Unknown => false,
        Kind::Code(code) => code.is_whole(),
        // A function is called for what it does.
        Kind::Query => !calls(&text[statement.range.clone()]),
        _ => true,
    };
    if !statements.iter().all(is_read) {
        return None;
    }
    statements.retain(|statement| statement.kind != Kind::Query);
    Some(statements)
}

/// Whether a query calls anything.
fn calls(query: &str) -> bool {
    let tree = SourceFile::parse(query).tree();
    find(tree.syntax(), K::CALL_EXPR).is_some()
}

/// The statement that a node is; none where it cannot be read. The grammar does not know all that PL/pgSQL adds to SQL:
/// queries and `RETURNING` with `INTO`.
fn statement(node: &SyntaxNode, body: &str, base: usize) -> Option<Statement> {
    let place = range(node);
    let pieces = split(body.get(place.clone())?).pieces;
    let [piece] = pieces.as_slice() else { return None };
    let own = place.start..place.start + piece.end(&body[place.clone()]);
    let in_file = base + own.start..base + own.end;
    let first = piece.words().first().map(String::as_str);
    if matches!(first, Some("SELECT" | "VALUES" | "TABLE" | "PERFORM")) {
        return Some(Statement::within(Kind::Query, in_file, piece));
    }
    let kind = if node.kind() == K::ERROR {
        let text = &body[own.clone()];
        let returns = ["RETURNING", "returning"].iter().find_map(|word| text.find(word));
        super::kind(&text[..returns?], &piece.moved(base + place.start))
    } else if node.descendants().any(|inner| inner.kind() == K::ERROR) {
        return None;
    } else {
        let reader = Reader { base, words: piece.words(), sql: body };
        node.children().find_map(|child| reader.kind(&child))?
    };
    let is_read = kind != Kind::Unknown;
    is_read.then(|| Statement::within(kind, in_file, piece))
}
