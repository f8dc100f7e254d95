//! `CREATE TABLE` and each action of `ALTER TABLE`.

use std::ops::Range;

use squawk_syntax::{SyntaxKind as K, SyntaxNode};

use super::{Reader, cascades, column_items, columns, is_temporary};
use crate::statement::tree::{
    bare, child, children, find, has, has_words, name, named, range, text,
};
use crate::statement::{
    Action, ActionKind as A, Bounds, Column, Constraint, ConstraintKind, CreateTable, Name,
    PartitionKey, Storage,
};

impl Reader<'_> {
    fn place(&self, node: &SyntaxNode) -> Range<usize> {
        let range = range(node);
        self.base + range.start..self.base + range.end
    }

    pub(super) fn create_table(&self, node: &SyntaxNode) -> Option<CreateTable> {
        let holder = child(node, K::INTO_CLAUSE).unwrap_or_else(|| node.clone());
        let arguments = child(node, K::TABLE_ARG_LIST);
        let arguments: Vec<SyntaxNode> = arguments.iter().flat_map(SyntaxNode::children).collect();
        Some(CreateTable {
            name: named(&holder, K::TABLE_NAME)?,
            if_not_exists: has(node, K::IF_NOT_EXISTS),
            temporary: holder
                .children()
                .any(|child| matches!(child.kind(), K::TEMP) && is_temporary(&child)),
            unlogged: has(&holder, K::UNLOGGED),
            columns: arguments
                .iter()
                .filter(|node| node.kind() == K::COLUMN)
                .filter_map(|node| self.column(node))
                .collect(),
            constraints: arguments.iter().filter_map(|node| self.constraint(node)).collect(),
            partition_of: child(node, K::PARTITION_OF).and_then(|of| name(&of)),
            inherits: child(node, K::INHERITS)
                .map(|parents| parents.children().filter_map(|parent| name(&parent)).collect())
                .unwrap_or_default(),
            like: arguments
                .iter()
                .filter(|node| node.kind() == K::LIKE_CLAUSE)
                .filter_map(name)
                .collect(),
            bounds: bounds(node),
            is_partitioned: has(node, K::PARTITION_BY),
            partition_key: child(node, K::PARTITION_BY).and_then(|by| partition_key(&by)),
            from_query: node.kind() != K::CREATE_TABLE,
            storage: Storage {
                tablespace: child(node, K::TABLESPACE_CLAUSE)
                    .and_then(|clause| bare(&clause, K::TABLESPACE_REF)),
                method: child(node, K::USING_METHOD)
                    .and_then(|using| bare(&using, K::ACCESS_METHOD_REF)),
            },
        })
    }

    /// A column of `CREATE TABLE` or of `ADD COLUMN`, which hold the same parts.
    fn column(&self, node: &SyntaxNode) -> Option<Column> {
        let ty = node.children().find(|child| is_type(child.kind()));
        Some(Column {
            name: bare(node, K::COLUMN_NAME)?,
            ty: ty.map(|ty| words(&ty)).unwrap_or_default(),
            collation: collation(node),
            constraints: node.children().filter_map(|child| self.constraint(&child)).collect(),
        })
    }

    pub(super) fn constraint(&self, node: &SyntaxNode) -> Option<Constraint> {
        let expression = || {
            let inner = node.children().find(|child| child.kind() != K::CONSTRAINT_NAME_CLAUSE);
            inner.map(|inner| text(&inner)).unwrap_or_default()
        };
        let index = || find(node, K::USING_INDEX_NAME).and_then(|index| Some(name(&index)?.name));
        let kind = match node.kind() {
            K::CHECK_CONSTRAINT => ConstraintKind::Check(expression()),
            K::NOT_NULL_CONSTRAINT => ConstraintKind::NotNull(bare(node, K::COLUMN_NAME_REF)),
            K::NULL_CONSTRAINT => ConstraintKind::Null,
            K::DEFAULT_CONSTRAINT => ConstraintKind::Default(expression()),
            K::GENERATED_CONSTRAINT => match find(node, K::GENERATED_STORED) {
                Some(generated) => ConstraintKind::Generated {
                    expression: generated
                        .children()
                        .find(|child| !text(child).to_ascii_lowercase().starts_with("always"))
                        .map(|inner| text(&inner))
                        .unwrap_or_default(),
                    stored: has_words(&generated, &["stored"]),
                },
                None => ConstraintKind::Identity,
            },
            K::PRIMARY_KEY_CONSTRAINT => ConstraintKind::PrimaryKey {
                columns: columns(find(node, K::CONSTRAINT_COLUMN_REF_LIST)),
                index: index(),
            },
            K::UNIQUE_CONSTRAINT => ConstraintKind::Unique {
                columns: columns(find(node, K::CONSTRAINT_COLUMN_REF_LIST)),
                index: index(),
            },
            K::EXCLUDE_CONSTRAINT => ConstraintKind::Exclude,
            K::FOREIGN_KEY_CONSTRAINT => {
                let mut lists = children(node, K::FOREIGN_KEY_COLUMN_LIST);
                let own = columns(lists.next());
                ConstraintKind::ForeignKey {
                    columns: own,
                    parent: named(node, K::TABLE_NAME_REF)?,
                    parent_columns: columns(lists.next()),
                }
            }
            K::REFERENCES_CONSTRAINT => ConstraintKind::ForeignKey {
                columns: Vec::new(),
                parent: named(node, K::TABLE_NAME_REF)?,
                parent_columns: bare(node, K::COLUMN_NAME_REF).into_iter().collect(),
            },
            _ => return None,
        };
        Some(Constraint {
            name: child(node, K::CONSTRAINT_NAME_CLAUSE)
                .and_then(|clause| bare(&clause, K::CONSTRAINT_NAME)),
            kind,
            not_valid: has(node, K::NOT_VALID) || has(node, K::NOT_ENFORCED),
            range: self.place(node),
        })
    }

    /// The actions of an `ALTER TABLE`.
    pub(super) fn actions(&self, node: &SyntaxNode) -> Vec<Action> {
        node.children()
            .filter(|child| !matches!(child.kind(), K::TABLE_RELATION_NAME | K::IF_EXISTS))
            .map(|child| Action {
                range: self.place(&child),
                kind: self.action(&child).unwrap_or(A::Other),
            })
            .collect()
    }

    fn action(&self, node: &SyntaxNode) -> Option<A> {
        Some(match node.kind() {
            K::ADD_COLUMN => A::AddColumn {
                column: self.column(node)?,
                if_not_exists: has(node, K::IF_NOT_EXISTS),
            },
            K::DROP_COLUMN => {
                A::DropColumn { column: bare(node, K::COLUMN_NAME_REF)?, cascade: cascades(node) }
            }
            K::RENAME_COLUMN => A::RenameColumn {
                from: bare(node, K::COLUMN_NAME_REF)?,
                to: bare(node, K::COLUMN_NAME)?,
            },
            K::ADD_CONSTRAINT => {
                A::AddConstraint(node.children().find_map(|child| self.constraint(&child))?)
            }
            K::VALIDATE_CONSTRAINT => {
                A::ValidateConstraint { name: bare(node, K::CONSTRAINT_NAME_REF)? }
            }
            K::DROP_CONSTRAINT => A::DropConstraint {
                name: bare(node, K::CONSTRAINT_NAME_REF)?,
                cascade: cascades(node),
            },
            K::RENAME_CONSTRAINT => A::RenameConstraint {
                from: bare(node, K::CONSTRAINT_NAME_REF)?,
                to: bare(node, K::CONSTRAINT_NAME)?,
            },
            K::ALTER_CONSTRAINT => A::AlterConstraint {
                name: bare(node, K::CONSTRAINT_NAME_REF)?,
                enforced: match (has(node, K::NOT_ENFORCED), has(node, K::ENFORCED)) {
                    (true, _) => Some(false),
                    (_, true) => Some(true),
                    _ => None,
                },
            },
            K::ALTER_COLUMN => {
                let option = node.children().find(|child| child.kind() != K::COLUMN_NAME_REF)?;
                column_action(bare(node, K::COLUMN_NAME_REF)?, &option)
            }
            K::ATTACH_PARTITION => A::AttachPartition {
                partition: named(node, K::TABLE_NAME_REF)?,
                bounds: bounds(node)?,
            },
            K::DETACH_PARTITION => A::DetachPartition {
                partition: named(node, K::TABLE_NAME_REF)?,
                concurrently: has_words(node, &["concurrently"]),
                finalize: has_words(node, &["finalize"]),
            },
            K::SET_LOGGED => A::SetLogged,
            K::SET_UNLOGGED => A::SetUnlogged,
            K::SET_TABLESPACE => A::SetTablespace { tablespace: bare(node, K::TABLESPACE_REF)? },
            K::SET_ACCESS_METHOD => A::SetAccessMethod { method: bare(node, K::ACCESS_METHOD_REF) },
            K::SET_SCHEMA => A::SetSchema { schema: bare(node, K::SCHEMA_REF)? },
            K::SET_OPTIONS | K::RESET_OPTIONS => A::SetOptions { names: options(node) },
            K::ENABLE_TRIGGER
            | K::ENABLE_REPLICA_TRIGGER
            | K::ENABLE_ALWAYS_TRIGGER
            | K::DISABLE_TRIGGER => A::Trigger,
            K::ENABLE_RULE | K::ENABLE_REPLICA_RULE | K::ENABLE_ALWAYS_RULE | K::DISABLE_RULE => {
                A::Rule
            }
            K::ENABLE_RLS | K::DISABLE_RLS | K::FORCE_RLS | K::NO_FORCE_RLS => A::RowSecurity,
            K::REPLICA_IDENTITY => A::ReplicaIdentity,
            K::CLUSTER_ON => A::ClusterOn,
            K::SET_WITHOUT_CLUSTER => A::SetWithoutCluster,
            K::OWNER_TO => A::OwnerTo,
            K::INHERIT_TABLE => A::Inherit { parent: named(node, K::TABLE_NAME_REF)? },
            K::NO_INHERIT_TABLE => A::NoInherit { parent: named(node, K::TABLE_NAME_REF)? },
            K::OF_TYPE | K::NOT_OF => A::OfType,
            _ => return None,
        })
    }
}

/// What stands behind `COLLATE`.
fn collation(node: &SyntaxNode) -> Option<Name> {
    named(&child(node, K::COLLATE)?, K::COLLATION_REF)
}

/// Which rows a partition is for.
fn bounds(node: &SyntaxNode) -> Option<Bounds> {
    let values = |node: &SyntaxNode| node.children().map(|value| text(&value)).collect();
    if let Some(range) = child(node, K::PARTITION_FOR_VALUES_FROM) {
        return Some(Bounds::Range {
            from: values(&child(&range, K::PARTITION_FROM_VALUES)?),
            to: values(&child(&range, K::PARTITION_TO_VALUES)?),
        });
    }
    if let Some(list) = child(node, K::PARTITION_FOR_VALUES_IN) {
        return Some(Bounds::List(values(&list)));
    }
    if has(node, K::PARTITION_FOR_VALUES_WITH) {
        return Some(Bounds::Hash);
    }
    has(node, K::PARTITION_DEFAULT).then_some(Bounds::Default)
}

/// What a table is divided by, where that is columns only.
fn partition_key(by: &SyntaxNode) -> Option<PartitionKey> {
    let items = child(by, K::PARTITION_ITEM_LIST)?;
    let columns = column_items(&items);
    let strategy = text(&child(by, K::PARTITION_STRATEGY)?).to_ascii_lowercase();
    (!columns.is_empty()).then_some(PartitionKey { strategy, columns })
}

fn column_action(column: String, option: &SyntaxNode) -> A {
    match option.kind() {
        K::SET_NOT_NULL => A::SetNotNull { column },
        K::DROP_NOT_NULL => A::DropNotNull { column },
        K::SET_DEFAULT => {
            let expression = option.first_child().map(|inner| text(&inner)).unwrap_or_default();
            A::SetDefault { column, expression }
        }
        K::DROP_DEFAULT => A::DropDefault { column },
        K::SET_TYPE => A::SetType {
            column,
            ty: option
                .children()
                .find(|child| is_type(child.kind()))
                .map(|ty| words(&ty))
                .unwrap_or_default(),
            collation: collation(option),
            using: child(option, K::USING_EXPR).and_then(|using| Some(text(&using.first_child()?))),
        },
        K::ADD_GENERATED => A::AddIdentity { column },
        K::SET_GENERATED
        | K::SET_GENERATED_OPTIONS
        | K::SET_SEQUENCE_OPTION
        | K::RESTART
        | K::DROP_IDENTITY => A::AlterIdentity { column },
        K::SET_EXPRESSION => A::SetExpression { column },
        K::DROP_EXPRESSION => A::DropExpression { column },
        K::SET_STATISTICS => A::SetStatistics { column },
        K::SET_STORAGE | K::SET_COMPRESSION => A::SetStorage { column },
        K::SET_OPTIONS | K::RESET_OPTIONS | K::SET_OPTIONS_LIST => A::SetColumnOptions { column },
        _ => A::Other,
    }
}

/// The names in `(fillfactor = 70, …)`.
fn options(node: &SyntaxNode) -> Vec<String> {
    let whole = text(node);
    let Some((_, list)) = whole.split_once('(') else { return Vec::new() };
    list.trim_end_matches(')')
        .split(',')
        .map(|option| option.split('=').next().unwrap_or_default().trim().to_ascii_lowercase())
        .collect()
}

pub(super) fn is_type(kind: K) -> bool {
    matches!(
        kind,
        K::ARRAY_TYPE
            | K::PATH_TYPE
            | K::VARCHAR_TYPE
            | K::CHARACTER_TYPE
            | K::BIT_TYPE
            | K::BIT_VARYING_TYPE
            | K::DOUBLE_TYPE
            | K::TIME_TYPE
            | K::TIMESTAMP_TYPE
            | K::INTERVAL_TYPE
    )
}

/// The text with each run of blanks made one.
pub(super) fn words(node: &SyntaxNode) -> String {
    text(node).split_whitespace().collect::<Vec<_>>().join(" ")
}
