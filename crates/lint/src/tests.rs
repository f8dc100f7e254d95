//! What is reported, of which statements, and what silences it.

use super::*;

mod cases;
mod mended;

/// The schema that the proofs run on, and one more migration.
fn found(sql: &str) -> Vec<Finding> {
    found_on(15, &[], sql)
}

fn found_on(version: u32, rows: &[(sql::statement::Name, u64)], sql: &str) -> Vec<Finding> {
    let history = [
        Source {
            name: "1_before",
            text: include_str!("proof/schema.sql"),
            is_judged: false,
            is_pending: false,
        },
        Source { name: "2_now", text: sql, is_judged: true, is_pending: false },
    ];
    let mut reports = check(&history, rows, version);
    assert_eq!(reports.len(), 1);
    reports.remove(0).findings
}

/// The rules that report, save those that are about every strong lock.
fn ids(sql: &str) -> Vec<&'static str> {
    let ids = found(sql).into_iter().map(|finding| finding.rule);
    ids.filter(|id| *id != "lock-timeout").collect()
}

#[test]
fn each_rule_reports_what_it_is_for_and_nothing_else() {
    let mut seen = std::collections::BTreeSet::new();
    for (rule, reported, passed) in cases::CASES.iter().copied() {
        let (bad, good) = (ids(reported), ids(passed));
        assert!(bad.contains(&rule), "{rule} is silent on: {reported}\n{bad:?}");
        assert!(!good.contains(&rule), "{rule} is loud on: {passed}");
        seen.insert(rule);
    }
    let all = rules::ALL.iter().map(|rule| rule.id).filter(|id| *id != "lock-timeout");
    assert_eq!(seen, all.collect(), "each rule has a case");
}

#[test]
fn a_timeout_is_asked_for_once() {
    let count =
        |sql: &str| found(sql).iter().filter(|finding| finding.rule == "lock-timeout").count();
    assert_eq!(count("ALTER TABLE lonely ADD c int; ALTER TABLE child ADD c int"), 1);
    assert_eq!(count("SET lock_timeout = '2s'; ALTER TABLE lonely ADD c int"), 0);
    assert_eq!(count("SET LOCAL lock_timeout = '2s'; ALTER TABLE lonely ADD c int"), 0);
    assert_eq!(count("SET LOCAL lock_timeout = '2s'; COMMIT; ALTER TABLE lonely ADD c int"), 1);
    assert_eq!(count("SET lock_timeout = 0; ALTER TABLE lonely ADD c int"), 1);
    assert_eq!(count("SET lock_timeout = '0ms'; ALTER TABLE lonely ADD c int"), 1);
    assert_eq!(count("SET lock_timeout TO DEFAULT; ALTER TABLE lonely ADD c int"), 1);
    assert_eq!(count("CREATE TABLE n (a int); ALTER TABLE n ADD c int; ANALYZE lonely"), 0);
    assert_eq!(count("DO $$ BEGIN ALTER TABLE lonely ADD c int; END $$"), 1);
    let set = "SELECT set_config('lock_timeout', '2s', true)";
    assert_eq!(count(&format!("{set}; ALTER TABLE lonely ADD c int")), 0);
    let never = set.replace("2s", "0");
    assert_eq!(count(&format!("{never}; ALTER TABLE lonely ADD c int")), 1);
}

/// What is set before code holds in it, and nothing in it is mended.
#[test]
fn code_is_judged_where_it_stands_and_left_as_it_is() {
    let sql = "SELECT 1;\nDO $$ BEGIN\n  CREATE INDEX i ON lonely (a);\n  EXECUTE 'DROP TABLE ' || name;\nEND $$;";
    let found = found(sql);
    let told: Vec<(&str, &str)> =
        found.iter().map(|finding| (finding.rule, &sql[finding.range.clone()])).collect();
    assert_eq!(
        told,
        [
            ("create-index-concurrently", "CREATE INDEX i ON lonely (a)"),
            ("lock-timeout", "CREATE INDEX i ON lonely (a)"),
            ("unread", "EXECUTE 'DROP TABLE ' || name;"),
        ]
    );
    let fixed = fix(sql, &found).unwrap().text;
    assert_eq!(fixed, sql.replace("DO $$", "SET LOCAL lock_timeout = '2s';\nDO $$"));
    assert_eq!(
        ids("ALTER TABLE lonely ADD c int; DO $$ BEGIN UPDATE plain SET a = 1; END $$"),
        ["unbatched-write", "work-under-lock"]
    );
}

/// Nobody has come to a table before the deploy ends that makes it; of two deploys the second finds it in use.
#[test]
fn what_pending_migrations_make_is_in_nobodys_way() {
    let rules = |is_pending| {
        let history = [
            Source { name: "1", text: "CREATE TABLE n (a int)", is_judged: true, is_pending },
            Source { name: "2", text: "CREATE INDEX ON n (a)", is_judged: true, is_pending },
        ];
        check(&history, &[], 15).remove(1).findings.len()
    };
    assert_eq!((rules(true), rules(false)), (0, 2));
}

#[test]
fn what_is_empty_is_in_nobodys_way() {
    let name = sql::statement::Name::new("lonely");
    let statement = "CREATE INDEX ON lonely (a); ALTER TABLE lonely ALTER a TYPE text";
    assert_eq!(found_on(15, &[(name.clone(), 0)], statement), []);
    assert_ne!(found_on(15, &[(name.clone(), 5)], statement), []);
    let filled = "INSERT INTO lonely VALUES (1); CREATE INDEX ON lonely (a)";
    assert_ne!(found_on(15, &[(name, 0)], filled), []);
}

#[test]
fn what_was_emptied_is_in_use_again() {
    let errors = |before: &str, now: &str| {
        let history = [
            Source {
                name: "1",
                text: "CREATE TABLE t (a int)",
                is_judged: false,
                is_pending: false,
            },
            Source { name: "2", text: before, is_judged: true, is_pending: false },
            Source { name: "3", text: now, is_judged: true, is_pending: false },
        ];
        check(&history, &[], 15).remove(1).findings.len()
    };
    assert_eq!(errors("SELECT 1", "TRUNCATE t; CREATE INDEX ON t (a)"), 1);
    assert_ne!(errors("TRUNCATE t", "SET lock_timeout = '2s'; CREATE INDEX ON t (a)"), 0);
}

#[test]
fn what_may_be_there_already_is_not_new() {
    let index = "CREATE TABLE IF NOT EXISTS accounts (id int); CREATE INDEX i ON accounts (id)";
    assert_eq!(ids(index), ["create-index-concurrently"]);
    assert_eq!(ids(&index.replace("IF NOT EXISTS ", "")), [] as [&str; 0]);
}

#[test]
fn an_old_server_has_its_own_rules() {
    let rules = |version, sql: &str| {
        let found = found_on(version, &[], sql);
        found
            .into_iter()
            .map(|finding| (finding.rule, finding.safe.unwrap_or_default()))
            .collect::<Vec<_>>()
    };
    let proven = "ALTER TABLE child ALTER proven SET NOT NULL";
    assert!(rules(11, proven).iter().any(|(rule, _)| *rule == "set-not-null"));
    let maybe = "ALTER TABLE child ALTER maybe SET NOT NULL";
    let safe = |version| {
        rules(version, maybe).into_iter().find(|(rule, _)| *rule == "set-not-null").unwrap().1
    };
    assert!(safe(17).contains("CHECK (\"maybe\" IS NOT NULL) NOT VALID"));
    assert!(safe(18).contains("NOT NULL \"maybe\" NOT VALID"));
    let value = "BEGIN; ALTER TYPE mood ADD VALUE 'mad'; COMMIT";
    assert!(rules(11, value).iter().any(|(rule, _)| *rule == "concurrently-in-transaction"));
    assert_eq!(rules(12, value), []);
}

#[test]
fn only_a_reason_silences() {
    let index = "CREATE INDEX i ON lonely (a);";
    let allow = "-- lint: allow create-index-concurrently because nobody writes at night\n";
    let timeout = "SET lock_timeout = '2s';\n";
    assert_eq!(found(&format!("{timeout}{allow}{index}")), []);
    assert_eq!(found(&format!("{timeout}{index} {allow}")), []);
    assert_eq!(found(&format!("{timeout}{allow}CREATE INDEX j ON lonely (b);\n{index}")).len(), 1);
    for (comment, said) in [
        ("-- lint: allow create-index-concurrently\n", "without a reason"),
        ("-- lint: allow create-index-concurrently because\n", "without a reason"),
        ("-- lint: allow create-index because of me\n", "there is no rule `create-index`"),
        ("-- lint: ignore everything\n", "no instruction"),
    ] {
        let found = found(&format!("{timeout}{comment}{index}"));
        let rules: Vec<_> = found.iter().map(|finding| finding.rule).collect();
        assert_eq!(rules, ["allow", "create-index-concurrently"], "{comment}");
        assert!(found[0].message.contains(said), "{}", found[0].message);
    }
    assert_eq!(found("SELECT '-- lint: ignore everything';"), []);
}

#[test]
fn what_no_server_can_be_sent_is_an_error() {
    let found = found("SELECT 1;\n\\i other.sql\n");
    assert_eq!((found[0].rule, found[0].range.clone()), ("psql-command", 10..22));
}

/// The safe form of a finding has no finding of the same rule.
#[test]
fn what_is_safe_is_not_reported() {
    let text = include_str!("proof/statements.sql");
    let mut count = 0;
    for statement in sql::Statement::read(text) {
        for finding in found(&text[statement.range.clone()]) {
            let Some(safe) = &finding.safe else { continue };
            // Each part after a remark is a migration of its own.
            let mut history = vec![Source {
                name: "1",
                text: include_str!("proof/schema.sql"),
                is_judged: false,
                is_pending: false,
            }];
            let parts: Vec<String> = parts(safe);
            history.extend(parts.iter().map(|text| Source {
                name: "2",
                text,
                is_judged: true,
                is_pending: false,
            }));
            let again = check(&history, &[], 15).into_iter().flat_map(|report| report.findings);
            let again: Vec<_> = again.filter(|other| other.rule == finding.rule).collect();
            let is_told = [
                "rename-breaks-release",
                "drop-breaks-release",
                "drop-not-null",
                "partition-locks",
            ];
            if !is_told.contains(&finding.rule) {
                assert_eq!(again, [], "{}:\n{safe}", finding.rule);
            }
            for part in &parts {
                for statement in sql::Statement::read(part) {
                    assert_ne!(statement.kind, sql::statement::Kind::Unknown, "{safe}");
                }
            }
            count += 1;
        }
    }
    assert!(count > 100, "{count}");
}

fn parts(safe: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    for line in safe.lines() {
        if line.starts_with("--") {
            parts.push(String::new());
        } else if let Some(last) = parts.last_mut() {
            last.push_str(line);
            last.push('\n');
        }
    }
    parts
}

/// An edit makes the finding go away, and no other come.
#[test]
fn what_is_fixed_is_not_reported() {
    let text = include_str!("proof/statements.sql");
    for statement in sql::Statement::read(text) {
        let sql = &text[statement.range.clone()];
        let before = found(sql);
        for finding in &before {
            let Some(fix) = &finding.fix else { continue };
            let mut fixed = sql.to_owned();
            fixed.replace_range(fix.range.clone(), &fix.text);
            let after = found(&fixed);
            assert!(after.iter().all(|other| other.rule != finding.rule), "{fixed}\n{after:#?}");
            assert!(after.len() < before.len(), "{fixed}\n{after:#?}");
        }
    }
}

/// Its months are made by code, as `migrate partition` makes them, and later by other commands.
const DIVIDED: &str = "CREATE TABLE point (id int, at timestamp NOT NULL, n int, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE point_rest PARTITION OF point DEFAULT;
DO $$ BEGIN EXECUTE format('CREATE TABLE %I PARTITION OF point FOR VALUES FROM (%L) TO (%L)', month, starts, ends); END $$;";

#[test]
fn a_table_stands_for_partitions_that_are_not_known() {
    let name = |name: &str| sql::statement::Name::new(name);
    let found = |made: &str, rows: &[(sql::statement::Name, u64)], text: &str| {
        let history = [
            Source { name: "1_before", text: made, is_judged: false, is_pending: false },
            Source { name: "2_now", text, is_judged: true, is_pending: false },
        ];
        let findings = check(&history, rows, 15).remove(0).findings;
        let errors = findings.into_iter().filter(|finding| finding.severity == Severity::Error);
        errors.map(|finding| (finding.rule, finding.message)).collect::<Vec<_>>()
    };
    let literal = DIVIDED.split_once("DO $$").unwrap().0;
    let full = [(name("point"), 3000), (name("point_rest"), 0)];
    let empty = [(name("point"), 0), (name("point_rest"), 0)];
    for text in [
        "ALTER TABLE point ALTER n TYPE bigint",
        "ALTER TABLE point ALTER n SET NOT NULL",
        "ALTER TABLE point ADD CONSTRAINT c CHECK (n > 0)",
        "CREATE INDEX point_n ON point (n)",
    ] {
        for (made, rows) in [(DIVIDED, &full[..]), (DIVIDED, &[]), (literal, &full)] {
            let found = found(made, rows, text);
            assert_eq!(found.len(), 1, "{text} {rows:?}: {found:?}");
            assert!(!found[0].1.contains("point_rest"), "{found:?}");
        }
        assert_eq!(found(DIVIDED, &empty, text), [], "{text}");
    }
    // An index of the table itself is of no rows, and none is built concurrently.
    assert_eq!(found(DIVIDED, &full, "CREATE INDEX point_n ON ONLY point (n)"), []);
    let without_rest = DIVIDED.replace("CREATE TABLE point_rest PARTITION OF point DEFAULT;", "");
    for (rule, text, safe) in [
        ("create-index-concurrently", "CREATE INDEX point_n ON point (n)", "ON ONLY"),
        (
            "key-on-table-in-use",
            "ALTER TABLE point ADD UNIQUE (n, at)",
            "ALTER TABLE ONLY \"point\" ADD CONSTRAINT \"point_n_at_key\" UNIQUE (\"n\", \"at\");",
        ),
    ] {
        let history = [
            Source { name: "1_before", text: &without_rest, is_judged: false, is_pending: false },
            Source { name: "2_now", text, is_judged: true, is_pending: false },
        ];
        let findings = check(&history, &[], 15).remove(0).findings;
        let found = findings.iter().find(|finding| finding.rule == rule).unwrap();
        assert!(found.safe.as_ref().unwrap().contains(safe) && found.fix.is_none(), "{found:?}");
    }
}
