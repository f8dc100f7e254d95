//! The rows of a relation inside the row that they were fetched for.
//!
//! Models lead to each other in circles and long chains, and whether a type may cross threads is found out by walking
//! through all that it holds: past some thirty models in a row the compiler gives up. A trait object is where that
//! walk ends, since it states the answer. So this is a box with a trait object inside, and otherwise what it holds.
//!
//! Code that was written for prisma-client-rust takes a `Vec` or a `Box` out of a row. Its client has these in the rows
//! themselves (`relations = "plain"`), with the walk that it is used to; they are read by way of this box all the same.

use std::any::Any;
use std::fmt::{self, Debug};
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::panic::{RefUnwindSafe, UnwindSafe};

use serde::{Deserialize, Deserializer};

use crate::read::RelationNotFetchedError;
use crate::record::{Item, Record, Value};

/// What was fetched of a relation: a `Vec` of rows, or one row.
///
/// It dereferences to its content; [`into_inner`](Self::into_inner) gives it away.
pub struct Fetched<T> {
    /// A `T`. Its type is forgotten, so that what is done with it is compiled once.
    held: Box<dyn Held>,
    content: PhantomData<fn() -> T>,
}

/// What can be held: a row, or rows.
pub trait Content: Value + PartialEq + Send + Sync {
    /// A clone.
    #[must_use]
    fn another(&self) -> Self;
}

impl<R: Record> Content for R {
    fn another(&self) -> Self {
        self.clone()
    }
}

impl<T: Content + Item> Content for Vec<T> {
    fn another(&self) -> Self {
        // By hand, since this is compiled for each model: a vector's own way is most of what can be done with it.
        let mut others = Self::with_capacity(self.len());
        for content in self {
            others.push(content.another());
        }
        others
    }
}

/// Content whose type is forgotten.
pub trait Held: Any + Send + Sync {
    /// A clone.
    fn copy(&self) -> Box<dyn Held>;

    /// The content as a value.
    fn value(&self) -> &dyn Value;
}

impl<T: Content> Held for T {
    fn copy(&self) -> Box<dyn Held> {
        Box::new(self.another())
    }

    fn value(&self) -> &dyn Value {
        self
    }
}

impl Debug for dyn Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value().debug(f)
    }
}

// Values of columns and nothing else: what is seen of them after a panic is whole. Said here, since the compiler would
// find it out anew for each model.
impl<T> UnwindSafe for Fetched<T> {}
impl<T> RefUnwindSafe for Fetched<T> {}

impl<T: Content> Fetched<T> {
    /// Holds `content`.
    pub fn new(content: T) -> Self {
        Self::of(Box::new(content))
    }
}

impl<T> Fetched<T> {
    /// Holds what is held, a `T`.
    pub(crate) fn of(held: Box<dyn Held>) -> Self {
        Self { held, content: PhantomData }
    }

    pub(crate) fn value(&self) -> &dyn Value {
        self.held.value()
    }
}

impl<T: 'static> Fetched<T> {
    /// The content itself.
    pub fn into_inner(self) -> T {
        *self.into_box()
    }

    pub(crate) fn into_box(self) -> Box<T> {
        let held: Box<dyn Any> = self.held;
        held.downcast().expect(A_T)
    }
}

const A_T: &str = "what is held is of the type that it was made of";

/// For generated accessors: what was fetched of a relation that has a row, or any number of them.
pub fn required<'a, H: Deref>(
    held: &'a Option<H>,
    field: &'static str,
) -> Result<&'a H::Target, RelationNotFetchedError> {
    held.as_deref().ok_or(RelationNotFetchedError::new(field))
}

/// For generated accessors: what was fetched of a relation that may have no row.
pub fn optional<'a, H: Deref>(
    held: &'a Option<Option<H>>,
    field: &'static str,
) -> Result<Option<&'a H::Target>, RelationNotFetchedError> {
    held.as_ref().map(Option::as_deref).ok_or(RelationNotFetchedError::new(field))
}

/// For generated accessors: what was fetched of a relation that has any number of rows, where rows hold them as they are.
pub fn rows<'a, T>(
    held: &'a Option<Vec<T>>,
    field: &'static str,
) -> Result<&'a Vec<T>, RelationNotFetchedError> {
    held.as_ref().ok_or(RelationNotFetchedError::new(field))
}

impl<T: 'static> Deref for Fetched<T> {
    type Target = T;

    fn deref(&self) -> &T {
        let held: &dyn Any = &*self.held;
        held.downcast_ref().expect(A_T)
    }
}

impl<T: 'static> DerefMut for Fetched<T> {
    fn deref_mut(&mut self) -> &mut T {
        let held: &mut dyn Any = &mut *self.held;
        held.downcast_mut().expect(A_T)
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
        Self::of(self.held.copy())
    }
}

impl<T> PartialEq for Fetched<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value() == other.value()
    }
}

impl<T> Debug for Fetched<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.held.fmt(f)
    }
}

impl<'de, T: Content + Deserialize<'de>> Deserialize<'de> for Fetched<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self::new)
    }
}

impl<T: 'static> IntoIterator for Fetched<Vec<T>> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.into_inner().into_iter()
    }
}

impl<'a, T: 'static> IntoIterator for &'a Fetched<Vec<T>> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T: 'static> From<Fetched<Vec<T>>> for Vec<T> {
    fn from(fetched: Fetched<Vec<T>>) -> Self {
        fetched.into_inner()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Content for i32 {
        fn another(&self) -> Self {
            *self
        }
    }

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
