//! A schema in the main database, for those who may not make databases: made, filled and described inside one
//! transaction that is never committed. Whatever becomes of us, nothing of it is ever there for anybody else.
//!
//! `confined` reads the scripts before, but could read one otherwise than the server does. So each statement is sent
//! alone, in the protocol that refuses two at once; after each we look whether this is still the same transaction; and
//! the transaction holds a row that no commit lets through. An event trigger of the database would hear of what is made
//! here, and do what it does: where there is one, nothing is made.

use pg_schema::PgSchema;
use postgres::driver::SqlState;
use postgres::{Connection, ConnectionUrl, introspect_in_transaction};
use uuid::Uuid;

use super::confined::{Unconfined, confine};
use super::refusal::{self, NoRight};
use crate::apply::stop::Stop;
use crate::failure::Place;
use crate::folder::{Folder, Migration, script_path};
use crate::script::{Batch, Script, Statement};
use crate::{Error, Progress, quoting};

/// What the names of the schemas begin with.
pub(super) const SCHEMA_PREFIX: &str = "driveflow_shadow_";

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
    /// Fails with P3014 where several schemas are asked for, where one cannot be made, or where that would not go unnoticed.
    pub(super) async fn open(
        url: &ConnectionUrl,
        no_right: NoRight,
        schemas: &[String],
    ) -> Result<Self, Error> {
        if schemas.iter().any(|schema| schema != url.schema()) {
            return Err(no_right.with("the schema file needs more than one schema"));
        }
        let connection = postgres::connect(url).await?;
        let listening = "SELECT evtname::text FROM pg_event_trigger WHERE evtenabled <> 'D' AND evtevent <> 'login' \
                         ORDER BY evtname LIMIT 1";
        if let Some(row) = connection.query_opt(listening, &[]).await? {
            let name = quoting::identifier(row.get(0));
            return Err(no_right.with(&format!(
                "the database's event trigger {name} would hear of what is made in it"
            )));
        }
        let others = "SELECT nspname::text FROM pg_namespace WHERE nspname NOT IN ('pg_catalog', 'information_schema')";
        let others = connection.query(others, &[]).await?.iter().map(|row| row.get(0)).collect();
        let schema = format!("{SCHEMA_PREFIX}{}", Uuid::new_v4().simple());
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
        let transaction = self.transaction().await?;
        for (at, (migration, text)) in migrations.iter().zip(&texts).enumerate() {
            let name = &migration.name;
            progress(Progress::Replaying { name, number: at + 1, of: migrations.len() });
            let script = Script::new(text);
            for (number, statement) in script.statements().iter().enumerate() {
                if let Err(error) = self.run_alone(&script, statement).await {
                    return Err(self.stopped(folder, migration, &script, number, error));
                }
                if self.transaction().await? != transaction {
                    let why = "it left the transaction, after which nothing more was run";
                    return Err(self.explain(folder, migration, &Unconfined::new(statement, why)));
                }
            }
        }
        Ok(())
    }

    /// What the migrations have made, in the words of the schema that they are meant for.
    pub(super) async fn describe(&self) -> Result<PgSchema, Error> {
        let schemas = std::slice::from_ref(&self.schema);
        let mut schema = introspect_in_transaction(&self.connection, schemas).await?;
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
        let guard = quoting::identifier(&self.guard());
        // We neither wait long for those who work there nor, having waited, let them wait for us. The row refers to
        // one that is missing, which is looked for at a commit.
        let begin = format!(
            "BEGIN; SET LOCAL lock_timeout TO '3s'; SET LOCAL statement_timeout TO 0;
             SET LOCAL idle_in_transaction_session_timeout TO 0; SET LOCAL standard_conforming_strings TO on;
             CREATE SCHEMA {guard};
             CREATE TABLE {guard}.never (a int UNIQUE, b int REFERENCES {guard}.never (a) DEFERRABLE INITIALLY DEFERRED);
             INSERT INTO {guard}.never VALUES (1, 2);
             CREATE SCHEMA {schema}; SET LOCAL search_path TO {schema}"
        );
        match self.connection.batch_execute(&begin).await {
            Err(error) if has_state(&error, &SqlState::INSUFFICIENT_PRIVILEGE) => {
                Err(self.no_right.with("the user may not make a schema in this database either"))
            }
            done => Ok(done?),
        }
    }

    /// The schema of the row that no commit lets through.
    fn guard(&self) -> String {
        format!("{}_guard", self.schema)
    }

    /// What tells this transaction from any other, and where bare names lead in it.
    async fn transaction(&self) -> Result<(String, String), postgres::Error> {
        let ask = "SELECT pg_catalog.pg_current_xact_id()::text, pg_catalog.current_setting('search_path')";
        let row = self.connection.query_one(ask, &[]).await?;
        Ok((row.get(0), row.get(1)))
    }

    async fn run_alone(
        &self,
        script: &Script<'_>,
        statement: &Statement,
    ) -> Result<(), postgres::Error> {
        let text = &script.text()[statement.start..statement.range.end];
        // Whoever gives up on a migration does not leave it running with its locks.
        let guard = self.connection.cancel_on_drop();
        let ran = self.connection.execute(text, &[]).await;
        guard.done();
        ran.map(drop)
    }

    fn explain(&self, folder: &Folder, migration: &Migration, unconfined: &Unconfined) -> Error {
        let file = script_path(folder.path(), &migration.name);
        let line = Place::of(&migration.script, unconfined.at).line;
        let why = &unconfined.why;
        self.no_right.with(&format!("{}:{line}: {why}", file.display())).with_file(file)
    }

    fn stopped(
        &self,
        folder: &Folder,
        migration: &Migration,
        script: &Script<'_>,
        number: usize,
        error: postgres::Error,
    ) -> Error {
        let statement = &script.statements()[number];
        if let Some(why) = self.only_here(statement, &error) {
            return self.explain(folder, migration, &Unconfined::new(statement, &why));
        }
        let batch = Batch {
            range: statement.start..statement.range.end,
            transactional: true,
            statements: number..number + 1,
        };
        let stop = Stop::Refused { batch, completed: 0, error };
        refusal::of_script(folder, migration, script, stop)
    }

    /// Why a statement may do in a database of its own what it does not do here.
    fn only_here(&self, statement: &Statement, error: &postgres::Error) -> Option<String> {
        let is = |state: &SqlState| has_state(error, state);
        let db = error.db();
        let why = if is(&SqlState::UNSAFE_NEW_ENUM_VALUE_USAGE) {
            "it uses an enum value that another migration adds, which needs a commit between them"
        } else if is(&SqlState::OUT_OF_MEMORY) {
            "all migrations together take more locks than one transaction may hold"
        } else if is(&SqlState::LOCK_NOT_AVAILABLE) {
            "it needs a lock that somebody else holds"
        } else if is(&SqlState::SYNTAX_ERROR) && db.is_some_and(|db| db.position().is_none()) {
            // The server's word for several statements at once.
            "it is not plain where its statements end"
        } else if db.is_some_and(|db| db.schema() == Some(self.guard().as_str())) {
            "it ends the transaction"
        } else if db.is_none() && !error.is_closed() {
            // The driver's word for a statement with parameters.
            return Some(error.to_string());
        } else if is(&SqlState::UNDEFINED_FUNCTION)
            || is(&SqlState::UNDEFINED_OBJECT)
                // What is not there to be dropped would not be there anywhere.
                && !statement.words().iter().any(|word| word == "DROP")
        {
            let said = db.map_or("", postgres::driver::DbError::message);
            return Some(format!("it needs what is in another schema, or nowhere: {said}"));
        } else {
            return None;
        };
        Some(why.to_owned())
    }
}

fn has_state(error: &postgres::Error, state: &SqlState) -> bool {
    error.db().is_some_and(|db| db.code() == state)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Project;

    async fn borrowed(project: &Project) -> Borrowed {
        let refused = postgres::connect(project.url()).await.unwrap();
        let refused = refused.batch_execute("SELECT nothing").await.unwrap_err();
        let no_right = NoRight::new(project.url(), &refused);
        Borrowed::open(project.url(), no_right, &[]).await.unwrap()
    }

    /// What happens to a text that was let in as one statement.
    async fn run(borrowed: &Borrowed, text: &str) -> Result<(), String> {
        let script = Script::new(text);
        let mut statement = script.statements()[0].clone();
        statement.range.end = text.len();
        let ran = borrowed.run_alone(&script, &statement).await;
        ran.map_err(|error| borrowed.only_here(&statement, &error).unwrap_or(error.to_string()))
    }

    #[tokio::test]
    async fn what_is_let_in_for_nothing_commits_nothing() {
        let project = Project::new("borrowed_commit");
        project.execute("CREATE TABLE precious (a int)").await;
        for (text, why) in [
            ("SELECT 1; COMMIT; DROP TABLE public.precious;", "it is not plain where"),
            ("COMMIT", "it ends the transaction"),
            ("COMMIT AND CHAIN", "it ends the transaction"),
            ("SET CONSTRAINTS ALL IMMEDIATE", "it ends the transaction"),
            ("SELECT $1::int", "parameters"),
        ] {
            let borrowed = borrowed(&project).await;
            run(&borrowed, "CREATE TABLE t (a int)").await.unwrap();
            let said = run(&borrowed, text).await.unwrap_err();
            assert!(said.contains(why), "{text}: {said}");
            borrowed.close().await.unwrap();
            let left = "SELECT count(*) FROM pg_class WHERE relname IN ('t', 'never')";
            assert_eq!(project.value(left).await.as_deref(), Some("0"), "{text}");
            assert!(project.has_table("precious").await, "{text}");
        }
    }

    #[tokio::test]
    async fn another_transaction_or_path_is_noticed() {
        let project = Project::new("borrowed_path");
        for text in
            ["ROLLBACK", "SET search_path TO public", "SELECT set_config('search_path', '', true)"]
        {
            let borrowed = borrowed(&project).await;
            let before = borrowed.transaction().await.unwrap();
            run(&borrowed, "CREATE TABLE t (a int)").await.unwrap();
            assert_eq!(borrowed.transaction().await.unwrap(), before);
            run(&borrowed, text).await.unwrap();
            assert_ne!(borrowed.transaction().await.unwrap(), before, "{text}");
            borrowed.close().await.unwrap();
        }
    }

    #[tokio::test]
    async fn nobody_is_waited_for_long() {
        let project = Project::new("borrowed_lock");
        project.execute("CREATE TABLE busy (a int)").await;
        let other = project.connect().await;
        other.batch_execute("BEGIN; LOCK TABLE busy").await.unwrap();
        let borrowed = borrowed(&project).await;
        let said = run(&borrowed, "TABLE public.busy").await.unwrap_err();
        assert!(said.contains("a lock that somebody else holds"), "{said}");
        borrowed.close().await.unwrap();
    }
}
