//! What is made up: numbers that pass their checksums, names, telephones, places and drives. All Australian, none of
//! them anybody's.

pub(crate) mod abn;
pub(crate) mod drive;
pub(crate) mod name;
pub(crate) mod phone;
pub(crate) mod place;
