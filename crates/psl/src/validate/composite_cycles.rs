//! Composite types that hold themselves, with nothing between that may be missing: no value of such a type ends.
//!
//! Every way that starts at a field is gone until it comes back to the type of that field. Ways that never come back
//! there and never end are cut off; the reference engine does not return from them.

use super::Ctx;
use crate::ast::{Field, FieldType};
use crate::diagnostic::Diagnostic;
use crate::schema::Arity;
use std::collections::{HashMap, HashSet};

const MAX_STEPS: usize = 10_000;

/// A field whose value must be there and is of a composite type.
#[derive(Clone, Copy)]
struct Step<'a> {
    field: &'a Field<'a>,
    inside: usize,
    to: usize,
}

pub(super) fn check(ctx: &mut Ctx<'_, '_, '_>) {
    let types = &ctx.origins().composite_types;
    let positions: HashMap<&str, usize> =
        types.iter().enumerate().map(|(position, block)| (block.name.text, position)).collect();
    let steps = |inside: usize| {
        types[inside].fields.iter().filter_map({
            let positions = &positions;
            move |field| match &field.ty {
                FieldType::Named(ty) if field.arity == Arity::Required => {
                    Some(Step { field, inside, to: *positions.get(ty.text)? })
                }
                _ => None,
            }
        })
    };
    let mut told = HashSet::new();
    let mut budget = MAX_STEPS;
    for start in (0..types.len()).flat_map(steps) {
        // The ways taken, each step with the position of the one before.
        let mut ways: Vec<(Step<'_>, Option<usize>)> = vec![(start, None)];
        let mut next = vec![0];
        while let Some(position) = next.pop() {
            let (step, _) = ways[position];
            let message = if step.to == step.inside {
                "The type is the same as the parent and causes an endless cycle. Please change the field to be either \
                 optional or a list."
                    .to_owned()
            } else if step.to == start.to && position > 0 {
                let way = std::iter::successors(Some(position), |position| ways[*position].1);
                let names: Vec<String> = way
                    .map(|position| format!("`{}`", types[ways[position].0.inside].name.text))
                    .collect();
                format!(
                    "The types cause an endless cycle in the path {}. Please change one of the fields to be either \
                     optional or a list to break the cycle.",
                    names.join(" → ")
                )
            } else if budget > 0 {
                budget -= 1;
                for step in steps(step.to) {
                    next.push(ways.len());
                    ways.push((step, Some(position)));
                }
                continue;
            } else {
                return;
            };
            let span = step.field.span;
            if told.insert((span, message.clone())) {
                ctx.push(Diagnostic::in_field(
                    "composite-type-cycle",
                    step.field.name.text,
                    "composite type",
                    types[step.inside].name.text,
                    message,
                    span,
                ));
            }
        }
    }
}
