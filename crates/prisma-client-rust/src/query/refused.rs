//! Why a statement wrote nothing, where the scope of its client is the reason.
//!
//! The statement itself has seen to it that nothing was written; this only finds the words.

use crate::client::Client;
use crate::error::QueryError;
use crate::model::{Descriptor, Link, Relation};
use crate::plan::Statement;
use crate::plan::guards::{Guard, References, Refusal, is_found};
use crate::value::PrismaValue;

/// An error where a guard of the statement does not hold: P2019 for what can be seen of the values, P2025 for rows that
/// are referred to and are not there, or not in the scope.
pub(super) async fn explain(
    client: &Client,
    model: &'static Descriptor,
    guards: &[Guard],
) -> Result<(), QueryError> {
    for guard in guards {
        match guard {
            Guard::Refused(refusal) => return Err(refused(model, *refusal)),
            Guard::Refers(references) => look(client, references).await?,
        }
    }
    Ok(())
}

/// The same of a statement, if it wrote nothing.
pub(super) async fn unless_written(
    client: &Client,
    model: &'static Descriptor,
    statement: &Statement,
    is_written: bool,
) -> Result<(), QueryError> {
    if is_written { Ok(()) } else { explain(client, model, &statement.guards).await }
}

/// The values themselves say that the row would not be in the scope.
pub(super) fn refused(model: &'static Descriptor, refusal: Refusal) -> QueryError {
    let (fields, reason) = match refusal {
        Refusal::OfAnother(column) => {
            let field = model.column(column).field;
            let reason = format!("`{field}` is the client's tenant, and was to be another one");
            (vec![field], reason)
        }
        Refusal::Parted(column) => {
            let field = model.column(column).field;
            let reason = format!(
                "`{field}` is the client's tenant: what is related by it is so for as long as it is there"
            );
            (vec![field], reason)
        }
        Refusal::Unknown(relation) => {
            let fields = fields(model, relation);
            let reason = format!(
                "the row that `{}` leads to must be known for it to be the client's tenant's: each of `{}` is set to a \
                 value, or none",
                relation.field,
                fields.join("`, `")
            );
            (fields, reason)
        }
    };
    QueryError::new("P2019", format!("Input error. In `{}`, {reason}.", model.name))
        .on(&fields)
        .of(model)
}

/// What has this key cannot be seen and must not be changed.
pub(super) fn taken(model: &'static Descriptor, key: &[(u16, PrismaValue)]) -> QueryError {
    let fields: Vec<&str> = key.iter().map(|(column, _)| model.column(*column).field).collect();
    let message = format!("Unique constraint failed on the fields: (`{}`)", fields.join("`,`"));
    QueryError::new("P2002", message).on(&fields).of(model)
}

/// Whether the rows are there. Nobody learns whether they are another tenant's.
async fn look(client: &Client, references: &References) -> Result<(), QueryError> {
    let References { model, relation, .. } = references;
    let statement = is_found(client.scope().schema, references);
    let outcome = client.run(&statement).await.map_err(|error| error.of(*model))?;
    if outcome.rows.first().is_some_and(|row| row.get(0)) {
        return Ok(());
    }
    let cause = format!(
        "No '{}' record was found for `{}` of '{}'.",
        relation.target.name, relation.field, model.name
    );
    Err(QueryError::not_found(&cause).on(&fields(model, relation)).of(*model))
}

/// The fields of the model that hold the key of a relation.
fn fields(model: &'static Descriptor, relation: &'static Relation) -> Vec<&'static str> {
    match &relation.link {
        Link::Keys { from, .. } => from.iter().map(|column| model.column(*column).field).collect(),
        Link::Table { .. } => vec![relation.field],
    }
}
