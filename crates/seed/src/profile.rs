//! The kinds of data there are to seed.

use std::str::FromStr;

use crate::Error;

/// A kind of data. A new one is a variant here, its name, and a module like `minimal`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// A small driving school with a few weeks of bookings in every status.
    Demo,
    /// One school and its owner.
    Minimal,
    /// What a live system needs: nobody is invented.
    Production,
    /// Schools, bookings and trip points without number.
    Load,
}

impl Profile {
    /// Every profile.
    pub const ALL: &[Self] = &[Self::Demo, Self::Minimal, Self::Production, Self::Load];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Demo => "demo",
            Self::Minimal => "minimal",
            Self::Production => "production",
            Self::Load => "load",
        }
    }

    /// Whether it makes up people and schools, which a live system is not to have.
    pub fn invents(self) -> bool {
        self != Self::Production
    }

    /// The names of all of them.
    pub(crate) fn names() -> String {
        Self::ALL.iter().map(|profile| profile.name()).collect::<Vec<&str>>().join(", ")
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
        assert_eq!(
            error.to_string(),
            "there is no profile `prod`; there are: demo, minimal, production, load"
        );
    }

    #[test]
    fn every_profile_is_found_by_its_name() {
        for profile in Profile::ALL {
            assert_eq!(profile.name().parse::<Profile>().expect("known"), *profile);
        }
    }
}
