use crate::prisma::PrismaClient;
use prisma_client_rust::{raw, PrismaValue, QueryError, Raw};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub struct QueryReturnType {
    pub id: String,
    pub title: String,
}

pub async fn raw_queries(client: &PrismaClient) -> Result<i64, QueryError> {
    let data: Vec<QueryReturnType> = client
        ._query_raw(raw!("SELECT id, title FROM \"Post\" WHERE id != {}", PrismaValue::String("NotThisID".to_string())))
        .exec()
        .await?;
    println!("{data:?}");
    let dynamic = Raw::new("SELECT id, title FROM \"Post\" WHERE published = {}", vec![PrismaValue::Boolean(true)]);
    drop(client._query_raw::<QueryReturnType>(dynamic).exec().await?);
    client
        ._execute_raw(raw!(
            "UPDATE \"Post\" SET published = {}, views = {}, title = {}",
            PrismaValue::Boolean(false),
            PrismaValue::Int(1),
            PrismaValue::String("A Title".to_string())
        ))
        .exec()
        .await
}
