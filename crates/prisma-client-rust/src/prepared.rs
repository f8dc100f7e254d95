//! Statements that were sent before: found again by their shape, prepared once on each connection.
//!
//! A shape that comes back costs neither the writing of its text nor a question to the server. How many are kept is
//! limited, since conditions that are put together at run time may have any number of shapes; a statement that is let
//! go is closed on the server too.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::mem;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use postgres::PooledConnection;
use postgres::driver::tokio_postgres;
use postgres::driver::{Statement as Prepared, Type};
use postgres::tap::Tap;
use tokio::sync::OnceCell;

use crate::plan::{Enums, Shape, Statement};

/// How many shapes are young; as many are old. A shape nobody asks for while so many others come is let go.
const YOUNG: usize = 500;

/// The shapes of a client's statements.
#[derive(Debug)]
pub(crate) struct Shapes {
    known: Mutex<Known>,
    enums: Enums,
}

#[derive(Debug, Default)]
struct Known {
    young: HashMap<u64, Arc<Text>, Printed>,
    old: HashMap<u64, Arc<Text>, Printed>,
}

/// A fingerprint is a hash already.
type Printed = BuildHasherDefault<Fingerprint>;

#[derive(Debug, Default)]
struct Fingerprint(u64);

impl Hasher for Fingerprint {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
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
    connection: Weak<Tap>,
    statement: Arc<OnceCell<Prepared>>,
}

impl Shapes {
    pub(crate) fn new(enums: Enums) -> Self {
        Self { known: Mutex::default(), enums }
    }

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
        let text = old.unwrap_or_else(|| Arc::new(Text::of(statement, self.enums)));
        if known.young.len() >= YOUNG {
            known.old = mem::take(&mut known.young);
        }
        drop(known.young.insert(fingerprint, Arc::clone(&text)));
        text
    }
}

impl Text {
    pub(crate) fn of(statement: &Statement, enums: Enums) -> Self {
        Self {
            sql: statement.text(enums),
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
        let cell = self.cell(connection.tap());
        if let Some(statement) = cell.get() {
            return Ok(statement.clone());
        }
        // Boxed, since it is large and rare.
        let prepare = || Box::pin(connection.prepare_typed(&self.sql, &self.types));
        Box::pin(cell.get_or_try_init(prepare)).await.cloned()
    }

    /// The statement is of no use on this connection any more.
    pub(crate) fn forget(&self, connection: &PooledConnection) {
        let of = Arc::as_ptr(connection.tap());
        let mut prepared = self.prepared.lock().unwrap_or_else(PoisonError::into_inner);
        prepared.retain(|on| on.connection.as_ptr() != of);
    }

    fn cell(&self, connection: &Arc<Tap>) -> Arc<OnceCell<Prepared>> {
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
