//! What people make beside a schema, and Prisma has no words for.

use crate::testing::Project;

#[tokio::test]
async fn what_prisma_cannot_express_is_no_drift_and_survives_every_command() {
    const SCHEMA: &str = "model a {\n  id Int @id\n  name String?\n}\n";
    const MORE: &str = "model a {\n  id Int @id\n  name String?\n  more Int?\n}\n";
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
    let project = Project::new("unexpressible");
    project.dev(SCHEMA, "init").await.unwrap();
    project
        .execute(
            "ALTER TABLE a ADD CONSTRAINT a_check CHECK (id > 0), \
               ADD CONSTRAINT a_exclusion EXCLUDE USING btree (name WITH =); \
             CREATE FUNCTION a_function() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; \
             CREATE TRIGGER a_trigger BEFORE UPDATE ON a FOR EACH ROW EXECUTE FUNCTION a_function(); \
             CREATE VIEW a_view AS SELECT id FROM a; CREATE MATERIALIZED VIEW a_matview AS SELECT id FROM a; \
             ALTER TABLE a ENABLE ROW LEVEL SECURITY; CREATE POLICY a_policy ON a USING (true); \
             CREATE INDEX a_expression ON a (lower(name)); CREATE INDEX a_partial ON a (name) WHERE id > 1; \
             CREATE STATISTICS a_statistics ON id, name FROM a; \
             COMMENT ON TABLE a IS 'of the table'; COMMENT ON COLUMN a.id IS 'of the column'",
        )
        .await;
    let there = "2,1,1,1,1,t,1,2,of the table,of the column,1";
    assert_eq!(project.value(LEFT).await.unwrap(), there);

    let drift = project.drift(SCHEMA).await;
    assert!(!drift.is_any(), "{drift:?}");
    assert_eq!(project.dev(SCHEMA, "nothing").await, None);
    project.dev(MORE, "more").await.unwrap();
    assert_eq!(project.value(LEFT).await.unwrap(), there, "after dev");
    project.write("29990101000000_by_hand", "ALTER TABLE a ADD COLUMN by_hand int;");
    project.deploy().await.unwrap();
    assert_eq!(project.value(LEFT).await.unwrap(), there, "after deploy");

    project.execute("ALTER TABLE a ADD COLUMN drifted int").await;
    let required = project.reset_required(MORE).await;
    assert_eq!(required.drift.steps, 1, "{}", required.text());
    project.adopt(MORE, &required).await;
    assert_eq!(project.value(LEFT).await.unwrap(), there, "after adopting");
    assert_eq!(project.ready(MORE).await.next.steps, 1, "only what the schema file lacks");
}
