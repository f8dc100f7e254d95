//! The generated client of schemas in `test_data/`, as snapshots, and what must hold for any.

use std::fmt::Write as _;

use codegen::{
    Arguments, Chosen, FileMap, Options, Tenant, TenantProblem, Variants, fingerprint, generate,
    tenant_problem,
};

fn client(text: &str, options: &Options) -> FileMap {
    let analysis = psl::analyze(vec![psl::SourceFile::new("schema.prisma", text)]);
    assert!(!analysis.has_errors(), "{:?}", analysis.diagnostics);
    generate(&analysis.schema, options)
}

fn shown(files: &FileMap) -> String {
    files.iter().fold(String::new(), |mut shown, (name, text)| {
        let _ = writeln!(shown, "=== {name}\n{text}");
        shown
    })
}

/// Every type, arity, key and relation, and names that Rust has for itself.
///
/// That such code compiles and works is tested in `prisma-client-rust`, whose tests run on a generated client.
#[test]
fn everything() {
    let options = Options {
        schema_paths: vec!["../../prisma/schema.prisma".to_owned()],
        ..codegen::Options::default()
    };
    let files = client(include_str!("test_data/everything.prisma"), &options);
    insta::assert_snapshot!("everything", shown(&files));
}

#[test]
fn the_same_schema_gives_the_same_bytes() {
    let text = include_str!("test_data/everything.prisma");
    assert_eq!(client(text, &Options::default()), client(text, &Options::default()));
}

#[test]
fn every_file_says_whose_it_is() {
    let files = client(include_str!("test_data/everything.prisma"), &Options::default());
    for (name, text) in &files {
        assert!(text.starts_with(codegen::HEADER), "{name}");
    }
    assert!(!shown(&files).contains("include_bytes"), "without paths nothing is looked at");
}

#[test]
fn the_code_knows_what_it_was_made_of() {
    let options = Options {
        schema_paths: vec!["a.prisma".to_owned(), "b.prisma".to_owned()],
        ..codegen::Options::default()
    };
    let (a, b) = ("model A {\n  id Int @id\n}\n", "model B {\n  id Int @id\n}\n");
    let files =
        [("a.prisma", a), ("b.prisma", b)].map(|(path, text)| psl::SourceFile::new(path, text));
    let module = &generate(&psl::analyze(files.to_vec()).schema, &options)["mod.rs"];
    assert!(module.contains(&format!("0x{:016x}", fingerprint(&[a.as_bytes(), b.as_bytes()]))));
    assert!(
        module.contains("include_bytes!(\"a.prisma\")")
            && module.contains("include_bytes!(\"b.prisma\")")
    );
    assert!(module.contains("run cargo xtask generate"));
    assert_ne!(fingerprint(&[a.as_bytes()]), fingerprint(&[b.as_bytes()]));
}

#[test]
fn a_hundred_models_stay_small() {
    let model = |index: usize| {
        let fields: String = (0..15).fold(String::new(), |mut fields, field| {
            let _ = writeln!(fields, "  field{field} String?");
            fields
        });
        let next = (index + 1) % 100;
        format!(
            "model M{index} {{\n  id String @id @default(uuid())\n{fields}  nextId String\n  \
             next M{next} @relation(\"r{index}\", fields: [nextId], references: [id])\n  \
             before M{before}[] @relation(\"r{before}\")\n}}\n",
            before = (index + 99) % 100,
        )
    };
    let files = client(&(0..100).map(model).collect::<String>(), &Options::default());
    let bytes: usize = files.values().map(String::len).sum();
    assert_eq!(files.len(), 101);
    assert!(bytes <= 100 * 5 * 1024, "{bytes} bytes");
}

#[test]
fn no_model_is_lost_to_anothers_name() {
    let text = "model Mod {\n  id Int @id\n}\nmodel FooBar {\n  id Int @id\n  other Foo_Bar[]\n}\n\
                model Foo_Bar {\n  id Int @id\n  oneId Int\n  one FooBar @relation(fields: [oneId], references: [id])\n}\n";
    let files = client(text, &Options::default());
    assert_eq!(
        files.keys().collect::<Vec<_>>(),
        ["foo_bar.rs", "foo_bar_.rs", "mod.rs", "mod_.rs"]
    );
    assert!(files["mod.rs"].contains("pub mod mod_;\npub mod foo_bar;\npub mod foo_bar_;"));
    assert!(files["mod_.rs"].contains("name: \"Mod\""));
    assert!(
        files["foo_bar.rs"].contains("pub type other = Many<Model, super::foo_bar_::Model, 0>;")
    );
    assert!(files["foo_bar_.rs"].contains("pub type one = One<Model, super::foo_bar::Model, 0>;"));
}

#[test]
fn no_url_is_written_into_code() {
    let builder = |url: &str| {
        let text = format!("datasource db {{\n  provider = \"postgresql\"\n  url = {url}\n}}\n");
        client(&text, &Options::default()).remove("mod.rs").expect("a client")
    };
    let literal = builder("\"postgresql://app:secret@db.example/app\"");
    assert!(!literal.contains("secret") && !literal.contains("db.example"), "{literal}");
    assert!(literal.contains("Builder::new(\"DATABASE_URL\");"), "{literal}");
    assert!(builder("env(\"MINE\")").contains("Builder::new(\"MINE\");"));
}

const TENANTS: &str = "\
model Org {
  id    Int    @id
  lands Land[]
}

model Land {
  id    Int   @id
  orgId Int
  org   Org   @relation(fields: [orgId], references: [id])
  trees Tree[]
}

model Tree {
  id     Int    @id
  landId Int
  land   Land   @relation(fields: [landId], references: [id])
  kindId Int
  kind   Kind   @relation(fields: [kindId], references: [id])
  leaves Leaf[]
}

model Leaf {
  id     Int  @id
  treeId Int
  tree   Tree @relation(fields: [treeId], references: [id])
}

model Kind {
  id    Int    @id
  trees Tree[]
}
";

fn tenant(shared: &[&str]) -> Tenant {
    Tenant {
        field: "orgId".to_owned(),
        shared: shared.iter().map(|name| (*name).to_owned()).collect(),
    }
}

#[test]
fn rows_are_a_tenants_by_a_column_or_by_what_they_need() {
    let options = |shared| Options { tenant: Some(tenant(shared)), ..Options::default() };
    let files = client(TENANTS, &options(&["Kind"]));
    assert!(files["org.rs"].contains("Column::int4(\"id\").tenant()"));
    assert!(files["land.rs"].contains("Column::int4(\"orgId\").tenant()"));
    assert!(!files["land.rs"].contains("&[0]).tenant()"));
    let chains = files["tree.rs"].matches(".tenant()").count();
    assert!(chains == 1 && files["leaf.rs"].contains(".tenant()"), "{}", files["tree.rs"]);
    assert!(!files["kind.rs"].contains("tenant"));
    let client_file = &files["mod.rs"];
    assert!(client_file.contains("in the scope as outside of it: [`kind`]."), "{client_file}");
    assert!(client_file.contains("tenant, i32"), "{client_file}");
    // Shared by decision, with all that needs it alone.
    let files = client(TENANTS, &options(&["Kind", "Tree", "Leaf"]));
    assert!(!files["tree.rs"].contains("tenant") && !files["leaf.rs"].contains("tenant"));
    // Of two ways to the field the shorter one says whose a row is.
    let nests = TENANTS.replace("model Tree {", "model Tree {\n  nests Nest[]");
    let nests = nests.replace("model Leaf {", "model Leaf {\n  nests Nest[]");
    let nests = nests
        + "model Nest {
  id     Int  @id
  treeId Int
  leafId Int
  tree   Tree @relation(fields: [treeId], references: [id])
  leaf   Leaf @relation(fields: [leafId], references: [id])
}
";
    let files = client(&nests, &options(&["Kind"]));
    let nest = files["nest.rs"].lines().filter(|line| line.contains(".tenant()"));
    let nest: Vec<&str> = nest.collect();
    assert!(nest.len() == 1 && nest[0].contains("\"tree\""), "{}", files["nest.rs"]);
    // A model of that name has the method already.
    let named = TENANTS.replace("Kind", "Tenant");
    let files = client(&named, &options(&["Tenant"]));
    assert!(files["mod.rs"].contains("_tenant, i32"), "{}", files["mod.rs"]);
    let none = client(TENANTS, &Options::default());
    assert!(none.values().all(|text| !text.contains("tenant")));
}

#[test]
fn a_scope_that_cannot_be_is_refused() {
    let problem = |text: &str, tenant: &Tenant| {
        let analysis = psl::analyze(vec![psl::SourceFile::new("schema.prisma", text)]);
        assert!(!analysis.has_errors(), "{:?}", analysis.diagnostics);
        let problem = tenant_problem(&analysis.schema, tenant);
        problem.map(|problem| (problem.to_string(), problem.help(), problem))
    };
    assert_eq!(problem(TENANTS, &tenant(&["Kind"])), None);
    let (message, help, _) = problem(TENANTS, &tenant(&[])).unwrap();
    assert_eq!(
        message,
        "rows of `Kind` belong to no tenant: no `orgId`, and no required relation to a model that has it"
    );
    assert!(help.ends_with("shared_models = [\"Kind\"]"), "{help}");
    // The line to paste keeps what is shared already.
    let more = format!("{TENANTS}\nmodel Auditor {{\n  id Int @id\n}}\n");
    let (_, help, _) = problem(&more, &tenant(&["Kind"])).unwrap();
    assert!(help.ends_with("shared_models = [\"Kind\", \"Auditor\"]"), "{help}");
    let none = Tenant { field: "schoolId".to_owned(), shared: vec![] };
    assert!(matches!(problem(TENANTS, &none).unwrap().2, TenantProblem::NoSuchField(_)));
    let unknown = problem(TENANTS, &tenant(&["Kind", "Sort"])).unwrap();
    assert_eq!(unknown.2, TenantProblem::NoSuchModel("Sort".to_owned()));
    let number = TENANTS.replace("model Kind {", "model Kind {\n  orgId Float");
    assert_eq!(
        problem(&number, &tenant(&[])).unwrap().2,
        TenantProblem::NoTenant("Kind.orgId".to_owned())
    );
    let other = TENANTS.replace("model Kind {", "model Kind {\n  orgId String");
    let differs = problem(&other, &tenant(&[])).unwrap();
    assert_eq!(
        differs.0,
        "`Land.orgId` and `Kind.orgId` are not the same, so `orgId` does not say whose a row is"
    );
    let elsewhere = TENANTS.replace(
        "model Kind {",
        "model Kind {\n  orgId Int\n  leaf Leaf @relation(fields: [orgId], references: [id])",
    );
    let elsewhere = elsewhere.replace("model Leaf {", "model Leaf {\n  kinds Kind[]");
    assert!(matches!(problem(&elsewhere, &tenant(&[])).unwrap().2, TenantProblem::Differs(..)));
}

/// With `arguments = "exact"` each argument is of the schema's own type; the file grows by a few bytes a field.
#[test]
fn arguments_can_be_exact() {
    let text = "datasource db {\n  provider = \"postgresql\"\n}\nenum E {\n  a\n}\nmodel A {\n  id Int @id\n  s String\n  j Json?\n  e E\n  l String[]\n  @@unique([s, e])\n}\n";
    let exact =
        &client(text, &Options { arguments: Arguments::Exact, ..Options::default() })["a.rs"];
    for line in [
        "pub type s = ExactText<Model, 1>;",
        "pub type j = ExactJson<Model, 2, Optional>;",
        "pub type e = ExactEnum<Model, super::E, 3>;",
        "pub type l = ExactList<Model, String, 4>;",
        "Create, create exact {\n        id: i32, 0;\n        s: String, 1;\n",
        "s_e exact {\n        s: String, 1;\n",
    ] {
        assert!(exact.contains(line), "{line}:\n{exact}");
    }
    let converted = &client(text, &Options::default())["a.rs"];
    assert!(!converted.to_lowercase().contains("exact"), "{converted}");
}

/// Variants of prisma-client-rust's parameters are there under their names where they are wanted: those of relations as
/// functions.
#[test]
fn variants_are_those_of_columns_and_functions_of_relations() {
    let text = "datasource db {\n  provider = \"postgresql\"\n}\nenum E {\n  a\n}\nmodel A {\n  id Int @id\n  and E?\n  setId String[]\n  \
                bId Int?\n  b B? @relation(fields: [bId], references: [id])\n}\nmodel B {\n  id Int @id\n  doc Json\n  as A[]\n}\n";
    let files =
        client(text, &Options { variants: Variants::Named(Chosen::All), ..Options::default() });
    let lines = |file: &str, wanted: &[&str]| {
        let found: Vec<&str> = files[file].lines().map(str::trim).collect();
        for line in wanted {
            assert!(found.contains(line), "{line}:\n{}", files[file]);
        }
    };
    lines(
        "a.rs",
        &[
            "\"A\", variants;",
            "WhereParam Filter {",
            "Id: Read<id>, filtered::<id>;",
            "pub const BIsNull: Self = Self::__made(without(0));",
            "pub const DisconnectB: Self = Self::__made(disconnected(0));",
            "IncrementId: i32, id::increment;",
            "PushSetId: Vec<String>, set_id::push;",
            "BId: ::prisma_client_rust::SortOrder, b_id::order;",
            "pub fn B(orders: Vec<super::b::OrderByParam>) -> Self {",
        ],
    );
    // `setId` has lost its own variant to what sets `id`, and `and` its condition to the operator.
    let a = &files["a.rs"];
    assert_eq!((a.matches(" SetId: ").count(), a.matches(" And: ").count()), (2, 3));
    lines(
        "b.rs",
        &[
            "pub fn AsSome(filters: Vec<super::a::WhereParam>) -> Self {",
            "pub fn ConnectAs(rows: Vec<super::a::UniqueWhereParam>) -> Self {",
            "SetDoc: JsonValue, doc::set;",
        ],
    );
    assert!(!files["b.rs"].contains("Read<doc>"));
    let only = Variants::Named(Chosen::Only(["SetDoc".to_owned()].into()));
    let only = client(text, &Options { variants: only, ..Options::default() });
    let entries = "SetParam Set {\n        SetDoc: JsonValue, doc::set;\n    }";
    assert!(only["b.rs"].contains(entries) && !only["b.rs"].contains("impl "), "{}", only["b.rs"]);
    lines("mod.rs", &["pub type ENullableFilter = ReadFilter<Option<super::E>, super::E>;"]);
    let plain = client(text, &Options::default());
    assert!(!plain["a.rs"].contains("varied!") && !plain["mod.rs"].contains("read_filters"));
    let keys = client(text, &Options { variants: Variants::Keys, ..Options::default() });
    for (name, plain) in &plain {
        let keys =
            keys[name].replace(", keys;\n    IdEquals {\n        id: i32, 0;\n    }\n", ";\n");
        assert_eq!(keys.replace("\";\n", "\"\n"), plain.replace("\";\n", "\"\n"));
    }
}

/// Types with names and relations as they are, where they are wanted and nowhere else.
#[test]
fn types_have_names_and_relations_are_plain() {
    let text = "datasource db {\n  provider = \"postgresql\"\n}\nenum E {\n  a\n}\nmodel A {\n  id Int @id\n  \
                /// Text.\n  s String? @unique\n  e E?\n  l E[]\n  bId Int\n  b B @relation(fields: [bId], references: [id])\n  \
                cId Int?\n  c B? @relation(\"c\", fields: [cId], references: [id])\n}\n\
                model B {\n  id Int @id\n  rows A[]\n  cs A[] @relation(\"c\")\n}\n";
    let named = [("a", "s"), ("a", "e"), ("a", "FindManyQuery"), ("a", "Types"), ("b", "s")];
    let types = named.map(|(model, name)| (model.to_owned(), name.to_owned()));
    let plain = ["b", "rows"].map(str::to_owned);
    let options = Options {
        types: Chosen::Only(types.into()),
        plain: Chosen::Only(plain.into()),
        ..Options::default()
    };
    let files = client(text, &options);
    let [a, b] = [&files["a.rs"], &files["b.rs"]];
    for line in [
        "/// Text.\npub mod s {\n    use super::*;\n    pub type Field = Text<Model, 1, OptionalUnique>;\n    \
         pub type Type = Option<String>;\n    field_functions! {\n        text optional_unique into\n    }\n}\n",
        "pub type Field = Enum<Model, super::super::E, 2, Optional>;",
        "enumeration optional into super::super::E",
        "pub type id = Int<Model, 0, Unique>;",
        "pub type e = super::e::Field;",
        "$crate::prisma::a::fields_of_a;",
        "pub type FindManyQuery<'a> = Lasting<'a, query::FindMany<Model>>;",
        "pub type Types = Model;",
        "pub b: Option<Box<super::b::Data>>,",
        "pub c: Option<Option<Fetched<super::b::Data>>>,",
    ] {
        assert!(a.contains(line), "{line}:\n{a}");
    }
    for line in [
        "pub rows: Option<Vec<super::a::Data>>,",
        "pub cs: Option<Fetched<Vec<super::a::Data>>>,",
        "plain rows: a;",
        "many cs: a;",
        "boxed! {\n    Data\n}",
        "$crate::prisma::b;",
    ] {
        assert!(b.contains(line), "{line}:\n{b}");
    }
    assert!(!a.contains("boxed!"), "no row holds one in a box: {a}");
}
