//! What the files say, and what is said where there can be none.

use pg_schema::{Arity, Column, ColumnType, ForeignKey, PrimaryKey};

use super::*;

fn schema(key: &[&str], unique: &[&str]) -> PgSchema {
    let mut point = Table::new(ObjectName { namespace: None, name: "Point".to_owned() });
    let column = |name: &str, ty| Column::new(name.to_owned(), ty, Arity::Required);
    point.columns = vec![
        column("id", ColumnType::Text),
        column("at", ColumnType::Timestamp(Some(3))),
        column("n", ColumnType::Integer),
    ];
    point.primary_key = Some(PrimaryKey::new("Point_pkey", key));
    if !unique.is_empty() {
        point.indexes.push(Index { unique: true, ..Index::new("Point_n_key", unique) });
    }
    let mut schema = PgSchema::default();
    schema.tables.push(point);
    schema
}

fn model() -> Model {
    let field = |name: &str| (name.to_owned(), name.to_owned());
    Model {
        name: "Point".to_owned(),
        table: ObjectName { namespace: None, name: "Point".to_owned() },
        fields: ["id", "at", "n"].map(field).to_vec(),
        relations: Vec::new(),
    }
}

fn planned(next: &PgSchema, field: &str) -> Result<Partitions, String> {
    let (previous, model) = (schema(&["id"], &[]), model());
    let schemas = Pair::new(&previous, next);
    let wish = Wish { schemas, model: &model, field, digits: "20260101000000" };
    plan(&wish).map_err(|refusal| {
        let told = refusal.reasons.iter().map(|reason| format!("{} {}", reason.what, reason.help));
        told.collect::<Vec<_>>().join("\n")
    })
}

#[test]
fn what_to_write_into_the_schema_is_said() {
    let said = planned(&schema(&["id"], &[]), "at").unwrap_err();
    assert!(said.contains("@@id([id, at])") && said.contains("take @id away from id"), "{said}");
    let said = planned(&schema(&["id", "at"], &["n"]), "at").unwrap_err();
    assert!(said.contains("Point_n_key is unique without at"), "{said}");
    let said = planned(&schema(&["id", "n"], &[]), "n").unwrap_err();
    assert!(said.contains("Point.n is no DateTime"), "{said}");
    let said = planned(&schema(&["id", "at"], &[]), "when").unwrap_err();
    assert!(said.contains("has no field when"), "{said}");
}

#[test]
fn keys_that_refer_to_it_are_in_the_way() {
    let mut next = schema(&["id", "at"], &[]);
    let mut other = Table::new(ObjectName { namespace: None, name: "Note".to_owned() });
    other.foreign_keys.push(ForeignKey::new("f", &["point"], next.tables[0].name.clone(), &["id"]));
    next.tables.push(other);
    let said = planned(&next, "at").unwrap_err();
    assert!(said.contains("Note refers to it"), "{said}");
}

#[test]
fn the_files_name_what_they_make() {
    let files = planned(&schema(&["id", "at"], &["n", "at"]), "at").unwrap();
    for (text, part) in [
        (&files.migration, "PARTITION BY RANGE (\"at\")"),
        (&files.migration, "CREATE UNIQUE INDEX \"Point_n_key_parts\""),
        (
            &files.migration,
            "(OLD.\"id\", OLD.\"at\") IS DISTINCT FROM (NEW.\"id\", NEW.\"at\") THEN",
        ),
        (&files.down, "DROP TABLE IF EXISTS"),
        (&files.backfill, "WHERE :batch\nFOR SHARE OF t\nON CONFLICT DO NOTHING"),
        (&files.contract, "RENAME TO \"Point_n_key\""),
        (&files.contract, "RENAME CONSTRAINT \"Point_pkey_parts\" TO \"Point_pkey\""),
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert_eq!(files.document.proofs.len(), 2);
}
