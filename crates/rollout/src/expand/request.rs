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
    /// Reads what is typed after `--using`. What names no field is an expression.
    ///
    /// Fails where it names a field and no model: it would be taken for a comparison.
    ///
    /// ```
    /// use rollout::Using;
    ///
    /// let using = Using::parse(r#"RateCardItem.priceCents=ROUND("price" * 100)"#).unwrap();
    /// assert_eq!(using.field, Some(("RateCardItem".to_owned(), "priceCents".to_owned())));
    /// assert_eq!(using.expression, r#"ROUND("price" * 100)"#);
    /// assert_eq!(Using::parse(r#"User."full ""name"""=x"#).unwrap().field.unwrap().1, "full \"name\"");
    /// assert_eq!(Using::parse(r#""a" || "b""#).unwrap().field, None);
    /// assert!(Using::parse("priceCents=round(price * 100)").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<Self, String> {
        if let Some((model, field, expression)) = entry(text) {
            return Ok(Self { field: Some((model, field)), expression: expression.to_owned() });
        }
        let rest = name(text.trim_start()).map(|(_, rest)| rest.trim_start());
        if rest.and_then(|rest| rest.strip_prefix('=')).is_some_and(is_value) {
            return Err(format!("`{}` does not say of which model the field is", text.trim()));
        }
        Ok(Self { field: None, expression: text.trim().to_owned() })
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
        Some(Self { model, name, expression: expression.to_owned() })
    }
}

/// `Model.name=EXPR`, in its parts; a name that is more than a word stands in double quotes, as in SQL.
fn entry(text: &str) -> Option<(String, String, &str)> {
    let (model, rest) = name(text.trim_start())?;
    let (field, rest) = name(rest.trim_start().strip_prefix('.')?)?;
    let expression = rest.trim_start().strip_prefix('=')?;
    is_value(expression).then(|| (model, field, expression.trim()))
}

/// `a.b == …` is no SQL, and `a.b => …` no entry.
fn is_value(expression: &str) -> bool {
    !expression.starts_with(['=', '>'])
}

/// A name at the beginning of a text, and what follows it.
fn name(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(|char: char| !char.is_alphanumeric() && char != '_');
        let (name, rest) = text.split_at(end.unwrap_or(text.len()));
        return (!name.is_empty()).then(|| (name.to_owned(), rest));
    };
    let mut name = String::new();
    let mut chars = quoted.char_indices().peekable();
    while let Some((at, char)) = chars.next() {
        if char != '"' {
            name.push(char);
        } else if chars.next_if(|(_, next)| *next == '"').is_some() {
            name.push('"');
        } else {
            return Some((name, &quoted[at + 1..]));
        }
    }
    None
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
