//! What a typed rename means: the old name in the database, the new one in the schema.
//!
//! New names are those of models and fields, or those that they have in the database. Of old names only the latter are
//! known, for the schema that had the others is gone; where nothing is mapped they are the same.

mod names;

use pg_schema::{EnumId, Pair, PgSchema, Rename, Renamed, TableId, TypeChange, column_changes};

use self::names::{Names, Object, Side};
use super::Wanted;
use crate::Error;

/// The renames that are meant; `schemas` are what is there and what `schema` asks for.
///
/// Fails where a name is not known, where what is to be renamed stays, where a name is taken, and where nothing that is
/// there could be kept.
pub fn resolve(
    wanted: &[Wanted],
    schemas: Pair<&PgSchema>,
    schema: &psl::Schema,
) -> Result<Vec<Rename>, Error> {
    let resolver = Resolver::resolved(wanted, schemas, schema)?;
    resolver.check_values()?;
    Ok(resolver.renames())
}

/// The same where more than a cast may lead from old values to new ones, as in phases: a type may become any other.
///
/// Fails as [`resolve`] does, but for values that could not be kept.
pub fn resolve_names(
    wanted: &[Wanted],
    schemas: Pair<&PgSchema>,
    schema: &psl::Schema,
) -> Result<Vec<Rename>, Error> {
    Ok(Resolver::resolved(wanted, schemas, schema)?.renames())
}

struct Resolver<'a> {
    names: Names<'a>,
    found: Vec<(&'a Wanted, Rename)>,
}

impl<'a> Resolver<'a> {
    fn resolved(
        wanted: &'a [Wanted],
        schemas: Pair<&'a PgSchema>,
        schema: &'a psl::Schema,
    ) -> Result<Self, Error> {
        let names = Names { schemas, schema };
        let mut resolver = Resolver { names, found: Vec::new() };
        // Tables and enums first: what is in them is found by their old and their new names.
        let mut members = Vec::new();
        for wanted in wanted {
            if !resolver.object(wanted)? {
                members.push(wanted);
            }
        }
        for wanted in members {
            resolver.member(wanted)?;
        }
        resolver.check()?;
        Ok(resolver)
    }

    fn renames(&self) -> Vec<Rename> {
        self.found.iter().map(|(_, rename)| *rename).collect()
    }

    /// Takes a rename of a table or enum; false where it is one of something in them.
    fn object(&mut self, wanted: &'a Wanted) -> Result<bool, Error> {
        let old = match &wanted.old[..] {
            [name] => self.names.old(None, name),
            [first, name] if !self.is_object(first) => self.names.old(Some(first), name),
            _ => return Ok(false),
        };
        let [.., name] = &wanted.old[..] else { return Ok(false) };
        let Some(old) = old else {
            return Err(unknown_old(
                wanted,
                "the database has no table or enum",
                name,
                &self.names.all_old(),
            ));
        };
        let (namespace, new_name) = match &wanted.new[..] {
            [namespace, name] => (Some(namespace.as_str()), name),
            [name] => (None, name),
            _ => {
                return Err(refused(
                    wanted,
                    "a table or enum has a name, and perhaps a schema before it",
                ));
            }
        };
        let Some(new) = self.names.wanted(namespace, new_name) else {
            return Err(unknown(
                wanted,
                "the schema has no model or enum",
                new_name,
                &self.names.all_new(),
            ));
        };
        let rename = match (old, new) {
            (Object::Table(previous), Object::Table(next)) => {
                Rename::Table(Pair::new(previous, next))
            }
            (Object::Enum(previous), Object::Enum(next)) => Rename::Enum(Pair::new(previous, next)),
            _ => return Err(refused(wanted, "a table cannot become an enum, nor an enum a table")),
        };
        if self.names.namespaces(rename).differs() {
            return Err(refused(
                wanted,
                "that is another schema of the database, not another name",
            ));
        }
        self.found.push((wanted, rename));
        Ok(true)
    }

    /// Whether a name is that of a table or enum, before or after.
    fn is_object(&self, name: &str) -> bool {
        self.names.old(None, name).is_some() || self.names.wanted(None, name).is_some()
    }

    /// Takes a rename of a column or of an enum's value.
    fn member(&mut self, wanted: &'a Wanted) -> Result<(), Error> {
        let [of @ .., old_name] = &wanted.old[..] else { return Ok(()) };
        let (namespace, of) = match of {
            [namespace, of] => (Some(namespace.as_str()), of),
            [of] => (None, of),
            _ => return Ok(()),
        };
        let Some(owner) = self.owner(namespace, of) else {
            return Err(match self.names.old(namespace, of) {
                Some(_) => refused(wanted, &format!("`{of}` itself is not in the schema any more"))
                    .with_help(format!(
                        "if it has got another name, say so too: --rename {of}:NEW"
                    )),
                None => {
                    unknown(wanted, "the database has no table or enum", of, &self.names.all_old())
                }
            });
        };
        let [new_of @ .., new_name] = &wanted.new[..] else { return Ok(()) };
        if let [namespace @ .., name] = new_of {
            let namespace = namespace.first().map(String::as_str);
            let named =
                Pair::new(self.names.old(namespace, name), self.names.wanted(namespace, name));
            if !owner.is_one_of(named) {
                return Err(refused(wanted, "it would have to move, and only names can change"));
            }
        }
        let rename = match owner {
            Owner::Tables(tables) => {
                let Pair { previous, next } = self.names.schemas;
                let Some(old) = previous.column_id(tables.previous, old_name) else {
                    let table = previous.table_at(tables.previous);
                    let columns = table.columns.iter().map(|column| column.name.as_str());
                    let what =
                        format!("the table `{}` of the database has no column", table.name.name);
                    return Err(unknown_old(wanted, &what, old_name, &columns.collect::<Vec<_>>()));
                };
                let Some(new) = self.names.new_column(tables.next, new_name) else {
                    let table = next.table_at(tables.next);
                    let columns = table.columns.iter().map(|column| column.name.as_str());
                    let what = format!("in the schema `{of}` has no field");
                    return Err(unknown(wanted, &what, new_name, &columns.collect::<Vec<_>>()));
                };
                Rename::Column(Pair::new(old, new))
            }
            Owner::Enums(enums) => {
                let Pair { previous, next } = self.names.schemas;
                let values = |schema: &'a PgSchema, id: EnumId| -> Vec<&'a str> {
                    schema.enum_at(id).values.iter().map(String::as_str).collect()
                };
                let Some(old) = previous.value_id(enums.previous, old_name) else {
                    let name = &previous.enum_at(enums.previous).name.name;
                    let what = format!("the enum `{name}` of the database has no value");
                    return Err(unknown_old(
                        wanted,
                        &what,
                        old_name,
                        &values(previous, enums.previous),
                    ));
                };
                let Some(new) = self.names.new_value(enums.next, new_name) else {
                    let what = format!("in the schema `{of}` has no value");
                    return Err(unknown(wanted, &what, new_name, &values(next, enums.next)));
                };
                Rename::EnumValue(Pair::new(old, new))
            }
        };
        self.found.push((wanted, rename));
        Ok(())
    }

    /// The table or enum that something is in, by its old name or its new one.
    fn owner(&self, namespace: Option<&str>, name: &str) -> Option<Owner> {
        let renames = || self.found.iter().map(|(_, rename)| *rename);
        if let Some(old) = self.names.old(namespace, name) {
            let renamed = renames().find_map(|rename| match (rename, old) {
                (Rename::Table(ids), Object::Table(id)) if ids.previous == id => {
                    Some(Owner::Tables(ids))
                }
                (Rename::Enum(ids), Object::Enum(id)) if ids.previous == id => {
                    Some(Owner::Enums(ids))
                }
                _ => None,
            });
            if let Some(owner) = renamed.or_else(|| Owner::unrenamed(self.names, old)) {
                return Some(owner);
            }
        }
        let new = self.names.wanted(namespace, name)?;
        renames().find_map(|rename| match (rename, new) {
            (Rename::Table(ids), Object::Table(id)) if ids.next == id => Some(Owner::Tables(ids)),
            (Rename::Enum(ids), Object::Enum(id)) if ids.next == id => Some(Owner::Enums(ids)),
            _ => None,
        })
    }

    /// What holds of each only together with the others.
    fn check(&self) -> Result<(), Error> {
        let renames = self.renames();
        for (place, (wanted, rename)) in self.found.iter().enumerate() {
            let others = || renames.iter().enumerate().filter(|(other, _)| *other != place);
            if others().any(|(_, other)| Side::previous(*other) == Side::previous(*rename)) {
                return Err(refused(wanted, "this is renamed twice"));
            }
            if others().any(|(_, other)| Side::next(*other) == Side::next(*rename)) {
                return Err(refused(wanted, "two become one"));
            }
            let names = self.names.of(*rename);
            if names.previous == names.next {
                let why = format!(
                    "in the database it is `{}` before and after, nothing is to be done",
                    names.next
                );
                return Err(refused(wanted, &why).with_help("leave this flag out"));
            }
            // It is free for another, or held by another, where that one is renamed as well.
            let stays = self.names.old_in_next(*rename);
            if stays.is_some() && !others().any(|(_, other)| Some(Side::next(*other)) == stays) {
                return Err(refused(
                    wanted,
                    &format!("`{}` is still in the schema", names.previous),
                )
                .with_help("take the old one out of the schema file, or leave this flag out"));
            }
            let holder = self.names.new_in_previous(*rename);
            let is_freed = others().any(|(_, other)| Some(Side::previous(*other)) == holder);
            if self.names.is_taken(*rename) && !is_freed {
                return Err(refused(wanted, &format!("the database has `{}` already", names.next))
                    .with_help("let a migration of its own drop or rename that one first"));
            }
        }
        Ok(())
    }

    /// That what is in the columns can be what they are to hold.
    fn check_values(&self) -> Result<(), Error> {
        let Pair { previous, next } = self.names.schemas;
        // Types of columns may have got new names too.
        let renamed = Renamed::new(self.names.schemas, &self.renames());
        for (wanted, rename) in &self.found {
            let Rename::Column(ids) = rename else { continue };
            let columns =
                Pair::new(renamed.previous.column_at(ids.previous), next.column_at(ids.next));
            let change = column_changes(Pair::new(&renamed.previous, next), columns).ty;
            if change == Some(TypeChange::NotCastable) {
                let table = &previous.table_at(ids.previous.table).name.name;
                return Err(refused(
                    wanted,
                    &format!(
                        "no cast leads from the old type to the new one, so that all values of `{}` in `{table}` would \
                         be lost all the same",
                        previous.column_at(ids.previous).name
                    ),
                )
                .with_help(
                    "say what leads from the one to the other, in phases: --zero-downtime --using; or leave this flag out: the \
                     old column is then dropped and the new one added",
                ));
            }
        }
        Ok(())
    }
}

/// What a column or value is in.
#[derive(Debug, Clone, Copy)]
enum Owner {
    Tables(Pair<TableId>),
    Enums(Pair<EnumId>),
}

impl Owner {
    /// Whether a name means it, as one of the database or as one of the schema.
    fn is_one_of(self, named: Pair<Option<Object>>) -> bool {
        let ids = match self {
            Self::Tables(ids) => ids.map(Object::Table),
            Self::Enums(ids) => ids.map(Object::Enum),
        };
        named.previous == Some(ids.previous) || named.next == Some(ids.next)
    }

    /// One that keeps its name.
    fn unrenamed(names: Names<'_>, old: Object) -> Option<Self> {
        let Pair { previous, next } = names.schemas;
        Some(match old {
            Object::Table(id) => {
                Self::Tables(Pair::new(id, next.table_id(&previous.table_at(id).name)?))
            }
            Object::Enum(id) => {
                Self::Enums(Pair::new(id, next.enum_id(&previous.enum_at(id).name)?))
            }
        })
    }
}

/// An old name that leads to nothing, with what was probably meant; or that has been given up for the new one already, as
/// after the first of two runs.
fn unknown_old(wanted: &Wanted, what: &str, name: &str, known: &[&str]) -> Error {
    let new = wanted.new.last().map_or("", String::as_str);
    let others = known.iter().copied().filter(|other| *other != new);
    if known.contains(&new) && psl::nearest(name, others).is_none() {
        return refused(wanted, &format!("in the database it is `{new}` already"))
            .with_help("leave this flag out");
    }
    unknown(wanted, what, name, known)
}

/// A name that leads to nothing, with what was probably meant.
fn unknown(wanted: &Wanted, what: &str, name: &str, known: &[&str]) -> Error {
    let error = refused(wanted, &format!("{what} `{name}`"));
    if let Some(near) = psl::nearest(name, known.iter().copied()) {
        return error.with_help(format!("did you mean `{near}`?"));
    }
    let some: Vec<String> = known.iter().take(12).map(|name| format!("`{name}`")).collect();
    let more = if known.len() > some.len() { ", …" } else { "" };
    if some.is_empty() {
        error
    } else {
        error.with_help(format!("there is {}{more}", some.join(", ")))
    }
}

fn refused(wanted: &Wanted, why: &str) -> Error {
    Error::plain(format!("{wanted}: {why}"))
}
