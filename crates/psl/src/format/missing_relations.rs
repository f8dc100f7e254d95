//! The missing half of relations. Whoever writes `author User` means a relation, and the schema has to say more about it:
//! the key's columns, `@relation(fields: …, references: …)`, the field on the other model. All that follows from what is
//! there is added: as `prisma format` does it, with the names that it would choose.
//!
//! A field is not added where the model has the very same already, for a relation with another name. The reference adds
//! it again, and more each time it is run.

use super::Insertion;
use crate::ast::Attribute;
use crate::resolve::{Inferred, Resolved};
use crate::schema::{Arity, IndexKind, RelationFieldId, RelationKind, ScalarFieldType};
use crate::source::{SourceFile, Span};
use crate::walkers::{IndexWalker, ModelWalker, RelationFieldWalker, ScalarFieldWalker};
use cruet::Inflector;
use std::collections::HashSet;

/// Adds to each file's insertions what its relations lack. Nothing in the schema is wrong otherwise.
pub(super) fn complete(
    resolved: &Resolved<'_>,
    files: &[SourceFile],
    insertions: &mut [Vec<Insertion>],
) {
    let keyed = resolved.relations.iter().filter_map(|relation| Keyed::new(*relation, resolved));
    let mut relations: Vec<Keyed<'_>> = keyed.collect();
    let mut ctx = Ctx { resolved, files, insertions };
    // Ends that may be other relations' other ends.
    let taken: HashSet<RelationFieldId> = relations
        .iter()
        .filter_map(|relation| relation.missing_field()?.existing())
        .map(RelationFieldWalker::id)
        .collect();
    let is_taken = |relation: &Keyed<'_>| {
        relation
            .only_end()
            .is_some_and(|end| end.data().relation_name.is_none() && taken.contains(&end.id()))
    };
    relations.retain(|relation| ctx.has_attribute(relation) || !is_taken(relation));
    // Three rounds, as insertions at one place stay in the order in which they were made.
    for relation in &relations {
        let missing = relation.missing_field().filter(|_| !is_taken(relation));
        if let Some(missing) = missing.filter(|missing| missing.existing().is_none()) {
            ctx.field(relation, &missing);
            ctx.key_columns(relation);
        } else if relation.forward.is_some() {
            ctx.key_columns(relation);
        }
    }
    for relation in &relations {
        ctx.attribute(relation);
    }
    for relation in &relations {
        ctx.arguments(relation);
    }
}

/// A relation whose key is, or belongs, in one of its models.
struct Keyed<'s> {
    /// The end with the key.
    forward: Option<RelationFieldWalker<'s>>,
    back: Option<RelationFieldWalker<'s>>,
    referencing: ModelWalker<'s>,
    referenced: ModelWalker<'s>,
    is_one_to_one: bool,
}

impl<'s> Keyed<'s> {
    fn new(relation: Inferred, resolved: &'s Resolved<'_>) -> Option<Self> {
        let walk = |id: RelationFieldId| resolved.schema.walk(id);
        let (forward, back, is_one_to_one) = match relation {
            Inferred::Lonely(back) => (None, Some(walk(back)), false),
            Inferred::EmbeddedManyToMany { .. } => return None,
            Inferred::Relation(id) => match resolved.schema.walk(id).kind() {
                RelationKind::OneToOne { forward, back } => {
                    (Some(walk(forward)), back.map(walk), true)
                }
                RelationKind::OneToMany { forward, back } => {
                    (Some(walk(forward)), back.map(walk), false)
                }
                RelationKind::ManyToMany { .. } => return None,
            },
        };
        let (referencing, referenced) = match (forward, back) {
            (Some(forward), _) => (forward.model(), forward.related_model()),
            (None, Some(back)) => (back.related_model(), back.model()),
            (None, None) => return None,
        };
        Some(Self { forward, back, referencing, referenced, is_one_to_one })
    }

    /// The end that is there, where the other is not.
    fn only_end(&self) -> Option<RelationFieldWalker<'s>> {
        match (self.forward, self.back) {
            (Some(end), None) | (None, Some(end)) => Some(end),
            _ => None,
        }
    }

    /// The end that is not there, under the name that it would get.
    fn missing_field(&self) -> Option<MissingField<'s>> {
        let name_of = |model: ModelWalker<'_>| model.name().to_camel_case();
        match (self.forward, self.back) {
            (Some(_), None) => {
                let name = name_of(self.referencing);
                let name = if self.is_one_to_one { name } else { name.to_plural() };
                Some(MissingField { model: self.referenced, name })
            }
            (None, Some(_)) => {
                Some(MissingField { model: self.referencing, name: name_of(self.referenced) })
            }
            _ => None,
        }
    }

    /// The columns that a key would need to refer to the first thing that is unique about the referenced model.
    fn key(&self) -> Vec<KeyColumn<'s>> {
        let Some(key) = self.referenced_keys().next() else { return Vec::new() };
        let column = |refers_to: ScalarFieldWalker<'s>| {
            let name = format!(
                "{}{}",
                with_first(self.referenced.name(), char::to_lowercase),
                with_first(refers_to.name(), char::to_uppercase)
            );
            let existing = self.referencing.scalar_fields().find(|field| field.name() == name);
            let arity = match (existing, self.forward) {
                (Some(existing), _) => existing.arity(),
                (None, Some(forward)) => forward.data().arity,
                (None, None) => Arity::Optional,
            };
            KeyColumn { name, arity, refers_to, exists: existing.is_some() }
        };
        key.fields().map(column).collect()
    }

    /// Whatever is unique about the referenced model.
    fn referenced_keys(&self) -> impl Iterator<Item = IndexWalker<'s>> {
        let keys = self.referenced.primary_key().into_iter().chain(self.referenced.indexes());
        keys.filter(|key| key.kind() != IndexKind::Normal)
    }

    fn fields_argument(&self) -> String {
        let names: Vec<String> = self.key().into_iter().map(|column| column.name).collect();
        format!("fields: [{}]", names.join(", "))
    }

    /// As given; else a key that every row has and that the client can name.
    fn references_argument(&self) -> String {
        let given = self.forward.and_then(|forward| forward.data().references.as_deref());
        let names: Vec<&str> = if let Some(references) = given {
            references.iter().map(|id| self.referenced.schema().walk(*id).name()).collect()
        } else {
            let is_usable = |field: ScalarFieldWalker<'_>| {
                field.arity() != Arity::Optional
                    && !matches!(field.data().ty, ScalarFieldType::Unsupported(_))
            };
            let key = self.referenced_keys().find(|key| key.fields().all(is_usable));
            key.into_iter().flat_map(IndexWalker::fields).map(ScalarFieldWalker::name).collect()
        };
        format!("references: [{}]", names.join(", "))
    }
}

struct KeyColumn<'s> {
    name: String,
    arity: Arity,
    refers_to: ScalarFieldWalker<'s>,
    exists: bool,
}

/// A relation field that is not written.
struct MissingField<'s> {
    model: ModelWalker<'s>,
    name: String,
}

impl<'s> MissingField<'s> {
    /// What could have been added before.
    fn existing(&self) -> Option<RelationFieldWalker<'s>> {
        let mut unnamed =
            self.model.relation_fields().filter(|field| field.data().relation_name.is_none());
        unnamed.find(|field| field.name() == self.name)
    }
}

struct Ctx<'r, 'a, 'i> {
    resolved: &'r Resolved<'a>,
    files: &'r [SourceFile],
    insertions: &'i mut [Vec<Insertion>],
}

impl<'a> Ctx<'_, 'a, '_> {
    fn has_attribute(&self, relation: &Keyed<'_>) -> bool {
        relation.forward.is_some_and(|forward| self.relation_attribute(forward).is_some())
    }

    fn relation_attribute(&self, field: RelationFieldWalker<'_>) -> Option<&'a Attribute<'a>> {
        self.resolved.origins.relation_field(field.id()).attribute
    }

    /// The other end of a relation with one end.
    fn field(&mut self, relation: &Keyed<'_>, missing: &MissingField<'_>) {
        let Keyed { referencing, referenced, .. } = *relation;
        let name = &missing.name;
        let text = if relation.back.is_none() {
            let arity = if relation.is_one_to_one { "?" } else { "[]" };
            let ignore = if referencing.is_ignored() { " @ignore" } else { "" };
            format!("{name} {}{arity}{ignore}\n", referencing.name())
        } else {
            let is_optional = relation.key().iter().any(|column| column.arity == Arity::Optional);
            format!(
                "{name} {}{} @relation({}, {})\n",
                referenced.name(),
                if is_optional { "?" } else { "" },
                relation.fields_argument(),
                relation.references_argument(),
            )
        };
        self.at_end_of(missing.model, text);
    }

    /// The columns of a key that is not written.
    fn key_columns(&mut self, relation: &Keyed<'_>) {
        if relation.forward.is_some_and(|forward| forward.data().fields.is_some()) {
            return;
        }
        for column in relation.key().iter().filter(|column| !column.exists) {
            // A key of an enum is not continued: its type says nothing of what else the column would need.
            let ScalarFieldType::Scalar(ty) = &column.refers_to.data().ty else { return };
            let arity = match column.arity {
                Arity::Required => "",
                Arity::Optional => "?",
                Arity::List => "[]",
            };
            let native_type = self.native_type(column.refers_to);
            let text = format!("{} {}{arity}{native_type}\n", column.name, ty.as_str());
            self.at_end_of(relation.referencing, text);
        }
    }

    /// `@relation(…)` where a field has none.
    fn attribute(&mut self, relation: &Keyed<'_>) {
        let Some(forward) = relation.forward else { return };
        let origin = self.resolved.origins.relation_field(forward.id());
        if origin.attribute.is_none() {
            let (fields, references) = (relation.fields_argument(), relation.references_argument());
            let span = origin.field.ty_span;
            self.at(span, span.range().end, format!(" @relation({fields}, {references})"));
        }
    }

    /// `fields:` and `references:` where `@relation` is there but says neither, or one.
    fn arguments(&mut self, relation: &Keyed<'_>) {
        let Some(forward) = relation.forward else { return };
        let Some(attribute) = self.relation_attribute(forward) else { return };
        let mut missing = Vec::new();
        if forward.data().fields.is_none() {
            missing.push(relation.fields_argument());
        }
        if forward.data().references.is_none() {
            missing.push(relation.references_argument());
        }
        if missing.is_empty() {
            return;
        }
        let missing = missing.join(", ");
        let end = attribute.span.range().end;
        let has_parentheses = self.text(attribute.span).ends_with(')');
        match (has_parentheses, attribute.arguments.list.is_empty()) {
            (true, true) => self.at(attribute.span, end - 1, missing),
            (true, false) => self.at(attribute.span, end - 1, format!(", {missing}")),
            (false, _) => self.at(attribute.span, end, format!("({missing})")),
        }
    }

    /// `@db.…` of a field as it is written, a blank before it; nothing where it has none.
    fn native_type(&self, field: ScalarFieldWalker<'_>) -> String {
        let attribute = self.resolved.origins.scalar_field(field.id()).native_type;
        attribute.map(|attribute| format!(" {}", self.text(attribute.span))).unwrap_or_default()
    }

    fn text(&self, span: Span) -> &str {
        self.files
            .get(span.file.0 as usize)
            .and_then(|file| file.text().get(span.range()))
            .unwrap_or_default()
    }

    /// Before a model's closing brace.
    fn at_end_of(&mut self, model: ModelWalker<'_>, text: String) {
        let span = model.span();
        self.at(span, span.range().end - 1, text);
    }

    fn at(&mut self, span: Span, at: usize, text: String) {
        if let Some(insertions) = self.insertions.get_mut(span.file.0 as usize) {
            insertions.push(Insertion { at, text });
        }
    }
}

/// The word with another first letter.
fn with_first<I: Iterator<Item = char>>(word: &str, change: fn(char) -> I) -> String {
    let mut letters = word.chars();
    letters.next().into_iter().flat_map(change).chain(letters).collect()
}
