//! Values written back, as messages quote them and as schemas have them.

use super::{Argument, Expr};
use std::fmt::{self, Display, Formatter, Write};

/// A text between quotes, escaped, as a schema has it.
///
/// ```
/// assert_eq!(psl::string_literal("say \"a\"").to_string(), r#""say \"a\"""#);
/// ```
pub fn string_literal(text: &str) -> impl Display {
    StringLiteral(text)
}

struct StringLiteral<'a>(&'a str);

impl Display for StringLiteral<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        quoted(self.0, f)
    }
}

impl Display for Expr<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(text, _) | Self::Constant(text, _) => f.write_str(text),
            Self::String(text, _) => quoted(text, f),
            Self::Function(name, arguments, _) => {
                write!(f, "{name}(")?;
                list(&arguments.list, f)?;
                f.write_char(')')
            }
            Self::Array(elements, _) => {
                f.write_char('[')?;
                list(elements, f)?;
                f.write_char(']')
            }
            Self::Object(members, _) => {
                f.write_char('{')?;
                for (position, (key, value)) in members.iter().enumerate() {
                    if position > 0 {
                        f.write_char(',')?;
                    }
                    write!(f, "{}:{value}", key.text)?;
                }
                f.write_char('}')
            }
        }
    }
}

impl Display for Argument<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if let Some(name) = self.name {
            write!(f, "{}: ", name.text)?;
        }
        Display::fmt(&self.value, f)
    }
}

fn list<T: Display>(elements: &[T], f: &mut Formatter<'_>) -> fmt::Result {
    for (position, element) in elements.iter().enumerate() {
        if position > 0 {
            f.write_char(',')?;
        }
        write!(f, "{element}")?;
    }
    Ok(())
}

fn quoted(text: &str, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_char('"')?;
    for c in text.chars() {
        match c {
            '\t' => f.write_str("\\t")?,
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            c if c.is_ascii_control() => write!(f, "\\u{:04x}", u32::from(c))?,
            c => f.write_char(c)?,
        }
    }
    f.write_char('"')
}
