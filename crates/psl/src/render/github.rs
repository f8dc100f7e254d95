//! For GitHub: workflow commands, which its runner turns into annotations beside the lines of a pull request.

use super::lines::Lines;
use super::visible::visible;
use crate::diagnostic::Diagnostic;
use crate::source::SourceFile;

/// Renders diagnostics as workflow commands, one a line. `files` are those that were analyzed; GitHub wants their paths
/// relative to the repository.
///
/// ```
/// let file = psl::SourceFile::new("schema.prisma", "model A {\n  id Int @id\n  b  Foo\n}\n");
/// let analysis = psl::analyze(vec![file]);
/// let commands = psl::render_github(&analysis.diagnostics, analysis.schema.files());
/// assert!(commands.starts_with(
///     "::error file=schema.prisma,line=3,endLine=3,col=6,endColumn=9,title=P1012 unknown-type::Type \"Foo\" is neither"
/// ));
/// ```
pub fn render_github(diagnostics: &[Diagnostic], files: &[SourceFile]) -> String {
    let files = Lines::of_all(files);
    diagnostics.iter().map(|diagnostic| command(diagnostic, &files)).collect()
}

fn command(diagnostic: &Diagnostic, files: &[Lines<'_>]) -> String {
    let kind = diagnostic.severity.as_str();
    let mut properties = Vec::new();
    if let Some(lines) = files.get(diagnostic.span.file.0 as usize) {
        let position = lines.position(diagnostic.span);
        properties.push(format!("file={}", property(lines.file.path())));
        properties.push(format!("line={},endLine={}", position.line, position.end_line));
        // The runner knows columns only within a line.
        if position.line == position.end_line {
            properties.push(format!("col={},endColumn={}", position.column, position.end_column));
        }
    }
    properties.push(format!("title=P1012 {}", property(diagnostic.code)));
    let mut message = diagnostic.message.clone();
    let fix = diagnostic.fix.as_ref().map(|fix| &fix.title);
    for help in diagnostic.help.iter().chain(fix) {
        message.push_str("\nhelp: ");
        message.push_str(help);
    }
    format!("::{kind} {}::{}\n", properties.join(","), data(&message))
}

/// The runner decodes these three in a message.
fn data(text: &str) -> String {
    let text = text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    visible(&text).into_owned()
}

/// And these two more in a property, which they would end.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{data, property};

    #[test]
    fn what_the_runner_decodes_is_encoded() {
        assert_eq!(data("100%: a,\r\nb %0A"), "100%25: a,%0D%0Ab %250A");
        assert_eq!(property("C:\\a,b%.prisma"), "C%3A\\a%2Cb%25.prisma");
    }
}
