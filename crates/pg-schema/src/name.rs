//! The name of a table, type or sequence: a schema, perhaps, and a name in it.
//!
//! A schema of a database is called *namespace* throughout this crate, because *schema* is
//! already the whole. Quoting is not done here, see `quote`.

/// The bytes that the server keeps of a name, where it was built as it mostly is.
const MAX_BYTES: usize = 63;

/// What the server keeps of a name: it cuts longer ones, on a character's boundary. Two names of which it keeps
/// the same are one.
pub(crate) fn kept(name: &str) -> &str {
    &name[..name.floor_char_boundary(MAX_BYTES)]
}

/// Whether two lists of names are the same to the server.
pub(crate) fn same_kept(a: &[String], b: &[String]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| kept(a) == kept(b))
}

/// A name that a namespace qualifies, or that is left to the schema's
/// [`default_namespace`](crate::PgSchema::default_namespace).
///
/// A schema read from a server always says the namespace. `None` is for wanted schemas that do
/// not care to. Names are paired by what they resolve to, and those in the default namespace are
/// written bare, so that the same SQL runs wherever the connection points.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectName {
    pub namespace: Option<String>,
    pub name: String,
}

impl ObjectName {
    /// A name in the default namespace.
    pub fn bare(name: impl Into<String>) -> Self {
        Self { namespace: None, name: name.into() }
    }

    /// A name in the given namespace.
    pub fn qualified(namespace: impl Into<String>, name: impl Into<String>) -> Self {
        Self { namespace: Some(namespace.into()), name: name.into() }
    }

    /// The namespace that this name is in, where `default` is the one of its schema.
    pub fn namespace_or<'a>(&'a self, default: &'a str) -> &'a str {
        self.namespace.as_deref().unwrap_or(default)
    }

    /// Another name in the namespace of this one.
    #[must_use]
    pub fn sibling(&self, name: impl Into<String>) -> Self {
        Self { namespace: self.namespace.clone(), name: name.into() }
    }
}
