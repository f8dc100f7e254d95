//! Which migrations `migrate check` looks at.

use migrate::{Folder, rehearse};

use crate::database::Database;
use crate::failure::{Failure, Result};
use crate::paths;

/// Which migrations are new.
#[derive(Debug, Default)]
pub(super) struct LookedAt {
    pub(super) names: Vec<String>,
    /// Whether one deploy applies them all. Of a database that has none of the migrations that is not so elsewhere.
    pub(super) at_once: bool,
}

/// What comes after the one that is named, or else what is pending. Of a database that has no migration nothing is known:
/// there all are looked at, each as though those before it were deployed.
pub(super) async fn looked_at(
    folder: &Folder,
    database: &Database,
    since: Option<&str>,
) -> Result<LookedAt> {
    if let Some(since) = since {
        let names = folder.migrations().iter().map(|migration| migration.name.as_str());
        let all: Vec<&str> = names.collect();
        let last = all.iter().position(|name| *name == since);
        let last = last.or_else(|| all.iter().rposition(|name| name.contains(since)));
        let Some(last) = last else {
            return Err(Failure::new(format!("there is no migration {since}"))
                .help(format!("the migrations are in {}", paths::shown(folder.path()))));
        };
        let names = all[last + 1..].iter().map(|name| (*name).to_owned()).collect();
        return Ok(LookedAt { names, at_once: false });
    }
    let names = rehearse::pending(folder, &database.direct).await?;
    let at_once = names.len() < folder.migrations().len();
    Ok(LookedAt { names, at_once })
}
