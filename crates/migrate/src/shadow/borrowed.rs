//! A schema in the main database, for those who may not make databases: made, filled and described inside one
//! transaction that is never committed. Whatever becomes of us, nothing of it is ever there for anybody else.

use pg_schema::PgSchema;
use postgres::driver::SqlState;
use postgres::{Connection, ConnectionUrl, introspect};
use uuid::Uuid;

use super::confined::{Unconfined, confine};
use super::refusal::{self, NoRight};
use crate::apply::{Stop, run};
use crate::failure::place;
use crate::folder::{Folder, Migration, script_path};
use crate::script::Script;
use crate::{Error, Progress, quoting};

/// The transaction, as long as its connection stands.
#[derive(Debug)]
pub(super) struct Borrowed {
    connection: Connection,
    schema: String,
    /// The schemas that no script may name.
    others: Vec<String>,
    no_right: NoRight,
}

impl Borrowed {
    /// Begins, because of `no_right`.
    ///
    /// Fails with P3014 where several schemas are asked for, or one cannot be made.
    pub(super) async fn open(
        url: &ConnectionUrl,
        no_right: NoRight,
        schemas: &[String],
    ) -> Result<Self, Error> {
        if schemas.iter().any(|schema| schema != url.schema()) {
            return Err(no_right.with("the schema file needs more than one schema"));
        }
        let connection = postgres::connect(url).await?;
        let others = "SELECT nspname::text FROM pg_namespace WHERE nspname NOT IN ('pg_catalog', 'information_schema')";
        let others = connection.query(others, &[]).await?.iter().map(|row| row.get(0)).collect();
        let schema = format!("driveflow_shadow_{}", Uuid::new_v4().simple());
        let borrowed = Self { connection, schema, others, no_right };
        borrowed.begin().await?;
        Ok(borrowed)
    }

    pub(super) async fn empty(&self) -> Result<(), Error> {
        self.connection.batch_execute("ROLLBACK").await?;
        self.begin().await
    }

    /// Runs migrations, in the order given, unless one of them might leave the schema.
    pub(super) async fn replay(
        &self,
        folder: &Folder,
        migrations: &[&Migration],
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<(), Error> {
        let own = self.connection.url().schema();
        let mut texts = Vec::with_capacity(migrations.len());
        for migration in migrations {
            let confined = confine(&Script::new(&migration.script), own, &self.others);
            texts
                .push(confined.map_err(|unconfined| self.explain(folder, migration, &unconfined))?);
        }
        for (at, (migration, text)) in migrations.iter().zip(&texts).enumerate() {
            let name = &migration.name;
            progress(Progress::Replaying { name, number: at + 1, of: migrations.len() });
            let script = Script::new(text);
            if let Err(stop) = run(&self.connection, &script, "").await {
                return Err(self.stopped(folder, migration, &script, stop));
            }
        }
        Ok(())
    }

    /// What the migrations have made, in the words of the schema that they are meant for.
    pub(super) async fn describe(&self) -> Result<PgSchema, Error> {
        let mut schema = introspect(&self.connection, std::slice::from_ref(&self.schema)).await?;
        schema.move_namespace(&self.schema, self.connection.url().schema());
        Ok(schema)
    }

    pub(super) fn is_no_database(&self) -> Error {
        self.no_right.with("all that a database holds is compared, which takes a database")
    }

    pub(super) async fn close(self) -> Result<(), Error> {
        self.connection.batch_execute("ROLLBACK").await?;
        self.connection.close().await;
        Ok(())
    }

    async fn begin(&self) -> Result<(), Error> {
        let schema = quoting::identifier(&self.schema);
        let begin = format!("BEGIN; CREATE SCHEMA {schema}; SET LOCAL search_path TO {schema}");
        match self.connection.batch_execute(&begin).await {
            Err(error) if has_state(&error, &SqlState::INSUFFICIENT_PRIVILEGE) => {
                Err(self.no_right.with("the user may not make a schema in this database either"))
            }
            done => Ok(done?),
        }
    }

    fn explain(&self, folder: &Folder, migration: &Migration, unconfined: &Unconfined) -> Error {
        let file = script_path(folder.path(), &migration.name);
        let line = place(&migration.script, unconfined.at).line;
        let why = &unconfined.why;
        self.no_right.with(&format!("{}:{line}: {why}", file.display())).with_file(file)
    }

    fn stopped(
        &self,
        folder: &Folder,
        migration: &Migration,
        script: &Script<'_>,
        stop: Stop,
    ) -> Error {
        let of_one_transaction = [
            (
                SqlState::UNSAFE_NEW_ENUM_VALUE_USAGE,
                "it uses an enum value that another migration adds, which needs a commit between them",
            ),
            (
                SqlState::OUT_OF_MEMORY,
                "all migrations together take more locks than one transaction may hold",
            ),
        ];
        for (state, why) in of_one_transaction {
            if stop.error().is_some_and(|error| has_state(error, &state)) {
                return self.explain(folder, migration, &Unconfined { at: 0, why: why.to_owned() });
            }
        }
        refusal::of_script(folder, migration, script, stop)
    }
}

fn has_state(error: &postgres::Error, state: &SqlState) -> bool {
    error.db().is_some_and(|db| db.code() == state)
}
