//! The domains as a list: what there is, what each is made from, and which are chosen with `--only`.
//!
//! The list is in `lib.rs`, one line a domain, and the order of its lines is the order of writing. What a domain names
//! in brackets is what its `invent` is given, so a dependency is said once and the compiler holds the list to it.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use crate::Error;

/// A part of the demo data: a file of this crate.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Domain {
    /// The name of its file, and on the command line.
    pub name: &'static str,
    /// What it is made from: written before it, whether chosen or not.
    pub needs: &'static [&'static str],
    /// What it would be against the rules without: written after it.
    pub brings: &'static [&'static str],
}

/// Declares the files, [`DOMAINS`](crate::DOMAINS), and how the chosen ones are written.
///
/// `name(needs, …)`, or `name(needs, …) with others` where its rows break a rule of the validator without those of
/// others. Each file has `invent(&Setting, &Needed, …)`, pure, and what that gives has `write(&self, &mut Writer)`.
macro_rules! domains {
    ($($name:ident($($need:ident),*) $(with $($brings:ident),+)?;)+) => {
        $(mod $name;)+

        /// Every domain, in the order of writing.
        pub static DOMAINS: &[crate::domains::Domain] = &[$(crate::domains::Domain {
            name: stringify!($name),
            needs: &[$(stringify!($need)),*],
            brings: &[$($(stringify!($brings)),+)?],
        }),+];

        /// Invents every domain, one after the other, and writes those that are chosen.
        async fn write_domains(
            setting: &crate::setting::Setting,
            chosen: &std::collections::BTreeSet<&'static str>,
            writer: &mut crate::write::Writer,
        ) -> Result<(), crate::Error> {
            $(
                let $name = $name::invent(setting, $(&$need),*);
                if chosen.contains(stringify!($name)) {
                    $name.write(writer).await?;
                }
            )+
            Ok(())
        }
    };
}
pub(crate) use domains;

/// The names of the domains that are written where these are asked for: none is all of them.
pub(crate) fn chosen(asked: &[Domain], all: &'static [Domain]) -> BTreeSet<&'static str> {
    if asked.is_empty() {
        return all.iter().map(|domain| domain.name).collect();
    }
    let mut chosen = BTreeSet::new();
    let mut waiting: Vec<&'static str> = asked.iter().map(|domain| domain.name).collect();
    while let Some(name) = waiting.pop() {
        if chosen.insert(name)
            && let Some(domain) = all.iter().find(|domain| domain.name == name)
        {
            waiting.extend(domain.needs.iter().chain(domain.brings));
        }
    }
    chosen
}

impl FromStr for Domain {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        let known = crate::DOMAINS.iter().copied().find(|domain| domain.name == name);
        known.ok_or_else(|| Error::UnknownDomain(name.to_owned()))
    }
}

impl fmt::Debug for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DOMAINS;

    fn of(names: &[&str]) -> Vec<&'static str> {
        let asked: Vec<Domain> = names.iter().map(|name| name.parse().expect("known")).collect();
        let chosen = chosen(&asked, DOMAINS);
        DOMAINS.iter().map(|domain| domain.name).filter(|name| chosen.contains(name)).collect()
    }

    #[test]
    fn what_is_chosen_comes_with_what_it_needs() {
        assert_eq!(of(&["identity"]), ["identity"]);
        assert_eq!(of(&["people", "catalog"]), ["identity", "people", "catalog"]);
        assert_eq!(
            of(&["messaging"]),
            ["identity", "people", "catalog", "scheduling", "bookings", "trips", "messaging"]
        );
        assert_eq!(of(&[]).len(), DOMAINS.len());
    }

    #[test]
    fn what_is_needed_or_brought_is_a_domain() {
        for domain in DOMAINS {
            for name in domain.needs.iter().chain(domain.brings) {
                assert!(name.parse::<Domain>().is_ok(), "{domain:?} names {name}");
            }
        }
    }

    #[test]
    fn an_unknown_domain_is_told_what_exists() {
        let error = "cars".parse::<Domain>().expect_err("no such domain").to_string();
        assert!(
            error.starts_with("there is no domain `cars`; there are: identity, people, "),
            "{error}"
        );
    }

    /// The example of the README is a domain of this crate, word for word.
    #[test]
    fn the_readme_shows_a_domain_as_it_is() {
        let readme = include_str!("../README.md");
        let file = include_str!("licences.rs");
        assert!(readme.contains(file), "the README shows another licences.rs than this:\n{file}");
        let line = "    licences(identity);";
        assert!(readme.contains(line) && include_str!("lib.rs").contains(line));
    }
}
