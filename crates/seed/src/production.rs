//! The profile `production`: what a live system needs and nobody invented.
//!
//! - Always: the accounts that programs act as ([`SYSTEM_USERS`]). They have no password and no school, so nobody signs
//!   in with them, and their addresses end in `.invalid`, which no mail reaches.
//! - For each school that is there, or those that are named: services, a default rate card with a price for each, the
//!   cancellation policies and the state rules. Each of these is for schools that have none of its kind yet: a school
//!   that has a service or a rate card of its own keeps its own, whole, and what somebody deleted later does not come
//!   back as long as one of the kind is left.
//!
//! A live system without a school gets the accounts alone: schools, like people, are made by the product, or one by
//! name with `new_org`, and the next run gives each what it lacks.

use client::{
    PrismaClient, cancellation_policy, org, rate_card, rate_card_item, service,
    state_transition_rule, user,
};

use crate::catalog;
use crate::setting::Setting;
use crate::write::{Writer, stamp};
use crate::{Error, Live};

/// The accounts that programs act as: address and name.
const SYSTEM_USERS: [(&str, &str); 2] = [
    ("scheduler@system.invalid", "DriveFlow scheduler"),
    ("payments@system.invalid", "DriveFlow payments"),
];

/// Writes what is missing.
pub(crate) async fn write(
    client: &PrismaClient,
    setting: &Setting,
    live: &Live,
    writer: &mut Writer,
) -> Result<(), Error> {
    writer.rows(SYSTEM_USERS.map(|user| system_user(setting, user)).into()).await?;
    let named = named(client, &live.orgs).await?;
    let made = match &live.new_org {
        Some(name) => Some(make_org(client, setting, name, writer).await?),
        None => None,
    };
    let only = (named.is_some() || made.is_some())
        .then(|| named.into_iter().flatten().chain(made).collect::<Vec<String>>());
    let of = |ids: &Option<Vec<String>>| match ids {
        Some(ids) => vec![org::id::in_vec(ids.clone())],
        None => Vec::new(),
    };
    let without = |more: Vec<org::WhereParam>| {
        let mut filters = of(&only);
        filters.extend(more);
        client.org().find_many(filters)
    };
    let offer = without(vec![org::services::none(vec![]), org::rate_cards::none(vec![])]).await?;
    let policies = without(vec![org::cancellation_policies::none(vec![])]).await?;
    let rules = without(vec![org::state_transition_rules::none(vec![])]).await?;
    count_what_is_there(client, only.as_deref(), writer).await?;
    for school in offer {
        of_school(setting, &school.id).write_offer(writer).await?;
    }
    for school in policies {
        of_school(setting, &school.id).write_policies(writer).await?;
    }
    for school in rules {
        of_school(setting, &school.id).write_rules(writer).await?;
    }
    Ok(())
}

fn of_school(setting: &Setting, id: &str) -> catalog::Catalog {
    catalog::of(&setting.within(&format!("org/{id}")), id, setting.now)
}

fn system_user(setting: &Setting, (email, name): (&str, &str)) -> user::CreateUnchecked {
    user::CreateUnchecked {
        email: email.to_owned(),
        full_name: name.to_owned(),
        _params: vec![
            user::id::set(setting.id(&format!("user/{email}"))),
            user::created_at::set(stamp(setting.now)),
            user::updated_at::set(stamp(setting.now)),
        ],
    }
}

/// The ids of the schools that are named, by id or name; `None` where none is.
async fn named(client: &PrismaClient, names: &[String]) -> Result<Option<Vec<String>>, Error> {
    if names.is_empty() {
        return Ok(None);
    }
    let mut ids = Vec::new();
    for name in names {
        let by_id = client.org().find_unique(org::id::equals(name.clone())).await?;
        if let Some(found) = by_id {
            ids.push(found.id);
            continue;
        }
        let by_name = client.org().find_many(vec![org::name::equals(name.clone())]).await?;
        match by_name.as_slice() {
            [found] => ids.push(found.id.clone()),
            found => {
                let ids = found.iter().map(|org| org.id.clone()).collect();
                return Err(Error::Org { name: name.clone(), ids });
            }
        }
    }
    Ok(Some(ids))
}

/// The school of this name; made where there is none.
async fn make_org(
    client: &PrismaClient,
    setting: &Setting,
    name: &str,
    writer: &mut Writer,
) -> Result<String, Error> {
    let found = client.org().find_many(vec![org::name::equals(name.to_owned())]).await?;
    if found.len() > 1 {
        let ids = found.into_iter().map(|org| org.id).collect();
        return Err(Error::Org { name: name.to_owned(), ids });
    }
    if let Some(found) = found.into_iter().next() {
        writer.there::<org::Model>(1);
        return Ok(found.id);
    }
    let id = setting.id(&format!("org/{name}"));
    let row = org::CreateUnchecked {
        name: name.to_owned(),
        _params: vec![
            org::id::set(id.clone()),
            org::created_at::set(stamp(setting.now)),
            org::updated_at::set(stamp(setting.now)),
        ],
    };
    writer.rows(vec![row]).await?;
    Ok(id)
}

/// Counts what the schools have of what is made here.
async fn count_what_is_there(
    client: &PrismaClient,
    only: Option<&[String]>,
    writer: &mut Writer,
) -> Result<(), Error> {
    /// Counts the rows of one model by the field, or the relation, that leads to the school.
    macro_rules! there {
        ($model:ident: $filter:expr) => {
            let filters = only.map($filter).into_iter().collect();
            writer.there::<$model::Model>(client.$model().count(filters).await?);
        };
    }
    there!(service: |ids| service::org_id::in_vec(ids.to_vec()));
    there!(rate_card: |ids| rate_card::org_id::in_vec(ids.to_vec()));
    there!(rate_card_item: |ids| {
        rate_card_item::rate_card::is(vec![rate_card::org_id::in_vec(ids.to_vec())])
    });
    there!(cancellation_policy: |ids| cancellation_policy::org_id::in_vec(ids.to_vec()));
    there!(state_transition_rule: |ids| state_transition_rule::org_id::in_vec(ids.to_vec()));
    Ok(())
}
