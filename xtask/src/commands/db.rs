//! `db`: the database itself, a command a file.

pub(super) mod backup;
mod create;
mod drop;
mod execute;
mod pull;
mod push;
mod restore;
mod start;
mod stop;

use super::pass_on;
use crate::cli::{Common, Db};
use crate::failure::{Failure, Result};
use crate::programs::Program;

pub(super) async fn run(common: &Common, command: Db) -> Result<()> {
    match command {
        Db::Pull(arguments) => {
            pull::run(common, &arguments).await.map_err(Failure::told_as_any_other)
        }
        Db::Start => start::run(common).await,
        Db::Stop => stop::run(common),
        Db::Create => create::run(common).await,
        Db::Drop(arguments) => drop::run(common, &arguments).await,
        Db::Push(arguments) => push::run(common, &arguments).await,
        Db::Execute(arguments) => {
            execute::run(common, arguments).await.map_err(Failure::told_as_any_other)
        }
        Db::Backup(arguments) => backup::run(common, &arguments).await,
        Db::Restore(arguments) => restore::run(common, &arguments).await,
        Db::Seed(passed_on) => pass_on(Program::Seed, common, passed_on).await,
    }
}
