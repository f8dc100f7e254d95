//! PostgreSQL's binary formats, both ways. Nothing here knows models or SQL.

pub(crate) mod array;
pub(crate) mod copy;
pub(crate) mod decode;
pub(crate) mod encode;
pub(crate) mod line;
mod moment;
mod numeric;
