//! The diagram as data: boxes with rows, lines between rows, all with their places.

use std::collections::BTreeMap;

use psl::{Arity, ModelWalker, RelationWalker, Schema};

use crate::layout::{self, Edge};
use crate::mermaid::is_one_to_one;
use crate::words;

/// Pixels of a character of the monospaced font, rounded up: boxes are never too narrow.
pub(crate) const CHARACTER: usize = 8;
pub(crate) const ROW: usize = 20;
pub(crate) const HEADER: usize = 28;
/// Between a box's edge and its text.
pub(crate) const PADDING: usize = 10;
/// Around everything.
const MARGIN: usize = 24;

#[derive(Debug)]
pub(crate) struct Picture {
    pub(crate) boxes: Vec<Box>,
    pub(crate) lines: Vec<Line>,
    pub(crate) width: usize,
    pub(crate) height: usize,
}

/// A model or an enum.
#[derive(Debug)]
pub(crate) struct Box {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) documentation: Option<String>,
    pub(crate) rows: Vec<Row>,
    pub(crate) x: usize,
    pub(crate) y: usize,
    pub(crate) width: usize,
    pub(crate) height: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Model,
    View,
    Enum,
}

#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) ty: String,
    pub(crate) is_key: bool,
    pub(crate) is_reference: bool,
    pub(crate) documentation: Option<String>,
}

/// A relation: from a row of the side that holds the key to the head of the other.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) from: usize,
    pub(crate) to: usize,
    /// `Booking.org`.
    pub(crate) name: String,
    pub(crate) from_end: End,
    pub(crate) to_end: End,
    pub(crate) start: Point,
    pub(crate) end: Point,
}

/// How many rows stand at an end of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    One,
    MaybeOne,
    Many,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Point {
    pub(crate) x: usize,
    pub(crate) y: usize,
    /// Whether the line leaves to the right of it.
    pub(crate) is_right: bool,
}

/// The picture of a schema; enums stand apart from the models.
pub(crate) fn of(schema: &Schema) -> Picture {
    let mut boxes: Vec<Box> = schema.models().map(model).collect();
    let at: BTreeMap<&str, usize> =
        schema.models().zip(0..).map(|(model, at)| (model.name(), at)).collect();
    let edges: Vec<(RelationWalker<'_>, Edge, usize)> = schema
        .relations()
        .filter_map(|relation| {
            let (from, to, row) = match (relation.forward(), relation.many_to_many()) {
                (Some(forward), _) => {
                    let key = forward.fields().next()?;
                    let row = forward.model().scalar_fields().position(|field| field == key)?;
                    (forward.model(), forward.related_model(), row + 1)
                }
                (None, Some((a, b))) => (a.model(), b.model(), 0),
                (None, None) => return None,
            };
            Some((relation, Edge { from: at[from.name()], to: at[to.name()] }, row))
        })
        .collect();
    let sizes: Vec<(usize, usize)> = boxes.iter().map(|one| (one.width, one.height)).collect();
    let only_edges: Vec<Edge> = edges.iter().map(|(_, edge, _)| *edge).collect();
    for (place, one) in layout::place(&sizes, &only_edges).into_iter().zip(&mut boxes) {
        (one.x, one.y) = (place.0 + MARGIN, place.1 + MARGIN);
    }
    add_enums(schema, &mut boxes);
    let lines = edges.iter().map(|(relation, edge, row)| line(*relation, *edge, *row, &boxes));
    let lines = lines.collect();
    let width = boxes.iter().map(|one| one.x + one.width).max().unwrap_or(0) + MARGIN;
    let height = boxes.iter().map(|one| one.y + one.height).max().unwrap_or(0) + MARGIN;
    Picture { boxes, lines, width, height }
}

fn model(model: ModelWalker<'_>) -> Box {
    let rows = model.scalar_fields().map(|field| Row {
        name: field.name().to_owned(),
        ty: words::full_type(field),
        is_key: field.is_in_primary_key(),
        is_reference: words::is_in_foreign_key(field),
        documentation: field.documentation().map(str::to_owned),
    });
    let kind = if model.is_view() { Kind::View } else { Kind::Model };
    sized(model.name(), kind, model.documentation(), rows.collect())
}

fn sized(name: &str, kind: Kind, documentation: Option<&str>, rows: Vec<Row>) -> Box {
    let characters = rows
        .iter()
        .map(|row| row.name.chars().count() + 2 + row.ty.chars().count())
        .chain([name.chars().count() + 2])
        .max()
        .unwrap_or(0);
    Box {
        name: name.to_owned(),
        kind,
        documentation: documentation.map(str::to_owned),
        width: characters * CHARACTER + 2 * PADDING,
        height: HEADER + rows.len() * ROW + PADDING / 2,
        rows,
        x: 0,
        y: 0,
    }
}

/// Enums in rows below the models, as wide as these.
fn add_enums(schema: &Schema, boxes: &mut Vec<Box>) {
    let right = boxes.iter().map(|one| one.x + one.width).max().unwrap_or(0).max(800);
    let mut top = boxes.iter().map(|one| one.y + one.height + layout::GAP_Y).max();
    let (mut x, mut bottom) = (MARGIN, 0);
    for walker in schema.enums() {
        let rows = walker.values().iter().map(|value| Row {
            name: value.name().to_owned(),
            ty: String::new(),
            is_key: false,
            is_reference: false,
            documentation: value.documentation.clone(),
        });
        let mut one = sized(walker.name(), Kind::Enum, walker.documentation(), rows.collect());
        if x > MARGIN && x + one.width > right {
            (x, top) = (MARGIN, Some(bottom + layout::GAP_Y));
        }
        (one.x, one.y) = (x, top.unwrap_or(MARGIN));
        x += one.width + layout::GAP_Y;
        bottom = bottom.max(one.y + one.height);
        boxes.push(one);
    }
}

/// `row` counts from the head, which is 0.
fn line(relation: RelationWalker<'_>, edge: Edge, row: usize, boxes: &[Box]) -> Line {
    let (from, to) = (&boxes[edge.from], &boxes[edge.to]);
    let is_left = |a: &Box, b: &Box| a.x + a.width < b.x;
    // Boxes in one column are joined on their right.
    let (from_right, to_right) =
        if is_left(from, to) { (true, false) } else { (!is_left(to, from), true) };
    let side = |one: &Box, is_right: bool| if is_right { one.x + one.width } else { one.x };
    let head = HEADER / 2;
    let start_y = from.y + if row == 0 { head } else { HEADER + row * ROW - ROW / 2 };
    let (name, from_end, to_end) = match (relation.forward(), relation.many_to_many()) {
        (Some(forward), _) => (
            format!("{}.{}", forward.model().name(), forward.name()),
            if is_one_to_one(relation) { End::MaybeOne } else { End::Many },
            if forward.arity() == Arity::Required { End::One } else { End::MaybeOne },
        ),
        (None, Some((a, _))) => {
            (format!("{}.{}", a.model().name(), a.name()), End::Many, End::Many)
        }
        (None, None) => (String::new(), End::Many, End::Many),
    };
    Line {
        from: edge.from,
        to: edge.to,
        name,
        from_end,
        to_end,
        start: Point { x: side(from, from_right), y: start_y, is_right: from_right },
        end: Point { x: side(to, to_right), y: to.y + head, is_right: to_right },
    }
}
