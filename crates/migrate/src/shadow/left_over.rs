//! What commands that were killed left on a server: shadow databases that nobody uses, and schemas that stood in for one.

use postgres::Connection;

use super::borrowed::SCHEMA_PREFIX;
use super::made;
use crate::{Error, quoting};

/// Something that no command will use any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOver {
    /// `database NAME` or `schema NAME`.
    pub what: String,
    /// The SQL that removes it; the server refuses while somebody is connected to a database.
    pub remedy: String,
}

/// Looks for them. A database of ours counts once it is too old to be of a command that has yet to connect; Prisma's names
/// tell no age.
pub async fn left_overs(connection: &Connection) -> Result<Vec<LeftOver>, Error> {
    let (now, idle) = made::look_around(connection).await?;
    let databases = idle.iter().filter(|name| !made::is_young(name, now)).map(|name| LeftOver {
        what: format!("database {name}"),
        remedy: format!("DROP DATABASE {};", quoting::identifier(name)),
    });
    // They live in a transaction that is never committed: one that others can see is none that is in use.
    let find =
        "SELECT nspname::text FROM pg_namespace WHERE starts_with(nspname::text, $1) ORDER BY 1";
    let rows = connection.query(find, &[&SCHEMA_PREFIX]).await?;
    let schemas = rows.iter().map(|row| row.get::<_, &str>(0)).map(|name| LeftOver {
        what: format!("schema {name}"),
        remedy: format!("DROP SCHEMA {} CASCADE;", quoting::identifier(name)),
    });
    Ok(databases.chain(schemas).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shadow::PREFIX;
    use crate::testing::Project;

    #[tokio::test]
    async fn what_is_left_goes_by_what_is_told() {
        let project = Project::new("left_over");
        let connection = project.connect().await;
        let old = format!("{PREFIX}of_{}", std::process::id());
        let schema = format!("{SCHEMA_PREFIX}1_guard");
        connection.batch_execute(&format!("CREATE DATABASE \"{old}\"")).await.unwrap();
        connection.batch_execute(&format!("CREATE SCHEMA {schema}")).await.unwrap();
        let found = left_overs(&connection).await.unwrap();
        for what in [format!("database {old}"), format!("schema {schema}")] {
            let one = found.iter().find(|one| one.what == what).unwrap();
            connection.batch_execute(&one.remedy).await.unwrap();
        }
        let found = left_overs(&connection).await.unwrap();
        assert!(!found.iter().any(|one| one.what.ends_with(&old) || one.what.contains(&schema)));
    }

    #[tokio::test]
    async fn what_is_in_use_is_left_alone() {
        let project = Project::new("left_over_used");
        let connection = project.connect().await;
        let made = made::Made::create(project.url()).await.unwrap();
        let name = made.url().database().to_owned();
        let found = left_overs(&connection).await.unwrap();
        assert!(!found.iter().any(|one| one.what.contains(&name)), "it was made just now");
        made.drop_now().await.unwrap();
    }
}
