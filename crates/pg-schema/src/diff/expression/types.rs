//! Names of types in casts, in the form that the server prints.

/// Types of more than one word, as far as their first words go.
const WORDS_AFTER: [(&str, &[&str]); 4] = [
    ("double", &["precision"]),
    ("character", &["varying"]),
    ("bit", &["varying"]),
    ("national", &["character", "varying"]),
];

/// Whether a type's name goes on with this word.
pub(super) fn continues(name: &str, word: &str) -> bool {
    let last = name.rsplit(' ').next().unwrap_or(name);
    let is_time = name.starts_with("time");
    WORDS_AFTER.iter().any(|(first, words)| name.starts_with(first) && words.contains(&word))
        || (is_time
            && (matches!(word, "with" | "without")
                || (matches!(last, "with" | "without") && word == "time")))
        || (is_time && last == "time" && name.contains(' ') && word == "zone")
}

/// The one name of a type that has several.
pub(super) fn canonical(name: &str) -> &str {
    match name {
        "int" | "int4" => "integer",
        "int8" => "bigint",
        "int2" => "smallint",
        "bool" => "boolean",
        "float8" | "float" => "double precision",
        "float4" => "real",
        "decimal" => "numeric",
        "varchar" => "character varying",
        "char" => "character",
        "varbit" => "bit varying",
        "timestamptz" => "timestamp with time zone",
        "timestamp" => "timestamp without time zone",
        "timetz" => "time with time zone",
        "time" => "time without time zone",
        other => other,
    }
}

/// Whether `name 'text'` is a constant of a type rather than two things.
pub(super) fn can_precede_constant(name: &str) -> bool {
    matches!(
        name,
        "interval"
            | "date"
            | "time"
            | "timestamp"
            | "timestamptz"
            | "timetz"
            | "numeric"
            | "json"
            | "jsonb"
            | "uuid"
    )
}
