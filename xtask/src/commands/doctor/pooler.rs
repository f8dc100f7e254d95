//! A pooler between applications and the server: whether the URLs say so, and migrations go around it.

use postgres::ConnectionUrl;

use super::report::{Check, Report, one_line};
use crate::database::Database;

/// Looks at the two URLs, and connects by the one of applications where it is another.
pub(super) async fn look(database: &Database, report: &mut Report) {
    if !report.is_untold(Check::Pooler) {
        return;
    }
    let Database { url, direct, .. } = database;
    if direct.is_pgbouncer() {
        return report.wrong(
            Check::Pooler,
            format!("migrations go to {} through a pooler (pgbouncer=true), where they get no lock", place(direct)),
            ["directUrl = env(\"DIRECT_URL\") beside `url` in the datasource, set to a URL that leads to the server itself"],
        );
    }
    if url == direct {
        if looks_like_one(url) {
            return report.hint(
                Check::Pooler,
                format!("{} looks like a pooler, and the URL does not say pgbouncer=true", place(url)),
                ["pgbouncer=true in `url`, and a directUrl for migrations, unless it pools whole sessions"],
            );
        }
        return report.well(Check::Pooler, "none, as far as the URL says");
    }
    match postgres::connect(url).await {
        Ok(connection) => {
            connection.close().await;
            let through = if url.is_pgbouncer() { "a pooler" } else { "a URL of their own" };
            report.well(
                Check::Pooler,
                format!("applications go through {through} at {}, migrations by directUrl", place(url)),
            );
        }
        Err(error) => report.wrong(
            Check::Pooler,
            format!("applications do not get through {}: {}", place(url), one_line(&error.to_string())),
            ["cargo xtask doctor --database-url \"$DATABASE_URL\"  # tells each step of that connection"],
        ),
    }
}

fn place(url: &ConnectionUrl) -> String {
    format!("{}:{}", url.host(), url.port())
}

/// pgbouncer's own port, and the names and ports that hosts give to theirs.
fn looks_like_one(url: &ConnectionUrl) -> bool {
    let host = url.host().to_ascii_lowercase();
    !url.is_pgbouncer()
        && (matches!(url.port(), 6432 | 6543)
            || host.contains("pooler")
            || host.contains("pgbouncer"))
}

#[cfg(test)]
mod tests {
    use super::looks_like_one;

    #[test]
    fn poolers_are_known_by_name_and_port() {
        let looks = |url: &str| looks_like_one(&url.parse().expect("it is right"));
        assert!(
            looks("postgresql://u@h:6432/d") && looks("postgresql://u@ep-x-pooler.neon.tech/d")
        );
        assert!(!looks("postgresql://u@h/d") && !looks("postgresql://u@h:6432/d?pgbouncer=true"));
    }
}
