//! Code as prisma-client-rust's users write it, each file on a page of its guide. It has to compile with our client, and
//! `running` has to hold.

mod prisma;

pub mod batching;
pub mod errors;
pub mod generic;
pub mod migrations;
pub mod mocking;
pub mod names;
pub mod params;
pub mod raw;
pub mod reading;
pub mod running;
pub mod selecting;
pub mod transactions;
pub mod types;
pub mod writing;

use prisma::PrismaClient;
use prisma_client_rust::NewClientError;

pub async fn connect(url: String) -> Result<PrismaClient, NewClientError> {
    let client: Result<PrismaClient, NewClientError> = PrismaClient::_builder().build().await;
    drop(client);
    PrismaClient::_builder().with_url(url).build().await
}
