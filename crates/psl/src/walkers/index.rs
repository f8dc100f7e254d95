//! Primary keys, uniques and plain indexes.

use super::{IndexWalker, ModelWalker, ScalarFieldWalker};
use crate::constraint_names;
use crate::schema::{
    Condition, ConditionValue, Index, IndexAlgorithm, IndexColumn, IndexKind, OperatorClass,
    Predicate, SortOrder,
};

impl<'s> IndexWalker<'s> {
    pub fn data(self) -> &'s Index {
        &self.schema.indexes[self.id.index()]
    }

    pub fn model(self) -> ModelWalker<'s> {
        self.at(self.data().model)
    }

    pub fn kind(self) -> IndexKind {
        self.data().kind
    }

    pub fn columns(self) -> &'s [IndexColumn] {
        &self.data().columns
    }

    pub fn fields(self) -> impl Iterator<Item = ScalarFieldWalker<'s>> {
        self.columns().iter().map(move |column| self.at(column.field))
    }

    pub fn algorithm(self) -> Option<IndexAlgorithm> {
        self.data().algorithm
    }

    pub fn is_partial(self) -> bool {
        self.data().predicate.is_some()
    }

    /// Which rows are in it, as SQL; `None` for all.
    pub fn predicate(self) -> Option<String> {
        Some(match self.data().predicate.as_ref()? {
            Predicate::Raw(sql) => sql.clone(),
            Predicate::All(conditions) => {
                let conditions = conditions.iter().map(|condition| self.condition(condition));
                conditions.collect::<Vec<_>>().join(" AND ")
            }
        })
    }

    fn condition(self, condition: &Condition) -> String {
        let column = self.at(condition.field).database_name().replace('"', "\"\"");
        let operator = if condition.is_negated { "!=" } else { "=" };
        let value = match &condition.value {
            ConditionValue::Null => {
                let not = if condition.is_negated { "NOT " } else { "" };
                return format!("\"{column}\" IS {not}NULL");
            }
            ConditionValue::Boolean(value) => value.to_string(),
            ConditionValue::Number(number) => number.clone(),
            ConditionValue::Text(text) => format!("'{}'", text.replace('\'', "''")),
        };
        format!("\"{column}\" {operator} {value}")
    }

    /// `name:`, else the fields' names joined by `_`: what the client calls a compound key.
    pub fn client_name(self) -> String {
        self.data().client_name.clone().unwrap_or_else(|| {
            self.fields().map(ScalarFieldWalker::name).collect::<Vec<_>>().join("_")
        })
    }

    /// `map:`, else the name Prisma derives.
    pub fn database_name(self) -> String {
        self.data().mapped_name.clone().unwrap_or_else(|| self.default_database_name())
    }

    /// The name Prisma derives from table and columns.
    pub fn default_database_name(self) -> String {
        let columns: Vec<&str> = self.fields().map(ScalarFieldWalker::database_name).collect();
        constraint_names::index(self.model().database_name(), &columns, self.kind())
    }
}

impl IndexColumn {
    pub fn ops(&self) -> Option<&OperatorClass> {
        self.ops.as_ref()
    }

    pub fn is_descending(&self) -> bool {
        self.sort == Some(SortOrder::Desc)
    }
}
