//! Statements that were sent before: found again by their shape, prepared once on each connection.
//!
//! A shape that comes back costs neither the writing of its text nor a question to the server. How many are kept is
//! limited, since conditions that are put together at run time may have any number of shapes; a statement that is let
//! go is closed on the server too.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::{mem, ptr};

use postgres::PooledConnection;
use postgres::driver::tokio_postgres;
use postgres::driver::{Statement as Prepared, Type};
use postgres::tap::Tap;
use tokio::sync::OnceCell;

use crate::model::Descriptor;
use crate::plan::{Enums, Shape, Statement};

/// How many shapes are young; as many are old. A shape nobody asks for while so many others come is let go.
const YOUNG: usize = 500;

/// The shapes of a client's statements.
#[derive(Debug)]
pub(crate) struct Shapes {
    known: Mutex<Known>,
    /// What a row is looked up with by one column, by the place of its model in memory and the column's number.
    lookups: Mutex<HashMap<(usize, u16), Arc<Text>, Printed>>,
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

    fn write_usize(&mut self, number: usize) {
        self.0 = (number as u64).wrapping_mul(0x517c_c1b7_2722_0a95);
    }

    fn write_u16(&mut self, number: u16) {
        self.0 = (self.0 ^ u64::from(number)).wrapping_mul(0x517c_c1b7_2722_0a95);
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
        Self { known: Mutex::default(), lookups: Mutex::default(), enums }
    }

    /// The text that a row of a model was looked up with by a column.
    pub(crate) fn lookup(&self, model: &'static Descriptor, column: u16) -> Option<Arc<Text>> {
        self.lookups().get(&(ptr::from_ref(model).addr(), column)).cloned()
    }

    /// Remembers it: there are no more of them than a schema has unique columns.
    pub(crate) fn remember(&self, model: &'static Descriptor, column: u16, text: Arc<Text>) {
        drop(self.lookups().insert((ptr::from_ref(model).addr(), column), text));
    }

    fn lookups(&self) -> MutexGuard<'_, HashMap<(usize, u16), Arc<Text>, Printed>> {
        self.lookups.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The text of a statement: an earlier one's where that had the same shape.
    pub(crate) fn text(&self, statement: &Statement) -> Arc<Text> {
        if let Some(text) = &statement.known {
            return Arc::clone(text);
        }
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
        if let Some(statement) = self.known_on(connection) {
            return Ok(statement);
        }
        let cell = self.cell(connection.tap());
        // Boxed, since it is large and rare.
        let prepare = || Box::pin(connection.prepare_typed(&self.sql, &self.types));
        Box::pin(cell.get_or_try_init(prepare)).await.cloned()
    }

    /// The statement on a connection that it was prepared on.
    pub(crate) fn known_on(&self, connection: &PooledConnection) -> Option<Prepared> {
        let of = Arc::as_ptr(connection.tap());
        self.prepared().iter().find(|on| on.connection.as_ptr() == of)?.statement.get().cloned()
    }

    /// The statement is of no use on this connection any more.
    pub(crate) fn forget(&self, connection: &PooledConnection) {
        let of = Arc::as_ptr(connection.tap());
        self.prepared().retain(|on| on.connection.as_ptr() != of);
    }

    fn cell(&self, connection: &Arc<Tap>) -> Arc<OnceCell<Prepared>> {
        let mut prepared = self.prepared();
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

    fn prepared(&self) -> MutexGuard<'_, Vec<On>> {
        self.prepared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
