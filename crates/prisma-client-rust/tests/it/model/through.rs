//! Operations through the client.

use prisma_client_rust::{BigDecimal, QueryError, nested, serde_json};

use super::Failure;
use super::condition::{Person, Post};
use super::operation::{
    Arithmetic, Change, DOCUMENTS, EveryChange, Household, Link, NewPerson, NewPost, Operation,
    PostChange,
};
use crate::generated::{PrismaClient, comment, every, like, post, profile, tag, user};
use crate::values;

/// Runs an operation; how many rows it says that it touched, where it says so.
pub(super) async fn run(client: &PrismaClient, operation: &Operation) -> Result<u64, Failure> {
    let Operation::Transaction(operations, commit) = operation else {
        return one(client, operation).await.map_err(|error| failure(&error));
    };
    let (controller, tx) = client._transaction().begin().await.unwrap();
    let mut count = 0;
    for operation in operations {
        match one(&tx, operation).await {
            Ok(rows) => count += rows,
            Err(error) => {
                controller.rollback(tx).await.unwrap();
                return Err(failure(&error));
            }
        }
    }
    if *commit {
        controller.commit(tx).await.unwrap();
    } else {
        controller.rollback(tx).await.unwrap();
    }
    Ok(count)
}

fn failure(error: &QueryError) -> Failure {
    match error.code() {
        "P2002" => Failure::Unique,
        "P2003" | "P2025" | "P2018" | "P2017" | "P2015" => Failure::Missing,
        "P2020" => Failure::Range,
        _ => {
            eprintln!("{error:?}");
            Failure::Other
        }
    }
}

#[expect(clippy::too_many_lines, reason = "a list with an entry for each operation")]
async fn one(client: &PrismaClient, operation: &Operation) -> Result<u64, QueryError> {
    let mut count = 0;
    match operation {
        Operation::AddPerson(person) => {
            client.user().create_from(new_person(person)).await?;
        }
        Operation::AddPeople(people, skip) => {
            let many = client.user().create_many_from(people.iter().map(new_person).collect());
            count = if *skip { many.skip_duplicates().await? } else { many.await? };
        }
        Operation::ChangePerson(id, change) => {
            client.user().update(user::id::equals(id.clone()), changes(change)).await?;
        }
        Operation::ChangePeople(conditions, change) => {
            count = client.user().update_many(Person::filters(conditions), changes(change)).await?;
        }
        Operation::UpsertPerson(person, change) => {
            let key = user::email::equals(person.email.clone());
            client.user().upsert(key, new_person(person), changes(change)).await?;
        }
        Operation::RemovePerson(id) => {
            client.user().delete(user::id::equals(id.clone())).await?;
        }
        Operation::RemovePeople(conditions) => {
            count = client.user().delete_many(Person::filters(conditions)).await?;
        }
        Operation::AddHousehold(household) => {
            client.user().create_from(new_household(household)).await?;
        }
        Operation::SetLeader(id, leader) => {
            let leader = match leader {
                Some(leader) => user::leader::connect(user::id::equals(leader.clone())),
                None => user::leader::disconnect(),
            };
            client.user().update(user::id::equals(id.clone()), vec![leader]).await?;
        }
        Operation::Team(id, link, team) => {
            let team = named(team);
            let team = match link {
                Link::Connect => user::team::connect(team),
                Link::Disconnect => user::team::disconnect(team),
                Link::Set => user::team::set(team),
            };
            client.user().update(user::id::equals(id.clone()), vec![team]).await?;
        }
        Operation::AddPost(new) => {
            let author = user::id::equals(new.author.clone());
            client.post().create(new.title, author, post_params(new)).await?;
        }
        Operation::AddPosts(posts) => {
            let rows = posts
                .iter()
                .map(|new| post::create_unchecked(new.title, new.author.clone(), post_params(new)));
            count = client.post().create_many(rows.collect::<Vec<_>>()).await?;
        }
        Operation::ChangePosts(conditions, changes) => {
            let changes = changes.iter().map(post_change).collect();
            count = client.post().update_many(Post::filters(conditions), changes).await?;
        }
        Operation::MovePost(id, author) => {
            let author = post::author::connect(user::id::equals(author.clone()));
            client.post().update(post::id::equals(*id), vec![author]).await?;
        }
        Operation::RemovePosts(conditions) => {
            count = client.post().delete_many(Post::filters(conditions)).await?;
        }
        Operation::AddTag(name) => {
            client.tag().create(name.clone(), vec![]).await?;
        }
        Operation::Tags(id, link, tags) => {
            let tags = tags.iter().map(|name| tag::name::equals(name.clone())).collect();
            let tags = match link {
                Link::Connect => post::tags::connect(tags),
                Link::Disconnect => post::tags::disconnect(tags),
                Link::Set => post::tags::set(tags),
            };
            client.post().update(post::id::equals(*id), vec![tags]).await?;
        }
        Operation::Reviewers(id, link, reviewers) => {
            let reviewers = people(reviewers);
            let reviewers = match link {
                Link::Connect => post::reviewers::connect(reviewers),
                Link::Disconnect => post::reviewers::disconnect(reviewers),
                Link::Set => post::reviewers::set(reviewers),
            };
            client.post().update(post::id::equals(*id), vec![reviewers]).await?;
        }
        Operation::UpsertComment(id, number, text) => {
            let new = comment::create(*number, *text, post::id::equals(*id), vec![]);
            let change = vec![comment::text::set(format!("{text}!"))];
            let key = comment::post_id_number(*id, *number);
            client.comment().upsert(key, new, change).await?;
        }
        Operation::RemoveComment(id, number) => {
            client.comment().delete(comment::post_id_number(*id, *number)).await?;
        }
        Operation::AddLike(id, post, number, who) => {
            let id = vec![like::id::set(*id)];
            client.like().create_unchecked(*post, *number, *who, id).await?;
        }
        Operation::AddEvery(id, ints, texts) => {
            let lists = vec![every::ints::set(ints.clone()), every::texts::set(owned(texts))];
            client.every().create_from(values::every(*id, lists)).await?;
        }
        Operation::ChangeEvery(id, changes) => {
            let changes = changes.iter().map(every_change).collect();
            client.every().update(every::id::equals(*id), changes).await?;
        }
        Operation::Batch(all) => {
            let updates = all.iter().map(|(id, change)| {
                client.user().update(user::id::equals(id.clone()), changes(change))
            });
            client._batch(updates.collect::<Vec<_>>()).await?;
        }
        Operation::Transaction(..) => unreachable!("taken apart by the caller"),
    }
    Ok(u64::try_from(count).expect("a number of rows"))
}

fn people(ids: &[String]) -> Vec<user::UniqueWhereParam> {
    ids.iter().map(|id| user::id::equals(id.clone())).collect()
}

/// By id or nickname.
fn named(keys: &[String]) -> Vec<user::UniqueWhereParam> {
    let key = |key: &String| {
        if key.starts_with("nick") {
            user::nickname::equals(key.clone())
        } else {
            user::id::equals(key.clone())
        }
    };
    keys.iter().map(key).collect()
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn new_person(person: &NewPerson) -> user::Create {
    let mut params = vec![user::id::set(person.id.clone()), user::age::set(person.age)];
    // One way to leave a column empty is to say nothing, which makes rows of several shapes.
    if let Some(nickname) = &person.nickname {
        params.push(user::nickname::set(nickname.clone()));
    }
    params.push(user::name::set(person.name.map(str::to_owned)));
    user::create(person.email.clone(), params)
}

fn new_household(household: &Household) -> user::Create {
    let mut new = new_person(&household.person);
    if let Some(leader) = &household.leader {
        new._params.push(user::leader::create(new_person(leader)));
    }
    if let Some((id, bio)) = household.profile {
        let profile = profile::create(bio, nested(), vec![profile::id::set(id)]);
        new._params.push(user::profile::create(profile));
    }
    let posts: Vec<post::Create> = household
        .posts
        .iter()
        .map(|(id, title, tags)| {
            let mut params = vec![post::id::set(*id)];
            params.extend(tags.iter().map(|name| {
                let key = tag::name::equals(name.clone());
                post::tags::connect_or_create(key, tag::create(name.clone(), vec![]))
            }));
            post::create(*title, nested(), params)
        })
        .collect();
    new._params.push(user::posts::create(posts));
    new
}

fn post_params(new: &NewPost) -> Vec<post::SetParam> {
    let mut params = vec![post::id::set(new.id), post::rating::set(new.rating)];
    params.extend(new.status.map(post::status::set));
    params
}

fn changes(changes: &[Change]) -> Vec<user::SetParam> {
    let change = |change: &Change| match change {
        Change::Age(Arithmetic::Set(value)) => user::age::set(*value),
        Change::Age(Arithmetic::Increment(by)) => user::age::increment(*by),
        Change::Age(Arithmetic::Decrement(by)) => user::age::decrement(*by),
        Change::Age(Arithmetic::Multiply(by)) => user::age::multiply(*by),
        Change::Age(Arithmetic::Divide(by)) => user::age::divide(*by),
        Change::Name(name) => user::name::set(name.map(str::to_owned)),
        Change::Nickname(name) => user::nickname::set(name.clone()),
        Change::Email(email) => user::email::set(email.clone()),
    };
    changes.iter().map(change).collect()
}

fn post_change(change: &PostChange) -> post::SetParam {
    match change {
        PostChange::Views(Arithmetic::Set(value)) => post::views::set(*value),
        PostChange::Views(Arithmetic::Increment(by)) => post::views::increment(*by),
        PostChange::Views(Arithmetic::Decrement(by)) => post::views::decrement(*by),
        PostChange::Views(Arithmetic::Multiply(by)) => post::views::multiply(*by),
        PostChange::Views(Arithmetic::Divide(by)) => post::views::divide(*by),
        PostChange::Rating(rating) => post::rating::set(*rating),
        PostChange::Price(by) => {
            let decimal = BigDecimal::from;
            match by {
                Arithmetic::Set(value) => post::price::set(Some(decimal(*value))),
                Arithmetic::Increment(by) => post::price::increment(decimal(*by)),
                Arithmetic::Decrement(by) => post::price::decrement(decimal(*by)),
                Arithmetic::Multiply(by) => post::price::multiply(decimal(*by)),
                Arithmetic::Divide(by) => post::price::divide(decimal(*by)),
            }
        }
        PostChange::Status(status) => post::status::set(*status),
    }
}

fn every_change(change: &EveryChange) -> every::SetParam {
    let document = |index: usize| serde_json::from_str(DOCUMENTS[index]).unwrap();
    match change {
        EveryChange::Big(Arithmetic::Set(value)) => every::big::set(i64::from(*value)),
        EveryChange::Big(Arithmetic::Increment(by)) => every::big::increment(i64::from(*by)),
        EveryChange::Big(Arithmetic::Decrement(by)) => every::big::decrement(i64::from(*by)),
        EveryChange::Big(Arithmetic::Multiply(by)) => every::big::multiply(i64::from(*by)),
        EveryChange::Big(Arithmetic::Divide(by)) => every::big::divide(i64::from(*by)),
        EveryChange::Ints(values) => every::ints::set(values.clone()),
        EveryChange::PushInts(values) => every::ints::push(values.clone()),
        EveryChange::PushTexts(values) => every::texts::push(owned(values)),
        EveryChange::Json(index) => every::json::set(document(*index)),
        EveryChange::OptionalJson(None) => every::json_o::set(None),
        EveryChange::OptionalJson(Some(index)) => every::json_o::set(Some(document(*index))),
        EveryChange::Bytes(bytes) => every::bytes::set(bytes.clone()),
    }
}
