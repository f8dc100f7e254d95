//! Blocks, fields and attributes as text. How they are laid out is for the formatter to say.

use std::fmt::{self, Display, Formatter, Write as _};

use psl::string_literal;

/// `///` lines above something.
#[derive(Debug, Default)]
pub(super) struct Documentation(Option<String>);

impl Documentation {
    /// What somebody has written.
    pub(super) fn new(written: Option<&str>) -> Self {
        Self(written.map(str::to_owned))
    }

    /// A remark at the end, unless it is there already.
    pub(super) fn remark(&mut self, remark: &str) {
        match &mut self.0 {
            Some(text) if text.contains(remark) => {}
            Some(text) => {
                text.push('\n');
                text.push_str(remark);
            }
            None => self.0 = Some(remark.to_owned()),
        }
    }
}

impl Display for Documentation {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for line in self.0.iter().flat_map(|text| text.split('\n')) {
            let blank = if line.is_empty() { "" } else { " " };
            writeln!(f, "///{blank}{line}")?;
        }
        Ok(())
    }
}

/// A name with arguments in parentheses, as far as there are any: `@map("a")`, `b(sort: Desc)`.
#[derive(Debug)]
pub(super) struct Call {
    text: String,
    is_open: bool,
}

impl Call {
    pub(super) fn new(name: impl Into<String>) -> Self {
        Self { text: name.into(), is_open: false }
    }

    #[must_use]
    pub(super) fn value(mut self, value: impl Display) -> Self {
        self.separate();
        let _ = write!(self.text, "{value}");
        self
    }

    #[must_use]
    pub(super) fn text(self, value: &str) -> Self {
        self.value(string_literal(value))
    }

    #[must_use]
    pub(super) fn named(self, key: &str, value: impl Display) -> Self {
        self.value(format_args!("{key}: {value}"))
    }

    /// A named text, if there is one.
    #[must_use]
    pub(super) fn named_text(self, key: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.named(key, string_literal(value)),
            None => self,
        }
    }

    pub(super) fn has_arguments(&self) -> bool {
        self.is_open
    }

    fn separate(&mut self) {
        self.text.push_str(if self.is_open { ", " } else { "(" });
        self.is_open = true;
    }
}

impl Display for Call {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)?;
        f.write_str(if self.is_open { ")" } else { "" })
    }
}

/// `[a, b]`.
pub(super) fn list(values: impl IntoIterator<Item = impl Display>) -> String {
    let values: Vec<String> = values.into_iter().map(|value| value.to_string()).collect();
    format!("[{}]", values.join(", "))
}

/// A `model`, `view` or `enum`.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) documentation: Documentation,
    pub(super) is_commented_out: bool,
    head: String,
    lines: Vec<String>,
}

impl Block {
    pub(super) fn new(keyword: &str, name: &str, documentation: Option<&str>) -> Self {
        Self {
            documentation: Documentation::new(documentation),
            is_commented_out: false,
            head: format!("{keyword} {name}"),
            lines: Vec::new(),
        }
    }

    pub(super) fn line(&mut self, line: impl Display) {
        self.lines.push(line.to_string());
    }

    /// `@@name("text")`, if there is a text.
    pub(super) fn attribute(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.line(Call::new(format!("@@{name}")).text(text));
        }
    }
}

impl Display for Block {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let comment = if self.is_commented_out { "// " } else { "" };
        writeln!(f, "{}{comment}{} {{", self.documentation, self.head)?;
        for line in &self.lines {
            writeln!(f, "{comment}{line}")?;
        }
        writeln!(f, "{comment}}}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_has_parentheses_where_it_has_arguments() {
        assert_eq!(Call::new("@id").to_string(), "@id");
        let call = Call::new("a").named("sort", "Desc").named_text("map", Some("x\"y"));
        assert_eq!(call.named_text("name", None).to_string(), r#"a(sort: Desc, map: "x\"y")"#);
    }

    #[test]
    fn a_remark_is_made_once() {
        let mut documentation = Documentation::new(Some("first\n\nsecond"));
        documentation.remark("second");
        documentation.remark("third");
        assert_eq!(documentation.to_string(), "/// first\n///\n/// second\n/// third\n");
    }

    #[test]
    fn all_lines_of_a_block_are_commented_out() {
        let mut block = Block::new("model", "A", None);
        block.attribute("map", Some("a"));
        block.is_commented_out = true;
        assert_eq!(block.to_string(), "// model A {\n// @@map(\"a\")\n// }\n");
    }
}
