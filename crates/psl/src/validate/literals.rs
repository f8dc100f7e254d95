//! Texts inside string literals that have a grammar of their own. Each module says what is wrong with one, in the words
//! of the libraries behind the reference engine, or nothing.

pub(super) mod base64;
pub(super) mod date_time;
pub(super) mod decimal;
pub(super) mod integer;
pub(super) mod json;
