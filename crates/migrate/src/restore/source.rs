//! What is restored: a backup of ours, or a dump that `pg_dump` has made for somebody else.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use postgres::ConnectionUrl;

use crate::Error;
use crate::backup::tool::Tool;
use crate::backup::{Manifest, Origin, TableRows, listing, shelf};
use crate::report::location;

/// What stands for the latest backup of the database.
const LATEST: &str = "latest";

/// A dump, and what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// What `pg_restore` reads.
    pub dump: PathBuf,
    /// The backup's folder, or the dump itself.
    pub place: PathBuf,
    /// Nothing for a dump that is not of ours: then there is no checksum either.
    pub manifest: Option<Manifest>,
    /// The rows of each table: the manifest's, or what [`Source::check`] counts in the dump.
    pub(crate) tables: Vec<TableRows>,
    pub(crate) is_tar: bool,
}

impl Source {
    /// Finds `what` for the database at `url`: `latest`, or a path, which may also be the name of a backup on the shelf.
    pub async fn find(shelf: &Path, what: &str, url: &ConnectionUrl) -> Result<Self, Error> {
        let database = url.database();
        if what == LATEST {
            let backups = shelf::backups(shelf, &Origin::at(url).await?, database)?;
            let Some((manifest, place)) = backups.into_iter().next_back() else {
                return Err(Error::plain(format!(
                    "there is no backup of \"{database}\" at \"{}\" in {}",
                    location(url),
                    shelf.display()
                ))
                .with_help(
                    "to make one: cargo xtask db backup\nOne of another server or database is restored by its folder: \
                     cargo xtask db restore FOLDER",
                ));
            };
            return Ok(Self::ours(place, manifest));
        }
        let named = Path::new(what);
        let on_shelf = shelf.join(what);
        let place = if named.exists() || !on_shelf.exists() { named } else { &on_shelf };
        if !place.exists() {
            let names = shelf::backups(shelf, &Origin::at(url).await?, database)?.into_iter();
            let names: Vec<String> =
                names.map(|(_, folder)| format!("  {}", folder.display())).collect();
            let error = Error::plain(format!("there is no {what}"));
            return Err(if names.is_empty() {
                error.with_help("to make a backup: cargo xtask db backup")
            } else {
                error.with_help(format!("the backups of \"{database}\" are\n{}", names.join("\n")))
            });
        }
        Self::at(place)
    }

    /// What is at this path and nowhere else.
    pub(crate) fn at(place: &Path) -> Result<Self, Error> {
        let kind = fs::metadata(place).map_err(|error| Error::io("read", place, error))?;
        if let Some(manifest) = Manifest::read(place)? {
            return Ok(Self::ours(place.to_owned(), manifest));
        }
        let is_partial = place.to_string_lossy().trim_end_matches('/').ends_with(".partial");
        let is_directory_format = kind.is_dir() && place.join("toc.dat").is_file();
        if is_partial || kind.is_dir() && !is_directory_format {
            let what = if is_partial { "was never finished" } else { "is no backup" };
            return Err(Error::plain(format!("{} {what}", place.display()))
                .with_help("the latest that is whole: cargo xtask db restore latest"));
        }
        // In a folder of ours without the manifest nobody can say whether all of it is there.
        let kind = if is_directory_format { Kind::Archive } else { kind_of(place)? };
        if kind == Kind::Unknown {
            return Err(Error::plain(format!(
                "{} is not in a format that pg_restore reads; it may be a script",
                place.display()
            ))
            .with_help(
                "a script is run by psql: psql --single-transaction -v ON_ERROR_STOP=1 -f FILE",
            ));
        }
        Ok(Self {
            dump: place.to_owned(),
            place: place.to_owned(),
            manifest: None,
            tables: Vec::new(),
            is_tar: kind == Kind::Tar,
        })
    }

    fn ours(place: PathBuf, manifest: Manifest) -> Self {
        let tables = manifest.tables.clone();
        Self { dump: place.join("dump"), place, manifest: Some(manifest), tables, is_tar: false }
    }

    /// Fails where the dump is not what it was, or cannot be read to its end.
    pub(crate) async fn check(&mut self, restore: &Tool) -> Result<(), Error> {
        if let Some(manifest) = &self.manifest {
            manifest.verify(&self.place)?;
            return listing::list(restore, &self.dump).await.map(drop);
        }
        listing::list(restore, &self.dump).await?;
        let rows = listing::rows(restore, &self.dump).await?;
        let counted = |((schema, name), rows)| TableRows { schema, name, rows };
        self.tables = rows.into_iter().map(counted).collect();
        Ok(())
    }

    pub(super) fn rows(&self) -> BTreeMap<(&str, &str), u64> {
        self.tables.iter().map(|table| ((&*table.schema, &*table.name), table.rows)).collect()
    }
}

/// What `pg_dump` has written, by how it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Archive,
    Tar,
    Unknown,
}

fn kind_of(file: &Path) -> Result<Kind, Error> {
    let mut head = [0; 8];
    let read = fs::File::open(file).and_then(|mut file| file.read(&mut head));
    let read = read.map_err(|error| Error::io("read", file, error))?;
    Ok(match &head[..read] {
        [b'P', b'G', b'D', b'M', b'P', ..] => Kind::Archive,
        // The name of the first file in it.
        b"toc.dat\0" => Kind::Tar,
        _ => Kind::Unknown,
    })
}
