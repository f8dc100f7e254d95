//! PostgreSQL's binary formats, both ways. Nothing here knows models or SQL.

pub(crate) mod copy;
pub(crate) mod decode;
pub(crate) mod encode;
mod moment;
mod numeric;
