//! "Did you mean": the name that a wrong one is nearest to.

/// The candidate that differs least from `wrong`, if it is near enough to be what was meant.
pub(crate) fn nearest<'c>(
    wrong: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Option<&'c str> {
    // Long words are only compared when something about them could be near, so that this stays cheap.
    let limit = (wrong.chars().count() / 3).clamp(1, 3);
    candidates
        .into_iter()
        .filter(|candidate| *candidate != wrong)
        .filter_map(|candidate| Some((distance(wrong, candidate, limit)?, candidate)))
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
    use super::nearest;

    #[test]
    fn slips_of_the_hand_are_found() {
        let names = ["String", "Int", "DateTime", "Booking"];
        assert_eq!(nearest("Sting", names), Some("String"));
        assert_eq!(nearest("datetime", names), Some("DateTime"));
        assert_eq!(nearest("Boking", names), Some("Booking"));
        assert_eq!(nearest("Itn", names), Some("Int"));
        assert_eq!(nearest("Uuid", names), None);
    }
}
