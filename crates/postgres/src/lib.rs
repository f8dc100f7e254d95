//! The door to PostgreSQL, and the only crate that names the driver.
//!
//! - [`ConnectionUrl`]: a Prisma-style URL, read once, never printed with its password.
//! - [`connect`] and [`pool`]: a [`Connection`] or a [`Pool`] of them, over TLS where the URL asks.
//! - [`reach`]: the way to a server in single steps, for who wants to know at which it ends.
//! - [`Error`]: what went wrong, with Prisma's code and, where the server spoke, its own words.
//! - [`server`]: the project's own PostgreSQL, for those who have none running.
//! - [`database`], [`lock`], [`mod@introspect`]: what migrations need from a server.
//! - [`mod@env`]: `.env` files, read without touching the process's environment.
//! - [`driver`]: the driver's types for the crates that decode rows; [`tap`]: rows as they come, without the driver.
//! - `testing` (feature `testing`): a database for each test.
//!
//! It knows nothing of Prisma's schema language and of migration files.
//!
//! ```no_run
//! # async fn example() -> Result<(), postgres::Error> {
//! let url: postgres::ConnectionUrl = "postgresql://app:secret@localhost/shop".parse()?;
//! let connection = postgres::connect(&url).await?;
//! let rows = connection.query("SELECT 1::int4", &[]).await?;
//! assert_eq!(rows[0].get::<_, i32>(0), 1);
//! # Ok(()) }
//! ```

pub mod database;
pub mod driver;
pub mod env;
pub mod introspect;
pub mod lock;
pub mod reach;
pub mod server;
#[cfg(any(test, feature = "testing"))]
pub mod testing;

mod cancel;
mod connection;
mod error;
mod notice;
mod pool;
pub mod tap;
mod tls;
mod url;

#[cfg(test)]
mod tests;

pub use cancel::{CancelOnDrop, cancel};
pub use connection::{Connection, connect};
pub use error::Error;
pub use introspect::{introspect, introspect_in_transaction};
pub use notice::{Notice, Notices};
pub use pool::{Manager, Pool, Pooled, PooledConnection, pool};
pub use url::{ConnectionUrl, SslAccept, SslMode};

/// The first `digits` hexadecimal digits of a text's SHA-256: names for folders and templates.
pub(crate) fn short_hash(bytes: &[u8], digits: usize) -> String {
    let mut hash = hex_sha256(bytes);
    hash.truncate(digits);
    hash
}

/// The SHA-256 of `bytes` in lower-case hexadecimal.
pub(crate) fn hex_sha256(bytes: &[u8]) -> String {
    use sha2::Digest as _;

    let digest = sha2::Sha256::digest(bytes);
    let digits = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}
