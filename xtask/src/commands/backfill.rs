//! `backfill`: what is to be filled, run and steered.

mod new;
mod part;
mod show;
mod status;
mod worker;

use std::time::Duration;

use migrate::Folder;
use postgres::Connection;
use rollout::backfill::{self, Backfill, Ended, Limits, Options, State};

use self::show::Show;
use crate::cli::{self, BackfillNames, BackfillRun, Common, StatusFormat};
use crate::commands::{introduced, load_configuration};
use crate::database::Database;
use crate::failure::{Failure, Result};
use crate::project::Project;
use crate::signals::{ask_on_signal, drop_on_signal, exit_on_signal};
use crate::terminal::{note, say};

/// For how long a run that is no worker waits for a server that has gone away.
const PATIENCE: Duration = Duration::from_mins(10);

pub(super) fn run(common: &Common, command: cli::Backfill) -> Result<()> {
    match command {
        cli::Backfill::Run(arguments) => {
            let (stopper, stop) = backfill::stop();
            let ask = |signal: &str| {
                note!("{signal}: ending after this batch; once more ends at once");
                stopper.stop();
            };
            ask_on_signal(ask, fill(common, arguments, stop))
        }
        cli::Backfill::Status(arguments) => drop_on_signal(status::run(common, &arguments)),
        cli::Backfill::Pause(names) => drop_on_signal(steer(common, &names, Steering::Pause)),
        cli::Backfill::Resume(names) => drop_on_signal(steer(common, &names, Steering::Resume)),
        cli::Backfill::Cancel(names) => drop_on_signal(steer(common, &names, Steering::Cancel)),
        cli::Backfill::New(arguments) => exit_on_signal(|| new::run(common, &arguments)),
    }
}

/// The project, its database, introduced where text is asked for.
fn open(common: &Common, format: StatusFormat) -> Result<(Project, Database)> {
    let (project, schema) = load_configuration(common)?;
    if format == StatusFormat::Text {
        let (project, _, database) = introduced(common, (project, schema))?;
        return Ok((project, database));
    }
    let database = Database::resolve(&project, &schema, common.database_url.as_deref())?;
    Ok((project, database))
}

/// The backfills of the migrations that the database has.
async fn applied(project: &Project, database: &Database) -> Result<Vec<Backfill>> {
    let folder = Folder::read(&project.migrations())?;
    let status = migrate::status::status(&folder, &database.direct).await?;
    Ok(backfill::backfills(&folder, &status.diagnosis.applied, database.direct.schema())?)
}

/// Those that are named; all where none is.
fn chosen(all: Vec<Backfill>, names: &[String]) -> Result<Vec<Backfill>> {
    if names.is_empty() {
        return Ok(all);
    }
    let mut chosen: Vec<Backfill> = Vec::new();
    for name in names {
        let backfill = backfill::named(&all, name)?;
        if !chosen.contains(backfill) {
            chosen.push(backfill.clone());
        }
    }
    Ok(chosen)
}

async fn fill(common: &Common, arguments: BackfillRun, stop: backfill::Stop) -> Result<()> {
    let (project, database) = open(common, arguments.format)?;
    let options = options(&arguments);
    let mut show = Show::new(arguments.format);
    if arguments.worker {
        return worker::run(&project, &database, &arguments, options, stop, &mut show).await;
    }
    let mut all = chosen(applied(&project, &database).await?, &arguments.names)?;
    let connection = postgres::connect(&database.direct).await?;
    if arguments.again {
        for backfill in &all {
            backfill::again(&connection, backfill).await?;
        }
    }
    let is_named = !arguments.names.is_empty();
    if !anything_to_do(&connection, &mut all, is_named, &show).await? {
        return Ok(());
    }
    connection.close().await;
    let mut tell = |event: backfill::Event<'_>| show.event(&event);
    let workers = arguments.workers.unwrap_or(backfill::WORKERS);
    let ended = backfill::run_by(workers, &database.direct, &all, &options, stop, &mut tell).await;
    show.end();
    match ended? {
        Ended::Done => {
            show.done();
            Ok(())
        }
        Ended::Stopped => {
            Err(Failure::cancelled("stopped before all was filled; what is done is kept")
                .help("to go on: cargo xtask backfill run"))
        }
        Ended::Cancelled | Ended::Paused => {
            Err(Failure::cancelled("cancelled: nobody goes on with it").help(AGAIN))
        }
    }
}

const AGAIN: &str = "to begin it anew: cargo xtask backfill run NAME --again";

/// Says so where there is nothing to do.
async fn anything_to_do(
    connection: &Connection,
    all: &mut Vec<Backfill>,
    is_named: bool,
    show: &Show,
) -> Result<bool> {
    let mut found = backfill::progress(connection, all).await?;
    let whole = all.len();
    // What was given up is no business of whoever names nothing.
    if !is_named {
        let is_cancelled = |name: &str| {
            let mut parts = found.iter().filter(|part| part.migration == name);
            parts.any(|part| part.state == State::Cancelled)
        };
        all.retain(|backfill| !is_cancelled(&backfill.migration));
        found.retain(|part| all.iter().any(|backfill| backfill.migration == part.migration));
    }
    let is_left = |state: State| found.iter().any(|part| part.state == state);
    if is_named && is_left(State::Cancelled) {
        return Err(Failure::new("it was cancelled: nobody goes on with it").help(AGAIN));
    }
    if is_left(State::Waiting) || is_left(State::Running) || is_left(State::Paused) {
        return Ok(true);
    }
    let count = all.len();
    show.line(&match count {
        0 if whole > 0 => format!("Nothing to fill: what there was is cancelled; {AGAIN}"),
        0 => "Nothing to fill: no migration that this database has asks for a backfill.".to_owned(),
        1 => format!("Nothing to fill: {} is done.", all[0].migration),
        _ => format!("Nothing to fill: all {count} backfills are done."),
    });
    Ok(false)
}

fn options(arguments: &BackfillRun) -> Options {
    let usual = Limits::default();
    Options {
        limits: Limits {
            target: arguments.target.filter(|time| !time.is_zero()).unwrap_or(usual.target),
            max_rate: arguments.max_rate,
            max_wal_rate: arguments.max_wal_rate,
            max_lag: match arguments.max_lag {
                Some(lag) => Some(lag).filter(|lag| !lag.is_zero()),
                None => usual.max_lag,
            },
            window: arguments.window,
        },
        patience: (!arguments.worker).then_some(PATIENCE),
        leaves_paused: arguments.worker,
    }
}

#[derive(Debug, Clone, Copy)]
enum Steering {
    Pause,
    Resume,
    Cancel,
}

async fn steer(common: &Common, names: &BackfillNames, steering: Steering) -> Result<()> {
    let (project, database) = open(common, StatusFormat::Text)?;
    let all = chosen(applied(&project, &database).await?, &names.names)?;
    let connection = postgres::connect(&database.direct).await?;
    for backfill in &all {
        let name = &backfill.migration;
        match steering {
            Steering::Pause => {
                backfill::pause(&connection, backfill).await?;
                say!("{name} is paused. To go on: cargo xtask backfill resume {name}");
            }
            Steering::Resume => {
                let found = backfill::resume(&connection, backfill).await?;
                say!("{name} is resumed.");
                if found.iter().all(|part| part.workers == 0) {
                    say!(
                        "Whoever runs backfills goes on with it; if nobody does: cargo xtask backfill run"
                    );
                }
            }
            Steering::Cancel => {
                backfill::cancel(&connection, backfill).await?;
                say!(
                    "{name} is cancelled; what is filled stays so. To begin it anew: cargo xtask backfill run {name} --again"
                );
            }
        }
    }
    Ok(())
}
