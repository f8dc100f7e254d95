//! An expression over the columns of a row, read: which columns, functions and types it names, and where.
//!
//! Read from squawk's tree, never by looking for words. What cannot stand for one value of one row (a subselect, an aggregate,
//! a parameter) is a [`Problem`]. Whether names exist is for the caller to say.

use std::fmt;
use std::ops::Range;

use squawk_syntax::ast::AstNode as _;
use squawk_syntax::{SourceFile, SyntaxKind as K, SyntaxNode};

use crate::statement::Name;
use crate::statement::tree::{range, text, tokens};

/// What an expression is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expression {
    /// In the order in which they stand.
    pub columns: Vec<ColumnRef>,
    /// Functions, in lower case, and values that are called without parentheses, as `current_date`. Those in a schema have
    /// it before them: `public.f`.
    pub functions: Vec<String>,
    /// The types that it casts to, as they are written.
    pub types: Vec<String>,
    /// What can be told of its form.
    pub shape: Shape,
}

/// A column that an expression names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnRef {
    /// What stands before the point: a table or a name for one.
    pub qualifier: Option<String>,
    /// The column, folded as the server folds it.
    pub name: String,
    /// Where it stands, qualifier included.
    pub range: Range<usize>,
}

/// The outermost of an expression, as far as it is one that can be taken back. Ranges are into its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// A column.
    Column,
    /// A cast of what is inside.
    Cast(Box<Shape>),
    /// `… AT TIME ZONE zone`.
    AtTimeZone(Box<Shape>, Range<usize>),
    /// `round(…)` to whole numbers, or to as many digits as its second argument says.
    Round(Box<Shape>),
    /// `… * factor`, the factor a number.
    Times(Box<Shape>, Range<usize>),
    /// `… / divisor`, the divisor a number.
    Over(Box<Shape>, Range<usize>),
    /// Anything else.
    Other,
}

/// Why a text is no expression over the columns of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// It is none that PostgreSQL's grammar knows.
    Unreadable,
    /// It reads rows of its own.
    Subselect,
    /// It is made of several rows: the function.
    Aggregate(String),
    /// It is to be given something: `$1`.
    Parameter,
    /// It names all columns at once.
    Star,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable => f.write_str("it is no SQL expression"),
            Self::Subselect => f.write_str("it has a subselect"),
            Self::Aggregate(name) => write!(f, "{name} is made of several rows"),
            Self::Parameter => f.write_str("it has a parameter"),
            Self::Star => f.write_str("it has a * for all columns"),
        }
    }
}

impl Expression {
    /// Reads an expression.
    ///
    /// ```
    /// use sql::Expression;
    ///
    /// let read = Expression::read(r#"round("price" * 100)::int"#).unwrap();
    /// assert_eq!(read.columns[0].name, "price");
    /// assert_eq!(read.functions, ["round"]);
    /// assert_eq!(read.types, ["int"]);
    /// assert!(Expression::read("count(*)").is_err());
    /// ```
    pub fn read(sql: &str) -> Result<Self, Problem> {
        // In parentheses, so that a comma or an alias after it is a mistake.
        let before = "SELECT (";
        let whole = format!("{before}{sql}\n)");
        let parsed = SourceFile::parse(&whole);
        let root = parsed.tree();
        if !parsed.errors().is_empty() {
            return Err(Problem::Unreadable);
        }
        let node = only(root.syntax(), K::SELECT)
            .and_then(|node| only(&node, K::SELECT_CLAUSE))
            .and_then(|node| only(&node, K::TARGET_LIST))
            .and_then(|node| only(&node, K::TARGET))
            .and_then(|node| node.first_child())
            .filter(|node| range(node).end == whole.len())
            .ok_or(Problem::Unreadable)?;
        if node.kind() != K::PAREN_EXPR {
            return Err(Problem::Unreadable);
        }
        let inner = node.first_child().ok_or(Problem::Unreadable)?;
        let mut reader = Reader { offset: before.len(), ..Reader::default() };
        reader.read(&inner)?;
        let shape = reader.shape(&inner);
        let Reader { columns, functions, types, .. } = reader;
        Ok(Self { columns, functions, types, shape })
    }

    /// Its text with other words for its columns.
    pub fn rewritten(&self, sql: &str, mut column: impl FnMut(&ColumnRef) -> String) -> String {
        let mut written = String::new();
        let mut end = 0;
        for found in &self.columns {
            written.push_str(&sql[end..found.range.start]);
            written.push_str(&column(found));
            end = found.range.end;
        }
        written + &sql[end..]
    }
}

#[derive(Default)]
struct Reader {
    offset: usize,
    columns: Vec<ColumnRef>,
    functions: Vec<String>,
    types: Vec<String>,
}

impl Reader {
    fn read(&mut self, node: &SyntaxNode) -> Result<(), Problem> {
        match node.kind() {
            K::SELECT | K::COMPOUND_SELECT | K::PAREN_SELECT | K::VALUES | K::TABLE => {
                return Err(Problem::Subselect);
            }
            K::OVER_CLAUSE | K::FILTER_CLAUSE | K::WITHIN_CLAUSE | K::ORDER_BY_CLAUSE => {
                return Err(Problem::Aggregate("a function over rows".to_owned()));
            }
            K::LITERAL if tokens(node).any(|token| token.kind() == K::POSITIONAL_PARAM) => {
                return Err(Problem::Parameter);
            }
            K::CALL_EXPR => return self.call(node),
            K::CAST_EXPR => return self.cast(node),
            K::FIELD_EXPR => return self.field(node),
            K::NAME_REF => {
                let name = Name::part(&text(node));
                if CALLED_BARE.contains(&name.as_str()) && !text(node).starts_with('"') {
                    self.functions.push(name);
                } else {
                    self.columns.push(ColumnRef { qualifier: None, name, range: self.range(node) });
                }
                return Ok(());
            }
            _ => {}
        }
        node.children().try_for_each(|child| self.read(&child))
    }

    fn call(&mut self, node: &SyntaxNode) -> Result<(), Problem> {
        let mut children = node.children();
        let Some(called) = children.next() else { return Err(Problem::Unreadable) };
        match called.kind() {
            K::NAME_REF => {
                let name = Name::part(&text(&called));
                if AGGREGATES.contains(&name.as_str()) {
                    return Err(Problem::Aggregate(name));
                }
                self.functions.push(name);
            }
            K::FIELD_EXPR => {
                let parts: Vec<String> = tokens(&called)
                    .filter(|token| token.text() != ".")
                    .map(|token| Name::part(token.text()))
                    .collect();
                self.functions.push(parts.join("."));
            }
            // `extract(… FROM …)` and its like.
            _ => {
                let name = tokens(&called).next().map(|token| token.text().to_lowercase());
                self.functions.extend(name);
                return called
                    .children()
                    .chain(children)
                    .filter(|child| child.kind() != K::EXTRACT_FIELD_NAME)
                    .try_for_each(|child| self.read(&child));
            }
        }
        for child in children {
            let has_star = child.kind() == K::ARG_LIST
                && child.children_with_tokens().any(|part| part.kind() == K::STAR);
            if has_star {
                return Err(Problem::Star);
            }
            self.read(&child)?;
        }
        Ok(())
    }

    /// A type is no expression: `numeric(10, 2)`.
    fn cast(&mut self, node: &SyntaxNode) -> Result<(), Problem> {
        for child in node.children() {
            if is_type(child.kind()) {
                self.types.push(text(&child));
            } else {
                self.read(&child)?;
            }
        }
        Ok(())
    }

    fn field(&mut self, node: &SyntaxNode) -> Result<(), Problem> {
        let children: Vec<SyntaxNode> = node.children().collect();
        match &children[..] {
            [of, name] if of.kind() == K::NAME_REF && name.kind() == K::NAME_REF => {
                self.columns.push(ColumnRef {
                    qualifier: Some(Name::part(&text(of))),
                    name: Name::part(&text(name)),
                    range: self.range(node),
                });
                Ok(())
            }
            [of, name] if of.kind() == K::PAREN_EXPR && name.kind() == K::NAME_REF => self.read(of),
            [_] => Err(Problem::Star),
            _ => Err(Problem::Unreadable),
        }
    }

    fn range(&self, node: &SyntaxNode) -> Range<usize> {
        let found = range(node);
        found.start - self.offset..found.end - self.offset
    }

    fn shape(&self, node: &SyntaxNode) -> Shape {
        self.shape_of(node).unwrap_or(Shape::Other)
    }

    fn shape_of(&self, node: &SyntaxNode) -> Option<Shape> {
        let children: Vec<SyntaxNode> = node.children().collect();
        Some(match (node.kind(), &children[..]) {
            (K::NAME_REF, _) => Shape::Column,
            (K::PAREN_EXPR, [inner]) => self.shape(inner),
            (K::CAST_EXPR, [inner, .., ty]) if is_type(ty.kind()) => {
                Shape::Cast(Box::new(self.shape(inner)))
            }
            (K::BIN_EXPR, [inner, operator, zone]) if operator.kind() == K::AT_TIME_ZONE => {
                Shape::AtTimeZone(Box::new(self.shape(inner)), self.range(zone))
            }
            (K::BIN_EXPR, [one, other]) => {
                let operator = node.children_with_tokens().find_map(|part| match part.kind() {
                    K::STAR => Some('*'),
                    K::SLASH => Some('/'),
                    _ => None,
                })?;
                match (operator, is_number(one), is_number(other)) {
                    ('*', false, true) => {
                        Shape::Times(Box::new(self.shape(one)), self.range(other))
                    }
                    ('*', true, false) => {
                        Shape::Times(Box::new(self.shape(other)), self.range(one))
                    }
                    ('/', false, true) => Shape::Over(Box::new(self.shape(one)), self.range(other)),
                    _ => return None,
                }
            }
            (K::CALL_EXPR, [called, list]) if called.kind() == K::NAME_REF => {
                if Name::part(&text(called)) != "round" {
                    return None;
                }
                let first = list.children().find(|child| child.kind() == K::ARG)?;
                Shape::Round(Box::new(self.shape(&first.first_child()?)))
            }
            _ => return None,
        })
    }
}

fn only(node: &SyntaxNode, kind: K) -> Option<SyntaxNode> {
    let mut children = node.children();
    children.next().filter(|child| child.kind() == kind && children.next().is_none())
}

fn is_type(kind: K) -> bool {
    matches!(
        kind,
        K::PATH_TYPE
            | K::INTERVAL_TYPE
            | K::ARRAY_TYPE
            | K::BIT_TYPE
            | K::BIT_VARYING_TYPE
            | K::CHARACTER_TYPE
            | K::TIMESTAMP_TYPE
            | K::VARCHAR_TYPE
            | K::DOUBLE_TYPE
            | K::TIME_TYPE
            | K::PERCENT_TYPE
    )
}

fn is_number(node: &SyntaxNode) -> bool {
    node.kind() == K::LITERAL
        && tokens(node).all(|token| matches!(token.kind(), K::INT_NUMBER | K::NUMERIC_NUMBER))
}

/// What the grammar has as a name, and the server as a value.
const CALLED_BARE: &[&str] = &[
    "current_catalog",
    "current_date",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "localtime",
    "localtimestamp",
    "session_user",
    "system_user",
    "user",
];

/// The server's own.
const AGGREGATES: &[&str] = &[
    "any_value",
    "array_agg",
    "avg",
    "bit_and",
    "bit_or",
    "bit_xor",
    "bool_and",
    "bool_or",
    "corr",
    "count",
    "covar_pop",
    "covar_samp",
    "cume_dist",
    "dense_rank",
    "every",
    "first_value",
    "json_agg",
    "json_object_agg",
    "jsonb_agg",
    "jsonb_object_agg",
    "lag",
    "last_value",
    "lead",
    "max",
    "min",
    "mode",
    "nth_value",
    "ntile",
    "percent_rank",
    "percentile_cont",
    "percentile_disc",
    "range_agg",
    "range_intersect_agg",
    "rank",
    "regr_avgx",
    "regr_avgy",
    "regr_count",
    "regr_intercept",
    "regr_r2",
    "regr_slope",
    "regr_sxx",
    "regr_sxy",
    "regr_syy",
    "row_number",
    "stddev",
    "stddev_pop",
    "stddev_samp",
    "string_agg",
    "sum",
    "var_pop",
    "var_samp",
    "variance",
    "xmlagg",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(sql: &str) -> Vec<String> {
        let read = Expression::read(sql).unwrap_or_else(|problem| panic!("{sql}: {problem}"));
        read.columns
            .iter()
            .map(|column| match &column.qualifier {
                Some(qualifier) => format!("{qualifier}.{}", column.name),
                None => column.name.clone(),
            })
            .collect()
    }

    #[test]
    fn columns_are_found_wherever_they_stand() {
        for (sql, found) in [
            (r#""a b" || X.y"#, &["a b", "x.y"][..]),
            (r#""startAt" AT TIME ZONE org."timeZone""#, &["startAt", "org.timeZone"]),
            ("CASE WHEN a THEN name ELSE 'b' END", &["a", "name"]),
            ("extract(epoch FROM at)", &["at"]),
            ("substring(a from 2 for n)", &["a", "n"]),
            ("trim(both ' ' from a)", &["a"]),
            ("a IS NOT NULL AND b BETWEEN 1 AND c", &["a", "b", "c"]),
            ("a IN (1, b) OR c = ANY(d)", &["a", "b", "c", "d"]),
            ("ARRAY[a, b][1]", &["a", "b"]),
            ("CAST(a AS numeric(10, 2)) + b::int", &["a", "b"]),
            ("date '2020-01-01' + days", &["days"]),
            ("split_part(a, ' ', 1) /* b */ -- c", &["a"]),
            ("now()", &[]),
            ("CURRENT_TIMESTAMP", &[]),
            (r#""current_date""#, &["current_date"]),
            ("'it''s a ''' || E'\\'b'", &[]),
        ] {
            assert_eq!(columns(sql), found, "{sql}");
        }
    }

    #[test]
    fn what_is_no_value_of_a_row_is_a_problem() {
        for (sql, problem) in [
            ("(select 1 from t)", Problem::Subselect),
            ("exists(select 1)", Problem::Subselect),
            ("a IN (select 1)", Problem::Subselect),
            ("max(a)", Problem::Aggregate("max".to_owned())),
            ("a + $1", Problem::Parameter),
            ("t.*", Problem::Star),
            ("f(*)", Problem::Star),
            ("", Problem::Unreadable),
            ("a, b", Problem::Unreadable),
            ("a AS b", Problem::Unreadable),
            ("a) FROM t; DROP TABLE t; SELECT (1", Problem::Unreadable),
            ("a) + (b", Problem::Unreadable),
            ("a b", Problem::Unreadable),
            ("'a", Problem::Unreadable),
            ("a.b.c.d", Problem::Unreadable),
        ] {
            assert_eq!(Expression::read(sql), Err(problem), "{sql}");
        }
        assert!(matches!(Expression::read("f(a) OVER ()"), Err(Problem::Aggregate(_))));
    }

    #[test]
    fn functions_and_types_are_told() {
        let read =
            Expression::read("public.f(Lower(a)::\"T\") + current_date + round(b, 2)").unwrap();
        assert_eq!(read.functions, ["public.f", "lower", "current_date", "round"]);
        assert_eq!(read.types, ["\"T\""]);
    }

    #[test]
    fn forms_that_can_be_taken_back_are_known() {
        let shape = |sql| Expression::read(sql).unwrap().shape;
        let column = || Box::new(Shape::Column);
        assert_eq!(shape("(a)"), Shape::Column);
        assert_eq!(shape("a::int"), Shape::Cast(column()));
        assert_eq!(
            shape("round(a * 100)::int"),
            Shape::Cast(Box::new(Shape::Round(Box::new(Shape::Times(column(), 10..13)))))
        );
        assert_eq!(shape("a AT TIME ZONE o.z"), Shape::AtTimeZone(column(), 15..18));
        assert_eq!(shape("a / 2"), Shape::Over(column(), 4..5));
        for sql in ["a || b", "2 / a", "a * b", "lower(a)", "-a", "x.a"] {
            assert_eq!(shape(sql), Shape::Other, "{sql}");
        }
    }

    #[test]
    fn columns_get_other_words() {
        let sql = r#"a || lower("B") || 'a'"#;
        let read = Expression::read(sql).unwrap();
        let written = read.rewritten(sql, |column| format!("t.{}", column.name));
        assert_eq!(written, "t.a || lower(t.B) || 'a'");
    }
}
