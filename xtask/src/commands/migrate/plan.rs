//! `migrate plan`: what the pending migrations would do, and what that means to a database in use.

use migrate::{Folder, Options, plan, report};

use crate::cli::{Common, Plan, StatusFormat};
use crate::commands::{introduced, load_configuration};
use crate::database::Database;
use crate::failure::Result;
use crate::secrets::{hide, hide_in_json};
use crate::terminal::{say, write_result};

pub(super) async fn run(common: &Common, arguments: Plan) -> Result<()> {
    let is_text = arguments.format == StatusFormat::Text;
    let (project, schema) = load_configuration(common)?;
    let (project, database) = if is_text {
        let (project, _, database) = introduced(common, (project, schema))?;
        (project, database)
    } else {
        let database = Database::resolve(&project, &schema, common.database_url.as_deref())?;
        (project, database)
    };
    let folder = Folder::read(&project.migrations())?;
    let options = Options { up_to: arguments.up_to, ..Options::default() };
    let plan = plan::plan(&folder, &database.direct, &options).await?;
    if is_text {
        say!("{}", hide(&report::plan(&plan, &database.direct)));
        return Ok(());
    }
    write_result(&(hide_in_json(&report::plan_json(&plan)) + "\n"))
}
