//! The runtime through a generated client, on a real PostgreSQL: every test has a database of its own.

#[rustfmt::skip]
mod generated;

mod abandoned;
mod aggregate;
mod batch;
mod behind;
mod bouncer;
mod cancelled;
mod concurrency;
mod copy;
mod edges;
mod errors;
mod find;
mod found;
mod fresh;
mod given_up;
mod gone;
mod injected;
mod many;
mod middleman;
#[cfg(feature = "migrations")]
mod migrations;
mod mock;
mod model;
mod names;
mod nested;
mod order;
mod pages;
mod pooler;
mod raw;
mod relations;
mod replicas;
mod select;
mod support;
mod telemetry;
mod tenant;
mod transactions;
mod ui;
mod upsert;
mod urls;
mod values;
mod way;
mod write;
