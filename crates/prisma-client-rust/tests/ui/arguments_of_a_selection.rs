//! A selection with arguments, called without them and with others.

#[path = "../it/generated/mod.rs"]
mod generated;

use generated::{PrismaClient, post, user};

post::select!((rows: i64) => card { id comments(vec![]).take(rows): select { text } });

async fn query(client: &PrismaClient) {
    let _ = client.post().find_many(vec![]).select(card::select()).await;
    let _ = client.post().find_many(vec![]).select(card::select("many")).await;
    let _ = client.user().find_many(vec![]).select(card::select(1)).await;
    let _: Vec<user::Data> = client.post().find_many(vec![]).select(card::select(1)).await.unwrap();
}

fn main() {}
