//! A report as CI systems read it: the XML of `JUnit`, and the commands of GitHub's workflows.

use std::fmt::Write as _;

use super::{Outcome, Report};
use crate::rule::Severity;

impl Report {
    /// The XML of `JUnit`: a test case a rule, a failure where it is broken, an error where it could not be checked.
    pub fn to_junit(&self) -> String {
        let count = |which: fn(&Outcome) -> bool| {
            self.outcomes.iter().filter(|outcome| which(outcome)).count()
        };
        let mut text = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <testsuite name=\"verify\" tests=\"{}\" failures=\"{}\" errors=\"{}\" time=\"{:.3}\">\n",
            self.outcomes.len(),
            count(|outcome| outcome.result.is_ok() && !outcome.is_kept()),
            count(|outcome| outcome.result.is_err()),
            self.took.as_secs_f64(),
        );
        for outcome in &self.outcomes {
            let rule = &outcome.rule;
            // Writing to a String cannot fail.
            let _ = write!(
                text,
                "  <testcase classname=\"{}.{}\" name=\"{}\" time=\"{:.3}\"",
                rule.kind.word(),
                xml(rule.model),
                xml(&rule.id),
                outcome.took.as_secs_f64(),
            );
            let problem = match &outcome.result {
                Ok(_) if outcome.is_kept() => None,
                Ok(findings) => Some(("failure", findings.to_text())),
                Err(error) => Some(("error", error.clone())),
            };
            let _ = match problem {
                None => writeln!(text, "/>"),
                Some((element, message)) => writeln!(
                    text,
                    ">\n    <{element} type=\"{}\" message=\"{}\">{}\n{}</{element}>\n  </testcase>",
                    rule.severity.word(),
                    xml(&message),
                    xml(&rule.meaning),
                    xml(&rule.fix),
                ),
            };
        }
        text.push_str("</testsuite>\n");
        text
    }

    /// An annotation for each rule that is not kept, and nothing else.
    pub fn to_github(&self) -> String {
        let annotation = |outcome: &Outcome| {
            let rule = &outcome.rule;
            let (command, message) = match &outcome.result {
                Ok(findings) if rule.severity == Severity::Warning => {
                    ("warning", findings.to_text())
                }
                Ok(findings) => ("error", findings.to_text()),
                Err(error) => ("error", format!("could not be checked: {error}")),
            };
            let message = format!("{message}\n{}\n{}", rule.meaning, rule.fix);
            format!("::{command} title={}::{}\n", property(&rule.id), data(&message))
        };
        self.broken().map(annotation).collect()
    }
}

/// Text inside an attribute or an element.
fn xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push_str("&#10;"),
            // XML has no way to say most of them.
            char if char.is_control() => escaped.push(' '),
            char => escaped.push(char),
        }
    }
    escaped
}

/// What GitHub decodes in a message.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// What it decodes in a property as well.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::super::tests::report;
    use super::*;

    #[test]
    fn junit_has_a_case_for_each_rule() {
        let expected = "\
<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<testsuite name=\"verify\" tests=\"3\" failures=\"1\" errors=\"1\" time=\"0.007\">
  <testcase classname=\"business.Booking\" name=\"kept\" time=\"0.003\"/>
  <testcase classname=\"business.Booking\" name=\"broken\" time=\"0.003\">
    <failure type=\"error\" message=\"7 rows: a, b, …\">It is so.&#10;Make it so.</failure>
  </testcase>
  <testcase classname=\"business.Booking\" name=\"unchecked\" time=\"0.003\">
    <error type=\"error\" message=\"no such table\">It is so.&#10;Make it so.</error>
  </testcase>
</testsuite>
";
        assert_eq!(report().to_junit().replace("so.\nMake", "so.&#10;Make"), expected);
    }

    #[test]
    fn github_gets_what_is_wrong_with_what_it_decodes_encoded() {
        let mut report = report();
        report.outcomes[2].result = Err("100 %\nof it".to_owned());
        let expected = "::error title=broken::7 rows: a, b, …%0AIt is so.%0AMake it so.\n\
                        ::error title=unchecked::could not be checked: 100 %25%0Aof it%0AIt is so.%0AMake it so.\n";
        assert_eq!(report.to_github(), expected);
    }

    #[test]
    fn no_text_breaks_the_xml() {
        assert_eq!(xml("a<b> & \"c\"\u{1}"), "a&lt;b&gt; &amp; &quot;c&quot; ");
    }
}
