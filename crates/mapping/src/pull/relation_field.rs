//! Relation fields: the two ends of a foreign key, of a join table, and those that only the schema before knows.

use std::borrow::Cow;

use pg_schema::{Arity, ForeignKeyAction};
use psl::constraint_names;
use psl::syntax::SyntaxKind;
use psl::{
    ModelWalker, ReferentialAction, RelationFieldWalker, RelationMode, RelationWalker,
    ScalarFieldWalker,
};

use super::block::{Call, list};
use super::ctx::{Ctx, RelationEnd};
use super::names::{Taken, sanitized};
use super::pairs::{ColumnPair, ForeignKeyPair, TablePair};
use super::relation_names;

/// All relation fields of a table. `taken` are the names of its other fields.
pub(super) fn of_table(ctx: &Ctx<'_>, table: usize, taken: &mut Taken) -> Vec<String> {
    let mut fields = Vec::new();
    if ctx.previous.relation_mode() == RelationMode::ForeignKeys {
        for &end in &ctx.relation_ends[table] {
            fields.extend(match end {
                RelationEnd::Forward { table, foreign_key } => {
                    forward(ctx, table, &ctx.tables[table].foreign_keys[foreign_key], taken)
                }
                RelationEnd::Back { table, foreign_key } => {
                    back(ctx, table, &ctx.tables[table].foreign_keys[foreign_key], taken)
                }
                RelationEnd::ManyToMany { join_table, related, is_a } => {
                    many_to_many(ctx, join_table, related, is_a, taken)
                }
            });
        }
    }
    fields.extend(kept(ctx, table).map(copied));
    fields
}

/// The relation fields that the database knows nothing of: to views, and all where there are no foreign keys.
pub(super) fn kept<'a>(
    ctx: &'a Ctx<'_>,
    table: usize,
) -> impl Iterator<Item = RelationFieldWalker<'a>> {
    let has_keys = ctx.previous.relation_mode() == RelationMode::ForeignKeys;
    let fields = ctx.tables[table].previous.into_iter().flat_map(ModelWalker::relation_fields);
    fields
        .filter(move |field| !has_keys || field.related_model().is_view())
        .filter(|field| ctx.is_there(field.related_model()))
}

/// A relation field as the schema before has it.
pub(super) fn copied(field: RelationFieldWalker<'_>) -> String {
    let data = field.data();
    let mark = match field.arity() {
        psl::Arity::Required => "",
        psl::Arity::Optional => "?",
        psl::Arity::List => "[]",
    };
    let mut call = Call::new("@relation");
    if let Some(name) = &data.relation_name {
        call = call.text(name);
    }
    if field.is_forward() {
        call = call.named("fields", list(field.fields().map(ScalarFieldWalker::name)));
    }
    if data.references.is_some() {
        call = call.named("references", list(field.references().map(ScalarFieldWalker::name)));
    }
    for (key, action) in [("onDelete", data.on_delete), ("onUpdate", data.on_update)] {
        if let Some(action) = action {
            call = call.named(key, written(action));
        }
    }
    call = call.named_text("map", data.mapped_name.as_deref());
    let attribute = if call.has_arguments() { format!(" {call}") } else { String::new() };
    let ignore = if data.is_ignored { " @ignore" } else { "" };
    format!("{} {}{mark}{attribute}{ignore}", field.name(), field.related_model().name())
}

fn forward(
    ctx: &Ctx<'_>,
    table: usize,
    key: &ForeignKeyPair<'_>,
    taken: &mut Taken,
) -> Option<String> {
    let (own, referenced) = (&ctx.tables[table], &ctx.tables[key.referenced]);
    let names = key.names.as_ref()?;
    let name = match complete(key) {
        Some((forward, _)) => forward.name(),
        None => &names.forward,
    };
    let columns = || key.columns.iter().map(|column| &own.columns[*column]);
    let is_optional = columns().any(|column| column.column.arity != Arity::Required);
    let is_required = columns().any(|column| column.column.arity == Arity::Required);
    let references = key.referenced_columns.iter().map(|column| &referenced.columns[*column]);
    let mut call = Call::new("@relation");
    if let Some(name) = key.relation_name() {
        call = call.text(name);
    }
    call = call.named("fields", names_of(columns())).named("references", names_of(references));
    if let Some(action) = on_delete(key.key.on_delete, is_required) {
        call = call.named("onDelete", action);
    }
    if key.key.on_update != ForeignKeyAction::Cascade {
        call = call.named("onUpdate", action(key.key.on_update));
    }
    call = call.named_text("map", constraint_name(own, key).as_deref());
    let has_identifiers = own.has_identifier && referenced.has_identifier;
    let ignore = if !has_identifiers && !own.is_ignored() { " @ignore" } else { "" };
    let name = taken.take(writable(name), "relation");
    let mark = if is_optional { "?" } else { "" };
    Some(format!("{name} {}{mark} {call}{ignore}", referenced.named.name))
}

fn back(
    ctx: &Ctx<'_>,
    table: usize,
    key: &ForeignKeyPair<'_>,
    taken: &mut Taken,
) -> Option<String> {
    let (referring, own) = (&ctx.tables[table], &ctx.tables[key.referenced]);
    let names = key.names.as_ref()?;
    let name = match complete(key) {
        Some((_, back)) => back.name(),
        None => &names.back,
    };
    let attribute = match key.relation_name() {
        Some(name) => format!(" {}", Call::new("@relation").text(name)),
        None => String::new(),
    };
    let has_identifiers = referring.has_identifier && own.has_identifier;
    let is_ignored_by_choice = key
        .previous
        .and_then(ends)
        .is_some_and(|(_, back)| back.is_some_and(|back| back.related_model().is_ignored()));
    let is_model_ignored = is_ignored_by_choice || (!own.has_identifier && !own.columns.is_empty());
    let ignore = if !has_identifiers && !is_model_ignored { " @ignore" } else { "" };
    let name = taken.take(writable(name), "relation");
    let mark = if is_unique(referring, key) { "?" } else { "[]" };
    Some(format!("{name} {}{mark}{attribute}{ignore}", referring.named.name))
}

fn many_to_many(
    ctx: &Ctx<'_>,
    join_table: usize,
    related: usize,
    is_a: bool,
    taken: &mut Taken,
) -> Option<String> {
    let names = relation_names::of_join_table(&ctx.tables, join_table)?;
    let database_name = ctx.tables[join_table].table.name.name.as_str();
    let previous = database_name.strip_prefix('_').and_then(|name| {
        let mut relations = ctx.previous.relations().filter_map(RelationWalker::many_to_many);
        relations.find(|(a, _)| a.relation_name() == name)
    });
    let name = match previous {
        Some((a, b)) if a.related_model() != a.model() => {
            if is_a {
                a.name()
            } else {
                b.name()
            }
        }
        _ => {
            if is_a {
                names.forward.as_str()
            } else {
                names.back.as_str()
            }
        }
    };
    let relation = match previous {
        Some((a, _)) => a.relation_name(),
        None => names.relation.clone(),
    };
    let attribute = if relation.is_empty() {
        String::new()
    } else {
        format!(" {}", Call::new("@relation").text(&relation))
    };
    let name = taken.take(writable(name), "relation");
    Some(format!("{name} {}[]{attribute}", ctx.tables[related].named.name))
}

/// Both fields of the relation that the schema before has for this key, if it has both.
fn complete<'a>(
    key: &ForeignKeyPair<'a>,
) -> Option<(RelationFieldWalker<'a>, RelationFieldWalker<'a>)> {
    let (forward, back) = ends(key.previous?)?;
    Some((forward, back?))
}

fn ends(
    relation: RelationWalker<'_>,
) -> Option<(RelationFieldWalker<'_>, Option<RelationFieldWalker<'_>>)> {
    let forward = relation.forward()?;
    Some((forward, forward.opposite()))
}

impl ForeignKeyPair<'_> {
    /// What the relation is called, as in the schema before or as it was named since.
    pub(super) fn relation_name(&self) -> Option<&str> {
        let name = match complete(self) {
            Some((_, back)) => back.data().relation_name.as_deref().unwrap_or_default(),
            None => self.names.as_ref()?.relation.as_str(),
        };
        Some(name).filter(|name| !name.is_empty())
    }

    pub(super) fn is_called_as_before(&self) -> bool {
        complete(self).is_some()
    }
}

/// `map:`, as the schema before has it, else where the key's name is not the one that Prisma gives.
fn constraint_name(table: &TablePair<'_>, key: &ForeignKeyPair<'_>) -> Option<String> {
    let forward = key.previous.and_then(RelationWalker::forward);
    if let Some(name) = forward.and_then(|forward| forward.data().mapped_name.as_ref()) {
        return Some(name.clone());
    }
    let columns: Vec<&str> = key.key.columns.iter().map(String::as_str).collect();
    let own = constraint_names::foreign_key(&table.table.name.name, &columns);
    (key.key.name != own).then(|| key.key.name.clone())
}

/// Whether at most one row refers to each row: a unique index has no other columns than the key.
fn is_unique(table: &TablePair<'_>, key: &ForeignKeyPair<'_>) -> bool {
    table
        .keys
        .iter()
        .filter(|other| other.is_unique())
        .any(|other| other.columns.iter().all(|column| key.columns.contains(&column.column)))
}

/// The name, as it is where that can be a field's: a relation may be called anything, and its fields after it.
fn writable(name: &str) -> Cow<'_, str> {
    let mut tokens = psl::lexer::tokenize(name);
    let is_word = tokens.next().is_some_and(|token| token.kind == SyntaxKind::Word);
    if is_word && tokens.next().is_none() { Cow::Borrowed(name) } else { sanitized(name) }
}

fn names_of<'c>(columns: impl Iterator<Item = &'c ColumnPair<'c>>) -> String {
    list(columns.map(|column| &column.named.name))
}

/// `None` for what goes without saying.
fn on_delete(on_delete: ForeignKeyAction, is_required: bool) -> Option<&'static str> {
    match on_delete {
        ForeignKeyAction::Restrict if is_required => None,
        ForeignKeyAction::SetNull if !is_required => None,
        other => Some(action(other)),
    }
}

fn action(action: ForeignKeyAction) -> &'static str {
    match action {
        ForeignKeyAction::NoAction => "NoAction",
        ForeignKeyAction::Restrict => "Restrict",
        ForeignKeyAction::Cascade => "Cascade",
        ForeignKeyAction::SetNull => "SetNull",
        ForeignKeyAction::SetDefault => "SetDefault",
    }
}

fn written(action: ReferentialAction) -> &'static str {
    match action {
        ReferentialAction::NoAction => "NoAction",
        ReferentialAction::Restrict => "Restrict",
        ReferentialAction::Cascade => "Cascade",
        ReferentialAction::SetNull => "SetNull",
        ReferentialAction::SetDefault => "SetDefault",
    }
}
