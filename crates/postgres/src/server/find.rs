//! PostgreSQL's programs, found on the machine or fetched.

use super::fetch::{fetch, fetched};
use super::lookup::ToolLookup;
use super::place::Place;
use super::tools::{Tools, check, is_program};
use crate::Error;

/// The programs that are here already: of version `major` where the data needs it.
pub(super) fn find(lookup: &ToolLookup, place: &Place, major: Option<u32>) -> Option<Tools> {
    lookup
        .folders()
        .chain(fetched(lookup, place))
        .filter(|bin| is_program(&bin.join("postgres")) && is_program(&bin.join("initdb")))
        .filter_map(|bin| check(bin, place).ok())
        .find(|tools| major.is_none_or(|major| tools.major == major))
}

/// The programs, found or fetched.
pub(super) fn find_or_fetch(
    lookup: &ToolLookup,
    place: &Place,
    major: Option<u32>,
    progress: &mut dyn FnMut(&str),
) -> Result<Tools, Error> {
    if let Some(tools) = find(lookup, place, major) {
        return Ok(tools);
    }
    let fetched = fetch(lookup, place, major, progress);
    fetched.map_err(|reasons| missing(place, major, &reasons))
}

fn missing(place: &Place, major: Option<u32>, reasons: &[String]) -> Error {
    let mut text = match major {
        Some(major) => format!(
            "the data in `{}` was made by PostgreSQL {major}, and this machine has no PostgreSQL {major}",
            place.data().display()
        ),
        None => "no PostgreSQL on this machine, and none could be fetched".to_owned(),
    };
    for reason in reasons {
        text.push_str("\n  - ");
        text.push_str(reason);
    }
    let version = major.map_or_else(String::new, |major| format!("-{major}"));
    let advice = if cfg!(target_os = "macos") {
        format!("\n\nInstall it: brew install postgresql@{}", major.unwrap_or(18))
    } else {
        format!(
            "\n\nInstall it: apt-get install postgresql{version} (Debian, Ubuntu), dnf install postgresql-server (Fedora)"
        )
    };
    text.push_str(&advice);
    text.push_str(", or set DATABASE_URL to a server of your own.");
    if major.is_some() {
        text.push_str(" Or remove that folder to begin anew, which loses its data.");
    }
    Error::server(text)
}
