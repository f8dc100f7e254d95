//! Which columns of a model a statement reads, and where in its rows they stand.

use crate::model::{Column, Descriptor};

/// Columns by their numbers in the descriptor.
#[derive(Debug, Clone, Default)]
pub(crate) enum Columns {
    /// Every one, in the descriptor's order.
    #[default]
    All,
    /// These, each once.
    Only {
        order: Vec<u16>,
        /// For each column of the descriptor up to the last one read, its place in `order`.
        places: Vec<Option<u16>>,
    },
}

impl Columns {
    /// Some columns; a second mention of one counts for nothing.
    pub(crate) fn only(columns: impl IntoIterator<Item = u16>) -> Self {
        Self::Only { order: Vec::new(), places: Vec::new() }.and(columns)
    }

    /// These and more.
    #[must_use]
    pub(crate) fn and(mut self, columns: impl IntoIterator<Item = u16>) -> Self {
        if let Self::Only { order, places } = &mut self {
            for column in columns {
                let index = usize::from(column);
                if places.len() <= index {
                    places.resize(index + 1, None);
                }
                if places[index].is_none() {
                    places[index] = u16::try_from(order.len()).ok();
                    order.push(column);
                }
            }
        }
        self
    }

    /// The columns themselves, in the order in which they stand in the rows.
    pub(crate) fn of(&self, model: &'static Descriptor) -> impl Iterator<Item = &'static Column> {
        let (all, some) = match self {
            Self::All => (model.columns, &[][..]),
            Self::Only { order, .. } => (&[][..], order.as_slice()),
        };
        all.iter().chain(some.iter().map(|column| model.column(*column)))
    }

    pub(crate) fn count(&self, model: &Descriptor) -> usize {
        match self {
            Self::All => model.columns.len(),
            Self::Only { order, .. } => order.len(),
        }
    }

    /// Where in the rows the column stands; `None` where it is not read.
    #[inline]
    pub(crate) fn place(&self, column: usize) -> Option<usize> {
        match self {
            Self::All => Some(column),
            Self::Only { places, .. } => places.get(column).copied().flatten().map(usize::from),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_places() {
        let columns = Columns::only([4, 1, 4]).and([0, 1]);
        let places: Vec<_> = (0..6).map(|column| columns.place(column)).collect();
        assert_eq!(places, [Some(2), Some(1), None, None, Some(0), None]);
        assert_eq!(Columns::All.and([3]).place(7), Some(7));
    }
}
