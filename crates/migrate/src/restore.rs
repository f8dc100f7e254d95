//! `db restore`: a database as a backup has it, in the place of the one that is there. Consent is the caller's business.
//!
//! - [`Source`] is a backup, or any dump of `pg_dump`'s that can be listed;
//! - `prospect` says beforehand what would be lost, and who is connected;
//! - `seen` knows whether others have written since;
//! - `fresh` restores into a new database, which then takes the name of the old one: nobody sees anything half done, and
//!   whatever fails changes nothing. It needs the right to make databases and to rename this one;
//! - `in_place` empties and fills the database in one transaction, where that right is missing.

mod fresh;
mod in_place;
mod prospect;
mod seen;
mod source;

use postgres::ConnectionUrl;
use postgres::database::Session;
use postgres::server::Server;

pub use self::prospect::{Prospect, TableLoss, look};
pub use self::seen::Seen;
pub use self::source::Source;
use crate::Error;
use crate::backup::refuse_pooler;
use crate::backup::tool::{RESTORE, Tool};

/// How a restore goes about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// A new database takes the place of the old one.
    Fresh,
    /// The database is emptied and filled in one transaction, for this reason.
    InPlace { why: String },
}

/// What is wanted beside the backup itself.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    pub url: &'a ConnectionUrl,
    /// Knows where PostgreSQL's programs are.
    pub server: &'a Server,
    /// How many tables are filled at a time.
    pub jobs: usize,
    /// Everything belongs to whoever restores, and nothing is granted.
    pub no_owner: bool,
    /// Sessions of others are ended where they are in the way.
    pub disconnect: bool,
    /// The old database stays, under another name.
    pub keep_old: bool,
}

/// What a restore did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Restored {
    /// What the old database is called now, where it is still there.
    pub old: Option<String>,
    /// Why it is, where nobody wanted to keep it.
    pub kept_since: Option<String>,
    /// Whether the database was not there before.
    pub created: bool,
}

/// What a restore is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    Filling,
    Counting,
    Swapping,
}

/// Restores a backup that was checked, in the way that [`look`] found.
///
/// Fails where others are connected, naming them; then, as in every other failure, nothing is changed.
pub async fn restore(
    wanted: Wanted<'_>,
    source: &Source,
    prospect: &Prospect,
    progress: &mut dyn FnMut(Progress),
) -> Result<Restored, Error> {
    let tool = restore_tool(wanted.server, wanted.url).await?;
    match &prospect.way {
        Way::Fresh => fresh::restore(wanted, &tool, source, prospect, progress).await,
        Way::InPlace { .. } => in_place::restore(wanted, &tool, source, prospect, progress).await,
    }
}

/// The program that restores, as new as the server. It asks a database that is always there.
pub async fn check(server: &Server, url: &ConnectionUrl, source: &mut Source) -> Result<(), Error> {
    refuse_pooler(url)?;
    let tool = restore_tool(server, url).await?;
    source.check(&tool).await
}

pub(crate) async fn restore_tool(server: &Server, url: &ConnectionUrl) -> Result<Tool, Error> {
    let admin = postgres::database::connect_admin(url).await?;
    let major = admin.server_major();
    admin.close().await;
    Tool::find(server, RESTORE, major)
}

/// Fills an empty database that is nobody's for long: all in it belongs to this user, and it hears of no other server's
/// changes, which nobody could drop it for.
pub(crate) async fn fill_copy(
    server: &Server,
    source: &Source,
    copy: &ConnectionUrl,
) -> Result<(), Error> {
    let tool = restore_tool(server, copy).await?;
    let left_out = [&fresh::NO_OWNER[..], &["--no-subscriptions", "--no-publications"]].concat();
    fresh::fill(&tool, source, copy, 2, &left_out).await
}

/// Who is in the way.
fn in_use(database: &str, sessions: &[Session]) -> Error {
    let who: Vec<String> = sessions.iter().map(|session| format!("  {session}")).collect();
    Error::plain(format!(
        "others are connected to the database \"{database}\":\n\n{}\n\nNothing was changed.",
        who.join("\n")
    ))
    .with_help("end them, or have them ended: cargo xtask db restore --disconnect …")
}
