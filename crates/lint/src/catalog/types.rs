//! Types of the schema's own: domains, which are another type with conditions, and what columns call them.

use std::collections::BTreeMap;

use sql::Token;
use sql::statement::{Constraint, ConstraintKind, DomainAction, Name};

use super::Catalog;

/// A domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Domain {
    /// The type that it is made of, by the name that columns have for it.
    pub base: String,
    not_null: bool,
    /// Whether it has a default that is not the same for every row.
    has_volatile_default: bool,
    /// Its conditions by name, and whether all values are known to fulfil each.
    checks: BTreeMap<String, bool>,
}

impl Domain {
    /// Whether values of its base may be none of it.
    pub(crate) fn is_strict(&self) -> bool {
        self.not_null || !self.checks.is_empty()
    }
}

impl Catalog {
    /// The domain that a column's type is.
    pub(crate) fn domain(&self, ty: &str) -> Option<&Domain> {
        let (name, rest) = own_name(ty)?;
        if !rest.is_empty() {
            return None;
        }
        self.types.get(&self.resolve_type(&name))?.as_ref()
    }

    /// Whether a type, or what it is made of, has conditions.
    pub(crate) fn is_strict(&self, ty: &str) -> bool {
        self.domain(ty).is_some_and(|domain| domain.is_strict() || self.is_strict(&domain.base))
    }

    /// Whether a type, or what it is made of, has a default that is not the same for every row.
    pub(crate) fn has_volatile_default(&self, ty: &str) -> bool {
        self.domain(ty).is_some_and(|domain| {
            domain.has_volatile_default || self.has_volatile_default(&domain.base)
        })
    }

    /// A type, or what it is made of where it has conditions or such a default.
    pub(crate) fn without_conditions<'t>(&'t self, ty: &'t str) -> &'t str {
        match self.domain(ty) {
            Some(domain) if self.is_strict(ty) || self.has_volatile_default(ty) => {
                self.without_conditions(&domain.base)
            }
            _ => ty,
        }
    }

    /// A type as columns are told to have it, which does not depend on where names are looked for.
    pub(crate) fn type_of(&self, ty: &str) -> String {
        let Some((name, rest)) = own_name(ty) else { return ty.to_owned() };
        let name = self.resolve_type(&name);
        if self.types.contains_key(&name) { format!("{name}{rest}") } else { ty.to_owned() }
    }

    /// The tables with columns of a domain, or of one that is made of it.
    pub(crate) fn using(&self, domain: &Name) -> Vec<Name> {
        let domain = self.resolve_type(domain).to_string();
        let is_it = |ty: &str| {
            let mut at = ty;
            while at != domain {
                match self.domain(at) {
                    Some(inner) => at = &inner.base,
                    None => return false,
                }
            }
            true
        };
        let all = self.tables.iter();
        all.filter(|(_, table)| table.columns.values().any(|column| is_it(&column.ty)))
            .map(|(name, _)| name.clone())
            .collect()
    }

    /// Whether a condition of a domain holds for all values.
    pub(crate) fn is_validated(&self, domain: &Name, check: &str) -> bool {
        let domain = self.types.get(&self.resolve_type(domain)).and_then(Option::as_ref);
        domain.is_some_and(|domain| domain.checks.get(check) == Some(&true))
    }

    pub(super) fn make_type(&mut self, name: &Name) {
        let name = self.made(name, false);
        self.types.insert(name, None);
    }

    pub(super) fn make_domain(&mut self, name: &Name, ty: &str, constraints: &[Constraint]) {
        let made = self.made(name, false);
        let domain = Domain {
            base: self.type_of(ty),
            not_null: false,
            has_volatile_default: false,
            checks: BTreeMap::default(),
        };
        self.types.insert(made.clone(), Some(domain));
        for constraint in constraints {
            self.alter_domain(&made, &DomainAction::AddConstraint(constraint.clone()));
        }
    }

    pub(super) fn alter_domain(&mut self, name: &Name, action: &DomainAction) {
        let is_volatile = |default: &String| !self.is_steady(default);
        let has_volatile_default = match action {
            DomainAction::AddConstraint(Constraint {
                kind: ConstraintKind::Default(default),
                ..
            })
            | DomainAction::Default(Some(default)) => is_volatile(default),
            _ => false,
        };
        let resolved = self.resolve_type(name);
        let Some(Some(domain)) = self.types.get_mut(&resolved) else { return };
        match action {
            DomainAction::AddConstraint(constraint) => match constraint.kind {
                ConstraintKind::NotNull(_) => domain.not_null = true,
                ConstraintKind::Default(_) => domain.has_volatile_default = has_volatile_default,
                ConstraintKind::Check(_) => {
                    let given = format!("{}_check", resolved.name);
                    let name = constraint.name.clone().unwrap_or(given);
                    domain.checks.insert(name, !constraint.not_valid);
                }
                _ => {}
            },
            DomainAction::ValidateConstraint { name } => {
                if let Some(is_valid) = domain.checks.get_mut(name) {
                    *is_valid = true;
                }
            }
            DomainAction::DropConstraint { name } => _ = domain.checks.remove(name),
            DomainAction::SetNotNull => domain.not_null = true,
            DomainAction::DropNotNull => domain.not_null = false,
            DomainAction::Default(_) => domain.has_volatile_default = has_volatile_default,
            DomainAction::Other => {}
        }
    }

    pub(super) fn rename_type(&mut self, from: &Name, to: &str) {
        let from = self.resolve_type(from);
        let renamed = Name { schema: from.schema.clone(), name: to.to_owned() };
        let Some(made) = self.types.remove(&from) else { return };
        self.types.insert(renamed.clone(), made);
        let (from, to) = (from.to_string(), renamed.to_string());
        let rename = |ty: &mut String| {
            if let Some(rest) = ty.strip_prefix(&from).filter(|rest| !rest.starts_with('.')) {
                *ty = format!("{to}{rest}");
            }
        };
        let columns = self.tables.values_mut().flat_map(|table| table.columns.values_mut());
        columns.for_each(|column| rename(&mut column.ty));
        self.types.values_mut().flatten().for_each(|domain| rename(&mut domain.base));
    }
}

/// The name that a type begins with, and what follows it: brackets.
fn own_name(ty: &str) -> Option<(Name, &str)> {
    let tokens = sql::placed_tokens(ty);
    let part = |at: usize| match tokens.get(at)? {
        (Token::Word(word), place) => Some((word.to_lowercase(), place.end)),
        (Token::Name(name), place) => Some((name.clone(), place.end)),
        (Token::Mark(_), _) => None,
    };
    let (first, end) = part(0)?;
    if tokens.get(1).is_some_and(|(token, _)| token.is_mark('.')) {
        let (name, end) = part(2)?;
        return Some((Name { schema: Some(first), name }, &ty[end..]));
    }
    Some((Name::new(first), &ty[end..]))
}
