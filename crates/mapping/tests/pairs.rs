//! Two schemas, and what the reference engine makes of them.
//!
//! A case is a folder of `test_data/pairs`: `from.prisma` (without it, from nothing), `to.prisma`,
//! `expected.sql`, the summary of the same difference in `summary.txt`, and the warnings at the
//! top of the migration in `warnings.sql` where there are any. All but the schemas is the
//! reference engine's, except where that cannot be run: see `OURS`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use pg_schema::{Pair, PgSchema, RowCounts, diff, drift_summary, render, warnings, warnings_block};

/// Cases with an `expected.sql` of our own, and why.
const OURS: [(&str, &str); 2] = [
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
    column_add_nullable => "column-add-nullable",
    column_add_required => "column-add-required",
    column_drop => "column-drop",
    column_everything_at_once => "column-everything-at-once",
    column_made_nullable => "column-made-nullable",
    column_made_required => "column-made-required",
    column_renamed_by_map => "column-renamed-by-map",
    create_every_default => "create-every-default",
    create_every_type => "create-every-type",
    default_add_change_remove => "default-add-change-remove",
    enum_add => "enum-add",
    enum_add_and_remove_values => "enum-add-and-remove-values",
    enum_add_one_value => "enum-add-one-value",
    enum_add_values => "enum-add-values",
    enum_column_to_text => "enum-column-to-text",
    enum_drop => "enum-drop",
    enum_map => "enum-map",
    enum_remove_value => "enum-remove-value",
    enum_values_reordered => "enum-values-reordered",
    extensions => "extensions",
    foreign_key_action_changed => "foreign-key-action-changed",
    foreign_key_defaults_spelled_out => "foreign-key-defaults-spelled-out",
    foreign_key_made_optional => "foreign-key-made-optional",
    foreign_key_set_default => "foreign-key-set-default",
    index_add_drop_change => "index-add-drop-change",
    index_after_column_lost => "index-after-column-lost",
    key_added => "key-added",
    key_composite_referenced => "key-composite-referenced",
    key_composite_to_single => "key-composite-to-single",
    key_renamed => "key-renamed",
    key_type_changed => "key-type-changed",
    many_to_many => "many-to-many",
    many_to_many_dropped => "many-to-many-dropped",
    names_cut_at_63_bytes => "names-cut-at-63-bytes",
    no_change => "no-change",
    relation_mode_prisma => "relation-mode-prisma",
    relations_self_and_several => "relations-self-and-several",
    schemas_changed_inside => "schemas-changed-inside",
    schemas_moved => "schemas-moved",
    schemas_several => "schemas-several",
    table_add => "table-add",
    table_drop => "table-drop",
    table_drop_referenced => "table-drop-referenced",
    table_renamed_by_map => "table-renamed-by-map",
    type_safe_risky_lost => "type-safe-risky-lost",
    views_and_ignored_are_as_in_the_database => "views-and-ignored-are-as-in-the-database",
}

/// A case that nobody runs would pass for ever.
#[test]
fn every_case_is_run() {
    let folders: BTreeSet<String> = fs::read_dir(root())
        .expect("the cases are there")
        .map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned())
        .collect();
    let run: BTreeSet<String> = CASES.iter().map(|case| (*case).to_owned()).collect();
    assert_eq!(folders, run);
    assert!(OURS.iter().all(|(case, _)| run.contains(*case)));
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("test_data/pairs")
}

fn check(case: &str) {
    let folder = root().join(case);
    let previous =
        read(&folder.join("from.prisma")).map_or_else(PgSchema::default, |text| desired(&text));
    let next = desired(&read(&folder.join("to.prisma")).expect("a case has a to.prisma"));
    let schemas = Pair::new(&previous, &next);
    let steps = diff(schemas);
    let expected = |file: &str| read(&folder.join(file)).unwrap_or_default();

    assert_same("expected.sql", &expected("expected.sql"), &render(&steps, schemas));
    assert_same("summary.txt", &expected("summary.txt"), &drift_summary(&steps, schemas));
    let block = warnings_block(&warnings(&steps, schemas), &RowCounts::default());
    assert_same("warnings.sql", &expected("warnings.sql"), &block);
    assert_eq!(diff(Pair::new(&next, &next)), [], "a schema does not differ from itself");
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

fn assert_same(what: &str, expected: &str, actual: &str) {
    assert!(
        expected.trim_end() == actual.trim_end(),
        "{what} differs\n--- expected\n{expected}\n--- actual\n{actual}"
    );
}
