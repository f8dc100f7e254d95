//! A change of a Prisma schema with a database that goes through all of its phases.

use migrate::renames::{Wanted, resolve};
use pg_schema::{Pair, PgSchema, Renamed, diff, render};
use postgres::testing::TestDatabase;
use postgres::{Connection, introspect};

use crate::expand::{CheckEntry, Plan, Refusal, Request, Using, models, plan};
use crate::{Finish, FinishKind, SETTINGS};

pub(super) const DIGITS: &str = "20261128101112";

/// What changes, and how a person says it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Change<'a> {
    pub(super) before: &'a str,
    /// What a Prisma schema cannot say, run after what `before` makes.
    pub(super) by_hand: &'a str,
    pub(super) rows: &'a str,
    pub(super) after: &'a str,
    pub(super) renames: &'a [&'a str],
    pub(super) usings: &'a [&'a str],
    pub(super) checks: &'a [&'a str],
}

/// A database in which the schema before is made.
pub(super) struct Stage {
    database: TestDatabase,
    pub(super) db: Connection,
    pub(super) namespaces: Vec<String>,
    pub(super) next: PgSchema,
    pub(super) before: PgSchema,
}

pub(super) fn schema(models: &str) -> psl::Schema {
    let source = "datasource db {\n  provider = \"postgresql\"\n  url = env(\"DATABASE_URL\")\n}\n";
    let text =
        if models.contains("datasource") { models.to_owned() } else { format!("{source}{models}") };
    let analysis = psl::analyze(vec![psl::SourceFile::new("schema.prisma", text)]);
    let is_error = |it: &psl::Diagnostic| it.severity == psl::Severity::Error;
    assert!(!analysis.diagnostics.iter().any(is_error), "{:?}", analysis.diagnostics);
    analysis.schema
}

impl Change<'_> {
    pub(super) async fn stage(&self, label: &str) -> Stage {
        let wanted = mapping::desired_schema(&schema(self.before));
        let empty = PgSchema { namespaces: vec!["public".to_owned()], ..PgSchema::default() };
        let script = render(&diff(Pair::new(&empty, &wanted)), Pair::new(&empty, &wanted));
        let database = TestDatabase::empty(label);
        let db = database.connect().await;
        if self.before.contains("@db.Citext") {
            db.batch_execute("CREATE EXTENSION citext").await.unwrap();
        }
        db.batch_execute(&script).await.unwrap();
        db.batch_execute(self.by_hand).await.unwrap();
        let next = mapping::desired_schema(&schema(self.after));
        let mut namespaces = next.namespaces.clone();
        namespaces.extend(wanted.namespaces);
        namespaces.sort();
        namespaces.dedup();
        let before = introspect(&db, &namespaces).await.unwrap();
        Stage { database, db, namespaces, next, before }
    }

    pub(super) fn plan(&self, stage: &Stage) -> Result<Option<Plan>, Refusal> {
        self.plan_of(Pair::new(&stage.before, &stage.next))
    }

    /// Without a server's words for what is there.
    pub(super) fn plan_on_paper(&self) -> Result<Option<Plan>, Refusal> {
        let before = mapping::desired_schema(&schema(self.before));
        self.plan_of(Pair::new(&before, &mapping::desired_schema(&schema(self.after))))
    }

    fn plan_of(&self, schemas: Pair<&PgSchema>) -> Result<Option<Plan>, Refusal> {
        let after = schema(self.after);
        let wanted: Vec<Wanted> =
            self.renames.iter().map(|text| Wanted::parse(text).unwrap()).collect();
        let renames = resolve(&wanted, schemas, &after).unwrap();
        let usings: Vec<Using> =
            self.usings.iter().map(|text| Using::parse(text).expect("a using")).collect();
        let checks: Vec<CheckEntry> =
            self.checks.iter().map(|text| CheckEntry::parse(text).unwrap()).collect();
        plan(&Request {
            schemas,
            renames: &renames,
            usings: &usings,
            checks: &checks,
            models: &models(&after),
            digits: DIGITS,
        })
    }

    /// What an ordinary migration makes of the database.
    async fn made_at_once(&self, label: &str) -> Option<PgSchema> {
        let stage = self.stage(label).await;
        let schemas = Pair::new(&stage.before, &stage.next);
        let wanted: Vec<Wanted> =
            self.renames.iter().map(|text| Wanted::parse(text).unwrap()).collect();
        let renames = resolve(&wanted, schemas, &schema(self.after)).unwrap();
        let renamed = Renamed::new(schemas, &renames);
        let script = render(&renamed.steps(&stage.next), Pair::new(&renamed.previous, &stage.next));
        stage.db.batch_execute(&script).await.ok()?;
        for check in self.checks {
            let check = CheckEntry::parse(check).unwrap();
            let sql = format!(
                "ALTER TABLE \"{}\" ADD CONSTRAINT \"{}\" CHECK ({})",
                check.model, check.name, check.expression
            );
            stage.db.batch_execute(&sql).await.unwrap();
        }
        Some(introspect(&stage.db, &stage.namespaces).await.unwrap())
    }

    /// Takes the change through all phases and back, on databases with rows and without, and holds what must hold. Returns
    /// the plan, and the database with rows after the contract.
    pub(super) async fn holds(&self, label: &str) -> (Plan, Stage) {
        let stage = self.stage(label).await;
        let plan = match self.plan(&stage) {
            Ok(Some(plan)) => plan,
            other => panic!("{label}: {other:#?}"),
        };
        if std::env::var_os("SHOW_PLANS").is_some() {
            println!(
                "{}\n=== down\n{}\n=== contract\n{}\n=== document\n{}",
                plan.migration,
                plan.down,
                plan.contract,
                plan.document.text()
            );
        }
        // As plain Prisma would: one simple query.
        assert!(sql::split(&plan.migration).pieces.iter().all(sql::Piece::runs_in_transaction));
        lints(&plan, &stage, self);

        // Back, before anything else and after all that comes before the contract.
        for is_filled in [false, true] {
            let back = self.stage(label).await;
            back.db.batch_execute(self.rows).await.unwrap();
            back.run(&plan.migration).await;
            if is_filled {
                back.fill(&plan).await;
            }
            back.run(&plan.down).await;
            let after = introspect(&back.db, &back.namespaces).await.unwrap();
            assert_eq!(sorted(&after), sorted(&back.before), "{label}: down\n{}", plan.down);
            back.has_nothing_left(&plan).await;
        }

        let empty = self.stage(label).await;
        empty.run(&plan.migration).await;
        empty.run(&plan.contract).await;
        empty.is_at_end(label, &plan).await;

        stage.db.batch_execute(self.rows).await.unwrap();
        stage.run(&plan.migration).await;
        stage.fill(&plan).await;
        stage.run(&plan.contract).await;
        stage.is_at_end(label, &plan).await;

        let after = introspect(&stage.db, &stage.namespaces).await.unwrap();
        assert_eq!(
            sorted(&introspect(&empty.db, &empty.namespaces).await.unwrap()),
            sorted(&after),
            "{label}: with rows and without"
        );
        if let Some(at_once) = self.made_at_once(label).await {
            assert_eq!(sorted(&after), sorted(&at_once), "{label}: in phases and at once");
        }
        (plan, stage)
    }
}

impl Stage {
    pub(super) async fn connect(&self) -> Connection {
        self.database.connect().await
    }

    pub(super) async fn run(&self, script: &str) {
        if let Err(error) = self.db.batch_execute(script).await {
            panic!("{error}\n{script}");
        }
    }

    /// The contract, by somebody who knows that the old release is gone.
    pub(super) async fn contract(&self, plan: &Plan) {
        self.run("SET driveflow.quiet TO '0'").await;
        self.run(&plan.contract).await;
    }

    /// As a fill would do it, in one statement each; it finds nothing when it is done.
    pub(super) async fn fill(&self, plan: &Plan) {
        for (name, value) in SETTINGS {
            self.run(&format!("SET {name} = '{value}'")).await;
        }
        self.build(&plan.document.prepare).await;
        for fill in &plan.document.fills {
            let table =
                format!("\"{}\".\"{}\"", fill.table.schema, fill.table.name.replace('"', "\"\""));
            let set: Vec<String> = fill
                .set
                .iter()
                .map(|(column, value)| format!("\"{}\" = {value}", column.replace('"', "\"\"")))
                .collect();
            let update =
                format!("UPDATE {table} AS t SET {} WHERE {}", set.join(", "), fill.pending);
            self.run(&update).await;
            let left = self.db.execute(&update, &[]).await.unwrap();
            assert_eq!(left, 0, "filled again: {update}");
        }
        for proof in &plan.document.proofs {
            let rows = self.db.query(proof.as_str(), &[]).await.unwrap();
            assert!(rows.is_empty(), "{proof}");
        }
        self.fill_finish(plan).await;
    }

    /// What comes after the fill.
    pub(super) async fn fill_finish(&self, plan: &Plan) {
        self.build(&plan.document.finish).await;
    }

    async fn build(&self, steps: &[Finish]) {
        for step in steps {
            if step.kind == FinishKind::Index && self.has_index(&step.name).await {
                continue;
            }
            assert_eq!(step.kind == FinishKind::Index, step.sql.contains(" CONCURRENTLY "));
            self.run(&step.sql).await;
        }
    }

    async fn has_index(&self, name: &str) -> bool {
        let sql = "SELECT EXISTS (SELECT FROM pg_class WHERE relname = $1)";
        self.db.query_one(sql, &[&name]).await.unwrap().get(0)
    }

    async fn is_at_end(&self, label: &str, plan: &Plan) {
        let after = introspect(&self.db, &self.namespaces).await.unwrap();
        let schemas = Pair::new(&after, &self.next);
        let steps = diff(schemas);
        assert!(steps.is_empty(), "{label}: {}\n{}", render(&steps, schemas), plan.contract);
        self.has_nothing_left(plan).await;
    }

    /// Neither in `_driveflow` nor on the tables.
    async fn has_nothing_left(&self, plan: &Plan) {
        let left = self.db.query(include_str!("left.sql"), &[&DIGITS]).await.unwrap();
        let left: Vec<String> = left.iter().map(|row| row.get(0)).collect();
        assert!(left.is_empty(), "{left:?}\n{}\n{}", plan.contract, plan.down);
    }

    pub(super) async fn rows(&self, sql: &str) -> Vec<String> {
        let sql = format!("SELECT row_to_json(r)::text FROM ({sql}) AS r");
        let rows =
            self.db.query(sql.as_str(), &[]).await.unwrap_or_else(|error| panic!("{error}: {sql}"));
        rows.iter().map(|row| row.get(0)).collect()
    }
}

/// Our own rules have nothing against it.
fn lints(plan: &Plan, stage: &Stage, change: &Change<'_>) {
    let empty = PgSchema { namespaces: vec!["public".to_owned()], ..PgSchema::default() };
    let before = render(&diff(Pair::new(&empty, &stage.before)), Pair::new(&empty, &stage.before));
    let before = format!("{before}\n{}", change.by_hand);
    let history = [
        lint::Source { name: "1_before", text: &before, is_judged: false, is_pending: false },
        lint::Source {
            name: "2_expand",
            text: &plan.migration,
            is_judged: true,
            is_pending: false,
        },
        lint::Source {
            name: "3_contract",
            text: &plan.contract,
            is_judged: true,
            is_pending: false,
        },
    ];
    for report in lint::check(&history, &[], 15) {
        let errors: Vec<_> = report
            .findings
            .iter()
            .filter(|finding| finding.severity == lint::Severity::Error)
            .map(|finding| (finding.rule, &finding.message))
            .collect();
        assert!(
            errors.is_empty(),
            "{}: {errors:?}\n{}\n{}",
            report.migration,
            plan.migration,
            plan.contract
        );
    }
}

/// Without an order, and without what a server says in other words of what came another way.
pub(super) fn sorted(schema: &PgSchema) -> PgSchema {
    let mut schema = schema.clone();
    for table in &mut schema.tables {
        table.columns.sort_by(|a, b| a.name.cmp(&b.name));
        table.indexes.sort_by(|a, b| a.name.cmp(&b.name));
        table.foreign_keys.sort_by(|a, b| a.name.cmp(&b.name));
        table.checks.sort_by(|a, b| a.name.cmp(&b.name));
    }
    for sequence in &mut schema.sequences {
        // An ordinary migration leaves a sequence as it was when its column comes to hold more.
        sequence.data_type.clear();
        sequence.maximum = 0;
    }
    schema.tables.sort_by(|a, b| a.name.cmp(&b.name));
    schema.enums.sort_by(|a, b| a.name.cmp(&b.name));
    schema.sequences.sort_by(|a, b| a.name.cmp(&b.name));
    schema
}
