//! Two branches that both added migrations.

use crate::dev::Remedy;
use crate::status::status;
use crate::testing::Project;

const A: (&str, &str) = ("20260101000000_a", "CREATE TABLE a (id int PRIMARY KEY);\n");
const C: (&str, &str) = ("20260103000000_c", "ALTER TABLE a ADD COLUMN c int;\n");

#[tokio::test]
async fn what_a_merge_puts_before_applied_migrations_is_told_and_applied() {
    let project = Project::with("late", &[A, C]);
    project.deploy().await.unwrap();
    project.write("20260102000000_b", "ALTER TABLE a ADD COLUMN b int;\n");
    project.write("20260104000000_d", "SELECT 1;\n");
    let diagnosis = status(&project.folder(), project.url()).await.unwrap().diagnosis;
    assert_eq!(diagnosis.late, ["20260102000000_b"]);
    let deployed = project.deploy().await.unwrap();
    assert_eq!(deployed.applied, ["20260102000000_b", "20260104000000_d"]);
    assert_eq!(deployed.late, ["20260102000000_b"]);
    assert!(project.deploy().await.unwrap().late.is_empty());
}

#[tokio::test]
async fn an_order_that_makes_a_difference_is_told_and_can_be_adopted() {
    const SCHEMA: &str = "model a {\n  id Int @id\n  c Int?\n}\n";
    let project = Project::with("late_differs", &[A, C]);
    project.deploy().await.unwrap();
    // In the folder's order there is no column to drop yet.
    project.write("20260102000000_b", "ALTER TABLE a DROP COLUMN IF EXISTS c;\n");
    let required = project.reset_required(SCHEMA).await;
    assert_eq!(required.applied, ["20260102000000_b"]);
    assert!(required.text().contains("[-] Removed column `c`"), "{}", required.text());
    assert_eq!(required.remedy(), Some(Remedy::AdoptDrift));
    project.adopt(SCHEMA, &required).await;
    let ready = project.ready(SCHEMA).await;
    assert_eq!((ready.next.steps, ready.undone.as_str()), (1, ""), "the schema file wants it back");
}

#[tokio::test]
async fn an_order_that_makes_no_difference_is_only_told() {
    let project = Project::with("late_same", &[A, C]);
    project.deploy().await.unwrap();
    project.write("20260102000000_b", "ALTER TABLE a ADD COLUMN b int;\n");
    let ready = project.ready("model a {\n  id Int @id\n  b Int?\n  c Int?\n}\n").await;
    assert_eq!(
        (ready.applied.as_slice(), ready.late.as_slice()),
        (&["20260102000000_b".to_owned()][..], &["20260102000000_b".to_owned()][..])
    );
    assert!(ready.next.is_empty());
}

#[tokio::test]
async fn migrations_of_one_second_are_told() {
    let project = Project::with(
        "same_moment",
        &[
            A,
            ("20260102000000_b", ""),
            ("20260102000000_c", ""),
            ("no_moment", ""),
            ("no_moment_2", ""),
        ],
    );
    let status = status(&project.folder(), project.url()).await.unwrap();
    assert_eq!(status.same_moment, ["20260102000000_b", "20260102000000_c"]);
}

#[tokio::test]
async fn two_migrations_that_make_the_same_are_both_named() {
    let project = Project::with("clash", &[A, C]);
    project.write("20260104000000_theirs", "ALTER TABLE a ADD COLUMN c int;\n");
    let error = project.prepare("").await.unwrap_err();
    assert_eq!(error.code(), Some("P3006"));
    assert!(error.to_string().contains("20260104000000_theirs"), "{error}");
    let help = error.help().unwrap();
    assert!(help.starts_with("`20260103000000_c` makes it before, in "), "{help}");
}
