//! `migrate squash`: several migrations, made one.

use migrate::squash::{Request, squash};
use migrate::{Folder, namespaces, report};

use super::shown_in;
use crate::cli::{Common, Squash};
use crate::commands::open;
use crate::failure::Result;
use crate::paths;
use crate::terminal::{Step, say};

pub(super) async fn run(common: &Common, Squash { from, to, name }: Squash) -> Result<()> {
    let (project, schema, database) = open(common)?;
    let folder = Folder::read(&project.migrations())?;
    let databases = database.for_replays();
    let request = Request { from, to, title: name };
    let step = Step::start("Replaying the migrations one by one, and as one");
    let done =
        squash(&folder, databases, &namespaces::named(&schema), &request, &mut shown_in(&step))
            .await?;
    drop(step);
    say!("{}", report::squashed(&done, &paths::shown(folder.path())));
    Ok(())
}
