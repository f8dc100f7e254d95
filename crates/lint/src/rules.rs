//! The rules of `migrate lint`, a file each: what it reports, of which statements, and the safe form of them.

mod check_not_valid;
mod concurrently_in_transaction;
mod create_index_concurrently;
mod domain_constraint;
mod drop_breaks_release;
mod drop_foreign_key;
mod drop_index_concurrently;
mod drop_not_null;
mod enum_value_used_early;
mod exclusion_constraint;
mod foreign_key_not_valid;
mod if_not_exists_hides_invalid;
mod key_on_table_in_use;
mod lock_timeout;
mod long_identifier;
mod partition_locks;
mod references_at_once;
mod reindex_concurrently;
mod rename_breaks_release;
mod required_column;
mod rewrites_table;
mod set_not_null;
mod short_timeout_for_build;
mod stored_column;
mod strong_lock;
mod truncate_cascade;
mod type_change;
mod unbatched_write;
mod unread;
mod volatile_default;
mod weak_type;
mod work_under_lock;

use crate::Finding;
use crate::ctx::Ctx;

/// One rule.
pub struct Rule {
    /// Its name, in kebab case, which never changes.
    pub id: &'static str,
    /// What it reports, in a line.
    pub about: &'static str,
    pub(crate) check: fn(&Ctx<'_>, &mut Vec<Finding>),
}

impl std::fmt::Debug for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.id)
    }
}

/// All rules, in the order of their subjects.
pub const ALL: &[Rule] = &[
    create_index_concurrently::RULE,
    concurrently_in_transaction::RULE,
    if_not_exists_hides_invalid::RULE,
    drop_index_concurrently::RULE,
    reindex_concurrently::RULE,
    key_on_table_in_use::RULE,
    exclusion_constraint::RULE,
    check_not_valid::RULE,
    foreign_key_not_valid::RULE,
    references_at_once::RULE,
    set_not_null::RULE,
    required_column::RULE,
    volatile_default::RULE,
    stored_column::RULE,
    type_change::RULE,
    domain_constraint::RULE,
    rename_breaks_release::RULE,
    drop_breaks_release::RULE,
    drop_foreign_key::RULE,
    enum_value_used_early::RULE,
    rewrites_table::RULE,
    partition_locks::RULE,
    strong_lock::RULE,
    work_under_lock::RULE,
    unbatched_write::RULE,
    lock_timeout::RULE,
    short_timeout_for_build::RULE,
    truncate_cascade::RULE,
    drop_not_null::RULE,
    long_identifier::RULE,
    weak_type::RULE,
    unread::RULE,
];
