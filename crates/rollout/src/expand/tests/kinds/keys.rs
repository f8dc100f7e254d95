//! Keys, uniques, foreign keys and checks.

use super::Change;

#[tokio::test]
async fn uniques_foreign_keys_and_checks_come() {
    let (plan, stage) = change! {
        before: r"
            model Org {
              id Int @id
            }
            model U {
              id Int @id
              email String
              orgId Int?
              cents Int
              tag String?
            }",
        rows: r#"
            INSERT INTO "Org" VALUES (1);
            INSERT INTO "U" VALUES (1, 'a', 1, 5), (2, 'a', 9, -5), (3, 'b', NULL, 0), (4, 'a', 1, 1)"#,
        after: r"
            model Org {
              id Int @id
              users U[]
            }
            model U {
              id Int @id
              email String @unique
              orgId Int?
              cents Int
              tag String?
              org Org? @relation(fields: [orgId], references: [id])
              @@index([tag])
            }",
        usings: &["U.email=email || '-' || id", "U.orgId=NULL", "U.cents=abs(cents)"],
        checks: &["U.cents_are_not_negative=cents >= 0"],
    }
    .holds("constraints")
    .await;
    // Rows with the same values are found by an index that goes with the contract.
    let built: Vec<&str> = plan.document.prepare.iter().map(|step| step.sql.as_str()).collect();
    assert_eq!(
        built,
        [format!(
            "CREATE INDEX CONCURRENTLY \"{0}\" ON \"public\".\"U\"(\"email\", \"id\")",
            plan.document.prepare[0].name
        )]
    );
    assert_eq!(
        stage.rows("SELECT id, email, \"orgId\", cents FROM \"U\" ORDER BY id").await,
        [
            r#"{"id":1,"email":"a","orgId":1,"cents":5}"#,
            r#"{"id":2,"email":"a-2","orgId":null,"cents":5}"#,
            r#"{"id":3,"email":"b","orgId":null,"cents":0}"#,
            r#"{"id":4,"email":"a-4","orgId":1,"cents":1}"#,
        ]
    );
}

/// Which of the rows with the same values keeps them, a unique of required columns says as well as a primary key.
#[tokio::test]
async fn a_unique_comes_to_a_table_without_a_primary_key() {
    let (_, stage) = change! {
        before: r"
            model U {
              code String @unique
              a String?
              b Int
            }",
        rows: r#"INSERT INTO "U" VALUES ('x', 'a', 1), ('y', 'a', 1), ('z', 'a', 2), ('w', NULL, 1)"#,
        after: r"
            model U {
              code String @unique
              a String?
              b Int
              @@unique([a, b])
            }",
        usings: &["U.a=a || '-' || code"],
    }
    .holds("unique_of_unique")
    .await;
    assert_eq!(
        stage.rows("SELECT code, a FROM \"U\" ORDER BY code").await,
        [
            r#"{"code":"w","a":null}"#,
            r#"{"code":"x","a":"a"}"#,
            r#"{"code":"y","a":"a-y"}"#,
            r#"{"code":"z","a":"a"}"#,
        ]
    );
}

#[tokio::test]
async fn a_primary_key_changes_its_type() {
    let (_, stage) = change! {
        before: r#"
            model User {
              id Int @id @default(autoincrement())
              name String
              posts Post[]
              friends User[] @relation("friends")
              friendOf User[] @relation("friends")
              bossId Int?
              boss User? @relation("boss", fields: [bossId], references: [id])
              staff User[] @relation("boss")
            }
            model Post {
              authorId Int
              number Int
              author User @relation(fields: [authorId], references: [id], onDelete: Cascade)
              @@id([authorId, number])
            }"#,
        rows: r#"
            INSERT INTO "User" (name, "bossId") VALUES ('a', NULL), ('b', 1);
            INSERT INTO "Post" VALUES (1, 1), (2, 1);
            INSERT INTO "_friends" VALUES (1, 2)"#,
        after: r#"
            model User {
              id BigInt @id @default(autoincrement())
              name String
              posts Post[]
              friends User[] @relation("friends")
              friendOf User[] @relation("friends")
              bossId BigInt?
              boss User? @relation("boss", fields: [bossId], references: [id])
              staff User[] @relation("boss")
            }
            model Post {
              authorId BigInt
              number Int
              author User @relation(fields: [authorId], references: [id], onDelete: Cascade)
              @@id([authorId, number])
            }"#,
    }
    .holds("key_type")
    .await;
    stage.run("INSERT INTO \"User\" (name) VALUES ('c')").await;
    assert_eq!(
        stage.rows("SELECT id, \"bossId\" FROM \"User\" ORDER BY id").await,
        [r#"{"id":1,"bossId":null}"#, r#"{"id":2,"bossId":1}"#, r#"{"id":3,"bossId":null}"#,]
    );
}

#[tokio::test]
async fn a_text_key_becomes_a_uuid() {
    let (_, stage) = change! {
        before: r"
            model User {
              id String @id
              posts Post[]
            }
            model Post {
              id Int @id
              authorId String?
              author User? @relation(fields: [authorId], references: [id])
              @@index([authorId])
            }",
        rows: r#"
            INSERT INTO "User" VALUES ('6f5b7c1e-0d0c-4f6a-9a57-0d8e2f1c3b4a');
            INSERT INTO "Post" VALUES (1, '6f5b7c1e-0d0c-4f6a-9a57-0d8e2f1c3b4a'), (2, NULL)"#,
        after: r"
            model User {
              id String @id @db.Uuid
              posts Post[]
              likes Like[]
            }
            model Post {
              id Int @id
              authorId String? @db.Uuid
              author User? @relation(fields: [authorId], references: [id])
              @@index([authorId])
            }
            model Like {
              id Int @id
              userId String @db.Uuid
              user User @relation(fields: [userId], references: [id])
            }",
        usings: &["User.id=id::uuid", r#"Post.authorId="authorId"::uuid"#],
    }
    .holds("key_uuid")
    .await;
    assert_eq!(
        stage.rows(r#"SELECT p.id, u.id AS "of" FROM "Post" AS p LEFT JOIN "User" AS u ON u.id = p."authorId" ORDER BY p.id"#).await,
        [r#"{"id":1,"of":"6f5b7c1e-0d0c-4f6a-9a57-0d8e2f1c3b4a"}"#, r#"{"id":2,"of":null}"#]
    );
}

#[tokio::test]
async fn a_key_is_renamed_and_another_made_of_more_columns() {
    let (_, stage) = change! {
        before: r"
            model A {
              id Int @id @default(autoincrement())
              bs B[]
            }
            model B {
              a Int
              n Int
              o Int
              of A @relation(fields: [a], references: [id], onDelete: Cascade)
              @@id([a, n])
              @@unique([o])
            }",
        rows: r#"INSERT INTO "A" SELECT FROM generate_series(1, 3); INSERT INTO "B" VALUES (1, 1, 1), (1, 2, 2), (3, 1, 3)"#,
        after: r"
            model A {
              aId Int @id @default(autoincrement())
              bs B[]
            }
            model B {
              a Int
              n Int
              o Int
              of A @relation(fields: [a], references: [aId], onDelete: Restrict, onUpdate: NoAction)
              @@id([a, n, o])
            }",
        renames: &["A.id:aId"],
    }
    .holds("key_renamed")
    .await;
    stage.run(r#"INSERT INTO "A" DEFAULT VALUES"#).await;
    assert_eq!(stage.rows(r#"SELECT max("aId") FROM "A""#).await, [r#"{"max":4}"#]);
}

#[tokio::test]
async fn a_partial_index_follows_its_columns() {
    let source = "generator client {\n provider = \"prisma-client\"\n output = \"x\"\n previewFeatures = [\"partialIndexes\"]\n}\ndatasource db {\n provider = \"postgresql\"\n url = env(\"DATABASE_URL\")\n}\n";
    let model = |state: &str| {
        format!(
            "{source}model T {{\n id Int @id\n {state} String\n n Int\n @@index([n], map: \"some_of_them\", where: raw(\"{state} = 'open'\"))\n}}"
        )
    };
    let (before, after) = (model("state"), model("status"));
    change! {
        before: &before,
        rows: "INSERT INTO \"T\" VALUES (1, 'open', 1), (2, 'shut', 2)",
        after: &after,
        renames: &["T.state:status"],
    }
    .holds("partial")
    .await;
}

#[tokio::test]
async fn an_index_that_is_there_finds_the_duplicates() {
    let (plan, _) = change! {
        before: "model U {\n id Int @id\n org Int\n email String\n @@index([email, org])\n}",
        rows: r#"INSERT INTO "U" VALUES (1, 1, 'a'), (2, 1, 'a'), (3, 2, 'a')"#,
        after: "model U {\n id Int @id\n org Int\n email String\n @@index([email, org])\n @@unique([org, email])\n}",
        usings: &["U.email=email || id"],
    }
    .holds("known_index")
    .await;
    assert_eq!(plan.document.prepare, []);
}
