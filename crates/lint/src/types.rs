//! Types by their many names, and which changes of one leave the rows as they are.

/// A type: its own name, what stands in its parentheses, and whether it is an array.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Type {
    pub name: String,
    pub arguments: Vec<i64>,
    pub is_array: bool,
}

impl Type {
    /// A type as it is written.
    pub(crate) fn read(written: &str) -> Type {
        let lower = folded(written);
        let is_array = lower.contains('[') || lower.split_whitespace().any(|word| word == "array");
        let bare = lower.split('[').next().unwrap_or_default();
        let (before, arguments, after) = match (bare.find('('), bare.find(')')) {
            (Some(open), Some(close)) if open < close => {
                (&bare[..open], &bare[open + 1..close], &bare[close + 1..])
            }
            _ => (bare, "", ""),
        };
        let words: Vec<&str> = before
            .split_whitespace()
            .chain(after.split_whitespace())
            .filter(|word| *word != "array")
            .collect();
        let name = words.join(" ");
        let name = name.strip_prefix("pg_catalog.").unwrap_or(&name).trim_matches('"');
        let arguments = arguments.split(',').filter_map(|part| part.trim().parse().ok()).collect();
        Type { name: canonical(name).to_owned(), arguments, is_array }
    }

    /// Whether it makes a sequence of its own and takes the numbers from it.
    pub(crate) fn is_serial(&self) -> bool {
        matches!(self.name.as_str(), "serial" | "bigserial" | "smallserial")
    }
}

/// In lower case, but for what stands in quotes.
fn folded(written: &str) -> String {
    let mut is_quoted = false;
    let fold = |letter: char| {
        is_quoted ^= letter == '"';
        if is_quoted { letter } else { letter.to_ascii_lowercase() }
    };
    written.chars().map(fold).collect()
}

fn canonical(name: &str) -> &str {
    match name {
        "character varying" | "char varying" | "national character varying" => "varchar",
        "character" | "char" | "national character" | "bpchar" => "char",
        "int" | "int4" => "integer",
        "int8" => "bigint",
        "int2" => "smallint",
        "serial4" => "serial",
        "serial8" => "bigserial",
        "serial2" => "smallserial",
        "decimal" | "dec" => "numeric",
        "bool" => "boolean",
        "float8" | "float" => "double precision",
        "float4" => "real",
        "timestamp without time zone" => "timestamp",
        "timestamp with time zone" => "timestamptz",
        "time without time zone" => "time",
        "time with time zone" => "timetz",
        "bit varying" => "varbit",
        other => other,
    }
}

/// Whether each row that has the one type has the other as it stands. `at_utc`: whether the session's time zone is UTC.
pub(crate) fn keeps_rows(from: &Type, to: &Type, at_utc: bool) -> bool {
    if from == to {
        return true;
    }
    if from.is_array || to.is_array {
        // The server knows no such thing of the elements.
        return false;
    }
    let argument = |ty: &Type, at: usize| ty.arguments.get(at).copied();
    match (from.name.as_str(), to.name.as_str()) {
        ("varchar", "varchar") | ("varbit", "varbit") => grows(argument(from, 0), argument(to, 0)),
        ("text" | "citext", "varchar") => argument(to, 0).is_none(),
        ("numeric", "numeric") => match (argument(from, 0), argument(to, 0)) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(old), Some(new)) => {
                new >= old && argument(from, 1).unwrap_or(0) == argument(to, 1).unwrap_or(0)
            }
        },
        ("timestamp", "timestamptz") | ("timestamptz", "timestamp") => {
            at_utc && grows_to(argument(from, 0), argument(to, 0), 6)
        }
        ("timestamp", "timestamp")
        | ("timestamptz", "timestamptz")
        | ("time", "time")
        | ("timetz", "timetz")
        | ("interval", "interval") => grows_to(argument(from, 0), argument(to, 0), 6),
        ("varchar", "text" | "citext")
        | ("text", "citext")
        | ("citext", "text")
        | ("cidr", "inet") => true,
        _ => false,
    }
}

/// No limit is the largest one.
fn grows(from: Option<i64>, to: Option<i64>) -> bool {
    match (from, to) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(old), Some(new)) => new >= old,
    }
}

/// No limit is this one.
fn grows_to(from: Option<i64>, to: Option<i64>, most: i64) -> bool {
    to.unwrap_or(most) >= from.unwrap_or(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_has_many_names() {
        for (written, name, arguments, is_array) in [
            ("character varying(20)", "varchar", vec![20], false),
            ("CHARACTER VARYING ( 20 )[]", "varchar", vec![20], true),
            ("timestamp(3) with time zone", "timestamptz", vec![3], false),
            ("numeric(10, 2)", "numeric", vec![10, 2], false),
            ("pg_catalog.int4", "integer", vec![], false),
            ("\"MyEnum\"", "MyEnum", vec![], false),
            ("int array", "integer", vec![], true),
        ] {
            let ty = Type { name: name.to_owned(), arguments, is_array };
            assert_eq!(Type::read(written), ty, "{written}");
        }
    }
}
