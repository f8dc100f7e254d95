//! The database beside the schema that was there before: what in one is what in the other, and what everything is called.

use std::collections::HashMap;

use pg_schema::{
    Arity, Column, Enum, ForeignKey, ObjectName, Partitioning, PgSchema, Table, View, ViewKind,
};
use psl::{EnumWalker, ModelWalker, RelationKind, RelationWalker, ScalarFieldWalker, Schema};

use super::join_table::is_join_table;
use super::keys::{self, Key};
use super::names::{Named, Origin, Taken, Wanted, distinguish, sanitized};
use super::relation_names::{self, RelationNames};
use super::{PullOptions, column_type};

/// Everything that rendering looks at.
#[derive(Debug)]
pub(super) struct Ctx<'a> {
    pub(super) database: &'a PgSchema,
    pub(super) previous: &'a Schema,
    pub(super) options: &'a PullOptions<'a>,
    /// Whether `@@schema` is written.
    pub(super) names_namespaces: bool,
    pub(super) tables: Vec<TablePair<'a>>,
    pub(super) views: Vec<ViewPair<'a>>,
    pub(super) enums: Vec<EnumPair<'a>>,
    /// What relation fields each table has, in their order.
    pub(super) relation_ends: Vec<Vec<RelationEnd>>,
}

#[derive(Debug)]
pub(super) struct TablePair<'a> {
    pub(super) table: &'a Table,
    pub(super) previous: Option<ModelWalker<'a>>,
    pub(super) named: Named<'a>,
    pub(super) columns: Vec<ColumnPair<'a>>,
    pub(super) keys: Vec<Key<'a>>,
    pub(super) foreign_keys: Vec<ForeignKeyPair<'a>>,
    pub(super) is_join_table: bool,
    /// Whether a row can be told from all others, by columns that Prisma can read.
    pub(super) has_identifier: bool,
}

#[derive(Debug)]
pub(super) struct ColumnPair<'a> {
    pub(super) column: &'a Column,
    pub(super) previous: Option<ScalarFieldWalker<'a>>,
    pub(super) named: Named<'a>,
    pub(super) is_in_view: bool,
}

/// A foreign key between tables that are both in the schema. Columns are places in their tables.
#[derive(Debug)]
pub(super) struct ForeignKeyPair<'a> {
    pub(super) key: &'a ForeignKey,
    pub(super) columns: Vec<usize>,
    pub(super) referenced: usize,
    pub(super) referenced_columns: Vec<usize>,
    pub(super) previous: Option<RelationWalker<'a>>,
    /// `None` where another key says the same.
    pub(super) names: Option<RelationNames>,
}

#[derive(Debug)]
pub(super) struct ViewPair<'a> {
    pub(super) view: &'a View,
    pub(super) previous: Option<ModelWalker<'a>>,
    pub(super) named: Named<'a>,
    pub(super) columns: Vec<ColumnPair<'a>>,
}

#[derive(Debug)]
pub(super) struct EnumPair<'a> {
    pub(super) enumeration: &'a Enum,
    pub(super) previous: Option<EnumWalker<'a>>,
    pub(super) named: Named<'a>,
    pub(super) values: Vec<Named<'a>>,
}

/// One end of a relation, by the places of tables and keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RelationEnd {
    Forward { table: usize, foreign_key: usize },
    Back { table: usize, foreign_key: usize },
    ManyToMany { join_table: usize, related: usize, is_a: bool },
}

impl<'a> Ctx<'a> {
    pub(super) fn new(
        database: &'a PgSchema,
        previous: &'a Schema,
        options: &'a PullOptions<'a>,
    ) -> Self {
        let names_namespaces = options.namespaces.is_some()
            || previous.datasource().is_some_and(|datasource| !datasource.schemas.is_empty());
        let mut ctx = Self {
            database,
            previous,
            options,
            names_namespaces,
            tables: Vec::new(),
            views: Vec::new(),
            enums: Vec::new(),
            relation_ends: Vec::new(),
        };
        ctx.pair_tables();
        if ctx.has_preview_feature("views") {
            ctx.pair_views();
        }
        ctx.pair_enums();
        ctx.find_identifiers();
        ctx.pair_foreign_keys();
        ctx.name_blocks();
        while ctx.part_join_tables() {
            ctx.name_blocks();
        }
        relation_names::infer(&mut ctx.tables);
        ctx.place_relation_ends();
        ctx
    }

    pub(super) fn has_preview_feature(&self, name: &str) -> bool {
        let mut features =
            self.previous.generators().iter().flat_map(|generator| &generator.preview_features);
        features.any(|feature| feature == name)
    }

    /// Whether a model of the schema before is still something in the database.
    pub(super) fn is_there(&self, model: ModelWalker<'a>) -> bool {
        let is_it = |previous: Option<ModelWalker<'a>>| previous == Some(model);
        self.tables.iter().any(|table| is_it(table.previous))
            || self.views.iter().any(|view| is_it(view.previous))
    }

    /// The enum that a column has as its type. One in a namespace that is not looked at is found by its name alone.
    pub(super) fn enumeration(&self, name: &ObjectName) -> Option<&EnumPair<'a>> {
        let is_known = self.is_known(name.namespace.as_deref());
        self.enums.iter().find(|pair| {
            let found = &pair.enumeration.name;
            pair.has_named_values()
                && found.name == name.name
                && (!is_known || found.namespace == name.namespace)
        })
    }

    /// `@@schema` of something in this namespace.
    pub(super) fn namespace<'n>(&self, name: &'n ObjectName) -> Option<&'n str> {
        name.namespace.as_deref().filter(|_| self.names_namespaces)
    }

    /// Whether it is one of the namespaces that are looked at.
    fn is_known(&self, namespace: Option<&str>) -> bool {
        namespace.is_some_and(|namespace| {
            self.database.namespaces.iter().any(|known| known == namespace)
        })
    }

    fn pair_tables(&mut self) {
        let tables = self.database.tables.iter();
        let keeps_partial_indexes = self.has_preview_feature("partialIndexes");
        self.tables = tables
            .filter(|table| table.partitioning != Partitioning::Partition)
            .map(|table| TablePair {
                table,
                previous: None,
                named: Named::of_block(&table.name.name),
                columns: Vec::new(),
                keys: keys::of(table, keeps_partial_indexes),
                foreign_keys: Vec::new(),
                is_join_table: is_join_table(table, |name| self.database.table(name)),
                has_identifier: false,
            })
            .collect();
        let mut places = Places::default();
        for (place, pair) in self.tables.iter().enumerate() {
            places.add(&pair.table.name, place);
        }
        for model in self.previous.models().filter(|model| !model.is_view()) {
            if let Some(place) = places.find(model, |name| self.is_known(Some(name))) {
                self.tables[place].previous = Some(model);
            }
        }
        for pair in &mut self.tables {
            pair.columns = pair_columns(&pair.table.columns, pair.previous, false);
        }
    }

    fn pair_views(&mut self) {
        let views = self.database.views.iter();
        self.views = views
            .filter(|view| view.kind == ViewKind::Plain && !view.columns.is_empty())
            .map(|view| ViewPair {
                view,
                previous: None,
                named: Named::of_block(&view.name.name),
                columns: Vec::new(),
            })
            .collect();
        let mut places = Places::default();
        for (place, pair) in self.views.iter().enumerate() {
            places.add(&pair.view.name, place);
        }
        for model in self.previous.models().filter(|model| model.is_view()) {
            if let Some(place) = places.find(model, |name| self.is_known(Some(name))) {
                self.views[place].previous = Some(model);
            }
        }
        for pair in &mut self.views {
            pair.columns = pair_columns(&pair.view.columns, pair.previous, true);
        }
    }

    fn pair_enums(&mut self) {
        let enums = self.database.enums.iter();
        self.enums = enums
            .map(|enumeration| EnumPair {
                enumeration,
                previous: None,
                named: Named::of_block(&enumeration.name.name),
                values: Vec::new(),
            })
            .collect();
        for previous in self.previous.enums() {
            let namespace = previous.namespace().filter(|name| self.is_known(Some(name)));
            let found = self.enums.iter().position(|pair| {
                let name = &pair.enumeration.name;
                name.name == previous.database_name()
                    && namespace
                        .is_none_or(|namespace| name.namespace.as_deref() == Some(namespace))
            });
            if let Some(place) = found {
                self.enums[place].previous = Some(previous);
            }
        }
        for pair in &mut self.enums {
            pair.values = name_values(pair.enumeration, pair.previous);
        }
    }

    fn find_identifiers(&mut self) {
        let has_identifier = |pair: &TablePair<'a>| {
            pair.keys.iter().filter(|key| key.is_unique()).any(|key| {
                key.columns.iter().map(|column| &pair.table.columns[column.column]).all(|column| {
                    column.arity == Arity::Required && column_type::of(self, column).is_supported()
                })
            })
        };
        let found: Vec<bool> = self.tables.iter().map(has_identifier).collect();
        for (pair, found) in self.tables.iter_mut().zip(found) {
            pair.has_identifier = found;
        }
    }

    /// Gives tables, views and enums their names: those of the schema before, else made of the database's.
    fn name_blocks(&mut self) {
        let mut wanted = Wanted::default();
        for pair in self.tables.iter().filter(|pair| !pair.is_join_table) {
            wanted.add(&wanted_name(pair.previous.map(ModelWalker::name), &pair.table.name));
        }
        for pair in &self.enums {
            wanted.add(&wanted_name(pair.previous.map(EnumWalker::name), &pair.enumeration.name));
        }
        for pair in &self.views {
            wanted.add(&wanted_name(pair.previous.map(ModelWalker::name), &pair.view.name));
        }
        let mut taken = Taken::default();
        let previous = self.tables.iter().filter_map(|pair| pair.previous.map(ModelWalker::name));
        let previous = previous
            .chain(self.views.iter().filter_map(|pair| pair.previous.map(ModelWalker::name)))
            .chain(self.enums.iter().filter_map(|pair| pair.previous.map(EnumWalker::name)));
        for name in previous {
            taken.take(name.into(), "");
        }
        let mut names = Vec::new();
        for pair in self.tables.iter_mut().filter(|pair| !pair.is_join_table) {
            match pair.previous {
                Some(model) => pair.named = named_model(model),
                None => names.push((&mut pair.named, &pair.table.name)),
            }
        }
        for pair in &mut self.enums {
            match pair.previous {
                Some(known) => pair.named = named_enum(known),
                None => names.push((&mut pair.named, &pair.enumeration.name)),
            }
        }
        for pair in &mut self.views {
            match pair.previous {
                Some(model) => pair.named = named_model(model),
                None => names.push((&mut pair.named, &pair.view.name)),
            }
        }
        for (named, database) in &mut names {
            **named = Named::of_block(&database.name);
            if let Some(namespace) = &database.namespace
                && !wanted.is_unique(&database.name)
            {
                **named = Named::with_namespace(namespace, &database.name);
            }
        }
        let names = names.into_iter().map(|(named, database)| (named, database.name.as_str()));
        distinguish(names, &mut taken, "Table");
    }

    fn pair_foreign_keys(&mut self) {
        let places: HashMap<&ObjectName, usize> =
            self.tables.iter().enumerate().map(|(at, pair)| (&pair.table.name, at)).collect();
        let columns: Vec<HashMap<&str, usize>> = self
            .tables
            .iter()
            .map(|pair| {
                let columns = pair.table.columns.iter().enumerate();
                columns.map(|(at, column)| (column.name.as_str(), at)).collect()
            })
            .collect();
        let pair_key = |place: usize, key: &'a ForeignKey, previous: Option<ModelWalker<'a>>| {
            let referenced = *places.get(&key.referenced_table)?;
            let find = |table: usize, names: &[String]| -> Option<Vec<usize>> {
                names.iter().map(|name| columns[table].get(name.as_str()).copied()).collect()
            };
            Some(ForeignKeyPair {
                key,
                columns: find(place, &key.columns)?,
                referenced,
                referenced_columns: find(referenced, &key.referenced_columns)?,
                previous: previous.and_then(|model| previous_relation(model, key)),
                names: None,
            })
        };
        for (place, pair) in self.tables.iter_mut().enumerate() {
            let keys = pair.table.foreign_keys.iter();
            pair.foreign_keys =
                keys.filter_map(|key| pair_key(place, key, pair.previous)).collect();
        }
    }

    /// Relations by keys come first, in the order of the keys of the whole database; then those by join tables.
    fn place_relation_ends(&mut self) {
        let mut ends = vec![Vec::new(); self.tables.len()];
        for (table, pair) in self.tables.iter().enumerate().filter(|(_, pair)| !pair.is_join_table)
        {
            for (foreign_key, key) in pair.foreign_keys.iter().enumerate() {
                if key.names.is_some() {
                    ends[table].push(RelationEnd::Forward { table, foreign_key });
                    ends[key.referenced].push(RelationEnd::Back { table, foreign_key });
                }
            }
        }
        for (join_table, pair) in
            self.tables.iter().enumerate().filter(|(_, pair)| pair.is_join_table)
        {
            let Some([a, b]) = pair.joined() else { continue };
            ends[a].push(RelationEnd::ManyToMany { join_table, related: b, is_a: true });
            ends[b].push(RelationEnd::ManyToMany { join_table, related: a, is_a: false });
        }
        self.relation_ends = ends;
    }
}

impl EnumPair<'_> {
    /// Whether there is anything to choose from: an enum without values is none.
    pub(super) fn has_named_values(&self) -> bool {
        self.values.iter().any(|value| !value.name.is_empty())
    }
}

impl TablePair<'_> {
    /// The tables that a join table joins: that of its column A, then that of B.
    pub(super) fn joined(&self) -> Option<[usize; 2]> {
        let [first, second] = self.foreign_keys.as_slice() else { return None };
        let is_a = first.key.columns.first().is_some_and(|name| name.eq_ignore_ascii_case("a"));
        let (a, b) = if is_a { (first, second) } else { (second, first) };
        Some([a.referenced, b.referenced])
    }
}

/// Tables or views by name, for those who look for them with or without a namespace.
#[derive(Default)]
struct Places<'a>(HashMap<&'a str, Vec<(&'a ObjectName, usize)>>);

impl<'a> Places<'a> {
    fn add(&mut self, name: &'a ObjectName, place: usize) {
        self.0.entry(&name.name).or_default().push((name, place));
    }

    /// Where a model's table is. A namespace that is not looked at counts for none, and none for any.
    fn find(&self, model: ModelWalker<'_>, is_known: impl Fn(&str) -> bool) -> Option<usize> {
        let namespace = model.namespace().filter(|name| is_known(name));
        let mut candidates = self.0.get(model.database_name())?.iter();
        candidates
            .find(|(name, _)| {
                namespace.is_none_or(|namespace| name.namespace.as_deref() == Some(namespace))
            })
            .map(|(_, place)| *place)
    }
}

fn wanted_name(previous: Option<&str>, database: &ObjectName) -> String {
    match previous {
        Some(name) => name.to_owned(),
        None => sanitized(&database.name).into_owned(),
    }
}

fn named_enum(known: EnumWalker<'_>) -> Named<'_> {
    Named::from_schema(known.name(), known.data().mapped_name.as_deref())
}

fn named_model(model: ModelWalker<'_>) -> Named<'_> {
    Named::from_schema(model.name(), model.data().mapped_name.as_deref())
}

fn pair_columns<'a>(
    columns: &'a [Column],
    previous: Option<ModelWalker<'a>>,
    is_in_view: bool,
) -> Vec<ColumnPair<'a>> {
    let mut fields: HashMap<&str, ScalarFieldWalker<'a>> = HashMap::new();
    for field in previous.into_iter().flat_map(ModelWalker::scalar_fields) {
        fields.entry(field.database_name()).or_insert(field);
    }
    let pair = |column: &'a Column| {
        let previous = fields.get(column.name.as_str()).copied();
        let named = match previous {
            Some(field) => Named::from_schema(field.name(), field.data().mapped_name.as_deref()),
            None => Named::of_column(&column.name),
        };
        ColumnPair { column, previous, named, is_in_view }
    };
    let mut pairs: Vec<ColumnPair<'a>> = columns.iter().map(pair).collect();
    distinguish_inner(pairs.iter_mut().map(|pair| (&mut pair.named, pair.column.name.as_str())));
    pairs
}

fn name_values<'a>(enumeration: &'a Enum, previous: Option<EnumWalker<'a>>) -> Vec<Named<'a>> {
    let known = previous.map(EnumWalker::values).unwrap_or_default();
    let name = |value: &'a String| match known.iter().find(|known| known.database_name() == value) {
        Some(known) => Named::from_schema(known.name(), known.mapped_name.as_deref()),
        None => Named::of_value(value),
    };
    let mut names: Vec<Named<'a>> = enumeration.values.iter().map(name).collect();
    let values = enumeration.values.iter().map(String::as_str);
    distinguish_inner(names.iter_mut().zip(values));
    names
}

/// Makes the names of a block's fields or values distinct. Those of the schema before stay; what has no name at all gets
/// none.
fn distinguish_inner<'n, 'a: 'n>(names: impl Iterator<Item = (&'n mut Named<'a>, &'a str)>) {
    let (known, new): (Vec<_>, Vec<_>) = names
        .filter(|(named, _)| !named.name.is_empty())
        .partition(|(named, _)| named.origin == Origin::Schema);
    let mut taken = Taken::default();
    for (named, _) in known {
        taken.take(named.name.as_ref().into(), "");
    }
    distinguish(new, &mut taken, "");
}

/// The relation of the schema before that has the key's columns.
fn previous_relation<'a>(model: ModelWalker<'a>, key: &ForeignKey) -> Option<RelationWalker<'a>> {
    let mut forward: Vec<_> = model
        .relation_fields()
        .filter(|field| field.is_forward() && !field.related_model().is_view())
        .filter_map(|field| Some((field, field.relation()?)))
        .filter(|(field, relation)| {
            !matches!(relation.kind(), RelationKind::ManyToMany { .. })
                && field.fields().map(ScalarFieldWalker::database_name).eq(key.columns.iter())
        })
        .collect();
    forward.sort_by_key(|(field, relation)| (field.related_model().id(), relation.id()));
    forward.first().map(|(_, relation)| *relation)
}
