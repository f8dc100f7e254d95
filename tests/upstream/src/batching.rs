use crate::prisma::{post, user, PrismaClient};
use prisma_client_rust::QueryError;

pub async fn tuple(client: &PrismaClient) -> Result<(user::Data, i64), QueryError> {
    let (user, count): (user::Data, i64) = client
        ._batch((
            client.user().create("brendan".to_string(), vec![]),
            client.user().delete_many(vec![user::display_name::equals("oscar".to_string())]),
        ))
        .await?;
    Ok((user, count))
}

pub async fn sequences(client: &PrismaClient) -> Result<(), QueryError> {
    let users: Vec<user::Data> = client
        ._batch(vec![client.user().create("brendan".to_string(), vec![]), client.user().create("oscar".to_string(), vec![])])
        .await?;
    let many: Vec<user::Data> =
        client._batch((0..1000).map(|_| client.user().create("brendan".to_string(), vec![]))).await?;
    let (posts, counts): (Vec<post::Data>, (i64, i64)) = client
        ._batch((
            users.iter().map(|user| client.post().create(true, "t".to_string(), user::id::equals(user.id.clone()), vec![])).collect::<Vec<_>>(),
            (client.post().count(vec![]), client.user().count(vec![])),
        ))
        .await?;
    client._batch(client.user().delete(user::id::equals("a".to_string()))).await?;
    println!("{many:?} {posts:?} {counts:?}");
    Ok(())
}
