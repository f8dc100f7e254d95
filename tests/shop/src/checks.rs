use std::sync::Arc;

use prisma_client_rust::{serde_json::json, QueryError};

use crate::db::PrismaClient;
use crate::handlers::{self, AppError, CreateCustomer};
use crate::selections::{self, CustomerPatch};
use crate::{habits, routers, variants};

pub async fn all(client: Arc<PrismaClient>) -> Result<(), QueryError> {
    variants::all(&client).await?;
    habits::relations(&client).await?;
    habits::json_and_lists(&client).await?;
    habits::transactions(&client).await?;
    habits::raw_queries(&client).await?;
    habits::keywords(&client).await?;
    habits::mocked().await?;

    let since = prisma_client_rust::chrono::Utc::now() - prisma_client_rust::chrono::Duration::hours(1);
    let found = habits::Repository { client: &client }.search(Some("RAW".into()), Some(since.into()), true).await?;
    assert_eq!(found.iter().map(|one| one.email.as_str()).collect::<Vec<_>>(), ["child@x"]);

    let new = |email: &str| CreateCustomer { email: email.into(), name: None };
    let made = handlers::respond(handlers::create(client.clone(), new("new@x"))).await.unwrap();
    let again = handlers::respond(handlers::create(client.clone(), new("new@x"))).await;
    assert!(matches!(again, Err(AppError::Conflict)), "{again:?}");
    assert_eq!(handlers::respond(handlers::list(client.clone(), 0)).await.unwrap().len(), 3);
    assert_eq!(handlers::profile(client.clone(), made.id).await.unwrap().orders, 0);
    assert!(matches!(handlers::profile(client.clone(), -1).await, Err(AppError::NotFound)));
    assert_eq!(handlers::rename(client.clone(), "new@x", Some("New")).await.unwrap().name.as_deref(), Some("New"));

    let cards = selections::cards(&client).await?;
    let text = serde_json::to_string(&cards).unwrap();
    assert!(text.contains("\"orders\":[{\"id\":"), "{text}");
    let child = found[0].id;
    assert_eq!(selections::with_orders(&client, child).await?.unwrap().orders.len(), 0);
    let order = cards.items.iter().find(|card| card.id == child).unwrap().orders[0].id.clone();
    assert_eq!(selections::lines(&client, &order).await?.unwrap().customer.email, "child@x");
    let patch: CustomerPatch = serde_json::from_value(json!({ "name": null, "active": false })).unwrap();
    let patched = selections::patch(&client, child, patch).await?;
    assert_eq!((patched.name, patched.active), (None, false));
    assert_eq!(selections::inline(&client).await?, Vec::<String>::new());

    let router = routers::mount();
    let ctx = routers::Ctx { db: client.clone() };
    router.call(ctx.clone(), "products.create", json!({ "sku": "r" })).await?;
    let listed = router.call(ctx, "products.list", json!(null)).await?;
    assert_eq!(listed[2]["sku"], "r");
    handlers::remove(client, made.id).await.unwrap();
    Ok(())
}
