//! One row by a field that many rows may share.

#[path = "../it/generated/mod.rs"]
mod generated;

use generated::{PrismaClient, post};

async fn query(client: &PrismaClient) {
    let _ = client.post().find_unique(post::title::equals("x")).await;
    let _ = client.post().find_unique(post::id::gt(1)).await;
}

fn main() {}
