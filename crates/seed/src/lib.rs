//! DriveFlow's data to start from: a driving school that never was, through the typed client.
//!
//! [`seed`] writes a [`Profile`] in one transaction: all of it is there or nothing is, whatever happens on the way.
//!
//! # What is the same every time
//! Everything follows from the profile, the seed and the moment that counts as now: ids are derived from names, dice
//! from the seed, and no row takes a value of the database's clock. The first run's now is the start of the current
//! day in UTC unless it is given; later runs find it in the school's `createdAt`, so a second run makes the same rows
//! whatever the day. Rows that are there stay as they are, changed or not, and rows that are missing come back: a run
//! never duplicates and never destroys. Another seed is another school beside the first, with the same accounts.
//!
//! # To add something
//! - To a domain: the file of its name (`identity`, `people`, `catalog`, `scheduling`, `bookings`, `trips`, `finance`,
//!   `messaging`, `audit`). Each has `invent`, pure, from a `Setting` and the domains before it,
//!   and `write`, which turns what was invented into rows of the client.
//! - A domain: one more such file, and a line for it in `demo`.
//! - A profile: a variant of [`Profile`] and a file like `demo`.
//!
//! A new id or new dice take a path of their own, so that nothing else changes; a change of the schema that a row does
//! not follow fails to compile, naming the field.

mod demo;

mod audit;
mod bookings;
mod catalog;
mod finance;
mod identity;
mod messaging;
mod people;
mod scheduling;
mod trips;

mod invent;

mod error;
mod profile;
mod setting;
mod summary;
mod write;
mod zone;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveTime, Utc};
use client::prisma_client_rust::QueryError;
use client::{PrismaClient, org, user};

pub use error::Error;
pub use profile::Profile;
pub use summary::{Summary, Table};

use setting::Setting;
use write::Writer;

/// The seed of those who name none.
pub const DEFAULT_SEED: u64 = 1;

/// What to seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// The kind of data.
    pub profile: Profile,
    /// What the dice start from.
    pub seed: u64,
    /// The moment that counts as now. `None` for the one of the data that is there, else the start of this day.
    pub now: Option<DateTime<Utc>>,
}

impl Default for Options {
    fn default() -> Self {
        Self { profile: Profile::Demo, seed: DEFAULT_SEED, now: None }
    }
}

/// Writes what is missing of a profile, in one transaction, and says what that was.
///
/// # Errors
/// [`Error`]: the database is then as it was before.
pub async fn seed(client: &PrismaClient, options: &Options) -> Result<Summary, Error> {
    let options = *options;
    client
        ._transaction()
        .with_timeout(TIMEOUT_MS)
        .run(|client| async move { seed_within(&client, options).await })
        .await
}

/// Longer than any profile takes. A seed that waits for somebody's lock gives up then: its statement is cancelled in the
/// server, so it neither waits on nor writes later.
const TIMEOUT_MS: u64 = 120_000;

async fn seed_within(client: &PrismaClient, options: Options) -> Result<Summary, Error> {
    let Options { profile, seed, now } = options;
    let made_for = made_for(client, profile, seed).await?;
    if let (Some(made_for), Some(asked)) = (made_for, now)
        && made_for != asked
    {
        return Err(Error::OtherNow { made_for, asked });
    }
    let now = made_for.or(now).unwrap_or_else(|| start_of_day(Utc::now()));
    let setting = Setting::new(profile, seed, now);
    let mut writer = Writer::new(client);
    match profile {
        Profile::Demo => demo::invent(&setting, &taken(client).await?).write(&mut writer).await?,
    }
    Ok(Summary { profile, seed, now, tables: writer.finish() })
}

/// The now of the data that is there, if it is.
async fn made_for(
    client: &PrismaClient,
    profile: Profile,
    seed: u64,
) -> Result<Option<DateTime<Utc>>, QueryError> {
    // The id does not depend on the now that is looked for.
    let id = identity::org_id(&Setting::new(profile, seed, DateTime::UNIX_EPOCH));
    let org = client.org().find_unique(org::id::equals(id)).exec().await?;
    Ok(org.map(|org| identity::now_of(org.created_at.to_utc())))
}

/// The accounts that have an e-mail address of the demo's already.
async fn taken(client: &PrismaClient) -> Result<BTreeMap<String, String>, QueryError> {
    let emails = identity::EMAILS.map(str::to_owned).to_vec();
    let users = client.user().find_many(vec![user::email::in_vec(emails)]).exec().await?;
    Ok(users.into_iter().map(|user| (user.email, user.id)).collect())
}

fn start_of_day(moment: DateTime<Utc>) -> DateTime<Utc> {
    moment.date_naive().and_time(NaiveTime::MIN).and_utc()
}
