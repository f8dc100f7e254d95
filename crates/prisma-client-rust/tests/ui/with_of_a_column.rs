//! Columns where relations belong.

#[path = "../it/generated/mod.rs"]
mod generated;

use generated::{PrismaClient, post};

async fn with(client: &PrismaClient) {
    let _ = client.post().find_many(vec![]).with(post::title::fetch()).await;
}

fn connect() {
    let _ = post::title::connect(post::id::equals(1));
}

fn main() {}
