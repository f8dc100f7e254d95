//! "Did you mean": the name that a wrong one is nearest to.

use crate::diagnostic::Diagnostic;
use crate::source::Span;
use std::cell::Cell;

/// How many more comparisons of a wrong word with a right one are worth their time. A large schema with many mistakes
/// and many names is not made slow by looking for what was meant by each.
#[derive(Debug)]
pub(crate) struct Budget(Cell<usize>);

impl Default for Budget {
    fn default() -> Self {
        Self(Cell::new(200_000))
    }
}

impl Budget {
    /// Whether so many can still be made; they then count as made.
    pub(crate) fn affords(&self, comparisons: usize) -> bool {
        let left = self.0.get().checked_sub(comparisons);
        self.0.set(left.unwrap_or(0));
        left.is_some()
    }
}

/// Adds what was probably meant by `wrong`, which stands at `span`. Where only the case of letters is wrong it is
/// certain, and a fix.
pub(crate) fn suggest<'c>(
    diagnostic: Diagnostic,
    wrong: &str,
    span: Span,
    candidates: impl IntoIterator<Item = &'c str, IntoIter: Clone>,
) -> Diagnostic {
    suggest_if(diagnostic, wrong, span, candidates, |_| true)
}

/// As [`suggest`], where a name may be known and still not be what can stand here, as one that is there already.
pub(crate) fn suggest_if<'c>(
    diagnostic: Diagnostic,
    wrong: &str,
    span: Span,
    candidates: impl IntoIterator<Item = &'c str, IntoIter: Clone>,
    is_certain: impl Fn(&str) -> bool,
) -> Diagnostic {
    let candidates = candidates.into_iter();
    let same = in_another_case(wrong, candidates.clone());
    if let Some(same) = same.filter(|same| is_certain(same)) {
        return diagnostic.fix(format!("write `{same}`"), span, same);
    }
    match same.or_else(|| nearest(wrong, candidates)) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic,
    }
}

/// As [`suggest_if`], for several words with the place of each.
pub(crate) fn suggest_each<'c>(
    mut diagnostic: Diagnostic,
    wrong: &[(&str, Span)],
    candidates: impl IntoIterator<Item = &'c str, IntoIter: Clone>,
    is_certain: impl Fn(&str) -> bool,
) -> Diagnostic {
    let candidates = candidates.into_iter();
    if let [(word, span)] = wrong {
        return suggest_if(diagnostic, word, *span, candidates, is_certain);
    }
    let near = wrong.iter().filter_map(|(word, _)| {
        in_another_case(word, candidates.clone()).or_else(|| nearest(word, candidates.clone()))
    });
    let near: Vec<String> = near.map(|near| format!("`{near}`")).collect();
    if !near.is_empty() {
        diagnostic = diagnostic.help(format!("did you mean {}?", near.join(", ")));
    }
    diagnostic
}

/// Whether a name in the right case would be the only one of its kind among those that are written. Of very many names
/// nobody is sure.
pub(crate) fn is_only<'n>(name: &str, written: impl IntoIterator<Item = &'n str>) -> bool {
    let mut seen = 0;
    written.into_iter().enumerate().all(|(position, other)| {
        seen += usize::from(other.eq_ignore_ascii_case(name));
        position < 1000 && seen < 2
    })
}

/// The one candidate that differs in nothing but the case of letters.
pub(crate) fn in_another_case<'c>(
    wrong: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Option<&'c str> {
    let mut same = candidates.into_iter().filter(|candidate| candidate.eq_ignore_ascii_case(wrong));
    let first = same.next().filter(|first| *first != wrong)?;
    same.next().is_none().then_some(first)
}

/// The candidate that differs least from `wrong`, if it is near enough to be what was meant.
pub fn nearest<'c>(wrong: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    // Long words are only compared when something about them could be near, so that this stays cheap.
    let limit = (wrong.chars().count() / 3).clamp(1, 3);
    candidates
        .into_iter()
        .filter(|candidate| *candidate != wrong)
        .filter_map(|candidate| Some((distance(wrong, candidate, limit)?, candidate)))
        // Where nothing is left of it, it was not meant.
        .filter(|(distance, _)| *distance < wrong.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Insertions, deletions, substitutions and swaps of neighbours between two words, letter case counting as nothing;
/// `None` above `limit`.
fn distance(a: &str, b: &str, limit: usize) -> Option<usize> {
    let a: Vec<char> = a.chars().flat_map(char::to_lowercase).collect();
    let b: Vec<char> = b.chars().flat_map(char::to_lowercase).collect();
    if a.len().abs_diff(b.len()) > limit || a.len() > 64 {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (row, &x) in a.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, &y) in b.iter().enumerate() {
            let substituted = above[column] + usize::from(x != y);
            let mut best = substituted.min(above[column + 1] + 1).min(current[column] + 1);
            if row > 0 && column > 0 && x == b[column - 1] && a[row - 1] == y {
                best = best.min(before[column - 1] + 1);
            }
            current.push(best);
        }
        before = std::mem::replace(&mut above, current);
    }
    above.last().copied().filter(|distance| *distance <= limit)
}

#[cfg(test)]
mod tests {
    use super::{in_another_case, is_only, nearest};

    #[test]
    fn slips_of_the_hand_are_found() {
        let names = ["String", "Int", "DateTime", "Booking"];
        assert_eq!(nearest("Sting", names), Some("String"));
        assert_eq!(nearest("datetime", names), Some("DateTime"));
        assert_eq!(nearest("Boking", names), Some("Booking"));
        assert_eq!(nearest("Itn", names), Some("Int"));
        assert_eq!(nearest("Uuid", names), None);
        assert_eq!(nearest("x", ["y", "z"]), None);
    }

    #[test]
    fn only_one_name_in_another_case_is_certain() {
        assert_eq!(in_another_case("ID", ["id", "ido"]), Some("id"));
        assert_eq!(in_another_case("ID", ["id", "Id"]), None);
        assert_eq!(in_another_case("id", ["id"]), None);
        assert!(is_only("id", ["map", "ID"]));
        assert!(!is_only("id", ["map", "ID", "Id"]) && !is_only("id", ["id", "ID"]));
    }
}
