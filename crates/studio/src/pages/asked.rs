//! How what is about a model begins: which model, which rows of it, in which transaction.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Path, RawQuery};
use axum::http::request::Parts;
use axum::response::Response;
use psl::Schema;

use super::{answer, failed, failed_json};
use crate::database::{Access, Transaction};
use crate::failure::{Failure, Result};
use crate::filter::Filter;
use crate::model::Model;
use crate::site::Site;
use crate::view::View;

/// What a URL under `/model/{model}` asks for.
pub(crate) struct Asked {
    pub(crate) site: Arc<Site>,
    pub(crate) name: String,
    pub(crate) query: String,
}

/// A model as one transaction sees it; what is read of its rows is read there too.
pub(crate) struct Opened {
    pub(crate) schema: Schema,
    pub(crate) model: Model,
    pub(crate) on: Transaction,
}

impl FromRequestParts<Arc<Site>> for Asked {
    type Rejection = Response;

    async fn from_request_parts(
        parts: &mut Parts,
        site: &Arc<Site>,
    ) -> std::result::Result<Self, Response> {
        let wrong = || failed(site, &Failure::wrong("The URL names no model"));
        let Path(name) = Path::from_request_parts(parts, site).await.map_err(|_| wrong())?;
        let RawQuery(query) =
            RawQuery::from_request_parts(parts, site).await.map_err(|_| wrong())?;
        Ok(Self { site: Arc::clone(site), name, query: query.unwrap_or_default() })
    }
}

impl Asked {
    /// Answers with a page, if need be with one that says what went wrong.
    pub(crate) async fn page<F>(self, work: impl FnOnce(Self) -> F) -> Response
    where
        F: Future<Output = Result<Response>> + Send + 'static,
    {
        let site = Arc::clone(&self.site);
        answer(work(self)).await.unwrap_or_else(|failure| failed(&site, &failure))
    }

    /// Answers a script.
    pub(crate) async fn json<F>(self, work: impl FnOnce(Self) -> F) -> Response
    where
        F: Future<Output = Result<Response>> + Send + 'static,
    {
        answer(work(self)).await.unwrap_or_else(|failure| failed_json(&failure))
    }

    pub(crate) fn view(&self) -> Result<View> {
        View::parse(&self.query)
    }

    /// The filters are those whose models are to be there too.
    pub(crate) async fn open(&self, filters: &[Filter]) -> Result<Opened> {
        let schema = self.site.schema()?;
        self.open_on(schema, self.site.database.begin(Access::Read).await?, filters).await
    }

    /// For what is read as slowly as somebody takes it.
    pub(crate) async fn open_export(&self, filters: &[Filter]) -> Result<Opened> {
        let schema = self.site.schema()?;
        self.open_on(schema, self.site.database.begin_export().await?, filters).await
    }

    async fn open_on(&self, schema: Schema, on: Transaction, filters: &[Filter]) -> Result<Opened> {
        let read = async {
            let mut model = self.site.model(&on, &schema, &self.name).await?;
            self.site.reach(&on, &schema, &mut model, filters).await?;
            Ok::<Model, Failure>(model)
        };
        match read.await {
            Ok(model) => Ok(Opened { schema, model, on }),
            Err(failure) => {
                // What is not there is asked for often enough: its connection is as good as before.
                if failure.code.is_none() {
                    on.roll_back().await?;
                }
                Err(failure)
            }
        }
    }
}
