//! What is another model's: a condition, an order, a relation, a value, a key.

#[path = "../it/generated/mod.rs"]
mod generated;

use generated::{PrismaClient, post, user};
use prisma_client_rust::SortOrder;

async fn queries(client: &PrismaClient) {
    let _ = client.post().find_many(vec![user::email::equals("x")]).await;
    let _ = client.post().find_many(vec![]).order_by(user::email::order(SortOrder::Asc)).await;
    let _ = client.post().find_many(vec![]).with(user::posts::fetch(vec![])).await;
    let _ = client.post().update(post::id::equals(1), vec![user::email::set("x")]).await;
    let _ = client.post().find_unique(user::id::equals("x")).await;
}

fn main() {}
