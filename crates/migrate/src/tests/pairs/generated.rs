//! Pairs that nobody chose: what must hold of every pair, of schemas by chance.
//!
//! Each part of a schema has a few forms, and each of the two schemas takes one of them. Forms of one part may follow
//! each other in any way; where PostgreSQL has no cast between two, the pair says nothing.

use std::fmt::Write;

use super::{Case, script_between};

/// The pair of a seed.
pub(super) fn case(seed: u64) -> Case {
    let mut chance = Chance(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let texts = [schema(&mut chance), schema(&mut chance)];
    let files = ["from.prisma", "to.prisma"].map(str::to_owned).into_iter().zip(texts);
    let mut case = Case { name: format!("seed {seed}"), files: files.collect() };
    let from = script_between(&pg_schema::PgSchema::default(), &case.schema("from.prisma"));
    case.files.insert("from.sql".to_owned(), from);
    case
}

struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(end).unwrap()).unwrap()
    }

    fn of<'a>(&mut self, forms: &[&'a str]) -> &'a str {
        forms[self.below(forms.len())]
    }
}

const MODELS: usize = 4;

const IDS: [&str; 4] = [
    "id Int @id @default(autoincrement())",
    "id BigInt @id",
    "id String @id @default(uuid())",
    "id String @id @db.VarChar(40)",
];

/// Forms of one field each; the empty one is that it is not there.
const FIELDS: [&[&str]; 9] = [
    // Never one for many: what was required then stays so in the database, as the reference leaves it.
    &["", "kinds Kind[]", "kinds Kind[] @default([open])"],
    &["count Int", "count BigInt", "count Int @db.SmallInt", "count Int @default(7)"],
    &["title String", "title String @db.VarChar(50)", "title String @default(\"it's\")"],
    &["tags String[]", "tags String[] @default([\"a\", \"b\"])", "tags String[] @db.VarChar(9)"],
    &["data Json", "data Json?", "data Json @default(\"{\\\"a\\\": [1]}\")"],
    &["", "kind Kind", "kind Kind?", "kind Kind @default(open)"],
    &["", "price Decimal @db.Decimal(10, 2)", "price Decimal? @default(1.50)", "price Float?"],
    &[
        "",
        "at DateTime @default(now())",
        "at DateTime? @db.Timestamptz(6)",
        "at DateTime @updatedAt",
    ],
    &[
        "",
        "raw Bytes?",
        "raw Unsupported(\"point\")?",
        "raw Boolean @default(true)",
        "raw String? @db.Uuid @map(\"grün\")",
    ],
];

const INDEXES: [&[&str]; 5] = [
    &[
        "",
        "@@index([count])",
        "@@index([count(sort: Desc), title])",
        "@@index([count], type: Brin)",
    ],
    &["", "@@unique([title])", "@@unique([title, count], map: \"unique NAME\")"],
    &[
        "",
        "@@index([title], type: Hash, map: \"NAME_hash\")",
        "@@index([title], map: \"NAME_hash\")",
    ],
    &["", "@@index([tags], type: Gin)"],
    &["", "@@index([data(ops: JsonbPathOps)], type: Gin)", "@@index([data], type: Gin)"],
];

const ACTIONS: [&str; 4] =
    ["", ", onDelete: Cascade", ", onDelete: Restrict, onUpdate: NoAction", ", map: \"key NAME\""];

fn schema(chance: &mut Chance) -> String {
    let mut text = String::from(
        "datasource db {\n provider = \"postgresql\"\n url = \"\"\n schemas = [\"public\", \"side\"]\n}\n",
    );
    let values = chance.of(&["open\n done", "open", "open\n closed @map(\"it is\")\n done"]);
    let namespace = chance.of(&["public", "side"]);
    write!(text, "enum Kind {{\n {values}\n @@schema(\"{namespace}\")\n}}\n").unwrap();

    let mut models: Vec<Vec<String>> = (0..MODELS).map(|model| lines(model, chance)).collect();
    for model in 0..MODELS {
        let other = chance.below(MODELS);
        let (required, action) = (chance.of(&["", "?"]), chance.of(&ACTIONS));
        let action = action.replace("NAME", &model.to_string());
        if chance.below(3) > 0 {
            models[model].push(format!("otherId Int{required} @map(\"other\")"));
            models[model].push(format!("other M{other}{required} @relation(\"r{model}\", fields: [otherId], references: [place]{action})"));
            models[other].push(format!("back{model} M{model}[] @relation(\"r{model}\")"));
        }
        if chance.below(3) == 0 {
            models[model].push(format!("joins M{other}[] @relation(\"j{model}\")"));
            models[other].push(format!("joined{model} M{model}[] @relation(\"j{model}\")"));
        }
    }
    for (model, lines) in models.iter().enumerate() {
        write!(text, "model M{model} {{\n {}\n}}\n", lines.join("\n ")).unwrap();
    }
    text
}

fn lines(model: usize, chance: &mut Chance) -> Vec<String> {
    let mut lines = vec![chance.of(&IDS).to_owned(), "place Int @unique".to_owned()];
    lines.extend(FIELDS.iter().map(|forms| chance.of(forms).to_owned()));
    lines.extend(INDEXES.iter().map(|forms| chance.of(forms).replace("NAME", &model.to_string())));
    lines.push(chance.of(&["", "@@map(\"table NAME\")"]).replace("NAME", &model.to_string()));
    // A namespace that nothing is in any more stays, as the reference leaves it: neither is ever without a table.
    let namespace = match model {
        0 => "public",
        1 => "side",
        _ => chance.of(&["public", "side"]),
    };
    lines.push(format!("@@schema(\"{namespace}\")"));
    lines
}
