//! Whether an expression has the same value for every row of one statement.

use sql::statement::Name;
use sql::{Token, tokens};

/// PostgreSQL's own functions that defaults are made of, where none of that name is volatile.
const FUNCTIONS: &[&str] = &[
    "abs acos age array_append array_fill array_length array_remove array_to_json array_to_string ascii asin atan atan2",
    "bit_length box btrim cardinality cbrt ceil ceiling char_length character_length chr circle col_description concat",
    "concat_ws convert_from convert_to cos cot current_database current_schema current_schemas current_setting date",
    "date_part date_trunc daterange decode degrees div encode enum_first enum_last enum_range exp extract factorial floor",
    "format format_type gcd get_bit get_byte host inet_client_addr inet_client_port inet_server_addr inet_server_port",
    "initcap int2 int4 int4range int8 int8range isempty isfinite json_array_length json_build_array json_build_object",
    "json_object jsonb_array_length jsonb_build_array jsonb_build_object jsonb_insert jsonb_object jsonb_pretty jsonb_set",
    "jsonb_strip_nulls justify_days justify_hours justify_interval lcm left length line ln log log10 lower lpad lseg ltrim",
    "make_date make_interval make_time make_timestamp make_timestamptz md5 min_scale mod money multirange now",
    "num_nonnulls num_nulls numeric numrange obj_description octet_length overlay path pg_backend_pid pg_client_encoding",
    "pg_postmaster_start_time pg_size_bytes pg_size_pretty pg_typeof pi plainto_tsquery point polygon position pow power",
    "quote_ident quote_literal quote_nullable radians regexp_match regexp_replace regexp_split_to_array repeat replace",
    "reverse right round row_to_json rpad rtrim scale set_bit set_byte sha224 sha256 sha384 sha512 sign sin split_part sqrt",
    "starts_with statement_timestamp string_to_array strpos substr substring tan text timestamp timestamptz timezone",
    "to_char to_date to_hex to_json to_jsonb to_number to_regclass to_timestamp to_tsquery to_tsvector",
    "transaction_timestamp translate trim_scale trunc tsrange tstzrange txid_current unistr upper varchar version",
    "width_bucket",
];

/// Words of SQL behind which parentheses may stand: types, operators, what looks like a function and is none.
const WORDS: &[&str] = &[
    "all and any array as between bit bpchar case cast char character coalesce collate current_time current_timestamp",
    "decimal distinct else for from greatest ilike in interval is least like localtime localtimestamp normalize not nullif",
    "nchar or placing row similar some then time to trim varying when",
];

/// False where a function is called that may be volatile: all that are not known are, as functions are unless they say
/// otherwise. `is_known` tells of those that the schema itself has.
pub(crate) fn is_steady(expression: &str, is_known: impl Fn(&Name) -> bool) -> bool {
    let tokens = tokens(expression);
    tokens.iter().enumerate().all(|(at, token)| {
        if !tokens.get(at + 1).is_some_and(|next| next.is_mark('(')) {
            return true;
        }
        let name = match token {
            Token::Word(word) => word.to_lowercase(),
            Token::Name(name) => name.clone(),
            Token::Mark(_) => return true,
        };
        let is_qualified = at > 1 && tokens[at - 1].is_mark('.');
        let schema = is_qualified.then(|| match &tokens[at - 2] {
            Token::Word(word) => word.to_lowercase(),
            Token::Name(name) => name.clone(),
            Token::Mark(_) => String::new(),
        });
        let is_own = schema.as_deref().is_none_or(|schema| schema == "pg_catalog");
        (is_own && is_among(FUNCTIONS, &name))
            || (!is_qualified && is_among(WORDS, &name) && matches!(token, Token::Word(_)))
            || is_known(&Name { schema, name })
    })
}

fn is_among(lines: &[&str], name: &str) -> bool {
    lines.iter().any(|line| line.split(' ').any(|word| word == name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_may_be_volatile() {
        for (expression, steady) in [
            ("5", true),
            ("'random()'", true),
            ("now()", true),
            ("pg_catalog.now()", true),
            ("CURRENT_TIMESTAMP", true),
            ("CURRENT_TIMESTAMP(3)", true),
            ("'{}'::jsonb", true),
            ("(1 + 2) * 3", true),
            ("'a'::varchar(20)", true),
            ("COALESCE(NULLIF('a', ''), upper(left('abc', 2)))", true),
            ("gen_random_uuid()", false),
            ("clock_timestamp()", false),
            ("nextval('s')", false),
            ("now() + random() * interval '1 day'", false),
            ("public.\"mine\"()", false),
            ("public.now()", false),
            ("\"in\"(3)", false),
            ("known()", true),
            ("\"Public\".\"Known\"()", true),
            ("length(other())", false),
        ] {
            let is_known = |name: &Name| ["known", "Known"].contains(&name.name.as_str());
            assert_eq!(is_steady(expression, is_known), steady, "{expression}");
        }
    }

    /// A server has each of them, and none of the name is volatile there, but for that which before 15 puts a time without a
    /// day into another zone.
    #[tokio::test]
    async fn what_is_known_is_so_on_a_server() {
        let database = postgres::testing::TestDatabase::empty("steady");
        let connection = database.connect().await;
        let all: Vec<&str> = FUNCTIONS.iter().flat_map(|line| line.split(' ')).collect();
        let volatile = "SELECT name FROM unnest($1::text[]) name WHERE EXISTS ( \
                            SELECT FROM pg_proc WHERE proname = name AND pronamespace = 'pg_catalog'::regnamespace \
                                AND provolatile = 'v' AND NOT (proname = 'timezone' AND 'timetz'::regtype = ANY (proargtypes)))";
        let wrong = connection.query(volatile, &[&all]).await.unwrap();
        let wrong: Vec<String> = wrong.iter().map(|row| row.get(0)).collect();
        assert_eq!(wrong, [""; 0]);
        let missing = "SELECT name FROM unnest($1::text[]) name \
                       WHERE NOT EXISTS (SELECT FROM pg_proc WHERE proname = name)";
        let missing = connection.query(missing, &[&all]).await.unwrap();
        let missing: Vec<String> = missing.iter().map(|row| row.get(0)).collect();
        // These came with 14.
        let newer = ["extract", "multirange", "trim_scale", "unistr"];
        assert!(missing.iter().all(|name| newer.contains(&name.as_str())), "{missing:?}");
        connection.close().await;
    }
}
