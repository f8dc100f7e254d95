//! The diagram as SVG: boxes and lines with classes and names, so that a page can find, colour and focus them.

use std::fmt::Write as _;

use psl::Schema;

use crate::escape::html as escaped;
use crate::picture::{self, Box, CHARACTER, End, HEADER, Kind, Line, PADDING, Picture, Point, ROW};

/// A file of its own, with its style, for light and dark.
pub fn svg(schema: &Schema) -> String {
    write(&picture::of(schema), Some(STYLE))
}

/// A part of a page whose style sheet has the classes: `model`, `enum`, `head`, `name`, `type`, `line`, `mark`.
///
/// Boxes carry `data-name`, lines `data-from` and `data-to`, and their names as titles.
pub fn svg_part(schema: &Schema) -> String {
    write(&picture::of(schema), None)
}

/// In a file of its own.
const STYLE: &str = include_str!("svg.css");

fn write(picture: &Picture, style: Option<&str>) -> String {
    let Picture { boxes, lines, width, height } = picture;
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
         height=\"{height}\" role=\"img\" aria-label=\"Models and their relations\" class=\"diagram\">\n"
    );
    if let Some(style) = style {
        let _ = write!(text, "<style>\n{style}</style>\n");
        text.push_str("<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n");
    }
    text.push_str("<g class=\"lines\">\n");
    for line in lines {
        write_line(&mut text, line, boxes);
    }
    text.push_str("</g>\n");
    for one in boxes {
        write_box(&mut text, one);
    }
    text.push_str("</svg>\n");
    text
}

fn write_box(text: &mut String, one: &Box) {
    let Box { name, kind, documentation, rows, x, y, width, height } = one;
    let class = match kind {
        Kind::Model => "model",
        Kind::View => "model view",
        Kind::Enum => "enum",
    };
    let name = escaped(name);
    let _ = writeln!(
        text,
        "<g class=\"{class}\" data-name=\"{name}\" transform=\"translate({x} {y})\">\n\
         {}<rect class=\"box\" width=\"{width}\" height=\"{height}\" rx=\"6\"/>\n\
         <path class=\"head\" d=\"M0 {HEADER}V6a6 6 0 0 1 6-6H{}a6 6 0 0 1 6 6V{HEADER}Z\"/>\n\
         <text class=\"title\" x=\"{PADDING}\" y=\"{}\">{name}</text>",
        title(documentation.as_deref()),
        width - 6,
        HEADER - 9
    );
    for (row, number) in rows.iter().zip(1..) {
        let baseline = HEADER + number * ROW - 5;
        let mut class = String::from("name");
        if row.is_key {
            class += " key";
        }
        if row.is_reference {
            class += " reference";
        }
        let _ = writeln!(
            text,
            "<g>{}<text class=\"{class}\" x=\"{PADDING}\" y=\"{baseline}\">{}</text>{}</g>",
            title(row.documentation.as_deref()),
            escaped(&row.name),
            if row.ty.is_empty() {
                String::new()
            } else {
                let x = width - PADDING;
                let ty = escaped(&row.ty);
                format!("<text class=\"type\" x=\"{x}\" y=\"{baseline}\">{ty}</text>")
            }
        );
    }
    text.push_str("</g>\n");
}

/// What a browser shows when the pointer rests on it.
fn title(documentation: Option<&str>) -> String {
    documentation.map_or_else(String::new, |text| format!("<title>{}</title>", escaped(text)))
}

fn write_line(text: &mut String, line: &Line, boxes: &[Box]) {
    let Line { from, to, name, start, end, from_end, to_end } = line;
    let distance = start.x.abs_diff(end.x);
    let bend = (distance / 2).clamp(30, 120);
    let out = |point: &Point| {
        if point.is_right { point.x + bend } else { point.x.saturating_sub(bend) }
    };
    let _ = writeln!(
        text,
        "<g class=\"relation\" data-from=\"{}\" data-to=\"{}\"><title>{}</title>\
         <path class=\"line\" d=\"M{} {}C{} {} {} {} {} {}\"/>{}{}</g>",
        escaped(&boxes[*from].name),
        escaped(&boxes[*to].name),
        escaped(name),
        start.x,
        start.y,
        out(start),
        start.y,
        out(end),
        end.y,
        end.x,
        end.y,
        mark(*start, *from_end),
        mark(*end, *to_end)
    );
}

/// What stands at an end of a line: a crow's foot for many, a stroke for one, a ring where there may be none.
fn mark(at: Point, end: End) -> String {
    let (x, y) = (at.x, at.y);
    let away = |pixels: usize| if at.is_right { x + pixels } else { x.saturating_sub(pixels) };
    let half = CHARACTER / 2 + 1;
    let (top, bottom) = (y.saturating_sub(half), y + half);
    let stroke = |x: usize| format!("M{x} {top}V{bottom}");
    let path = match end {
        End::Many => format!("M{x} {top}L{} {y}L{x} {bottom}", away(10)),
        End::One => stroke(away(5)) + &stroke(away(9)),
        End::MaybeOne => stroke(away(5)),
    };
    let ring = match end {
        End::Many => format!("<circle class=\"mark\" cx=\"{}\" cy=\"{y}\" r=\"3\"/>", away(13)),
        End::MaybeOne => format!("<circle class=\"mark\" cx=\"{}\" cy=\"{y}\" r=\"3\"/>", away(11)),
        End::One => String::new(),
    };
    format!("<path class=\"mark\" d=\"{path}\"/>{ring}")
}
