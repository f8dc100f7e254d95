//! The commands on a real PostgreSQL.

mod adopting;
mod backing_up;
mod branching;
mod caching;
mod comparing;
mod contending;
mod deploying;
mod developing;
mod dumped;
mod executing;
mod failing;
mod faults;
mod looked_past;
mod noticing;
mod pairs;
mod planning;
mod pulling;
mod pushing;
mod rehearsing;
mod renaming;
mod resetting;
mod resolving;
mod restoring;
mod rolling_out;
mod shadowing;
mod squashing;
mod stepping;
mod surviving;
mod taking_back;
mod taking_over;
mod told;
mod transacting;
mod undoing;

/// Whether a server of this version takes a script of the reference: what some of them ask for came with 14.
fn is_taken(script: &str, server_major: u32) -> bool {
    let newer = ["_bloom_ops", "_multi_ops", "VERSION \"1.6\""];
    server_major >= 14 || !newer.iter().any(|words| script.contains(words))
}
