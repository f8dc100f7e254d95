//! A schema that leaves nothing to where a connection points.

use crate::{Column, ColumnDefault, ColumnType, ObjectName, PgSchema};

impl PgSchema {
    /// The same schema, every name with its namespace and none of them the default one: scripts then name everything in
    /// full, for whoever runs them on a connection of another kind.
    #[must_use]
    pub fn qualified(mut self) -> Self {
        let default = std::mem::take(&mut self.default_namespace);
        let in_full = |name: &mut ObjectName| {
            name.namespace.get_or_insert_with(|| default.clone());
        };
        for enumeration in &mut self.enums {
            in_full(&mut enumeration.name);
        }
        for sequence in &mut self.sequences {
            in_full(&mut sequence.name);
            if let Some(owner) = &mut sequence.owner {
                in_full(&mut owner.table);
            }
        }
        for table in &mut self.tables {
            in_full(&mut table.name);
            for key in &mut table.foreign_keys {
                in_full(&mut key.referenced_table);
            }
        }
        for view in &mut self.views {
            in_full(&mut view.name);
        }
        let of_tables = self.tables.iter_mut().flat_map(|table| &mut table.columns);
        let of_views = self.views.iter_mut().flat_map(|view| &mut view.columns);
        for Column { ty, default, .. } in of_tables.chain(of_views) {
            if let ColumnType::Enum(name) = ty {
                in_full(name);
            }
            if let Some(ColumnDefault::Autoincrement(Some(name))) = default {
                in_full(name);
            }
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        Column, ColumnDefault, ColumnType, Enum, ForeignKey, ObjectName, Pair, PgSchema, Table,
        diff, render,
    };

    #[test]
    fn scripts_name_everything_in_full() {
        let mut table = Table::new(ObjectName::bare("T"));
        table.columns = vec![
            Column::required("size", ColumnType::Enum(ObjectName::bare("Size"))),
            Column::required("n", ColumnType::Integer)
                .with_default(ColumnDefault::Autoincrement(Some(ObjectName::bare("numbers")))),
        ];
        table.foreign_keys = vec![ForeignKey::new("k", &["n"], ObjectName::bare("T"), &["n"])];
        let schema = PgSchema {
            enums: vec![Enum::new(ObjectName::bare("Size"), &["small"])],
            tables: vec![table, Table::new(ObjectName::qualified("other", "U"))],
            ..PgSchema::default()
        };
        let (nothing, schema) = (PgSchema::default().qualified(), schema.qualified());
        let pair = Pair::new(&nothing, &schema);
        let script = render(&diff(pair), pair);
        for named in [
            "CREATE TYPE \"public\".\"Size\"",
            "CREATE TABLE \"public\".\"T\"",
            "\"size\" \"public\".\"Size\" NOT NULL",
            "CREATE TABLE \"other\".\"U\"",
            "ALTER TABLE \"public\".\"T\" ADD CONSTRAINT \"k\"",
            "REFERENCES \"public\".\"T\"(\"n\")",
        ] {
            assert!(script.contains(named), "{named}\n{script}");
        }
    }
}
