//! `CREATE`, `ALTER` and `DROP` of what is neither table nor index.

use squawk_syntax::{SyntaxKind as K, SyntaxNode};

use super::{cascades, rename, string, words};
use crate::statement::tree::{child, find, has, name};
use crate::statement::{Drop, Function, Kind, Name, Object, Verb};

/// The kind that a word of SQL names; `before` tells whether another word stands before it.
pub(super) fn object(word: &str, before: impl Fn(&str) -> bool) -> Object {
    match word {
        "TABLE" if before("FOREIGN") => Object::ForeignTable,
        "TABLE" => Object::Table,
        "INDEX" => Object::Index,
        "VIEW" if before("MATERIALIZED") => Object::MaterializedView,
        "VIEW" => Object::View,
        "SEQUENCE" => Object::Sequence,
        "TYPE" => Object::Type,
        "DOMAIN" => Object::Domain,
        "FUNCTION" | "PROCEDURE" | "ROUTINE" | "AGGREGATE" => Object::Function,
        "TRIGGER" if before("EVENT") => Object::EventTrigger,
        "TRIGGER" => Object::Trigger,
        "POLICY" => Object::Policy,
        "RULE" => Object::Rule,
        "STATISTICS" => Object::Statistics,
        "EXTENSION" => Object::Extension,
        "SCHEMA" => Object::Schema,
        "DATABASE" => Object::Database,
        "ROLE" | "GROUP" => Object::Role,
        "PUBLICATION" => Object::Publication,
        "SUBSCRIPTION" => Object::Subscription,
        _ => Object::Other,
    }
}

pub(super) fn create(node: &SyntaxNode, object: Object) -> Kind {
    let name = own_name(node);
    if let (Some(name), Some(values)) = (&name, find(node, K::VARIANT_LIST)) {
        let values = values.children().map(|value| string(&value)).collect();
        return Kind::CreateEnum { name: name.clone(), values };
    }
    Kind::Define { verb: Verb::Create, object, name, table: table(node) }
}

pub(super) fn alter(node: &SyntaxNode, object: Object) -> Kind {
    let own = own_name(node);
    let renames = |kind: K| {
        let name = format!("{kind:?}");
        name.ends_with("RENAME_TO")
    };
    // That of a trigger is a change of its table.
    let of_table = table(node).is_some();
    if !of_table
        && let (Some(from), Some(to)) = (&own, node.children().find(|child| renames(child.kind())))
        && let Some(rename) = rename(object, from.clone(), &to)
    {
        return rename;
    }
    Kind::Define { verb: Verb::Alter, object, name: own, table: table(node) }
}

/// A function; `signature` has its name and parameters.
pub(super) fn function(node: &SyntaxNode, signature: &SyntaxNode, verb: Verb) -> Option<Function> {
    let options = child(node, K::FUNC_OPTION_LIST);
    let is_steady = options.and_then(|options| {
        options.children().find_map(|option| match option.kind() {
            K::IMMUTABLE | K::STABLE => Some(true),
            K::VOLATILE => Some(false),
            _ => None,
        })
    });
    Some(Function {
        verb,
        name: own_name(signature)?,
        parameters: child(signature, K::PARAM_LIST).map(|list| words(&list)).unwrap_or_default(),
        is_steady,
    })
}

pub(super) fn drop(node: &SyntaxNode, object: Object) -> Drop {
    let of = [K::ON_RELATION, K::ON_TABLE, K::IF_EXISTS];
    let names = node
        .children()
        .filter(|child| !of.contains(&child.kind()))
        .filter(|child| !matches!(child.kind(), K::CASCADE | K::RESTRICT))
        .filter_map(|child| name(&child))
        .collect();
    Drop {
        object,
        names,
        table: table(node),
        cascade: cascades(node),
        if_exists: has(node, K::IF_EXISTS),
    }
}

/// The table after `ON` or `FROM`.
fn table(node: &SyntaxNode) -> Option<Name> {
    let holders = [K::ON_RELATION, K::ON_TABLE, K::RULE_ON, K::FROM_TABLE];
    let holder = node.children().find(|child| holders.contains(&child.kind()))?;
    let inner = holder
        .children()
        .find(|child| matches!(child.kind(), K::RELATION_NAME_REF | K::TABLE_NAME_REF));
    name(&inner.unwrap_or(holder))
}

/// The first name among its parts.
fn own_name(node: &SyntaxNode) -> Option<Name> {
    let is_name = |child: &SyntaxNode| {
        !matches!(
            child.kind(),
            K::IF_EXISTS | K::IF_NOT_EXISTS | K::OR_REPLACE | K::TEMP | K::UNLOGGED
        )
    };
    node.children().find(is_name).and_then(|child| name(&child))
}
