//! The checks, one a file. Each takes a client and knows nothing of the others.

pub(crate) mod connection;
pub(crate) mod recent_bookings;
pub(crate) mod table_counts;
