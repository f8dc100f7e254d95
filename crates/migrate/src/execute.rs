//! `db execute`: runs a script that is no migration, and leaves no trace of it in the history.

use std::path::Path;

use postgres::ConnectionUrl;

use crate::apply::run::{refuse_copy, run};
use crate::notices::telling;
use crate::script::Script;
use crate::{Error, Progress};

/// Runs a script as a migration is run: as one transaction, unless it says otherwise or cannot be. `name` is where it came
/// from, as people know it.
///
/// Fails with the reference's code where it has one for what the server said, otherwise without a code.
pub async fn execute(
    text: &str,
    name: &Path,
    url: &ConnectionUrl,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<(), Error> {
    let script = Script::new(text);
    refuse_copy(&script, name)?;
    let connection = postgres::connect(url).await?;
    let result = telling(&connection, progress, run(&connection, &script, "")).await;
    connection.close().await;
    result.map_err(|stop| {
        let error = stop.into_error(&script, Some(name));
        if error.to_string().contains(BACKSLASH) { error.with_help(PSQL) } else { error }
    })
}

/// What the server says of psql's own commands.
const BACKSLASH: &str = "syntax error at or near \"\\\"";

const PSQL: &str = "a line that begins with a backslash is a command of psql, which the server does not know: leave it out, or \
                    run the file with `psql -f`";
