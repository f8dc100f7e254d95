//! Everything else that old code does.

use std::str::FromStr;

use prisma_client_rust::{
    and,
    bigdecimal::BigDecimal,
    chrono::{DateTime, Duration, FixedOffset, Utc},
    not, operator, or,
    prisma_errors::query_engine::{RecordRequiredButNotFound, UniqueKeyViolation},
    prisma_models, raw, serde_json, BatchResult, PrismaValue, QueryError,
};

use crate::db::{_prisma, customer, invoice, line, order, product, r#move, OrderStatus, PrismaClient, QueryMode, SortOrder};

pub struct Repository<'a> {
    pub client: &'a _prisma::PrismaClient,
}

impl<'a> Repository<'a> {
    /// Conditions that are put together from what was asked for.
    pub async fn search(&self, text: Option<String>, since: Option<DateTime<FixedOffset>>, cheap: bool) -> Result<Vec<customer::Data>, QueryError> {
        let mut filters = Vec::new();
        if let Some(text) = text {
            filters.push(operator::or(vec![
                and![customer::name::contains(text.clone()), customer::name::mode(QueryMode::Insensitive)],
                customer::email::starts_with(text),
            ]));
        }
        filters.extend(since.map(customer::created_at::gte));
        if cheap {
            filters.push(not![customer::balance::gt(BigDecimal::from_str("10").unwrap())]);
        }
        self.client.customer().find_many(filters).order_by(customer::email::order(SortOrder::Desc)).exec().await
    }
}

pub async fn relations(client: &PrismaClient) -> Result<(), QueryError> {
    let parent = client
        .customer()
        .create(
            "parent@x".into(),
            vec![
                customer::name::set(Some("Parent".into())),
                customer::settings::set(Some(serde_json::json!({ "theme": "dark" }))),
                customer::avatar::set(Some(vec![1, 2])),
                customer::scores::set(vec![1, 2]),
                customer::tags::set(vec![]),
                customer::created_at::set((Utc::now() - Duration::days(1)).into()),
            ],
        )
        .exec()
        .await?;
    let child = client
        .customer()
        .create("child@x".into(), vec![customer::parent::connect(customer::email::equals("parent@x".into()))])
        .with(customer::parent::fetch())
        .exec()
        .await?;
    assert_eq!(child.parent().unwrap().unwrap().email, "parent@x");
    assert!(child.orders().is_err());

    for sku in ["a", "b"] {
        client.product().create(sku.into(), "book".into(), BigDecimal::from(5), vec![product::stock::set(1)]).exec().await?;
    }
    let order = client.order().create(customer::id::equals(child.id), vec![order::status::set(OrderStatus::InTransit)]).exec().await?;
    let made: i64 = client
        .line()
        .create_many(["a", "b"].iter().map(|sku| line::create_unchecked(order.id.clone(), sku.to_string(), 2, vec![])).collect())
        .skip_duplicates()
        .exec()
        .await?;
    assert_eq!(made, 2);
    assert_eq!(client.line().create_many(vec![]).exec().await?, 0);
    let changed = client
        .line()
        .update(line::order_id_sku(order.id.clone(), "a".into()), vec![line::quantity::increment(3)])
        .exec()
        .await?;
    assert_eq!(changed.quantity, 5);

    let found = client
        .order()
        .find_first(vec![
            order::customer::is(vec![customer::parent::is(vec![customer::id::equals(parent.id)])]),
            order::lines::some(vec![line::product::is(vec![product::r#type::equals("book".into())])]),
            order::invoice::is_null(),
            or![order::status::equals(OrderStatus::InTransit), order::before::equals(Some(OrderStatus::Pending))],
        ])
        .with(order::lines::fetch(vec![]).with(line::product::fetch()).order_by(line::sku::order(SortOrder::Desc)))
        .with(order::customer::fetch().with(customer::parent::fetch()))
        .exec()
        .await?
        .unwrap();
    let skus: Vec<&str> = found.lines().unwrap().iter().map(|line| line.product().unwrap().sku.as_str()).collect();
    assert_eq!(skus, ["b", "a"]);
    assert_eq!(found.customer().unwrap().parent().unwrap().unwrap().id, parent.id);

    client
        .invoice()
        .upsert(
            invoice::order_id::equals(order.id.clone()),
            invoice::create("2024-1".into(), order::id::equals(order.id.clone()), vec![]),
            vec![invoice::number::set("2024-2".into())],
        )
        .exec()
        .await?;
    client.customer().update(customer::id::equals(child.id), vec![customer::loves::connect(vec![product::sku::equals("a".into())])]).exec().await?;
    let loved = client.product().find_many(vec![product::lovers::every(vec![customer::id::equals(child.id)])]).exec().await?;
    assert_eq!(loved.len(), 2, "nobody loves b: each of none does");
    let by_count = client
        .customer()
        .find_many(vec![])
        .order_by(customer::orders::order(vec![order::_count::order(SortOrder::Desc)]))
        .order_by(customer::id::order(SortOrder::Asc))
        .cursor(customer::id::equals(child.id))
        .skip(1)
        .take(1)
        .exec()
        .await?;
    assert_eq!(by_count[0].id, parent.id);
    Ok(())
}

pub async fn json_and_lists(client: &PrismaClient) -> Result<(), QueryError> {
    let dark = customer::settings::path(vec!["theme".into()]);
    let found = client.customer().find_many(vec![dark, customer::settings::string_contains("ar".into())]).exec().await?;
    assert_eq!(found.len(), 1);
    let data = &found[0];
    assert_eq!(data.settings.as_ref().unwrap()["theme"], "dark");
    let text = serde_json::to_string(data).unwrap();
    assert!(text.contains("\"parentId\":null") && text.contains("\"created_at\""), "{text}");
    let back: customer::Data = serde_json::from_str(&text).unwrap();
    assert_eq!(&back, data);
    let listed = vec![customer::scores::has(Some(1)), customer::scores::has_every(vec![1, 2]), customer::tags::is_empty(true)];
    assert_eq!(client.customer().count(listed).exec().await?, 1);
    Ok(())
}

pub async fn transactions(client: &PrismaClient) -> Result<(), QueryError> {
    let (customer, count) = client
        ._transaction()
        .with_timeout(5_000)
        .with_max_wait(2_000)
        .run(|client| async move {
            let customer = client.customer().create("tx@x".into(), vec![]).exec().await?;
            client.customer().count(vec![customer::id::equals(customer.id)]).exec().await.map(|count| (customer, count))
        })
        .await?;
    assert_eq!(count, 1);
    let rolled_back: Result<(), QueryError> = client
        ._transaction()
        .run(|client| async move {
            client.customer().delete(customer::id::equals(customer.id)).exec().await?;
            client.customer().update(customer::id::equals(-1), vec![customer::active::set(false)]).exec().await?;
            Ok(())
        })
        .await;
    assert!(rolled_back.unwrap_err().is_prisma_error::<RecordRequiredButNotFound>());
    let (tx, inside) = client._transaction().begin().await?;
    inside.customer().delete(customer::email::equals("tx@x".into())).exec().await?;
    tx.rollback(inside).await?;
    let (one, many): (Option<customer::Data>, Vec<i64>) = client
        ._batch((
            client.customer().find_unique(customer::email::equals("tx@x".into())),
            vec![client.customer().delete_many(vec![customer::email::equals("tx@x".into())]), client.customer().delete_many(vec![customer::id::lt(0)])],
        ))
        .await?;
    assert_eq!((one.unwrap().email.as_str(), many), ("tx@x", vec![1, 0]));
    let twice = client
        ._batch(vec![client.customer().create("twice@x".into(), vec![]), client.customer().create("twice@x".into(), vec![])])
        .await;
    assert!(twice.unwrap_err().is_prisma_error::<UniqueKeyViolation>());
    Ok(())
}

pub async fn raw_queries(client: &PrismaClient) -> Result<(), QueryError> {
    let counted: Vec<BatchResult> = client
        ._query_raw(raw!("SELECT count(*) AS count FROM customers WHERE id > {}", prisma_models::PrismaValue::Int(0)))
        .exec()
        .await?;
    assert_eq!(counted[0].count, client.customer().count(vec![]).exec().await?);
    let changed = client
        ._execute_raw(raw!("UPDATE customers SET name = {} WHERE email = {}", PrismaValue::String("Raw".into()), PrismaValue::String("child@x".into())))
        .exec()
        .await?;
    assert_eq!(changed, 1);
    Ok(())
}

pub async fn keywords(client: &PrismaClient) -> Result<(), QueryError> {
    client.r#move().create(1, 2, "m".into(), vec![r#move::self_::set(Some(3))]).exec().await?;
    let found = client.r#move().find_unique(r#move::r#where(2, "m".into())).exec().await?.unwrap();
    assert_eq!((found.r#in, found.r#impl, found.r#match.as_str(), found.self_), (1, 2, "m", Some(3)));
    Ok(())
}

pub async fn mocked() -> Result<(), QueryError> {
    let (client, mock) = PrismaClient::_mock();
    let query = || client.product().find_unique(product::sku::equals("a".into()));
    let expected = product::Data {
        sku: "a".into(),
        r#type: "book".into(),
        price: 1.into(),
        stock: 0,
        lovers: None,
        lines: None,
    };
    mock.expect(query(), Some(expected.clone())).await;
    assert_eq!(query().exec().await?, Some(expected));
    Ok(())
}
