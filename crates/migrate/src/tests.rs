//! The commands on a real PostgreSQL.

mod adopting;
mod branching;
mod caching;
mod deploying;
mod developing;
mod failing;
mod faults;
mod pairs;
mod pulling;
mod renaming;
mod resetting;
mod resolving;
mod shadowing;
mod taking_over;
