mod checks;
mod db;
mod habits;
mod handlers;
mod routers;
mod selections;
mod variants;

use std::sync::Arc;

#[tokio::main]
async fn main() {
    let url = std::env::var("DATABASE_URL").unwrap();
    let client: Arc<db::PrismaClient> = Arc::new(db::PrismaClient::_builder().with_url(url).build().await.unwrap());
    client._db_push().accept_data_loss().force_reset().await.unwrap();
    checks::all(client).await.unwrap();
    println!("all of it held");
}
