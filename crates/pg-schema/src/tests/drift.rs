//! Summaries of drift.

use super::sample::blog;
use crate::{
    Column, ColumnDefault, ColumnType, Enum, Index, Literal, ObjectName, Pair, PrimaryKey, Table,
    diff, drift_summary,
};

#[test]
fn nothing_differs() {
    assert_eq!(drift_summary(&[], Pair::new(&blog(), &blog())), "No difference detected.");
}

#[test]
fn everything_differs() {
    let previous = blog();
    let mut next = blog();
    next.enums[0].values = vec!["bad".to_owned(), "none".to_owned()];
    next.enums.push(Enum::new(ObjectName::bare("Added"), &["x"]));
    next.tables.push(Table::new(ObjectName::bare("New")));
    next.tables.remove(1);
    let user = &mut next.tables[0];
    user.primary_key = Some(PrimaryKey::new("User_pkey", &["id", "email"]));
    user.indexes[0] = Index::new("User_email_idx", &["email"]);
    user.columns[0].default = None;
    user.columns[1].ty = ColumnType::Uuid;
    user.columns[2].default = None;
    user.columns[3].default =
        Some(ColumnDefault::Literal(Literal::DateTime("2020-01-01 00:00:00 +00:00".to_owned())));
    user.columns.push(Column::required("plus", ColumnType::Text));
    let schemas = Pair::new(&previous, &next);
    let expected = "
[+] Added enums
  - Added

[+] Added tables
  - New

[-] Removed tables
  - Post

[*] Changed the `Mood` enum
  [+] Added variant `none`
  [-] Removed variant `good`

[*] Changed the `Post` table
  [-] Removed foreign key on columns (author)

[*] Changed the `User` table
  [-] Removed unique index on columns (email)
  [-] Dropped the primary key on columns (id)
  [+] Added column `plus`
  [*] Altered column `id` (column is no longer autoincrementing)
  [*] Column `email` would be dropped and recreated (type changed)
  [*] Altered column `mood` (default changed from `Some(Value(Enum(\"good\")))` to `None`)
  [+] Added primary key on columns (id, email)
)
  [+] Added index on columns (email)
";
    assert_eq!(drift_summary(&diff(schemas), schemas), expected);
}
