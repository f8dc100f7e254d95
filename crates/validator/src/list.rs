//! The rules by name: all of them, and those that are meant by a name that none has.

use serde_json::{Value, json};

use crate::rule::{Rule, Severity};

/// How many names are offered for a wrong one.
const OFFERED: usize = 5;

/// A line for each rule: its id and what it means.
pub fn to_text(rules: &[Rule]) -> String {
    let width = rules.iter().map(|rule| rule.id.len()).max().unwrap_or_default();
    let line = |rule: &Rule| {
        let warning = if rule.severity == Severity::Warning { " (warning)" } else { "" };
        format!("{:width$}  {}{warning}\n", rule.id, rule.meaning)
    };
    rules.iter().map(line).collect()
}

/// `{rules: [{id, kind, model, severity, meaning, fix}]}`.
pub fn to_json(rules: &[Rule]) -> Value {
    json!({ "rules": rules.iter().map(Rule::to_json).collect::<Vec<Value>>() })
}

/// The ids that are meant by a wrong one: those that contain it, else those that few letters make it.
pub fn like<'r>(rules: &'r [Rule], id: &str) -> Vec<&'r str> {
    let ids = || rules.iter().map(|rule| rule.id.as_ref());
    let containing: Vec<&str> = ids().filter(|other| other.contains(id)).take(OFFERED).collect();
    if !containing.is_empty() {
        return containing;
    }
    let mut near: Vec<(usize, &str)> = ids()
        .map(|other| (distance(id, other), other))
        .filter(|(far, _)| *far <= id.len() / 3)
        .collect();
    near.sort_unstable();
    near.into_iter().map(|(_, other)| other).take(OFFERED).collect()
}

/// How many letters are to be added, left out or changed.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, letter) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = line + 1;
        for (place, there) in other.iter().enumerate() {
            let changed = diagonal + usize::from(letter != *there);
            diagonal = row[place + 1];
            row[place + 1] = changed.min(diagonal + 1).min(row[place] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_name_brings_those_that_are_near() {
        let rules = crate::rules();
        assert_eq!(like(&rules, "boking-no-overlap"), ["booking-no-overlap"]);
        assert_eq!(like(&rules, "booking_no_overlap"), ["booking-no-overlap"]);
        assert_eq!(like(&rules, "overlap"), ["booking-no-overlap"]);
        assert_eq!(like(&rules, "cars"), [""; 0]);
        assert_eq!((distance("kitten", "sitting"), distance("", "ab")), (3, 2));
    }
}
