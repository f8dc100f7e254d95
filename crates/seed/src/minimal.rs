//! The profile `minimal`: one school and its owner, to begin from nothing but be able to sign in.
//!
//! They are the demo's, of the domain `identity`, without the rest: where the demo of the same seed stands there is nothing
//! to do, and the demo completes them later.

use crate::Error;
use crate::identity;
use crate::setting::Setting;
use crate::write::Writer;

/// Writes the school and its owner.
pub(crate) async fn write(setting: &Setting, writer: &mut Writer) -> Result<(), Error> {
    identity::invent(setting).write_owner(writer).await
}
