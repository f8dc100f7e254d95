//! Functions of the schema's own: which have the same value for every row of a statement.

use sql::statement::{Function, Name, Verb};

use super::Catalog;
use crate::steady;

impl Catalog {
    /// Whether an expression has the same value for every row of one statement.
    pub(crate) fn is_steady(&self, expression: &str) -> bool {
        steady::is_steady(expression, |name| self.is_steady_function(name))
    }

    /// Which of several that have the name is called is not asked: all have to be so.
    fn is_steady_function(&self, name: &Name) -> bool {
        match self.functions.get(&self.resolve_function(name)) {
            Some(all) => all.values().all(|is_steady| *is_steady),
            // A type's name makes a value of it.
            None => self.types.contains_key(&self.resolve_type(name)),
        }
    }

    pub(super) fn define_function(&mut self, function: &Function) {
        if function.verb == Verb::Create {
            let name = self.made(&function.name, false);
            let is_steady = function.is_steady.unwrap_or(false);
            let all = self.functions.entry(name).or_default();
            all.insert(function.parameters.clone(), is_steady);
            return;
        }
        let name = self.resolve_function(&function.name);
        let (Some(all), Some(is_steady)) = (self.functions.get_mut(&name), function.is_steady)
        else {
            return;
        };
        // Here parameters have no names: which of several is meant cannot be told.
        if all.len() == 1 || !is_steady {
            for one in all.values_mut() {
                *one = is_steady;
            }
        }
    }

    pub(super) fn rename_function(&mut self, from: &Name, to: &str) {
        let from = self.resolve_function(from);
        let renamed = Name { schema: from.schema.clone(), name: to.to_owned() };
        if let Some(all) = self.functions.remove(&from) {
            self.functions.entry(renamed).or_default().extend(all);
        }
    }

    pub(super) fn drop_function(&mut self, name: &Name) {
        let name = self.resolve_function(name);
        self.functions.remove(&name);
    }
}
