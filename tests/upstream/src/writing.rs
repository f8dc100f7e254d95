use crate::prisma::{category, comment, post, user, user_org, PrismaClient, Role};
use prisma_client_rust::QueryError;

pub async fn create(client: &PrismaClient) -> Result<(), QueryError> {
    let user: user::Data = client
        .user()
        .create("Ada".to_string(), vec![user::email::set(Some("ada@example.com".to_string())), user::tags::set(vec!["a".to_string()])])
        .exec()
        .await?;
    let post: post::Data = client
        .post()
        .create(
            true,
            "what up".to_string(),
            user::id::equals(user.id.clone()),
            vec![
                post::id::set("id".to_string()),
                post::content::set(Some("content".to_string())),
                post::categories::connect(vec![category::id::equals(1), category::name::equals("a".to_string())]),
            ],
        )
        .exec()
        .await?;
    let comment: comment::Data = client
        .comment()
        .create(
            "content".to_string(),
            post::id::equals(post.id.clone()),
            vec![comment::user::connect(user::id::equals(user.id.clone()))],
        )
        .with(comment::post::fetch())
        .exec()
        .await?;
    let unchecked: comment::Data =
        client.comment().create_unchecked("content".to_string(), post.id.clone(), vec![comment::user_id::set(Some(user.id.clone()))]).exec().await?;
    println!("{comment:?} {unchecked:?}");

    let titles = ["Title 1", "Title 2"];
    let posts: i64 = client
        .post()
        .create_many(titles.iter().map(|title| post::create_unchecked(true, title.to_string(), user.id.clone(), vec![])).collect())
        .skip_duplicates()
        .exec()
        .await?;
    let rows = vec![post::CreateUnchecked { published: true, title: "t".to_string(), author_id: user.id.clone(), _params: vec![post::views::set(1)] }];
    let more: i64 = client.post().create_many(rows).exec().await?;
    println!("{posts} {more}");
    post::Create { published: true, title: "t".to_string(), author: user::id::equals(user.id.clone()), _params: vec![] }
        .to_query(client)
        .exec()
        .await?;
    Ok(())
}

pub async fn update(client: &PrismaClient) -> Result<(), QueryError> {
    let updated: post::Data = client
        .post()
        .update(
            post::id::equals("id".to_string()),
            vec![
                post::title::set("new title".to_string()),
                post::views::increment(1),
                post::views::decrement(1),
                post::views::multiply(2),
                post::views::divide(2),
                post::author::connect(user::id::equals("u".to_string())),
                post::comments::disconnect(vec![comment::id::equals("c".to_string())]),
                post::categories::set(vec![category::id::equals(1)]),
            ],
        )
        .exec()
        .await?;
    client
        .user()
        .update(
            user::id::equals(updated.author_id),
            vec![user::tags::push(vec!["b".to_string()]), user::manager::disconnect(), user::settings::set(None), user::avatar::set(Some(vec![0])), user::balance::increment("1.5".parse().unwrap())],
        )
        .exec()
        .await?;
    client.comment().update_unchecked(comment::id::equals("c".to_string()), vec![comment::post_id::set("p".to_string())]).exec().await?;
    let changed: i64 = client
        .post()
        .update_many(vec![post::id::contains("id".to_string())], vec![post::content::set(Some("new content".to_string()))])
        .exec()
        .await?;
    let upserted: user::Data = client
        .user()
        .upsert(
            user::id::equals("u".to_string()),
            user::create("Ada".to_string(), vec![user::id::set("u".to_string())]),
            vec![user::display_name::set("Ada".to_string())],
        )
        .exec()
        .await?;
    println!("{changed} {upserted:?}");
    Ok(())
}

pub async fn delete(client: &PrismaClient) -> Result<(), QueryError> {
    let deleted: post::Data = client.post().delete(post::id::equals("id".to_string())).exec().await?;
    let count: i64 = client.post().delete_many(vec![post::title::equals(deleted.title)]).exec().await?;
    client.user_org().delete(user_org::user_id_org_id_role("u".to_string(), "o".to_string(), Role::User)).exec().await?;
    println!("{count}");
    Ok(())
}
