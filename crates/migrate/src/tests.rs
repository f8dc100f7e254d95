//! The commands on a real PostgreSQL.

mod adopting;
mod branching;
mod caching;
mod comparing;
mod deploying;
mod developing;
mod dumped;
mod executing;
mod failing;
mod faults;
mod looked_past;
mod noticing;
mod pairs;
mod pulling;
mod pushing;
mod renaming;
mod resetting;
mod resolving;
mod shadowing;
mod squashing;
mod surviving;
mod taking_back;
mod taking_over;
mod transacting;
mod undoing;
