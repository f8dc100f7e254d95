use crate::prisma::{comment, post, user, PrismaClient, Role};
use prisma_client_rust::QueryError;
use std::fmt;

/// What a request holds, by the types of the fields that it is about.
#[derive(Debug, Clone, PartialEq)]
pub struct Changes {
    pub id: user::id::Type,
    pub email: user::email::Type,
    pub role: user::role::Type,
    pub tags: user::tags::Type,
    pub settings: user::settings::Type,
    pub visits: user::visits::Type,
    pub balance: user::balance::Type,
}

#[derive(Debug)]
pub enum Missing {
    Post(post::id::Type),
    User(Option<user::id::Type>),
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Post(id) => write!(f, "no post {id}"),
            Self::User(id) => write!(f, "no user {}", id.as_deref().unwrap_or("?")),
        }
    }
}

pub struct Address<'a>(pub &'a str);

// A type of the schema is what it is, so that others become it.
impl From<Address<'_>> for user::email::Type {
    fn from(address: Address<'_>) -> Self {
        Some(address.0.to_string())
    }
}

pub fn find(client: &PrismaClient, id: user::id::Type) -> user::FindUniqueQuery<'_> {
    client.user().find_unique(user::id::equals(id))
}

pub fn latest<'a>(client: &'a PrismaClient, by: &user::Data) -> post::FindManyQuery<'a> {
    client.post().find_many(vec![post::author_id::equals(by.id.clone())])
}

pub async fn change(client: &PrismaClient, changes: Changes) -> Result<user::Data, QueryError> {
    let Changes { id, email, role, tags, settings, visits, balance } = changes;
    client
        .user()
        .update(
            user::id::equals(id),
            vec![
                user::email::set(email),
                user::role::set(role),
                user::tags::set(tags),
                user::settings::set(settings),
                user::visits::increment(visits),
                user::balance::set(balance),
            ],
        )
        .exec()
        .await
}

pub fn conditions(of: &Changes) -> Vec<user::WhereParam> {
    vec![
        user::id::not("other".to_string()),
        user::id::in_vec(vec![of.id.clone()]),
        user::id::starts_with(of.id.clone()),
        user::email::equals(of.email.clone()),
        user::email::contains("@".to_string()),
        user::role::equals(of.role),
        user::role::in_vec(vec![Role::Owner]),
        user::tags::has(Some("a".to_string())),
        user::visits::gte(of.visits),
        user::balance::lte(of.balance.clone()),
        user::settings::not(None),
    ]
}

user::select!(user_settings { id email settings });
user::partial_unchecked!(UserEmail { email display_name });

pub async fn all(client: &PrismaClient) -> Result<(), QueryError> {
    let made = client.user().create("Types".to_string(), vec![]).exec().await?;
    let changes = Changes {
        id: made.id.clone(),
        email: Address("types@example.com").into(),
        role: Role::Owner,
        tags: vec!["a".to_string()],
        settings: Some(prisma_client_rust::serde_json::json!({ "a": 1 })),
        visits: 2,
        balance: "2.5".parse().unwrap(),
    };
    let user = change(client, changes.clone()).await?;
    assert_eq!((user.visits, user.tags.len(), &user.email), (2, 1, &changes.email));
    assert_eq!(client.user().count(conditions(&changes)).exec().await?, 1);
    let card = find(client, made.id.clone()).select(user_settings::select()).exec().await?.unwrap();
    assert_eq!((card.id, card.email, card.settings), (made.id.clone(), changes.email, changes.settings));
    let found = client.user().find_unique(user::email::equals("types@example.com".to_string())).exec().await?;
    assert_eq!(found.as_ref(), Some(&user));
    let params = UserEmail { email: Some(None), display_name: None }.to_params();
    assert_eq!(client.user().update_unchecked(user::id::equals(made.id.clone()), params).exec().await?.email, None);
    assert_eq!([user::id::NAME, user::email::NAME, post::id::NAME], ["id", "email", "id"]);
    assert_eq!(Missing::Post("1".to_string()).to_string(), "no post 1");
    assert_eq!(Missing::User(None).to_string(), "no user ?");

    let author = user::id::equals(made.id.clone());
    client.post().create(true, "t".to_string(), author, vec![]).exec().await?;
    let posts = latest(client, &user).order_by(post::id::order(crate::prisma::SortOrder::Desc)).take(1).exec().await?;
    let comment = client.comment().create("c".to_string(), post::id::equals(posts[0].id.clone()), vec![]);
    let of: comment::post_id::Type = comment.exec().await?.post_id;
    assert_eq!(of, posts[0].id);
    Ok(())
}
