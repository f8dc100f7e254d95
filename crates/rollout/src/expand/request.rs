//! What a person says of a rollout, and what it is refused for.

use std::fmt;

/// `--using EXPR` or `--using Model.field=EXPR`: where the values of a column come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Using {
    /// Model and field, as the schema file calls them; a field that is retired by the name of its column. `None` where
    /// only one change can be meant.
    pub field: Option<(String, String)>,
    /// SQL over the columns of the model's table, and over those of its to-one relations: `org."timeZone"`.
    pub expression: String,
}

/// `--check Model.name=EXPR`: a check constraint to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckEntry {
    pub model: String,
    /// The name of the constraint.
    pub name: String,
    /// SQL over the columns of the model's table.
    pub expression: String,
}

impl Using {
    /// Reads what is typed after `--using`. Nothing is wrong with any text: what names no field is an expression.
    ///
    /// ```
    /// use rollout::Using;
    ///
    /// let using = Using::parse(r#"RateCardItem.priceCents=ROUND("price" * 100)"#);
    /// assert_eq!(using.field, Some(("RateCardItem".to_owned(), "priceCents".to_owned())));
    /// assert_eq!(using.expression, r#"ROUND("price" * 100)"#);
    /// assert_eq!(Using::parse(r#""a" || "b""#).field, None);
    /// ```
    pub fn parse(text: &str) -> Self {
        match entry(text) {
            Some((model, field, expression)) => Self {
                field: Some((model.to_owned(), field.to_owned())),
                expression: expression.to_owned(),
            },
            None => Self { field: None, expression: text.trim().to_owned() },
        }
    }
}

impl CheckEntry {
    /// Reads what is typed after `--check`; none where it is not of that form.
    ///
    /// ```
    /// use rollout::CheckEntry;
    ///
    /// let check = CheckEntry::parse(r#"Booking.price_positive="priceCents" > 0"#).unwrap();
    /// assert_eq!((check.model.as_str(), check.name.as_str()), ("Booking", "price_positive"));
    /// assert_eq!(check.expression, r#""priceCents" > 0"#);
    /// assert_eq!(CheckEntry::parse(r#""priceCents" > 0"#), None);
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let (model, name, expression) = entry(text)?;
        Some(Self {
            model: model.to_owned(),
            name: name.to_owned(),
            expression: expression.to_owned(),
        })
    }
}

/// `Model.name=EXPR`, in its parts.
fn entry(text: &str) -> Option<(&str, &str, &str)> {
    let (target, expression) = text.split_once('=')?;
    let (model, name) = target.trim().split_once('.')?;
    let is_name = |name: &str| {
        !name.is_empty() && name.chars().all(|char| char.is_alphanumeric() || char == '_')
    };
    // `a.b == …` is no SQL, and `a.b => …` no entry.
    let is_entry = is_name(model) && is_name(name) && !expression.starts_with(['=', '>']);
    is_entry.then(|| (model, name, expression.trim()))
}

/// Why there is no plan: all that is missing or impossible, one reason at least.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub reasons: Vec<Reason>,
}

/// One thing that is missing or impossible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// A sentence: what it is about and what is the matter.
    pub what: String,
    /// What to do: the flag to add, or another way.
    pub help: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, Reason { what, help }) in self.reasons.iter().enumerate() {
            let gap = if at == 0 { "" } else { "\n" };
            write!(f, "{gap}{what}\n  {}", help.replace('\n', "\n  "))?;
        }
        Ok(())
    }
}

impl std::error::Error for Refusal {}
