//! Renames by chance, of everything at once and with other changes among them: whatever keeps its name or gets another
//! one keeps what it holds.

use crate::testing::Project;

const SEEDS: std::ops::Range<u64> = 0..5;

#[tokio::test]
async fn what_is_there_survives_any_renames() {
    for seed in SEEDS {
        let mut chance = Chance(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        let sketch = Sketch::by(&mut chance);
        let (before, after) = (Names::by(&mut chance), Names::by(&mut chance));
        let (from, to) = (sketch.schema(&before, Side::Before), sketch.schema(&after, Side::After));
        let flags = sketch.flags(&before, &after);
        let told = format!("seed {seed}\n{from}\n{to}\n{flags:?}");

        let project = Project::new("rename_random");
        project.dev(&from, "init").await.unwrap();
        project.execute(&sketch.rows(&before)).await;
        let flags: Vec<&str> = flags.iter().map(String::as_str).collect();
        let next = project.dev_with(&to, "renamed", &flags).await;
        let next = next.unwrap_or_else(|error| panic!("{error}\n{told}"));
        let told = format!("{told}\n{}", next.map(|next| next.script).unwrap_or_default());
        for (sql, expected) in sketch.expected(&after) {
            assert_eq!(project.value(&sql).await.as_deref(), Some(&*expected), "{sql}\n{told}");
        }
        project.is_like_new(&to).await;
    }
}

const MODELS: usize = 3;
const ENUMS: usize = 2;
const FIELDS: usize = 4;
const VALUES: usize = 3;

/// What there is, whatever it is called: fields of models, and models that are joined, perhaps by a name.
struct Sketch {
    fields: Vec<Vec<Field>>,
    joins: Vec<(usize, usize, Option<&'static str>)>,
}

#[derive(Clone, Copy)]
struct Field {
    kind: Kind,
    is_there: [bool; 2],
}

#[derive(Clone, Copy)]
enum Kind {
    Text { is_unique: bool },
    Enum(usize),
    Reference(usize),
}

#[derive(Clone, Copy)]
enum Side {
    Before,
    After,
}

/// What it is all called.
struct Names {
    /// Models, then enums: they share their names.
    objects: Vec<&'static str>,
    /// Of each model its key, then its fields.
    fields: Vec<Vec<&'static str>>,
    values: Vec<Vec<&'static str>>,
}

impl Names {
    /// In some places those that come first, so that not everything is renamed.
    fn by(chance: &mut Chance) -> Self {
        let mut some = |pool: &[&'static str], count: usize| -> Vec<&'static str> {
            let mut pool = pool.to_vec();
            let is_first = chance.below(2) == 0;
            (0..count)
                .map(|_| pool.remove(if is_first { 0 } else { chance.below(pool.len()) }))
                .collect()
        };
        Self {
            objects: some(&["Ant", "Bee", "Cat", "Dog", "Eel", "Fox"], MODELS + ENUMS),
            fields: (0..MODELS)
                .map(|_| some(&["a", "b", "c", "d", "e", "f"], FIELDS + 1))
                .collect(),
            values: (0..ENUMS).map(|_| some(&["p", "q", "r", "s"], VALUES)).collect(),
        }
    }

    fn model(&self, model: usize) -> &'static str {
        self.objects[model]
    }

    fn enumeration(&self, enumeration: usize) -> &'static str {
        self.objects[MODELS + enumeration]
    }

    fn id(&self, model: usize) -> &'static str {
        self.fields[model][0]
    }
}

impl Sketch {
    fn by(chance: &mut Chance) -> Self {
        let mut field = || Field {
            kind: match chance.below(4) {
                0 => Kind::Text { is_unique: true },
                1 => Kind::Text { is_unique: false },
                2 => Kind::Enum(chance.below(ENUMS)),
                _ => Kind::Reference(chance.below(MODELS)),
            },
            is_there: [[true, true], [true, true], [true, false], [false, true]][chance.below(4)],
        };
        let fields = (0..MODELS).map(|_| (0..FIELDS).map(|_| field()).collect()).collect();
        Self { fields, joins: vec![(0, 1, None), (2, 1, Some("likes")), (0, 1, Some("knows"))] }
    }

    fn all(&self) -> impl Iterator<Item = (usize, usize, Field)> {
        self.fields.iter().enumerate().flat_map(|(model, fields)| {
            fields.iter().enumerate().map(move |(at, field)| (model, at, *field))
        })
    }

    /// What comes or goes has a name that nothing else has.
    fn name(names: &Names, (model, at, field): (usize, usize, Field)) -> String {
        match field.is_there {
            [true, true] => names.fields[model][at + 1].to_owned(),
            _ => format!("only_{at}"),
        }
    }

    fn schema(&self, names: &Names, side: Side) -> String {
        let mut models: Vec<String> = (0..MODELS)
            .map(|model| format!("  {} Int @id @default(autoincrement())\n", names.id(model)))
            .collect();
        for (model, at, field) in self.all().filter(|(.., field)| field.is_there[side as usize]) {
            let name = Self::name(names, (model, at, field));
            let line = match field.kind {
                Kind::Text { is_unique } => {
                    format!("{name} String?{}", if is_unique { " @unique" } else { "" })
                }
                Kind::Enum(e) => {
                    let default = names.values[e][0];
                    format!(
                        "{name} {} @default({default})\n  @@index([{name}])",
                        names.enumeration(e)
                    )
                }
                Kind::Reference(to) => {
                    let relation = format!("r{model}{at}");
                    let back = format!(
                        "  back_{relation} {}[] @relation(\"{relation}\")\n",
                        names.model(model)
                    );
                    models[to].push_str(&back);
                    format!(
                        "{name} Int?\n  to_{relation} {}? @relation(\"{relation}\", fields: [{name}], references: [{}])",
                        names.model(to),
                        names.id(to)
                    )
                }
            };
            models[model] += &["  ", &line, "\n"].concat();
        }
        for (place, (a, b, relation)) in self.joins.iter().enumerate() {
            let relation =
                relation.map(|name| format!(" @relation(\"{name}\")")).unwrap_or_default();
            for (side, (from, to)) in [(*a, *b), (*b, *a)].into_iter().enumerate() {
                let line = format!("  join_{place}{side} {}[]{relation}\n", names.model(to));
                models[from].push_str(&line);
            }
        }
        let models = models
            .iter()
            .enumerate()
            .map(|(model, lines)| format!("model {} {{\n{lines}}}\n", names.model(model)));
        let enums = (0..ENUMS).map(|e| {
            format!("enum {} {{\n  {}\n}}\n", names.enumeration(e), names.values[e].join("\n  "))
        });
        models.chain(enums).collect()
    }

    /// Two rows a model: the first refers to second ones, and is joined with them.
    fn rows(&self, names: &Names) -> String {
        let mut sql: Vec<String> = (0..MODELS)
            .map(|model| (names.model(model), names.id(model)))
            .map(|(table, id)| format!("INSERT INTO \"{table}\" (\"{id}\") VALUES (1), (2)"))
            .collect();
        for (model, at, field) in self.all().filter(|(.., field)| field.is_there[0]) {
            let value = match field.kind {
                Kind::Text { .. } => format!("'{at} ' || \"{}\"", names.id(model)),
                Kind::Enum(e) => format!("'{}'", names.values[e][at % VALUES]),
                Kind::Reference(_) => "2".to_owned(),
            };
            let (table, name) = (names.model(model), Self::name(names, (model, at, field)));
            sql.push(format!("UPDATE \"{table}\" SET \"{name}\" = {value}"));
        }
        for (table, a, b) in self.joined(names) {
            sql.push(format!("INSERT INTO \"{table}\" (\"A\", \"B\") VALUES ({a}, {b})"));
        }
        sql.join(";\n")
    }

    /// Queries, and what they find where nothing is lost.
    fn expected(&self, names: &Names) -> Vec<(String, String)> {
        let mut expected = Vec::new();
        for (model, at, field) in self.all().filter(|(.., field)| field.is_there == [true, true]) {
            let value = match field.kind {
                Kind::Text { .. } => format!("{at} 1, {at} 2"),
                Kind::Enum(e) => [names.values[e][at % VALUES]; 2].join(", "),
                Kind::Reference(_) => "2, 2".to_owned(),
            };
            let (table, id) = (names.model(model), names.id(model));
            let name = Self::name(names, (model, at, field));
            let sql = format!(
                "SELECT string_agg(\"{name}\"::text, ', ' ORDER BY \"{id}\") FROM \"{table}\""
            );
            expected.push((sql, value));
        }
        for (table, a, b) in self.joined(names) {
            expected.push((
                format!("SELECT \"A\" || ', ' || \"B\" FROM \"{table}\""),
                format!("{a}, {b}"),
            ));
        }
        expected
    }

    /// The tables that join two models, and the rows that their A and B are to join: the first of the one and the
    /// second of the other. A is the model that comes first in the alphabet.
    fn joined(&self, names: &Names) -> Vec<(String, u8, u8)> {
        let joined = self.joins.iter().map(|(a, b, relation)| {
            let (a, b) = (names.model(*a), names.model(*b));
            let (first, second, rows) = if a < b { (a, b, (1, 2)) } else { (b, a, (2, 1)) };
            let name =
                relation.map_or_else(|| format!("_{first}To{second}"), |name| format!("_{name}"));
            (name, rows.0, rows.1)
        });
        joined.collect()
    }

    fn flags(&self, before: &Names, after: &Names) -> Vec<String> {
        let mut flags = Vec::new();
        let mut flag = |of: Option<&str>, old: &str, new: &str| {
            if old != new {
                let of = of.map(|of| format!("{of}.")).unwrap_or_default();
                flags.push(format!("{of}{old}:{new}"));
            }
        };
        for (old, new) in before.objects.iter().zip(&after.objects) {
            flag(None, old, new);
        }
        for model in 0..MODELS {
            flag(Some(before.model(model)), before.id(model), after.id(model));
        }
        for (model, at, field) in self.all().filter(|(.., field)| field.is_there == [true, true]) {
            let names = [before, after].map(|names| Self::name(names, (model, at, field)));
            flag(Some(before.model(model)), &names[0], &names[1]);
        }
        for e in 0..ENUMS {
            for (old, new) in before.values[e].iter().zip(&after.values[e]) {
                flag(Some(before.enumeration(e)), old, new);
            }
        }
        flags
    }
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
}
