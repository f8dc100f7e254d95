//! Code over any model, any query and any batch.

use crate::prisma::{comment, post, user, PrismaClient, SortOrder};
use prisma_client_rust::{operator, or, raw, BatchContainer, BatchItem, BatchItemParent, ModelTypes, Operator};
use prisma_client_rust::{OrderByQuery, PaginatedQuery, PrismaValue, QueryError, WhereQuery, WithQuery};

/// What a request asks for of a list.
pub struct Asked {
    pub words: Vec<String>,
    pub after: Option<post::id::Type>,
    pub skip: i64,
    pub take: i64,
}

impl Asked {
    pub fn apply(self, query: &mut post::FindManyQuery) {
        if let Some(id) = self.after {
            query.add_where(or![post::id::gt(id.clone()), post::id::equals(id)]);
        }
        if !self.words.is_empty() {
            query.add_where(any_of(self.words, post::title::contains));
        }
        query.add_with(post::comments::fetch(vec![]));
        query.add_order_by(post::title::order(SortOrder::Asc));
        query.set_skip(self.skip);
        query.set_take(self.take);
    }
}

/// One of the values, however the field compares them.
pub fn any_of<T, W: From<Operator<W>>>(values: Vec<T>, compare: fn(T) -> W) -> W {
    operator::or(values.into_iter().map(compare).collect())
}

pub fn order(newest: bool) -> <post::Types as ModelTypes>::OrderBy {
    if newest { post::created_at::order(SortOrder::Desc) } else { post::title::order(SortOrder::Asc) }
}

/// Queries that are sent together with a note of them.
pub async fn noted<'item, I: BatchItem<'item>>(
    client: &PrismaClient,
    (note, queries): (String, I),
) -> prisma_client_rust::Result<<I as BatchItemParent>::ReturnValue> {
    let note = client.user().create(note, vec![]);
    Ok(client._batch((note, queries)).await?.1)
}

/// The same where there may be nothing to note.
pub async fn perhaps_noted<'item, Q>(client: &PrismaClient, note: Option<String>, query: Q) -> Result<Q::ReturnValue, QueryError>
where
    Q: BatchItem<'item, ReturnValue: Send> + Send,
{
    match note {
        Some(note) => noted(client, (note, query)).await,
        None => Ok(client._batch([query]).await?.remove(0)),
    }
}

pub struct Store<'a>(pub &'a PrismaClient);

impl Store<'_> {
    pub async fn batch<'batch, T: BatchContainer<'batch, Marker>, Marker>(
        &self,
        queries: T,
    ) -> prisma_client_rust::Result<<T as BatchContainer<'batch, Marker>>::ReturnType> {
        self.0._batch(queries).await
    }

    pub async fn rows<T: prisma_client_rust::Data>(&self, query: prisma_client_rust::Raw) -> Result<Vec<T>, QueryError> {
        self.0._query_raw(query).exec().await
    }
}

#[derive(serde::Deserialize)]
pub struct Title {
    pub title: String,
}

pub async fn all(client: &PrismaClient) -> Result<(), QueryError> {
    let author = client.user().create("Generic".to_string(), vec![]).exec().await?;
    let by = || user::id::equals(author.id.clone());
    let posts = ["g1", "g2", "g3"].map(|id| client.post().create(true, format!("Generic {id}"), by(), vec![post::id::set(id.to_string())]));
    Store(client).batch(posts).await?;
    client.comment().create("x".to_string(), post::id::equals("g3".to_string()), vec![]).exec().await?;

    let mut query = client.post().find_many(vec![post::author_id::equals(author.id.clone())]);
    let words = vec!["g2".to_string(), "g3".to_string()];
    Asked { words, after: Some("g1".to_string()), skip: 1, take: 5 }.apply(&mut query);
    let found = query.exec().await?;
    assert_eq!(found.iter().map(|post| &*post.id).collect::<Vec<_>>(), ["g3"]);
    assert_eq!(found[0].comments().expect("they were added").len(), 1);
    let mut query = client.post().find_many(vec![post::author_id::equals(author.id.clone())]).order_by(order(false));
    query.add_cursor(post::id::equals("g2".to_string()));
    assert_eq!(query.exec().await?.len(), 2);
    assert_eq!((<post::Types as ModelTypes>::MODEL, comment::NAME), ("Post", "Comment"));

    let update = || client.post().update(post::id::equals("g1".to_string()), vec![post::views::increment(1)]);
    let changed: post::Data = noted(client, ("note".to_string(), update())).await?;
    let (again, count): (post::Data, i64) = perhaps_noted(client, None, (update(), client.post().count(vec![]))).await?;
    assert_eq!((changed.views, again.views), (1, 2));
    assert!(count >= 3);
    let _: Vec<post::Data> = perhaps_noted(client, Some("note".to_string()), vec![update()]).await?;
    assert_eq!(client.user().count(vec![user::display_name::equals("note".to_string())]).exec().await?, 2);
    let raw = raw!("SELECT title FROM \"Post\" WHERE id = {}", PrismaValue::String("g2".to_string()));
    let titles: Vec<Title> = Store(client).rows(raw).await?;
    assert_eq!(titles[0].title, "Generic g2");
    Ok(())
}
