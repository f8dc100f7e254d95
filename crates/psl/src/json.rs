//! The schema as JSON: what generators written for Prisma's DMMF read, and what they miss there.
//!
//! The text is stable: it follows the order of the source, says nothing about lines, and changes only where the meaning
//! of the schema does. `version` grows when a key changes its meaning or goes; new keys may come at any time.
//!
//! # What DMMF has
//!
//! `enums`, `models`, `types` and `indexes` have DMMF's shapes under DMMF's names, down to which keys are null and which
//! absent when there is nothing to say. As there, views come after all models, `dbName` is what was written (`@map`,
//! `map:`), and what is ignored is left out. `types` is empty: PostgreSQL has no composite types in Prisma.
//! `datasource` and each of `generators` have the shape that generators receive, `{fromEnvVar, value}` for texts that may
//! come from the environment included.
//!
//! # What DMMF lacks
//!
//! | where | key | what it says |
//! |---|---|---|
//! | datasource | `relationMode` | `foreignKeys` or `prisma` |
//! | | `extensions` | `name`, `dbName` (`map:`), `schema`, `version` of each |
//! | | `shadowDatabaseUrl` | absent where not written |
//! | model | `isView` | whether it is a view |
//! | | `ignoredFields` | fields with `@ignore`, and those of a type that Prisma does not know: their `kind` is `unsupported`, their `type` the database's |
//! | model, enum | `sourceFilePath` | the file it stands in |
//! | enum | `schema` | `@@schema`, as models have it |
//! | relation field | `foreignKey` | on the side that holds the key: `effectiveDbName`, the constraint's name or null where there is none (views, `relationMode = "prisma"`), and `onDelete` and `onUpdate` as they apply, written or not |
//! | | `joinTable` | on both sides of an implicit many-to-many: `effectiveDbName`, its `schema`, and the columns that hold the ids of this model (`fromColumn`) and of the other (`toColumn`) |
//! | index | `effectiveDbName` | its name in the database, written or derived; null for views, which have none |
//! | | `where` | the predicate of a partial index, else absent |
//! | top | `ignored` | `models` with `@@ignore`, and their `indexes`, in the same shapes |
//!
//! The URLs of a datasource are only named when they come from the environment: a literal one may hold a password, and
//! is `{"fromEnvVar": null, "value": null}` here, so that it can be told from none.

mod config;
mod default;
mod field;
mod index;
mod model;
pub(crate) mod value;

use self::value::{Json, Object};
use crate::schema::Schema;
use crate::source::{SourceFile, Span};

/// The JSON of a schema that has no errors, indented by two spaces, with a line break at the end.
///
/// ```
/// let text = r#"
/// datasource db {
///   provider = "postgresql"
///   url      = "postgresql://ann:secret@localhost/shop"
/// }
///
/// /// Someone who buys.
/// model Customer {
///   id    Int     @id @default(autoincrement())
///   email String? @unique @db.VarChar(200)
/// }
/// "#;
/// let analysis = psl::analyze(vec![psl::SourceFile::new("schema.prisma", text)]);
/// let json = psl::to_json(&analysis.schema);
/// assert!(json.contains(r#""documentation": "Someone who buys.""#));
/// assert!(json.contains(r#""effectiveDbName": "Customer_email_key""#));
/// assert!(!json.contains("secret"));
/// ```
pub fn to_json(schema: &Schema) -> String {
    let (ignored, models): (Vec<_>, Vec<_>) =
        model::in_order(schema).partition(|model| model.is_ignored());
    Object::new()
        .key("version", VERSION)
        .key(
            "datasource",
            schema.datasource().map(|datasource| config::datasource(datasource, schema)),
        )
        .list("generators", schema.generators(), |generator| config::generator(generator, schema))
        .list("enums", schema.enums(), model::enumeration)
        .list("models", models.iter().copied(), model::model)
        .key("types", Json::Array(Vec::new()))
        .list("indexes", models.iter().copied().flat_map(index::all_of), index::index)
        .key(
            "ignored",
            Object::new().list("models", ignored.iter().copied(), model::model).list(
                "indexes",
                ignored.iter().copied().flat_map(index::all_of),
                index::index,
            ),
        )
        .print()
}

/// Of the JSON's shape.
const VERSION: i64 = 1;

/// The path of the file that something stands in.
fn source_file_path(schema: &Schema, span: Span) -> Option<&str> {
    schema.files().get(span.file.0 as usize).map(SourceFile::path)
}

/// Texts as an array.
fn texts<'s>(texts: impl IntoIterator<Item = &'s str>) -> Vec<Json<'s>> {
    texts.into_iter().map(Json::from).collect()
}
