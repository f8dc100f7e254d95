//! A condition on a field that is no longer there.

#[path = "../it/generated/mod.rs"]
mod generated;

use generated::post;

fn main() {
    let _ = post::subtitle::equals("x");
}
