//! The names Prisma gives to keys and indexes that the schema does not name.
//!
//! `Table_column1_column2_suffix`, from database names. PostgreSQL cuts identifiers at 63 bytes; so that the suffix
//! survives, the part before it is cut first, on a character boundary.

use crate::schema::IndexKind;

/// PostgreSQL's limit for names.
pub(crate) const MAX_BYTES: usize = 63;

/// `T_pkey`, `T_a_b_key` or `T_a_b_idx`. The primary key's name holds no columns.
///
/// ```
/// use psl::{IndexKind, constraint_names::index};
/// assert_eq!(index("Post", &["authorId", "slug"], IndexKind::Unique), "Post_authorId_slug_key");
/// assert_eq!(index("Post", &["id"], IndexKind::PrimaryKey), "Post_pkey");
/// ```
pub fn index(table: &str, columns: &[&str], kind: IndexKind) -> String {
    match kind {
        IndexKind::PrimaryKey => suffixed(table.to_owned(), "_pkey"),
        IndexKind::Unique => named(table, columns, "_key"),
        IndexKind::Normal => named(table, columns, "_idx"),
    }
}

/// `T_a_b_fkey`.
pub fn foreign_key(table: &str, columns: &[&str]) -> String {
    named(table, columns, "_fkey")
}

fn named(table: &str, columns: &[&str], suffix: &str) -> String {
    suffixed(format!("{table}_{}", columns.join("_")), suffix)
}

/// A name with a suffix that survives PostgreSQL's limit; with an empty one, the name as PostgreSQL takes it.
///
/// ```
/// let name = psl::constraint_names::suffixed("_PostToTag".repeat(7), "_AB_pkey");
/// assert_eq!(name.len(), 63);
/// ```
pub fn suffixed(mut name: String, suffix: &str) -> String {
    name.truncate(name.floor_char_boundary(MAX_BYTES - suffix.len()));
    name.push_str(suffix);
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_suffix_survives_the_cut() {
        let columns = ["orgId", "instructorId", "dayOfWeek", "effectiveFrom"];
        let name = index("InstructorWorkingHours", &columns, IndexKind::Unique);
        assert_eq!(name, "InstructorWorkingHours_orgId_instructorId_dayOfWeek_effecti_key");
        assert_eq!(name.len(), MAX_BYTES);
    }

    #[test]
    fn the_cut_falls_between_characters() {
        // 58 + 2 bytes are one more than fit before `_idx`.
        let table = format!("{}é", "x".repeat(58));
        assert_eq!(index(&table, &["a"], IndexKind::Normal), format!("{}_idx", "x".repeat(58)));
    }
}
