//! A new row without all that it must have.

#[path = "../it/generated/mod.rs"]
mod generated;

use generated::{PrismaClient, post, user};

fn by_name() -> post::Create {
    post::Create { author: user::id::equals("x"), _params: vec![] }
}

fn by_position(client: &PrismaClient) {
    let _ = client.post().create("title", vec![]);
}

fn main() {}
