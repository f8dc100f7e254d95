//! Any bytes, as one file and as two, through everything that takes a schema: no panic, no hang, and what must always hold.

#![no_main]

use libfuzzer_sys::fuzz_target;
use psl::{SourceFile, Style, analyze, apply_fixes, fix, format, lexer, syntax};

fuzz_target!(|bytes: &[u8]| {
    // Bytes that are no text never get this far: whoever reads the file says so.
    let Ok(text) = std::str::from_utf8(bytes) else { return };

    assert_eq!(lexer::tokenize(text).map(|token| token.len).sum::<usize>(), text.len());
    let tree = syntax::parse(text);
    let end = tree.tokens().fold(0, |end, token| {
        assert_eq!(token.start, end);
        token.end
    });
    assert_eq!(end as usize, text.len());

    let file = SourceFile::new("schema.prisma", text);
    read_and_fix(vec![file.clone()]);
    // A line in the middle is where one file of two ends.
    let middle = (text.len() / 2..text.len()).find(|at| text.as_bytes()[*at] == b'\n');
    let (first, second) = text.split_at(middle.map_or(0, |newline| newline + 1));
    read_and_fix(vec![SourceFile::new("a.prisma", first), SourceFile::new("b.prisma", second)]);

    let once = format(std::slice::from_ref(&file)).texts.remove(0);
    let twice = format(&[SourceFile::new("schema.prisma", once.clone())]).texts.remove(0);
    assert_eq!(once, twice, "formatting again changed something");
});

fn read_and_fix(files: Vec<SourceFile>) {
    let analysis = analyze(files.clone());
    let read = analysis.schema.files();
    psl::render(&analysis.diagnostics, read, Style::Color);
    psl::render_json(&analysis.diagnostics, read);
    psl::render_github(&analysis.diagnostics, read);
    psl::to_json(&analysis.schema);
    apply_fixes(read, &analysis.diagnostics);

    let fixed = fix(files);
    let left = fixed.analysis.diagnostics.iter().find(|diagnostic| diagnostic.fix.is_some());
    assert!(left.is_none(), "no end of fixes: {left:#?}");
}
