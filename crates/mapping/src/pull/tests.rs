//! What a schema written by hand makes of a database that only this crate knows.

use pg_schema::{
    Arity, Check, Column, ColumnType, Enum, ForeignKey, Index, ObjectName, PgSchema, PrimaryKey,
    Table,
};
use psl::{Schema, SourceFile};

use super::*;

fn table(name: &str, columns: &[(&str, Arity)]) -> Table {
    let mut table = Table::new(ObjectName::qualified("public", name));
    table.columns.extend(
        columns.iter().map(|(name, arity)| Column::new(*name, ColumnType::Integer, *arity)),
    );
    for column in &mut table.columns {
        column.printed = Some(pg_schema::Printed {
            type_name: "int4".to_owned(),
            is_added_base_type: false,
            formatted_type: "integer".to_owned(),
            default: None,
        });
    }
    table.primary_key = Some(PrimaryKey::new(format!("{name}_pkey"), &[columns[0].0]));
    table
}

fn database(tables: Vec<Table>) -> PgSchema {
    PgSchema { namespaces: vec!["public".to_owned()], tables, ..PgSchema::default() }
}

fn schema(files: &[(&str, &str)]) -> Schema {
    let files = files.iter().map(|(path, text)| SourceFile::new(*path, *text)).collect();
    psl::analyze(files).schema
}

fn pulled(database: &PgSchema, files: &[(&str, &str)], new_file: &str) -> Pulled {
    pull(database, &schema(files), &PullOptions { new_file, namespaces: None })
}

fn text(database: &PgSchema, previous: &str) -> String {
    pulled(database, &[("s", previous)], "s").files[0].text().to_owned()
}

#[test]
fn names_that_become_the_same_stay_apart() {
    let database = database(vec![
        table("a b", &[("x", Arity::Required), ("_x", Arity::Nullable), ("ж", Arity::Nullable)]),
        table("a_b", &[("id", Arity::Required)]),
        table("ж", &[("id", Arity::Required)]),
    ]);
    let text = text(&database, "");
    for line in
        ["model public_a_b {", "model public_a_b_2 {", "model Table_1 {", "  x_2 Int? @map(\"_x\")"]
    {
        assert!(text.contains(line), "{line}\n{text}");
    }
    assert!(text.contains("  // ж Int? @map(\"ж\")\n"), "{text}");
}

#[test]
fn a_relation_has_no_name_that_a_column_has() {
    let mut post = table("Post", &[("id", Arity::Required), ("by", Arity::Required)]);
    let user = ObjectName::qualified("public", "User");
    post.foreign_keys.push(ForeignKey::new("Post_by_fkey", &["by"], user, &["id"]));
    let user = table("User", &[("id", Arity::Required), ("Post", Arity::Nullable)]);
    let text = text(&database(vec![post, user]), "");
    assert!(text.contains("  Post   Int?\n  Post_2 Post[]\n"), "{text}");
}

#[test]
fn what_is_new_gets_a_file_of_its_own() {
    let database = database(vec![
        table("a", &[("id", Arity::Required)]),
        table("b", &[("id", Arity::Required)]),
    ]);
    let files = [
        ("1", "model B {\n  id Int @id\n\n  @@map(\"b\")\n}\n"),
        ("2", "model Gone {\n  id Int @id\n}\n"),
    ];
    let pulled = pulled(&database, &files, "new");
    let texts: Vec<(&str, &str)> =
        pulled.files.iter().map(|file| (file.path(), file.text().trim_end())).collect();
    assert_eq!(
        texts,
        [("1", files[0].1.trim_end()), ("2", ""), ("new", "model a {\n  id Int @id\n}")]
    );
}

#[test]
fn warnings_are_in_blocks() {
    let mut a = table("a", &[("id", Arity::Required)]);
    a.checks.push(Check { name: "c".to_owned(), definition: String::new(), validated: true });
    let previous = "model A {\n  key Int @id @map(\"id\")\n\n  @@map(\"a\")\n}\n";
    let pulled = pulled(&database(vec![a]), &[("s", previous)], "s");
    let text = pulled.warnings.to_string();
    let headings: Vec<&str> = text.lines().filter(|line| line.starts_with("The")).collect();
    assert_eq!(headings.len(), 3, "{text}");
    assert!(text.contains("\n  - Model: \"A\", field: \"key\"\n\nThese models were"), "{text}");
    assert!(text.ends_with("  - Model: \"A\", constraint: \"c\"\n"), "{text}");
}

#[test]
fn what_prisma_does_not_tell_is_told() {
    let mut a = table("a", &[("id", Arity::Required), ("n", Arity::Required)]);
    a.indexes.push(Index::unique("one", &["n"]));
    a.indexes.push(Index::unique("two", &["n"]));
    let mut partial = Index::new("some", &["n"]);
    partial.predicate = Some("(n > 0)".to_owned());
    a.indexes.push(partial);
    let previous = "// a\nmodel A {\n  id Int @id // b\n}\n";
    let pulled = pulled(&database(vec![a]), &[("s", previous)], "s");
    assert_eq!(
        pulled.unsaid,
        [
            "The index \"some\" on \"a\" is left out, for it is partial, WHERE (n > 0): those need the preview feature \"partialIndexes\".",
            "The index \"two\" on \"a\" is left out: another one makes its column unique.",
            "s: 2 comments are not kept (before, in line 1, 3); // stays directly above a block, /// above a model or field.",
        ]
    );
}

#[test]
fn comments_directly_above_a_block_stay() {
    let a = table("a", &[("id", Arity::Required)]);
    let kind = Enum::new(ObjectName::qualified("public", "kind"), &["x"]);
    let database = PgSchema { enums: vec![kind], ..database(vec![a]) };
    let previous = "// g\ngenerator g {\n  provider = \"x\"\n}\n\n// one\n/// doc\n// two\nmodel A {\n  id Int @id // lost\n\n  @@map(\"a\")\n}\n\n// e\nenum kind {\n  x\n}\n";
    let pulled = pulled(&database, &[("s", previous)], "s");
    let expected =
        previous.replace("/// doc\n// two\n", "// two\n/// doc\n").replace(" // lost", "");
    assert_eq!(pulled.files[0].text(), expected);
    assert_eq!(pulled.unsaid.len(), 1, "{:?}", pulled.unsaid);
    assert!(pulled.unsaid[0].starts_with("s: 1 comment is not kept (before, in line 10);"));
    assert_eq!(text(&database, &expected), expected, "another pull changes nothing");
}

#[test]
fn nothing_is_empty_but_an_enum_is_something() {
    let mut nothing = database(Vec::new());
    assert!(pulled(&nothing, &[("s", "")], "s").is_empty);
    nothing.enums.push(Enum::new(ObjectName::qualified("public", "kind"), &["a"]));
    assert!(!pulled(&nothing, &[("s", "")], "s").is_empty);
}

#[test]
fn an_enum_whose_values_have_no_names_is_a_comment() {
    let name = ObjectName::qualified("public", "kind");
    let mut a = table("a", &[("id", Arity::Required), ("kind", Arity::Required)]);
    a.columns[1].ty = ColumnType::Enum(name.clone());
    a.columns[1].printed.as_mut().unwrap().type_name = "kind".to_owned();
    let database = PgSchema { enums: vec![Enum::new(name, &["ж"])], ..database(vec![a]) };
    let text = text(&database, "");
    assert!(text.contains("  kind Unsupported(\"kind\")\n"), "{text}");
    assert!(text.contains("// enum kind {\n// // ж @map(\"ж\")\n// }\n"), "{text}");
}

#[test]
fn fields_of_a_join_table_are_called_after_it_as_far_as_that_can_be_written() {
    let join = |name: &str| {
        let mut join = table(name, &[("A", Arity::Required), ("B", Arity::Required)]);
        join.primary_key = Some(PrimaryKey::new("pkey", &["A", "B"]));
        join.indexes.push(Index::new("b", &["B"]));
        for column in ["A", "B"] {
            let a = ObjectName::qualified("public", "a");
            join.foreign_keys.push(ForeignKey::new(column, &[column], a, &["id"]));
        }
        join
    };
    let a = table("a", &[("id", Arity::Required)]);
    let text = text(&database(vec![join("_naïve"), join("_two words"), a]), "");
    for name in ["a_naïve_A", "a_naïve_B", "a_two_words_A", "a_two_words_B"] {
        assert!(
            text.lines().any(|line| line.trim().starts_with(&format!("{name} "))),
            "{name}\n{text}"
        );
    }
    assert!(text.contains("@relation(\"two words\")"), "{text}");
}

fn refer(table: &mut Table, name: &str, columns: &[&str], to: &str, referenced: &[&str]) {
    let to = ObjectName::qualified("public", to);
    table.foreign_keys.push(ForeignKey::new(name, columns, to, referenced));
}

/// The text, which is a schema, and which another pull leaves as it is.
fn valid(database: &PgSchema) -> String {
    let datasource = "datasource db {\n  provider = \"postgresql\"\n  url = \"postgresql://\"\n}\n";
    let text = text(database, datasource);
    let analysis = psl::analyze(vec![SourceFile::new("s", text.as_str())]);
    let mut errors = analysis.diagnostics.iter().filter(|diagnostic| diagnostic.is_error());
    assert!(errors.next().is_none(), "{:#?}\n{text}", analysis.diagnostics);
    assert_eq!(self::text(database, &text), text, "another pull changes nothing");
    let desired = crate::desired_schema(&analysis.schema);
    let pair = pg_schema::Pair::new(database, &desired);
    let steps = pg_schema::diff(pair);
    assert!(steps.is_empty(), "{}\n{text}", pg_schema::render(&steps, pair));
    text
}

#[test]
fn keys_and_relations_of_columns_without_a_letter_are_valid() {
    let mut order = table("заказ", &[("ключ", Arity::Required), ("кто", Arity::Nullable)]);
    refer(&mut order, "заказ_кто_fkey", &["кто"], "человек", &["ключ"]);
    let mut person = table(
        "человек",
        &[("ключ", Arity::Required), ("отец", Arity::Nullable), ("мать", Arity::Nullable)],
    );
    for column in ["отец", "мать"] {
        let name = format!("человек_{column}_fkey");
        refer(&mut person, &name, &[column], "человек", &["ключ"]);
    }
    let mut kana = table("かな", &[("かな", Arity::Required), ("数", Arity::Nullable)]);
    kana.indexes.push(Index::new("かな_数_idx", &["数"]));
    let text = valid(&database(vec![order, person, kana]));
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("{ column_1 Int @id @map(\"ключ\") column_2 Int? @map"), "{text}");
    assert!(text.contains("fields: [column_2], references: [column_1]"), "{text}");
    assert!(!text.contains("// "), "{text}");
}

#[test]
fn relations_between_two_tables_have_names_of_their_own() {
    let mut b =
        table("b", &[("id", Arity::Required), ("a", Arity::Nullable), ("1a", Arity::Nullable)]);
    refer(&mut b, "b_a_fkey", &["a"], "t", &["id"]);
    refer(&mut b, "b_1a_fkey", &["1a"], "t", &["id"]);
    let text = valid(&database(vec![b, table("t", &[("id", Arity::Required)])]));
    assert!(text.contains("@relation(\"b_aTot\""), "{text}");
    assert!(text.contains("@relation(\"b_aTot_2\""), "{text}");
    assert!(text.contains("  b_b_aTot_2 b[] @relation(\"b_aTot_2\")\n"), "{text}");
}

#[test]
fn one_column_may_lead_to_two_of_one_table() {
    let mut b = table("b", &[("id", Arity::Required), ("a", Arity::Nullable)]);
    refer(&mut b, "one", &["a"], "t", &["id"]);
    refer(&mut b, "two", &["a"], "t", &["n"]);
    let mut t = table("t", &[("id", Arity::Required), ("n", Arity::Required)]);
    t.indexes.push(Index::unique("t_n_key", &["n"]));
    valid(&database(vec![b, t]));
}
