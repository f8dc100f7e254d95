//! Each kind of change, from the schema before to the schema after, and back.

use super::stage::Change;

macro_rules! change {
    ($($field:ident: $value:expr),* $(,)?) => {
        Change { $($field: $value,)* ..Change::default() }
    };
}

mod columns;
mod keys;
mod tables;
