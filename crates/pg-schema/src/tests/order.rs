//! Properties of every diff.

use super::sample::{blog, random};
use crate::{Pair, PgSchema, Step, TableChange, diff, statements};

const SEEDS: u64 = 300;

#[test]
fn a_schema_does_not_differ_from_itself() {
    for schema in (0..SEEDS).map(random).chain([blog(), PgSchema::default()]) {
        assert_eq!(diff(Pair::new(&schema, &schema)), []);
    }
}

#[test]
fn every_step_has_a_statement() {
    for seed in 0..SEEDS {
        let (previous, next) = (random(seed), random(seed + SEEDS));
        let schemas = Pair::new(&previous, &next);
        for step in diff(schemas) {
            let statements = statements(&step, schemas);
            assert!(!statements.is_empty(), "{step:?}");
            assert!(statements.iter().all(|sql| !sql.trim().is_empty()), "{step:?}");
        }
    }
}

#[test]
fn no_step_is_taken_twice() {
    for seed in 0..SEEDS {
        let (previous, next) = (random(seed), random(seed + SEEDS));
        let steps = diff(Pair::new(&previous, &next));
        let mut sorted = steps.clone();
        sorted.sort();
        sorted.dedup();
        assert_eq!(sorted.len(), steps.len());
    }
}

/// Everything that is only in one of the two is created or dropped, and nothing else is.
#[test]
fn tables_come_and_go_by_name() {
    for seed in 0..SEEDS {
        let (previous, next) = (random(seed), random(seed + SEEDS));
        let steps = diff(Pair::new(&previous, &next));
        let names = |schema: &PgSchema| -> Vec<String> {
            schema.tables.iter().map(|t| t.name.name.clone()).collect()
        };
        let created: Vec<String> = steps
            .iter()
            .filter_map(|step| match step {
                Step::CreateTable(id) => Some(next.table_at(*id).name.name.clone()),
                _ => None,
            })
            .collect();
        let dropped: Vec<String> = steps
            .iter()
            .filter_map(|step| match step {
                Step::DropTable(id) => Some(previous.table_at(*id).name.name.clone()),
                _ => None,
            })
            .collect();
        let only = |a: Vec<String>, b: Vec<String>| -> Vec<String> {
            a.into_iter().filter(|name| !b.contains(name)).collect()
        };
        assert_eq!(created, only(names(&next), names(&previous)));
        assert_eq!(dropped, only(names(&previous), names(&next)));
    }
}

#[test]
fn a_unique_index_stays_until_the_primary_key_is_there() {
    let mut previous = blog();
    let user = &mut previous.tables[0];
    user.primary_key = None;
    user.indexes.push(crate::Index::unique("User_id_key", &["id"]));
    previous.tables[1].foreign_keys.clear();
    let mut next = blog();
    next.tables[1].foreign_keys.clear();
    let steps = diff(Pair::new(&previous, &next));

    assert!(
        matches!(&steps[0], Step::AlterTable(alter) if alter.changes == [TableChange::AddPrimaryKey])
    );
    assert!(matches!(steps[1], Step::DropIndex(_)));
    assert_eq!(steps.len(), 2);
}

/// The server holds on to a key while a foreign key relies on it.
#[test]
fn a_foreign_key_is_gone_while_what_it_relies_on_is_made_anew() {
    let mut with_unique = blog();
    let user = &mut with_unique.tables[0];
    user.primary_key = Some(crate::PrimaryKey::new("User_pkey", &["email"]));
    user.indexes = vec![crate::Index::unique("User_id_key", &["id"])];

    for (previous, next) in [(blog(), with_unique.clone()), (with_unique.clone(), blog())] {
        let steps = diff(Pair::new(&previous, &next));
        assert!(matches!(steps[0], Step::DropForeignKey(_)), "{steps:?}");
        assert!(matches!(steps.last(), Some(Step::AddForeignKey(_))), "{steps:?}");
    }

    // What else goes is nothing to it, nor is a partial index, which no foreign key can rely on.
    let mut previous = PgSchema { is_desired: true, ..blog() };
    let mut partial = crate::Index::unique("User_id_key", &["id"]);
    partial.predicate = Some("id > 0".to_owned());
    previous.tables[0].primary_key = Some(crate::PrimaryKey::new("User_pkey", &["email"]));
    previous.tables[0].indexes = vec![partial, crate::Index::unique("User_key", &["id", "email"])];
    let mut next = previous.clone();
    next.tables[0].indexes.clear();
    let steps = diff(Pair::new(&previous, &next));
    assert!(matches!(steps[..], [Step::DropIndex(_), Step::DropIndex(_)]), "{steps:?}");
}

#[test]
fn what_a_schema_cannot_say_is_left_alone() {
    let mut previous = blog();
    let user = &mut previous.tables[0];
    let mut by_expression = crate::Index::new("User_lower_idx", &[]);
    by_expression.keys.push(crate::IndexKey {
        part: crate::IndexKeyPart::Expression("lower(email)".to_owned()),
        ..crate::IndexKey::column("")
    });
    let mut exclusion = crate::Index::new("User_excl", &["created"]);
    exclusion.constraint = Some(crate::IndexConstraint::Exclusion);
    user.indexes.extend([by_expression, exclusion]);
    user.checks.push(crate::Check {
        name: "User_check".to_owned(),
        definition: "CHECK (id > 0)".to_owned(),
        validated: true,
    });
    user.row_security = true;
    previous.extensions.push(crate::Extension {
        name: "citext".to_owned(),
        schema: Some("public".to_owned()),
        version: Some("1.6".to_owned()),
        relocatable: true,
    });
    assert_eq!(diff(Pair::new(&previous, &blog())), []);
}
