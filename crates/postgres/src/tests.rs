//! Tests on a real server: each area in a file of its own.

mod connecting;
mod databases;
mod introspecting;
mod locking;
mod templates;
#[cfg(feature = "tls")]
mod tls;
mod versions;
