//! Relations as foreign keys, and as tables of their own where both sides are lists.
//!
//! Relations with a view have no key: nothing can refer to one.

use pg_schema::{
    Column, Deferrable, ForeignKey, ForeignKeyAction, Index, ObjectName, PrimaryKey, Table,
};
use psl::constraint_names::suffixed;
use psl::{ModelWalker, ReferentialAction, RelationFieldWalker, ScalarFieldWalker, Schema};

use crate::column::column_type;
use crate::names::table_name;

/// The keys that a model's relation fields hold, in the order of the fields.
pub(crate) fn foreign_keys(model: ModelWalker<'_>) -> Vec<ForeignKey> {
    model.relation_fields().filter_map(foreign_key).collect()
}

fn foreign_key(field: RelationFieldWalker<'_>) -> Option<ForeignKey> {
    let relation = field.relation()?;
    if relation.forward()? != field || field.related_model().is_view() {
        return None;
    }
    Some(ForeignKey {
        name: relation.constraint_name()?,
        columns: names(field.fields()),
        referenced_table: table_name(field.related_model()),
        referenced_columns: names(field.references()),
        on_delete: action(relation.on_delete()?),
        on_update: action(relation.on_update()?),
        deferrable: Deferrable::No,
        validated: true,
    })
}

/// The tables of implicit many-to-many relations, in the order of the fields of their A side.
pub(crate) fn join_tables(schema: &Schema) -> Vec<Table> {
    let mut relations: Vec<_> = schema
        .relations()
        .filter_map(|relation| Some((relation.many_to_many()?, relation)))
        .collect();
    relations.sort_by_key(|((a, _), _)| a.id());
    relations
        .into_iter()
        .filter(|((a, b), _)| !a.model().is_view() && !b.model().is_view())
        .filter_map(|((a, b), relation)| {
            let name = relation.join_table_name()?;
            join_table(&name, a.model(), b.model())
        })
        .collect()
}

/// Two columns, A and B, that are the key together and refer to one model each. The names of
/// its keys cannot be chosen, so that they cannot clash: they differ from all derived ones.
fn join_table(name: &str, a: ModelWalker<'_>, b: ModelWalker<'_>) -> Option<Table> {
    let mut table = Table::new(ObjectName { name: name.to_owned(), ..table_name(a) });
    for (column, model) in [("A", a), ("B", b)] {
        let key = model.primary_key()?.fields().next()?;
        table.columns.push(Column::required(column, column_type(key)));
        let mut foreign_key = ForeignKey::new(
            suffixed(name.to_owned(), &format!("_{column}_fkey")),
            &[column],
            table_name(model),
            &[key.database_name()],
        );
        foreign_key.on_delete = ForeignKeyAction::Cascade;
        foreign_key.on_update = ForeignKeyAction::Cascade;
        table.foreign_keys.push(foreign_key);
    }
    table.primary_key = Some(PrimaryKey::new(suffixed(name.to_owned(), "_AB_pkey"), &["A", "B"]));
    table.indexes.push(Index::new(suffixed(name.to_owned(), "_B_index"), &["B"]));
    Some(table)
}

fn names<'s>(fields: impl Iterator<Item = ScalarFieldWalker<'s>>) -> Vec<String> {
    fields.map(|field| field.database_name().to_owned()).collect()
}

fn action(action: ReferentialAction) -> ForeignKeyAction {
    match action {
        ReferentialAction::Cascade => ForeignKeyAction::Cascade,
        ReferentialAction::Restrict => ForeignKeyAction::Restrict,
        ReferentialAction::NoAction => ForeignKeyAction::NoAction,
        ReferentialAction::SetNull => ForeignKeyAction::SetNull,
        ReferentialAction::SetDefault => ForeignKeyAction::SetDefault,
    }
}
