//! What is remarked above blocks and fields, in Prisma's words.

pub(super) const NAMELESS_FIELD: &str = "This field was commented out because of an invalid name. Please provide a valid one that matches [a-zA-Z][a-zA-Z0-9_]*";
pub(super) const PARTITIONED: &str = "This table is a partition table and requires additional setup for migrations. Visit https://pris.ly/d/partition-tables for more info.";
pub(super) const INHERITED: &str = "This table has subclasses and requires additional setup for migrations. Visit https://pris.ly/d/table-inheritance for more info.";
pub(super) const CHECKS: &str = "This table contains check constraints and requires additional setup for migrations. Visit https://pris.ly/d/check-constraints for more info.";
pub(super) const EXCLUSIONS: &str = "This table contains exclusion constraints and requires additional setup for migrations. Visit https://pris.ly/d/exclusion-constraints for more info.";
pub(super) const NO_COLUMNS: &str = "We could not retrieve columns for the underlying table. Either it has none or you are missing rights to see them. Please check your privileges.";
pub(super) const NO_IDENTIFIER: &str = "The underlying table does not contain a valid unique identifier and can therefore currently not be handled by Prisma Client.";
pub(super) const COMMENTS: &str = "This model or at least one of its fields has comments in the database, and requires an additional setup for migrations: Read more: https://pris.ly/d/database-comments";
pub(super) const VIEW_COMMENTS: &str = "This view or at least one of its fields has comments in the database, and requires an additional setup for migrations: Read more: https://pris.ly/d/database-comments";
pub(super) const ENUM_COMMENT: &str = "This enum is commented in the database, and requires an additional setup for migrations: Read more: https://pris.ly/d/database-comments";
pub(super) const DEFERRING: &str = "This model has constraints using non-default deferring rules and requires additional setup for migrations. Visit https://pris.ly/d/constraint-deferring for more info.";
pub(super) const ROW_SECURITY: &str = "This model contains row level security and requires additional setup for migrations. Visit https://pris.ly/d/row-level-security for more info.";
pub(super) const NULLS_ORDER: &str = "This model contains an index with non-default null sort order and requires additional setup for migrations. Visit https://pris.ly/d/default-index-null-ordering for more info.";
pub(super) const EXPRESSION_INDEX: &str = "This model contains an expression index which requires additional setup for migrations. Visit https://pris.ly/d/expression-indexes for more info.";

/// `kind` is `model` or `view`.
pub(super) fn renamed(kind: &str, name: &str, database: &str) -> String {
    format!(
        "This {kind} has been renamed to '{name}' during introspection, because the original name '{database}' is reserved."
    )
}
