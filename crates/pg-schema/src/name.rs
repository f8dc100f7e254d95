//! The name of a table, type or sequence: a schema, perhaps, and a name in it.
//!
//! A schema of a database is called *namespace* throughout this crate, because *schema* is
//! already the whole. Quoting is not done here, see `quote`.

/// A name that a namespace qualifies, or that is left to the connection's `search_path`.
///
/// `namespace: None` means "where the connection creates things", usually `public`. Such names
/// are written bare, so that the same SQL runs wherever the connection points. Both sides of a
/// diff have to agree on whether they name their namespaces; they are paired as written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectName {
    pub namespace: Option<String>,
    pub name: String,
}

impl ObjectName {
    /// A name in the connection's own namespace.
    pub fn bare(name: impl Into<String>) -> Self {
        Self { namespace: None, name: name.into() }
    }

    /// A name in the given namespace.
    pub fn qualified(namespace: impl Into<String>, name: impl Into<String>) -> Self {
        Self { namespace: Some(namespace.into()), name: name.into() }
    }

    /// Another name in the namespace of this one.
    #[must_use]
    pub fn sibling(&self, name: impl Into<String>) -> Self {
        Self { namespace: self.namespace.clone(), name: name.into() }
    }
}
