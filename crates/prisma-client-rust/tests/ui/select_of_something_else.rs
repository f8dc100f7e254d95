//! What no selection is made of.

#[path = "../it/generated/mod.rs"]
mod generated;

use generated::post;

post::select!(card { id, title });
post::select!(card2 { id title as name });
post::include!(card3 { author: with { id } });

fn main() {}
