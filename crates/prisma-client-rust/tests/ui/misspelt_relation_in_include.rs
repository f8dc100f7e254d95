//! A relation that the model does not have.

#[path = "../it/generated/mod.rs"]
mod generated;

use generated::post;

post::include!(card { auther });
post::include!(deep { author: include { profil } });

fn main() {}
