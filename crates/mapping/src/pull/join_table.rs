//! Which tables stand for a many-to-many relation without a model of its own.

use pg_schema::{ForeignKey, IndexKey, ObjectName, Table};
use psl::RelationMode;

use super::ctx::Ctx;
use super::pairs::TablePair;

/// A table `_Name` with the columns A and B, both foreign keys and together unique, with an index on B.
///
/// A refers to the table that comes first by name. Other columns are not looked for, by Prisma neither. But both keys have
/// to lead to primary keys, without which Prisma writes a relation that it then refuses.
pub(super) fn is_join_table<'t>(
    table: &Table,
    find: impl Fn(&ObjectName) -> Option<&'t Table>,
) -> bool {
    let [first, second] = table.foreign_keys.as_slice() else { return false };
    let leads_to_id = |key: &ForeignKey| {
        let id = find(&key.referenced_table).and_then(|table| table.primary_key.as_ref());
        id.is_some_and(|id| id.columns.len() == 1 && id.columns == key.referenced_columns)
    };
    table.name.name.starts_with('_')
        && is_unique_together(table)
        && has_index_on_b(table)
        && (is_pair(first, second) || is_pair(second, first))
        && leads_to_id(first)
        && leads_to_id(second)
}

impl Ctx<'_> {
    /// Makes a model of its own of each table that no relation between its models gives, as these are called now. Prisma
    /// writes the relation nevertheless, and then has the columns of its table exchanged.
    ///
    /// Returns whether there was one, which wants a name, too.
    pub(super) fn part_join_tables(&mut self) -> bool {
        if self.previous.relation_mode() != RelationMode::ForeignKeys {
            return false;
        }
        let parted: Vec<usize> = (0..self.tables.len())
            .filter(|&place| self.tables[place].is_join_table && !self.is_given_by_relation(place))
            .collect();
        for &place in &parted {
            self.tables[place].is_join_table = false;
        }
        !parted.is_empty()
    }

    /// The tables that have all of a join table, and yet are models. With each, what its columns A and B refer to.
    pub(super) fn parted(&self) -> impl Iterator<Item = (&TablePair<'_>, [&TablePair<'_>; 2])> {
        let parted = self.tables.iter().filter(|pair| {
            !pair.is_join_table && is_join_table(pair.table, |name| self.database.table(name))
        });
        parted.filter_map(|pair| Some((pair, pair.joined()?.map(|place| &self.tables[place]))))
    }

    /// A relation's table is in the namespace of the model whose name comes first, and refers to it by A.
    fn is_given_by_relation(&self, place: usize) -> bool {
        let pair = &self.tables[place];
        pair.joined().is_some_and(|joined| {
            let [a, b] = joined.map(|place| &self.tables[place]);
            a.named.name <= b.named.name && a.table.name.namespace == pair.table.name.namespace
        })
    }
}

fn is_pair(a: &ForeignKey, b: &ForeignKey) -> bool {
    a.referenced_table.name <= b.referenced_table.name
        && a.columns.first().is_some_and(|column| is(column, "a"))
        && b.columns.first().is_some_and(|column| is(column, "b"))
}

/// As a primary key, or by a unique index as older versions of Prisma made it.
fn is_unique_together(table: &Table) -> bool {
    let are = |columns: &[&str]| matches!(columns, [a, b] if is(a, "a") && is(b, "b"));
    let key: Option<Vec<&str>> =
        table.primary_key.as_ref().map(|key| key.columns.iter().map(String::as_str).collect());
    key.is_some_and(|columns| are(&columns))
        || table
            .indexes
            .iter()
            .any(|index| index.unique && index.columns().is_some_and(|columns| are(&columns)))
}

fn has_index_on_b(table: &Table) -> bool {
    table.indexes.iter().any(|index| {
        let key = index.keys.first().and_then(IndexKey::as_column);
        !index.unique && index.keys.len() == 1 && key.is_some_and(|column| is(column, "b"))
    })
}

fn is(column: &str, letter: &str) -> bool {
    column.eq_ignore_ascii_case(letter)
}

#[cfg(test)]
mod tests {
    use pg_schema::{Index, ObjectName, PrimaryKey};

    use super::*;

    fn join_table() -> Table {
        let mut table = Table::new(ObjectName::bare("_PostToTag"));
        for (column, referenced) in [("A", "Post"), ("B", "Tag")] {
            let key = ForeignKey::new(column, &[column], ObjectName::bare(referenced), &["id"]);
            table.foreign_keys.push(key);
        }
        table.primary_key = Some(PrimaryKey::new("_PostToTag_AB_pkey", &["A", "B"]));
        table.indexes.push(Index::new("_PostToTag_B_index", &["B"]));
        table
    }

    fn is_it(table: &Table) -> bool {
        let tables = ["Post", "Tag"].map(|name| {
            let mut table = Table::new(ObjectName::bare(name));
            table.primary_key = Some(PrimaryKey::new("pkey", &["id"]));
            table
        });
        is_join_table(table, |name| tables.iter().find(|table| table.name == *name))
    }

    #[test]
    fn all_parts_are_needed() {
        assert!(is_it(&join_table()));
        let without: [fn(&mut Table); 6] = [
            |table| table.name.name = "PostToTag".to_owned(),
            |table| table.primary_key = None,
            |table| table.indexes.clear(),
            |table| table.foreign_keys.truncate(1),
            |table| table.foreign_keys[0].referenced_table = ObjectName::bare("Z"),
            |table| table.foreign_keys[0].referenced_columns = vec!["other".to_owned()],
        ];
        for take_away in without {
            let mut table = join_table();
            take_away(&mut table);
            assert!(!is_it(&table), "{table:?}");
        }
    }

    #[test]
    fn a_unique_index_counts_as_a_key() {
        let mut table = join_table();
        table.primary_key = None;
        table.indexes.push(Index::unique("_PostToTag_AB_unique", &["a", "b"]));
        assert!(is_it(&table));
    }
}
