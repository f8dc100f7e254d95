//! Handlers of a web framework: each is a future that a task of its own runs.

use std::future::Future;
use std::sync::Arc;

use prisma_client_rust::{
    prisma_errors::query_engine::{RecordNotFound, UniqueKeyViolation},
    QueryError,
};
use serde::{Deserialize, Serialize};

use crate::db::{customer, order, OrderStatus, PrismaClient};

pub type Database = Arc<PrismaClient>;

#[derive(Debug)]
pub enum AppError {
    #[expect(dead_code, reason = "an application would log it")]
    PrismaError(QueryError),
    NotFound,
    Conflict,
}

impl From<QueryError> for AppError {
    fn from(error: QueryError) -> Self {
        match error {
            e if e.is_prisma_error::<RecordNotFound>() => AppError::NotFound,
            e if e.is_prisma_error::<UniqueKeyViolation>() => AppError::Conflict,
            e => AppError::PrismaError(e),
        }
    }
}

#[derive(Deserialize)]
pub struct CreateCustomer {
    pub email: String,
    pub name: Option<String>,
}

#[derive(Serialize)]
pub struct Profile {
    pub id: i32,
    pub email: String,
    pub orders: usize,
}

impl From<customer::Data> for Profile {
    fn from(data: customer::Data) -> Self {
        let orders = data.orders().map(Vec::len).unwrap_or_default();
        Self { id: data.id, email: data.email, orders }
    }
}

pub async fn list(db: Database, page: i64) -> Result<Vec<customer::Data>, AppError> {
    let customers = db
        .customer()
        .find_many(vec![customer::active::equals(true)])
        .order_by(customer::id::order(crate::db::SortOrder::Asc))
        .skip(page * 10)
        .take(10)
        .with(customer::orders::fetch(vec![order::status::equals(OrderStatus::Pending)]).take(3))
        .exec()
        .await?;
    Ok(customers)
}

pub async fn create(db: Database, input: CreateCustomer) -> Result<customer::Data, AppError> {
    let data = db
        .customer()
        .create(input.email.into(), vec![customer::name::set(input.name)])
        .exec()
        .await?;
    Ok(data)
}

pub async fn profile(db: Database, id: i32) -> Result<Profile, AppError> {
    db.customer()
        .find_unique(customer::id::equals(id))
        .with(customer::orders::fetch(vec![]))
        .exec()
        .await?
        .map(Into::into)
        .ok_or(AppError::NotFound)
}

pub async fn rename(db: Database, email: &str, name: Option<&str>) -> Result<customer::Data, AppError> {
    let mut changes: Vec<customer::SetParam> = vec![];
    if let Some(name) = name {
        changes.push(customer::name::set(Some(name.into())));
    }
    Ok(db.customer().update(customer::email::equals(email.into()), changes).exec().await?)
}

pub async fn remove(db: Database, id: i32) -> Result<(), AppError> {
    db.customer().delete(customer::id::equals(id)).exec().await?;
    Ok(())
}

/// What a framework asks of a handler.
pub async fn respond<T: Send + 'static>(
    handler: impl Future<Output = Result<T, AppError>> + Send + 'static,
) -> Result<T, AppError> {
    tokio::spawn(handler).await.unwrap()
}
