//! Attributes and their arguments, taken one by one, so that what is left over can be told.
//!
//! An [`AttributeSet`] is everything on one field or block: rules take the attributes they know, and `finish` reports
//! the others. [`Arguments`] is the same for one attribute. A `default` argument may be written without its name.

use crate::ast::{Argument, Attribute, Expr};
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::suggest::{is_only, suggest_if};

type Diagnostics = Vec<Diagnostic>;

/// The attributes of one field or block, each to be taken once.
pub(super) struct AttributeSet<'a> {
    attributes: &'a [Attribute<'a>],
    taken: Vec<bool>,
}

impl<'a> AttributeSet<'a> {
    pub(super) fn new(attributes: &'a [Attribute<'a>]) -> Self {
        Self { attributes, taken: vec![false; attributes.len()] }
    }

    /// An attribute that may stand once. When it stands twice, neither counts.
    pub(super) fn single(
        &mut self,
        name: &str,
        diagnostics: &mut Diagnostics,
    ) -> Option<Arguments<'a>> {
        let found = self.take(|attribute| attribute.name.text == name);
        match found.as_slice() {
            [] => None,
            [attribute] => Arguments::open(attribute, diagnostics),
            [first, ..] => {
                for attribute in &found {
                    let message = format!("Attribute \"@{name}\" can only be defined once.");
                    let diagnostic =
                        Diagnostic::error("duplicate-attribute", message, attribute.span);
                    diagnostics.push(if attribute.span == first.span {
                        diagnostic
                    } else {
                        diagnostic.label(first.span, "first defined here")
                    });
                }
                None
            }
        }
    }

    /// An attribute that may stand any number of times.
    pub(super) fn repeated(
        &mut self,
        name: &str,
        diagnostics: &mut Diagnostics,
    ) -> Vec<Arguments<'a>> {
        let found = self.take(|attribute| attribute.name.text == name);
        found.into_iter().filter_map(|attribute| Arguments::open(attribute, diagnostics)).collect()
    }

    /// `@db.Name`. Of several, the last counts.
    pub(super) fn native_type(
        &mut self,
        diagnostics: &mut Diagnostics,
    ) -> Option<&'a Attribute<'a>> {
        let found = self.take(|attribute| attribute.name.text.contains('.'));
        for attribute in found.iter().skip(1) {
            let scope = attribute.name.text.split('.').next().unwrap_or_default();
            let message = format!("Attribute \"@{scope}\" can only be defined once.");
            diagnostics.push(
                Diagnostic::error("duplicate-attribute", message, attribute.span)
                    .label(found[0].span, "first defined here"),
            );
        }
        found.last().copied()
    }

    /// Reports what nobody knew. `known` are names to suggest.
    pub(super) fn finish(mut self, known: &[&str], diagnostics: &mut Diagnostics) {
        for attribute in self.take(|_| true) {
            let (name, span) = (attribute.name.text, attribute.name.span);
            let message = format!("Attribute not known: \"@{name}\".");
            let diagnostic = Diagnostic::error("unknown-attribute", message, attribute.span);
            let known = known.iter().copied();
            let is_new = |known: &str| {
                let repeats = attribute.is_of_block && matches!(known, "index" | "unique");
                let written = self.attributes.iter().map(|other| other.name.text);
                // `@db` is none without a type behind it.
                known != "db" && (repeats || is_only(known, written))
            };
            diagnostics.push(suggest_if(diagnostic, name, span, known, is_new));
        }
    }

    fn take(&mut self, wanted: impl Fn(&Attribute<'a>) -> bool) -> Vec<&'a Attribute<'a>> {
        let mut found = Vec::new();
        for (attribute, taken) in self.attributes.iter().zip(&mut self.taken) {
            if !*taken && wanted(attribute) {
                *taken = true;
                found.push(attribute);
            }
        }
        found
    }
}

/// The arguments of one attribute, each to be taken once.
pub(super) struct Arguments<'a> {
    pub(super) attribute: &'a Attribute<'a>,
    left: Vec<&'a Argument<'a>>,
}

impl<'a> Arguments<'a> {
    /// `None` when the arguments are too broken to be looked at.
    fn open(attribute: &'a Attribute<'a>, diagnostics: &mut Diagnostics) -> Option<Self> {
        if !lists_are_complete(attribute, diagnostics) {
            return None;
        }
        let mut left: Vec<&Argument<'_>> = Vec::new();
        let mut unnamed: Vec<String> = Vec::new();
        for argument in &attribute.arguments.list {
            let name = argument.name.map(|name| name.text);
            // Of two arguments with one name the later counts.
            let same = left.iter().position(|earlier| earlier.name.map(|name| name.text) == name);
            let earlier = same.map(|position| std::mem::replace(&mut left[position], argument));
            match (earlier, name) {
                (None, _) => left.push(argument),
                (Some(earlier), Some(name)) => {
                    let message = format!("Argument \"{name}\" is already specified.");
                    diagnostics.push(
                        Diagnostic::error("duplicate-argument", message, argument.span)
                            .label(earlier.span, "first specified here"),
                    );
                }
                (Some(earlier), None) => {
                    if unnamed.is_empty() {
                        unnamed.push(earlier.value.to_string());
                    }
                    unnamed.push(argument.value.to_string());
                }
            }
        }
        let arguments = Self { attribute, left };
        if !unnamed.is_empty() {
            let message = format!(
                "You provided multiple unnamed arguments. This is not possible. Did you forget the brackets? Did you \
                 mean `[{}]`?",
                unnamed.join(", ")
            );
            let diagnostic = arguments.error("multiple-unnamed-arguments", message);
            diagnostics.push(match unnamed_at(attribute) {
                Some((span, list)) => diagnostic.fix("put brackets around them", span, list),
                None => diagnostic,
            });
        }
        Some(arguments)
    }

    /// The value of a named argument, if it is there.
    pub(super) fn optional(&mut self, name: &str) -> Option<&'a Expr<'a>> {
        self.take(Some(name)).map(|argument| &argument.value)
    }

    /// The value of an argument that may be written without its name. That it is missing is told when it is `wanted`.
    fn unnamed_or(
        &mut self,
        name: &str,
        wanted: bool,
        diagnostics: &mut Diagnostics,
    ) -> Option<&'a Expr<'a>> {
        match (self.take(Some(name)), self.take(None)) {
            (Some(argument), None) | (None, Some(argument)) => return Some(&argument.value),
            (Some(named), Some(unnamed)) if wanted => {
                let message =
                    format!("Argument \"{name}\" is already specified as unnamed argument.");
                diagnostics.push(
                    Diagnostic::error("duplicate-argument", message, named.span)
                        .label(unnamed.span, "first specified here"),
                );
            }
            (None, None) if wanted => {
                let message = format!("Argument \"{name}\" is missing.");
                diagnostics.push(Diagnostic::error(
                    "missing-argument",
                    message,
                    self.attribute.span,
                ));
            }
            _ => {}
        }
        None
    }

    /// The value of an argument that must be there and may be written without its name.
    pub(super) fn default(
        &mut self,
        name: &str,
        diagnostics: &mut Diagnostics,
    ) -> Option<&'a Expr<'a>> {
        self.unnamed_or(name, true, diagnostics)
    }

    /// The value of an argument that may be left out and may be written without its name.
    pub(super) fn optional_default(&mut self, name: &str) -> Option<&'a Expr<'a>> {
        self.unnamed_or(name, false, &mut Vec::new())
    }

    /// Reports what nobody knew.
    pub(super) fn finish(self, diagnostics: &mut Diagnostics) {
        let known = known_arguments(self.attribute);
        for argument in self.left {
            let diagnostic =
                Diagnostic::error("unknown-argument", "No such argument.", argument.span);
            diagnostics.push(match argument.name {
                // One that is told already, for standing twice, is known well enough.
                Some(name) if !known.contains(&name.text) => {
                    let is_new = |name: &str| {
                        // The first may be there without its name.
                        let first = known.first().copied().unwrap_or_default();
                        let list = self.attribute.arguments.list.iter();
                        is_only(name, list.map(|other| other.name.map_or(first, |name| name.text)))
                    };
                    suggest_if(diagnostic, name.text, name.span, known.iter().copied(), is_new)
                }
                _ => diagnostic,
            });
        }
    }

    /// As [`Self::finish`], where the attribute itself is wrong and so no name is any better than another.
    pub(super) fn finish_unread(self, diagnostics: &mut Diagnostics) {
        for argument in self.left {
            let message = "No such argument.";
            diagnostics.push(Diagnostic::error("unknown-argument", message, argument.span));
        }
    }

    /// `Error parsing attribute "@name": …` at the attribute.
    pub(super) fn error(&self, code: &'static str, message: impl AsRef<str>) -> Diagnostic {
        let name = format!("@{}", self.attribute.name.text);
        Diagnostic::in_attribute(code, &name, message, self.attribute.span)
    }

    fn take(&mut self, name: Option<&str>) -> Option<&'a Argument<'a>> {
        let position =
            self.left.iter().position(|argument| argument.name.map(|name| name.text) == name)?;
        Some(self.left.remove(position))
    }
}

/// For suggestions.
fn known_arguments(attribute: &Attribute<'_>) -> &'static [&'static str] {
    match attribute.name.text {
        "id" | "unique" if attribute.is_of_block => &["fields", "name", "map"],
        "id" | "unique" => &["map", "sort"],
        "index" => &["fields", "map", "type"],
        "relation" => &["name", "fields", "references", "onDelete", "onUpdate", "map"],
        "map" => &["name"],
        "default" => &["value", "map"],
        "schema" => &["map"],
        _ => &[],
    }
}

/// Where several columns stand without a name and without the brackets that they need, and what they are with them.
/// Only of a block: on a field, the field is the column.
fn unnamed_at(attribute: &Attribute<'_>) -> Option<(Span, String)> {
    if !matches!(attribute.name.text, "id" | "unique" | "index")
        || !attribute.is_of_block
        || attribute.argument("fields").is_some()
    {
        return None;
    }
    let list = &attribute.arguments.list;
    let count = list.iter().take_while(|argument| argument.name.is_none()).count();
    let are_columns = list[..count]
        .iter()
        .all(|argument| matches!(argument.value, Expr::Constant(..) | Expr::Function(..)));
    if !are_columns || list[count..].iter().any(|argument| argument.name.is_none()) {
        return None;
    }
    let (first, last) = (list.first()?, list.get(count.checked_sub(1)?)?);
    let columns: Vec<String> =
        list[..count].iter().map(|argument| argument.value.to_string()).collect();
    let span = Span { end: last.span.end, ..first.span };
    Some((span, format!("[{}]", columns.join(", "))))
}

/// Names without a value and commas too many, in the attribute's list and in those of calls directly in it.
fn lists_are_complete(attribute: &Attribute<'_>, diagnostics: &mut Diagnostics) -> bool {
    let name = attribute.name.text;
    let mut complete = true;
    let calls = attribute.arguments.list.iter().filter_map(|argument| match &argument.value {
        Expr::Function(_, arguments, _) => Some(arguments),
        _ => None,
    });
    for arguments in std::iter::once(&attribute.arguments).chain(calls) {
        for empty in &arguments.empty {
            let message = format!("The `{}` argument is missing a value.", empty.text);
            diagnostics.push(Diagnostic::in_attribute(
                "argument-without-value",
                &format!("@{name}"),
                message,
                empty.span,
            ));
            complete = false;
        }
        for argument in &arguments.list {
            let Expr::Array(elements, _) = &argument.value else { continue };
            for element in elements {
                let Expr::Function(_, arguments, _) = element else { continue };
                for empty in &arguments.empty {
                    let message = format!("The `{}` argument is missing a value.", empty.text);
                    diagnostics.push(Diagnostic::in_attribute(
                        "argument-without-value",
                        &format!("@@{name}"),
                        message,
                        empty.span,
                    ));
                }
            }
        }
        if let Some(comma) = arguments.trailing_comma {
            let message =
                "Trailing commas are not valid in attribute arguments, please remove the comma.";
            let diagnostic =
                Diagnostic::in_attribute("trailing-comma", &format!("@{name}"), message, comma);
            diagnostics.push(if arguments.list.is_empty() {
                // Something may be missing before it.
                diagnostic
            } else {
                diagnostic.fix("remove the comma", comma, "")
            });
        }
    }
    complete
}
