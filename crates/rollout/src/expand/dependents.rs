//! What depends on a column that is to go, and could not be made again.

use pg_schema::{IndexConstraint, Partitioning, TableId, quote};
use sql::{Expression, Token};

use super::planner::Planner;

impl Planner<'_> {
    /// Whether nothing that nobody could make again depends on a column; else it is told.
    pub(super) fn can_go(&mut self, id: TableId, name: &str) -> bool {
        let table = self.table(id).clone();
        let shown = format!("{}.{}", self.shown(&table.name), quote::ident(name));
        let before = self.reasons.len();
        if table.partitioning == Partitioning::Inherited {
            let what = format!(
                "The table of {shown} has children by INHERITS, which triggers do not follow."
            );
            self.refuse(what, "change it by an ordinary migration while nobody uses it");
        }
        if let Some(column) = table.column(name) {
            if column.generated.is_some() {
                let what = format!("The column {shown} is computed by the server.");
                self.refuse(
                    what,
                    "drop it or change it by an ordinary migration: no release writes it",
                );
            }
            if column.identity.is_some() {
                let what = format!("The column {shown} is an identity column.");
                self.refuse(what, "keep its name in the database with @map, or change it by an ordinary migration");
            }
        }
        for column in &table.columns {
            let names_it = column.generated.as_ref().is_some_and(|generated| {
                Expression::read(&generated.expression)
                    .map_or(true, |read| read.columns.iter().any(|it| it.name == name))
            });
            if names_it {
                let what =
                    format!("The column {} is computed from {shown}.", quote::ident(&column.name));
                self.refuse(
                    what,
                    "drop the computed column first, and make it again after the contract",
                );
            }
        }
        for view in &self.base.views.clone() {
            let reads = view.definition.as_ref().is_some_and(|text| {
                let tokens = sql::tokens(text);
                let has = |name: &str| {
                    tokens.iter().any(|token| match token {
                        Token::Word(word) => {
                            word.eq_ignore_ascii_case(name)
                                && name.chars().all(|c| !c.is_uppercase())
                        }
                        Token::Name(found) => found == name,
                        Token::Mark(_) => false,
                    })
                };
                has(&table.name.name) && has(name)
            });
            if reads {
                let what = format!(
                    "The view {} reads {shown}, as far as its text tells.",
                    self.shown(&view.name)
                );
                self.refuse(what, "drop the view in a migration before this one, and make it again after the contract");
            }
        }
        for index in &table.indexes {
            let has_it = index.keys.iter().any(|key| key.as_column() == Some(name));
            if has_it && index.constraint == Some(IndexConstraint::Exclusion) {
                let what = format!(
                    "The exclusion constraint {} is made of {shown}.",
                    quote::ident(&index.name)
                );
                self.refuse(
                    what,
                    "drop it first: nothing can build another beside it while the table is in use",
                );
            }
        }
        self.reasons.len() == before
    }
}
