//! A key of an integer column has room for more: from nine tenths of what the type holds on, it is time for a wider one.

use client::prisma_client_rust::model::{Descriptor, Kind as Type, Link};
use client::prisma_client_rust::quote;

use super::{kebab, name};
use crate::reach::id_of;
use crate::rule::{Kind, Rule, Severity};

pub(super) fn rules(model: &'static Descriptor) -> impl Iterator<Item = Rule> {
    let named = |column: u16| {
        let of_relation = |link: &Link| match link {
            Link::Keys { from, holds_key: true, .. } => from.contains(&column),
            _ => false,
        };
        model.id.contains(&column)
            || model.relations.iter().any(|relation| of_relation(&relation.link))
    };
    let columns = (0..).zip(model.columns).filter(move |(position, _)| named(*position));
    columns.filter_map(move |(position, column)| {
        let largest: i64 = match column.kind {
            Type::Int2 => i16::MAX.into(),
            Type::Int4 => i32::MAX.into(),
            _ => return None,
        };
        Some(Rule {
            id: format!("range-{}-{}", kebab(model.name), kebab(column.field)).into(),
            kind: Kind::Range,
            model: model.name,
            severity: Severity::Warning,
            meaning: format!("The {} of a {} has room for more numbers.", column.field, model.name).into(),
            fix: "Make it a BigInt in the schema, and every column that refers to it, before the numbers run out.".into(),
            query: format!(
                "SELECT {id} AS id FROM {table} AS child WHERE child.{column} >= {limit}",
                id = id_of(model, "child"),
                table = quote::table(model),
                column = name(model, position),
                limit = largest / 10 * 9,
            )
            .into(),
        })
    })
}
