//! What scripts do, seen on a shadow database: those of the migrations one by one, and the one of them all.

use super::picture::Picture;
use super::script::{Joint, Part, join, must_be_apart};
use crate::folder::{Folder, Migration};
use crate::replay::Databases;
use crate::shadow::Shadow;
use crate::{Error, Progress};

/// What it takes to see what scripts do.
pub(super) struct Replay<'a> {
    pub(super) folder: &'a Folder,
    pub(super) databases: Databases<'a>,
    pub(super) namespaces: &'a [String],
}

impl Replay<'_> {
    /// What the migrations make of an empty database.
    pub(super) async fn picture(
        &self,
        migrations: &[Migration],
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<Picture, Error> {
        let Databases { main, shadow, .. } = self.databases;
        let shadow = Shadow::open(main, shadow, self.namespaces).await?;
        let folder = Folder::of(self.folder.path(), migrations.to_vec());
        let all: Vec<&Migration> = folder.migrations().iter().collect();
        let replayed = match shadow.replay(&folder, &all, progress).await {
            Ok(()) => match shadow.database() {
                Ok(database) => Picture::of(database).await,
                Err(error) => Err(error),
            },
            Err(error) => Err(error),
        };
        shadow.close().await?;
        replayed
    }

    /// A script that does what the migrations do: one transaction if it can be.
    pub(super) async fn same_script(
        &self,
        name: &str,
        before: &[Migration],
        chosen: &[Migration],
        expected: &Picture,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<String, Error> {
        let parts: Vec<Part<'_>> =
            chosen.iter().map(|one| Part { name: &one.name, script: &one.script }).collect();
        let title =
            format!("Squashed from {} migrations by cargo xtask migrate squash.", parts.len());
        let joints: &[Joint] =
            if must_be_apart(&parts) { &[Joint::Apart] } else { &[Joint::Together, Joint::Apart] };
        let mut why = String::new();
        for joint in joints {
            let script = join(&title, &parts, *joint);
            let squashed = Migration { name: name.to_owned(), script: script.clone() };
            let all = [before, &[squashed]].concat();
            match self.picture(&all, progress).await {
                Ok(actual) => {
                    let differences = expected.differences(&actual);
                    if differences.is_empty() {
                        return Ok(script);
                    }
                    why = format!("  - {}", differences.join("\n  - "));
                }
                // Not the script's fault: trying another one would not help.
                Err(error) if error.code() != Some("P3006") => return Err(error),
                Err(error) => why = error.to_string(),
            }
        }
        Err(Error::plain(format!(
            "one script of all {} migrations does not do what they do one by one:\n{why}",
            parts.len()
        ))
        .with_help("nothing was changed; squash fewer of them, as --from and --to say"))
    }
}
