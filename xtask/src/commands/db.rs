//! `db`: the database itself, a command a file.

mod pull;
mod start;
mod stop;

use super::pass_on;
use crate::cli::{Common, Db};
use crate::failure::Result;
use crate::programs::Program;

pub(super) async fn run(common: &Common, command: Db) -> Result<()> {
    match command {
        Db::Pull(arguments) => pull::run(common, &arguments).await,
        Db::Start => start::run(common).await,
        Db::Stop => stop::run(common),
        Db::Seed(passed_on) => pass_on(Program::Seed, common, passed_on).await,
    }
}
