//! Selections at the level of the crate, and what is made with them.

use serde::{Deserialize, Serialize};

use crate::db::{customer, line, order, product, OrderStatus, PrismaClient};

customer::select!(customer_card { id email orders: select { id status } });

customer::include!((take: i64, wanted: Vec<order::WhereParam>) => customer_with_orders {
    orders(wanted).take(take): include { lines: select { quantity product: select { sku price } } }
    parent
});

order::select!((status: OrderStatus) => order_line {
    id
    status
    lines(vec![line::order::is(vec![order::status::equals(status)])]): select { sku quantity }
    customer: select { email }
});

customer::partial_unchecked!(CustomerPatch {
    name
    balance
    active
    settings
    parent_id
});

#[derive(Serialize, Deserialize)]
pub struct Page<T> {
    pub items: Vec<T>,
}

pub async fn cards(db: &PrismaClient) -> prisma_client_rust::Result<Page<customer_card::Data>> {
    let items = db.customer().find_many(vec![]).select(customer_card::select()).exec().await?;
    Ok(Page { items })
}

pub async fn with_orders(db: &PrismaClient, id: i32) -> prisma_client_rust::Result<Option<customer_with_orders::Data>> {
    db.customer()
        .find_unique(customer::id::equals(id))
        .include(customer_with_orders::include(5, vec![order::status::equals(OrderStatus::Pending)]))
        .exec()
        .await
}

pub async fn lines(db: &PrismaClient, id: &str) -> prisma_client_rust::Result<Option<order_line::Data>> {
    db.order().find_unique(order::id::equals(id.into())).select(order_line::select(OrderStatus::Pending)).exec().await
}

pub async fn patch(db: &PrismaClient, id: i32, patch: CustomerPatch) -> prisma_client_rust::Result<customer::Data> {
    db.customer().update_unchecked(customer::id::equals(id), patch.to_params()).exec().await
}

pub async fn inline(db: &PrismaClient) -> prisma_client_rust::Result<Vec<String>> {
    let products = db
        .product()
        .find_many(product::filter! { r#type: { equals: "book".to_string() }, lines: { some: { order: { is: { status: { equals: OrderStatus::Pending } } } } } })
        .include(product::include!({ lines(vec![]).take(1) lovers: select { email } }))
        .exec()
        .await?;
    Ok(products.into_iter().map(|product| format!("{}:{}:{}", product.sku, product.lines.len(), product.lovers.len())).collect())
}
