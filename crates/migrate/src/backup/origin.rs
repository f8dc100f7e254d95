//! Which server a backup is of: databases of one name are on many.

use postgres::{Connection, ConnectionUrl};
use serde_json::{Value, json};

/// A server, as far as it can be known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// What it was given when it was made, where that may be read.
    pub(super) identifier: Option<String>,
    /// Where it was reached: its host and port, or its socket's folder.
    pub address: String,
}

impl Origin {
    pub(crate) async fn of(connection: &Connection) -> Self {
        let sql = "SELECT system_identifier::text FROM pg_catalog.pg_control_system()";
        // Some hosts let nobody read it.
        let row = connection.query_one(sql, &[]).await.ok();
        let identifier = row.and_then(|row| row.get(0));
        Self { identifier, address: crate::report::location(connection.url()) }
    }

    /// Of the server at `url`, whether it has that database or not.
    pub(crate) async fn at(url: &ConnectionUrl) -> Result<Self, postgres::Error> {
        let admin = postgres::database::connect_admin(url).await?;
        let origin = Self::of(&admin).await;
        admin.close().await;
        Ok(origin)
    }

    /// Two users may know the same server differently.
    pub(crate) fn is_same_as(&self, other: &Self) -> bool {
        match (&self.identifier, &other.identifier) {
            (Some(one), Some(other)) => one == other,
            _ => self.address == other.address,
        }
    }

    pub(super) fn to_json(&self) -> Value {
        json!({ "identifier": self.identifier, "address": self.address })
    }

    pub(super) fn from_json(json: &Value) -> Option<Self> {
        let identifier = json["identifier"].as_str().map(str::to_owned);
        Some(Self { identifier, address: json["address"].as_str()?.to_owned() })
    }
}
