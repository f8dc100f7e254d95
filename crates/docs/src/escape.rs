//! Text that is to stand in a document as it is, whatever it holds.

/// In HTML and SVG, between tags and in double quotes.
pub(crate) fn html(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            // XML, which an SVG is, has no way to write these.
            '\t' | '\n' => escaped.push(char),
            _ if char.is_control() => escaped.push('\u{fffd}'),
            _ => escaped.push(char),
        }
    }
    escaped
}

/// In a cell of a Markdown table: one line, no bar, and no markup of its own that the page would act upon.
pub(crate) fn cell(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    markdown(&line)
}

/// In a paragraph of Markdown, whose lines would otherwise begin lists and headings.
pub(crate) fn markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut is_start = true;
    for char in text.chars() {
        let acts_at_start = matches!(char, '-' | '+' | '=' | '.' | ')');
        match char {
            '|' | '\\' | '`' | '*' | '[' | ']' | '#' | '~' | '_' => escaped.extend(['\\', char]),
            _ if is_start && acts_at_start => escaped.extend(['\\', char]),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            _ => escaped.push(char),
        }
        // `12.` begins a list, too.
        is_start = char == '\n' || (is_start && (char.is_whitespace() || char.is_ascii_digit()));
    }
    escaped
}
