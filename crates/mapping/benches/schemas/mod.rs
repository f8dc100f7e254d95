//! The schemas that are measured, of any number of models.

use std::fmt::Write;

const HEAD: &str =
    "datasource db {\n  provider = \"postgresql\"\n  url = env(\"DATABASE_URL\")\n}\n\n";

/// A chain of models, each with an enum of its own, before or after a change to all of them: an enum value another, a
/// column another, a type, a default, a sequence, a key's action, an index, a unique that becomes the key.
pub(crate) fn changed(models: usize, changed: bool) -> String {
    let mut text = String::from(HEAD);
    let either = |before: &'static str, after: &'static str| if changed { after } else { before };
    for model in 0..models {
        let value = either("  cancelled\n", "  canceled\n");
        push(&mut text, format_args!("enum State{model} {{\n  open\n  done\n{value}}}\n\n"));
        push(&mut text, format_args!("model Booking{model} {{\n"));
        for line in [
            either("id String @unique @default(uuid())", "id String @id @default(uuid())"),
            either("number Int @default(autoincrement())", "number Int @default(0)"),
            either("notes String @db.VarChar(500)", "notes String @db.VarChar(100)"),
            either("oldName Int?", "newName Int?"),
            either("price Decimal @default(1)", "price Decimal @default(2)"),
            either("@@index([number])", "@@index([number, price])"),
            either("@@unique([price])", "@@unique([price], map: \"Booking_price_again\")"),
        ] {
            let line = line.replace("Booking_", &format!("Booking{model}_"));
            push(&mut text, format_args!("  {line}\n"));
        }
        push(&mut text, format_args!("  state State{model} @default(open)\n"));
        if model > 0 {
            let before = model - 1;
            let action = either("Cascade", "Restrict");
            push(
                &mut text,
                format_args!(
                    "  beforeId String\n  before Booking{before} @relation(fields: [beforeId], references: [id], onDelete: {action})\n"
                ),
            );
        }
        if model + 1 < models {
            push(&mut text, format_args!("  after Booking{}[]\n", model + 1));
        }
        text.push_str("}\n\n");
    }
    text
}

/// Models of which each second one has many of the one before it and of itself, before or after these relations change
/// places.
pub(crate) fn joined(models: usize, changed: bool) -> String {
    let mut text = String::from(HEAD);
    for model in 0..models {
        push(&mut text, format_args!("model Tag{model} {{\n  id Int @id\n"));
        let pair = model / 2 * 2;
        let is_joined = (pair / 2 % 2 == 0) == changed && pair + 1 < models;
        if is_joined && model == pair {
            push(&mut text, format_args!("  others Tag{}[]\n", model + 1));
        } else if is_joined {
            push(
                &mut text,
                format_args!(
                    "  others Tag{pair}[]\n  up Tag{model}[] @relation(\"self{model}\")\n  down Tag{model}[] @relation(\"self{model}\")\n"
                ),
            );
        }
        text.push_str("}\n\n");
    }
    text
}

fn push(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    text.write_fmt(arguments).expect("a string takes any text");
}
