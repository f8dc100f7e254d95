//! From squawk's tree to [`Kind`].

mod alter;
mod code;
mod constant;
mod define;
mod write;

use squawk_syntax::ast::AstNode as _;
use squawk_syntax::{SourceFile, SyntaxKind as K, SyntaxNode};

use alter::{is_type, words};
use write::{query, write};

use super::tree::{
    bare, child, children, find, has, has_word, has_words, name, named, names, text,
};
use super::{
    AlterTable, AlterType, Code, CreateIndex, DomainAction, DropIndex, Kind, Lock, LockMode, Name,
    Object, Reindex, Rename, Set, Transaction, Vacuum, Verb,
};
use crate::{Piece, Token};

/// What a statement does; `sql` is its text.
pub(super) fn kind(sql: &str, piece: &Piece) -> Kind {
    let parsed = SourceFile::parse(sql);
    let root = parsed.tree();
    let mut statements = root.syntax().children();
    let (Some(node), None) = (statements.next(), statements.next()) else { return Kind::Unknown };
    // What is wrong inside of a body is found out when it is run, and does not make it something else.
    let has_body = matches!(node.kind(), K::CREATE_FUNCTION | K::CREATE_PROCEDURE | K::DO);
    if !has_body && !parsed.errors().is_empty() {
        return Kind::Unknown;
    }
    let reader = Reader { base: piece.start, words: piece.words(), sql };
    reader.kind(&node).unwrap_or(Kind::Unknown)
}

struct Reader<'a> {
    /// Where the statement begins in its file.
    base: usize,
    words: &'a [String],
    /// Its text.
    sql: &'a str,
}

impl Reader<'_> {
    /// `None` where the tree lacks a part that the grammar asks for.
    fn kind(&self, node: &SyntaxNode) -> Option<Kind> {
        Some(match node.kind() {
            K::CREATE_TABLE | K::CREATE_TABLE_AS | K::SELECT_INTO => {
                Kind::CreateTable(self.create_table(node)?)
            }
            K::ALTER_TABLE => self.alter_table(node)?,
            K::CREATE_INDEX => Kind::CreateIndex(create_index(node)?),
            K::DROP_INDEX => Kind::DropIndex(DropIndex {
                names: names(node, &[K::INDEX_REF]),
                concurrently: has_word(node, "concurrently"),
                if_exists: has(node, K::IF_EXISTS),
                cascade: cascades(node),
            }),
            K::REINDEX => Kind::Reindex(reindex(node)?),
            K::ALTER_TYPE => alter_type(node)?,
            K::TRUNCATE => {
                let list = find(node, K::TABLE_LIST)?;
                Kind::Truncate {
                    tables: list.children().filter_map(|table| name(&table)).collect(),
                    cascade: cascades(node),
                }
            }
            K::INSERT | K::UPDATE | K::DELETE | K::MERGE | K::COPY => write(node),
            K::VACUUM => vacuum(node),
            K::CLUSTER => Kind::Cluster { table: named(node, K::TABLE_NAME_REF) },
            K::ANALYZE => Kind::Analyze { tables: listed(node) },
            K::REFRESH => Kind::Refresh {
                view: named(node, K::VIEW_REF)?,
                concurrently: has_word(node, "concurrently"),
            },
            K::LOCK => Kind::Lock(lock(node)?),
            K::SET | K::RESET => set(node, self.words),
            K::BEGIN => Kind::Transaction(Transaction::Begin),
            K::COMMIT_TRANSACTION => Kind::Transaction(Transaction::Commit),
            K::ROLLBACK_TRANSACTION => Kind::Transaction(Transaction::Rollback),
            K::SAVEPOINT_CREATE => Kind::Transaction(Transaction::Savepoint),
            K::COMMIT_PREPARED
            | K::ROLLBACK_PREPARED
            | K::ROLLBACK_TO_SAVEPOINT
            | K::RELEASE_SAVEPOINT
            | K::SET_TRANSACTION => Kind::Transaction(Transaction::Other),
            K::PREPARE_TRANSACTION => Kind::Transaction(Transaction::Prepare),
            K::COMMENT_ON => Kind::Comment,
            K::GRANT | K::REVOKE | K::ALTER_DEFAULT_PRIVILEGES => Kind::Privileges,
            K::DO => Kind::Code(self.code(node)),
            K::CALL => Kind::Code(Code::default()),
            K::CREATE_FUNCTION => Kind::Function(define::function(node, node, Verb::Create)?),
            K::ALTER_FUNCTION if has(node, K::FUNC_OPTION_LIST) => {
                let signature = child(node, K::FUNCTION_SIG)?;
                Kind::Function(define::function(node, &signature, Verb::Alter)?)
            }
            K::CREATE_DOMAIN => Kind::CreateDomain {
                name: named(node, K::DOMAIN)?,
                ty: node.children().find(|child| is_type(child.kind())).map(|ty| words(&ty))?,
                constraints: node.children().filter_map(|one| self.constraint(&one)).collect(),
            },
            K::ALTER_DOMAIN if !has(node, K::DOMAIN_RENAME_TO) => Kind::AlterDomain {
                name: named(node, K::DOMAIN_REF)?,
                action: self.domain_action(node),
            },
            K::SELECT => set_config(node).map_or_else(|| query(node), Kind::Set),
            K::COMPOUND_SELECT | K::PAREN_SELECT | K::VALUES | K::TABLE => query(node),
            K::SHOW | K::EXPLAIN => Kind::Query,
            _ => self.by_verb(node),
        })
    }

    fn word(&self, at: usize) -> &str {
        self.words.get(at).map_or("", String::as_str)
    }

    /// `CREATE`, `ALTER` and `DROP` of whatever is left.
    fn by_verb(&self, node: &SyntaxNode) -> Kind {
        let skip = [
            "OR",
            "REPLACE",
            "MATERIALIZED",
            "TEMP",
            "TEMPORARY",
            "LOCAL",
            "GLOBAL",
            "UNLOGGED",
            "RECURSIVE",
            "CONSTRAINT",
            "TRUSTED",
            "PROCEDURAL",
            "USER",
            "FOREIGN",
            "EVENT",
        ];
        let mut words = self.words.iter().skip(1).map(String::as_str);
        let what = words.find(|word| !skip.contains(word)).unwrap_or_default();
        let before = |word: &str| self.words.iter().take(4).any(|found| found == word);
        let object = define::object(what, before);
        match self.word(0) {
            "CREATE" => define::create(node, object),
            "ALTER" => define::alter(node, object),
            "DROP" => Kind::Drop(define::drop(node, object)),
            _ => Kind::Other,
        }
    }
}

fn cascades(node: &SyntaxNode) -> bool {
    has(node, K::CASCADE) || has_word(node, "cascade")
}

fn create_index(node: &SyntaxNode) -> Option<CreateIndex> {
    let table = child(node, K::TABLE_RELATION_NAME)?;
    let list = child(node, K::PARTITION_ITEM_LIST)?;
    let columns = column_items(&list);
    let items = list.children().map(|item| text(&item));
    let condition = child(node, K::WHERE_CLAUSE).map(|condition| text(&condition));
    let terms: Vec<String> = items.filter(|item| is_expression(item)).chain(condition).collect();
    let as_is = list.children().filter_map(|item| bare(&item, K::NAME_REF));
    Some(CreateIndex {
        name: named(node, K::INDEX),
        only: has_word(&table, "only"),
        table: name(&table)?,
        unique: has_word(node, "unique"),
        concurrently: has_word(node, "concurrently"),
        if_not_exists: has(node, K::IF_NOT_EXISTS),
        terms: terms.join(" "),
        sorted: as_is.collect(),
        columns,
    })
}

/// Whether a part of an index is more than a column, its order and its operators.
fn is_expression(item: &str) -> bool {
    let tokens = crate::tokens(item);
    let calls = tokens.get(1).is_some_and(|next| next.is_mark('(') || next.is_mark('.'));
    calls || matches!(tokens.first(), Some(Token::Mark(_)))
}

/// The columns of an index or of what a table is divided by; none where anything else is among them.
fn column_items(list: &SyntaxNode) -> Vec<String> {
    let items: Vec<String> = list.children().map(|item| text(&item)).collect();
    let is_column = |item: &String| {
        let plain = item.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '$');
        plain
            || (item.len() > 2
                && item.starts_with('"')
                && item[1..].find('"') == Some(item.len() - 2))
    };
    if items.iter().all(is_column) {
        items.iter().map(|item| Name::part(item)).collect()
    } else {
        Vec::new()
    }
}

fn reindex(node: &SyntaxNode) -> Option<Reindex> {
    let target = node.children().find(|child| child.kind() != K::REINDEX_OPTION_LIST)?;
    let object = match target.kind() {
        K::REINDEX_TARGET_INDEX => Object::Index,
        K::REINDEX_TARGET_TABLE => Object::Table,
        K::REINDEX_TARGET_SCHEMA => Object::Schema,
        _ => Object::Database,
    };
    let option = find(node, K::REINDEX_OPTION_CONCURRENTLY).is_some_and(|option| {
        !["false", "off", "0", "no"].iter().any(|no| has_words(&option, &[no]))
    });
    Some(Reindex {
        target: object,
        name: target.children().find_map(|child| name(&child)),
        concurrently: has_word(&target, "concurrently") || option,
    })
}

fn alter_type(node: &SyntaxNode) -> Option<Kind> {
    let of = named(node, K::TYPE_NAME_REF)?;
    if let Some(add) = child(node, K::ADD_VALUE) {
        let value = string(&child(&add, K::LITERAL)?);
        let if_not_exists = has(&add, K::IF_NOT_EXISTS);
        return Some(Kind::AlterType(AlterType::AddValue { name: of, value, if_not_exists }));
    }
    if let Some(rename) = child(node, K::RENAME_VALUE) {
        let mut literals = children(&rename, K::LITERAL).map(|literal| string(&literal));
        let (from, to) = (literals.next()?, literals.next()?);
        return Some(Kind::AlterType(AlterType::RenameValue { name: of, from, to }));
    }
    if let Some(to) = child(node, K::TYPE_RENAME_TO) {
        return Some(Kind::Rename(Rename { object: Object::Type, from: of, to: name(&to)?.name }));
    }
    Some(Kind::AlterType(AlterType::Other { name: of }))
}

/// What a plain string says.
fn string(literal: &SyntaxNode) -> String {
    let written = text(literal);
    match written.strip_prefix('\'').and_then(|written| written.strip_suffix('\'')) {
        Some(inner) => inner.replace("''", "'"),
        None => written,
    }
}

/// The tables of `VACUUM` and `ANALYZE`.
fn listed(node: &SyntaxNode) -> Vec<Name> {
    find(node, K::TABLE_AND_COLUMNS_LIST)
        .map(|list| list.children().filter_map(|table| name(&table)).collect())
        .unwrap_or_default()
}

fn vacuum(node: &SyntaxNode) -> Kind {
    let option = children(node, K::VACUUM_OPTION_LIST)
        .flat_map(|list| list.children().collect::<Vec<_>>())
        .any(|option| {
            let words = text(&option).to_ascii_lowercase();
            let mut words = words.split_whitespace();
            words.next() == Some("full") && !matches!(words.next(), Some("false" | "off" | "0"))
        });
    Kind::Vacuum(Vacuum { tables: listed(node), full: has_word(node, "full") || option })
}

fn lock(node: &SyntaxNode) -> Option<Lock> {
    let tables =
        child(node, K::RELATION_LIST)?.children().filter_map(|table| name(&table)).collect();
    let mode = match child(node, K::LOCK_MODE_CLAUSE).and_then(|clause| clause.first_child()) {
        None => LockMode::AccessExclusive,
        Some(mode) => match mode.kind() {
            K::ACCESS_SHARE => LockMode::AccessShare,
            K::ROW_SHARE => LockMode::RowShare,
            K::ROW_EXCLUSIVE => LockMode::RowExclusive,
            K::SHARE_UPDATE_EXCLUSIVE => LockMode::ShareUpdateExclusive,
            K::SHARE => LockMode::Share,
            K::SHARE_ROW_EXCLUSIVE => LockMode::ShareRowExclusive,
            K::EXCLUSIVE => LockMode::Exclusive,
            _ => LockMode::AccessExclusive,
        },
    };
    Some(Lock { tables, mode })
}

fn set(node: &SyntaxNode, words: &[String]) -> Kind {
    let whole = text(node);
    if words.get(1).is_some_and(|word| word == "SCHEMA") {
        let value = child(node, K::SCHEMA_REF).or_else(|| find(node, K::LITERAL));
        let value = value.map(|schema| text(&schema));
        return Kind::Set(Set { name: "search_path".to_owned(), value, local: false });
    }
    let local = words.get(1).is_some_and(|word| word == "LOCAL");
    let scope = usize::from(local || words.get(1).is_some_and(|word| word == "SESSION"));
    // The words know no dots, but the settings that matter have none either.
    let first = words.get(1 + scope).map(|word| word.to_ascii_lowercase()).unwrap_or_default();
    let parts = whole.split_once('=').or_else(|| {
        let lower = whole.to_ascii_lowercase();
        let at = lower.find(" to ")?;
        Some((&whole[..at], &whole[at + 4..]))
    });
    let value = parts
        .map(|(_, value)| value.trim().to_owned())
        .filter(|value| !value.eq_ignore_ascii_case("default"));
    Kind::Set(Set { name: first, value, local })
}

/// `SELECT set_config('name', 'value', is_local)` of constants does what `SET` does.
fn set_config(node: &SyntaxNode) -> Option<Set> {
    let call = find(node, K::CALL_EXPR)?;
    let alone = text(node);
    let (verb, rest) = alone.split_at_checked("select".len())?;
    if !verb.eq_ignore_ascii_case("select") || rest.trim() != text(&call) {
        return None;
    }
    let function = text(&call.first_child()?).to_ascii_lowercase();
    if function.trim_start_matches("pg_catalog.") != "set_config" {
        return None;
    }
    let list = child(&call, K::ARG_LIST)?;
    let constant = |argument: SyntaxNode| {
        argument
            .descendants()
            .find(|inner| inner.kind() == K::LITERAL)
            .filter(|literal| literal.text_range().len() == argument.text_range().len())
    };
    let literals: Vec<SyntaxNode> = list.children().filter_map(constant).collect();
    let [name, value, local] = literals.as_slice() else { return None };
    Some(Set {
        name: string(name).to_ascii_lowercase(),
        value: Some(text(value)),
        local: text(local).eq_ignore_ascii_case("true"),
    })
}

/// The columns in a list of them.
fn columns(node: Option<SyntaxNode>) -> Vec<String> {
    let Some(list) = node else { return Vec::new() };
    list.children().filter_map(|column| Some(name(&column)?.name)).collect()
}

fn rename(object: Object, from: Name, to: &SyntaxNode) -> Option<Kind> {
    Some(Kind::Rename(Rename { object, from, to: name(to)?.name }))
}

fn is_temporary(node: &SyntaxNode) -> bool {
    has_words(node, &["temp"]) || has_words(node, &["temporary"])
}

impl Reader<'_> {
    fn domain_action(&self, node: &SyntaxNode) -> DomainAction {
        let action = |node: &SyntaxNode| {
            Some(match node.kind() {
                K::ADD_CONSTRAINT => DomainAction::AddConstraint(
                    node.children().find_map(|child| self.constraint(&child))?,
                ),
                K::VALIDATE_CONSTRAINT => {
                    DomainAction::ValidateConstraint { name: bare(node, K::CONSTRAINT_NAME_REF)? }
                }
                K::DROP_CONSTRAINT => {
                    DomainAction::DropConstraint { name: bare(node, K::CONSTRAINT_NAME_REF)? }
                }
                K::SET_NOT_NULL => DomainAction::SetNotNull,
                K::DROP_NOT_NULL => DomainAction::DropNotNull,
                K::SET_DEFAULT => DomainAction::Default(Some(text(&node.first_child()?))),
                K::DROP_DEFAULT => DomainAction::Default(None),
                _ => return None,
            })
        };
        node.children().find_map(|child| action(&child)).unwrap_or(DomainAction::Other)
    }

    fn alter_table(&self, node: &SyntaxNode) -> Option<Kind> {
        let Some(table) = named(node, K::TABLE_RELATION_NAME) else { return Some(Kind::Other) };
        if let Some(to) = child(node, K::TABLE_RENAME_TO) {
            return rename(Object::Table, table, &to);
        }
        Some(Kind::AlterTable(AlterTable {
            table,
            if_exists: has(node, K::IF_EXISTS),
            only: child(node, K::TABLE_RELATION_NAME).is_some_and(|it| has_word(&it, "only")),
            actions: self.actions(node),
        }))
    }
}
