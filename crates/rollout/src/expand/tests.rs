//! Rollouts on a server: each kind of change, whole, and what two releases write meanwhile.

mod histories;
mod kinds;
mod pairs;
mod refusals;
mod stage;
mod surroundings;
mod writers;
