//! Arguments as projects for 0.7 write them: `into` finds out what to make, since each has the schema's own type, but the
//! queries that make rows convert.

use crate::prisma::{comment, post, profile, user, user_org, PrismaClient, Role};
use prisma_client_rust::QueryError;

pub struct UserId(pub String);

impl From<UserId> for String {
    fn from(id: UserId) -> Self {
        id.0
    }
}

pub async fn all(client: &PrismaClient) -> Result<(), QueryError> {
    let name = "into";
    let made = client
        .user()
        .create(
            name,
            vec![
                user::id::set("i".into()),
                user::email::set(Some("i@example.com".into())),
                user::r#type::set(Some(name.into())),
                user::settings::set(Some("text".into())),
                user::created_at::set(prisma_client_rust::chrono::Utc::now().into()),
            ],
        )
        .exec()
        .await?;
    let found = client.user().find_unique(user::id::equals(UserId(made.id.clone()).into())).exec().await?;
    assert_eq!(found.unwrap().display_name, "into");
    assert!(client.user().find_unique(user::email::equals("i@example.com".into())).exec().await?.is_some());
    let author = user::id::equals("i".into());
    let post = client.post().create(true, "t", author, vec![post::content::set(Some("c".into()))]).exec().await?;
    client.comment().create_unchecked("x", post.id.clone(), vec![comment::user_id::set(Some("i".into()))]).exec().await?;
    client.post().create_many(vec![post::create_unchecked(true, "t2".into(), "i".into(), vec![])]).exec().await?;
    client.user_org().create("o", Role::User, user::id::equals("i".into()), vec![]).exec().await?;
    let of = user_org::user_id_org_id_role("i".into(), "o".into(), Role::User);
    assert!(client.user_org().find_unique(of).exec().await?.is_some());
    let conditions = vec![
        user::display_name::contains("nt".into()),
        user::display_name::not("other".into()),
        user::r#type::equals(Some(name.into())),
        user::settings::equals(Some("text".into())),
        user::posts::some(vec![post::title::starts_with("t".into())]),
        user::display_name::in_vec(vec![name.into()]),
    ];
    assert_eq!(client.user().count(conditions).exec().await?, 1);
    client.user().update(user::id::equals("i".into()), vec![user::display_name::set("new".into())]).exec().await?;
    client.profile().upsert(profile::user_id::equals("i".into()), profile::create("bio".into(), user::id::equals("i".into()), vec![]), vec![profile::bio::set("b".into())]).exec().await?;
    Ok(())
}
