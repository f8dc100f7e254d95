//! `docs`: the schema as a document, to be read, committed, and checked that it is still true.

use std::fs;

use crate::cli::{Common, Docs, DocsFormat};
use crate::failure::{Failure, Result};
use crate::files;
use crate::findings;
use crate::paths;
use crate::secrets::hide;
use crate::sources::Sources;
use crate::terminal::{say, write_result};

pub(super) fn run(common: &Common, arguments: &Docs) -> Result<()> {
    let sources = Sources::read(common.schema.as_deref(), paths::shown)?;
    let analysis = psl::analyze(sources.files);
    findings::end_on_errors(&analysis.diagnostics, analysis.schema.files())?;
    let schema = &analysis.schema;
    let text = match arguments.format {
        DocsFormat::Html => docs::html(schema),
        DocsFormat::Markdown => docs::markdown(schema),
        DocsFormat::Mermaid => docs::mermaid(schema),
        DocsFormat::Dbml => docs::dbml(schema),
        DocsFormat::Svg => docs::svg(schema),
    };
    // A comment or a default may quote a URL.
    let text = hide(&text);
    let Some(out) = &arguments.out else { return write_result(&text) };
    let shown = paths::shown(out);
    if arguments.check {
        return match fs::read_to_string(out) {
            Ok(there) if there == text => {
                say!("{shown} is what the schema says.");
                Ok(())
            }
            Ok(_) => Err(Failure::new(format!("{shown} is not what the schema says"))
                .help("write it anew: the same command without --check")),
            Err(error) => Err(Failure::new(format!("{shown}: {error}"))),
        };
    }
    files::write(out, &text).map_err(|error| Failure::new(format!("{shown}: {error}")))?;
    say!("Wrote {shown}");
    Ok(())
}
