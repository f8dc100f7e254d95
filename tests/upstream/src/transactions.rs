use crate::prisma::{post, user, PrismaClient};
use prisma_client_rust::QueryError;

#[derive(Debug)]
pub enum CustomError {
    QueryError(QueryError),
    TooMany,
}

impl From<QueryError> for CustomError {
    fn from(error: QueryError) -> Self {
        Self::QueryError(error)
    }
}

pub async fn closure(client: &PrismaClient) -> Result<(user::Data, post::Data), QueryError> {
    client
        ._transaction()
        .with_timeout(10_000)
        .with_max_wait(1_000)
        .run(|client| async move {
            let user = client.user().create("brendan".to_string(), vec![]).exec().await?;
            client
                .post()
                .create(true, "test".to_string(), user::id::equals(user.id.clone()), vec![])
                .exec()
                .await
                .map(|post| (user, post))
        })
        .await
}

pub async fn custom(client: &PrismaClient) -> Result<i64, CustomError> {
    client
        ._transaction()
        .run::<CustomError, _, _, _>(|client| async move {
            let count = client.user().count(vec![]).exec().await?;
            if count > 10 { Err(CustomError::TooMany) } else { Ok(count) }
        })
        .await
}

pub async fn manual(client: &PrismaClient) -> Result<(), QueryError> {
    let (tx, client) = client._transaction().begin().await?;
    match client.user().count(vec![]).exec().await {
        Ok(_) => tx.commit(client).await,
        Err(error) => {
            tx.rollback(client).await?;
            Err(error)
        }
    }
}
