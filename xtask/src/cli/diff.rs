//! What can be typed after `migrate diff`: Prisma 7's names of the two sides, and those of Prisma 6.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::Renames;

#[derive(Debug, Args)]
pub(crate) struct Diff {
    /// A database to replay migrations in, whose contents go [default: one made beside the project's database]
    #[arg(long, value_name = "URL")]
    pub(crate) shadow_database_url: Option<String>,
    /// As SQL, not in words
    #[arg(long, conflicts_with = "format")]
    pub(crate) script: bool,
    /// How to tell what was found
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: DiffFormat,
    /// Write to a file instead of stdout
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Exit with 2 where there is a difference, 0 where there is none
    #[arg(long)]
    pub(crate) exit_code: bool,
    #[command(flatten)]
    pub(crate) renames: Renames,
    // Last: their headings hold for what follows.
    #[command(flatten)]
    pub(crate) from: DiffFrom,
    #[command(flatten)]
    pub(crate) to: DiffTo,
}

/// That it is one of them is checked with the reference's words.
#[derive(Debug, Args)]
#[command(next_help_heading = "From, one of")]
pub(crate) struct DiffFrom {
    /// A database without anything
    #[arg(id = "from-empty", long)]
    empty: bool,
    /// What a schema file or folder asks for
    #[arg(id = "from-schema", long, value_name = "PATH", visible_alias = "from-schema-datamodel")]
    schema: Option<PathBuf>,
    /// The database of a schema file's datasource
    #[arg(id = "from-schema-datasource", long, value_name = "PATH")]
    schema_datasource: Option<PathBuf>,
    /// The project's database
    #[arg(id = "from-config-datasource", long)]
    config_datasource: bool,
    /// What a folder of migrations makes of an empty database
    #[arg(id = "from-migrations", long, value_name = "DIR")]
    migrations: Option<PathBuf>,
    /// A database
    #[arg(id = "from-url", long, value_name = "URL")]
    url: Option<String>,
}

/// As [`DiffFrom`].
#[derive(Debug, Args)]
#[command(next_help_heading = "To, one of")]
pub(crate) struct DiffTo {
    /// A database without anything
    #[arg(id = "to-empty", long)]
    empty: bool,
    /// What a schema file or folder asks for
    #[arg(id = "to-schema", long, value_name = "PATH", visible_alias = "to-schema-datamodel")]
    schema: Option<PathBuf>,
    /// The database of a schema file's datasource
    #[arg(id = "to-schema-datasource", long, value_name = "PATH")]
    schema_datasource: Option<PathBuf>,
    /// The project's database
    #[arg(id = "to-config-datasource", long)]
    config_datasource: bool,
    /// What a folder of migrations makes of an empty database
    #[arg(id = "to-migrations", long, value_name = "DIR")]
    migrations: Option<PathBuf>,
    /// A database
    #[arg(id = "to-url", long, value_name = "URL")]
    url: Option<String>,
}

/// A side as it was typed.
#[derive(Debug)]
pub(crate) enum DiffSide {
    Empty,
    Schema(PathBuf),
    /// The database of this schema's datasource, of the project's where there is no path.
    Datasource(Option<PathBuf>),
    Migrations(PathBuf),
    Url(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum DiffFormat {
    /// For a person
    #[default]
    Text,
    /// An object with the steps and their statements, for a program
    Json,
}

impl DiffFrom {
    pub(crate) fn sides(self) -> Vec<DiffSide> {
        sides(
            (self.empty, self.config_datasource),
            [self.schema, self.schema_datasource, self.migrations],
            self.url,
        )
    }
}

impl DiffTo {
    pub(crate) fn sides(self) -> Vec<DiffSide> {
        sides(
            (self.empty, self.config_datasource),
            [self.schema, self.schema_datasource, self.migrations],
            self.url,
        )
    }
}

fn sides(
    (empty, project): (bool, bool),
    [schema, datasource, migrations]: [Option<PathBuf>; 3],
    url: Option<String>,
) -> Vec<DiffSide> {
    [
        empty.then_some(DiffSide::Empty),
        schema.map(DiffSide::Schema),
        datasource.map(|path| DiffSide::Datasource(Some(path))),
        project.then_some(DiffSide::Datasource(None)),
        migrations.map(DiffSide::Migrations),
        url.map(DiffSide::Url),
    ]
    .into_iter()
    .flatten()
    .collect()
}
