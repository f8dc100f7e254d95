//! The texts of `db pull`.

use std::fmt::Write as _;
use std::time::Duration;

use mapping::pull::Pulled;

/// What is being done; `schema` as people know it.
pub fn introspecting(schema: &str) -> String {
    format!("Introspecting based on datasource defined in {schema}")
}

/// The end of `db pull`.
pub fn introspected(pulled: &Pulled, schema: &str, took: Duration) -> String {
    let texts = pulled.files.iter().flat_map(|file| file.text().lines());
    let models = texts.filter(|line| line.starts_with("model ")).count();
    let (models, them) = if models > 1 {
        (format!("{models} models"), "them")
    } else {
        (format!("{models} model"), "it")
    };
    let warnings =
        if pulled.warnings.is_empty() { String::new() } else { format!("\n{}", pulled.warnings) };
    format!(
        "✔ Introspected {models} and wrote {them} into {schema} in {}\n      {warnings}\n\
         Run cargo xtask generate to generate the typed client.{}",
        duration(took),
        unsaid(pulled)
    )
}

/// What Prisma does not tell.
fn unsaid(pulled: &Pulled) -> String {
    if pulled.unsaid.is_empty() {
        return String::new();
    }
    format!("\n\nWhat else the schema does not say:\n  - {}", pulled.unsaid.join("\n  - "))
}

/// Prisma's warnings and our remarks, as they stand beside a schema that is printed: comments.
pub fn warnings_as_comments(pulled: &Pulled) -> String {
    let mut text = String::new();
    if !pulled.warnings.is_empty() {
        let _ = write!(text, "\n{}", pulled.warnings);
    }
    text.push_str(&unsaid(pulled));
    text.replace('\n', "\n// ")
}

/// That there is nothing to pull (P4001).
pub fn database_is_empty() -> String {
    refusal(
        "P4001 The introspected database was empty",
        "manually create a table in your database",
        "a database that is not empty (it must contain at least one table)",
    )
}

/// That there is no such database (P1003).
pub fn database_is_missing() -> String {
    refusal(
        "P1003 The introspected database does not exist",
        "manually create a database",
        "an existing database",
    )
}

/// Why a schema with errors is not pulled into (P1012); behind the errors themselves.
pub fn schema_is_invalid() -> String {
    "Introspection failed as your current Prisma schema file is invalid\n\n\
     Please fix your current schema manually (using either cargo xtask validate or the Prisma VS Code extension to \
     understand what's broken and confirm you fixed it), and then run this command again.\n\
     Or run this command with the --force flag to ignore your current schema and overwrite it. All local modifications \
     will be lost."
        .to_owned()
}

/// That a pull came to a schema with errors, which follow; behind all that is told of it.
pub fn result_is_invalid() -> &'static str {
    "warning: the schema that was pulled has errors, and cargo xtask db pull does not take up a schema with errors. \
     Please mend them, and check with cargo xtask validate:"
}

fn refusal(what: &str, first: &str, second: &str) -> String {
    format!(
        "\n{what}:\n\n\
         cargo xtask db pull could not create any models in your schema.prisma file and you will not be able to generate \
         the typed client with the cargo xtask generate command.\n\n\
         To fix this, you have two options:\n\n\
         - {first}.\n\
         - make sure the database connection URL inside the datasource block in schema.prisma points to {second}.\n\n\
         Then you can run cargo xtask db pull again."
    )
}

/// `69ms`, `5.39s`.
fn duration(took: Duration) -> String {
    if took < Duration::from_secs(1) {
        format!("{}ms", took.as_millis())
    } else {
        format!("{:.2}s", took.as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use mapping::pull::Warnings;
    use psl::SourceFile;

    use super::*;

    fn pulled(text: &str) -> Pulled {
        Pulled {
            files: vec![SourceFile::new("schema.prisma", text)],
            warnings: Warnings::default(),
            unsaid: Vec::new(),
            views: Vec::new(),
            is_empty: false,
        }
    }

    #[test]
    fn one_model_is_it_and_two_are_them() {
        let told = |text| introspected(&pulled(text), "prisma", Duration::from_millis(69));
        let one = told("model A {\n}\n\nenum B {\n}\n");
        assert!(
            one.starts_with(
                "✔ Introspected 1 model and wrote it into prisma in 69ms\n      \nRun "
            )
        );
        let two = told("model A {\n}\n\nmodel B {\n}\n");
        assert!(two.starts_with("✔ Introspected 2 models and wrote them into prisma in 69ms\n"));
        assert_eq!(duration(Duration::from_millis(5391)), "5.39s");
    }

    #[test]
    fn beside_a_printed_schema_all_else_is_a_comment() {
        let mut pulled = pulled("");
        assert_eq!(warnings_as_comments(&pulled), "");
        pulled.unsaid.push("The view \"v\" is left out.".to_owned());
        assert_eq!(
            warnings_as_comments(&pulled),
            "\n// \n// What else the schema does not say:\n//   - The view \"v\" is left out."
        );
    }
}
