//! What every invention starts from: the profile, the seed and the moment that counts as now.
//!
//! Ids and dice are named by a path such as `booking/12`, never drawn in sequence, so that one more student does not
//! change every booking. Nothing here reads a clock, an environment or a database.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use rand::SeedableRng;
use rand::rngs::StdRng;
use uuid::Uuid;

use crate::Profile;

/// The premises of one run. Equal settings give equal data.
#[derive(Debug, Clone)]
pub(crate) struct Setting {
    pub(crate) now: DateTime<Utc>,
    namespace: Uuid,
    /// Days by which everything that a school begins with is older than the demo's.
    longer: i64,
    accounts: Arc<BTreeMap<String, String>>,
}

impl Setting {
    pub(crate) fn new(profile: Profile, seed: u64, now: DateTime<Utc>) -> Self {
        // A minimal school is the demo's: the one completes the other, and is no second school beside it.
        let of = if profile == Profile::Minimal { Profile::Demo } else { profile };
        let name = format!("driveflow/seed/{}/{seed}", of.name());
        Self {
            now,
            namespace: Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes()),
            longer: 0,
            accounts: Arc::default(),
        }
    }

    /// The same with accounts that are there already: their ids by e-mail address.
    pub(crate) fn with_accounts(self, accounts: BTreeMap<String, String>) -> Self {
        Self { accounts: Arc::new(accounts), ..self }
    }

    /// The same with schools that are older than the demo's by so many days.
    pub(crate) fn with_longer_past(self, days: i64) -> Self {
        Self { longer: days, ..self }
    }

    /// The same for the thing at `path` and what belongs to it.
    pub(crate) fn within(&self, path: &str) -> Self {
        Self { namespace: Uuid::new_v5(&self.namespace, path.as_bytes()), ..self.clone() }
    }

    /// The id of the account with this address, if it is there already.
    pub(crate) fn account(&self, email: &str) -> Option<String> {
        self.accounts.get(email).cloned()
    }

    /// The id of the thing at `path`, the same in every run.
    pub(crate) fn id(&self, path: &str) -> String {
        Uuid::new_v5(&self.namespace, path.as_bytes()).to_string()
    }

    /// Letters and digits that belong to `path` alone, for names that a provider would give: `pi_5e1f…`.
    pub(crate) fn token(&self, prefix: &str, path: &str) -> String {
        let token = Uuid::new_v5(&self.namespace, format!("{prefix}{path}").as_bytes());
        format!("{prefix}_{}", &token.simple().to_string()[..24])
    }

    /// The dice of `path`.
    ///
    /// The sequence is that of this version of `rand`, which Cargo.lock pins.
    pub(crate) fn dice(&self, path: &str) -> StdRng {
        let (seed, _) =
            Uuid::new_v5(&self.namespace, format!("dice/{path}").as_bytes()).as_u64_pair();
        StdRng::seed_from_u64(seed)
    }

    /// So many days before now.
    pub(crate) fn days_ago(&self, days: i64) -> DateTime<Utc> {
        self.now - Duration::days(days)
    }

    /// The moment in a school's beginnings that is so many days before the demo's now.
    pub(crate) fn early(&self, days: i64) -> DateTime<Utc> {
        self.days_ago(days + self.longer)
    }

    /// The now of a school in whose beginnings `moment` is what [`early`](Self::early) of `days` gives.
    pub(crate) fn now_of(&self, moment: DateTime<Utc>, days: i64) -> DateTime<Utc> {
        moment + Duration::days(days + self.longer)
    }
}

#[cfg(test)]
mod tests {
    use rand::RngExt as _;

    use super::*;

    fn setting(seed: u64) -> Setting {
        Setting::new(Profile::Demo, seed, DateTime::UNIX_EPOCH)
    }

    #[test]
    fn the_same_path_has_the_same_id_and_dice() {
        assert_eq!(setting(1).id("a"), setting(1).id("a"));
        assert_eq!(setting(1).token("pi", "a"), setting(1).token("pi", "a"));
        let roll = |seed: u64| setting(seed).dice("a").random::<u64>();
        assert_eq!(roll(1), roll(1));
        assert_ne!(roll(1), roll(2));
    }

    #[test]
    fn paths_and_seeds_are_told_apart() {
        assert_ne!(setting(1).id("a"), setting(1).id("b"));
        assert_ne!(setting(1).id("a"), setting(2).id("a"));
    }
}
