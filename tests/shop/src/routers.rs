//! Procedures of a router, as rspc has them: closures that get a context.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use prisma_client_rust::{queries::Result, serde_json::Value};

use crate::db::{self, product, PrismaClient};

#[derive(Clone)]
pub struct Ctx {
    pub db: Arc<PrismaClient>,
}

type Procedure = Box<dyn Fn(Ctx, Value) -> Pin<Box<dyn Future<Output = Result<Value>> + Send>> + Send + Sync>;

#[derive(Default)]
pub struct Router {
    procedures: HashMap<&'static str, Procedure>,
}

impl Router {
    pub fn query<F, Fut>(mut self, name: &'static str, procedure: F) -> Self
    where
        F: Fn(Ctx, Value) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Value>> + Send + 'static,
    {
        self.procedures.insert(name, Box::new(move |ctx, input| Box::pin(procedure(ctx, input))));
        self
    }

    pub async fn call(&self, ctx: Ctx, name: &str, input: Value) -> Result<Value> {
        self.procedures[name](ctx, input).await
    }
}

pub fn mount() -> Router {
    Router::default()
        .query("products.list", |ctx, _| async move {
            let products = ctx.db.product().find_many(vec![]).order_by(product::sku::order(db::SortOrder::Asc)).exec().await?;
            Ok(serde_json::to_value(products).unwrap())
        })
        .query("products.create", |ctx, input: Value| async move {
            let product = ctx
                .db
                .product()
                .create(
                    input["sku"].as_str().unwrap().into(),
                    "book".into(),
                    "9.90".parse().unwrap(),
                    vec![product::stock::set(3)],
                )
                .exec()
                .await?;
            Ok(serde_json::to_value(product).unwrap())
        })
}
