//! The same description of a database whatever the server's version.
//!
//! Scripts that hold one of everything are run on the test server and on every further PostgreSQL whose folder of
//! programs `TEST_POSTGRES_BINS` names, separated by colons, each on a cluster of its own:
//!
//! ```sh
//! TEST_POSTGRES_BINS=/usr/lib/postgresql/13/bin:/usr/lib/postgresql/18/bin cargo test -p postgres versions
//! ```
//!
//! All descriptions are held against one snapshot. What only newer servers know is in scripts of its own.

use std::fmt::{Debug, Write as _};
use std::path::PathBuf;

use pg_schema::PgSchema;

use crate::database::{create_database, drop_database};
use crate::server::tests::Project;
use crate::server::{Server, ToolLookup};
use crate::testing::{TestDatabase, block_on};
use crate::{ConnectionUrl, connect, introspect};

const FURTHER: &str = "TEST_POSTGRES_BINS";

#[test]
fn everything() {
    describe_on_all("everything", 13, include_str!("../../test_data/introspect/everything.sql"));
}

#[test]
fn what_came_with_15() {
    describe_on_all("since_15", 15, include_str!("../../test_data/introspect/since_15.sql"));
}

#[test]
fn what_came_with_18() {
    describe_on_all("since_18", 18, include_str!("../../test_data/introspect/since_18.sql"));
}

/// Holds what the servers of at least this version make of a script against the snapshot of this name.
fn describe_on_all(name: &str, oldest: u32, script: &str) {
    let database = TestDatabase::empty(name);
    describe(name, oldest, script, database.url());
    for bin in further_servers() {
        let project = Project::new("versions");
        let lookup = ToolLookup { path: vec![bin], ..ToolLookup::nothing() };
        let server = project.server().with_lookup(lookup);
        let url = url_on(&server);
        block_on(create_database(&url)).unwrap();
        describe(name, oldest, script, &url);
        block_on(drop_database(&url)).unwrap();
    }
}

fn further_servers() -> Vec<PathBuf> {
    std::env::var_os(FURTHER).map_or_else(Vec::new, |paths| std::env::split_paths(&paths).collect())
}

fn url_on(server: &Server) -> ConnectionUrl {
    server.ensure_running(&mut |_| {}).unwrap().with_database("described")
}

fn describe(name: &str, oldest: u32, script: &str, url: &ConnectionUrl) {
    let schemas = ["public", "sales", "tools", "_driveflow", "missing"].map(str::to_owned);
    let described = block_on(async {
        let connection = connect(url).await.unwrap();
        if connection.server_major() < oldest {
            return None;
        }
        connection.batch_execute(script).await.unwrap();
        let schema = introspect(&connection, &schemas).await.unwrap();
        let again = introspect(&connection, &schemas).await.unwrap();
        assert_eq!(schema, again);
        connection.close().await;
        Some(schema)
    });
    if let Some(schema) = described {
        insta::assert_snapshot!(name, text(schema));
    }
}

/// All of a description, a line for each thing in it.
fn text(mut schema: PgSchema) -> String {
    for extension in &mut schema.extensions {
        // Each server brings its own.
        extension.version = None;
    }
    let mut text = format!("{} of {:?}\n", schema.namespaces.join(", "), schema.default_namespace);
    lines(&mut text, "", &schema.extensions);
    lines(&mut text, "", &schema.enums);
    lines(&mut text, "", &schema.sequences);
    for mut table in schema.tables {
        let (columns, indexes) =
            (std::mem::take(&mut table.columns), std::mem::take(&mut table.indexes));
        let (keys, checks) =
            (std::mem::take(&mut table.foreign_keys), std::mem::take(&mut table.checks));
        lines(&mut text, "", &[table]);
        lines(&mut text, "  ", &columns);
        lines(&mut text, "  ", &indexes);
        lines(&mut text, "  ", &keys);
        lines(&mut text, "  ", &checks);
    }
    for mut view in schema.views {
        let columns = std::mem::take(&mut view.columns);
        lines(&mut text, "", &[view]);
        lines(&mut text, "  ", &columns);
    }
    text
}

/// Each thing as Rust shows it, without the fields that say nothing.
fn lines(text: &mut String, indent: &str, things: &[impl Debug]) {
    for thing in things {
        let shown = format!("{thing:?}").replace(": None }", ": None, }");
        let says_nothing =
            |field: &str| [": None", ": []", ": false"].iter().any(|end| field.ends_with(end));
        let said: Vec<&str> = shown.split(", ").filter(|field| !says_nothing(field)).collect();
        writeln!(text, "{indent}{}", said.join(", ").replace(", }", " }")).unwrap();
    }
}
