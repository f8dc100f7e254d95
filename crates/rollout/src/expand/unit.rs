//! What a trigger does for one change of a table, as conditions and values; `trigger` puts them into a function.
//!
//! Equal is what the one side makes of the other *or* the other of the one: rounding has no way back, and what was written
//! to the exact side is not to be rounded by its echo.

use pg_schema::{Arity, Column, ColumnType, quote};

use super::formula::Formula;

/// A column as the triggers see it.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    /// Its name while the rollout is open.
    pub(super) name: String,
    /// Types of which `=` is missing, or says equal of what is not the same.
    by_text: bool,
    by_bytes: bool,
    pub(super) arity: Arity,
    pub(super) default: Unset,
}

/// What an INSERT that does not name a column leaves in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unset {
    Null,
    /// A constant, cast to the column's type.
    Constant(String),
    /// The time at which the transaction began. Without a zone of its own it is told in the session's.
    Now {
        value: String,
        is_zoned: bool,
    },
    /// Something that nobody could tell from what was written on purpose.
    Any,
}

impl Cell {
    pub(super) fn new(column: &Column, name: &str, default: Unset) -> Self {
        Self {
            name: name.to_owned(),
            by_text: matches!(
                column.ty,
                ColumnType::Json
                    | ColumnType::JsonB
                    | ColumnType::Decimal(None)
                    | ColumnType::Xml
                    | ColumnType::Citext
                    | ColumnType::Unsupported(_)
            ),
            by_bytes: column.collation.is_some(),
            arity: column.arity,
            default,
        }
    }

    pub(super) fn of(&self, row: &str) -> String {
        format!("{row}.{}", quote::ident(&self.name))
    }

    /// Whether two values are the same, which is more than equal.
    pub(super) fn same(&self, one: &str, other: &str) -> String {
        self.compared(one, "IS NOT DISTINCT FROM", other)
    }

    pub(super) fn differs(&self, one: &str, other: &str) -> String {
        self.compared(one, "IS DISTINCT FROM", other)
    }

    fn compared(&self, one: &str, how: &str, other: &str) -> String {
        let text = if self.arity == Arity::List { "::text[]" } else { "::text" };
        let exact = |value: &str| {
            if self.by_text {
                format!("{value}{text}")
            } else if self.by_bytes {
                format!("{value} COLLATE \"C\"")
            } else {
                value.to_owned()
            }
        };
        format!("{} {how} {}", exact(one), exact(other))
    }

    pub(super) fn changed(&self) -> String {
        self.differs(&self.of("NEW"), &self.of("OLD"))
    }

    /// Whether an INSERT has set it; none where it cannot be told, or not under other settings than the session's.
    pub(super) fn is_set(&self, in_session: bool) -> Option<String> {
        match &self.default {
            Unset::Null => Some(format!("{} IS NOT NULL", self.of("NEW"))),
            Unset::Constant(value) => Some(self.differs(&self.of("NEW"), value)),
            Unset::Now { value, is_zoned } => {
                (in_session || *is_zoned).then(|| self.differs(&self.of("NEW"), value))
            }
            Unset::Any => None,
        }
    }
}

/// One change of a table.
#[derive(Debug, Clone)]
pub(super) enum Unit {
    Filler(Filler),
    Twin(Twin),
    Mend(Mend),
    Watch(Cell),
}

/// A column that is to be NULL no more.
#[derive(Debug, Clone)]
pub(super) struct Filler {
    pub(super) cell: Cell,
    pub(super) value: Formula,
    /// Whether leaving it out is what only the old release does.
    pub(super) is_old_style: bool,
}

/// Rows that a check refuses, and what they get instead.
#[derive(Debug, Clone)]
pub(super) struct Mend {
    pub(super) column: String,
    pub(super) check: Formula,
    pub(super) value: Formula,
}

/// Columns that say the same in two ways.
#[derive(Debug, Clone)]
pub(super) struct Twin {
    pub(super) old: Vec<Old>,
    pub(super) new: Vec<New>,
    /// Columns that values of the new side are made of beside the old ones.
    pub(super) inputs: Vec<Cell>,
    /// Whether a write to the old side alone is what only the old release does. Where both sides have one name in
    /// the end all write to the old one until then.
    pub(super) tells_releases: bool,
    /// Values of the old side that only the old release knows, as constants.
    pub(super) removed: Vec<String>,
}

#[derive(Debug, Clone)]
pub(super) struct Old {
    pub(super) cell: Cell,
    pub(super) backward: Option<Formula>,
}

#[derive(Debug, Clone)]
pub(super) struct New {
    pub(super) cell: Cell,
    pub(super) forward: Formula,
    pub(super) is_required: bool,
    /// What it is where neither side was set, if that is no constant.
    pub(super) default: Option<String>,
}

impl Twin {
    /// Whether the new side can be written to.
    pub(super) fn is_two_way(&self) -> bool {
        self.old.iter().all(|old| old.backward.is_some())
    }

    pub(super) fn is_fixed(&self) -> bool {
        self.new.iter().all(|new| new.forward.is_fixed)
            && self.old.iter().filter_map(|old| old.backward.as_ref()).all(|it| it.is_fixed)
    }

    /// Whether either side is the other as it stands, so that one comparison says all.
    fn is_copy(&self) -> bool {
        let ([old], [new]) = (&self.old[..], &self.new[..]) else { return false };
        new.forward.is_column(&old.cell.name)
            && old.backward.as_ref().is_some_and(|value| value.is_column(&new.cell.name))
    }

    /// Whether both sides of a row say the same.
    pub(super) fn agree(&self, row: &str) -> String {
        let forward: Vec<String> = self
            .new
            .iter()
            .map(|new| new.cell.same(&new.cell.of(row), &new.forward.over(row)))
            .collect();
        let forward = forward.join(" AND ");
        if !self.is_two_way() || self.is_copy() {
            return forward;
        }
        let mut backward: Vec<String> = self
            .old
            .iter()
            .filter_map(|old| {
                let value = old.backward.as_ref()?;
                Some(old.cell.same(&old.cell.of(row), &value.over(row)))
            })
            .collect();
        let required = self.new.iter().filter(|new| new.is_required);
        backward.extend(required.map(|new| format!("{} IS NOT NULL", new.cell.of(row))));
        format!("({forward}) OR ({})", backward.join(" AND "))
    }

    pub(super) fn any_old_changed(&self) -> String {
        or(self.old.iter().map(|old| old.cell.changed()))
    }

    pub(super) fn any_new_changed(&self) -> String {
        or(self.new.iter().map(|new| new.cell.changed()))
    }
}

impl Unit {
    /// Columns with what a fill gives them, over `t`.
    pub(super) fn fill(&self) -> Vec<(String, String)> {
        match self {
            Self::Filler(filler) => vec![(filler.cell.name.clone(), filler.value.over("t"))],
            Self::Twin(twin) => {
                let new = twin.new.iter();
                new.map(|new| (new.cell.name.clone(), new.forward.over("t"))).collect()
            }
            Self::Mend(mend) => vec![(mend.column.clone(), mend.value.over("t"))],
            Self::Watch(_) => Vec::new(),
        }
    }

    /// Which rows still have to be filled, over `t`.
    pub(super) fn pending(&self) -> Option<String> {
        match self {
            Self::Filler(filler) => Some(format!("{} IS NULL", filler.cell.of("t"))),
            Self::Twin(twin) => Some(format!("NOT ({})", twin.agree("t"))),
            Self::Mend(mend) => Some(format!("{} IS FALSE", mend.check.over("t"))),
            Self::Watch(_) => None,
        }
    }

    /// The columns that a proof shows.
    pub(super) fn shown(&self) -> Vec<&str> {
        match self {
            Self::Filler(Filler { cell, .. }) | Self::Watch(cell) => vec![&cell.name],
            Self::Twin(twin) => {
                let old = twin.old.iter().map(|old| old.cell.name.as_str());
                old.chain(twin.new.iter().map(|new| new.cell.name.as_str())).collect()
            }
            Self::Mend(mend) => vec![&mend.column],
        }
    }

    /// Whether its values are the same in every session.
    pub(super) fn is_fixed(&self) -> bool {
        match self {
            Self::Filler(filler) => filler.value.is_fixed,
            Self::Twin(twin) => twin.is_fixed(),
            Self::Mend(mend) => mend.check.is_fixed && mend.value.is_fixed,
            Self::Watch(_) => true,
        }
    }

    /// For which inserted rows the function is called; none for all.
    pub(super) fn on_insert(&self) -> Option<String> {
        match self {
            Self::Filler(filler) => Some(format!("{} IS NULL", filler.cell.of("NEW"))),
            // A condition of a trigger can have no subselect, and is the session's to evaluate.
            Self::Twin(twin) => (twin.is_fixed()).then(|| format!("NOT ({})", twin.agree("NEW"))),
            Self::Mend(mend) => {
                mend.check.is_fixed.then(|| format!("{} IS FALSE", mend.check.over("NEW")))
            }
            Self::Watch(cell) => Some(cell.is_set(true).unwrap_or_else(|| "false".to_owned())),
        }
    }

    /// For which updated rows the function is called; none for all. Never for a row that a fill writes, where that can be
    /// told by the row.
    pub(super) fn on_update(&self) -> Option<String> {
        match self {
            Self::Filler(_) | Self::Mend(_) => self.on_insert(),
            Self::Twin(twin) => {
                let nulls = twin.new.iter().filter(|new| new.is_required);
                let nulls = nulls.map(|new| format!("{} IS NULL", new.cell.of("NEW")));
                let inputs = twin.inputs.iter().map(Cell::changed);
                let touched = or([twin.any_new_changed()].into_iter().chain(inputs).chain(nulls));
                let touched = if twin.is_fixed() {
                    format!("({touched}) AND NOT ({})", twin.agree("NEW"))
                } else {
                    touched
                };
                Some(format!("{} OR ({touched})", twin.any_old_changed()))
            }
            Self::Watch(cell) => Some(cell.changed()),
        }
    }
}

pub(super) fn or(conditions: impl Iterator<Item = String>) -> String {
    conditions.collect::<Vec<_>>().join(" OR ")
}
