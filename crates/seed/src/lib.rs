//! DriveFlow's data to start from, through the typed client: see the README beside this crate's manifest.
//!
//! [`seed`] writes a [`Profile`]. All but a load is one transaction: all of it is there or nothing is, whatever happens
//! on the way. A load is many, each of which is whole and is not done again ([`Size`]).
//!
//! # What is the same every time
//! Everything follows from the profile, the seed and the moment that counts as now: ids are derived from names, dice
//! from the seed, and no row takes a value of the database's clock. The first run's now is the start of the current
//! day in UTC unless it is given; later runs find it in a school's `createdAt`, so a second run makes the same rows
//! whatever the day. Rows that are there stay as they are, changed or not, and rows that are missing come back: a run
//! never duplicates and never destroys. Another seed is another school beside the first, with the same accounts.
//!
//! # To add something
//! - To a domain: the file of its name. Each has `invent`, pure, from a `Setting` and the domains before it, and
//!   `write`, which turns what was invented into rows of the client.
//! - A domain: one more such file, and a line in the list below.
//! - A profile: a variant of [`Profile`] and a file like `minimal`.
//!
//! A new id or new dice take a path of their own, so that nothing else changes; a change of the schema that a row does
//! not follow fails to compile, naming the field.

mod domains;

domains::domains! {
    identity();
    people(identity);
    catalog(identity);
    licences(identity);
    scheduling(identity, people);
    bookings(identity, people, catalog, scheduling) with trips;
    trips(identity, people, bookings);
    finance(identity, people, bookings);
    messaging(identity, bookings);
    audit(identity, people, catalog, bookings);
}

mod load;
mod minimal;
mod production;

mod invent;

mod error;
mod profile;
mod setting;
mod summary;
mod write;
mod zone;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveTime, SubsecRound as _, Utc};
use client::prisma_client_rust::QueryError;
use client::{PrismaClient, org, user};

pub use domains::Domain;
pub use error::Error;
pub use load::{Progress, Size};
pub use profile::Profile;
pub use summary::{Summary, Table};

use setting::Setting;
use write::{Way, Writer};

/// The seed of those who name none.
pub const DEFAULT_SEED: u64 = 1;

/// What to seed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The kind of data.
    pub profile: Profile,
    /// What the dice start from.
    pub seed: u64,
    /// The moment that counts as now. `None` for the one of the data that is there, else the start of this day, or for
    /// a live system this second.
    pub now: Option<DateTime<Utc>>,
    /// Of the demo: these domains, with what they need; all where none is named.
    pub only: Vec<Domain>,
    /// Of production: for which schools.
    pub live: Live,
    /// Of a load: how much.
    pub size: Size,
}

/// Which schools of a live system get what they lack: those that are named, else all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Live {
    /// Schools that are there, by id or name.
    pub orgs: Vec<String>,
    /// A school that is made if none has the name.
    pub new_org: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            profile: Profile::Demo,
            seed: DEFAULT_SEED,
            now: None,
            only: Vec::new(),
            live: Live::default(),
            size: Size::default(),
        }
    }
}

/// Writes what is missing of a profile, and says what that was.
///
/// # Errors
/// [`Error`]: the database is then as it was before, but for the parts of a load that are whole.
pub async fn seed(client: &PrismaClient, options: &Options) -> Result<Summary, Error> {
    seed_watched(client, options, &mut |_| {}).await
}

/// The same; `watch` hears how a load gets on.
///
/// # Errors
/// As [`seed`].
pub async fn seed_watched(
    client: &PrismaClient,
    options: &Options,
    watch: &mut (dyn FnMut(&Progress) + Send),
) -> Result<Summary, Error> {
    let start = Instant::now();
    refuse_what_has_no_use(options)?;
    let summary = match options.profile {
        Profile::Load => load::seed(client, options, watch).await?,
        _ => {
            client
                ._transaction()
                .with_timeout(TIMEOUT_MS)
                .run(|client| seed_within(client, options))
                .await?
        }
    };
    Ok(Summary { took: start.elapsed(), ..summary })
}

/// Fails where a profile that makes people up meets a database that is not on this machine, unless its name is the one
/// that is allowed.
///
/// # Errors
/// [`Error::Remote`], which says what to do.
pub fn refuse_remote(
    client: &PrismaClient,
    profile: Profile,
    allowed: Option<&str>,
) -> Result<(), Error> {
    let url = client.pool().url();
    if !profile.invents() || url.is_local() || allowed == Some(url.database()) {
        return Ok(());
    }
    Err(Error::Remote {
        profile,
        host: url.host().to_owned(),
        database: url.database().to_owned(),
        allowed: allowed.map(str::to_owned),
    })
}

/// Longer than any profile takes that is one transaction. A seed that waits for somebody's lock gives up then: its
/// statement is cancelled in the server, so it neither waits on nor writes later.
const TIMEOUT_MS: u64 = 120_000;

/// What is asked for and would be passed over in silence.
fn refuse_what_has_no_use(options: &Options) -> Result<(), Error> {
    let profile = options.profile;
    let asked = [
        (!options.only.is_empty(), "--only", Profile::Demo),
        (!options.live.orgs.is_empty(), "--org", Profile::Production),
        (options.live.new_org.is_some(), "--new-org", Profile::Production),
        (options.size != Size::default(), "--orgs, --bookings, --trip-points", Profile::Load),
    ];
    match asked.into_iter().find(|(is_asked, _, of)| *is_asked && *of != profile) {
        Some((_, asked, of)) => Err(Error::NotOf { profile, asked, of }),
        None => Ok(()),
    }
}

async fn seed_within(client: PrismaClient, options: &Options) -> Result<Summary, Error> {
    let Options { profile, seed, .. } = *options;
    let made_for = made_for(&client, profile, seed).await?;
    let now = now_of(options, made_for)?;
    let setting = Setting::new(profile, seed, now).with_accounts(accounts(&client).await?);
    let mut writer = Writer::new(client.clone(), Way::Keeping);
    match profile {
        Profile::Minimal => minimal::write(&setting, &mut writer).await?,
        Profile::Production => {
            production::write(&client, &setting, &options.live, &mut writer).await?;
        }
        Profile::Demo | Profile::Load => {
            let chosen = domains::chosen(&options.only, DOMAINS);
            write_domains(&setting, &chosen, &mut writer).await?;
        }
    }
    let tables = writer.finish();
    Ok(Summary { profile, seed, now, tables, took: Duration::ZERO, parts: None })
}

/// The now of the data that is there, if it is.
async fn made_for(
    client: &PrismaClient,
    profile: Profile,
    seed: u64,
) -> Result<Option<DateTime<Utc>>, QueryError> {
    // The id does not depend on the now that is looked for.
    let setting = Setting::new(profile, seed, DateTime::UNIX_EPOCH);
    let id = identity::org_id(&setting);
    let org = client.org().find_unique(org::id::equals(id)).exec().await?;
    Ok(org.map(|org| identity::now_of(&setting, org.created_at.to_utc())))
}

/// The moment that counts as now, where data that is there was made for one.
fn now_of(options: &Options, made_for: Option<DateTime<Utc>>) -> Result<DateTime<Utc>, Error> {
    if let (Some(made_for), Some(asked)) = (made_for, options.now)
        && made_for != asked
    {
        return Err(Error::OtherNow { made_for, asked });
    }
    Ok(made_for.or(options.now).unwrap_or_else(|| match options.profile {
        Profile::Production => Utc::now().trunc_subsecs(0),
        _ => start_of_day(Utc::now()),
    }))
}

/// The accounts that have an e-mail address of the demo's already.
async fn accounts(client: &PrismaClient) -> Result<BTreeMap<String, String>, QueryError> {
    let emails = identity::EMAILS.map(str::to_owned).to_vec();
    let users = client.user().find_many(vec![user::email::in_vec(emails)]);
    let users = users.select(user::select!({ email id })).exec().await?;
    Ok(users.into_iter().map(|user| (user.email, user.id)).collect())
}

fn start_of_day(moment: DateTime<Utc>) -> DateTime<Utc> {
    moment.date_naive().and_time(NaiveTime::MIN).and_utc()
}
