//! Values of types that the fields do not have.

#[path = "../it/generated/mod.rs"]
mod generated;

use generated::{PrismaClient, post, user};

async fn query(client: &PrismaClient) {
    let _ = client.post().create(1, user::id::equals("x"), vec![]).await;
    let _ = client.post().create("title", user::email::contains("x"), vec![]).await;
    let _ = post::views::gt("many");
    let _ = post::status::equals("draft");
    let _ = post::rating::equals(1.5);
    let _ = user::name::set(5);
}

fn main() {}
