//! Compares the scripts between pairs of schemas with recorded ones.
//!
//! ```text
//! cargo run -p mapping --example corpus -- FOLDER [CASE]
//! ```
//! FOLDER holds a folder a case, with `from.prisma`, `to.prisma`, and of `expected.sql`,
//! `from.sql` and `to.sql` those that are known. Prints what differs, then the counts; exits 1 if
//! anything does. With CASE, both scripts of that case are printed.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use pg_schema::{Pair, PgSchema, diff, render};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let Some(root) = arguments.next() else {
        eprintln!("usage: corpus FOLDER [CASE]");
        return ExitCode::FAILURE;
    };
    let only = arguments.next();
    let mut cases: Vec<_> =
        fs::read_dir(&root).expect("a folder").flatten().map(|entry| entry.path()).collect();
    cases.sort();
    let (mut passed, mut failed) = (0, 0);
    for case in cases {
        let name = case.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if only.as_ref().is_some_and(|only| *only != name) {
            continue;
        }
        for (file, script) in scripts(&case) {
            let Ok(expected) = fs::read_to_string(case.join(file)) else { continue };
            match script {
                Ok(script) if script.trim_end() == expected.trim_end() => passed += 1,
                Ok(script) => {
                    failed += 1;
                    println!("{name}/{file} differs");
                    if only.is_some() {
                        println!("--- expected\n{expected}\n--- actual\n{script}");
                    }
                }
                Err(error) => {
                    failed += 1;
                    println!("{name}/{file}: {error}");
                }
            }
        }
    }
    println!("{passed} of {} are the same", passed + failed);
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn scripts(case: &Path) -> [(&'static str, Result<String, String>); 3] {
    let empty = Ok(PgSchema::default());
    let from = desired(&case.join("from.prisma")).unwrap_or_else(|| Ok(PgSchema::default()));
    let to = desired(&case.join("to.prisma")).unwrap_or_else(|| Err("no to.prisma".to_owned()));
    [
        ("expected.sql", script(&from, &to)),
        ("from.sql", script(&empty, &from)),
        ("to.sql", script(&empty, &to)),
    ]
}

fn script(
    previous: &Result<PgSchema, String>,
    next: &Result<PgSchema, String>,
) -> Result<String, String> {
    let schemas =
        Pair::new(previous.as_ref().map_err(String::clone)?, next.as_ref().map_err(String::clone)?);
    Ok(render(&diff(schemas), schemas))
}

fn desired(path: &Path) -> Option<Result<PgSchema, String>> {
    let text = fs::read_to_string(path).ok()?;
    let analysis = psl::analyze(vec![psl::SourceFile::new("schema.prisma", text)]);
    Some(match analysis.diagnostics.iter().find(|diagnostic| diagnostic.is_error()) {
        Some(error) => Err(format!("{}: {}", path.display(), error.message)),
        None => Ok(mapping::desired_schema(&analysis.schema)),
    })
}
