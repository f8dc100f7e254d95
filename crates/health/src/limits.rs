//! From which value on a check warns, and what it is not to tell of.

use crate::report::State;

/// When a value is worth a warning, and when it is critical.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Limits {
    /// From here on it warns.
    pub(crate) warn: f64,
    /// From here on it is critical; never, where it is infinite.
    pub(crate) critical: f64,
}

impl Limits {
    pub(crate) const fn new(warn: f64, critical: f64) -> Self {
        Self { warn, critical }
    }

    /// Warnings only.
    pub(crate) const fn warning(warn: f64) -> Self {
        Self { warn, critical: f64::INFINITY }
    }

    /// Whether low values are the bad ones: then the critical limit is the lower of the two.
    pub(crate) fn is_floor(self) -> bool {
        self.critical < self.warn
    }

    /// How bad a value is.
    pub(crate) fn judge(self, value: f64) -> State {
        let reaches = |limit: f64| if self.is_floor() { value < limit } else { value >= limit };
        if reaches(self.critical) {
            State::Critical
        } else if reaches(self.warn) {
            State::Warn
        } else {
            State::Ok
        }
    }
}

/// Something that a check is not to tell of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Exception {
    /// As the report names it.
    pub(crate) subject: String,
}

impl Exception {
    /// Whether it is about this subject. The quotes of SQL need not be there.
    pub(crate) fn is_of(&self, subject: &str) -> bool {
        let bare = |text: &str| text.replace('"', "");
        bare(&self.subject) == bare(subject)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn high_values_are_bad_unless_the_limits_fall() {
        let ceiling = Limits::new(5.0, 30.0);
        assert_eq!(
            [4.9, 5.0, 29.0, 30.0].map(|value| ceiling.judge(value)),
            [State::Ok, State::Warn, State::Warn, State::Critical]
        );
        let floor = Limits::new(99.0, 90.0);
        assert_eq!(
            [99.0, 98.9, 90.0, 89.0].map(|value| floor.judge(value)),
            [State::Ok, State::Warn, State::Warn, State::Critical]
        );
        assert_eq!(Limits::warning(1.0).judge(1e300), State::Warn);
    }
}
