//! The database beside the schema that was there before: what in one is what in the other, and what everything is called.

mod identifiers;
mod naming;
mod pairing;

use pg_schema::{ObjectName, PgSchema};
use psl::{ModelWalker, Schema};

use super::pairs::{EnumPair, TablePair, ViewPair};
use super::{PullOptions, relation_names};

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
        ctx.name_needed_columns();
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
