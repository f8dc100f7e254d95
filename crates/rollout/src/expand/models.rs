//! What the planner needs to know of a Prisma schema: what models, fields and to-one relations are in the database.

use pg_schema::ObjectName;
use psl::{ModelWalker, RelationFieldWalker, ScalarFieldWalker, Schema};

/// A model and its table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    pub name: String,
    pub table: ObjectName,
    /// Scalar fields and their columns.
    pub fields: Vec<(String, String)>,
    /// To-one relations whose columns are in this table.
    pub relations: Vec<Relation>,
}

/// A field that stands for one row of another table, or for none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    pub field: String,
    /// Columns of the model's table.
    pub columns: Vec<String>,
    /// The other table, and which of its columns are equal to these.
    pub table: ObjectName,
    pub references: Vec<String>,
}

/// The models of a schema that have a table.
pub fn models(schema: &Schema) -> Vec<Model> {
    schema.models().filter(|model| !model.is_view()).map(model).collect()
}

fn model(model: ModelWalker<'_>) -> Model {
    Model {
        name: model.name().to_owned(),
        table: table(model),
        fields: model
            .scalar_fields()
            .map(|field| (field.name().to_owned(), field.database_name().to_owned()))
            .collect(),
        relations: model
            .relation_fields()
            .filter(|field| field.is_forward())
            .map(relation)
            .collect(),
    }
}

fn relation(field: RelationFieldWalker<'_>) -> Relation {
    let columns = |fields: &mut dyn Iterator<Item = ScalarFieldWalker<'_>>| {
        fields.map(|field| field.database_name().to_owned()).collect()
    };
    Relation {
        field: field.name().to_owned(),
        columns: columns(&mut field.fields()),
        table: table(field.related_model()),
        references: columns(&mut field.references()),
    }
}

fn table(model: ModelWalker<'_>) -> ObjectName {
    ObjectName {
        namespace: model.namespace().map(str::to_owned),
        name: model.database_name().to_owned(),
    }
}
