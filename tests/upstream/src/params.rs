use crate::prisma::{comment, post, profile, user, user_org, PrismaClient, Role};
use prisma_client_rust::{operator, Operator, QueryError};

pub async fn unique(client: &PrismaClient) -> Result<(), QueryError> {
    let id: String = "0".into();
    let post = client.post().find_unique(post::UniqueWhereParam::IdEquals(id.clone())).exec().await?;
    let by_email = client.user().find_unique(user::UniqueWhereParam::EmailEquals("a@example.com".into())).exec().await?;
    let of_user = client.profile().find_unique(profile::UniqueWhereParam::UserIdEquals(id.clone())).exec().await?;
    let membership = client
        .user_org()
        .find_unique(user_org::UniqueWhereParam::UserIdOrgIdRoleEquals(id.clone(), id.clone(), Role::Owner))
        .exec()
        .await?;
    println!("{post:?} {by_email:?} {of_user:?} {membership:?}");
    client
        .comment()
        .create(
            "text".to_string(),
            post::UniqueWhereParam::IdEquals(id.clone()),
            vec![comment::user::connect(user::UniqueWhereParam::IdEquals(id.clone()))],
        )
        .exec()
        .await?;
    client
        .post()
        .update(
            post::UniqueWhereParam::IdEquals(id),
            vec![post::comments::connect(
                vec!["a".to_string()].into_iter().map(comment::UniqueWhereParam::IdEquals).collect(),
            )],
        )
        .exec()
        .await?;
    Ok(())
}

pub async fn by(client: &PrismaClient, row: user::UniqueWhereParam) -> Result<Option<user::Data>, QueryError> {
    client.user().find_unique(row).exec().await
}

pub fn conditions(texts: Vec<String>) -> Vec<post::WhereParam> {
    vec![
        post::WhereParam::And(vec![post::title::contains("a".to_string()), post::published::equals(true)]),
        post::WhereParam::Or(texts.iter().cloned().map(post::title::equals).collect()),
        post::WhereParam::Not(vec![post::views::gt(1)]),
        post::WhereParam::from(post::UniqueWhereParam::IdEquals("a".to_string())),
        any(texts, post::title::equals),
        range(Some(1), None, post::views::gte, post::views::lte),
    ]
}

fn any<R: From<Operator<R>>>(texts: Vec<String>, equals: fn(String) -> R) -> R {
    operator::or(texts.into_iter().map(equals).collect())
}

fn range<R: From<Operator<R>>>(from: Option<i32>, to: Option<i32>, gte: fn(i32) -> R, lte: fn(i32) -> R) -> R {
    Operator::And(from.map(gte).into_iter().chain(to.map(lte)).collect()).into()
}

pub fn names() -> [&'static str; 3] {
    [post::NAME, post::title::NAME, post::comments::NAME]
}
