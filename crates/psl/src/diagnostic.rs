//! What a person is told about a schema: a value, not a text on a terminal.
//!
//! A diagnostic names the rule (kebab-case code), says how bad it is and what is wrong in Prisma's words, and points
//! at places. How it looks is decided in [`crate::render`]; this file knows nothing of terminals.

use crate::source::Span;

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule that found it, in kebab-case: stable, for machines and for documentation.
    pub code: &'static str,
    pub severity: Severity,
    /// One sentence or more, as the reference engine words it where it has one.
    pub message: String,
    /// The place that has to change.
    pub span: Span,
    /// Other places that explain this one; may be in other files.
    pub labels: Vec<Label>,
    /// What to try, when the message does not say it.
    pub help: Option<String>,
    /// An edit that is certain to be right.
    pub fix: Option<Fix>,
}

/// Whether a schema with this finding can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    Error,
    Warning,
}

impl Severity {
    /// `error` or `warning`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// A place with a few words on what is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    pub span: Span,
    pub text: String,
}

/// Replace the text of `span` by `replacement`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    pub title: String,
    pub span: Span,
    pub replacement: String,
}

impl Diagnostic {
    pub(crate) fn error(code: &'static str, message: impl Into<String>, span: Span) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            span,
            labels: Vec::new(),
            help: None,
            fix: None,
        }
    }

    pub(crate) fn warning(code: &'static str, message: impl Into<String>, span: Span) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message, span) }
    }

    /// `Error validating: …`.
    pub(crate) fn validating(code: &'static str, message: impl AsRef<str>, span: Span) -> Self {
        Self::error(code, format!("Error validating: {}", message.as_ref()), span)
    }

    /// `Error parsing attribute "@id": …`; `attribute` with its at signs.
    pub(crate) fn in_attribute(
        code: &'static str,
        attribute: &str,
        message: impl AsRef<str>,
        span: Span,
    ) -> Self {
        Self::error(
            code,
            format!("Error parsing attribute \"{attribute}\": {}", message.as_ref()),
            span,
        )
    }

    /// `Error validating model "User": …`; `container` is `model`, `view` or `type`.
    pub(crate) fn in_model(
        code: &'static str,
        container: &str,
        name: &str,
        message: impl AsRef<str>,
        span: Span,
    ) -> Self {
        Self::error(
            code,
            format!("Error validating {container} \"{name}\": {}", message.as_ref()),
            span,
        )
    }

    /// ``Error validating field `a` in model `User`: …``.
    pub(crate) fn in_field(
        code: &'static str,
        field: &str,
        container: &str,
        name: &str,
        message: impl AsRef<str>,
        span: Span,
    ) -> Self {
        let message = message.as_ref();
        Self::error(
            code,
            format!("Error validating field `{field}` in {container} `{name}`: {message}"),
            span,
        )
    }

    pub(crate) fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(crate) fn fix(
        mut self,
        title: impl Into<String>,
        span: Span,
        replacement: impl Into<String>,
    ) -> Self {
        self.fix = Some(Fix { title: title.into(), span, replacement: replacement.into() });
        self
    }

    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}
