//! A relation that must be there cannot be taken away.

#[path = "../it/generated/mod.rs"]
mod generated;

use generated::post;

fn main() {
    let _ = post::author::disconnect();
    let _ = post::author::connect(None);
    let _ = post::author::is_null();
}
