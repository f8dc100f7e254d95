use crate::prisma::{category, comment, post, profile, user, user_org, PrismaClient, QueryMode, Role, SortOrder};
use prisma_client_rust::{and, not, operator, or, QueryError};

pub async fn find(client: &PrismaClient) -> prisma_client_rust::Result<()> {
    let post: Option<post::Data> = client.post().find_unique(post::id::equals("123".to_string())).exec().await?;
    if let Some(post) = post {
        let title: String = post.title;
        let content: Option<String> = post.content;
        let at: prisma_client_rust::chrono::DateTime<prisma_client_rust::chrono::FixedOffset> = post.created_at;
        println!("{title} {content:?} {at}");
    }
    let first: Option<post::Data> = client
        .post()
        .find_first(vec![post::title::equals("Test".to_string())])
        .exec()
        .await?;
    let many: Vec<post::Data> = client
        .post()
        .find_many(vec![post::title::contains("Test".to_string()), post::published::equals(true)])
        .exec()
        .await?;
    println!("{first:?} {many:?}");
    let membership = client
        .user_org()
        .find_unique(user_org::user_id_org_id_role("a".to_string(), "b".to_string(), Role::Owner))
        .exec()
        .await?;
    drop(membership);
    let by_email = client.user().find_unique(user::email::equals("a@example.com".to_string())).exec().await?;
    drop(by_email);
    let total: i64 = client.post().count(vec![post::published::equals(true)]).exec().await?;
    println!("{total}");
    Ok(())
}

pub fn filters() -> Vec<user::WhereParam> {
    vec![
        user::display_name::not("x".to_string()),
        user::display_name::in_vec(vec!["a".to_string()]),
        user::display_name::not_in_vec(vec!["a".to_string()]),
        user::display_name::lt("a".to_string()),
        user::display_name::lte("a".to_string()),
        user::display_name::gt("a".to_string()),
        user::display_name::gte("a".to_string()),
        user::display_name::starts_with("a".to_string()),
        user::display_name::ends_with("a".to_string()),
        user::display_name::mode(QueryMode::Insensitive),
        user::email::equals(Some("a".to_string())),
        user::email::equals(None),
        user::email::not(None),
        user::email::contains("@".to_string()),
        user::age::equals(Some(1)),
        user::age::gt(1),
        user::age::in_vec(vec![1, 2]),
        user::balance::gte("1.50".parse().unwrap()),
        user::score::lt(1.5),
        user::visits::lte(7),
        user::active::not(true),
        user::created_at::gt("2026-01-01T00:00:00+10:00".parse().unwrap()),
        user::role::equals(Role::AdminUser),
        user::role::in_vec(vec![Role::User, Role::Owner]),
        user::role::not(Role::Owner),
        user::settings::equals(Some(prisma_client_rust::serde_json::json!({"a": 1}))),
        user::settings::path(vec!["a".to_string()]),
        user::settings::string_contains("x".to_string()),
        user::settings::array_contains(Some(prisma_client_rust::serde_json::json!([1]))),
        user::settings::gt(prisma_client_rust::serde_json::json!(1)),
        user::avatar::equals(Some(vec![1, 2])),
        user::avatar::not(None),
        user::tags::equals(Some(vec!["a".to_string()])),
        user::tags::has(Some("a".to_string())),
        user::tags::has_every(vec!["a".to_string()]),
        user::tags::has_some(vec!["a".to_string()]),
        user::tags::is_empty(true),
        user::r#type::equals(None),
        user::posts::some(vec![post::title::contains("a".to_string())]),
        user::posts::every(vec![post::published::equals(true)]),
        user::posts::none(vec![post::categories::some(vec![category::name::equals("a".to_string())])]),
        user::profile::is(vec![profile::bio::contains("a".to_string())]),
        user::profile::is_not(vec![profile::bio::contains("a".to_string())]),
        user::profile::is_null(),
        user::manager::is(vec![user::active::equals(true)]),
        user::reports::some(vec![]),
        user::orgs::some(vec![user_org::role::equals(Role::User)]),
        and![user::active::equals(true), user::age::gt(18)],
        or![user::active::equals(true), not![user::age::gt(18), user::age::lt(90)]],
        operator::and(vec![operator::or(vec![user::active::equals(true)]), operator::not(vec![user::age::gt(18)])]),
    ]
}

pub async fn fetch(client: &PrismaClient) -> Result<(), QueryError> {
    let post: Option<post::Data> = client
        .post()
        .find_unique(post::id::equals("0".to_string()))
        .with(post::comments::fetch(vec![]).with(comment::user::fetch()).order_by(comment::created_at::order(SortOrder::Desc)).skip(1).take(2).cursor(comment::id::equals("a".to_string())))
        .with(post::author::fetch().with(user::manager::fetch()).with(user::profile::fetch()))
        .exec()
        .await?;
    let Some(post) = post else { return Ok(()) };
    let comments: &Vec<comment::Data> = post.comments().expect("fetched");
    let author: &user::Data = post.author().expect("fetched");
    let manager: Option<&user::Data> = author.manager().expect("fetched");
    let profile: Option<&profile::Data> = author.profile().expect("fetched");
    println!("{} {:?} {:?}", comments.len(), manager, profile);
    match post.comments() {
        Ok(comments) => println!("{}", comments.len()),
        Err(prisma_client_rust::RelationNotFetchedError { .. }) => println!("not fetched"),
    }
    if let Some(comments) = post.comments {
        for comment in comments.iter() {
            println!("{}", comment.content);
        }
    }
    Ok(())
}

/// Relations as what they hold: rows, and a row in a box.
pub async fn taken(client: &PrismaClient) -> Result<(user::Data, Vec<comment::Data>), QueryError> {
    let post = client
        .post()
        .find_unique(post::id::equals("0".to_string()))
        .with(post::comments::fetch(vec![]).order_by(comment::content::order(SortOrder::Asc)).with(comment::user::fetch()))
        .with(post::author::fetch().with(user::manager::fetch()).with(user::posts::fetch(vec![])))
        .exec()
        .await?
        .expect("it is there");
    let comments: Vec<comment::Data> = post.comments.unwrap_or_default();
    let author: Box<user::Data> = post.author.expect("fetched");
    let manager: Option<Option<Box<user::Data>>> = author.manager.clone();
    assert_eq!(manager, Some(None), "it was fetched, and is not there");
    let users: Vec<String> = comments.iter().filter_map(|comment| comment.user.clone().flatten()).map(|user| user.id).collect();
    assert_eq!(users, ["0"]);
    let posts: usize = author.posts.as_ref().map_or(0, |posts| posts.len());
    assert_eq!(posts, author.posts().expect("fetched").len());
    Ok((*author, comments))
}

/// Rows made by hand, as tests and caches make them.
pub fn made(comment: comment::Data, author: user::Data) -> comment::Data {
    comment::Data { user: Some(Some(Box::new(user::Data { posts: Some(vec![]), manager: Some(None), ..author }))), post: None, ..comment }
}

pub async fn paginate(client: &PrismaClient) -> Result<Vec<post::Data>, QueryError> {
    client
        .post()
        .find_many(vec![])
        .order_by(post::title::order(SortOrder::Asc))
        .order_by(post::author::order(vec![user::display_name::order(SortOrder::Asc)]))
        .order_by(post::comments::order(vec![comment::_count::order(SortOrder::Desc)]))
        .cursor(post::id::equals("abc".to_string()))
        .skip(5)
        .take(10)
        .exec()
        .await
}
