//! Random conditions, as the client's filters and as SQL.

use prisma_client_rust::QueryMode;

use super::chance::{Chance, TEXTS};
use crate::generated::{Status, comment, post, profile, tag, user};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equals,
    Not,
    Lt,
    Lte,
    Gt,
    Gte,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Within,
    Start,
    End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quantifier {
    Some,
    Every,
    None,
}

/// Of a person.
#[derive(Debug, Clone)]
pub(super) enum Person {
    Age(Comparison, i32),
    AgeIn(bool, Vec<i32>),
    Name(bool, Option<&'static str>),
    NameHas(Place, bool, &'static str),
    Nickname(Option<String>),
    Leader(bool, Vec<Person>),
    NoLeader,
    NoProfile,
    Bio(&'static str),
    Team(Quantifier, Vec<Person>),
    Posts(Quantifier, Vec<Post>),
    Reviews(Quantifier, Vec<Post>),
    And(Vec<Person>),
    Or(Vec<Person>),
    Not(Vec<Person>),
}

/// Of a post.
#[derive(Debug, Clone)]
pub(super) enum Post {
    Views(Comparison, i32),
    Rating(bool, Option<f64>),
    Status(bool, Status),
    StatusIn(Vec<Status>),
    Title(Place, bool, &'static str),
    Author(bool, Vec<Person>),
    Tags(Quantifier, Vec<String>),
    Comments(Quantifier, Vec<&'static str>),
    And(Vec<Post>),
    Or(Vec<Post>),
    Not(Vec<Post>),
}

const COMPARISONS: [Comparison; 6] = [
    Comparison::Equals,
    Comparison::Not,
    Comparison::Lt,
    Comparison::Lte,
    Comparison::Gt,
    Comparison::Gte,
];
const PLACES: [Place; 3] = [Place::Within, Place::Start, Place::End];
const QUANTIFIERS: [Quantifier; 3] = [Quantifier::Some, Quantifier::Every, Quantifier::None];
const STATUSES: [Status; 3] = [Status::Draft, Status::InProgress, Status::Done];

pub(super) fn people(chance: &mut Chance, depth: u8) -> Vec<Person> {
    chance.some(2, |chance| person(chance, depth))
}

pub(super) fn posts(chance: &mut Chance, depth: u8) -> Vec<Post> {
    chance.some(2, |chance| one_post(chance, depth))
}

fn person(chance: &mut Chance, depth: u8) -> Person {
    let kinds = if depth == 0 { 7 } else { 15 };
    let deeper = depth.saturating_sub(1);
    match chance.below(kinds) {
        0 => Person::Age(chance.pick(&COMPARISONS), chance.below(6)),
        1 => Person::AgeIn(chance.once_in(2), chance.some(3, |chance| chance.below(6))),
        2 => Person::Name(chance.once_in(2), chance.maybe(|chance| chance.pick(&TEXTS))),
        3 => Person::NameHas(
            chance.pick(&PLACES),
            chance.once_in(2),
            chance.pick(&["a", "A", "%", "_", "\\", "", "$1", "'", "a_", "🦀"]),
        ),
        4 => Person::Nickname(chance.maybe(|chance| format!("nick {}", chance.below(5)))),
        5 => Person::NoLeader,
        6 => Person::NoProfile,
        7 => Person::Bio(chance.pick(&TEXTS)),
        8 => Person::Leader(chance.once_in(2), people(chance, deeper)),
        9 => Person::Team(chance.pick(&QUANTIFIERS), people(chance, deeper)),
        10 => Person::Posts(chance.pick(&QUANTIFIERS), posts(chance, deeper)),
        11 => Person::Reviews(chance.pick(&QUANTIFIERS), posts(chance, deeper)),
        12 => Person::And(people(chance, deeper)),
        13 => Person::Or(people(chance, deeper)),
        _ => Person::Not(people(chance, deeper)),
    }
}

fn one_post(chance: &mut Chance, depth: u8) -> Post {
    let kinds = if depth == 0 { 7 } else { 11 };
    let deeper = depth.saturating_sub(1);
    match chance.below(kinds) {
        0 => Post::Views(chance.pick(&COMPARISONS), chance.below(6)),
        1 => {
            Post::Rating(chance.once_in(2), chance.maybe(|chance| f64::from(chance.below(4)) / 2.0))
        }
        2 => Post::Status(chance.once_in(2), chance.pick(&STATUSES)),
        3 => Post::StatusIn(chance.some(2, |chance| chance.pick(&STATUSES))),
        4 => Post::Title(
            chance.pick(&PLACES),
            chance.once_in(2),
            chance.pick(&["a", "%", "\\", "B"]),
        ),
        5 => Post::Tags(
            chance.pick(&QUANTIFIERS),
            chance.some(2, |chance| format!("t{}", chance.below(4))),
        ),
        6 => {
            Post::Comments(chance.pick(&QUANTIFIERS), chance.some(1, |chance| chance.pick(&TEXTS)))
        }
        7 => Post::Author(chance.once_in(2), people(chance, deeper)),
        8 => Post::And(posts(chance, deeper)),
        9 => Post::Or(posts(chance, deeper)),
        _ => Post::Not(posts(chance, deeper)),
    }
}

pub(super) fn status(chance: &mut Chance) -> Status {
    chance.pick(&STATUSES)
}

/// The name of a status in the database.
pub(super) fn label(status: Status) -> &'static str {
    match status {
        Status::Draft => "draft",
        Status::InProgress => "in_progress",
        Status::Done => "finished",
    }
}

/// A text as SQL writes it.
pub(super) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn operator(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equals => "=",
        Comparison::Not => "<>",
        Comparison::Lt => "<",
        Comparison::Lte => "<=",
        Comparison::Gt => ">",
        Comparison::Gte => ">=",
    }
}

/// Without LIKE, so that its signs need no care.
fn has(column: &str, place: Place, insensitive: bool, text: &str) -> String {
    let (column, text) = if insensitive {
        (format!("lower({column})"), format!("lower({})", literal(text)))
    } else {
        (column.to_owned(), literal(text))
    };
    match place {
        Place::Within => format!("strpos({column}, {text}) > 0"),
        Place::Start => format!("left({column}, length({text})) = {text}"),
        Place::End => format!(
            "right({column}, length({text})) = {text} AND length({column}) >= length({text})"
        ),
    }
}

fn exists(quantifier: Quantifier, from: &str, joined: &str, condition: &str) -> String {
    match quantifier {
        Quantifier::Some => format!("EXISTS (SELECT FROM {from} WHERE {joined} AND ({condition}))"),
        Quantifier::None => {
            format!("NOT EXISTS (SELECT FROM {from} WHERE {joined} AND ({condition}))")
        }
        Quantifier::Every => {
            format!("NOT EXISTS (SELECT FROM {from} WHERE {joined} AND NOT ({condition}))")
        }
    }
}

fn joined(parts: Vec<String>, separator: &str, neutral: &str) -> String {
    if parts.is_empty() {
        return neutral.to_owned();
    }
    parts.into_iter().map(|part| format!("({part})")).collect::<Vec<_>>().join(separator)
}

/// All of the conditions on the row that is called `of`.
pub(super) fn people_sql(of: &str, conditions: &[Person]) -> String {
    joined(conditions.iter().map(|one| one.sql(of)).collect(), " AND ", "true")
}

pub(super) fn posts_sql(of: &str, conditions: &[Post]) -> String {
    joined(conditions.iter().map(|one| one.sql(of)).collect(), " AND ", "true")
}

impl Person {
    fn sql(&self, of: &str) -> String {
        let inner = format!("{of}i");
        match self {
            Self::Age(comparison, age) => format!("{of}.age {} {age}", operator(*comparison)),
            Self::AgeIn(not, ages) => {
                let ages: Vec<String> = ages.iter().map(ToString::to_string).collect();
                let list = ages.join(",");
                if *not {
                    format!("NOT ({of}.age = ANY ('{{{list}}}'))")
                } else {
                    format!("{of}.age = ANY ('{{{list}}}')")
                }
            }
            Self::Name(false, None) => format!("{of}.name IS NULL"),
            Self::Name(true, None) => format!("{of}.name IS NOT NULL"),
            Self::Name(false, Some(name)) => format!("{of}.name = {}", literal(name)),
            Self::Name(true, Some(name)) => format!("{of}.name <> {}", literal(name)),
            Self::NameHas(place, insensitive, text) => {
                has(&format!("{of}.name"), *place, *insensitive, text)
            }
            Self::Nickname(None) => format!("{of}.nickname IS NULL"),
            Self::Nickname(Some(name)) => format!("{of}.nickname = {}", literal(name)),
            Self::NoLeader => format!("{of}.\"leaderId\" IS NULL"),
            Self::NoProfile => {
                format!("NOT EXISTS (SELECT FROM \"Profile\" p WHERE p.\"userId\" = {of}.id)")
            }
            Self::Bio(bio) => format!(
                "EXISTS (SELECT FROM \"Profile\" p WHERE p.\"userId\" = {of}.id AND p.bio = {})",
                literal(bio)
            ),
            Self::Leader(not, conditions) => exists(
                if *not { Quantifier::None } else { Quantifier::Some },
                &format!("people {inner}"),
                &format!("{inner}.id = {of}.\"leaderId\""),
                &people_sql(&inner, conditions),
            ),
            Self::Team(quantifier, conditions) => exists(
                *quantifier,
                &format!("people {inner}"),
                &format!("{inner}.\"leaderId\" = {of}.id"),
                &people_sql(&inner, conditions),
            ),
            Self::Posts(quantifier, conditions) => exists(
                *quantifier,
                &format!("\"Post\" {inner}"),
                &format!("{inner}.\"authorId\" = {of}.id"),
                &posts_sql(&inner, conditions),
            ),
            Self::Reviews(quantifier, conditions) => exists(
                *quantifier,
                &format!(
                    "\"Post\" {inner} JOIN \"_Reviews\" {inner}r ON {inner}r.\"A\" = {inner}.id"
                ),
                &format!("{inner}r.\"B\" = {of}.id"),
                &posts_sql(&inner, conditions),
            ),
            Self::And(all) => people_sql(of, all),
            Self::Or(any) => joined(any.iter().map(|one| one.sql(of)).collect(), " OR ", "false"),
            Self::Not(all) => format!("NOT ({})", people_sql(of, all)),
        }
    }

    pub(super) fn filters(conditions: &[Self]) -> Vec<user::WhereParam> {
        conditions.iter().map(Self::filter).collect()
    }

    fn filter(&self) -> user::WhereParam {
        use prisma_client_rust::operator::{and, not, or};
        match self {
            Self::Age(comparison, age) => match comparison {
                Comparison::Equals => user::age::equals(*age),
                Comparison::Not => user::age::not(*age),
                Comparison::Lt => user::age::lt(*age),
                Comparison::Lte => user::age::lte(*age),
                Comparison::Gt => user::age::gt(*age),
                Comparison::Gte => user::age::gte(*age),
            },
            Self::AgeIn(false, ages) => user::age::in_vec(ages.clone()),
            Self::AgeIn(true, ages) => user::age::not_in_vec(ages.clone()),
            Self::Name(false, name) => user::name::equals(name.map(str::to_owned)),
            Self::Name(true, name) => user::name::not(name.map(str::to_owned)),
            Self::NameHas(place, insensitive, text) => {
                let mode = if *insensitive { QueryMode::Insensitive } else { QueryMode::Default };
                let has = match place {
                    Place::Within => user::name::contains(*text),
                    Place::Start => user::name::starts_with(*text),
                    Place::End => user::name::ends_with(*text),
                };
                and(vec![has, user::name::mode(mode)])
            }
            Self::Nickname(name) => user::nickname::equals(name.clone()),
            Self::NoLeader => user::leader::is_null(),
            Self::NoProfile => user::profile::is_null(),
            Self::Bio(bio) => user::profile::is(vec![profile::bio::equals(*bio)]),
            Self::Leader(false, conditions) => user::leader::is(Self::filters(conditions)),
            Self::Leader(true, conditions) => user::leader::is_not(Self::filters(conditions)),
            Self::Team(quantifier, conditions) => {
                let filters = Self::filters(conditions);
                match quantifier {
                    Quantifier::Some => user::team::some(filters),
                    Quantifier::Every => user::team::every(filters),
                    Quantifier::None => user::team::none(filters),
                }
            }
            Self::Posts(quantifier, conditions) => {
                let filters = Post::filters(conditions);
                match quantifier {
                    Quantifier::Some => user::posts::some(filters),
                    Quantifier::Every => user::posts::every(filters),
                    Quantifier::None => user::posts::none(filters),
                }
            }
            Self::Reviews(quantifier, conditions) => {
                let filters = Post::filters(conditions);
                match quantifier {
                    Quantifier::Some => user::reviews::some(filters),
                    Quantifier::Every => user::reviews::every(filters),
                    Quantifier::None => user::reviews::none(filters),
                }
            }
            Self::And(all) => and(Self::filters(all)),
            Self::Or(any) => or(Self::filters(any)),
            Self::Not(all) => not(Self::filters(all)),
        }
    }
}

impl Post {
    fn sql(&self, of: &str) -> String {
        let inner = format!("{of}i");
        match self {
            Self::Views(comparison, views) => {
                format!("{of}.views {} {views}", operator(*comparison))
            }
            Self::Rating(false, None) => format!("{of}.rating IS NULL"),
            Self::Rating(true, None) => format!("{of}.rating IS NOT NULL"),
            Self::Rating(false, Some(rating)) => format!("{of}.rating = {rating}"),
            Self::Rating(true, Some(rating)) => format!("{of}.rating <> {rating}"),
            Self::Status(false, status) => format!("{of}.status = '{}'", label(*status)),
            Self::Status(true, status) => format!("{of}.status <> '{}'", label(*status)),
            Self::StatusIn(any) => {
                let any = any.iter().map(|one| format!("{of}.status = '{}'", label(*one)));
                joined(any.collect(), " OR ", "false")
            }
            Self::Title(place, insensitive, text) => {
                has(&format!("{of}.title"), *place, *insensitive, text)
            }
            Self::Author(not, conditions) => exists(
                if *not { Quantifier::None } else { Quantifier::Some },
                &format!("people {inner}"),
                &format!("{inner}.id = {of}.\"authorId\""),
                &people_sql(&inner, conditions),
            ),
            Self::Tags(quantifier, any) => {
                let any = any.iter().map(|name| format!("{inner}.name = '{name}'"));
                exists(
                    *quantifier,
                    &format!(
                        "\"Tag\" {inner} JOIN \"_PostToTag\" {inner}t ON {inner}t.\"B\" = {inner}.name"
                    ),
                    &format!("{inner}t.\"A\" = {of}.id"),
                    &joined(any.collect(), " OR ", "false"),
                )
            }
            Self::Comments(quantifier, texts) => {
                let texts = texts.iter().map(|text| format!("{inner}.text = {}", literal(text)));
                exists(
                    *quantifier,
                    &format!("\"Comment\" {inner}"),
                    &format!("{inner}.\"postId\" = {of}.id"),
                    &joined(texts.collect(), " AND ", "true"),
                )
            }
            Self::And(all) => posts_sql(of, all),
            Self::Or(any) => joined(any.iter().map(|one| one.sql(of)).collect(), " OR ", "false"),
            Self::Not(all) => format!("NOT ({})", posts_sql(of, all)),
        }
    }

    pub(super) fn filters(conditions: &[Self]) -> Vec<post::WhereParam> {
        conditions.iter().map(Self::filter).collect()
    }

    fn filter(&self) -> post::WhereParam {
        use prisma_client_rust::operator::{and, not, or};
        match self {
            Self::Views(comparison, views) => match comparison {
                Comparison::Equals => post::views::equals(*views),
                Comparison::Not => post::views::not(*views),
                Comparison::Lt => post::views::lt(*views),
                Comparison::Lte => post::views::lte(*views),
                Comparison::Gt => post::views::gt(*views),
                Comparison::Gte => post::views::gte(*views),
            },
            Self::Rating(false, rating) => post::rating::equals(*rating),
            Self::Rating(true, rating) => post::rating::not(*rating),
            Self::Status(false, status) => post::status::equals(*status),
            Self::Status(true, status) => post::status::not(*status),
            Self::StatusIn(any) => post::status::in_vec(any.clone()),
            Self::Title(place, insensitive, text) => {
                let mode = if *insensitive { QueryMode::Insensitive } else { QueryMode::Default };
                let has = match place {
                    Place::Within => post::title::contains(*text),
                    Place::Start => post::title::starts_with(*text),
                    Place::End => post::title::ends_with(*text),
                };
                and(vec![has, post::title::mode(mode)])
            }
            Self::Author(false, conditions) => post::author::is(Person::filters(conditions)),
            Self::Author(true, conditions) => post::author::is_not(Person::filters(conditions)),
            Self::Tags(quantifier, any) => {
                let filters = vec![tag::name::in_vec(any.clone())];
                match quantifier {
                    Quantifier::Some => post::tags::some(filters),
                    Quantifier::Every => post::tags::every(filters),
                    Quantifier::None => post::tags::none(filters),
                }
            }
            Self::Comments(quantifier, texts) => {
                let filters = texts.iter().map(|text| comment::text::equals(*text)).collect();
                match quantifier {
                    Quantifier::Some => post::comments::some(filters),
                    Quantifier::Every => post::comments::every(filters),
                    Quantifier::None => post::comments::none(filters),
                }
            }
            Self::And(all) => and(Self::filters(all)),
            Self::Or(any) => or(Self::filters(any)),
            Self::Not(all) => not(Self::filters(all)),
        }
    }
}
