//! What the tables and types of models and enums are called.

use pg_schema::ObjectName;
use psl::{EnumWalker, ModelWalker};

/// The table of a model.
pub(crate) fn table_name(model: ModelWalker<'_>) -> ObjectName {
    ObjectName {
        namespace: model.namespace().map(str::to_owned),
        name: model.database_name().to_owned(),
    }
}

/// The type of an enum.
pub(crate) fn enum_name(enumeration: EnumWalker<'_>) -> ObjectName {
    ObjectName {
        namespace: enumeration.namespace().map(str::to_owned),
        name: enumeration.database_name().to_owned(),
    }
}
