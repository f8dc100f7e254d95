//! Which migrations are meant, and what the one that stands for them is called.

use super::Request;
use crate::Error;
use crate::folder::{self, Folder, Migration, find, name};
use crate::resolve::not_found;

/// What is to be squashed, and into what.
#[derive(Debug)]
pub(super) struct Choice<'a> {
    /// The migrations before.
    pub(super) before: &'a [Migration],
    /// Those that become one, two at least.
    pub(super) chosen: &'a [Migration],
    /// What that one is called.
    pub(super) name: String,
}

/// Fails with P3017 where no migration has a name that was given, and without a code where there is nothing to squash
/// or no place for the result.
pub(super) fn choose<'a>(folder: &'a Folder, request: &Request) -> Result<Choice<'a>, Error> {
    let all = folder.migrations();
    let names: Vec<&str> = all.iter().map(|migration| migration.name.as_str()).collect();
    let place = |text: &str| {
        let name = find::meant(&names, text)?.ok_or_else(|| not_found(folder, text))?;
        Ok::<usize, Error>(names.iter().position(|other| *other == name).unwrap_or_default())
    };
    let first = request.from.as_deref().map_or(Ok(0), place)?;
    let last = request.to.as_deref().map_or(Ok(all.len().saturating_sub(1)), place)?;
    if last < first {
        return Err(Error::plain(format!("`{}` comes after `{}`", names[first], names[last]))
            .with_help("give the earlier one as --from and the later one as --to"));
    }
    if last == first || all.is_empty() {
        return Err(Error::plain("there are no two migrations to squash")
            .with_help("see what there is: cargo xtask migrate status"));
    }
    let (before, chosen, after) = (&all[..first], &all[first..=last], &all[last + 1..]);
    let name = name_for(chosen, request.title.as_deref(), before.last(), after.first())?;
    Ok(Choice { before, chosen, name })
}

/// A name that comes where the last of them came.
fn name_for(
    chosen: &[Migration],
    title: Option<&str>,
    before: Option<&Migration>,
    after: Option<&Migration>,
) -> Result<String, Error> {
    let last = chosen.last().map_or("", |migration| migration.name.as_str());
    let is_taken = |name: &str| chosen.iter().any(|migration| migration.name == name);
    let mut name = name::in_place_of(last, title.unwrap_or("squashed"));
    // Of a squashed one that is squashed again.
    let mut number = 2;
    while title.is_none() && is_taken(&name) {
        name = name::in_place_of(last, &format!("squashed_{number}"));
        number += 1;
    }
    if is_taken(&name) {
        return Err(Error::plain(format!(
            "one of the migrations to be squashed has the name `{name}`"
        ))
        .with_help("choose another --name: databases tell migrations apart by it"));
    }
    let comes_before = |a: &str, b: &str| folder::compare_names(a, b).is_lt();
    let neighbour = before
        .filter(|before| !comes_before(&before.name, &name))
        .or_else(|| after.filter(|after| !comes_before(&name, &after.name)));
    match neighbour {
        None => Ok(name),
        Some(neighbour) => Err(Error::plain(format!(
            "`{name}` would not stand where the squashed migrations stood, for there is `{}`",
            neighbour.name
        ))
        .with_help("choose another --name")),
    }
}
