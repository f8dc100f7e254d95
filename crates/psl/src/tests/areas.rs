//! The areas and their cases. A case that is not listed, or listed without a file, fails its area's last test.

use super::{case_names, check, dump, read};
use crate::syntax::parse;
use crate::{Schema, SourceFile, Style, analyze, render, to_json};

pub(super) const AREAS: [&str; 5] = ["diagnostics", "format", "json", "schema", "syntax"];

macro_rules! cases {
    ($area:ident, $print:path: $($case:ident),+ $(,)?) => {
        mod $area {
            $(
                #[test]
                fn $case() {
                    let (area, name) = (stringify!($area), stringify!($case));
                    super::check(area, name, &$print(&super::read(area, name)));
                }
            )+

            #[test]
            fn every_file_is_a_case() {
                let mut listed = vec![$(stringify!($case)),+];
                listed.sort_unstable();
                assert_eq!(super::case_names(stringify!($area)), listed);
            }
        }
    };
}

/// What a person sees.
fn diagnostics(text: &str) -> String {
    let analysis = analyze(vec![SourceFile::new("schema.prisma", text)]);
    assert!(!analysis.diagnostics.is_empty(), "nothing is wrong with this case");
    render(&analysis.diagnostics, analysis.schema.files(), Style::Plain)
}

/// What a valid schema means.
fn schema(text: &str) -> String {
    dump::schema(&valid("schema.prisma", text))
}

/// What programs are told of a valid schema.
fn json(text: &str) -> String {
    to_json(&valid("schema.prisma", text))
}

fn valid(path: &str, text: &str) -> Schema {
    let analysis = analyze(vec![SourceFile::new(path, text)]);
    let errors = render(&analysis.diagnostics, analysis.schema.files(), Style::Plain);
    assert!(!analysis.has_errors(), "{errors}");
    analysis.schema
}

/// How a schema should look, or why it is left alone.
fn format(text: &str) -> String {
    let files = [SourceFile::new("schema.prisma", text)];
    let mut formatted = crate::format(&files);
    if formatted.is_refused() {
        assert_eq!(formatted.texts[0], text);
        return render(&formatted.diagnostics, &files, Style::Plain);
    }
    let text = formatted.texts.remove(0);
    let again = crate::format(&[SourceFile::new("schema.prisma", &*text)]);
    assert_eq!(again.texts[0], text, "formatting again changes something");
    text
}

/// How a text is arranged.
fn syntax(text: &str) -> String {
    let mut out = String::new();
    dump::tree(parse(text).root(), text, 0, &mut out);
    out
}

cases! {
    diagnostics, super::diagnostics:
    ambiguous_relation_ends_the_run,
    arguments_incomplete_and_repeated,
    attributes_on_the_wrong_fields,
    byte_order_mark,
    composite_type_contents,
    composite_type_cycles,
    composite_type_defaults,
    composite_type_refused,
    composite_types_in_indexes,
    constraint_and_client_names_taken,
    constraint_names_of_no_columns,
    constraint_names_too_long,
    database_names_taken,
    datasource_key_without_value,
    datasource_twice,
    datasource_two_relation_modes,
    datasource_url_and_relation_mode,
    default_bytes,
    default_date_time,
    default_json,
    default_name_too_long,
    default_numbers,
    defaults_of_the_wrong_kind,
    duplicate_attributes,
    duplicate_columns_of_repeated_fields,
    duplicate_field_and_unknown_types,
    environment_variable_arguments,
    environment_variables,
    extension_names,
    extensions,
    extensions_without_preview_feature,
    fields_of_broken_types,
    generator_key_without_value,
    generator_values,
    habits_from_elsewhere,
    id_twice_and_duplicate_columns,
    id_unknown_and_relation_fields,
    ignored_models_and_fields,
    index_arguments,
    index_predicate_object,
    index_predicate_object_wrong,
    index_types_and_operator_classes,
    index_types_of_broken_native_types,
    indexes_and_defaults_refused,
    line_breaks_of_all_systems,
    many_to_many_embedded,
    many_to_many_empty_references,
    many_to_many_options,
    missing_opposite_keys,
    missing_opposite_lists,
    names_in_another_case,
    names_nearly_right,
    names_of_all_scripts,
    native_type_arguments,
    no_datasource,
    no_datasource_composite_types,
    one_to_one_actions,
    one_to_one_both_required,
    one_to_one_key_on_optional_side,
    one_to_one_key_split,
    one_to_one_not_unique,
    optionality_of_keys,
    parse_and_type_and_attribute_errors_together,
    preview_features,
    provider_empty,
    provider_from_environment,
    provider_list,
    provider_missing,
    provider_nearly_right,
    provider_of_another_database,
    relation_argument_unknown_fields,
    relation_argument_values,
    relation_compound_references,
    relation_cycles,
    relation_mode_prisma,
    relation_type_mismatch,
    relation_without_references,
    relations_ambiguous,
    relations_sharing_a_name,
    relations_without_fields,
    reserved_names,
    schema_attribute_value,
    schemas,
    self_relation_name_of_three,
    self_relation_with_generated_name,
    self_relations_ambiguous,
    set_null_on_required,
    shard_key_columns,
    shard_key_forms,
    shard_key_optional,
    shard_key_twice,
    syntax_block_on_one_line,
    syntax_of_lines,
    syntax_strings_over_lines,
    syntax_unclosed_block,
    types_in_another_case,
    unique_criterion_missing,
    unknown_type_used_in_index,
    unknown_types_and_attributes,
    view_index_arguments,
    view_keys_and_indexes,
    view_without_preview_feature,
}

cases! {
    json, super::json:
    keys_and_indexes,
    namespaces_and_enums,
    relation_mode_prisma,
    relations,
    scalars,
}

cases! {
    schema, super::schema:
    enums,
    keys,
    namespaces_views_extensions,
    partial_indexes,
    relations,
    scalars,
    version_7,
}

cases! {
    syntax, super::syntax:
    comments,
    config,
    expressions,
    recovery,
    types,
    unclosed,
}

/// The text is what people keep and compare, so that a whole schema is worth reading.
#[test]
fn driveflow_as_json() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let text = std::fs::read_to_string(root.join("prisma/schema.prisma")).unwrap();
    check("json", "driveflow", &to_json(&valid("prisma/schema.prisma", &text)));
}

cases! {
    format, super::format:
    a_line_that_is_none,
    comments_everywhere,
    forms_of_old_versions,
    half_relations,
    keys_and_values,
    relation_names_that_differ,
}
