use crate::prisma::{post, PrismaClient};
use prisma_client_rust::queries;

pub async fn get_post_title(client: &PrismaClient, post_id: String) -> queries::Result<Option<String>> {
    let post = client.post().find_unique(post::id::equals(post_id)).exec().await?;
    Ok(post.map(|post| post.title))
}

pub async fn gets_title(expected: post::Data) -> queries::Result<()> {
    let (client, mock) = PrismaClient::_mock();
    let id = "123".to_string();
    mock.expect(client.post().find_unique(post::id::equals(id.clone())), Some(expected.clone())).await;
    let title = get_post_title(&client, id).await?;
    assert_eq!(title, Some(expected.title));
    Ok(())
}
