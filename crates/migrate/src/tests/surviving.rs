//! What people make beside a schema, and Prisma has no words for.

use mapping::pull::PullOptions;

use crate::down::{self, take_back};
use crate::push::{Agreed, Pushed, push};
use crate::squash::{self, Request};
use crate::testing::{Project, analyzed};
use crate::{pull, reset};

const SCHEMA: &str = "model a {\n  id Int @id\n  name String?\n}\n";

/// Made by hand, of a table that [`SCHEMA`] has.
const BY_HAND: &str = "ALTER TABLE a ADD CONSTRAINT a_check CHECK (id > 0), \
       ADD CONSTRAINT a_exclusion EXCLUDE USING btree (name WITH =); \
     CREATE FUNCTION a_function() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; \
     CREATE TRIGGER a_trigger BEFORE UPDATE ON a FOR EACH ROW EXECUTE FUNCTION a_function(); \
     CREATE VIEW a_view AS SELECT id FROM a; CREATE MATERIALIZED VIEW a_matview AS SELECT id FROM a; \
     ALTER TABLE a ENABLE ROW LEVEL SECURITY; CREATE POLICY a_policy ON a USING (true); \
     CREATE INDEX a_expression ON a (lower(name)); CREATE INDEX a_partial ON a (name) WHERE id > 1; \
     CREATE STATISTICS a_statistics ON id, name FROM a; \
     COMMENT ON TABLE a IS 'of the table'; COMMENT ON COLUMN a.id IS 'of the column'";

/// As [`there`] tells it.
const ALL: &str = "2,1,1,1,1,t,1,2,of the table,of the column,1";

/// What is there of it, the table's name being what it is now.
async fn there(project: &Project, table: &str) -> String {
    const LEFT: &str = "SELECT concat_ws(',', \
        (SELECT count(*) FROM pg_constraint WHERE conname IN ('a_check', 'a_exclusion')), \
        (SELECT count(*) FROM pg_trigger WHERE tgname = 'a_trigger'), \
        (SELECT count(*) FROM pg_views WHERE viewname = 'a_view'), \
        (SELECT count(*) FROM pg_matviews WHERE matviewname = 'a_matview'), \
        (SELECT count(*) FROM pg_policies WHERE policyname = 'a_policy'), \
        (SELECT relrowsecurity FROM pg_class WHERE oid = 'a'::regclass), \
        (SELECT count(*) FROM pg_proc WHERE proname = 'a_function'), \
        (SELECT count(*) FROM pg_indexes WHERE indexname IN ('a_expression', 'a_partial')), \
        obj_description('a'::regclass), col_description('a'::regclass, 1), \
        (SELECT count(*) FROM pg_statistic_ext WHERE stxname = 'a_statistics'))";
    let question = LEFT.replace("'a'::regclass", &format!("'{table}'::regclass"));
    project.value(&question).await.unwrap()
}

/// [`SCHEMA`] as a migration, and [`BY_HAND`] beside it.
async fn with_by_hand(label: &str) -> Project {
    let project = Project::new(label);
    project.dev(SCHEMA, "init").await.unwrap();
    project.execute(BY_HAND).await;
    assert_eq!(there(&project, "a").await, ALL);
    project
}

fn with_more() -> String {
    SCHEMA.replace("}\n", "  more Int?\n}\n")
}

#[tokio::test]
async fn what_prisma_cannot_express_is_no_drift_and_survives_every_command() {
    let project = with_by_hand("unexpressible").await;
    let drift = project.drift(SCHEMA).await;
    assert!(!drift.is_any(), "{drift:?}");
    assert_eq!(project.dev(SCHEMA, "nothing").await, None);
    let more = with_more();
    project.dev(&more, "more").await.unwrap();
    assert_eq!(there(&project, "a").await, ALL, "after dev");
    project.write("29990101000000_by_hand", "ALTER TABLE a ADD COLUMN by_hand int;");
    project.deploy().await.unwrap();
    assert_eq!(there(&project, "a").await, ALL, "after deploy");

    project.execute("ALTER TABLE a ADD COLUMN drifted int").await;
    let required = project.reset_required(&more).await;
    assert_eq!(required.drift.steps, 1, "{}", required.text());
    project.adopt(&more, &required).await;
    assert_eq!(there(&project, "a").await, ALL, "after adopting");
    assert_eq!(project.ready(&more).await.next.steps, 1, "only what the schema file lacks");
}

#[tokio::test]
async fn it_survives_a_push() {
    let project = with_by_hand("unexpressible_push").await;
    for (schema, steps) in [(SCHEMA, 0), (&with_more(), 1)] {
        let pushed =
            push(&analyzed(schema), project.url(), Agreed::default(), &mut |_| ()).await.unwrap();
        assert_eq!(pushed, Pushed::InSync { steps });
        assert_eq!(there(&project, "a").await, ALL);
    }
}

#[tokio::test]
async fn it_survives_the_way_back() {
    let project = with_by_hand("unexpressible_down").await;
    project.dev(&with_more(), "more").await.unwrap();
    let plan = down::plan(&project.folder(), project.url(), &down::Target::Steps(1)).await.unwrap();
    assert_eq!(take_back(project.url(), &plan, &mut |_| ()).await.unwrap().len(), 1);
    assert_eq!(there(&project, "a").await, ALL);
    project.deploy().await.unwrap();
    assert_eq!(there(&project, "a").await, ALL);
}

#[tokio::test]
async fn it_survives_renames() {
    let project = with_by_hand("unexpressible_renames").await;
    let title = SCHEMA.replace("name String?", "title String?");
    project.dev_with(&title, "title", &["a.name:title"]).await.unwrap().unwrap();
    assert_eq!(there(&project, "a").await, ALL);
    let other = title.replace("model a ", "model b ");
    project.dev_with(&other, "b", &["a:b"]).await.unwrap().unwrap();
    assert_eq!(there(&project, "b").await, ALL);
    let drift = project.drift(&other).await;
    assert!(!drift.is_any(), "{drift:?}");
}

#[tokio::test]
async fn what_is_pulled_asks_for_no_change_of_it() {
    let project = with_by_hand("unexpressible_pull").await;
    let options = PullOptions { new_file: "schema.prisma", namespaces: None };
    let pulled = pull::pull(project.url(), &analyzed(SCHEMA), &options).await.unwrap();
    let schema = pulled.files[0].text();
    assert_eq!(project.dev(schema, "pulled").await, None, "{schema}");
    project.dev(&schema.replace("name ", "more Int?\n  name "), "more").await.unwrap();
    assert_eq!(there(&project, "a").await, ALL);
}

#[tokio::test]
async fn a_squash_keeps_what_migrations_have_of_it() {
    let project = Project::new("unexpressible_squash");
    project.dev(SCHEMA, "init").await.unwrap();
    project.write("29990101000000_by_hand", BY_HAND);
    project.deploy().await.unwrap();
    project.dev(&with_more(), "more").await.unwrap();
    let request = Request { from: None, to: None, title: None };
    let (folder, databases) = (project.folder(), project.databases());
    let plan = squash::plan(&folder, databases, &[], &request, &mut |_| ()).await.unwrap();
    squash::carry_out(&folder, &plan).unwrap();
    assert_eq!(plan.replaced.len(), 3);
    project.deploy().await.unwrap();
    assert_eq!(there(&project, "a").await, ALL, "where the three were applied");
    assert_eq!(project.dev(&with_more(), "nothing").await, None);

    reset::reset(&project.folder(), project.url(), &[], &mut |_| ()).await.unwrap();
    assert_eq!(there(&project, "a").await, ALL, "where only the one was");
    assert_eq!(project.history().await.len(), 1);
}
