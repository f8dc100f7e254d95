//! A value that the field cannot hold.

#[path = "../it/generated/mod.rs"]
mod generated;

use generated::post;

fn main() {
    let _ = post::views::set("many");
}
