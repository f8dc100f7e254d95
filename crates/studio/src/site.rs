//! What all pages share: the project, its database, and what may be done to it.

use std::fmt;
use std::path::PathBuf;
use std::pin::Pin;

use psl::Schema;

use crate::database::{Database, Transaction};
use crate::failure::{Failure, Result};
use crate::filter::Filter;
use crate::model::{self, Model};
use crate::quoting::Statement;

/// What the studio is about. It asks for the schema anew for each page, so that an edited file is seen at once.
pub struct Project {
    /// Its name, for the title.
    pub name: String,
    pub schema: Box<dyn Fn() -> std::result::Result<Schema, String> + Send + Sync>,
    pub url: postgres::ConnectionUrl,
    pub migrations: PathBuf,
    /// Runs one of the project's own programs and gives the JSON that it prints; none where the project has none.
    pub programs: Option<Box<dyn Programs>>,
}

impl fmt::Debug for Project {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Project")
            .field("name", &self.name)
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

/// The project's programs above the client, which are not linked with this one.
pub trait Programs: Send + Sync {
    /// What `health --format json` prints.
    fn health(&self) -> Answer;
    /// What `verify --format json` prints.
    fn verify(&self) -> Answer;
}

/// What a program printed, or why it could not be run.
pub type Answer = Pin<Box<dyn Future<Output = std::result::Result<String, String>> + Send>>;

/// Why nothing may be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadOnly {
    /// `--read-only`.
    Asked,
    /// The database is somewhere else, and nobody said that it may be written to.
    Remote,
}

pub(crate) struct Site {
    pub(crate) project: Project,
    pub(crate) database: Database,
    pub(crate) read_only: Option<ReadOnly>,
}

impl Site {
    pub(crate) fn schema(&self) -> Result<Schema> {
        (self.project.schema)().map_err(|why| {
            Failure::internal(why).help("mend the schema file, then load this page again")
        })
    }

    /// The schema that models without `@@schema` are in.
    pub(crate) fn default_schema(&self) -> &str {
        self.database.url().schema()
    }

    /// Fails where nothing may be written.
    pub(crate) fn may_write(&self) -> Result<()> {
        match self.read_only {
            None => Ok(()),
            Some(ReadOnly::Asked) => {
                Err(Failure::forbidden("The studio was started with --read-only"))
            }
            Some(ReadOnly::Remote) => Err(Failure::forbidden(
                "This database is not a local one, so that nothing is written to it",
            )
            .help("start it with --allow-writes, if that is meant")),
        }
    }

    /// A model with its columns as the transaction sees them.
    pub(crate) async fn model(
        &self,
        on: &Transaction,
        schema: &Schema,
        name: &str,
    ) -> Result<Model> {
        let walker = Model::find(schema, name)?;
        if !model::shown(schema).any(|shown| shown == walker) {
            return Err(Failure::not_found(format!(
                "Model {name} is ignored, so that nothing is shown of it"
            )));
        }
        let namespace = model::namespace(walker, self.default_schema());
        let mut statement = Statement::new(model::COLUMNS);
        statement.values =
            vec![Some(walker.database_name().to_owned()), Some(namespace.to_owned())];
        Model::of(walker, self.default_schema(), &on.query(&statement).await?)
    }
    /// Reads the models that filters lead to, into the relations that lead there. What there is not is left to whoever makes SQL of
    /// them.
    pub(crate) async fn reach(
        &self,
        on: &Transaction,
        schema: &Schema,
        model: &mut Model,
        filters: &[Filter],
    ) -> Result<()> {
        let mut left: Vec<(&mut Model, Vec<&Filter>)> = vec![(model, filters.iter().collect())];
        while let Some((model, filters)) = left.pop() {
            for relation in &mut model.relations {
                let is_about_it = |filter: &&Filter| filter.name() == relation.name;
                let about: Vec<&Filter> = filters.iter().copied().filter(is_about_it).collect();
                if about.iter().any(|filter| matches!(filter, Filter::Related { .. })) {
                    let other = self.model(on, schema, &relation.to).await?;
                    let inner = about.iter().flat_map(|filter| filter.inner()).collect();
                    left.push((relation.other.insert(Box::new(other)), inner));
                }
            }
        }
        Ok(())
    }
}
