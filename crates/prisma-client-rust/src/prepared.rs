//! Statements that were sent before: found again by their shape, prepared once on each connection.
//!
//! A shape that comes back costs neither the writing of its text nor a question to the server. How many are kept is
//! limited, since conditions that are put together at run time may have any number of shapes; a statement that is let
//! go is closed on the server too.

use std::collections::HashMap;
use std::mem;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use postgres::PooledConnection;
use postgres::driver::deadpool_postgres::StatementCache;
use postgres::driver::tokio_postgres;
use postgres::driver::{Statement as Prepared, Type};
use tokio::sync::OnceCell;

use crate::plan::{Shape, Statement};

/// How many shapes are young; as many are old. A shape nobody asks for while so many others come is let go.
const YOUNG: usize = 500;

/// The shapes of a client's statements.
#[derive(Debug, Default)]
pub(crate) struct Shapes {
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    young: HashMap<u64, Arc<Text>>,
    old: HashMap<u64, Arc<Text>>,
}

/// The text of a shape, and the connections that know it.
#[derive(Debug)]
pub(crate) struct Text {
    shape: Shape,
    pub(crate) sql: String,
    pub(crate) types: Vec<Type>,
    prepared: Mutex<Vec<On>>,
}

/// What a text is called on one connection.
#[derive(Debug)]
struct On {
    /// Stands for the connection, and keeps its place in memory from being taken by another.
    connection: Weak<StatementCache>,
    statement: Arc<OnceCell<Prepared>>,
}

impl Shapes {
    /// The text of a statement: an earlier one's where that had the same shape.
    pub(crate) fn text(&self, statement: &Statement) -> Arc<Text> {
        let fingerprint = statement.shape.fingerprint();
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let same = |text: &Arc<Text>| text.shape == statement.shape;
        if let Some(text) = known.young.get(&fingerprint).filter(|text| same(text)) {
            return Arc::clone(text);
        }
        // Of two shapes with one fingerprint the later is remembered.
        let old = known.old.remove(&fingerprint).filter(same);
        let text = old.unwrap_or_else(|| Arc::new(Text::of(statement)));
        if known.young.len() >= YOUNG {
            known.old = mem::take(&mut known.young);
        }
        drop(known.young.insert(fingerprint, Arc::clone(&text)));
        text
    }
}

impl Text {
    pub(crate) fn of(statement: &Statement) -> Self {
        Self {
            sql: statement.text(),
            types: statement.shape.types(),
            shape: statement.shape.clone(),
            prepared: Mutex::default(),
        }
    }

    /// The first table of the statement.
    pub(crate) fn table(&self) -> Option<&'static str> {
        self.shape.table()
    }

    /// The statement on a connection. Of many who ask at once, one prepares it.
    pub(crate) async fn on(
        &self,
        connection: &PooledConnection,
    ) -> Result<Prepared, tokio_postgres::Error> {
        let cell = self.cell(&connection.statement_cache);
        if let Some(statement) = cell.get() {
            return Ok(statement.clone());
        }
        let prepare = || connection.prepare_typed(&self.sql, &self.types);
        cell.get_or_try_init(prepare).await.cloned()
    }

    /// The statement is of no use on this connection any more.
    pub(crate) fn forget(&self, connection: &PooledConnection) {
        let of = Arc::as_ptr(&connection.statement_cache);
        let mut prepared = self.prepared.lock().unwrap_or_else(PoisonError::into_inner);
        prepared.retain(|on| on.connection.as_ptr() != of);
    }

    fn cell(&self, connection: &Arc<StatementCache>) -> Arc<OnceCell<Prepared>> {
        let mut prepared = self.prepared.lock().unwrap_or_else(PoisonError::into_inner);
        let of = Arc::as_ptr(connection);
        if let Some(on) = prepared.iter().find(|on| on.connection.as_ptr() == of) {
            return Arc::clone(&on.statement);
        }
        // Connections that are gone.
        prepared.retain(|on| on.connection.strong_count() > 0);
        let statement = Arc::new(OnceCell::new());
        prepared
            .push(On { connection: Arc::downgrade(connection), statement: Arc::clone(&statement) });
        statement
    }
}
