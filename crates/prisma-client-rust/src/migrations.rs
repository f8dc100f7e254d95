//! `_db_push`, `_migrate_deploy`, `_migrate_resolve`: for programs that bring their own database along, as desktop
//! applications do. Where there is a shell, `cargo xtask` does the same and shows what it does.
//!
//! The schema and the migrations are inside the program: the macro [`migrations!`](crate::migrations) puts them there
//! when it is compiled. They are migrated on a thread of their own, so that the futures can go anywhere.

use std::fmt;
use std::path::{Path, PathBuf};
use std::pin::Pin;

use migrate::push::{Agreed, Pushed};
use migrate::{Folder, deploy, push, resolve};
use postgres::ConnectionUrl;
use psl::{Schema, SourceFile};

pub use include_dir;
use include_dir::Dir;

use crate::Client;

type Migrated<T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send>>;

/// `db push`: `client._db_push().accept_data_loss().await`.
#[derive(Debug, Clone)]
#[must_use = "it is done when it is awaited"]
pub struct DbPush {
    url: ConnectionUrl,
    schema: Vec<(&'static str, &'static str)>,
    force_reset: bool,
    accept_data_loss: bool,
}

/// `migrate deploy`: `client._migrate_deploy().await`.
#[derive(Debug, Clone)]
#[must_use = "it is done when it is awaited"]
pub struct MigrateDeploy {
    url: ConnectionUrl,
    migrations: &'static Dir<'static>,
    temp_dir: Option<PathBuf>,
}

/// Why a push did not come to its end.
#[derive(Debug)]
pub enum DbPushError {
    /// The database could not be emptied.
    ResetFailed(migrate::Error),
    /// Steps that cannot be taken with the data that is there, each with its reason.
    UnexecutableChanges(Vec<String>),
    /// Steps that lose data, which nobody has agreed to.
    PossibleDataLoss(Vec<String>),
    /// Anything else.
    Other(migrate::Error),
    /// The schema inside the program has errors.
    Schema(Vec<String>),
}

/// Why a deploy did not come to its end.
#[derive(Debug)]
pub enum MigrateDeployError {
    /// The folder for the migrations could not be made.
    CreateDir(std::io::Error),
    /// The migrations could not be written to it.
    ExtractMigrations(std::io::Error),
    /// The folder could not be removed.
    RemoveDir(std::io::Error),
    /// The migrations could not be run.
    Connector(migrate::Error),
}

/// Why a migration was not noted as applied.
pub type MigrateResolveError = MigrateDeployError;

impl Client {
    /// For generated code: a push of these files, paths with their texts.
    pub fn db_push(&self, schema: &[(&'static str, &'static str)]) -> DbPush {
        let url = self.pool().url().clone();
        DbPush { url, schema: schema.to_vec(), force_reset: false, accept_data_loss: false }
    }

    /// For generated code: a deploy of this folder.
    pub fn migrate_deploy(&self, migrations: &'static Dir<'static>) -> MigrateDeploy {
        MigrateDeploy { url: self.pool().url().clone(), migrations, temp_dir: None }
    }

    /// For generated code: notes a migration of this folder as applied.
    pub async fn migrate_resolve(
        &self,
        migrations: &'static Dir<'static>,
        name: &str,
    ) -> Result<(), MigrateResolveError> {
        let (url, name) = (self.pool().url().clone(), name.to_owned());
        apart(async move || {
            let temporary = Temporary::with(migrations, None)?;
            let folder = Folder::read(&temporary.path).map_err(MigrateDeployError::Connector)?;
            let resolved = resolve::applied(&folder, &url, &name).await;
            temporary.remove()?;
            resolved.map(drop).map_err(MigrateDeployError::Connector)
        })
        .await
    }
}

impl DbPush {
    /// Empties the database first, which loses everything in it.
    pub fn force_reset(mut self) -> Self {
        self.force_reset = true;
        self
    }

    /// Takes steps that lose data too.
    pub fn accept_data_loss(mut self) -> Self {
        self.accept_data_loss = true;
        self
    }

    async fn run(self) -> Result<u32, DbPushError> {
        let schema = analyze(&self.schema)?;
        if self.force_reset {
            let reset = push::reset(&schema, &self.url, &mut |_| ()).await;
            reset.map_err(DbPushError::ResetFailed)?;
        }
        let mut warnings = Vec::new();
        loop {
            let agreed = Agreed { warnings: &warnings, ..Agreed::default() };
            let pushed = push::push(&schema, &self.url, agreed, &mut |_| ()).await;
            match pushed.map_err(DbPushError::Other)? {
                Pushed::InSync { steps } => return Ok(u32::try_from(steps).unwrap_or(u32::MAX)),
                Pushed::Refused { risks, .. } if !risks.unexecutable.is_empty() => {
                    let reasons = risks.unexecutable.into_iter().map(|step| step.message);
                    return Err(DbPushError::UnexecutableChanges(reasons.collect()));
                }
                Pushed::Refused { risks, .. } if !self.accept_data_loss => {
                    return Err(DbPushError::PossibleDataLoss(risks.warnings));
                }
                Pushed::Refused { risks, .. } => warnings = risks.warnings,
            }
        }
    }
}

impl MigrateDeploy {
    /// Where the migrations are written to while they run; in the system's folder for such things otherwise.
    pub fn with_temp_dir(mut self, folder: impl AsRef<Path>) -> Self {
        self.temp_dir = Some(folder.as_ref().to_owned());
        self
    }

    async fn run(self) -> Result<(), MigrateDeployError> {
        let temporary = Temporary::with(self.migrations, self.temp_dir)?;
        let folder = Folder::read(&temporary.path).map_err(MigrateDeployError::Connector)?;
        let deployed = deploy::deploy(&folder, &self.url, &mut |_| ()).await;
        temporary.remove()?;
        deployed.map(drop).map_err(MigrateDeployError::Connector)
    }
}

impl IntoFuture for DbPush {
    type Output = Result<u32, DbPushError>;
    type IntoFuture = Migrated<u32, DbPushError>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(apart(async move || self.run().await))
    }
}

impl IntoFuture for MigrateDeploy {
    type Output = Result<(), MigrateDeployError>;
    type IntoFuture = Migrated<(), MigrateDeployError>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(apart(async move || self.run().await))
    }
}

fn analyze(files: &[(&str, &str)]) -> Result<Schema, DbPushError> {
    let files = files.iter().map(|(path, text)| SourceFile::new(*path, *text)).collect();
    let analysis = psl::analyze(files);
    if analysis.has_errors() {
        let messages = analysis.diagnostics.iter().map(|one| one.message.clone()).collect();
        return Err(DbPushError::Schema(messages));
    }
    Ok(analysis.schema)
}

/// Does the work on a thread of its own and waits for it. Whoever gives up waiting does not stop it.
async fn apart<T: Send + 'static>(work: impl AsyncFnOnce() -> T + Send + 'static) -> T {
    let (send, receive) = tokio::sync::oneshot::channel();
    let thread = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.expect("the system gives a runtime to whoever runs in one");
        // Nobody waits any more: the work is done all the same.
        let _ = send.send(runtime.block_on(work()));
    });
    match receive.await {
        Ok(done) => done,
        // The thread has panicked, and so does whoever waits for it.
        Err(_) => match thread.join() {
            Err(panic) => std::panic::resume_unwind(panic),
            Ok(()) => unreachable!("a thread that ends well has sent what it did"),
        },
    }
}

/// The migrations, written where they can be read.
struct Temporary {
    path: PathBuf,
}

impl Temporary {
    fn with(migrations: &Dir<'_>, folder: Option<PathBuf>) -> Result<Self, MigrateDeployError> {
        let folder = folder.unwrap_or_else(std::env::temp_dir);
        let path = folder.join(format!("prisma-client-rust-migrations-{}", uuid::Uuid::new_v4()));
        std::fs::create_dir_all(&path).map_err(MigrateDeployError::CreateDir)?;
        let temporary = Self { path };
        migrations.extract(&temporary.path).map_err(MigrateDeployError::ExtractMigrations)?;
        Ok(temporary)
    }

    fn remove(&self) -> Result<(), MigrateDeployError> {
        std::fs::remove_dir_all(&self.path).map_err(MigrateDeployError::RemoveDir)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // Removed already, or there is something worse to tell.
        let _ = std::fs::remove_dir_all(&self.path);
    }
}

impl fmt::Display for DbPushError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ResetFailed(error) => write!(f, "Failed to reset database: {error}"),
            Self::UnexecutableChanges(changes) => {
                write!(f, "Some changes could not be executed:\n {}", changes.join("\n"))
            }
            Self::PossibleDataLoss(warnings) => {
                write!(f, "Data loss may occur:\n {}", warnings.join("\n"))
            }
            Self::Other(error) => {
                write!(f, "An error occured pushing schema to the database: {error}")
            }
            Self::Schema(messages) => {
                write!(f, "The schema inside the program has errors:\n {}", messages.join("\n"))
            }
        }
    }
}

impl fmt::Display for MigrateDeployError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CreateDir(error) => {
                write!(f, "The folder for the migrations could not be made: {error}")
            }
            Self::ExtractMigrations(error) => {
                write!(f, "The migrations could not be written to their folder: {error}")
            }
            Self::RemoveDir(error) => {
                write!(f, "The folder of the migrations could not be removed: {error}")
            }
            Self::Connector(error) => {
                write!(f, "An error occurred running the migrations: {error}")
            }
        }
    }
}

impl std::error::Error for DbPushError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::ResetFailed(error) | Self::Other(error) => Some(error),
            Self::UnexecutableChanges(_) | Self::PossibleDataLoss(_) | Self::Schema(_) => None,
        }
    }
}

impl std::error::Error for MigrateDeployError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::CreateDir(error) | Self::ExtractMigrations(error) | Self::RemoveDir(error) => {
                Some(error)
            }
            Self::Connector(error) => Some(error),
        }
    }
}

/// For generated code: the methods that migrate, and what they take inside the program.
#[macro_export]
macro_rules! migrations {
    ($client:ident; $($path:literal)*;) => {
        impl $client {
            /// Brings the database to what the schema says, without migrations.
            pub fn _db_push(&self) -> $crate::migrations::DbPush {
                self.0.db_push(&[$(($path, include_str!($path))),*])
            }
        }
    };
    ($client:ident; $($path:literal)*; $folder:tt) => {
        $crate::migrations! { $client; $($path)*; }

        impl $client {
            /// Applies the migrations that the database does not have yet.
            pub fn _migrate_deploy(&self) -> $crate::migrations::MigrateDeploy {
                self.0.migrate_deploy(&MIGRATIONS_DIR)
            }

            /// Notes a migration as applied without running it.
            pub async fn _migrate_resolve(
                &self,
                migration: &str,
            ) -> ::std::result::Result<(), $crate::migrations::MigrateResolveError> {
                self.0.migrate_resolve(&MIGRATIONS_DIR, migration).await
            }
        }

        /// The migrations, as they were when this was compiled.
        pub static MIGRATIONS_DIR: $crate::migrations::include_dir::Dir<'static> = {
            use $crate::migrations::include_dir;
            include_dir::include_dir!($folder)
        };
    };
}
