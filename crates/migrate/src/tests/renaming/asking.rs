//! What is said with `--rename`, and what is asked without it.

use insta::assert_snapshot;

use super::{ROWS, SCHOOL, reworded};
use crate::dev;
use crate::renames::{Questions, Wanted, resolve};
use crate::report::{self, Written};
use crate::testing::{Project, analyzed};

#[tokio::test]
async fn a_field_that_only_changes_its_name_for_the_client_is_no_rename() {
    let project = Project::new("rename_map");
    project.dev(SCHOOL, "init").await.unwrap();
    let mapped = SCHOOL
        .replace("phone    String?", "mobile   String? @map(\"phone\")")
        .replace("[phone,", "[mobile,");
    let ready = project.ready(&mapped).await;
    assert!(ready.next.is_empty(), "{}", ready.next.script);
    assert_eq!(Questions::new(ready.schemas(), Vec::new()).next(), None);
    let error = project.dev_with(&mapped, "x", &["Student.phone:mobile"]).await.unwrap_err();
    assert!(
        error.to_string().contains("in the database it is `phone` before and after"),
        "{error}"
    );
}

#[tokio::test]
async fn what_may_be_one_is_asked_until_all_is_known() {
    let project = Project::new("rename_asked");
    project.dev(SCHOOL, "init").await.unwrap();
    project.execute(ROWS).await;
    let renamed = reworded(
        SCHOOL,
        &[
            ("Student", "Pupil"),
            ("phone", "mobile"),
            ("Level", "Skill"),
            ("expert", "master"),
            ("studentId", "pupilId"),
        ],
    );
    let mut ready = project.ready(&renamed).await;
    let schemas = ready.schemas();
    let mut questions = Questions::new(schemas, Vec::new());
    let told = |written| {
        let command = "cargo xtask migrate dev --name NAME";
        report::possible_renames(&questions.guesses(), schemas, command, written)
    };
    assert_snapshot!(told(Written::No));
    let [only, applied] =
        [Written::Only("migrations/1_x"), Written::Applied("migrations/1_x")].map(told);
    assert!(only.contains(":\n  rm -r migrations/1_x\n  cargo xtask migrate dev"), "{only}");
    assert!(
        applied.contains("\n  rm -r migrations/1_x\n  cargo xtask migrate reset\n"),
        "{applied}"
    );

    let mut asked = Vec::new();
    while let Some(question) = questions.next() {
        asked.push(report::rename_question(&question, schemas));
        questions.answer(&question, question.choices.first().copied());
    }
    assert_snapshot!(asked.join("\n"), @r"
    Did you rename the table `Student` to `Pupil`?
    Did you rename the enum `Level` to `Skill`?
    Did you rename the value `Level.expert` to `master`?
    Did you rename the column `Booking.studentId` to `pupilId`?
    Did you rename the column `Student.phone` to `mobile`?
    ");
    ready.next = dev::rename(project.url(), &ready, &questions.into_agreed()).await.unwrap();
    assert!(!ready.next.script.contains("DROP"), "{}", ready.next.script);

    // No means no, and is not asked again; what is in a table that was dropped is nobody's question.
    let mut questions = Questions::new(ready.schemas(), Vec::new());
    let mut count = 0;
    while let Some(question) = questions.next() {
        questions.answer(&question, None);
        count += 1;
    }
    assert_eq!(count, 1, "the table, without which the enum has no user that stays");
    assert!(questions.into_agreed().is_empty());
}

#[tokio::test]
async fn what_cannot_be_renamed_is_refused() {
    let project = Project::new("rename_refused");
    project.dev(SCHOOL, "init").await.unwrap();
    let renamed =
        reworded(SCHOOL, &[("phone", "mobile"), ("Course", "Subject"), ("slot", "number")])
            .replace("number      DateTime", "number      Int")
            .replace("mobile    String?", "mobile    String?\n  extra String?")
            .replace("title    String", "name    String");
    let ready = project.ready(&renamed).await;
    let schema = analyzed(&renamed);
    let mut told = Vec::new();
    for flags in [
        &["Studnt:Pupil"][..],
        &["Course:Subjekt"],
        &["Student.fone:mobile"],
        &["Student.phone:mobil"],
        &["Student.email:extra"],
        &["Student.phone:email"],
        &["Booking.slot:number"],
        &["Course.title:name"],
        &["Student.phone:mobile", "Student.phone:extra"],
        &["Level.novice:newbie"],
        &["Level.novise:expert"],
        &["Student:Level"],
        &["Course:Booking"],
        &["Student:Pupil.name.x"],
        &["nowhere.x:y"],
        &["Student.gone:email"],
        &["Gone:Student"],
        &["Student.phone:Booking.mobile"],
    ] {
        let wanted: Vec<Wanted> = flags.iter().map(|text| Wanted::parse(text).unwrap()).collect();
        let error = resolve(&wanted, ready.schemas(), &schema).unwrap_err();
        told.push(format!("{error}\n    help: {}", error.help().unwrap_or("-")));
    }
    assert_snapshot!(told.join("\n"));
}
