//! The kinds of data there are to seed.

use std::str::FromStr;

use crate::Error;

/// A kind of data. A new one is a variant here, its name in [`Profile::ALL`], and a module like `demo`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// A small driving school with a few weeks of bookings in every status.
    Demo,
}

impl Profile {
    /// Every profile.
    pub const ALL: &[Self] = &[Self::Demo];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Demo => "demo",
        }
    }
}

impl FromStr for Profile {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        let known = Self::ALL.iter().copied().find(|profile| profile.name() == name);
        known.ok_or_else(|| Error::UnknownProfile(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_profile_is_told_what_exists() {
        let error = "prod".parse::<Profile>().expect_err("no such profile");
        assert_eq!(error.to_string(), "there is no profile `prod`; there is: demo");
    }

    #[test]
    fn every_profile_is_found_by_its_name() {
        for profile in Profile::ALL {
            assert_eq!(profile.name().parse::<Profile>().expect("known"), *profile);
        }
    }
}
