//! `db push`.

use postgres::ConnectionUrl;

use crate::push::{Agreed, Pushed, push, reset};
use crate::renames::Wanted;
use crate::testing::{Project, analyzed};
use crate::{Error, Progress};

const SIZES: &str = "enum Size {\n  small\n  large\n}\n\nmodel Shirt {\n  id Int @id\n  size Size @default(small)\n}\n";

async fn pushed(project: &Project, schema: &str, accepted: &[&str]) -> Result<Pushed, Error> {
    let accepted: Vec<String> = accepted.iter().map(|warning| (*warning).to_owned()).collect();
    let agreed = Agreed { warnings: &accepted, ..Agreed::default() };
    push(&analyzed(schema), project.url(), agreed, &mut |_| ()).await
}

async fn refused(project: &Project, schema: &str) -> (Vec<String>, Vec<String>) {
    match pushed(project, schema, &[]).await.unwrap() {
        Pushed::Refused { risks, .. } => {
            let unexecutable = risks.unexecutable.into_iter().map(|step| step.message);
            (risks.warnings, unexecutable.collect())
        }
        Pushed::InSync { steps } => panic!("{steps} steps were taken"),
    }
}

#[tokio::test]
async fn a_database_becomes_what_the_schema_says_and_has_no_history() {
    let project = Project::new("push");
    assert_eq!(pushed(&project, SIZES, &[]).await.unwrap(), Pushed::InSync { steps: 2 });
    assert!(project.has_table("Shirt").await && !project.has_table("_prisma_migrations").await);
    assert_eq!(pushed(&project, SIZES, &[]).await.unwrap(), Pushed::InSync { steps: 0 });
}

#[tokio::test]
async fn a_database_that_is_missing_is_made() {
    let project = Project::new("push_missing");
    let name = format!("{}_made", project.url().database());
    let url: ConnectionUrl = project.url().with_database(&name);
    let mut created = Vec::new();
    let mut progress = |progress: Progress<'_>| {
        if let Progress::DatabaseCreated { name } = progress {
            created.push(name.to_owned());
        }
    };
    let done = push(&analyzed(SIZES), &url, Agreed::default(), &mut progress).await;
    postgres::database::drop_database(&url).await.unwrap();
    assert_eq!(done.unwrap(), Pushed::InSync { steps: 2 });
    assert_eq!(created, [name]);
}

#[tokio::test]
async fn loss_needs_a_yes_to_just_this_loss() {
    let project = Project::new("push_loss");
    project.execute("CREATE TABLE \"Shirt\" (id int PRIMARY KEY, note text)").await;
    project.execute("INSERT INTO \"Shirt\" VALUES (1, 'a'), (2, NULL)").await;
    let schema = "model Shirt {\n  id Int @id\n}\n";
    let (warnings, _) = refused(&project, schema).await;
    let told = "You are about to drop the column `note` on the `Shirt` table, which still contains 1 non-null values.";
    assert_eq!(warnings, [told]);

    project.execute("UPDATE \"Shirt\" SET note = 'b'").await;
    assert!(matches!(pushed(&project, schema, &[told]).await.unwrap(), Pushed::Refused { .. }));
    assert_eq!(project.value("SELECT count(note) FROM \"Shirt\"").await.as_deref(), Some("2"));

    let told = told.replace('1', "2");
    assert_eq!(pushed(&project, schema, &[&told]).await.unwrap(), Pushed::InSync { steps: 1 });
}

#[tokio::test]
async fn what_cannot_be_done_is_not_tried() {
    let project = Project::new("push_unexecutable");
    project.execute("CREATE TABLE \"Shirt\" (id int PRIMARY KEY)").await;
    project.execute("INSERT INTO \"Shirt\" VALUES (1)").await;
    let (warnings, unexecutable) =
        refused(&project, "model Shirt {\n  id Int @id\n  n Int\n}\n").await;
    assert!(warnings.is_empty());
    assert_eq!(
        unexecutable,
        [
            "Added the required column `n` to the `Shirt` table without a default value. There are 1 rows in this table, it is not possible to execute this step."
        ]
    );
}

#[tokio::test]
async fn a_push_that_fails_changes_nothing() {
    let project = Project::new("push_fails");
    project.execute("CREATE TABLE a (id int PRIMARY KEY, n int)").await;
    project.execute("INSERT INTO a VALUES (1, 1), (2, 1)").await;
    let schema =
        "model b {\n  id Int @id\n}\n\nmodel a {\n  id Int @id\n  n Int? @unique\n  m Int?\n}\n";
    let (warnings, _) = refused(&project, schema).await;
    let warnings: Vec<&str> = warnings.iter().map(String::as_str).collect();
    let error = pushed(&project, schema, &warnings).await.unwrap_err();
    assert_eq!(error.code(), Some("P2002"));
    let text = error.to_string();
    assert!(text.starts_with("Unique constraint failed on the constraint: `a_n_key`"), "{text}");
    assert!(text.contains("Key (n)=(1) is duplicated."), "{text}");
    assert!(!project.has_table("b").await, "the tables that came before it are gone again");
}

#[tokio::test]
async fn values_of_enums_come_and_go_with_the_rest() {
    let project = Project::new("push_enum");
    pushed(&project, SIZES, &[]).await.unwrap();
    project.execute("INSERT INTO \"Shirt\" VALUES (1, 'large')").await;
    // The new value is used in the same push.
    let more = SIZES.replace("  large\n", "  large\n  huge\n").replace("small)", "huge)");
    assert_eq!(pushed(&project, &more, &[]).await.unwrap(), Pushed::InSync { steps: 2 });
    assert_eq!(pushed(&project, &more, &[]).await.unwrap(), Pushed::InSync { steps: 0 });

    // A value that is in use does not go, and nothing else does.
    let less = "enum Size {\n  small\n}\n\nmodel Shirt {\n  id Int @id\n  size Size @default(small)\n}\n\nmodel New {\n  id Int @id\n}\n";
    let (warnings, _) = refused(&project, less).await;
    let warnings: Vec<&str> = warnings.iter().map(String::as_str).collect();
    let error = pushed(&project, less, &warnings).await.unwrap_err();
    assert!(error.to_string().contains("invalid input value for enum"), "{error}");
    let values = "SELECT string_agg(enumlabel, ' ' ORDER BY enumsortorder) FROM pg_enum";
    assert_eq!(project.value(values).await.as_deref(), Some("small large huge"));
    assert!(!project.has_table("New").await);

    project.execute("UPDATE \"Shirt\" SET size = 'small'").await;
    assert_eq!(pushed(&project, less, &warnings).await.unwrap(), Pushed::InSync { steps: 3 });
    assert_eq!(project.value(values).await.as_deref(), Some("small"));
}

/// A new value that is used at once has to be committed first. Nothing else is, and what is told is what happened.
#[tokio::test]
async fn what_stays_of_a_push_that_fails_behind_a_new_value_is_told() {
    let project = Project::new("push_enum_fails");
    let before = "enum Size {\n  small\n}\n\nmodel Shirt {\n  id Int @id\n  size Size @default(small)\n  n Int?\n}\n";
    pushed(&project, before, &[]).await.unwrap();
    project.execute("INSERT INTO \"Shirt\" (id, n) VALUES (1, 1), (2, 1)").await;
    let after = "enum Size {\n  small\n  huge\n}\n\nmodel Shirt {\n  id Int @id\n  size Size @default(huge)\n  m Int? @unique @map(\"m\")\n}\n\nmodel New {\n  id Int @id\n}\n";
    let renames = [Wanted::parse("Shirt.n:m").unwrap()];
    let (warnings, _) = match push(
        &analyzed(after),
        project.url(),
        Agreed { renames: &renames, ..Agreed::default() },
        &mut |_| (),
    )
    .await
    .unwrap()
    {
        Pushed::Refused { risks, .. } => (risks.warnings, risks.unexecutable),
        Pushed::InSync { .. } => panic!("values are not unique"),
    };
    let agreed = Agreed { warnings: &warnings, renames: &renames, ..Agreed::default() };
    let error = push(&analyzed(after), project.url(), agreed, &mut |_| ()).await.unwrap_err();
    assert_eq!(error.code(), Some("P2002"), "{error}");
    assert_eq!(
        error.help(),
        Some(
            "this was done and stays, nothing else was changed:\n  ALTER TYPE \"Size\" ADD VALUE 'huge';"
        )
    );
    assert_eq!(project.value("SELECT count(n) FROM \"Shirt\"").await.as_deref(), Some("2"));
    assert!(!project.has_table("New").await);
}

#[tokio::test]
async fn what_prisma_cannot_express_survives() {
    let project = Project::new("push_survives");
    project
        .execute(
            "CREATE TABLE a (id int PRIMARY KEY, n int CHECK (n > 0));
             CREATE VIEW v AS SELECT id FROM a;
             CREATE INDEX e ON a (abs(n));
             CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
             CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION f();
             ALTER TABLE a ENABLE ROW LEVEL SECURITY;
             CREATE POLICY p ON a USING (true)",
        )
        .await;
    let schema = "model a {\n  id Int @id\n  n Int?\n  m Int?\n}\n";
    assert_eq!(pushed(&project, schema, &[]).await.unwrap(), Pushed::InSync { steps: 1 });
    let left = "SELECT (SELECT count(*) FROM pg_constraint WHERE contype = 'c' AND conrelid = 'a'::regclass)
        + (SELECT count(*) FROM pg_views WHERE viewname = 'v')
        + (SELECT count(*) FROM pg_indexes WHERE indexname = 'e')
        + (SELECT count(*) FROM pg_trigger WHERE tgname = 't')
        + (SELECT count(*) FROM pg_policies WHERE policyname = 'p')";
    assert_eq!(project.value(left).await.as_deref(), Some("5"));
}

#[tokio::test]
async fn a_reset_empties_the_schemas_of_the_file() {
    let project = Project::new("push_reset");
    project
        .execute(
            "CREATE TABLE old (id int); CREATE SCHEMA other; CREATE TABLE other.kept (id int);
             CREATE TABLE _prisma_migrations (id int)",
        )
        .await;
    reset(&analyzed(SIZES), project.url(), &mut |_| ()).await.unwrap();
    assert!(!project.has_table("old").await && !project.has_table("_prisma_migrations").await);
    assert_eq!(
        project.value("SELECT to_regclass('other.kept')").await.as_deref(),
        Some("other.kept")
    );
}

#[tokio::test]
async fn what_was_renamed_keeps_what_it_holds() {
    let project = Project::new("push_rename");
    let [before, after] = ["phone", "mobile"]
        .map(|name| analyzed(&format!("model Student {{\n  id Int @id\n  {name} String?\n}}\n")));
    push(&before, project.url(), Agreed::default(), &mut |_| ()).await.unwrap();
    project.execute("INSERT INTO \"Student\" VALUES (1, '1')").await;
    let pushed = push(&after, project.url(), Agreed::default(), &mut |_| ()).await.unwrap();
    let Pushed::Refused { risks, renames } = pushed else { panic!("a number is lost") };
    assert_eq!((risks.warnings.len(), &renames[..]), (1, &["Student.phone:mobile".to_owned()][..]));
    let renames = [Wanted::parse(&renames[0]).unwrap()];
    let agreed = Agreed { renames: &renames, ..Agreed::default() };
    let pushed = push(&after, project.url(), agreed, &mut |_| ()).await.unwrap();
    assert_eq!(pushed, Pushed::InSync { steps: 1 });
    assert_eq!(project.value("SELECT mobile FROM \"Student\"").await.as_deref(), Some("1"));
}

#[tokio::test]
async fn what_an_open_rollout_keeps_is_not_taken_away_without_a_word() {
    let project = Project::new("push_rollout");
    pushed(&project, "model A {\n  id Int @id\n  old Int?\n}", &[]).await.unwrap();
    let rollouts = ["20260102000000_drop_old".to_owned()];
    let wanted = analyzed("model A {\n  id Int @id\n}");
    let agreed = Agreed { rollouts: &rollouts, ..Agreed::default() };
    // Without rows nothing else would be said.
    let pushed = push(&wanted, project.url(), agreed, &mut |_| ()).await.unwrap();
    let Pushed::Refused { risks, .. } = pushed else { panic!("{pushed:?}") };
    assert!(risks.warnings[0].contains(&rollouts[0]), "{risks:?}");
    let agreed = Agreed { warnings: &risks.warnings, ..agreed };
    let pushed = push(&wanted, project.url(), agreed, &mut |_| ()).await.unwrap();
    assert_eq!(pushed, Pushed::InSync { steps: 1 });
    // What only adds takes nothing away.
    let wanted = analyzed("model A {\n  id Int @id\n  new Int?\n}");
    let agreed = Agreed { rollouts: &rollouts, ..Agreed::default() };
    let pushed = push(&wanted, project.url(), agreed, &mut |_| ()).await.unwrap();
    assert_eq!(pushed, Pushed::InSync { steps: 1 });
}
