#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    upstream::running::all(std::env::var("DATABASE_URL")?).await
}
