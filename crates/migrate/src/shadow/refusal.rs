//! What is said when there can be no shadow database, or a migration does not replay in it.

use postgres::ConnectionUrl;

use crate::apply::stop::Stop;
use crate::folder::{Folder, Migration, clash, script_path};
use crate::script::Script;
use crate::{Error, quoting};

/// The server does not let the user make a database.
#[derive(Debug)]
pub(super) struct NoRight {
    user: String,
    database: String,
    /// The server's words.
    said: String,
}

impl NoRight {
    pub(super) fn new(url: &ConnectionUrl, error: &postgres::Error) -> Self {
        let said = match error.db() {
            Some(db) => format!("ERROR: {}", db.message()),
            None => error.to_string(),
        };
        Self { user: url.user().to_owned(), database: url.database().to_owned(), said }
    }

    /// P3014, and the reason why a schema in the main database would not do either.
    pub(super) fn with(&self, reason: &str) -> Error {
        let database = to_make_databases(&self.user);
        let schema = to_make_schemas(&self.database, &self.user);
        let message = not_made(&self.said)
            + "\n\nA temporary schema in the same database would do instead, but not here:\n  "
            + reason;
        Error::new("P3014", message).with_help(format!(
            "let the user make databases; as a superuser, in psql:\n  {database}\n{OWN_DATABASE}\n\
             A temporary schema does for migrations that stay in one schema; it takes the right to make one:\n  {schema}"
        ))
    }
}

/// For the server's superuser.
pub(super) fn to_make_databases(user: &str) -> String {
    format!("ALTER ROLE {} CREATEDB;", quoting::identifier(user))
}

/// For the database's owner.
pub(super) fn to_make_schemas(database: &str, user: &str) -> String {
    let (database, user) = (quoting::identifier(database), quoting::identifier(user));
    format!("GRANT CREATE ON DATABASE {database} TO {user};")
}

const OWN_DATABASE: &str = "Or make an empty database for this, and name it in the datasource:\n  \
                            shadowDatabaseUrl = env(\"SHADOW_DATABASE_URL\")";

/// P3014 for a server that failed otherwise; one that cannot be reached has a code of its own.
pub(super) fn of_server(error: postgres::Error) -> Error {
    if error.is_unreachable() || error.is_authentication() {
        return error.into();
    }
    Error::new("P3014", not_made(&error.to_string())).with_help(OWN_DATABASE).with_source(error)
}

/// The reference's words.
fn not_made(said: &str) -> String {
    format!(
        "Prisma Migrate could not create the shadow database. Please make sure the database user has permission to \
         create databases. Read more about the shadow database (and workarounds) at https://pris.ly/d/migrate-shadow\n\n\
         Original error: {said}"
    )
}

/// P3006, naming the migration.
pub(super) fn of_script(
    folder: &Folder,
    migration: &Migration,
    script: &Script<'_>,
    stop: Stop,
) -> Error {
    let name = &migration.name;
    let file = script_path(folder.path(), name);
    let details = stop.details(script, &file);
    let said = stop.error().and_then(postgres::Error::db).map(postgres::driver::DbError::message);
    let help = said.and_then(|said| clash::explain(folder, migration, said));
    let error = Error::new(
        "P3006",
        format!("Migration `{name}` failed to apply cleanly to the shadow database.\n{details}"),
    )
    .with_file(file)
    .with_source(stop);
    match help {
        Some(help) => error.with_help(help),
        None => error,
    }
}
