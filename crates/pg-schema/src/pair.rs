//! Two of the same kind: what is, and what shall be.

/// The previous and the next of something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pair<T> {
    pub previous: T,
    pub next: T,
}

impl<T> Pair<T> {
    pub fn new(previous: T, next: T) -> Self {
        Self { previous, next }
    }

    pub fn map<U>(self, mut f: impl FnMut(T) -> U) -> Pair<U> {
        Pair { previous: f(self.previous), next: f(self.next) }
    }

    pub fn zip<U>(self, other: Pair<U>) -> Pair<(T, U)> {
        Pair { previous: (self.previous, other.previous), next: (self.next, other.next) }
    }

    pub fn as_ref(&self) -> Pair<&T> {
        Pair { previous: &self.previous, next: &self.next }
    }

    /// The other way around.
    #[must_use]
    pub fn reversed(self) -> Self {
        Self { previous: self.next, next: self.previous }
    }
}

impl<T: PartialEq> Pair<T> {
    pub fn differs(&self) -> bool {
        self.previous != self.next
    }
}
