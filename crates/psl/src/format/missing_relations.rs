//! The missing half of relations. Whoever writes `author User` means a relation, and the schema has to say more about it:
//! the key's columns, `@relation(fields: …, references: …)`, the field on the other model. All that follows from what is
//! there is added: as `prisma format` does it, with the names that it would choose.
//!
//! Where more than one such field could be meant, as when two differ in the relation's name only, none is added: the
//! reference adds one to each, and more each time it is run.

use super::Insertion;
use crate::ast::Attribute;
use crate::resolve::{Inferred, Resolved};
use crate::schema::{
    Arity, IndexKind, ModelId, RelationFieldId, RelationKind, ScalarFieldId, ScalarFieldType,
};
use crate::source::{SourceFile, Span};
use crate::walkers::{ModelWalker, RelationFieldWalker, ScalarFieldWalker};
use cruet::Inflector;
use std::collections::{HashMap, HashSet};

/// Adds to each file's insertions what its relations lack. Nothing in the schema is wrong otherwise.
pub(super) fn complete(
    resolved: &Resolved<'_>,
    files: &[SourceFile],
    insertions: &mut [Vec<Insertion>],
) {
    let keyed = resolved.relations.iter().filter_map(|relation| Keyed::new(*relation, resolved));
    let mut relations: Vec<Keyed<'_>> = keyed.collect();
    let others = Others::new(&relations, resolved);
    let mut ctx = Ctx { resolved, files, insertions };
    relations.retain(|relation| ctx.has_attribute(relation) || others.are_clear_of(relation));
    // Three rounds, as insertions at one place stay in the order in which they were made.
    for relation in &relations {
        if others.are_clear_of(relation) {
            ctx.other_end(relation);
        }
        ctx.key_columns(relation);
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

    /// The models that the one end of it, if it has one end, goes from and to.
    fn half(&self) -> Option<(ModelId, ModelId)> {
        let (referencing, referenced) = (self.referencing.id(), self.referenced.id());
        match (self.forward, self.back) {
            (Some(_), None) => Some((referencing, referenced)),
            (None, Some(_)) => Some((referenced, referencing)),
            _ => None,
        }
    }

    /// The columns that a key would need to refer to the first thing that is unique about the referenced model.
    fn key(&self) -> Vec<KeyColumn<'s>> {
        let mut keys = self.referenced.primary_key().into_iter().chain(self.referenced.indexes());
        let Some(key) = keys.find(|key| key.kind() != IndexKind::Normal) else { return Vec::new() };
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

    fn fields_argument(&self) -> String {
        let names: Vec<String> = self.key().into_iter().map(|column| column.name).collect();
        format!("fields: [{}]", names.join(", "))
    }

    fn references_argument(&self) -> String {
        let given = self.forward.and_then(|forward| forward.data().references.as_deref());
        let names: Vec<&str> = match given {
            Some(references) => {
                let name = |id: &ScalarFieldId| self.referenced.schema().walk(*id).name();
                references.iter().map(name).collect()
            }
            None => self.key().iter().map(|column| column.refers_to.name()).collect(),
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

/// What else there is between the models of a relation.
struct Others {
    /// How many relations with one end go from a model to a model.
    halves: HashMap<(ModelId, ModelId), usize>,
    /// From and to which models there are fields that name no relation.
    unnamed: HashSet<(ModelId, ModelId)>,
}

impl Others {
    fn new(relations: &[Keyed<'_>], resolved: &Resolved<'_>) -> Self {
        let mut halves: HashMap<_, usize> = HashMap::new();
        for models in relations.iter().filter_map(Keyed::half) {
            *halves.entry(models).or_default() += 1;
        }
        let fields = resolved.schema.models().flat_map(ModelWalker::relation_fields);
        let unnamed = fields
            .filter(|field| field.data().relation_name.is_none())
            .map(|field| (field.model().id(), field.related_model().id()))
            .collect();
        Self { halves, unnamed }
    }

    /// Whether the other end of a relation, were it added without the relation's name, could be no other's.
    fn are_clear_of(&self, relation: &Keyed<'_>) -> bool {
        let Some((from, to)) = relation.half() else { return true };
        let halves = self.halves.get(&(to, from)).copied().unwrap_or_default();
        // Of a self relation, it is counted itself.
        let is_only_half = halves <= usize::from(from == to);
        let end = relation.forward.or(relation.back);
        let is_named = end.is_some_and(|end| end.data().relation_name.is_some());
        let has_unnamed = self.unnamed.contains(&(from, to)) || self.unnamed.contains(&(to, from));
        is_only_half && !(is_named && has_unnamed)
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

    fn other_end(&mut self, relation: &Keyed<'_>) {
        let Keyed { referencing, referenced, .. } = *relation;
        if relation.back.is_none() {
            let name = referencing.name().to_camel_case();
            let (name, arity) =
                if relation.is_one_to_one { (name, "?") } else { (name.to_plural(), "[]") };
            let ignore = if referencing.is_ignored() { " @ignore" } else { "" };
            let text = format!("{name} {}{arity}{ignore}\n", referencing.name());
            self.at_end_of(referenced, text);
        }
        if relation.forward.is_none() {
            let is_optional = relation.key().iter().any(|column| column.arity == Arity::Optional);
            let text = format!(
                "{} {}{} @relation({}, {})\n",
                referenced.name().to_camel_case(),
                referenced.name(),
                if is_optional { "?" } else { "" },
                relation.fields_argument(),
                relation.references_argument(),
            );
            self.at_end_of(referencing, text);
        }
    }

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
