//! Paths as they are shown, and the way from one to another.

use std::path::{Component, Path, PathBuf};

/// The path as a person types it from where they stand.
pub(crate) fn shown(path: &Path) -> String {
    let Ok(here) = std::env::current_dir() else { return path.display().to_string() };
    let relative = relative(&here, &plain(&here.join(path)));
    if relative.is_empty() { ".".to_owned() } else { relative }
}

/// The path as GitHub knows it: relative to the repository, wherever in it the command runs.
pub(crate) fn shown_in_repository(path: &Path) -> String {
    let repository = std::env::var_os("GITHUB_WORKSPACE").map(PathBuf::from);
    let relative = repository.and_then(|repository| {
        let path = path.canonicalize().ok()?;
        path.strip_prefix(repository.canonicalize().ok()?).ok().map(Path::to_owned)
    });
    relative.map_or_else(|| shown(path), |path| path.display().to_string())
}

/// The path without `.` and, where that is possible, without `..`; it need not exist.
pub(crate) fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if plain.file_name().is_some() => {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    plain
}

/// The way from a folder to a file, with `/` whatever the system's separator is.
pub(crate) fn relative(folder: &Path, file: &Path) -> String {
    let from: Vec<Component<'_>> = folder.components().collect();
    let to: Vec<Component<'_>> = file.components().collect();
    let common = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
    let up = from[common..].iter().map(|_| "..".to_owned());
    let down =
        to[common..].iter().map(|component| component.as_os_str().to_string_lossy().into_owned());
    up.chain(down).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_from_a_folder_to_a_file() {
        let schema = plain(Path::new("/shop/prisma/../prisma/./schema.prisma"));
        assert_eq!(schema, Path::new("/shop/prisma/schema.prisma"));
        assert_eq!(
            relative(Path::new("/shop/crates/client/src/generated"), &schema),
            "../../../../prisma/schema.prisma"
        );
        assert_eq!(relative(Path::new("/shop/prisma"), &schema), "schema.prisma");
        assert_eq!(relative(Path::new("/shop/prisma"), Path::new("/shop/prisma")), "");
    }
}
