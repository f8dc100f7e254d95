//! Enums that lose values. The type that is there gets the new values as well and keeps the old ones; another one beside
//! it, with the wanted values only, is for the columns' twins, and takes the name in the end.

use std::collections::BTreeMap;

use pg_schema::{ColumnType, Enum, Rename};

use super::names;
use super::planner::{Planner, Shrunk};

impl Planner<'_> {
    pub(super) fn find_enums(&mut self) {
        for rename in self.request.renames {
            if let Rename::Enum(ids) = rename {
                let old = &self.base.enum_at(ids.previous).name;
                let new = &self.next.enum_at(ids.next).name;
                let what = format!(
                    "The enum {} is renamed to {}: a type has one name, and both releases say theirs in each query.",
                    self.shown(old),
                    self.shown(new)
                );
                let help = format!(
                    "keep its name in the database: add @@map(\"{}\") to the enum",
                    old.name
                );
                self.refuse(what, help);
            }
        }
        for at in 0..self.next.enums.len() {
            let wanted = self.next.enums[at].clone();
            let Some(id) = self.base.enum_id(&wanted.name) else {
                self.expanded.enums.push(wanted);
                continue;
            };
            let is = self.base.enum_at(id);
            let added: Vec<String> =
                wanted.values.iter().filter(|value| !is.values.contains(value)).cloned().collect();
            let removed: Vec<String> =
                is.values.iter().filter(|value| !wanted.values.contains(value)).cloned().collect();
            let name = is.name.clone();
            if let Some(known) = self.expanded.enums.iter_mut().find(|it| it.name == name) {
                known.values.extend(added);
            }
            if !removed.is_empty() {
                self.shrink(&wanted, removed);
            }
        }
    }

    fn shrink(&mut self, wanted: &Enum, removed: Vec<String>) {
        let namespace = wanted.name.namespace_or(&self.base.default_namespace).to_owned();
        let is_taken = |name: &str| {
            self.base.has_name(&namespace, name) || self.next.has_name(&namespace, name)
        };
        let mut interim = wanted.name.clone();
        interim.namespace = Some(namespace.clone());
        interim.name = names::next(&wanted.name.name, is_taken);
        let renames = self.request.renames.iter().filter_map(|rename| match rename {
            Rename::EnumValue(ids)
                if self.next.enum_at(ids.next.enumeration).name == wanted.name =>
            {
                Some((
                    self.request.schemas.previous.value_at(ids.previous).to_owned(),
                    self.request.schemas.next.value_at(ids.next).to_owned(),
                ))
            }
            _ => None,
        });
        let renamed: BTreeMap<String, String> = renames.collect();
        for value in &removed {
            let end =
                renamed.get(value).map_or(String::new(), |new| format!(", which is {new} now"));
            self.summary.push(format!(
                "remove the value {value} of the enum {}{end}",
                self.shown(&wanted.name)
            ));
            self.retires.push(format!("value {value} of enum {}", self.shown(&wanted.name)));
        }
        self.expanded.enums.push(Enum { name: interim.clone(), ..wanted.clone() });
        self.enums.insert(self.key(&wanted.name), Shrunk { interim, removed, renamed });
    }

    /// The enum of a column that loses values.
    pub(super) fn shrunk(&self, ty: &ColumnType) -> Option<&Shrunk> {
        match ty {
            ColumnType::Enum(name) => self.enums.get(&self.key(name)),
            _ => None,
        }
    }
}
