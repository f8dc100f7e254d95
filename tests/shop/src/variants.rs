//! Parameters by the names of their variants.

use prisma_client_rust::{Direction, QueryError};

use crate::db::{
    self,
    customer::{self, SetParam, UniqueWhereParam, WhereParam},
    order, product,
    read_filters::{BoolFilter, DecimalFilter, IntFilter, IntNullableFilter, StringFilter, StringNullableFilter},
    PrismaClient,
};

pub async fn all(db: &PrismaClient) -> Result<(), QueryError> {
    let made = db
        .customer()
        .create("variants@shop".to_string(), vec![SetParam::SetName(Some("V".to_string())), SetParam::SetVisits(2)])
        .exec()
        .await?;
    let found = db
        .customer()
        .find_many(vec![
            WhereParam::Id(IntFilter::Equals(made.id)),
            customer::WhereParam::Email(StringFilter::StartsWith("variants".to_string())),
            WhereParam::Name(StringNullableFilter::Equals(Some("V".to_string()))),
            WhereParam::Active(BoolFilter::Equals(true)),
            WhereParam::ParentId(IntNullableFilter::Equals(None)),
            WhereParam::Balance(DecimalFilter::Lte(0.into())),
            WhereParam::Not(vec![WhereParam::Id(IntFilter::InVec(vec![-1]))]),
            WhereParam::ParentIsNull,
            WhereParam::OrdersNone(vec![order::WhereParam::Status(db::read_filters::OrderStatusFilter::Equals(db::OrderStatus::Pending))]),
        ])
        .order_by(customer::OrderByParam::Id(Direction::Asc))
        .exec()
        .await?;
    assert_eq!(found, vec![made.clone()]);

    imported(db, &made).await?;

    let mut changes = vec![SetParam::IncrementVisits(5), SetParam::SetName(None), SetParam::DisconnectParent];
    changes.push(customer::tags::set(vec!["a".to_string()]));
    let changed = db.customer().update(UniqueWhereParam::IdEquals(made.id), changes).exec().await?;
    assert_eq!((changed.visits, changed.name, changed.tags), (7, None, vec!["a".to_string()]));

    db.product().create("var".to_string(), "toy".to_string(), 1.into(), vec![]).exec().await?;
    let loved = SetParam::ConnectLoves(vec![product::UniqueWhereParam::SkuEquals("var".to_string())]);
    db.customer().update(customer::id::equals(made.id), vec![loved, SetParam::PushTags(vec!["b".to_string()])]).exec().await?;
    let lovers = db.product().find_first(vec![product::WhereParam::LoversSome(vec![WhereParam::Id(IntFilter::Equals(made.id))])]);
    assert_eq!(lovers.exec().await?.unwrap().sku, "var");
    let unchecked = vec![customer::UncheckedSetParam::ParentId(Some(made.id)), customer::UncheckedSetParam::Name(Some("W".to_string()))];
    let child = db.customer().create_unchecked("child@shop".to_string(), unchecked).exec().await?;
    assert_eq!(child.parent_id, Some(made.id));
    let same: Vec<customer::WhereParam> = vec![
        prisma_client_rust::or![customer::id::equals(child.id), customer::email::equals("x".into())],
        customer::parent::is(vec![customer::referral::equals(None)]),
    ];
    assert_eq!(db.customer().count(same).exec().await?, 1);
    db.customer().delete_many(vec![WhereParam::Email(StringFilter::EndsWith("@shop".to_string()))]).exec().await?;
    db.product().delete_many(vec![]).exec().await?;
    Ok(())
}

/// Variants that are imported one by one, and matched.
async fn imported(db: &PrismaClient, made: &customer::Data) -> Result<(), QueryError> {
    use crate::db::customer::SetParam::{SetName, Visits};
    use crate::db::customer::WhereParam::Email;
    use customer::{OrderByParam, UniqueWhereParam::*};

    let rows = db.customer().find_many(vec![Email(StringFilter::Equals(made.email.clone()))]).order_by(OrderByParam::Email(Direction::Desc));
    assert_eq!(rows.exec().await?, vec![made.clone()]);
    let changes = vec![SetName(made.name.clone()), Visits(made.visits), customer::visits::set(made.visits)];
    let named = changes.iter().filter(|change| matches!(change, SetName(Some(_)) | SetParam::SetVisits(_)));
    assert_eq!(named.count(), 1);
    for key in [IdEquals(made.id), EmailEquals(made.email.clone())] {
        let told = match &key {
            IdEquals(id) => id.to_string(),
            EmailEquals(email) => email.clone(),
            _ => String::new(),
        };
        assert!(told == made.id.to_string() || told == made.email);
        let changed = db.customer().update(key, changes.clone()).exec().await?;
        assert_eq!((changed.name, changed.visits), (made.name.clone(), made.visits));
    }
    Ok(())
}
