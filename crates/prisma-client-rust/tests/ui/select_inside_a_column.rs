//! Fields of a field that is no relation.

#[path = "../it/generated/mod.rs"]
mod generated;

use generated::post;

post::select!(card { id title: select { length } });
post::select!(page { id title(vec![]).take(5) });

fn main() {}
