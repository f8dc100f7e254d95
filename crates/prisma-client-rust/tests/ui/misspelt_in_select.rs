//! A field that the model does not have.

#[path = "../it/generated/mod.rs"]
mod generated;

use generated::post;

post::select!(card { id titel author: select { emial } });

fn main() {}
