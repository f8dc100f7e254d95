//! Schemas of any size with all that a real one has, and code that uses their clients.

use std::fmt::Write as _;

use codegen::FileMap;

/// So many models: every type of column, enums, lists, and every kind of relation, to themselves and to others.
pub(crate) fn schema(models: usize) -> String {
    let mut text = "datasource db {\n  provider = \"postgresql\"\n}\n\n".to_owned();
    for index in 0..models.div_ceil(5) {
        let _ = writeln!(
            text,
            "enum Kind{index} {{\n  first\n  second\n  third @map(\"3rd\")\n  fourth\n}}\n"
        );
    }
    for index in 0..models {
        text += &model(index, models);
    }
    text
}

fn model(index: usize, models: usize) -> String {
    let (next, before) = ((index + 1) % models, (index + models - 1) % models);
    let kind = index / 5;
    // Many to many within pairs, one to one within threes.
    let pair = index ^ 1;
    let friends = if pair < models {
        format!("  friends M{pair}[] @relation(\"f{}\")\n", index / 2)
    } else {
        String::new()
    };
    let single = match index % 3 {
        0 if index + 1 < models => format!("  single M{next}? @relation(\"s{index}\")\n"),
        1 => format!(
            "  singleId String? @unique\n  single M{before}? @relation(\"s{before}\", fields: [singleId], references: [id])\n"
        ),
        _ => String::new(),
    };
    format!(
        "/// The model of number {index}.
model M{index} {{
  id String @id @default(uuid())
  /// A name that people read.
  name String
  email String @unique
  remark String?
  number Int @default(0)
  big BigInt?
  rate Float?
  price Decimal @db.Decimal(10, 2)
  active Boolean @default(true)
  kind Kind{kind} @default(first)
  kinds Kind{kind}[]
  words String[]
  document Json?
  image Bytes?
  day DateTime? @db.Date
  createdAt DateTime @default(now())
  updatedAt DateTime @updatedAt
  nextId String
  next M{next} @relation(\"n{index}\", fields: [nextId], references: [id])
  before M{before}[] @relation(\"n{before}\")
  parentId String?
  parent M{index}? @relation(\"p{index}\", fields: [parentId], references: [id])
  children M{index}[] @relation(\"p{index}\")
{friends}{single}
  @@unique([name, number])
  @@index([createdAt])
}}

"
    )
}

/// The same schema, with one field more in one model.
pub(crate) fn changed(schema: &str) -> String {
    schema.replacen("  @@", "  added String?\n  @@", 1)
}

/// Eight queries of each model that has an id of text, by the files of the client.
pub(crate) fn used(files: &FileMap) -> String {
    let mut text = "use client::*;\n".to_owned();
    for (file, model) in files {
        let (Some(name), true) = (file.strip_suffix(".rs"), model.contains(" id = Text<")) else {
            continue;
        };
        let _ = writeln!(
            text,
            "
pub async fn {name}(client: &PrismaClient, id: &str) -> prisma_client_rust::Result<()> {{
    let key = || {name}::id::equals(id.to_owned());
    let model = client.{name}();
    let _ = model.find_unique(key()).exec().await?;
    let _ = model.find_first(vec![{name}::id::contains(id)]).exec().await?;
    let order = {name}::id::order(SortOrder::Asc);
    let _ = model.find_many(vec![{name}::id::gt(id.to_owned())]).order_by(order).exec().await?;
    let _ = model.find_many(vec![]).select({name}::select!({{ id }})).exec().await?;
    let _ = model.count(vec![]).exec().await?;
    let _ = model.update(key(), vec![{name}::id::set(id.to_owned())]).exec().await?;
    let _ = model.update_many(vec![], vec![{name}::id::set(id.to_owned())]).exec().await?;
    let _ = model.delete(key()).exec().await?;
    Ok(())
}}"
        );
    }
    text
}
