//! The rows of a relation inside the row that they were fetched for.
//!
//! Models lead to each other in circles and long chains, and whether a type may cross threads is found out by walking
//! through all that it holds: past some thirty models in a row the compiler gives up. A trait object is where that
//! walk ends, since it states the answer. So this is a box with a trait object inside, and otherwise what it holds.

use std::fmt::{self, Debug};
use std::ops::{Deref, DerefMut};
use std::panic::{RefUnwindSafe, UnwindSafe};

use serde::{Deserialize, Deserializer};

use crate::read::RelationNotFetchedError;
use crate::record::{Shown, Value};

/// What was fetched of a relation: a `Vec` of rows, or one row.
///
/// It dereferences to its content; [`into_inner`](Self::into_inner) gives it away.
pub struct Fetched<T>(Box<dyn Held<T>>);

/// What can be held.
pub trait Content: Value + Clone + PartialEq + Send + Sync {}

impl<T: Value + Clone + PartialEq + Send + Sync> Content for T {}

// Values of columns and nothing else: what is seen of them after a panic is whole. Said here, since the compiler would
// find it out anew for each model.
impl<T> UnwindSafe for Fetched<T> {}
impl<T> RefUnwindSafe for Fetched<T> {}

impl<T: Content> Fetched<T> {
    /// Holds `content`.
    pub fn new(content: T) -> Self {
        Self(Box::new(content))
    }
}

impl<T> Fetched<T> {
    /// The content itself.
    pub fn into_inner(self) -> T {
        self.0.give()
    }

    pub(crate) fn shown(&self) -> Shown<'_> {
        self.0.shown()
    }
}

/// For generated accessors: what was fetched of a relation that has a row, or any number of them.
pub fn required<'a, T>(
    held: &'a Option<Fetched<T>>,
    field: &'static str,
) -> Result<&'a T, RelationNotFetchedError> {
    held.as_deref().ok_or(RelationNotFetchedError::new(field))
}

/// For generated accessors: what was fetched of a relation that may have no row.
pub fn optional<'a, T>(
    held: &'a Option<Option<Fetched<T>>>,
    field: &'static str,
) -> Result<Option<&'a T>, RelationNotFetchedError> {
    held.as_ref().map(Option::as_deref).ok_or(RelationNotFetchedError::new(field))
}

trait Held<T>: Send + Sync {
    fn get(&self) -> &T;
    fn get_mut(&mut self) -> &mut T;
    fn give(self: Box<Self>) -> T;
    fn copy(&self) -> Box<dyn Held<T>>;
    fn equals(&self, other: &T) -> bool;
    fn debug(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result;
    fn shown(&self) -> Shown<'_>;
}

impl<T: Content> Held<T> for T {
    fn get(&self) -> &T {
        self
    }

    fn get_mut(&mut self) -> &mut T {
        self
    }

    fn give(self: Box<Self>) -> T {
        *self
    }

    fn copy(&self) -> Box<dyn Held<T>> {
        Box::new(self.clone())
    }

    fn equals(&self, other: &T) -> bool {
        self == other
    }

    fn debug(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fmt(f)
    }

    fn shown(&self) -> Shown<'_> {
        self.show()
    }
}

impl<T> Deref for Fetched<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0.get()
    }
}

impl<T> DerefMut for Fetched<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.0.get_mut()
    }
}

impl<T: Content> From<T> for Fetched<T> {
    fn from(content: T) -> Self {
        Self::new(content)
    }
}

impl<T: Content + Default> Default for Fetched<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T> Clone for Fetched<T> {
    fn clone(&self) -> Self {
        Self(self.0.copy())
    }
}

impl<T> PartialEq for Fetched<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0.equals(other)
    }
}

impl<T> Debug for Fetched<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.debug(f)
    }
}

impl<'de, T: Content + Deserialize<'de>> Deserialize<'de> for Fetched<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self::new)
    }
}

impl<T> IntoIterator for Fetched<Vec<T>> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.into_inner().into_iter()
    }
}

impl<'a, T> IntoIterator for &'a Fetched<Vec<T>> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T> From<Fetched<Vec<T>>> for Vec<T> {
    fn from(fetched: Fetched<Vec<T>>) -> Self {
        fetched.into_inner()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_what_it_holds() {
        let mut fetched = Fetched::new(vec![1, 2]);
        fetched.push(3);
        assert_eq!(fetched.len(), 3);
        assert_eq!(fetched.clone(), fetched);
        assert_eq!(format!("{fetched:?}"), "[1, 2, 3]");
        assert_eq!((&fetched).into_iter().sum::<i32>(), 6);
        assert_eq!(Vec::from(fetched), [1, 2, 3]);
    }
}
