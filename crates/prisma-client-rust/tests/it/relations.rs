//! Loading relations, and conditions on them.

use prisma_client_rust::LoadStrategy::{Join, Query};
use prisma_client_rust::SortOrder::{Asc, Desc};

use crate::generated::{PrismaClient, comment, like, post, profile, tag, user};
use crate::support::{add_post, add_user, client, emails, titles};
use crate::telemetry::Recorder;

/// Ada leads Bob and has a profile; Ada wrote `a1 a2 a3`, Bob wrote `b1`; Eve wrote nothing.
async fn world(client: &PrismaClient) -> [user::Data; 3] {
    let (ada, bob, eve) = (
        add_user(client, "ada@x").await,
        add_user(client, "bob@x").await,
        add_user(client, "eve@x").await,
    );
    for title in ["a1", "a2", "a3"] {
        add_post(client, title, &ada).await;
    }
    add_post(client, "b1", &bob).await;
    let lead = vec![user::leader::connect(user::id::equals(ada.id.clone()))];
    client.user().update(user::id::equals(bob.id.clone()), lead).await.unwrap();
    client.profile().create("counts", user::email::equals("ada@x"), vec![]).await.unwrap();
    [ada, bob, eve]
}

#[tokio::test]
async fn relations_are_there_when_fetched() {
    let (_database, client) = client("with").await;
    let [ada, bob, eve] = world(&client).await;
    let users = client
        .user()
        .find_many(vec![])
        .with(
            user::posts::fetch(vec![])
                .with(post::author::fetch())
                .order_by(post::title::order(Asc)),
        )
        .with(user::leader::fetch())
        .with(user::profile::fetch())
        .order_by(user::email::order(Asc))
        .await
        .unwrap();
    let titles: Vec<Vec<&str>> = users
        .iter()
        .map(|user| user.posts().unwrap().iter().map(|post| post.title.as_str()).collect())
        .collect();
    assert_eq!(titles, [vec!["a1", "a2", "a3"], vec!["b1"], vec![]]);
    assert_eq!(users[0].posts().unwrap()[0].author().unwrap().id, ada.id);
    assert!(users[0].leader().unwrap().is_none());
    assert_eq!(users[1].leader().unwrap().unwrap().id, ada.id);
    assert_eq!(users[0].profile().unwrap().unwrap().bio, "counts");
    assert!(users[1].profile().unwrap().is_none());
    assert_eq!((users[1].id.as_str(), users[2].id.as_str()), (bob.id.as_str(), eve.id.as_str()));
    let error = users[0].team().unwrap_err();
    assert_eq!(
        error.to_string(),
        "Attempted to access field 'team' but did not fetch it using the .with() syntax"
    );
}

#[tokio::test]
async fn each_parent_has_its_own_page() {
    let (_database, client) = client("with_page").await;
    world(&client).await;
    let with = async |fetch| {
        let users = client
            .user()
            .find_many(vec![])
            .with(fetch)
            .order_by(user::email::order(Asc))
            .await
            .unwrap();
        let titles = |user: &user::Data| {
            user.posts()
                .unwrap()
                .iter()
                .map(|post| post.title.clone())
                .collect::<Vec<_>>()
                .join(" ")
        };
        users.iter().map(titles).collect::<Vec<_>>()
    };
    let posts = || user::posts::fetch(vec![]);
    assert_eq!(with(posts().order_by(post::title::order(Desc)).take(2)).await, ["a3 a2", "b1", ""]);
    assert_eq!(with(posts().order_by(post::title::order(Asc)).skip(1)).await, ["a2 a3", "", ""]);
    assert_eq!(with(posts().take(-2)).await, ["a2 a3", "b1", ""]);
    assert_eq!(
        with(user::posts::fetch(vec![post::title::not("a2")]).order_by(post::id::order(Asc))).await,
        ["a1 a3", "b1", ""]
    );
    let a2 = client.post().find_first(vec![post::title::equals("a2")]).await.unwrap().unwrap();
    assert_eq!(with(posts().cursor(post::id::equals(a2.id))).await, ["a2 a3", "b1", ""]);
}

#[tokio::test]
async fn conditions_on_relations() {
    let (_database, client) = client("relation_filters").await;
    world(&client).await;
    let find = |filter| emails(client.user().find_many(vec![filter]));
    assert_eq!(find(user::posts::some(vec![])).await, ["ada@x", "bob@x"]);
    assert_eq!(find(user::posts::some(vec![post::title::starts_with("a")])).await, ["ada@x"]);
    assert_eq!(find(user::posts::none(vec![])).await, ["eve@x"]);
    assert_eq!(find(user::posts::none(vec![post::title::equals("a1")])).await, ["bob@x", "eve@x"]);
    assert_eq!(
        find(user::posts::every(vec![post::title::starts_with("b")])).await,
        ["bob@x", "eve@x"]
    );
    assert_eq!(find(user::leader::is(vec![user::email::equals("ada@x")])).await, ["bob@x"]);
    assert_eq!(
        find(user::leader::is_not(vec![user::email::equals("ada@x")])).await,
        ["ada@x", "eve@x"]
    );
    assert_eq!(find(user::leader::is_null()).await, ["ada@x", "eve@x"]);
    assert_eq!(find(user::profile::is_null()).await, ["bob@x", "eve@x"]);
    assert_eq!(
        find(user::team::some(vec![user::posts::some(vec![post::title::equals("b1")])])).await,
        ["ada@x"]
    );
    let by_author = client.post().find_many(vec![post::author::is(vec![user::profile::is(vec![
        profile::bio::equals("counts"),
    ])])]);
    assert_eq!(titles(by_author.order_by(post::id::order(Asc))).await, ["a1", "a2", "a3"]);
}

#[tokio::test]
async fn many_to_many() {
    let (_database, client) = client("many_to_many").await;
    let ada = add_user(&client, "ada@x").await;
    for name in ["red", "green", "blue"] {
        client.tag().create(name, vec![]).await.unwrap();
    }
    let tags =
        |names: &[&str]| names.iter().map(|name| tag::name::equals(*name)).collect::<Vec<_>>();
    let connect = vec![post::tags::connect(tags(&["red", "green"]))];
    let post = client.post().create("p", user::id::equals(ada.id.clone()), connect).await.unwrap();
    let names = async || {
        let query = client
            .post()
            .find_unique(post::id::equals(post.id))
            .with(post::tags::fetch(vec![]).order_by(tag::name::order(Asc)));
        let post = query.await.unwrap().unwrap();
        post.tags().unwrap().iter().map(|tag| tag.name.clone()).collect::<Vec<_>>()
    };
    let change = async |change| client.post().update(post::id::equals(post.id), vec![change]).await;
    assert_eq!(names().await, ["green", "red"]);
    change(post::tags::connect(tags(&["red", "blue"]))).await.unwrap();
    assert_eq!(names().await, ["blue", "green", "red"]);
    change(post::tags::disconnect(tags(&["green"]))).await.unwrap();
    assert_eq!(names().await, ["blue", "red"]);
    change(post::tags::set(tags(&["green", "red"]))).await.unwrap();
    assert_eq!(names().await, ["green", "red"]);
    let error = change(post::tags::connect(tags(&["none"]))).await.unwrap_err();
    assert_eq!(error.code(), "P2025");
    assert_eq!(names().await, ["green", "red"]);
    let red = client
        .tag()
        .find_many(vec![tag::posts::some(vec![post::title::equals("p")])])
        .await
        .unwrap();
    assert_eq!(red.len(), 2);
    let paged =
        client.post().find_many(vec![]).with(post::tags::fetch(vec![]).take(1)).await.unwrap();
    assert_eq!(paged[0].tags().unwrap()[0].name, "green");
    change(post::reviewers::set(vec![user::email::equals("ada@x")])).await.unwrap();
    assert_eq!(emails(client.user().find_many(vec![user::reviews::some(vec![])])).await, ["ada@x"]);
}

#[tokio::test]
async fn keys_of_two_columns() {
    let (_database, client) = client("compound").await;
    let ada = add_user(&client, "ada@x").await;
    let posts = [add_post(&client, "p", &ada).await, add_post(&client, "q", &ada).await];
    for post in &posts {
        for number in 1..=2 {
            client
                .comment()
                .create(
                    number,
                    format!("{}{number}", post.title),
                    post::id::equals(post.id),
                    vec![],
                )
                .await
                .unwrap();
            let comment = comment::post_id_number(post.id, number);
            client.like().create("eve", comment, vec![]).await.unwrap();
        }
    }
    let found = client
        .comment()
        .find_unique(comment::post_id_number(posts[1].id, 2))
        .with(comment::likes::fetch(vec![]))
        .with(comment::post::fetch())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(found.text, "q2");
    assert_eq!(found.post().unwrap().title, "q");
    assert_eq!(found.likes().unwrap().len(), 1);
    let once = like::once(posts[1].id, 2, "eve");
    assert_eq!(client.like().find_unique(once).await.unwrap().unwrap().number, 2);
    let posts = client
        .post()
        .find_many(vec![post::comments::some(vec![comment::likes::some(vec![like::who::equals(
            "eve",
        )])])])
        .with(
            post::comments::fetch(vec![])
                .with(comment::likes::fetch(vec![]).take(1))
                .order_by(comment::number::order(Desc)),
        )
        .order_by(post::id::order(Asc))
        .await
        .unwrap();
    let texts: Vec<&str> = posts
        .iter()
        .flat_map(|post| post.comments().unwrap())
        .map(|comment| comment.text.as_str())
        .collect();
    assert_eq!(texts, ["p2", "p1", "q2", "q1"]);
    assert!(
        posts.iter().flat_map(|post| post.comments().unwrap()).all(|comment| comment
            .likes()
            .unwrap()
            .len()
            == 1)
    );
}

#[tokio::test]
async fn rows_are_connected_and_set_free() {
    let (_database, client) = client("connect").await;
    let [ada, bob, eve] = world(&client).await;
    let team = async |user: &user::Data| {
        emails(client.user().find_many(vec![user::leader_id::equals(user.id.clone())])).await
    };
    let change = async |user: &user::Data, change| {
        client.user().update(user::id::equals(user.id.clone()), vec![change]).await
    };
    change(&ada, user::team::connect(vec![user::email::equals("eve@x")])).await.unwrap();
    assert_eq!(team(&ada).await, ["bob@x", "eve@x"]);
    change(&ada, user::team::disconnect(vec![user::email::equals("bob@x")])).await.unwrap();
    assert_eq!(team(&ada).await, ["eve@x"]);
    change(&ada, user::team::set(vec![user::email::equals("bob@x")])).await.unwrap();
    assert_eq!(team(&ada).await, ["bob@x"]);
    change(&bob, user::leader::disconnect()).await.unwrap();
    assert_eq!(team(&ada).await, [""; 0]);
    change(&bob, user::leader::connect(user::email::equals("eve@x"))).await.unwrap();
    assert_eq!(team(&eve).await, ["bob@x"]);
    let error =
        change(&bob, user::leader::connect(user::email::equals("nobody@x"))).await.unwrap_err();
    assert_eq!(error.code(), "P2025");
    assert_eq!(team(&eve).await, ["bob@x"]);
}

#[tokio::test]
async fn what_is_loaded_does_not_depend_on_the_way() {
    let (_database, client) = client("load_strategy").await;
    world(&client).await;
    let recorder = Recorder::default();
    let listening = tracing::subscriber::set_default(recorder.clone());
    let mut found = Vec::new();
    // Joined: one statement for the rows, and one for the relation to many. Else one for each: the rows, their authors,
    // their authors' leaders, the comments.
    for (strategy, statements) in [(Join, 2), (Query, 4)] {
        let posts = || client.post().find_many(vec![]).order_by(post::id::order(Asc));
        let author = || post::author::fetch().with(user::leader::fetch());
        let comments = || post::comments::fetch(vec![]);
        let rows = posts().load_strategy(strategy).with(author()).with(comments()).await.unwrap();
        assert_eq!((rows.len(), recorder.statements()), (4, statements));
        let one = client
            .post()
            .find_unique(post::id::equals(4))
            .load_strategy(strategy)
            .with(author())
            .with(comments())
            .await
            .unwrap()
            .unwrap();
        assert_eq!((&one, recorder.statements()), (&rows[3], statements));
        let first = client
            .post()
            .find_first(vec![post::title::equals("b1")])
            .load_strategy(strategy)
            .select(post::select!({ title comments author: select { leader: select { email } } }))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(first.author.leader.as_ref().map(|leader| leader.email.as_str()), Some("ada@x"));
        assert_eq!(recorder.statements(), statements);
        found.push(rows);
    }
    drop(listening);
    assert_eq!(found[0], found[1]);
}
