//! With `relationMode = "prisma"` the client does what a database does when a referenced row goes or changes, and would
//! not come to an end where such changes lead round in a circle.
//!
//! Every relation whose changes come back to where they started, or reach a relation of a model to itself, is told, with
//! the way the reference engine finds: depth first, a model's relations from the last to the first. So that this takes
//! no longer than it must, ways that lead into no circle are never gone.

use super::Ctx;
use crate::diagnostic::Diagnostic;
use crate::resolve::{Inferred, Resolved};
use crate::schema::{
    Arity, ModelId, ReferentialAction, RelationId, RelationKind, RelationMode, Schema,
};
use crate::walkers::RelationFieldWalker;
use std::collections::HashSet;

/// The relations that pass a change on, as edges between models.
pub(super) struct Cycles {
    /// For each model those whose key it holds, by the model they refer to.
    from: Vec<Vec<Edge>>,
    /// Models that lie on a common circle have a common number.
    circle: Vec<usize>,
    /// Models from which a relation of a model to itself is reached.
    reaches_self_relation: Vec<bool>,
}

#[derive(Debug, Clone, Copy)]
struct Edge {
    relation: RelationId,
    to: ModelId,
}

impl Cycles {
    pub(super) fn new(resolved: &Resolved<'_>) -> Self {
        let schema = &resolved.schema;
        let mut from: Vec<Vec<Edge>> = vec![Vec::new(); schema.models().count()];
        if schema.relation_mode() == RelationMode::Prisma {
            for relation in &resolved.relations {
                let Inferred::Relation(id) = relation else { continue };
                let passes_on = |forward: &RelationFieldWalker<'_>| {
                    modifies(on_delete(*forward)) || modifies(on_update(*forward))
                };
                if let Some(forward) = complete(*id, schema).filter(passes_on) {
                    let to = forward.related_model().id();
                    from[forward.model().id().index()].push(Edge { relation: *id, to });
                }
            }
        }
        for edges in &mut from {
            edges.sort_by_key(|edge| (edge.to, edge.relation));
        }
        let circle = circles(&from);
        let reaches_self_relation = reaching_self_relations(&from);
        Self { from, circle, reaches_self_relation }
    }

    /// Whether a change of `to` can come back to `start`, or reach a relation of a model to itself.
    fn leads_into_circle(&self, start: ModelId, to: ModelId) -> bool {
        self.reaches_self_relation[to.index()]
            || self.circle[start.index()] == self.circle[to.index()]
    }
}

pub(super) fn check(id: RelationId, cycles: &Cycles, ctx: &mut Ctx<'_, '_, '_>) {
    let schema = &ctx.resolved.schema;
    let Some(forward) = complete(id, schema) else { return };
    let start = forward.model().id();
    let own = cycles.from[start.index()].iter().find(|edge| edge.relation == id);
    let Some(own) = own.filter(|edge| cycles.leads_into_circle(start, edge.to)) else { return };

    let self_relation = "A self-relation must have `onDelete` and `onUpdate` referential actions set to `NoAction` in one \
                         of the @relation attributes.";
    if cycles.circle[start.index()] != cycles.circle[own.to.index()] {
        // No way leads back, so that what is reached is a relation of a model to itself.
        ctx.push(diagnostic(self_relation, forward));
        return;
    }

    // Ways taken, each step with the position of the one before.
    let mut steps: Vec<(Edge, Option<usize>)> = vec![(*own, None)];
    let mut next = vec![0];
    let mut visited = HashSet::new();
    while let Some(position) = next.pop() {
        let (edge, _) = steps[position];
        visited.insert(edge.relation);
        let is_self_relation =
            complete(edge.relation, schema).is_some_and(|field| field.model().id() == edge.to);
        if is_self_relation {
            ctx.push(diagnostic(self_relation, forward));
            return;
        }
        if edge.to == start {
            let message = format!(
                "Reference causes a cycle. One of the @relation attributes in this cycle must have `onDelete` and \
                 `onUpdate` referential actions set to `NoAction`. Cycle path: {}.",
                way(position, &steps, schema)
            );
            ctx.push(diagnostic(&message, forward));
            return;
        }
        for edge in &cycles.from[edge.to.index()] {
            if !visited.contains(&edge.relation) && cycles.leads_into_circle(start, edge.to) {
                next.push(steps.len());
                steps.push((*edge, Some(position)));
            }
        }
    }
}

/// `A.b → B.a`.
fn way(last: usize, steps: &[(Edge, Option<usize>)], schema: &Schema) -> String {
    let mut names = Vec::new();
    let mut position = Some(last);
    while let Some((edge, before)) = position.map(|position| steps[position]) {
        if let Some(field) = complete(edge.relation, schema) {
            names.push(format!("{}.{}", field.model().name(), field.name()));
        }
        position = before;
    }
    names.reverse();
    names.join(" → ")
}

fn diagnostic(message: &str, forward: RelationFieldWalker<'_>) -> Diagnostic {
    let implicit = |written: Option<ReferentialAction>, effective: ReferentialAction| {
        (written.is_none() && modifies(effective)).then_some(effective)
    };
    let on_delete = implicit(forward.data().on_delete, on_delete(forward));
    let on_update = implicit(forward.data().on_update, on_update(forward));
    let defaults: Vec<String> = [("onDelete", on_delete), ("onUpdate", on_update)]
        .into_iter()
        .filter_map(|(argument, action)| Some(format!("`{argument}`: `{}`", action?.as_str())))
        .collect();
    let defaults = if defaults.is_empty() {
        String::new()
    } else {
        format!(" (Implicit default {})", defaults.join(", and "))
    };
    let message =
        format!("{message}{defaults} Read more at https://pris.ly/d/cyclic-referential-actions");
    Diagnostic::validating("cyclic-referential-actions", message, forward.span())
}

/// The field with the key of a relation that is written on both its ends.
fn complete(id: RelationId, schema: &Schema) -> Option<RelationFieldWalker<'_>> {
    match schema.walk(id).kind() {
        RelationKind::OneToOne { forward, back: Some(_) }
        | RelationKind::OneToMany { forward, back: Some(_) } => Some(schema.walk(forward)),
        _ => None,
    }
}

fn modifies(action: ReferentialAction) -> bool {
    !matches!(action, ReferentialAction::NoAction | ReferentialAction::Restrict)
}

/// As written, else what a key that must not be null asks for.
fn on_delete(forward: RelationFieldWalker<'_>) -> ReferentialAction {
    forward.data().on_delete.unwrap_or_else(|| {
        let mut columns = forward.fields();
        let is_required = forward.arity() == Arity::Required
            || columns.any(|column| column.arity() == Arity::Required);
        if is_required { ReferentialAction::Restrict } else { ReferentialAction::SetNull }
    })
}

fn on_update(forward: RelationFieldWalker<'_>) -> ReferentialAction {
    forward.data().on_update.unwrap_or(ReferentialAction::Cascade)
}

/// Numbers the strongly connected components (Tarjan), without recursion.
fn circles(from: &[Vec<Edge>]) -> Vec<usize> {
    const NONE: usize = usize::MAX;
    let mut circle = vec![NONE; from.len()];
    let (mut order, mut low) = (vec![NONE; from.len()], vec![NONE; from.len()]);
    let (mut open, mut calls): (Vec<usize>, Vec<(usize, usize)>) = (Vec::new(), Vec::new());
    let (mut counter, mut circles) = (0, 0);
    for root in 0..from.len() {
        if order[root] == NONE {
            calls.push((root, 0));
        }
        while let Some((model, edge)) = calls.pop() {
            if edge == 0 {
                order[model] = counter;
                low[model] = counter;
                counter += 1;
                open.push(model);
            }
            if let Some(to) = from[model].get(edge).map(|edge| edge.to.index()) {
                calls.push((model, edge + 1));
                if order[to] == NONE {
                    calls.push((to, 0));
                } else if circle[to] == NONE {
                    low[model] = low[model].min(order[to]);
                }
                continue;
            }
            if low[model] == order[model] {
                while let Some(member) = open.pop() {
                    circle[member] = circles;
                    if member == model {
                        break;
                    }
                }
                circles += 1;
            }
            if let Some((caller, _)) = calls.last() {
                low[*caller] = low[*caller].min(low[model]);
            }
        }
    }
    circle
}

fn reaching_self_relations(from: &[Vec<Edge>]) -> Vec<bool> {
    let mut into: Vec<Vec<usize>> = vec![Vec::new(); from.len()];
    let mut reaches = vec![false; from.len()];
    let mut next = Vec::new();
    for (model, edges) in from.iter().enumerate() {
        for edge in edges {
            into[edge.to.index()].push(model);
            if edge.to.index() == model && !reaches[model] {
                reaches[model] = true;
                next.push(model);
            }
        }
    }
    while let Some(model) = next.pop() {
        for &before in &into[model] {
            if !reaches[before] {
                reaches[before] = true;
                next.push(before);
            }
        }
    }
    reaches
}
