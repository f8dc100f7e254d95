//! Statements that take long on average.

use crate::check::{Check, Unit};
use crate::limits::Limits;

pub(crate) const CHECK: Check = Check {
    id: "slow_statements",
    name: "Slow statements",
    unit: Unit::Milliseconds,
    limits: Limits::new(20.0, 200.0),
    well: "none is slow",
    partly_hidden: Some("statements"),
    query: |server| match &server.statements {
        Some(view) => Ok(include_str!("slow_statements.sql").replace("{extension}", view)),
        None => Err(
            "pg_stat_statements is not there: put it into shared_preload_libraries, restart, and \
                     CREATE EXTENSION pg_stat_statements"
                .to_owned(),
        ),
    },
};
