//! From the rows of one model to the rows of another.

use super::scope;
use super::sql::{Alias, Sql};
use crate::model::{Descriptor, Link, Relation};

/// `target t1 WHERE t1.key = t0.key`, in the scope, for a subquery inside a query over `model`; gives the target's alias.
///
/// Further conditions follow with AND.
pub(crate) fn joined(
    sql: &mut Sql<'_>,
    model: &Descriptor,
    alias: Alias,
    relation: &Relation,
) -> Alias {
    let other = sql.alias();
    sql.table(relation.target).push(" AS ").aliased(other);
    match relation.link {
        Link::Keys { from, to, .. } => {
            sql.push(" WHERE ");
            for (index, (from, to)) in from.iter().zip(to).enumerate() {
                if index > 0 {
                    sql.push(" AND ");
                }
                sql.column(other, relation.target.column(*to))
                    .push(" = ")
                    .column(alias, model.column(*from));
            }
        }
        Link::Table { table, schema, from_column, to_column, from, to } => {
            let pairs = sql.alias();
            sql.push(" JOIN ").qualified(schema, table).push(" AS ").aliased(pairs);
            sql.push(" ON ").aliased(pairs).push(".").name(to_column).push(" = ");
            sql.column(other, relation.target.column(to));
            sql.push(" WHERE ").aliased(pairs).push(".").name(from_column).push(" = ");
            sql.column(alias, model.column(from));
        }
    }
    scope::and_related(sql, model, relation, other);
    other
}
