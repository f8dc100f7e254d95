//! Where a shadow database would be, by the rights that the user has: asked without making one.

use postgres::Connection;

use super::refusal;
use crate::Error;

/// What a replay would have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Prospect {
    /// A database of its own.
    Database,
    /// A schema in the main database, for migrations that stay in one; the SQL gives it a database.
    Schema { remedies: Vec<String> },
    /// Nothing, until one of these is done.
    Nothing { remedies: Vec<String> },
}

/// Asks the main database's server; a shadow database that is set aside is another matter.
pub async fn prospect(connection: &Connection) -> Result<Prospect, Error> {
    let ask =
        "SELECT rolcreatedb OR rolsuper, has_database_privilege(current_database(), 'CREATE'),
                      rolname::text FROM pg_roles WHERE rolname = current_user";
    let row = connection.query_one(ask, &[]).await?;
    let (makes_databases, makes_schemas): (bool, bool) = (row.get(0), row.get(1));
    if makes_databases {
        return Ok(Prospect::Database);
    }
    let user: &str = row.get(2);
    let database = refusal::to_make_databases(user);
    if makes_schemas {
        return Ok(Prospect::Schema { remedies: vec![database] });
    }
    let schema = refusal::to_make_schemas(connection.url().database(), user);
    Ok(Prospect::Nothing { remedies: vec![database, schema] })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Project;

    #[tokio::test]
    async fn what_is_told_helps() {
        let project = Project::new("prospect");
        let (url, role) = project.with_new_role().await;
        let poor = postgres::connect(&url).await.unwrap();
        let Prospect::Nothing { remedies } = prospect(&poor).await.unwrap() else {
            panic!("it may do nothing")
        };
        project.execute(&remedies[1]).await;
        let found = prospect(&poor).await.unwrap();
        assert_eq!(found, Prospect::Schema { remedies: vec![remedies[0].clone()] });
        project.execute(&remedies[0]).await;
        assert_eq!(prospect(&poor).await.unwrap(), Prospect::Database);
        poor.close().await;
        project.execute(&format!("DROP OWNED BY {role}; DROP ROLE {role}")).await;
    }
}
