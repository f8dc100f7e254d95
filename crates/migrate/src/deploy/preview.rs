//! What a deploy would do, without a lock and without a trace: not even a database or a history is made.

use postgres::ConnectionUrl;

use super::{is_up_to, last, not_empty, refuse_partly};
use crate::apply::run::refuse_copy;
use crate::attempt::Attempt;
use crate::diagnose::{Diagnosis, diagnose, pending};
use crate::failed::failed_before;
use crate::folder::{Folder, script_path};
use crate::history::History;
use crate::rollouts::guard::{self, Refusal};
use crate::steps::{Standing, standing};
use crate::{Error, Options};

/// What a deploy would do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Preview {
    /// Whether the database would be made first.
    pub creates_database: bool,
    /// In order.
    pub migrations: Vec<Previewed>,
    /// Those of them that the folder has before one that is there already.
    pub late: Vec<String>,
}

impl Preview {
    /// The first migration that would be refused, with why: those before it would be applied.
    pub fn refusal(&self) -> Option<Error> {
        let refused = |one: &Previewed| Some(one.refusal.as_ref()?.error(&one.name));
        self.migrations.iter().find_map(refused)
    }
}

/// A migration that would be applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Previewed {
    pub name: String,
    /// Its steps, where it is no single transaction: what each does, in one line.
    pub steps: Vec<String>,
    /// How many of them an attempt that was cut off has done.
    pub done: usize,
    /// Why it would be refused as the database is now, where it contracts a rollout that is under way there.
    pub refusal: Option<Refusal>,
}

/// Finds out what a deploy would do. Fails where a deploy would before it ran anything.
pub async fn preview(
    folder: &Folder,
    url: &ConnectionUrl,
    options: &Options,
) -> Result<Preview, Error> {
    let last = options.up_to.as_deref().map(|text| last(folder, text)).transpose()?;
    let connection = match postgres::connect(url).await {
        Ok(connection) => connection,
        Err(error) if error.is_database_missing() => {
            let diagnosis = diagnose(folder, Some(&[]));
            let migrations = previewed(folder, &diagnosis, last, None)?;
            return Ok(Preview { creates_database: true, migrations, late: Vec::new() });
        }
        Err(error) => return Err(error.into()),
    };
    let history = History::new(&connection);
    let rows = history.read().await?;
    if rows.is_none() && history.has_tables().await? {
        return Err(not_empty(folder));
    }
    let rows = rows.unwrap_or_default();
    let diagnosis = diagnose(folder, Some(&rows));
    let mut resumed = None;
    if !diagnosis.failed.is_empty() {
        match standing(&connection, folder, &rows).await? {
            Standing::Resumes(attempt) => resumed = Some(*attempt),
            Standing::Explained(why) => return Err(failed_before(&diagnosis.failed, Some(&why))),
            Standing::Unknown => return Err(failed_before(&diagnosis.failed, None)),
        }
    }
    refuse_partly(&diagnosis.partly)?;
    let mut migrations = previewed(folder, &diagnosis, last, resumed)?;
    for previewed in &mut migrations {
        // Of a rollout that is not begun nothing can be said yet.
        let rollout = folder.contracted_by(&previewed.name);
        let begun = rollout.filter(|rollout| diagnosis.applied.contains(&rollout.name));
        if let (Some(rollout), Some(migration)) = (begun, folder.find(&previewed.name)) {
            let asked = guard::ask(&connection, &rollout.name, &migration.script, options.quiet);
            previewed.refusal = asked.await?;
        }
    }
    connection.close().await;
    let is_among = |name: &String| migrations.iter().any(|one| one.name == *name);
    let late = diagnosis.late.iter().filter(|name| is_among(name)).cloned().collect();
    Ok(Preview { creates_database: false, migrations, late })
}

fn previewed(
    folder: &Folder,
    diagnosis: &Diagnosis,
    last: Option<usize>,
    resumed: Option<Attempt<'_>>,
) -> Result<Vec<Previewed>, Error> {
    let pending = pending(folder, diagnosis).into_iter();
    let pending = pending.filter(|migration| is_up_to(folder, migration, last)).map(Attempt::new);
    let mut migrations = Vec::new();
    for attempt in resumed.into_iter().chain(pending) {
        let Attempt { migration, script, steps, entries, .. } = attempt;
        refuse_copy(&script, &script_path(folder.path(), &migration.name))?;
        migrations.push(Previewed {
            name: migration.name.clone(),
            steps: steps.into_iter().map(|step| step.summary).collect(),
            done: entries.iter().flatten().take_while(|entry| entry.is_done).count(),
            refusal: None,
        });
    }
    Ok(migrations)
}
