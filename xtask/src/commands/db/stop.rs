//! `db stop`: the developer's server and the one that the tests left running, stopped.

use postgres::server::Server;

use crate::cli::Common;
use crate::failure::Result;
use crate::project::Project;
use crate::terminal::say;

pub(super) fn run(common: &Common) -> Result<()> {
    let project = Project::find(common.schema.as_deref())?;
    let stopped = Server::for_project(&project.root).stop()?;
    let stopped_tests = Server::for_tests(&project.root).stop()?;
    say!(
        "{}",
        match (stopped, stopped_tests) {
            (true, true) =>
                "The project's PostgreSQL has stopped, and so has that of its tests. The data stay.",
            (true, false) => "The project's PostgreSQL has stopped. The data stay.",
            (false, true) =>
                "The PostgreSQL of the tests has stopped; the project's was not running.",
            (false, false) => "The project's PostgreSQL was not running.",
        }
    );
    Ok(())
}
