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
    let by_environment = db::new_client().await.unwrap();
    assert!(by_environment._query_raw::<Vec<i32>>(prisma_client_rust::raw!("SELECT 1 WHERE false")).exec().await.unwrap().is_empty());
    let client: Arc<db::PrismaClient> = Arc::new(db::new_client_with_url(&url).await.unwrap());
    client._db_push().accept_data_loss().force_reset().await.unwrap();
    checks::all(client).await.unwrap();
    println!("all of it held");
}
