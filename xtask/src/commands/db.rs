//! `db start`, `db stop`, `db seed`: the database itself.

use postgres::server::Server;

use super::pass_on;
use crate::cli::{Common, Db};
use crate::database::{start_own, ways_in};
use crate::failure::Result;
use crate::programs::Program;
use crate::project::Project;
use crate::terminal::say;

pub(super) async fn run(common: &Common, command: Db) -> Result<()> {
    match command {
        Db::Start => {
            let url = start_own(&Project::find(common.schema.as_deref())?)?;
            postgres::database::ensure_database(&url).await?;
            say!("The project's PostgreSQL is running:\n\n{}", ways_in(&url));
            Ok(())
        }
        Db::Stop => stop(&Project::find(common.schema.as_deref())?),
        Db::Seed(passed_on) => pass_on(Program::Seed, common, passed_on).await,
    }
}

/// Stops the developer's server and the one the tests left running.
fn stop(project: &Project) -> Result<()> {
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
