//! What the new schema says differently than the database, or not at all: Prisma's warnings in its words.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Display, Formatter};

use pg_schema::{Column, Deferrable, Partitioning};

use psl::ModelWalker;

use super::column_type::{self, FieldType};
use super::ctx::Ctx;
use super::names::{Named, Origin};
use super::pairs::{ColumnPair, EnumPair, TablePair, ViewPair};
use super::{index, relation_field};

/// All warnings. As text, a block for each kind; nothing where there are none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Warnings(BTreeMap<WarningKind, Vec<String>>);

/// What is warned of, in the order in which Prisma tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WarningKind {
    FieldsWithoutName,
    ViewFieldsWithoutName,
    MappedFields,
    MappedViewFields,
    EnumValuesWithoutName,
    ModelsWithoutColumns,
    ModelsWithoutIdentifier,
    NamedIds,
    NamedViewIds,
    UnsupportedFields,
    UnsupportedViewFields,
    MappedModels,
    MappedViews,
    MappedEnumValues,
    MappedEnums,
    CopiedRelations,
    DuplicateNames,
    PartitionedTables,
    InheritedTables,
    NullsOrder,
    RowSecurity,
    Checks,
    Exclusions,
    Deferring,
    Comments,
    ExpressionIndexes,
}

impl Warnings {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Of which kinds there are warnings, and about what.
    pub fn iter(&self) -> impl Iterator<Item = (WarningKind, &[String])> {
        self.0.iter().map(|(kind, items)| (*kind, items.as_slice()))
    }

    fn push(&mut self, kind: WarningKind, item: impl Into<String>) {
        self.0.entry(kind).or_default().push(item.into());
    }
}

impl Display for Warnings {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return Ok(());
        }
        writeln!(f, "*** WARNING ***")?;
        for (kind, items) in self.iter() {
            writeln!(f, "\n{}", kind.heading())?;
            for item in items {
                writeln!(f, "  - {item}")?;
            }
        }
        Ok(())
    }
}

impl WarningKind {
    fn heading(self) -> &'static str {
        match self {
            Self::FieldsWithoutName | Self::ViewFieldsWithoutName => {
                "These fields were commented out because their names are currently not supported by Prisma. Please provide valid ones that match [a-zA-Z][a-zA-Z0-9_]* using the `@map` attribute:"
            }
            Self::MappedFields | Self::MappedViewFields => {
                "These fields were enriched with `@map` information taken from the previous Prisma schema:"
            }
            Self::EnumValuesWithoutName => {
                "These enum values were commented out because their names are currently not supported by Prisma. Please provide valid ones that match [a-zA-Z][a-zA-Z0-9_]* using the `@map` attribute:"
            }
            Self::ModelsWithoutColumns => {
                "The following models were commented out as we could not retrieve columns for them. Please check your privileges:"
            }
            Self::ModelsWithoutIdentifier => {
                "The following models were ignored as they do not have a valid unique identifier or id. This is currently not supported by Prisma Client:"
            }
            Self::NamedIds => {
                "These models were enriched with custom compound id names taken from the previous Prisma schema:"
            }
            Self::NamedViewIds => {
                "These views were enriched with custom compound id names taken from the previous Prisma schema:"
            }
            Self::UnsupportedFields | Self::UnsupportedViewFields => {
                "These fields are not supported by Prisma Client, because Prisma currently does not support their types:"
            }
            Self::MappedModels => {
                "These models were enriched with `@@map` information taken from the previous Prisma schema:"
            }
            Self::MappedViews => {
                "These views were enriched with `@@map` information taken from the previous Prisma schema:"
            }
            Self::MappedEnumValues => {
                "These enum values were enriched with `@map` information taken from the previous Prisma schema:"
            }
            Self::MappedEnums => {
                "These enums were enriched with `@@map` information taken from the previous Prisma schema:"
            }
            Self::CopiedRelations => {
                "Relations were copied from the previous data model due to not using foreign keys in the database. If any of the relation columns changed in the database, the relations might not be correct anymore:"
            }
            Self::DuplicateNames => {
                "These items were renamed due to their names being duplicates in the Prisma schema:"
            }
            Self::PartitionedTables => {
                "These tables are partition tables, which are not yet fully supported:"
            }
            Self::InheritedTables => {
                "These tables are inherited tables, which are not yet fully supported:"
            }
            Self::NullsOrder => {
                "These index columns are having a non-default null sort order, which is not yet fully supported. Read more: https://pris.ly/d/non-default-index-null-ordering"
            }
            Self::RowSecurity => {
                "These tables contain row level security, which is not yet fully supported. Read more: https://pris.ly/d/row-level-security"
            }
            Self::Checks => {
                "These constraints are not supported by Prisma Client, because Prisma currently does not fully support check constraints. Read more: https://pris.ly/d/check-constraints"
            }
            Self::Exclusions => {
                "These constraints are not supported by Prisma Client, because Prisma currently does not fully support exclusion constraints. Read more: https://pris.ly/d/exclusion-constraints"
            }
            Self::Deferring => {
                "These primary key, foreign key or unique constraints are using non-default deferring in the database, which is not yet fully supported. Read more: https://pris.ly/d/constraint-deferring"
            }
            Self::Comments => {
                "These objects have comments defined in the database, which is not yet fully supported. Read more: https://pris.ly/d/database-comments"
            }
            Self::ExpressionIndexes => {
                "These indexes are not supported by Prisma Client, because Prisma currently does not fully support expression indexes. Read more: https://pris.ly/d/expression-indexes"
            }
        }
    }
}

/// Of everything, in the order of the database.
pub(super) fn of(ctx: &Ctx<'_>) -> Warnings {
    let mut warnings = Warnings::default();
    for pair in &ctx.enums {
        of_enum(pair, &mut warnings);
    }
    for (place, pair) in ctx.tables.iter().enumerate().filter(|(_, pair)| !pair.is_join_table) {
        of_model(ctx, place, pair, &mut warnings);
    }
    for pair in &ctx.views {
        of_view(ctx, pair, &mut warnings);
    }
    for pair in &ctx.tables {
        of_table(pair, &mut warnings);
    }
    warnings
}

fn of_enum(pair: &EnumPair<'_>, warnings: &mut Warnings) {
    let name = &pair.named.name;
    if is_mapped_by_schema(&pair.named) {
        warnings.push(WarningKind::MappedEnums, quoted(name));
    }
    duplicate(&pair.named, "enum", warnings);
    if pair.enumeration.comment.is_some() {
        warnings.push(WarningKind::Comments, object("enum", name));
    }
    for (named, value) in pair.values.iter().zip(&pair.enumeration.values) {
        if named.name.is_empty() {
            let item = format!("Enum: \"{name}\", value: \"{value}\"");
            warnings.push(WarningKind::EnumValuesWithoutName, item);
        } else if is_mapped_by_schema(named) {
            let item = format!("Enum: \"{name}\", value: \"{}\"", named.name);
            warnings.push(WarningKind::MappedEnumValues, item);
        }
    }
}

fn of_model(ctx: &Ctx<'_>, place: usize, pair: &TablePair<'_>, warnings: &mut Warnings) {
    let (table, name) = (pair.table, &pair.named.name);
    if index::id_of_block(pair).is_some() && index::id_name(pair).is_some() {
        warnings.push(WarningKind::NamedIds, quoted(name));
    }
    if pair.columns.is_empty() {
        warnings.push(WarningKind::ModelsWithoutColumns, quoted(name));
    } else if !pair.has_identifier && !pair.is_ignored_by_choice() {
        warnings.push(WarningKind::ModelsWithoutIdentifier, quoted(name));
    }
    for (applies, kind) in [
        (table.partitioning == Partitioning::Partitioned, WarningKind::PartitionedTables),
        (table.partitioning == Partitioning::Inherited, WarningKind::InheritedTables),
        (table.row_security, WarningKind::RowSecurity),
        (is_mapped_by_schema(&pair.named), WarningKind::MappedModels),
    ] {
        if applies {
            warnings.push(kind, quoted(name));
        }
    }
    duplicate(&pair.named, "model", warnings);
    if table.comment.is_some() {
        warnings.push(WarningKind::Comments, object("model", name));
    }
    for check in &table.checks {
        warnings.push(WarningKind::Checks, constraint(name, &check.name));
    }
    for index in pair.expression_indexes(ctx) {
        warnings.push(WarningKind::ExpressionIndexes, constraint(name, index));
    }
    let kinds = FieldKinds {
        block: "Model",
        mapped: WarningKind::MappedFields,
        unsupported: WarningKind::UnsupportedFields,
        nameless: WarningKind::FieldsWithoutName,
    };
    of_fields(ctx, name, &pair.columns, &kinds, warnings);
    for field in relation_field::kept(ctx, place) {
        warnings.push(WarningKind::CopiedRelations, quoted(field.related_model().name()));
    }
}

fn of_view(ctx: &Ctx<'_>, pair: &ViewPair<'_>, warnings: &mut Warnings) {
    let name = &pair.named.name;
    let key = pair.previous.and_then(ModelWalker::primary_key);
    if key.is_some_and(|key| key.columns().len() > 1 && key.data().client_name.is_some()) {
        warnings.push(WarningKind::NamedViewIds, quoted(name));
    }
    if is_mapped_by_schema(&pair.named) {
        warnings.push(WarningKind::MappedViews, quoted(name));
    }
    duplicate(&pair.named, "view", warnings);
    if pair.view.comment.is_some() {
        warnings.push(WarningKind::Comments, object("view", name));
    }
    let kinds = FieldKinds {
        block: "View",
        mapped: WarningKind::MappedViewFields,
        unsupported: WarningKind::UnsupportedViewFields,
        nameless: WarningKind::ViewFieldsWithoutName,
    };
    of_fields(ctx, name, &pair.columns, &kinds, warnings);
    for field in pair.previous.into_iter().flat_map(ModelWalker::relation_fields) {
        if ctx.is_there(field.related_model()) {
            warnings.push(WarningKind::CopiedRelations, quoted(field.related_model().name()));
        }
    }
}

struct FieldKinds {
    block: &'static str,
    mapped: WarningKind,
    unsupported: WarningKind,
    nameless: WarningKind,
}

fn of_fields(
    ctx: &Ctx<'_>,
    name: &str,
    columns: &[ColumnPair<'_>],
    kinds: &FieldKinds,
    warnings: &mut Warnings,
) {
    let block = kinds.block;
    let mut nameless = BTreeSet::new();
    for pair in columns {
        let field = field_name(pair);
        if is_mapped_by_schema(&pair.named) {
            warnings.push(kinds.mapped, format!("{block}: \"{name}\", field: \"{field}\""));
        }
        if let FieldType::Unsupported(ty) = column_type::of(ctx, pair.column) {
            let item =
                format!("{block}: \"{name}\", field: \"{field}\", original data type: \"{ty}\"");
            warnings.push(kinds.unsupported, item);
        }
        if pair.named.name.is_empty() {
            nameless.insert(format!("\"{field}\""));
        }
        if pair.column.comment.is_some() {
            warnings.push(WarningKind::Comments, object("field", &format!("{name}.{field}")));
        }
    }
    if !nameless.is_empty() {
        let fields = Vec::from_iter(nameless).join(", ");
        warnings.push(kinds.nameless, format!("{block}: \"{name}\", field(s): [{fields}]"));
        // Unlike all others, these are in the order of the models' names.
        if let Some(items) = warnings.0.get_mut(&kinds.nameless) {
            items.sort();
        }
    }
}

/// Of indexes and constraints, those of join tables among them.
fn of_table(pair: &TablePair<'_>, warnings: &mut Warnings) {
    let name = &pair.named.name;
    for key in &pair.keys {
        for column in key.columns.iter().filter(|column| column.has_other_nulls_order()) {
            let Column { name: column, .. } = pair.columns[column.column].column;
            let item = format!("Index: \"{}\", column: \"{column}\"", key.name);
            warnings.push(WarningKind::NullsOrder, item);
        }
        if key.deferrable != Deferrable::No {
            warnings.push(WarningKind::Deferring, constraint(name, key.name));
        }
    }
    for key in &pair.foreign_keys {
        if key.key.deferrable != Deferrable::No {
            warnings.push(WarningKind::Deferring, constraint(name, &key.key.name));
        }
    }
    for exclusion in pair.exclusions() {
        warnings.push(WarningKind::Exclusions, constraint(name, exclusion));
    }
}

fn duplicate(named: &Named<'_>, kind: &str, warnings: &mut Warnings) {
    if named.origin == Origin::Duplicate {
        warnings.push(WarningKind::DuplicateNames, object(kind, &named.name));
    }
}

fn is_mapped_by_schema(named: &Named<'_>) -> bool {
    named.origin == Origin::Schema && named.mapped.is_some()
}

fn field_name<'p>(pair: &'p ColumnPair<'_>) -> &'p str {
    if pair.named.name.is_empty() { &pair.column.name } else { &pair.named.name }
}

fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

fn object(kind: &str, name: &str) -> String {
    format!("Type: \"{kind}\", name: \"{name}\"")
}

fn constraint(model: &str, constraint: &str) -> String {
    format!("Model: \"{model}\", constraint: \"{constraint}\"")
}
