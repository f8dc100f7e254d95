//! What code of each kind says, as its users write it.

use super::*;

const SCHEMA: &str = "model User {\n  id Int @id\n  email String?\n  at DateTime\n}\n\
                      model Type {\n  a String\n  b String\n  @@id([a, b])\n}\n";

fn arguments(code: &str) -> Arguments {
    let schema = psl::analyze(vec![psl::SourceFile::new("schema.prisma", SCHEMA)]).schema;
    let mut usage = Usage::of(&schema);
    usage.read(&format!("fn code() {{ {code} }}"));
    usage.arguments()
}

#[test]
fn what_is_made_by_into_needs_a_type() {
    for code in [
        "vec![prisma::user::email::equals(id.into())]",
        "user::email::set(Some(name.clone().into()))",
        "r#type::a::contains(\"x\".into(),)",
        "r#type::a_b(a.into(), b)",
        "user::create(at, vec![user::email::set(\"x\".into())])",
        "user::email::set(name.map(Into::into))",
        "user::email::set(row.name.map(|name| name.into()))",
    ] {
        assert_eq!(arguments(code), Arguments::Mixed, "{code}");
    }
}

#[test]
fn new_rows_are_converted_unless_they_are_made_by_into() {
    let into = "user::email::set(x.into());";
    for (code, wanted) in [
        ("client.r#type().create(a.into(), b, vec![])", Arguments::Exact),
        ("client.r#type().create(\"a\", b, vec![])", Arguments::Mixed),
        ("client.r#type().create(\"a\", b.into(), vec![])", Arguments::Mixed),
    ] {
        assert_eq!(arguments(&format!("{into} {code}")), wanted, "{code}");
    }
    assert_eq!(arguments("client.user().create(now.into(), vec![])"), Arguments::Exact);
}

#[test]
fn what_only_converts_says_so_and_what_does_not_matter_says_nothing() {
    let into = "user::email::set(x.into());";
    for code in [
        "user::email::equals(\"a@x\")",
        "user::email::equals(&address)",
        "user::email::equals(row.email.as_str())",
        "r#type::a_b(\"a\", b)",
    ] {
        assert_eq!(arguments(code), Arguments::Converted, "{code}");
        assert_eq!(arguments(&format!("{into} {code}")), Arguments::Converted, "{code}");
    }
    for code in [
        "user::at::set(Utc::now().into())",
        "other::email::set(x.into())",
        "user::email::set(x.into_inner())",
        "email::set(x.into())",
        "client.other().create(x.into())",
        "client.user().find_many(x.into())",
        "not Rust: '",
    ] {
        assert_eq!(arguments(code), Arguments::Converted, "{code}");
    }
}

#[test]
fn variants_are_there_for_those_who_name_them() {
    let named = |code: &str| {
        let schema = psl::analyze(vec![psl::SourceFile::new("schema.prisma", SCHEMA)]).schema;
        let mut usage = Usage::of(&schema);
        usage.read(&format!("use prisma::user::{{self, SetParam}}; fn code() {{ {code} }}"));
        usage.variants()
    };
    let key = "user::UniqueWhereParam::IdEquals(1)";
    let these = |names: &[&str]| {
        Variants::Named(Chosen::Only(names.iter().map(ToString::to_string).collect()))
    };
    assert_eq!(named("vec![SetParam::SetEmail(None)]"), these(&["SetEmail"]));
    assert_eq!(named("user::WhereParam::Id(IntFilter::Equals(1))"), these(&["Id"]));
    assert_eq!(named(&format!("user::WhereParam::Id(x); {key}")), these(&["Id"]));
    assert_eq!(named(key), Variants::Keys);
    assert_eq!(named("use prisma::user::WhereParam::Email;"), these(&["Email"]));
    let imported =
        "use user::SetParam::{SetEmail, SetAt}; use user::{self, OrderByParam as By}; By::Id(x);";
    assert_eq!(named(imported), these(&["Id", "SetAt", "SetEmail"]));
    for all in ["use user::SetParam::*;", "macro_rules! a { ($v:ident) => { WhereParam::$v(1) } }"]
    {
        assert_eq!(named(all), Variants::Named(Chosen::All), "{all}");
    }
    assert_eq!(named("use user::UniqueWhereParam::*;"), Variants::Keys);
    let none = "user::WhereParam::And(vec![]); SetParam::from(x); Other::SetParam; UniqueWhereParam::from(x)";
    assert_eq!(named(none), Variants::None);
}

/// What one file says of a schema with relations.
fn read(code: &str) -> Usage {
    let schema = "model User {\n  id Int @id\n  email String?\n  posts Post[]\n}\n\
                  model Post {\n  id Int @id\n  authorId Int\n  author User @relation(fields: [authorId], references: [id])\n}\n";
    let schema = psl::analyze(vec![psl::SourceFile::new("schema.prisma", schema)]).schema;
    let mut usage = Usage::of(&schema);
    usage.read(&format!("use prisma::{{post, user::{{self, email}}}}; {code}"));
    usage
}

#[test]
fn types_are_there_for_those_who_name_them() {
    let named = |code: &str| match read(code).types() {
        Chosen::Only(types) => {
            types.into_iter().map(|(model, name)| format!("{model}::{name}")).collect()
        }
        Chosen::All => Vec::new(),
    };
    assert_eq!(named("struct A { id: prisma::user::id::Type }"), ["user::id"]);
    assert_eq!(named("fn a(id: Vec<post::author_id::RecursiveSafeType>) {}"), ["post::author_id"]);
    assert_eq!(named("fn a(email: email::Type) { user::id::equals(1); }"), ["user::email"]);
    assert_eq!(named("fn a() -> user::FindManyQuery<'static> {}"), ["user::FindManyQuery"]);
    let imported = "use prisma::user::{self, FindManyQuery}; use user::id::{self, Type as Id}; use post::author_id::{Type}";
    assert_eq!(named(imported), ["post::author_id", "user::FindManyQuery", "user::id"]);
    assert_eq!(
        named("fn a(a: <user::Types as prisma_client_rust::ModelTypes>::Where) {}"),
        ["user::Types"]
    );
    let none =
        "use specta::Type; fn a(a: post::email::Type, b: other::FindManyQuery, c: user::Type) {}";
    assert_eq!(named(none), [""; 0]);
}

#[test]
fn relations_that_are_taken_out_of_rows_are_there_as_they_are() {
    let taken = |code: &str| match read(&format!("fn code() {{ {code} }}")).plain() {
        Chosen::Only(names) => Vec::from_iter(names),
        Chosen::All => Vec::new(),
    };
    let fetched = "user.with(user::posts::fetch(vec![])); post.with(post::author::fetch());";
    for (code, wanted) in [
        ("let posts = user.posts.unwrap();", vec!["posts"]),
        (
            "match post.author { Some(author) => *author, None => user.posts?.pop() }",
            vec!["author", "posts"],
        ),
        ("Self { posts: Some(posts), author: None }", vec!["posts"]),
        ("for post in user.posts()? { post.author()?; }", vec![]),
        ("let posts = user.posts.unwrap().into_inner();", vec![]),
        ("let posts = user.posts.unwrap(); let posts: Vec<_> = posts.into_inner();", vec![]),
        ("let Some(posts) = user.posts else { return }; { take(posts.into_inner()) }", vec![]),
        ("if let Some(Some(author)) = post.author { author.into_inner(); }", vec![]),
        ("match user.posts { Some(posts) => posts.into_inner(), None => vec![] }", vec![]),
        (
            "let author = post.and_then(|post| post.author).flatten(); author.map(|it| it.into_inner())",
            vec![],
        ),
        ("let mut held = user.posts; held.take().unwrap().into_inner();", vec![]),
        ("let user::Data { posts, .. } = user; posts.unwrap().into_inner()", vec![]),
        // What is taken out of others, here of an extractor and a lock.
        (
            "if let Some(posts) = user.posts { json.into_inner(); } let id = path.into_inner();",
            vec!["posts"],
        ),
        (
            "let posts = user.posts.unwrap(); let all = counts.into_inner().get(&posts);",
            vec!["posts"],
        ),
        ("let posts = Json(user.posts.unwrap()); posts.into_inner()", vec!["posts"]),
        (
            "let held = if let Some(it) = user { it.posts } else { None }; held?.into_inner()",
            vec![],
        ),
        ("let Ok(posts) = Ok(user.posts) else { return }; posts.map(|it| it.into_inner())", vec![]),
        ("for post in user.posts.unwrap() {} let id = path.into_inner();", vec!["posts"]),
        ("take(user.posts.map(|posts| posts.into_inner()), post.author)", vec!["author"]),
        ("user.posts.unwrap(); let f = prisma_client_rust::fetched::Fetched::new;", vec![]),
        ("use prisma_client_rust::fetched::{self, Fetched}; user.posts.unwrap();", vec![]),
    ] {
        assert_eq!(taken(&format!("{fetched} {code}")), wanted, "{code}");
    }
    // A file that names no model may have a row of another one.
    let mut usage = read(&format!("fn code() {{ {fetched} }}"));
    usage.read("fn titles(row: Row) -> Vec<Title> { row.posts.unwrap().into_iter().collect() }");
    assert_eq!(usage.plain(), Chosen::Only(["posts".to_owned()].into()));
    // Nobody fetches them, so that they are what was selected.
    assert_eq!(taken("let posts = user.posts.len();"), [""; 0]);
    let rows = "user::Data { id: 1, posts: Some(vec![]) }; post::Data { id, author: None }";
    assert_eq!(taken(rows), ["posts"]);
    assert_eq!(
        taken("let user::Data { posts, .. } = user; Other { author: Some(user) }"),
        ["posts"]
    );
}
