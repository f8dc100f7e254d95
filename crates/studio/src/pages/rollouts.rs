//! Breaking changes in phases, and fills of large tables, with how far they are; the page looks again by itself.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use migrate::Folder;
use migrate::rollouts::Rollout;
use migrate::status::status;
use rollout::backfill::{Progress, backfills, progress};
use rollout::status::{Standing, standing};

use super::home::grouped;
use super::{Frame, answer_apart, failed, told};
use crate::failure::Result;
use crate::site::Site;

/// Conflicts that are shown of each rollout.
const CONFLICTS: usize = 20;

/// Seconds until the page looks again.
const EVERY: u32 = 2;

pub(crate) async fn get(State(site): State<Arc<Site>>) -> Response {
    let own = Arc::clone(&site);
    let page = answer_apart(async move || page(&own).await).await;
    page.unwrap_or_else(|failure| failed(&site, &failure))
}

async fn page(site: &Site) -> Result<Response> {
    let schema = site.schema()?;
    let found = look(site).await;
    let content = html! {
        h1 { "Rollouts" }
        div #live data-refresh=(EVERY) {
            @match &found {
                Ok((rollouts, fills)) => {
                    @if rollouts.is_empty() && fills.is_empty() {
                        p { "There is none. A breaking change becomes one by "
                            code { "cargo xtask migrate dev --zero-downtime" }
                            ", a fill of a large table by " code { "cargo xtask backfill new NAME" } "." }
                    }
                    @for rollout in rollouts { (one(rollout)) }
                    @if !fills.is_empty() {
                        h2 { "Other fills" }
                        @for fill in fills { (part(fill, &fill.migration)) }
                    }
                }
                Err(failure) => (told(failure)),
            }
        }
    };
    let frame =
        Frame { site, title: "Rollouts", part: "/rollouts", model: None, scripts: &["refresh.js"] };
    Ok(frame.around(Some(&schema), &content))
}

/// The rollouts, and the fills that belong to none.
async fn look(site: &Site) -> Result<(Vec<Standing>, Vec<Progress>)> {
    let folder = Folder::read(&site.project.migrations)?;
    let url = site.database.url();
    let applied = status(&folder, url).await?.diagnosis.applied;
    let rollouts: Vec<&Rollout> = folder.rollouts().iter().collect();
    let connection = postgres::connect(url).await?;
    let of_rollout = |name: &str| rollouts.iter().any(|rollout: &&Rollout| rollout.name == name);
    let mut fills = backfills(&folder, &applied, url.schema())?;
    fills.retain(|fill| !of_rollout(&fill.migration));
    let fills = progress(&connection, &fills).await?;
    let mut found = standing(&connection, &folder, &rollouts, &applied, CONFLICTS).await?;
    connection.close().await;
    // What is under way first.
    found.reverse();
    Ok((found, fills))
}

fn one(rollout: &Standing) -> Markup {
    html! {
        section.rollout {
            h2 { (rollout.name) " " span.state { (rollout.phase.name()) } }
            ul { @for line in &rollout.document.summary { li { (line) } } }
            @if let Some(next) = rollout.next() { p { "Next: " code { (next) } } }
            @if let Some(by) = &rollout.contracted_by { p.hint { "Contracted by " code { (by) } } }
            @if let Some(ago) = rollout.old_write {
                p { "The old side was last written " (rough(ago.as_secs())) " ago." }
            }
            @for (at, progress) in rollout.parts.iter().enumerate() {
                (part(progress, &format!("Part {}", at + 1)))
            }
            @if rollout.conflicts.count > 0 {
                details {
                    summary { (grouped(rollout.conflicts.count)) " conflicts: both sides were written at once" }
                    ul { @for conflict in &rollout.conflicts.last { li { code { (conflict) } } } }
                }
            }
        }
    }
}

fn part(progress: &Progress, name: &str) -> Markup {
    let table = progress.table.as_ref().map(|table| table.name.as_str());
    let rate = progress.rate.filter(|_| progress.done_at.is_none());
    html! {
        div.fill {
            p {
                (name)
                @if let Some(table) = table { ", table " code { (table) } }
                @else { ", " (progress.beside_fills()) }
                " " span.state { (progress.state.name()) }
                @if progress.workers > 0 { " " span.hint { (progress.workers) " at work" } }
            }
            @if table.is_some() {
                @if let Some(total) = progress.total {
                    progress value=(progress.seen.min(total)) max=(total.max(1)) aria-label={ (name) ": rows seen" } {}
                }
                p.hint {
                    (grouped(progress.seen)) @if let Some(total) = progress.total { " of about " (grouped(total)) }
                    " rows seen, " (grouped(progress.changed)) " changed"
                    @if let Some(rate) = rate { ", " (format!("{rate:.0}")) " a second" }
                    @if let Some(eta) = progress.eta { ", done in about " (rough(eta.as_secs())) }
                }
            }
            @if let Some(error) = &progress.error { p.error { (error) } }
        }
    }
}

/// `90` as `1 min 30 s`.
fn rough(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3_600, seconds % 3_600 / 60),
    }
}
