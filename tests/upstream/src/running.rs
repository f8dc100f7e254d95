//! The pages of the guide run one after the other on a database, and what they give and leave behind is what it says.

use crate::prisma::{category, comment, post, user, user_org, PrismaClient, Role};
use crate::{batching, errors, generic, migrations, mocking, names, params, raw, reading, selecting, transactions, types, writing};
use prisma_client_rust::prisma_errors::query_engine::UniqueKeyViolation;
use prisma_client_rust::QueryError;

pub async fn all(url: String) -> Result<(), Box<dyn std::error::Error>> {
    let client = &crate::connect(url).await?;
    migrations(client).await?;
    reading(client).await?;
    writing(client).await?;
    params(client).await?;
    types::all(client).await?;
    generic::all(client).await?;
    selecting(client).await?;
    batching(client).await?;
    transactions(client).await?;
    raw(client).await?;
    errors(client).await?;
    mocking(client).await?;
    Ok(())
}

async fn migrations(client: &PrismaClient) -> Result<(), Box<dyn std::error::Error>> {
    assert!(migrations::start(client).await.is_err(), "there is no migration of that name");
    let steps: u32 = client._db_push().accept_data_loss().force_reset().await?;
    assert!(steps > 0);
    Ok(())
}

/// A user, and a post with a comment of that user.
async fn rows(client: &PrismaClient, user: &str, post: &str, comment: &str) -> Result<(), QueryError> {
    client.user().create("Grace".to_string(), vec![user::id::set(user.to_string())]).exec().await?;
    let author = user::id::equals(user.to_string());
    client.post().create(true, "Test".to_string(), author, vec![post::id::set(post.to_string())]).exec().await?;
    let by = vec![comment::id::set(comment.to_string()), comment::user_id::set(Some(user.to_string()))];
    client.comment().create_unchecked("x".to_string(), post.to_string(), by).exec().await?;
    Ok(())
}

async fn reading(client: &PrismaClient) -> Result<(), Box<dyn std::error::Error>> {
    rows(client, "0", "0", "a").await?;
    for id in ["abc", "abd"] {
        let author = user::id::equals("0".to_string());
        client.post().create(false, format!("of {id}"), author, vec![post::id::set(id.to_string())]).exec().await?;
    }
    for content in ["second", "third"] {
        let of = post::id::equals("0".to_string());
        client.comment().create(content.to_string(), of, vec![]).exec().await?;
    }
    reading::find(client).await?;
    reading::fetch(client).await?;
    for (at, filter) in reading::filters().into_iter().enumerate() {
        let found = client.user().find_many(vec![filter]).exec().await;
        found.map_err(|error| format!("filter {at}: {error:?}"))?;
    }
    assert_eq!(client.user().count(reading::filters()).exec().await?, 0);
    // "Test", then "of abc" and "of abd": behind five rows after the cursor there is nothing.
    assert!(reading::paginate(client).await?.is_empty());

    let found = client.post().find_many(vec![post::title::contains("of ".to_string())]);
    let titles: Vec<String> =
        found.order_by(post::title::order(crate::prisma::SortOrder::Desc)).exec().await?.into_iter().map(|post| post.title).collect();
    assert_eq!(titles, ["of abd", "of abc"]);
    let post = client.post().find_unique(post::id::equals("0".to_string())).with(post::comments::fetch(vec![])).exec().await?.unwrap();
    assert_eq!(post.comments()?.len(), 3);
    assert!(post.author().is_err(), "it was not fetched");
    let (author, comments) = reading::taken(client).await?;
    assert_eq!((&*author.id, comments.len()), ("0", 3));
    let made = reading::made(comments[0].clone(), author);
    let user = made.user().expect("it was given").expect("it was given too");
    assert_eq!(user.posts()?, &vec![]);
    let text = prisma_client_rust::serde_json::to_string(&made)?;
    assert_eq!(prisma_client_rust::serde_json::from_str::<comment::Data>(&text)?, made);
    assert!(format!("{made:?}").contains("manager: Some(None)"));
    Ok(())
}

async fn writing(client: &PrismaClient) -> Result<(), QueryError> {
    let category = client.category().create("a".to_string(), vec![]).exec().await?;
    assert_eq!(category.id, 1);
    writing::create(client).await?;
    let ada = client.user().find_unique(user::email::equals("ada@example.com".to_string())).exec().await?.unwrap();
    assert_eq!((&*ada.display_name, ada.tags, ada.role), ("Ada", vec!["a".to_string()], Role::User));
    // One by `create`, two and one by `create_many`, one by `to_query`.
    assert_eq!(client.post().count(vec![post::author_id::equals(ada.id.clone())]).exec().await?, 5);
    assert_eq!(client.comment().count(vec![comment::post_id::equals("id".to_string())]).exec().await?, 2);
    let in_category = post::categories::some(vec![category::id::equals(1)]);
    assert_eq!(client.post().count(vec![in_category]).exec().await?, 1);

    rows(client, "u", "p", "c").await?;
    writing::update(client).await?;
    let post = client.post().find_unique(post::id::equals("id".to_string())).exec().await?.unwrap();
    // 0 + 1 - 1, times 2, divided by 2.
    assert_eq!((&*post.title, post.views, &*post.author_id), ("new title", 0, "u"));
    assert_eq!(post.content.as_deref(), Some("new content"));
    let user = client.user().find_unique(user::id::equals("u".to_string())).exec().await?.unwrap();
    assert_eq!(user.display_name, "Ada", "it was there, so that it was changed");
    assert_eq!((user.tags, user.avatar, user.settings), (vec!["b".to_string()], Some(vec![0]), None));
    assert_eq!(user.balance.to_string(), "1.5");

    client.comment().delete_many(vec![comment::post_id::equals("id".to_string())]).exec().await?;
    client.user_org().create("o".to_string(), Role::User, user::id::equals("u".to_string()), vec![]).exec().await?;
    writing::delete(client).await?;
    assert_eq!(client.user_org().count(vec![user_org::user_id::equals("u".to_string())]).exec().await?, 0);
    assert!(client.post().find_unique(post::id::equals("id".to_string())).exec().await?.is_none());
    Ok(())
}

async fn params(client: &PrismaClient) -> Result<(), QueryError> {
    params::unique(client).await?;
    let of_user = comment::user_id::equals(Some("0".to_string()));
    assert_eq!(client.comment().count(vec![of_user]).exec().await?, 2);
    assert_eq!(client.post().find_many(params::conditions(vec!["Test".to_string()])).exec().await?.len(), 0);
    let either = post::WhereParam::Or(vec![post::title::equals("of abc".to_string()), post::id::equals("abd".to_string())]);
    assert_eq!(client.post().count(vec![either]).exec().await?, 2);
    let found = params::by(client, user::UniqueWhereParam::IdEquals("u".to_string())).await?;
    assert_eq!(found.map(|user| user.id).as_deref(), Some("u"));
    assert_eq!(params::names(), ["Post", "title", "comments"]);
    Ok(())
}

async fn selecting(client: &PrismaClient) -> Result<(), QueryError> {
    rows(client, "v", "1", "d").await?;
    selecting::anonymous(client).await?;
    let cards = selecting::named(client).await?;
    let card = cards.iter().find(|card| card.id == "0").expect("it is there");
    assert_eq!(card.author.display_name, "Grace");
    assert_eq!(card.comments.len(), 3);
    let update = selecting::update_from_json(r#"{"title":"by parts"}"#).expect("a part will do");
    let post = selecting::partial(client, update).await?;
    assert_eq!((&*post.title, post.content), ("by parts", None));
    assert_eq!(names::from_json(&names::to_json(&post_of(client).await?, Role::Owner)["post"].to_string()).unwrap().id, "1");
    assert_eq!(names::roles(), ["user", "admin_user", "OWNER"]);
    Ok(())
}

async fn post_of(client: &PrismaClient) -> Result<post::Data, QueryError> {
    Ok(client.post().find_unique(post::id::equals("1".to_string())).exec().await?.expect("it is there"))
}

async fn batching(client: &PrismaClient) -> Result<(), QueryError> {
    client.user().create("oscar".to_string(), vec![]).exec().await?;
    let (user, gone) = batching::tuple(client).await?;
    assert_eq!((&*user.display_name, gone), ("brendan", 1));
    client.user().create("x".to_string(), vec![user::id::set("a".to_string())]).exec().await?;
    batching::sequences(client).await?;
    let brendans = vec![user::display_name::equals("brendan".to_string())];
    assert_eq!(client.user().count(brendans).exec().await?, 1 + 1 + 1000);
    assert!(client.user().find_unique(user::id::equals("a".to_string())).exec().await?.is_none());
    // Together or not at all.
    let before = client.user().count(vec![]).exec().await?;
    let same = || client.user().create("y".to_string(), vec![user::id::set("u".to_string())]);
    let refused = client._batch((client.user().create("z".to_string(), vec![]), same())).await.unwrap_err();
    assert!(refused.is_prisma_error::<UniqueKeyViolation>());
    assert_eq!(client.user().count(vec![]).exec().await?, before);
    Ok(())
}

async fn transactions(client: &PrismaClient) -> Result<(), QueryError> {
    let (user, post) = transactions::closure(client).await?;
    assert_eq!(user.id, post.author_id);
    assert!(matches!(transactions::custom(client).await, Err(transactions::CustomError::TooMany)));
    transactions::manual(client).await?;
    let (tx, inside) = client._transaction().begin().await?;
    inside.post().delete(post::id::equals(post.id.clone())).exec().await?;
    tx.rollback(inside).await?;
    assert!(client.post().find_unique(post::id::equals(post.id)).exec().await?.is_some());
    Ok(())
}

async fn raw(client: &PrismaClient) -> Result<(), QueryError> {
    let all = client.post().count(vec![]).exec().await?;
    assert_eq!(raw::raw_queries(client).await?, all);
    let changed = vec![post::title::equals("A Title".to_string()), post::views::equals(1), post::published::equals(false)];
    assert_eq!(client.post().count(changed).exec().await?, all);
    Ok(())
}

async fn errors(client: &PrismaClient) -> Result<(), QueryError> {
    errors::kinds(client).await;
    let gone = client.user().delete(user::id::equals("nobody".to_string())).exec().await.unwrap_err();
    assert!(gone.is_prisma_error::<prisma_client_rust::prisma_errors::query_engine::RecordRequiredButNotFound>() || gone.is_prisma_error::<prisma_client_rust::prisma_errors::query_engine::RecordNotFound>());
    let taken = client.user().create("Ada".to_string(), vec![user::id::set("u".to_string())]).exec().await.unwrap_err();
    assert!(taken.is_prisma_error::<UniqueKeyViolation>());
    Ok(())
}

async fn mocking(client: &PrismaClient) -> Result<(), QueryError> {
    mocking::gets_title(post_of(client).await?).await
}
