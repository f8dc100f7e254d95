use crate::prisma::PrismaClient;
use prisma_client_rust::migrations::{DbPushError, MigrateDeployError};

pub async fn start(client: &PrismaClient) -> Result<(), Box<dyn std::error::Error>> {
    client._migrate_resolve("20210426141759_initial-migration-for-db").await?;
    if cfg!(debug_assertions) {
        let pushed: Result<u32, DbPushError> = client._db_push().accept_data_loss().force_reset().await;
        pushed?;
    }
    let deployed: Result<(), MigrateDeployError> = client._migrate_deploy().await;
    Ok(deployed?)
}
