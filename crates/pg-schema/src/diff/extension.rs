//! Which extensions come or change. None goes: others may use what nobody here asked for.

use crate::{AlterExtension, ExtensionId, Pair, PgSchema, Step};

pub(super) fn push_steps(schemas: Pair<&PgSchema>, steps: &mut Vec<Step>) {
    for (next_id, next) in schemas.next.extensions.iter().enumerate() {
        let found =
            schemas.previous.extensions.iter().position(|previous| previous.name == next.name);
        let Some(previous_id) = found else {
            steps.push(Step::CreateExtension(ExtensionId(next_id)));
            continue;
        };
        let previous = &schemas.previous.extensions[previous_id];
        let extensions = Pair::new(ExtensionId(previous_id), ExtensionId(next_id));
        let version = differs(Pair::new(&previous.version, &next.version));
        let schema = differs(Pair::new(&previous.schema, &next.schema));
        if !version && !schema {
            continue;
        }
        if previous.relocatable || next.relocatable {
            steps.push(Step::AlterExtension(AlterExtension { extensions, version, schema }));
        } else {
            steps.push(Step::DropExtension(extensions.previous));
            steps.push(Step::CreateExtension(extensions.next));
        }
    }
}

/// What is not said may be anything.
fn differs(values: Pair<&Option<String>>) -> bool {
    matches!((values.previous, values.next), (Some(previous), Some(next)) if previous != next)
}
