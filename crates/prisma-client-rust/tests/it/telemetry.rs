//! What a listener hears of statements.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use prisma_client_rust::{PrismaValue, raw};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::generated::{post, user};
use crate::support::{add_post, add_user, client};

type Fields = BTreeMap<&'static str, String>;

/// Keeps the spans of the client with their fields, and the words of its events.
#[derive(Default, Clone)]
pub(crate) struct Recorder {
    spans: Arc<Mutex<Vec<Fields>>>,
    events: Arc<Mutex<Vec<String>>>,
}

impl Recorder {
    /// How many statements there were since the last call.
    pub(crate) fn statements(&self) -> usize {
        std::mem::take(&mut *self.spans.lock().unwrap()).len()
    }

    pub(crate) fn events(&self) -> Vec<String> {
        self.events.lock().unwrap().clone()
    }
}

struct Into<'f>(&'f mut Fields);

impl Visit for Into<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }
}

impl Subscriber for Recorder {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "prisma_client_rust"
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut spans = self.spans.lock().unwrap();
        let mut fields = Fields::new();
        span.record(&mut Into(&mut fields));
        spans.push(fields);
        Id::from_u64(spans.len() as u64)
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        let at = usize::try_from(span.into_u64() - 1).unwrap();
        values.record(&mut Into(&mut self.spans.lock().unwrap()[at]));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::new();
        event.record(&mut Into(&mut fields));
        self.events.lock().unwrap().extend(fields.remove("message"));
    }

    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn each_statement_has_a_span_without_its_values() {
    let (_database, client) = client("telemetry").await;
    let author = add_user(&client, "secret@example.com").await;
    add_post(&client, "a secret title", &author).await;
    let recorder = Recorder::default();
    let listening = tracing::subscriber::set_default(recorder.clone());

    let title = post::title::equals("a secret title");
    client.post().find_many(vec![title]).with(post::comments::fetch(vec![])).await.unwrap();
    client.user().create("secret@example.com", vec![]).await.unwrap_err();
    let value = PrismaValue::String("secret".to_owned());
    client._execute_raw(raw!("UPDATE people SET nameless = {}", value)).await.unwrap_err();
    let both =
        (client.user().count(vec![]), client.user().delete_many(vec![user::id::equals("x")]));
    client._batch(both).await.unwrap();
    drop(listening);

    let spans = recorder.spans.lock().unwrap().clone();
    let shown: Vec<String> = spans
        .iter()
        .map(|span| {
            let field = |name: &str| span.get(name).map_or("-", String::as_str);
            assert_eq!(field("db.system.name"), "postgresql");
            assert_eq!(
                field("otel.name"),
                format!("{} {}", field("db.operation.name"), field("db.collection.name"))
                    .trim_end_matches(" -")
            );
            format!(
                "{} {} {}",
                field("otel.name"),
                field("db.response.returned_rows"),
                field("db.response.status_code")
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            "SELECT Post 1 -",
            "SELECT Comment 0 -",
            "INSERT people - 23505",
            "UPDATE - 42703",
            "SELECT people 1 -",
            "DELETE people 0 -"
        ]
    );
    let everything = format!("{spans:?}");
    assert!(everything.contains("= $1"), "the text is there: {everything}");
    assert!(!everything.contains("secret"), "and no value: {everything}");
}
