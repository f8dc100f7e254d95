//! The client beneath the generated one: what it is made of; how its statements are sent is in `send.rs`.

mod arriving;
mod at_once;
mod send;

use std::fmt;
use std::sync::Arc;

use postgres::{ConnectionUrl, Pool};

use crate::error::NewClientError;
use crate::lanes::Lanes;
use crate::mock::MockStore;
use crate::plan::new_rows::NewRows;
use crate::plan::{Enums, Scope};
use crate::prepared::Shapes;
use crate::replicas::{Replica, Replicas};
use crate::session::Session;
use crate::value::PrismaValue;

pub(crate) use arriving::{Came, Way};
pub(crate) use send::{Outcome, send_once};

/// A handle on a pool of connections, or on one transaction; cheap to clone.
///
/// Generated code wraps it in `PrismaClient`, which adds a method for each model.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
    session: Option<Arc<Session>>,
    mock: Option<MockStore>,
    replicas: Option<Arc<Replicas>>,
    /// Where this client's one query goes, instead of the first server.
    replica: Option<Arc<Replica>>,
    /// Whose rows all of its queries are about; everybody's without it.
    tenant: Option<Arc<PrismaValue>>,
}

#[derive(Debug)]
pub(crate) struct Shared {
    pool: Pool,
    lanes: Lanes,
    shapes: Shapes,
    /// The schema of models that name none.
    schema: String,
}

/// Makes a client: `PrismaClient::_builder()`.
#[derive(Debug, Clone)]
pub struct Builder<C> {
    url: Option<String>,
    replicas: Vec<String>,
    env: &'static str,
    client: std::marker::PhantomData<fn() -> C>,
}

impl<C: From<Client>> Builder<C> {
    /// For generated code: `env` is the variable that the schema's datasource names, else `DATABASE_URL`.
    pub fn new(env: &'static str) -> Self {
        Self { url: None, replicas: Vec::new(), env, client: std::marker::PhantomData }
    }

    /// The database, instead of the one the environment names.
    #[must_use]
    pub fn with_url(mut self, url: String) -> Self {
        self.url = Some(url);
        self
    }

    /// Servers that follow the first one: reads outside transactions go to them in turn, and to the first one where they
    /// cannot be reached. What they give may be a little old; `_primary()` reads what was just written.
    #[must_use]
    pub fn with_replicas(mut self, urls: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.replicas = urls.into_iter().map(Into::into).collect();
        self
    }

    /// Connects once, so that a wrong URL shows itself here.
    ///
    /// Without [`with_url`](Self::with_url) the URL comes from the environment or from the nearest `.env` in the
    /// current folder or above it.
    pub async fn build(self) -> Result<C, NewClientError> {
        let client = self.client()?;
        drop(client.pool().get().await?);
        Ok(C::from(client))
    }

    /// The same without a connection: the first statement makes one, and shows what is wrong with the URL.
    ///
    /// # Errors
    /// There is no URL, or it cannot be read.
    pub fn build_unconnected(self) -> Result<C, NewClientError> {
        self.client().map(C::from)
    }

    fn client(self) -> Result<Client, NewClientError> {
        let url = match self.url {
            Some(url) => url,
            None => from_environment(self.env).ok_or_else(|| NewClientError::no_url(self.env))?,
        };
        let url: ConnectionUrl = url.parse()?;
        let client = Client::over(postgres::pool(&url, None)?);
        if self.replicas.is_empty() {
            return Ok(client);
        }
        let replica = |url: &String| postgres::pool(&url.parse()?, None);
        let pools = self.replicas.iter().map(replica).collect::<Result<_, postgres::Error>>()?;
        Ok(client.following(pools))
    }
}

impl Client {
    /// A client over a pool that is there already.
    pub fn over(pool: Pool) -> Self {
        Self {
            shared: Arc::new(Shared::new(pool)),
            session: None,
            mock: None,
            replicas: None,
            replica: None,
            tenant: None,
        }
    }

    /// The same, whose reads go to servers that follow this one.
    fn following(mut self, pools: Vec<Pool>) -> Self {
        let all = pools.into_iter().map(|pool| Arc::new(Shared::new(pool))).collect();
        self.replicas = Some(Arc::new(Replicas::new(all)));
        self
    }

    /// The same without replicas: what was just written is seen.
    #[must_use]
    pub fn primary(&self) -> Self {
        Self { replicas: None, replica: None, ..self.clone() }
    }

    /// The client of a query that only reads.
    pub(crate) fn reading(&self) -> Self {
        let replica = self.replicas.as_ref().and_then(|replicas| replicas.next());
        Self { replica, ..self.clone() }
    }

    /// The same, answering from a store.
    pub(crate) fn answering(mut self, store: MockStore) -> Self {
        self.mock = Some(store);
        self
    }

    /// For the new rows of a query. Where somebody looks at their values, a guard or a mock, they stay as they are until it
    /// runs.
    pub(crate) fn new_rows(&self) -> NewRows {
        NewRows::new(self.mock.is_none() && self.tenant.is_none())
    }

    pub(crate) fn mock_store(&self) -> Option<&MockStore> {
        self.mock.as_ref()
    }

    /// The pool that statements outside a transaction take their connections from.
    pub fn pool(&self) -> &Pool {
        &self.shared.pool
    }

    /// Whether this client speaks for a transaction.
    pub fn is_in_transaction(&self) -> bool {
        self.session.is_some()
    }

    /// The transaction that this client speaks for.
    pub(crate) fn session(&self) -> Option<&Session> {
        self.session.as_deref()
    }

    /// Whether a pooler stands between the client and the server.
    pub(crate) fn is_pooled(&self) -> bool {
        self.shared.pool.url().is_pgbouncer()
    }

    /// For generated code: the same, whose queries find and write only what belongs to this tenant.
    ///
    /// What belongs to two tenants is nothing: the client of one that is made that of another finds nothing and writes
    /// nothing. So a scope is never left by narrowing it again.
    #[must_use]
    pub fn scoped(&self, tenant: PrismaValue) -> Self {
        let tenant = match &self.tenant {
            Some(other) if **other != tenant => PrismaValue::Null,
            _ => tenant,
        };
        Self { tenant: Some(Arc::new(tenant)), ..self.clone() }
    }

    /// The same with the scope of another one, which a query was made with.
    pub(crate) fn with_scope_of(mut self, other: &Self) -> Self {
        self.tenant.clone_from(&other.tenant);
        self
    }

    /// Whether its queries are everybody's rows', and go to the one server.
    pub(crate) fn is_plain(&self) -> bool {
        self.tenant.is_none() && self.replica.is_none()
    }

    /// The statements that were sent before.
    pub(crate) fn shapes(&self) -> &Shapes {
        &self.shared.shapes
    }

    /// Which tables queries are about, and whose rows of them.
    pub(crate) fn scope(&self) -> Scope<'_> {
        Scope { schema: &self.shared.schema, tenant: self.tenant.as_deref() }
    }

    pub(crate) fn within(&self, session: Arc<Session>) -> Self {
        Self { session: Some(session), ..self.primary() }
    }
}

impl Shared {
    fn new(pool: Pool) -> Self {
        let schema = pool.url().schema().to_owned();
        // What a pooler is in the way of: asking about a type takes a prepared statement.
        let enums = if pool.url().is_pgbouncer() { Enums::AsText } else { Enums::AsTheyAre };
        Self { lanes: Lanes::new(pool.clone()), shapes: Shapes::new(enums), pool, schema }
    }
}

// The same for all clients of a kind: queries are compared by what they show.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.mock.is_some() { "MockClient" } else { "Client" })?;
        self.tenant.as_ref().map_or(Ok(()), |tenant| write!(f, "({tenant:?})"))
    }
}

/// A variable of the environment, else of the nearest `.env` in the current folder or above it.
fn from_environment(name: &str) -> Option<String> {
    let set = |name: &str| std::env::var(name).ok();
    set(name).or_else(|| {
        let folder = std::env::current_dir().ok()?;
        let mut files = folder.ancestors().map(|folder| folder.join(".env"));
        let file = files.find_map(|file| std::fs::read_to_string(file).ok())?;
        postgres::env::parse(&file, &set).remove(name)
    })
}
