//! What the parts do together, on schemas made by hand.

mod drift;
mod in_full;
mod offering;
mod order;
mod outcome;
mod pulled;
mod renaming;
mod sample;
mod script;
mod warnings;

use crate::{Pair, PgSchema, diff, render};

/// The script between two schemas.
fn script(previous: &PgSchema, next: &PgSchema) -> String {
    let schemas = Pair::new(previous, next);
    render(&diff(schemas), schemas)
}
