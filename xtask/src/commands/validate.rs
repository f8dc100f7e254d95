//! `validate`: says whether the schema is right.

use crate::cli::Common;
use crate::failure::Result;
use crate::project::Project;

pub(super) fn run(common: &Common) -> Result<()> {
    let project = Project::find(common.schema.as_deref())?;
    let shown = project.shown(&project.schema);
    println!("Prisma schema loaded from {shown}");
    project.load()?;
    println!("The schema at {shown} is valid 🚀");
    Ok(())
}
