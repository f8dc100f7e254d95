//! Contracts that are written already, on a real server.

use std::path::PathBuf;
use std::time::Duration;
use std::{env, fs, process};

use migrate::deploy::Target;
use migrate::folder::{Folder, SCRIPT};
use migrate::rollouts::{CONTRACT, contracts_text};
use migrate::{Error, Options};
use postgres::testing::TestDatabase;

use super::obstacles;
use crate::ROLLOUT;
use crate::status::{Phase, standing};

const EXPAND: &str = "20260102000000_title";
const CONTRACTED: &str = "20260104000000_title_contract";

/// Refused without a quiet time of its own, as where the old side was written just now.
const SCRIPT_OF_CONTRACT: &str = "DO $$ BEGIN
  IF coalesce(current_setting('driveflow.quiet', true), '') <> '0 milliseconds' THEN RAISE EXCEPTION 'not quiet'; END IF;
END $$;
ALTER TABLE item DROP COLUMN name;
";

struct Place(PathBuf);

impl Place {
    fn write(&self, migration: &str, files: &[(&str, &str)]) -> Folder {
        let folder = self.0.join(migration);
        fs::create_dir_all(&folder).unwrap();
        for (file, text) in files {
            fs::write(folder.join(file), text).unwrap();
        }
        Folder::read(&self.0).unwrap()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[tokio::test]
async fn a_contract_that_is_written_already_is_applied_after_the_quiet_that_is_asked_for() {
    let database = TestDatabase::from_sql("contract_written", "SELECT 1");
    let (url, connection) = (database.url(), database.connect().await);
    let place = Place(env::temp_dir().join(format!("contract-written-{}", process::id())));
    let table = "CREATE TABLE item (id int PRIMARY KEY, name text);\n";
    let toml = "summary = []\nretires = []\nproofs = []\n";
    place.write("20260101000000_init", &[(SCRIPT, table)]);
    let title = "ALTER TABLE item ADD COLUMN title text;\n";
    let files = [(SCRIPT, title), (ROLLOUT, toml), (CONTRACT, SCRIPT_OF_CONTRACT)];
    let folder = place.write(EXPAND, &files);
    let run = async |folder: &Folder, options: &Options| -> Result<Vec<String>, Error> {
        let target = Target::open(url, &mut |_| ()).await?;
        Ok(target.deploy(folder, options, &mut |_| ()).await?.applied)
    };
    run(&folder, &Options::default()).await.unwrap();
    let found = async |folder: &Folder, quiet: Duration| {
        let rollout = &folder.rollouts()[0];
        let status = migrate::status::status(folder, url).await.unwrap();
        let applied = &status.diagnosis.applied;
        let all = standing(&connection, folder, &[rollout], applied, 0).await.unwrap();
        let found = obstacles(&connection, (folder, rollout), &all[0], quiet).await.unwrap();
        (all[0].phase, found.into_iter().map(|one| one.what).collect::<Vec<_>>())
    };
    let (no_time, minute) = (Duration::ZERO, Duration::from_mins(1));
    assert_eq!(found(&folder, no_time).await, (Phase::Ready, Vec::new()));

    // What is written is what counts, as somebody may have edited it. Something else may be pending before it, and behind it.
    place.write(EXPAND, &[(CONTRACT, "ALTER TABLE item DROP COLUMN nothing;\n")]);
    let contract = [(SCRIPT, SCRIPT_OF_CONTRACT), (ROLLOUT, &contracts_text(EXPAND))];
    place.write(CONTRACTED, &contract);
    place.write("20260103000000_before", &[(SCRIPT, "CREATE TABLE before (id int);\n")]);
    let behind = [(SCRIPT, "CREATE TABLE behind (id int);\n")];
    let folder = place.write("20260105000000_behind", &behind);
    let (phase, told) = found(&folder, no_time).await;
    assert_eq!(phase, Phase::ContractPending);
    assert!(
        told.len() == 1 && told[0].contains("`20260103000000_before` in the folder"),
        "{told:?}"
    );
    let first = Options { up_to: Some("20260103".to_owned()), ..Options::default() };
    run(&folder, &first).await.unwrap();

    let (_, told) = found(&folder, minute).await;
    assert_eq!(told, ["not quiet"]);
    assert_eq!(found(&folder, no_time).await.1, Vec::<String>::new());
    let up_to = Some(CONTRACTED.to_owned());
    let usual = Options { up_to, ..Options::default() };
    assert!(run(&folder, &usual).await.is_err());
    let options = Options { quiet: Some(no_time), ..usual };
    assert_eq!(run(&folder, &options).await.unwrap(), [CONTRACTED]);
    let (phase, told) = found(&folder, no_time).await;
    assert_eq!(phase, Phase::Contracted);
    assert!(told.len() == 1 && told[0].contains("contracted already"), "{told:?}");
}
