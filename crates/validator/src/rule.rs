//! What a rule is.

use std::borrow::Cow;

use serde_json::{Value, json};

/// Something that has to be true of the data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// What it is called, in kebab case: `booking-price-adds-up`.
    pub id: Cow<'static, str>,
    /// Where it comes from.
    pub kind: Kind,
    /// The model whose rows break it.
    pub model: &'static str,
    /// How bad it is when it is broken.
    pub severity: Severity,
    /// What is true when it is kept, in a sentence.
    pub meaning: Cow<'static, str>,
    /// What to consider when it is broken, in a sentence.
    pub fix: Cow<'static, str>,
    /// A query of one text column, `id`: the rows that break the rule, each once. It works on sets and joins by the
    /// indexes there are, so that it stays usable on large tables.
    pub query: Cow<'static, str>,
}

/// Where a rule comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A relation of the schema: what a row refers to exists.
    Orphan,
    /// A relation of the schema between rows of a school: both are of the same school.
    Tenant,
    /// The required columns of a model hold values.
    Null,
    /// A key of the schema names one row.
    Duplicate,
    /// A column of an enum holds a value of it.
    Value,
    /// A key has room for more.
    Range,
    /// A rule of the business, from a file of its own.
    Business,
}

/// How bad it is when a rule is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Untidy or suspicious.
    Warning,
    /// Somebody loses money, data or privacy, or the application fails.
    Error,
}

impl Rule {
    /// A rule of the business that is an error when broken.
    pub(crate) const fn error(
        id: &'static str,
        model: &'static str,
        meaning: &'static str,
        fix: &'static str,
        query: &'static str,
    ) -> Self {
        Self {
            id: Cow::Borrowed(id),
            kind: Kind::Business,
            model,
            severity: Severity::Error,
            meaning: Cow::Borrowed(meaning),
            fix: Cow::Borrowed(fix),
            query: Cow::Borrowed(query),
        }
    }

    /// A rule of the business that is a warning when broken.
    pub(crate) const fn warning(
        id: &'static str,
        model: &'static str,
        meaning: &'static str,
        fix: &'static str,
        query: &'static str,
    ) -> Self {
        Self {
            id: Cow::Borrowed(id),
            kind: Kind::Business,
            model,
            severity: Severity::Warning,
            meaning: Cow::Borrowed(meaning),
            fix: Cow::Borrowed(fix),
            query: Cow::Borrowed(query),
        }
    }

    pub(crate) fn to_json(&self) -> Value {
        json!({
            "id": self.id,
            "kind": self.kind.word(),
            "model": self.model,
            "severity": self.severity.word(),
            "meaning": self.meaning,
            "fix": self.fix,
        })
    }
}

impl Kind {
    /// Those that follow from the schema.
    pub(crate) const DERIVED: [Self; 6] =
        [Self::Orphan, Self::Tenant, Self::Null, Self::Duplicate, Self::Value, Self::Range];

    /// What is told of the rules that are kept, after their number.
    pub(crate) fn kept(self) -> &'static str {
        match self {
            Self::Orphan => "relations lead to rows that exist",
            Self::Tenant => "relations stay within their school",
            Self::Null => "models have what they require",
            Self::Duplicate => "keys name one row each",
            Self::Value => "columns hold values of their enums",
            Self::Range => "keys have room for more",
            Self::Business => "rules of the business are kept",
        }
    }

    /// In JSON: `orphan`, `tenant`, `null`, `duplicate`, `value`, `range` or `business`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Orphan => "orphan",
            Self::Tenant => "tenant",
            Self::Null => "null",
            Self::Duplicate => "duplicate",
            Self::Value => "value",
            Self::Range => "range",
            Self::Business => "business",
        }
    }
}

impl Severity {
    /// In JSON: `error` or `warning`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}
