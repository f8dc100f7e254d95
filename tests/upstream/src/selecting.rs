use crate::prisma::{comment, post, user, PrismaClient};
use prisma_client_rust::QueryError;

post::select!(post_only_title { title });
post::include!(post_with_author { author });
post::select!((filters: Vec<comment::WhereParam>, take: i64) => post_card {
    id
    author: select { display_name }
    comments(filters).take(take): select { id content }
});
post::partial_unchecked!(PostUpdate {
    title
    content
});
user::partial_unchecked!(UserUpdate { display_name r#type });

pub async fn anonymous(client: &PrismaClient) -> Result<(), QueryError> {
    let posts = client
        .post()
        .find_many(vec![])
        .select(post::select!({
            id
            title
            author: select { id display_name profile: select { bio } }
            comments(vec![comment::content::contains("a".to_string())]).order_by(comment::created_at::order(crate::prisma::SortOrder::Desc)).skip(1).take(5): select { id user }
            categories
        }))
        .exec()
        .await?;
    for post in posts {
        let bio: Option<String> = post.author.profile.map(|profile| profile.bio);
        println!("{} {} {} {bio:?} {}", post.id, post.title, post.author.display_name, post.categories.len());
        for comment in post.comments {
            println!("{} {}", comment.id, comment.user.is_some());
        }
    }
    let post = client
        .post()
        .find_unique(post::id::equals("1".to_string()))
        .include(post::include!({ author: include { manager } comments }))
        .exec()
        .await?;
    if let Some(post) = post {
        println!("{} {} {}", post.title, post.author.manager.is_some(), post.comments.len());
    }
    let created = client
        .post()
        .create(true, "t".to_string(), user::id::equals("u".to_string()), vec![])
        .select(post::select!({ id }))
        .exec()
        .await?;
    println!("{}", created.id);
    Ok(())
}

pub async fn named(client: &PrismaClient) -> Result<Vec<post_card::Data>, QueryError> {
    let titles: Vec<post_only_title::Data> = client.post().find_many(vec![]).select(post_only_title::select()).exec().await?;
    let with_author: Option<post_with_author::Data> = client.post().find_first(vec![]).include(post_with_author::include()).exec().await?;
    println!("{} {}", titles.len(), with_author.is_some());
    client.post().find_many(vec![]).select(post_card::select(vec![], 3)).exec().await
}

pub async fn partial(client: &PrismaClient, update: PostUpdate) -> Result<post::Data, QueryError> {
    client.post().update_unchecked(post::id::equals("1".to_string()), update.to_params()).exec().await
}

pub fn user_params(update: UserUpdate) -> Vec<user::UncheckedSetParam> {
    update.to_params()
}

pub fn update_from_json(text: &str) -> prisma_client_rust::serde_json::Result<PostUpdate> {
    prisma_client_rust::serde_json::from_str(text)
}
