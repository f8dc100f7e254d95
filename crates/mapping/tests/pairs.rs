//! Two schemas, and what the reference engine makes of them.
//!
//! `test_data/reference/pairs` holds the reference's own cases: its README says what a case is made of. What they do not
//! touch is in `test_data/pairs`: `from.prisma` (without it, from nothing), `to.prisma`, `expected.sql`, the summary of
//! the same difference in `summary.txt`, and the warnings at the top of the migration in `warnings.sql` where there are
//! any. All but the schemas is the reference engine's, except where that cannot be run: see `OURS`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use pg_schema::{Pair, PgSchema, RowCounts, diff, drift_summary, render, warnings, warnings_block};

/// Cases with an `expected.sql` of our own, and why.
const OURS: [(&str, &str); 5] = [
    ("enum-in-foreign-keys", "columns of an enum that is made anew change one by one"),
    ("enum-left-by-lists", "an enum cannot go while columns that will go are of it"),
    ("keys-relied-upon", "a key cannot go while foreign keys rely on it"),
    ("schemas-changed-inside", "there is no type BIGSERIAL to change a column to"),
    ("schemas-moved", "a schema that nothing was in has to be created"),
];

macro_rules! cases {
    ($($test:ident => $case:literal),+ $(,)?) => {
        $(
            #[test]
            fn $test() {
                check($case);
            }
        )+

        const CASES: &[&str] = &[$($case),+];
    };
}

cases! {
    autoincrement_add => "autoincrement-add",
    column_add_required => "column-add-required",
    column_everything_at_once => "column-everything-at-once",
    create_every_default => "create-every-default",
    enum_add_one_value => "enum-add-one-value",
    enum_add_values => "enum-add-values",
    enum_column_to_text => "enum-column-to-text",
    enum_drop => "enum-drop",
    enum_in_foreign_keys => "enum-in-foreign-keys",
    enum_left_by_lists => "enum-left-by-lists",
    enum_values_reordered => "enum-values-reordered",
    extensions => "extensions",
    foreign_key_set_default => "foreign-key-set-default",
    index_add_drop_change => "index-add-drop-change",
    index_twin_added => "index-twin-added",
    key_added => "key-added",
    key_composite_to_single => "key-composite-to-single",
    key_type_changed => "key-type-changed",
    keys_relied_upon => "keys-relied-upon",
    many_to_many => "many-to-many",
    many_to_many_dropped => "many-to-many-dropped",
    names_cut_at_63_bytes => "names-cut-at-63-bytes",
    relation_mode_prisma => "relation-mode-prisma",
    schemas_changed_inside => "schemas-changed-inside",
    schemas_moved => "schemas-moved",
    sequence_name_beyond_ascii => "sequence-name-beyond-ascii",
    table_add => "table-add",
    views_and_ignored_are_as_in_the_database => "views-and-ignored-are-as-in-the-database",
}

/// Every pair of the reference, byte for byte, as far as it has an answer.
#[test]
fn reference() {
    let root = test_data("reference/pairs");
    let cases = folders(&root);
    assert!(cases.len() >= 138, "the cases are there: {}", cases.len());
    let failures: Vec<String> =
        cases.iter().flat_map(|case| differences(&root.join(case), case)).collect();
    assert!(failures.is_empty(), "{} differ:\n{}", failures.len(), failures.join("\n"));
}

/// A case that nobody runs would pass for ever.
#[test]
fn every_case_is_run() {
    let run: BTreeSet<String> = CASES.iter().map(|case| (*case).to_owned()).collect();
    assert_eq!(folders(&test_data("pairs")), run);
    assert!(OURS.iter().all(|(case, _)| run.contains(*case)));
}

fn check(case: &str) {
    let folder = test_data("pairs").join(case);
    let mut differences = differences(&folder, case);
    let (previous, next) = schemas(&folder);
    let pair = Pair::new(&previous, &next);
    let block = warnings_block(&warnings(&diff(pair), pair), &RowCounts::default());
    let expected = read(&folder.join("warnings.sql")).unwrap_or_default();
    differences.extend(difference("warnings.sql", &expected, &block));
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// Where our answers are others than those in the case's folder.
fn differences(folder: &Path, case: &str) -> Vec<String> {
    let empty = PgSchema::default();
    let (previous, next) = schemas(folder);
    let schemas = Pair::new(&previous, &next);
    let steps = diff(schemas);
    let script = |schemas| render(&diff(schemas), schemas);
    let answers = [
        ("expected.sql", render(&steps, schemas)),
        ("from.sql", script(Pair::new(&empty, &previous))),
        ("to.sql", script(Pair::new(&empty, &next))),
        ("summary.txt", drift_summary(&steps, schemas)),
    ];
    let mut differences: Vec<String> = answers
        .into_iter()
        .filter_map(|(file, actual)| {
            let expected = read(&folder.join(file))?;
            difference(&format!("{case}/{file}"), &expected, &actual)
        })
        .collect();
    if !diff(Pair::new(&next, &next)).is_empty() {
        differences.push(format!("{case}/to.prisma differs from itself"));
    }
    differences
}

fn schemas(folder: &Path) -> (PgSchema, PgSchema) {
    let previous =
        read(&folder.join("from.prisma")).map_or_else(PgSchema::default, |text| desired(&text));
    let next = desired(&read(&folder.join("to.prisma")).expect("a case has a to.prisma"));
    (previous, next)
}

fn difference(what: &str, expected: &str, actual: &str) -> Option<String> {
    (expected.trim_end() != actual.trim_end())
        .then(|| format!("{what} differs\n--- expected\n{expected}\n--- actual\n{actual}"))
}

fn test_data(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("test_data").join(folder)
}

/// The names of a folder's folders.
fn folders(root: &Path) -> BTreeSet<String> {
    fs::read_dir(root)
        .expect("the cases are there")
        .map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned())
        .collect()
}

fn read(path: &Path) -> Option<String> {
    path.exists().then(|| fs::read_to_string(path).expect("readable"))
}

fn desired(text: &str) -> PgSchema {
    let analysis = psl::analyze(vec![psl::SourceFile::new("schema.prisma", text)]);
    let errors: Vec<_> =
        analysis.diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).collect();
    assert!(errors.is_empty(), "the schema is valid: {errors:#?}");
    mapping::desired_schema(&analysis.schema)
}
