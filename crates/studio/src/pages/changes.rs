//! Changes that the pages have collected: shown as SQL, or made.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value as Json, json};

use super::{JsonText, answer, failed_json};
use crate::changes::{self, Change, ChangeKind};
use crate::database::Access;
use crate::failure::{Failure, Result};
use crate::filter::Filter;
use crate::model::Model;
use crate::site::Site;

/// `{"changes": […], "preview": true}` answers the statements, without `preview` what came of them.
pub(crate) async fn post(State(site): State<Arc<Site>>, body: Bytes) -> Response {
    match answer(async move { done(&site, &body).await }).await {
        Ok(json) => JsonText(json).into_response(),
        Err(failure) => failed_json(&failure),
    }
}

async fn done(site: &Site, body: &[u8]) -> Result<Json> {
    site.may_write()?;
    let asked: Json = serde_json::from_slice(body)
        .map_err(|error| Failure::wrong(format!("This is no JSON: {error}")))?;
    let schema = site.schema()?;
    let mut changes: Vec<(Change, Model)> = Vec::new();
    let on = site.database.begin(Access::Read).await?;
    for change in changes::parse(asked.get("changes").unwrap_or(&Json::Null))? {
        let known = changes.iter().find(|(_, model)| model.name == change.model);
        let mut model = match known {
            Some((_, model)) => model.clone(),
            None => site.model(&on, &schema, &change.model).await?,
        };
        if let ChangeKind::Pair { relation, .. } = &change.kind {
            // The other's key has a type too.
            let way = Filter::parse(&format!("{relation}:some:"))?;
            site.reach(&on, &schema, &mut model, &[way]).await?;
        }
        changes.push((change, model));
    }
    on.roll_back().await?;
    if asked.get("preview").and_then(Json::as_bool) == Some(true) {
        let statements = changes
            .iter()
            .map(|(change, model)| Ok(format!("{};", changes::statement(change, model)?.shown())));
        return Ok(json!({ "sql": statements.collect::<Result<Vec<String>>>()? }));
    }
    Ok(changes::save(&site.database, &changes).await?.to_json())
}
