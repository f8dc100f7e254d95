//! Rollouts on a server: each kind of change, whole, and what two releases write meanwhile.

mod kinds;
mod stage;
