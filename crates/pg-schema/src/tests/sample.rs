//! Schemas to test with: one by hand, and as many as wanted by chance.

use crate::{
    Arity, Column, ColumnDefault, ColumnType, Enum, ForeignKey, ForeignKeyAction, Index, Literal,
    ObjectName, PgSchema, PrimaryKey, Table,
};

pub(super) fn table(name: &str, columns: Vec<Column>) -> Table {
    Table { columns, ..Table::new(ObjectName::bare(name)) }
}

pub(super) fn schema(tables: Vec<Table>) -> PgSchema {
    PgSchema { namespaces: vec!["public".to_owned()], tables, ..PgSchema::default() }
}

/// Users, their posts, and a mood.
pub(super) fn blog() -> PgSchema {
    let mood = ObjectName::bare("Mood");
    let mut user = table(
        "User",
        vec![
            Column::required("id", ColumnType::Integer)
                .with_default(ColumnDefault::Autoincrement(None)),
            Column::required("email", ColumnType::Text),
            Column::nullable("mood", ColumnType::Enum(mood.clone()))
                .with_default(ColumnDefault::Literal(Literal::Enum("good".to_owned()))),
            Column::required("created", ColumnType::Timestamp(Some(3)))
                .with_default(ColumnDefault::Now),
        ],
    );
    user.primary_key = Some(PrimaryKey::new("User_pkey", &["id"]));
    user.indexes.push(Index::unique("User_email_key", &["email"]));

    let mut post = table(
        "Post",
        vec![
            Column::required("id", ColumnType::Integer),
            Column::required("author", ColumnType::Integer),
            Column::new("tags", ColumnType::Text, Arity::List),
            Column::required("score", ColumnType::Decimal(Some((5, 2)))),
        ],
    );
    post.primary_key = Some(PrimaryKey::new("Post_pkey", &["id"]));
    post.indexes.push(Index::new("Post_author_score_idx", &["author", "score"]));
    let mut key =
        ForeignKey::new("Post_author_fkey", &["author"], ObjectName::bare("User"), &["id"]);
    key.on_delete = ForeignKeyAction::Restrict;
    key.on_update = ForeignKeyAction::Cascade;
    post.foreign_keys.push(key);

    PgSchema { enums: vec![Enum::new(mood, &["good", "bad"])], ..schema(vec![user, post]) }
}

/// A schema that depends on the seed alone, of a few tables with a few of everything.
pub(super) fn random(seed: u64) -> PgSchema {
    let mut chance = Chance(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let mut schema = schema(Vec::new());
    for name in ["E", "F"] {
        if chance.one_in(2) {
            let values: Vec<&str> =
                ["a", "b", "c"].into_iter().filter(|_| !chance.one_in(3)).collect();
            schema.enums.push(Enum::new(ObjectName::bare(name), &values));
        }
    }
    for name in ["A", "B", "C"] {
        if !chance.one_in(4) {
            let table = random_table(name, &schema, &mut chance);
            schema.tables.push(table);
        }
    }
    schema
}

fn random_table(name: &str, schema: &PgSchema, chance: &mut Chance) -> Table {
    let mut table = table(name, Vec::new());
    for column in ["id", "x", "y", "z"] {
        if chance.one_in(5) {
            continue;
        }
        let arity = *chance.pick(&[Arity::Required, Arity::Required, Arity::Nullable, Arity::List]);
        let enums = schema.enums.iter().map(|e| ColumnType::Enum(e.name.clone()));
        let types: Vec<ColumnType> = [
            ColumnType::Integer,
            ColumnType::Text,
            ColumnType::VarChar(Some(10)),
            ColumnType::JsonB,
            ColumnType::Timestamp(Some(3)),
            ColumnType::Unsupported("circle".to_owned()),
        ]
        .into_iter()
        .chain(enums)
        .collect();
        let mut made = Column::new(column, chance.pick(&types).clone(), arity);
        if chance.one_in(3) {
            made.default = Some(ColumnDefault::Expression("something()".to_owned()));
        }
        table.columns.push(made);
    }
    let names: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
    if let Some(first) = names.first() {
        table.primary_key =
            (!chance.one_in(3)).then(|| PrimaryKey::new(format!("{name}_pkey"), &[first]));
        if chance.one_in(2) {
            table
                .indexes
                .push(Index::new(format!("{name}_idx"), &names[..=chance.below(names.len())]));
        }
        if chance.one_in(3) {
            table.indexes.push(Index::unique(format!("{name}_key"), &[first]));
        }
        for other in &schema.tables {
            let Some(key) = &other.primary_key else { continue };
            let columns: Vec<&str> = key.columns.iter().map(String::as_str).collect();
            let key_name = format!("{name}_{}_fkey", other.name.name);
            table.foreign_keys.push(ForeignKey::new(
                key_name,
                &[first],
                other.name.clone(),
                &columns,
            ));
        }
    }
    table
}

/// xorshift64: enough to be different every time and the same for the same seed.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % bound
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn pick<'a, T>(&mut self, among: &'a [T]) -> &'a T {
        &among[self.below(among.len())]
    }
}
