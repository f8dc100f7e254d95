//! Changes of a field that the model does not have, and of one that is a relation.

#[path = "../it/generated/mod.rs"]
mod generated;

use generated::post;

post::partial_unchecked!(Misspelt { title veiws });
post::partial_unchecked!(Related { title author });

fn main() {}
