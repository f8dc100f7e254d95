//! What is on disk against what should be there.

use std::fmt;

use crate::FileMap;

/// One file that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// The file holds something else.
    Stale(String),
    /// The file is not there.
    Missing(String),
    /// The file should not be there.
    Extra(String),
}

/// The files of `actual` that are not as in `expected`, in the order of their names; none when all is fresh.
///
/// ```
/// use codegen::{Difference, FileMap, compare};
/// let expected = FileMap::from([("a.rs".to_owned(), "1".to_owned()), ("b.rs".to_owned(), String::new())]);
/// let actual = FileMap::from([("a.rs".to_owned(), "2".to_owned()), ("c.rs".to_owned(), String::new())]);
/// let found = compare(&expected, &actual);
/// assert_eq!(found[0], Difference::Stale("a.rs".to_owned()));
/// assert_eq!(found[1].to_string(), "missing: b.rs");
/// assert_eq!(found[2].to_string(), "extra: c.rs");
/// ```
pub fn compare(expected: &FileMap, actual: &FileMap) -> Vec<Difference> {
    let mut differences: Vec<Difference> = expected
        .iter()
        .filter_map(|(name, text)| match actual.get(name) {
            None => Some(Difference::Missing(name.clone())),
            Some(found) if found != text => Some(Difference::Stale(name.clone())),
            Some(_) => None,
        })
        .chain(
            actual
                .keys()
                .filter(|name| !expected.contains_key(*name))
                .cloned()
                .map(Difference::Extra),
        )
        .collect();
    differences.sort_by(|one, other| one.file().cmp(other.file()));
    differences
}

impl Difference {
    /// The name of the file.
    pub fn file(&self) -> &str {
        match self {
            Self::Stale(file) | Self::Missing(file) | Self::Extra(file) => file,
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stale(file) => write!(f, "stale: {file}"),
            Self::Missing(file) => write!(f, "missing: {file}"),
            Self::Extra(file) => write!(f, "extra: {file}"),
        }
    }
}
