//! The house as a whole: its shape, its commands, its output. One test binary.

mod architecture;
mod bad_input;
mod first_steps;
mod output;
mod ripple;
mod sandbox;
