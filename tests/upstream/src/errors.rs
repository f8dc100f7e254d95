use crate::prisma::{user, PrismaClient};
use prisma_client_rust::prisma_errors::query_engine::{RecordNotFound, RecordRequiredButNotFound, UniqueKeyViolation};

pub async fn kinds(client: &PrismaClient) {
    match client.user().create("Ada".to_string(), vec![]).exec().await {
        Ok(_) => println!("User created"),
        Err(error) if error.is_prisma_error::<UniqueKeyViolation>() => println!("Unique key violated"),
        Err(error) if error.is_prisma_error::<RecordNotFound>() => println!("not there"),
        Err(error) if error.is_prisma_error::<RecordRequiredButNotFound>() => println!("not there either"),
        Err(error) => println!("Other error occurred: {error}"),
    }
    let answer: prisma_client_rust::queries::Result<Vec<user::Data>> = client.user().find_many(vec![]).exec().await;
    drop(answer);
}
