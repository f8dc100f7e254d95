//! A project whose rollout is carried through.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::{Duration, SystemTime};

use migrate::Databases;
use migrate::dev::{Prepared, Ready, new_name, prepare, write_named};
use migrate::folder::{DOWN, SCRIPT};
use migrate::renames::{Wanted, resolve};
use migrate::rollouts::CONTRACT;
use migrate::{Folder, Options};
use postgres::ConnectionUrl;
use rollout::backfill::{self, WORKERS, backfills};
use rollout::contract::{contract, obstacles};
use rollout::status::standing;
use rollout::{CheckEntry, ROLLOUT, Request, Using, models, partition, plan};

use super::kinds::{Kind, PARTITIONS, schema};
use super::load::{Load, PAUSE};

/// How long the old side has to be quiet here.
const QUIET: Duration = Duration::from_secs(1);

/// A folder of migrations of its own.
pub(crate) struct Place {
    root: PathBuf,
}

impl Place {
    pub(crate) fn new(kind: &Kind) -> Self {
        let name = format!("rollout-stalls-{}-{}", std::process::id(), kind.name.replace(' ', "-"));
        let root = std::env::temp_dir().join(name);
        let _ = std::fs::remove_dir_all(&root);
        std::fs::create_dir_all(&root).expect("a temporary folder can be made");
        Self { root }
    }

    fn folder(&self) -> Folder {
        Folder::read(&self.root).expect("it can be read")
    }

    async fn ready(&self, schema: &psl::Schema, url: &ConnectionUrl) -> Ready {
        let prepared = prepare(&self.folder(), schema, on(url), &mut |_| ()).await;
        match prepared.expect("it can be compared") {
            Prepared::Ready(ready) => ready,
            Prepared::ResetRequired(required) => panic!("{}", required.text()),
        }
    }

    /// An ordinary migration to a schema.
    pub(crate) async fn apply(&self, schema: &psl::Schema, url: &ConnectionUrl) {
        let next = self.ready(schema, url).await.next;
        self.write(url, "init", &[(SCRIPT, &next.script), (DOWN, &next.down)]).await;
    }

    async fn write(&self, url: &ConnectionUrl, title: &str, files: &[(&str, &str)]) {
        let folder = self.folder();
        let name = new_name(&folder, title, SystemTime::now());
        let options = Options::default();
        write_named(&folder, (&name, files), Some(&options), url, &mut |_| ())
            .await
            .expect("it can be applied");
    }

    /// A whole rollout.
    pub(crate) async fn roll(
        &self,
        kind: &Kind,
        url: &ConnectionUrl,
        load: &Load,
    ) -> (Duration, &'static str) {
        let after = schema(kind, 1);
        let ready = self.ready(&after, url).await;
        let name = new_name(&self.folder(), "change", SystemTime::now());
        let files = planned(kind, &ready, &after, &name[..14]);
        let files: Vec<(&str, &str)> =
            files.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let expand = load.longest(self.write(url, "change", &files)).await;
        let filled = load.longest(self.fill(url)).await;
        load.is_old.store(false, Ordering::Relaxed);
        tokio::time::sleep(QUIET + PAUSE * 5).await;
        let contracted = load.longest(Box::pin(self.contract(&after, url))).await;
        let all = [(expand, "expand"), (filled, "fill"), (contracted, "contract")];
        all.into_iter().max().unwrap_or_default()
    }

    async fn fill(&self, url: &ConnectionUrl) {
        let folder = self.folder();
        let applied: Vec<String> = folder.migrations().iter().map(|one| one.name.clone()).collect();
        let all = backfills(&folder, &applied, url.schema()).expect("they can be read");
        let (_stopper, stop) = backfill::stop();
        let options = backfill::Options::default();
        backfill::run_by(WORKERS, url, &all, &options, stop, &mut |_| ())
            .await
            .expect("it can be filled");
    }

    async fn contract(&self, schema: &psl::Schema, url: &ConnectionUrl) {
        let folder = self.folder();
        let rollout = &folder.rollouts()[0];
        let applied: Vec<String> = folder.migrations().iter().map(|one| one.name.clone()).collect();
        let connection = postgres::connect(url).await.expect("a connection");
        let found =
            standing(&connection, &folder, &[rollout], &applied, 0).await.expect("it is told");
        let found =
            obstacles(&connection, (&folder, rollout), &found[0], QUIET).await.expect("it is told");
        assert_eq!(found, Vec::new());
        let options = Options { quiet: Some(QUIET), ..Options::default() };
        let made = (SystemTime::now(), Some(&options));
        contract(&folder, rollout, schema, on(url), made, &mut |_| ()).await.expect("it ends");
    }
}

/// The files of the first phase.
fn planned(
    kind: &Kind,
    ready: &Ready,
    after: &psl::Schema,
    digits: &str,
) -> Vec<(&'static str, String)> {
    let (schemas, models) = (ready.schemas(), models(after));
    if kind.name == PARTITIONS {
        let wish = partition::Wish { schemas, model: &models[0], field: "at", digits };
        let plan = partition::plan(&wish).expect("it can be planned");
        return vec![
            (SCRIPT, plan.migration),
            (DOWN, plan.down),
            (ROLLOUT, plan.document.text()),
            (CONTRACT, plan.contract),
            (backfill::SCRIPT, plan.backfill),
        ];
    }
    let wanted: Vec<Wanted> =
        kind.renames.iter().map(|text| Wanted::parse(text).expect("a rename")).collect();
    let renames = resolve(&wanted, schemas, after).expect("they are known");
    let usings: Vec<Using> =
        kind.usings.iter().map(|text| Using::parse(text).expect("a using")).collect();
    let checks: Vec<CheckEntry> =
        kind.checks.iter().map(|text| CheckEntry::parse(text).expect("a check")).collect();
    let request = Request {
        schemas,
        renames: &renames,
        usings: &usings,
        checks: &checks,
        models: &models,
        digits,
    };
    let plan = plan(&request).expect("it can be planned").expect("it needs phases");
    vec![
        (SCRIPT, plan.migration),
        (DOWN, plan.down),
        (ROLLOUT, plan.document.text()),
        (CONTRACT, plan.contract),
    ]
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(Path::new(&self.root));
    }
}

fn on(url: &ConnectionUrl) -> Databases<'_> {
    Databases { main: url, shadow: None, cache: None }
}
