//! Rollouts as the commands of migrations see them: what is compared, what is no drift, what is refused meanwhile.

use pg_schema::Pair;

use crate::compare::{ReplayIn, Side, compare};
use crate::deploy::preview;
use crate::history::State;
use crate::rollouts::{BACKFILL, CONTRACT, ROLLOUT, contracts_text, refuse_conflict};
use crate::squash::{self, Request};
use crate::testing::{Project, analyzed};
use crate::{Error, Options, plan, report};

const INIT: (&str, &str) = (
    "20260101000000_init",
    "CREATE TABLE \"Item\" (\"id\" INTEGER NOT NULL, \"name\" TEXT NOT NULL, \"price\" INTEGER NOT NULL,\n    \
     CONSTRAINT \"Item_pkey\" PRIMARY KEY (\"id\"));\n",
);
const EXPAND: &str = "20260102000000_title";
const CONTRACTED: &str = "20260103000000_title_contract";

/// `name` is to be `title`, with an index.
const TITLE: [&str; 2] = [
    "ALTER TABLE \"Item\" ADD COLUMN \"title\" TEXT;\nALTER TABLE \"Item\" ALTER COLUMN \"name\" DROP NOT NULL;\n",
    "DO $$ BEGIN\n  IF EXISTS (SELECT FROM \"Item\" WHERE \"title\" IS NULL) THEN\n    \
     RAISE EXCEPTION 'rows are not filled' USING HINT = 'cargo xtask backfill run';\n  END IF;\nEND $$;\n\
     CREATE INDEX IF NOT EXISTS \"Item_title_idx\" ON \"Item\"(\"title\");\n\
     ALTER TABLE \"Item\" ALTER COLUMN \"title\" SET NOT NULL;\nALTER TABLE \"Item\" DROP COLUMN \"name\";\n",
];

/// `price` is to be a bigint under the same name.
const PRICE: [&str; 2] = [
    "ALTER TABLE \"Item\" ADD COLUMN \"price_next\" BIGINT;\n",
    "ALTER TABLE \"Item\" ALTER COLUMN \"price_next\" SET NOT NULL;\nALTER TABLE \"Item\" DROP COLUMN \"price\";\n\
     ALTER TABLE \"Item\" RENAME COLUMN \"price_next\" TO \"price\";\n",
];

fn schema(fields: &str) -> String {
    format!("model Item {{\n  id Int @id\n{fields}\n}}\n")
}

fn with_title(more: &str) -> String {
    schema(&format!("  title String\n  price Int\n{more}\n  @@index([title])"))
}

fn rolling(label: &str, [expand, contract]: [&str; 2]) -> Project {
    let project = Project::with(label, &[INIT, (EXPAND, expand)]);
    project.write_beside(EXPAND, ROLLOUT, "summary = []\nretires = []\nproofs = []\n");
    project.write_beside(EXPAND, CONTRACT, contract);
    project
}

fn contract(project: &Project) {
    project.write(CONTRACTED, TITLE[1]);
    project.write_beside(CONTRACTED, ROLLOUT, &contracts_text(EXPAND));
}

/// Whether the next migration goes together with the rollout, and which it is.
async fn next(project: &Project, text: &str) -> (String, Result<(), Error>) {
    let next = project.ready(text).await.next;
    let (folder, schema) = (project.folder(), analyzed(text));
    let judged =
        refuse_conflict(&folder, (&next.script, None), &schema, project.databases(), &mut |_| ())
            .await;
    (next.script, judged)
}

#[tokio::test]
async fn the_schema_file_names_what_an_open_rollout_leads_to() {
    let project = rolling("rollout_end", TITLE);
    project.deploy().await.unwrap();
    assert!(project.ready(&with_title("")).await.next.is_empty());
    let drift = project.drift(&with_title("")).await;
    assert!(!drift.is_any(), "{drift:?}");
    assert_eq!(drift.open, [EXPAND]);
    assert!(
        report::drift(&drift, &[])
            .contains(&format!("open rollout the schema file asks for nothing else:\n{EXPAND}"))
    );
    let folder = project.folder();
    let analyzed = analyzed(&with_title(""));
    let replay = ReplayIn { beside: Some(project.url()), shadow: None, cache: None };
    let sides = |from| Pair::new(from, Side::Schema(&analyzed));
    let contracted =
        compare(sides(Side::Contracted(&folder)), &[], replay, &[], &mut |_| ()).await.unwrap();
    let raw =
        compare(sides(Side::Migrations(&folder)), &[], replay, &[], &mut |_| ()).await.unwrap();
    assert!(contracted.is_empty() && !raw.is_empty(), "{}", raw.summary());
}

/// With what a hand has done to the database meanwhile, that alone is told.
#[tokio::test]
async fn what_an_open_rollout_has_before_it_is_no_difference_beside_drift() {
    for (script, field) in
        [(TITLE, "  title String\n  price Int"), (PRICE, "  name String\n  price BigInt")]
    {
        let text = if script == TITLE { with_title("") } else { schema(field) };
        let project = rolling("rollout_by_hand", script);
        project.deploy().await.unwrap();
        project.execute("ALTER TABLE \"Item\" ADD COLUMN \"hand\" INTEGER").await;
        let drift = project.drift(&text).await;
        assert_eq!((drift.database.steps, drift.schema.steps), (1, 0), "{drift:?}");
        assert_eq!(
            drift.apart.script,
            "-- AlterTable\nALTER TABLE \"Item\" DROP COLUMN \"hand\";\n"
        );
        let told = report::drift(&drift, &[]);
        assert!(told.contains("write it into the schema file by hand"), "{told}");
        assert!(!told.contains("cargo xtask db pull"), "{told}");
        // Where the schema file names it, nothing is left between the two.
        let with_hand = schema(&format!("{field}\n  hand Int?\n  @@index([title])"));
        if script == TITLE {
            let drift = project.drift(&with_hand).await;
            assert!(drift.apart.is_empty(), "{}", drift.apart.summary);
            assert!(report::drift(&drift, &[]).contains("The schema file and the database agree."));
        }
    }
}

#[tokio::test]
async fn an_index_that_the_contract_makes_may_be_there_before_it() {
    let project = rolling("rollout_early", TITLE);
    project.deploy().await.unwrap();
    project.execute("CREATE INDEX \"Item_title_idx\" ON \"Item\" (\"title\")").await;
    assert!(!project.drift(&with_title("")).await.is_any());
    assert!(project.ready(&with_title("")).await.next.is_empty());
    project.execute("CREATE INDEX \"Item_other_idx\" ON \"Item\" (\"title\")").await;
    let drift = project.drift(&with_title("")).await;
    assert!(drift.database.summary.contains("title") && drift.database.steps == 1, "{drift:?}");
    // What is adopted is the other one.
    let required = project.reset_required(&with_title("")).await;
    let adopted = project.adopt(&with_title(""), &required).await;
    assert!(matches!(adopted, crate::dev::Adopted::Drift { created: Some(_), .. }), "{adopted:?}");
    let folder = project.folder();
    let script = &folder.migrations().last().unwrap().script;
    assert!(script.contains("Item_other_idx") && !script.contains("Item_title_idx"), "{script}");
}

#[tokio::test]
async fn the_next_migration_goes_together_with_an_open_rollout_or_is_refused() {
    let project = rolling("rollout_next", TITLE);
    project.deploy().await.unwrap();
    let (script, judged) = next(&project, &with_title("  note String?")).await;
    assert_eq!(script, "-- AlterTable\nALTER TABLE \"Item\" ADD COLUMN     \"note\" TEXT;\n");
    judged.unwrap();
    // What the contract has yet to make is not there to be dropped.
    let error = next(&project, &schema("  title String\n  price Int")).await.1.unwrap_err();
    assert!(error.to_string().contains("does not run where it would stand"), "{error}");
    // The contract has nothing to do with a table that is gone.
    let (_, judged) = next(&project, "model Other {\n  id Int @id\n}").await;
    let error = judged.unwrap_err();
    assert!(error.to_string().contains("does not run behind the migrations"), "{error}");
    assert!(error.to_string().contains(&format!("{EXPAND} (contract)")), "{error}");
    assert!(error.help().unwrap().contains(&format!("migrate abort \"{EXPAND}\"")), "{error:?}");
    assert_eq!(project.folder().migrations().len(), 2);
}

#[tokio::test]
async fn only_rollouts_of_the_tables_concerned_are_to_be_finished_first() {
    let project = rolling("rollout_others", TITLE);
    let other = "20260102000001_other";
    project.write(
        other,
        "CREATE TABLE \"Other\" (\"id\" INTEGER NOT NULL, \"old\" TEXT,\n    \
                          CONSTRAINT \"Other_pkey\" PRIMARY KEY (\"id\"));\n",
    );
    project.write_beside(other, ROLLOUT, "summary = []\nretires = []\nproofs = []\n");
    project.write_beside(other, CONTRACT, "ALTER TABLE \"Other\" DROP COLUMN \"old\";\n");
    project.deploy().await.unwrap();
    let of_both = |item: &str| format!("{item}\nmodel Other {{\n  id Int @id\n}}\n");
    // The index that the contract of the one has yet to make goes.
    let text = of_both(&schema("  title String\n  price Int"));
    let error = next(&project, &text).await.1.unwrap_err();
    let help = error.help().unwrap();
    assert!(help.contains(&format!("abort \"{EXPAND}\"")), "{error:?}");
    assert!(!help.contains(other), "{error:?}");
}

#[tokio::test]
async fn what_a_swap_would_take_away_is_refused() {
    let project = rolling("rollout_swap", PRICE);
    project.deploy().await.unwrap();
    let swapped = |more| schema(&format!("  name String\n  price BigInt\n{more}"));
    assert!(project.ready(&swapped("")).await.next.is_empty());
    // The index would be on the column that goes.
    let (script, judged) = next(&project, &swapped("  @@index([price])")).await;
    assert!(script.contains("CREATE INDEX"), "{script}");
    let error = judged.unwrap_err().to_string();
    assert!(error.contains("Added index on columns (price)"), "{error}");
    next(&project, &swapped("  @@index([name])")).await.1.unwrap();
}

#[tokio::test]
async fn a_contract_that_is_too_early_is_refused_without_a_trace() {
    let project = rolling("rollout_guard", TITLE);
    project.deploy().await.unwrap();
    project.execute("INSERT INTO \"Item\" VALUES (1, 'a', 1)").await;
    contract(&project);
    let found = preview(&project.folder(), project.url(), &Options::default()).await.unwrap();
    assert!(
        report::previewed(&found).contains("refused as the database is now: rows are not filled")
    );
    assert!(found.refusal().is_some());
    let planned = plan::plan(&project.folder(), project.url(), &Options::default()).await.unwrap();
    assert!(planned.is_refused());
    let before = project.history().await;
    let error = project.deploy().await.unwrap_err();
    assert!(
        error.to_string().ends_with("not at its end in this database: rows are not filled"),
        "{error}"
    );
    assert!(error.help().unwrap().starts_with("cargo xtask backfill run\n"), "{error:?}");
    assert_eq!(project.history().await, before);
    // The index that the fill builds is no drift either while the contract is only pending.
    project.execute("CREATE INDEX \"Item_title_idx\" ON \"Item\" (\"title\")").await;
    assert!(!project.drift(&with_title("")).await.is_any());
    project.execute("UPDATE \"Item\" SET \"title\" = \"name\"").await;
    assert_eq!(project.deploy().await.unwrap().applied, [CONTRACTED]);
    let drift = project.drift(&with_title("")).await;
    assert!(!drift.is_any() && drift.open.is_empty(), "{drift:?}");
}

#[tokio::test]
async fn what_comes_before_a_contract_that_is_too_early_is_applied() {
    let project = rolling("rollout_before", TITLE);
    contract(&project);
    project.write(INIT.0, &format!("{}INSERT INTO \"Item\" VALUES (1, 'a', 1);", INIT.1));
    // Nothing can be said of a rollout that is not begun.
    let found = preview(&project.folder(), project.url(), &Options::default()).await.unwrap();
    assert!(found.refusal().is_none());
    project.deploy().await.unwrap_err();
    let applied = project.history().await;
    assert!(applied.iter().all(|row| row.state == State::Applied), "{applied:?}");
    assert_eq!(applied.len(), 2);
    // On a database without rows both run at once.
    let empty = rolling("rollout_both", TITLE);
    contract(&empty);
    assert_eq!(empty.deploy().await.unwrap().applied.len(), 3);
    assert!(!empty.drift(&with_title("")).await.is_any());
}

#[tokio::test]
async fn a_rollout_is_squashed_whole_or_not_at_all() {
    let project = rolling("rollout_squash", TITLE);
    let squash = async |from: Option<&str>, to: Option<&str>| {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let request = Request { from: owned(from), to: owned(to), title: None };
        let folder = project.folder();
        let plan = squash::plan(&folder, project.databases(), &[], &request, &mut |_| ()).await?;
        squash::carry_out(&folder, &plan)
    };
    let error = squash(None, None).await.unwrap_err();
    assert!(error.to_string().contains("is open"), "{error}");
    contract(&project);
    let error = squash(None, Some(EXPAND)).await.unwrap_err();
    assert!(error.to_string().contains("only be squashed together"), "{error}");
    // The fill of a rollout that is over is over too; one that stands alone may not have run everywhere.
    project.write_beside(
        EXPAND,
        BACKFILL,
        "UPDATE \"Item\" SET \"title\" = \"name\" WHERE :batch;\n",
    );
    project.write_beside(
        INIT.0,
        BACKFILL,
        "DELETE FROM \"Item\" WHERE \"price\" < 0 AND :batch;\n",
    );
    let error = squash(None, None).await.unwrap_err();
    assert!(error.file().unwrap().ends_with(format!("{}/{BACKFILL}", INIT.0)), "{error:?}");
    std::fs::remove_file(project.path().join(INIT.0).join(BACKFILL)).unwrap();
    squash(None, None).await.unwrap();
    assert_eq!(project.folder().migrations().len(), 1);
    assert!(project.folder().rollouts().is_empty());
    project.deploy().await.unwrap();
    assert!(!project.drift(&with_title("")).await.is_any());
}

#[tokio::test]
async fn a_rollout_without_its_contract_is_an_error_with_the_file() {
    let project = rolling("rollout_lost", TITLE);
    std::fs::remove_file(project.path().join(EXPAND).join(CONTRACT)).unwrap();
    let error = crate::Folder::read(&project.path()).unwrap_err();
    assert!(error.file().unwrap().ends_with(format!("{EXPAND}/{CONTRACT}")), "{error:?}");
    assert!(error.help().is_some());
}
