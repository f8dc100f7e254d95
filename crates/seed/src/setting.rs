//! What every invention starts from: the profile, the seed and the moment that counts as now.
//!
//! Ids and dice are named by a path such as `booking/12`, never drawn in sequence, so that one more student does not
//! change every booking. Nothing here reads a clock, an environment or a database.

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
}

impl Setting {
    pub(crate) fn new(profile: Profile, seed: u64, now: DateTime<Utc>) -> Self {
        let name = format!("driveflow/seed/{}/{seed}", profile.name());
        Self { now, namespace: Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes()) }
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
