//! The migrations on a time line, the newest first: where each stands, its SQL, what lint finds in it, and of the pending ones
//! what they would do.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use lint::{Finding, Report, Source};
use maud::{Markup, html};
use migrate::status::{Status, status};
use migrate::{Diagnosis, Folder, Migration, Options, plan, report};

use super::{Frame, answer_apart, failed, told};
use crate::database::Access;
use crate::failure::{Failure, Result};
use crate::quoting::{Statement, table};
use crate::site::Site;

pub(crate) async fn get(State(site): State<Arc<Site>>) -> Response {
    let own = Arc::clone(&site);
    let page = answer_apart(async move || page(&own).await).await;
    page.unwrap_or_else(|failure| failed(&site, &failure))
}

async fn page(site: &Site) -> Result<Response> {
    let schema = site.schema()?;
    let folder = Folder::read(&site.project.migrations)?;
    let url = site.database.url();
    // Without its database the folder can still be read.
    let (status, failure) = match status(&folder, url).await {
        Ok(status) => (Some(status), None),
        Err(error) => (None, Some(Failure::from(error))),
    };
    let planned = match &status {
        Some(status) if !status.diagnosis.pending.is_empty() => {
            let planned = plan::plan(&folder, url, &Options::default()).await;
            Some(planned.map(|plan| report::plan(&plan, url)).map_err(Failure::from))
        }
        _ => None,
    };
    let known = look(site).await.unwrap_or_default();
    let reports = judge(&folder, known.version.unwrap_or(lint::OLDEST));
    let content = html! {
        h1 { "Migrations" }
        @if let Some(failure) = &failure { (told(failure)) }
        @if let Some(status) = &status { (summary(status)) }
        @match &planned {
            Some(Ok(plan)) => details open { summary { "What a deploy would do" } pre { (plan) } },
            Some(Err(failure)) => (told(failure)),
            None => {}
        }
        ol.timeline {
            @for (migration, report) in folder.migrations().iter().zip(&reports).rev() {
                (entry(migration, report, status.as_ref().map(|status| &status.diagnosis), &known))
            }
        }
        @if folder.migrations().is_empty() { p { "There is no migration yet." } }
    };
    let frame = Frame { site, title: "Migrations", part: "/migrations", model: None, scripts: &[] };
    Ok(frame.around(Some(&schema), &content))
}

fn summary(status: &Status) -> Markup {
    let Diagnosis { pending, failed, missing, applied, .. } = &status.diagnosis;
    html! {
        p {
            (applied.len()) " applied, " (pending.len()) " pending"
            @if !failed.is_empty() { ", " strong { (failed.len()) " failed" } }
            "."
            @if !pending.is_empty() { " Apply them: " code { "cargo xtask migrate deploy" } }
        }
        @for failed in failed {
            div.failure {
                p { code { (failed.name) } " failed at " (failed.started_at) }
                @if let Some(logs) = &failed.logs { pre { (logs) } }
            }
        }
        @if !missing.is_empty() {
            p { "Only the database has: " @for name in missing { code { (name) } " " } }
        }
    }
}

/// What else the database knows.
#[derive(Default)]
struct Known {
    /// The server's major version.
    version: Option<u32>,
    /// When each migration came to its end.
    finished: Vec<(String, String)>,
}

async fn look(site: &Site) -> Result<Known> {
    let transaction = site.database.begin(Access::Read).await?;
    let version = "SELECT pg_catalog.current_setting('server_version_num')::int4 / 10000";
    let version = transaction.query(&Statement::new(version)).await?;
    let version = version.first().map(|row| row.get::<_, i32>(0));
    let history = format!(
        "SELECT migration_name::text, to_char(finished_at, 'YYYY-MM-DD HH24:MI \"UTC\"') FROM {} \
         WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL",
        table(site.default_schema(), "_prisma_migrations")
    );
    // There may be none yet.
    let finished = transaction.query(&Statement::new(history)).await.unwrap_or_default();
    let finished = finished.iter().map(|row| (row.get(0), row.get(1))).collect();
    Ok(Known { version: version.and_then(|version| u32::try_from(version).ok()), finished })
}

/// All of them, as if none were applied: what they would have done is as good to know.
fn judge(folder: &Folder, version: u32) -> Vec<Report> {
    let history: Vec<Source<'_>> = folder
        .migrations()
        .iter()
        .map(|Migration { name, script }| Source {
            name,
            text: script,
            is_judged: true,
            is_pending: false,
        })
        .collect();
    lint::check(&history, &[], version)
}

fn entry(
    migration: &Migration,
    report: &Report,
    diagnosis: Option<&Diagnosis>,
    known: &Known,
) -> Markup {
    let Migration { name, script } = migration;
    let finished = known.finished.iter().find(|(finished, _)| finished == name);
    let standing = diagnosis.map(|diagnosis| standing(name, diagnosis));
    html! {
        li class=[standing] {
            h2 { (name) }
            p {
                @if let Some(standing) = standing { span.state { (standing) } " " }
                @if let Some((_, at)) = finished { (at) " · " }
                @match report.findings.len() {
                    0 => span.hint { "lint finds nothing" },
                    1 => span.hint { "one finding of lint" },
                    count => span.hint { (count) " findings of lint" },
                }
            }
            @for finding in &report.findings { (found(finding, script)) }
            details { summary { "SQL" } pre { (script) } }
        }
    }
}

fn standing(name: &str, diagnosis: &Diagnosis) -> &'static str {
    let is_in = |names: &[String]| names.iter().any(|other| other == name);
    if diagnosis.failed.iter().any(|failed| failed.name == name) {
        "failed"
    } else if is_in(&diagnosis.edited) {
        "edited"
    } else if is_in(&diagnosis.applied) {
        "applied"
    } else {
        "pending"
    }
}

fn found(finding: &Finding, script: &str) -> Markup {
    let line = script[..finding.range.start.min(script.len())].lines().count().max(1);
    html! {
        div.finding {
            p {
                strong class=(finding.severity.word()) { (finding.severity.word()) } " "
                code { (finding.rule) } ", line " (line) ": " (finding.message)
            }
            p.hint { (finding.why) }
            @if let Some(safe) = &finding.safe { pre { (safe) } }
        }
    }
}
