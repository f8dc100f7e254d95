//! How long something took, or will take, for a person.

use std::time::Duration;

/// `45 s`, `12 min`, `3 h`.
pub fn span(duration: Duration) -> String {
    match duration.as_secs() {
        seconds @ 0..120 => format!("{seconds} s"),
        seconds @ 120..7200 => format!("{} min", seconds / 60),
        seconds => format!("{} h", seconds / 3600),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_roughly() {
        for (seconds, text) in [(0, "0 s"), (119, "119 s"), (125, "2 min"), (7300, "2 h")] {
            assert_eq!(span(Duration::from_secs(seconds)), text);
        }
    }
}
