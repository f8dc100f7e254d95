//! Rows in the order of a list of others: there is its number alone.

#[path = "../it/generated/mod.rs"]
mod generated;

use generated::{PrismaClient, comment, post};
use prisma_client_rust::SortOrder;

async fn query(client: &PrismaClient) {
    let by = comment::text::order(SortOrder::Asc);
    let _ = client.post().find_many(vec![]).order_by(post::comments::order(vec![by])).await;
}

fn main() {}
