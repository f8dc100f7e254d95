//! What a new type, or a new column, asks of the rows.

use sql::statement::{Column, ConstraintKind as C, Name};

use super::{Build, Work};
use crate::catalog::{ConstraintKind, Index, sorting};
use crate::expression::names;
use crate::types::{Type, keeps_rows};

impl Build<'_> {
    /// What a new type asks of the rows.
    pub(super) fn changed(
        &self,
        table: &Name,
        column: &str,
        (ty, collation): (&str, Option<&Name>),
        using: Option<&str>,
    ) -> Work {
        let (Some(known), Some(from)) = (self.catalog.table(table), self.column(table, column))
        else {
            return Work::Rewrite;
        };
        let mut casts = match using {
            Some(using) => match casts(using, column) {
                Some(casts) => casts,
                None => return Work::Rewrite,
            },
            None => Vec::new(),
        };
        casts.push(ty);
        let mut at = from.ty.clone();
        // Values that are sorted otherwise than before are sorted anew.
        let mut is_sorted_anew = from.collation != sorting(collation);
        for to in casts {
            let to = self.catalog.type_of(to);
            if !self.keeps(&at, &to) {
                return Work::Rewrite;
            }
            is_sorted_anew |= is_citext(&at) != is_citext(&to);
            at = to;
        }
        // An expression or a condition is nothing that the server compares: such an index is always built anew.
        let is_built_anew = |index: &Index| {
            names(&index.terms, column)
                || (is_sorted_anew && index.sorted.iter().any(|own| own == column))
        };
        if self.catalog.indexes_of(table).any(is_built_anew) {
            return Work::Index;
        }
        let is_checked = known.constraints.values().any(|constraint| {
            matches!(&constraint.kind, ConstraintKind::Check(condition) if names(condition, column))
        });
        if is_checked { Work::Scan } else { Work::None }
    }

    /// Whether each row that has the one type has the other as it stands.
    fn keeps(&self, from: &str, to: &str) -> bool {
        if from == to {
            return true;
        }
        if let Some(domain) = self.catalog.domain(from) {
            // Of a domain's values the server does not know how long they can be.
            let base = domain.base.split('(').next().unwrap_or_default().trim();
            return self.keeps(base, to);
        }
        if let Some(domain) = self.catalog.domain(to) {
            return !domain.is_strict() && self.keeps(from, &domain.base);
        }
        keeps_rows(&Type::read(from), &Type::read(to), false)
    }

    /// What a new column asks of the rows.
    pub(super) fn added(&self, column: &Column) -> Work {
        let mut work = Work::None;
        let has_default =
            column.constraints.iter().any(|constraint| matches!(constraint.kind, C::Default(_)));
        let is_filled_by_type = !has_default && self.catalog.has_volatile_default(&column.ty);
        if Type::read(&column.ty).is_serial()
            || is_filled_by_type
            || self.catalog.is_strict(&column.ty)
        {
            work = Work::Rewrite;
        }
        for constraint in &column.constraints {
            work = work.max(match &constraint.kind {
                C::Default(expression) if !self.catalog.is_steady(expression) => Work::Rewrite,
                C::Generated { stored: true, .. } | C::Identity => Work::Rewrite,
                C::PrimaryKey { .. } | C::Unique { .. } | C::Exclude => Work::Index,
                C::Check(_) => Work::Scan,
                C::ForeignKey { .. } if has_default => Work::Scan,
                C::NotNull(_) if !has_default => Work::Scan,
                _ => Work::None,
            });
        }
        work
    }
}

fn is_citext(ty: &str) -> bool {
    Type::read(ty).name == "citext"
}

/// The types that an expression makes of a column, one after the other; none where it does anything else.
fn casts<'e>(expression: &'e str, column: &str) -> Option<Vec<&'e str>> {
    let mut casts = Vec::new();
    let mut rest = expression.trim();
    loop {
        if let Some(inner) = in_parentheses(rest) {
            rest = inner;
            continue;
        }
        if let Some(at) = last_outside(rest, "::") {
            casts.push(rest[at + 2..].trim());
            rest = rest[..at].trim();
            continue;
        }
        let is_cast = rest.get(..4).is_some_and(|word| word.eq_ignore_ascii_case("cast"));
        if let Some(inner) = is_cast.then(|| in_parentheses(rest[4..].trim())).flatten() {
            let at = last_outside(&inner.to_ascii_lowercase(), " as ")?;
            casts.push(inner[at + 4..].trim());
            rest = inner[..at].trim();
            continue;
        }
        let is_column = match sql::tokens(rest).as_slice() {
            [sql::Token::Word(word)] => word.to_lowercase() == column,
            [sql::Token::Name(name)] => name == column,
            _ => false,
        };
        casts.reverse();
        return is_column.then_some(casts);
    }
}

/// What stands in the parentheses that are around all of it.
fn in_parentheses(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('(')?.strip_suffix(')')?;
    let mut depth = 0_i32;
    let is_one = sql::tokens(inner).iter().all(|token| {
        depth += i32::from(token.is_mark('(')) - i32::from(token.is_mark(')'));
        depth >= 0
    });
    is_one.then(|| inner.trim())
}

/// Where a part stands last, outside of parentheses and quotes.
fn last_outside(text: &str, part: &str) -> Option<usize> {
    let mut found = None;
    let (mut depth, mut quote) = (0_usize, None);
    for (at, character) in text.char_indices() {
        match (quote, character) {
            (Some(open), _) => quote = Some(open).filter(|open| *open != character),
            (None, '\'' | '"') => quote = Some(character),
            (None, '(') => depth += 1,
            (None, ')') => depth = depth.saturating_sub(1),
            (None, _) if depth == 0 && text[at..].starts_with(part) => found = Some(at),
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn casts_are_read_in_their_order() {
        for (expression, found) in [
            ("c", Some(vec![])),
            ("c::text", Some(vec!["text"])),
            ("(\"c\"::text::\"Mood_new\")", Some(vec!["text", "\"Mood_new\""])),
            ("CAST(c AS numeric(10, 2))::text", Some(vec!["numeric(10, 2)", "text"])),
            ("((c)::varchar(5))", Some(vec!["varchar(5)"])),
            ("d::text", None),
            ("upper(c)::text", None),
            ("c || 'x::y'", None),
            ("(c) + (c)", None),
        ] {
            assert_eq!(casts(expression, "c"), found, "{expression}");
        }
    }
}
