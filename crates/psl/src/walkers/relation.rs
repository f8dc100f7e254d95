//! Relations and the fields at their ends.

use super::{ModelWalker, RelationFieldWalker, RelationWalker, ScalarFieldWalker};
use crate::constraint_names;
use crate::schema::{
    Arity, ReferentialAction, Relation, RelationField, RelationKind, RelationMode,
};
use crate::source::Span;

impl<'s> RelationFieldWalker<'s> {
    pub fn data(self) -> &'s RelationField {
        &self.schema.relation_fields[self.id.index()]
    }

    pub fn model(self) -> ModelWalker<'s> {
        self.at(self.data().model)
    }

    pub fn name(self) -> &'s str {
        &self.data().name.text
    }

    /// The relation's name: as written, else made of the names of both models, the first by name first.
    pub fn relation_name(self) -> String {
        self.data().relation_name.clone().unwrap_or_else(|| {
            let (own, other) = (self.model().name(), self.related_model().name());
            format!("{}To{}", own.min(other), own.max(other))
        })
    }

    pub fn documentation(self) -> Option<&'s str> {
        self.data().documentation.as_deref()
    }

    pub fn arity(self) -> Arity {
        self.data().arity
    }

    pub fn related_model(self) -> ModelWalker<'s> {
        self.at(self.data().related_model)
    }

    pub fn relation(self) -> Option<RelationWalker<'s>> {
        self.data().relation.map(|id| self.at(id))
    }

    /// The field at the other end, if it is written.
    pub fn opposite(self) -> Option<RelationFieldWalker<'s>> {
        let (one, other) = match self.relation()?.kind() {
            RelationKind::OneToOne { forward, back }
            | RelationKind::OneToMany { forward, back } => (forward, back?),
            RelationKind::ManyToMany { a, b } => (a, b),
        };
        Some(self.at(if one == self.id { other } else { one }))
    }

    /// Whether this side holds the foreign key (`fields:`).
    pub fn is_forward(self) -> bool {
        self.data().fields.is_some()
    }

    /// `fields:`: the columns of this model that hold the key.
    pub fn fields(self) -> impl Iterator<Item = ScalarFieldWalker<'s>> {
        self.data().fields.iter().flatten().map(move |id| self.at(*id))
    }

    /// `references:`: the columns of the related model that the key names.
    pub fn references(self) -> impl Iterator<Item = ScalarFieldWalker<'s>> {
        self.data().references.iter().flatten().map(move |id| self.at(*id))
    }

    pub fn span(self) -> Span {
        self.data().span
    }
}

impl<'s> RelationWalker<'s> {
    pub fn data(self) -> &'s Relation {
        &self.schema.relations[self.id.index()]
    }

    pub fn name(self) -> Option<&'s str> {
        self.data().name.as_deref()
    }

    pub fn kind(self) -> RelationKind {
        self.data().kind
    }

    /// The side that holds the key; `None` for an implicit many-to-many.
    pub fn forward(self) -> Option<RelationFieldWalker<'s>> {
        match self.kind() {
            RelationKind::OneToOne { forward, .. } | RelationKind::OneToMany { forward, .. } => {
                Some(self.at(forward))
            }
            RelationKind::ManyToMany { .. } => None,
        }
    }

    /// Both sides of an implicit many-to-many: the model that comes first by name, then the other.
    pub fn many_to_many(self) -> Option<(RelationFieldWalker<'s>, RelationFieldWalker<'s>)> {
        match self.kind() {
            RelationKind::ManyToMany { a, b } => Some((self.at(a), self.at(b))),
            RelationKind::OneToOne { .. } | RelationKind::OneToMany { .. } => None,
        }
    }

    /// What happens on DELETE of the referenced row: as written, else Restrict when a column of the key is required,
    /// `SetNull` when none is.
    pub fn on_delete(self) -> Option<ReferentialAction> {
        let forward = self.forward()?;
        Some(forward.data().on_delete.unwrap_or_else(|| {
            if forward.fields().any(|field| field.arity() == Arity::Required) {
                ReferentialAction::Restrict
            } else {
                ReferentialAction::SetNull
            }
        }))
    }

    /// What happens on UPDATE of the referenced key: as written, else Cascade.
    pub fn on_update(self) -> Option<ReferentialAction> {
        let forward = self.forward()?;
        Some(forward.data().on_update.unwrap_or(match self.schema.relation_mode() {
            RelationMode::ForeignKeys => ReferentialAction::Cascade,
            RelationMode::Prisma => ReferentialAction::NoAction,
        }))
    }

    /// The foreign key's name: `map:`, else the one Prisma derives.
    pub fn constraint_name(self) -> Option<String> {
        let forward = self.forward()?;
        Some(forward.data().mapped_name.clone().unwrap_or_else(|| {
            let columns: Vec<&str> =
                forward.fields().map(ScalarFieldWalker::database_name).collect();
            constraint_names::foreign_key(forward.model().database_name(), &columns)
        }))
    }

    /// The table of an implicit many-to-many, `_Name` or `_AToB`, as PostgreSQL takes its name.
    pub fn join_table_name(self) -> Option<String> {
        let (a, _) = self.many_to_many()?;
        Some(constraint_names::suffixed(format!("_{}", a.relation_name()), ""))
    }
}
