//! A large table in partitions, a month each, while it is in use.
//!
//! Expand makes the partitioned table beside the old one, with a trigger that mirrors every write to it. The fill copies the
//! rows that were there. The contract proves that both are equal and puts the new table in the place of the old one, under
//! its name. Releases see no difference, but that the key has to hold the column that the partitions are by.
//!
//! [`maintain`] makes the partitions for the months ahead.

mod losses;
mod maintain;
mod plan;

pub use losses::losses;
pub use maintain::{Made, Maintained, Refused, maintain};
pub use plan::{Partitions, Wish, plan};

#[cfg(test)]
mod tests;
