//! Any bytes, through everything that takes a schema: no panic, no hang, and what must always hold.

#![no_main]

use libfuzzer_sys::fuzz_target;
use psl::{SourceFile, Style, analyze, apply_fixes, format, lexer, syntax};

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
    let analysis = analyze(vec![file.clone()]);
    let files = analysis.schema.files();
    psl::render(&analysis.diagnostics, files, Style::Color);
    psl::render_json(&analysis.diagnostics, files);
    psl::render_github(&analysis.diagnostics, files);
    psl::to_json(&analysis.schema);
    apply_fixes(files, &analysis.diagnostics);

    let once = format(std::slice::from_ref(&file)).texts.remove(0);
    let twice = format(&[SourceFile::new("schema.prisma", once.clone())]).texts.remove(0);
    assert_eq!(once, twice, "formatting again changed something");
});
