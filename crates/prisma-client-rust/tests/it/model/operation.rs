//! Random operations, as data: what both sides are told to do.

use super::chance::{Chance, TEXTS};
use super::condition::{self, Person, Post};
use crate::generated::Status;

#[derive(Debug, Clone)]
pub(super) enum Operation {
    AddPerson(NewPerson),
    /// `skip_duplicates` or not.
    AddPeople(Vec<NewPerson>, bool),
    ChangePerson(String, Vec<Change>),
    ChangePeople(Vec<Person>, Vec<Change>),
    /// By the email.
    UpsertPerson(NewPerson, Vec<Change>),
    RemovePerson(String),
    RemovePeople(Vec<Person>),
    /// A person with a leader of their own, a profile and posts, which have tags that may be there.
    AddHousehold(Household),
    SetLeader(String, Option<String>),
    /// By ids and nicknames.
    Team(String, Link, Vec<String>),
    AddPost(NewPost),
    AddPosts(Vec<NewPost>),
    ChangePosts(Vec<Post>, Vec<PostChange>),
    MovePost(i32, String),
    RemovePosts(Vec<Post>),
    AddTag(String),
    Tags(i32, Link, Vec<String>),
    Reviewers(i32, Link, Vec<String>),
    UpsertComment(i32, i32, &'static str),
    RemoveComment(i32, i32),
    AddLike(i64, i32, i32, &'static str),
    AddEvery(i32, Vec<i32>, Vec<&'static str>),
    ChangeEvery(i32, Vec<EveryChange>),
    /// In one transaction, committed or rolled back.
    Transaction(Vec<Operation>, bool),
    /// Changes of several people by `_batch`.
    Batch(Vec<(String, Vec<Change>)>),
}

#[derive(Debug, Clone)]
pub(super) struct NewPerson {
    pub(super) id: String,
    pub(super) email: String,
    pub(super) nickname: Option<String>,
    pub(super) name: Option<&'static str>,
    pub(super) age: i32,
}

#[derive(Debug, Clone)]
pub(super) struct NewPost {
    pub(super) id: i32,
    pub(super) title: &'static str,
    pub(super) author: String,
    pub(super) rating: Option<f64>,
    pub(super) status: Option<Status>,
}

#[derive(Debug, Clone)]
pub(super) struct Household {
    pub(super) person: NewPerson,
    pub(super) leader: Option<NewPerson>,
    pub(super) profile: Option<(i32, &'static str)>,
    pub(super) posts: Vec<(i32, &'static str, Vec<String>)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Link {
    Connect,
    Disconnect,
    Set,
}

/// A number is changed in one of these ways.
#[derive(Debug, Clone, Copy)]
pub(super) enum Arithmetic {
    Set(i32),
    Increment(i32),
    Decrement(i32),
    Multiply(i32),
    Divide(i32),
}

#[derive(Debug, Clone)]
pub(super) enum Change {
    Age(Arithmetic),
    Name(Option<&'static str>),
    Nickname(Option<String>),
    Email(String),
}

#[derive(Debug, Clone)]
pub(super) enum PostChange {
    Views(Arithmetic),
    Rating(Option<f64>),
    Price(Arithmetic),
    Status(Status),
}

#[derive(Debug, Clone)]
pub(super) enum EveryChange {
    Big(Arithmetic),
    Ints(Vec<i32>),
    PushInts(Vec<i32>),
    PushTexts(Vec<&'static str>),
    Json(usize),
    OptionalJson(Option<usize>),
    Bytes(Vec<u8>),
}

pub(super) fn id(chance: &mut Chance) -> String {
    format!("u{}", chance.below(6))
}

pub(super) fn email(chance: &mut Chance) -> String {
    format!("e{}@x", chance.below(6))
}

pub(super) fn post_id(chance: &mut Chance) -> i32 {
    chance.below(10)
}

fn ids(chance: &mut Chance) -> Vec<String> {
    chance.some(3, id)
}

fn team(chance: &mut Chance) -> Vec<String> {
    chance.some(3, |chance| if chance.once_in(2) { id(chance) } else { nickname(chance) })
}

fn tag(chance: &mut Chance) -> String {
    format!("t{}", chance.below(4))
}

fn nickname(chance: &mut Chance) -> String {
    format!("nick {}", chance.below(5))
}

fn person(chance: &mut Chance) -> NewPerson {
    NewPerson {
        id: id(chance),
        email: email(chance),
        nickname: chance.maybe(nickname),
        name: chance.maybe(|chance| chance.pick(&TEXTS)),
        age: chance.below(6),
    }
}

fn post(chance: &mut Chance) -> NewPost {
    NewPost {
        id: post_id(chance),
        title: chance.pick(&TEXTS),
        author: id(chance),
        rating: chance.maybe(|chance| f64::from(chance.below(4)) / 2.0),
        status: chance.maybe(condition::status),
    }
}

fn arithmetic(chance: &mut Chance) -> Arithmetic {
    match chance.below(16) {
        0..=3 => Arithmetic::Set(chance.below(6)),
        4..=7 => Arithmetic::Increment(chance.below(5) - 1),
        8..=10 => Arithmetic::Decrement(chance.below(5) - 1),
        11 | 12 => Arithmetic::Multiply(chance.below(4) - 1),
        13 | 14 => Arithmetic::Divide(chance.below(3) + 2),
        // Beyond what the column holds, if done twice.
        _ => Arithmetic::Increment(i32::MAX),
    }
}

fn change(chance: &mut Chance) -> Change {
    match chance.below(6) {
        0 => Change::Name(chance.maybe(|chance| chance.pick(&TEXTS))),
        1 => Change::Nickname(chance.maybe(nickname)),
        2 => Change::Email(email(chance)),
        _ => Change::Age(arithmetic(chance)),
    }
}

/// Of two changes of one column only the last counts, which SQL refuses to be told: there are none here.
fn changes(chance: &mut Chance) -> Vec<Change> {
    let mut changes = chance.some(3, change);
    let mut seen = Vec::new();
    changes.retain(|change| {
        let kind = std::mem::discriminant(change);
        let new = !seen.contains(&kind);
        seen.push(kind);
        new
    });
    changes
}

fn post_changes(chance: &mut Chance) -> Vec<PostChange> {
    let change = match chance.below(4) {
        0 => PostChange::Rating(chance.maybe(|chance| f64::from(chance.below(4)) / 2.0)),
        1 => PostChange::Price(match arithmetic(chance) {
            Arithmetic::Increment(i32::MAX) => Arithmetic::Set(7),
            other => other,
        }),
        2 => PostChange::Status(condition::status(chance)),
        _ => PostChange::Views(arithmetic(chance)),
    };
    vec![change]
}

fn every_changes(chance: &mut Chance) -> Vec<EveryChange> {
    let numbers = |chance: &mut Chance| chance.some(3, |chance| chance.below(9));
    let change = match chance.below(7) {
        0 => EveryChange::Big(arithmetic(chance)),
        1 => EveryChange::Ints(numbers(chance)),
        2 => EveryChange::PushInts(numbers(chance)),
        3 => EveryChange::PushTexts(chance.some(2, |chance| chance.pick(&TEXTS))),
        4 => EveryChange::Json(0),
        5 => EveryChange::OptionalJson(chance.maybe(|_| 0)),
        _ => EveryChange::Bytes(chance.pick(&[vec![], vec![0, 255, b'\\', b'\'']])),
    };
    let document = |chance: &mut Chance| usize::try_from(chance.below(7)).expect("positive");
    vec![match change {
        EveryChange::Json(_) => EveryChange::Json(document(chance)),
        EveryChange::OptionalJson(Some(_)) => EveryChange::OptionalJson(Some(document(chance))),
        other => other,
    }]
}

fn household(chance: &mut Chance) -> Household {
    Household {
        person: person(chance),
        leader: if chance.once_in(3) { Some(person(chance)) } else { None },
        profile: if chance.once_in(2) {
            Some((chance.below(6), chance.pick(&TEXTS)))
        } else {
            None
        },
        posts: chance.some(2, |chance| {
            let mut tags = chance.some(2, tag);
            tags.dedup();
            (post_id(chance), chance.pick(&TEXTS), tags)
        }),
    }
}

impl Operation {
    pub(super) fn any(chance: &mut Chance) -> Self {
        match chance.below(12) {
            0 => {
                let operations = (0..=chance.below(3)).map(|_| Self::one(chance)).collect();
                Self::Transaction(operations, !chance.once_in(3))
            }
            1 => Self::Batch(chance.some(3, |chance| (id(chance), changes(chance)))),
            _ => Self::one(chance),
        }
    }

    /// Whether it can fail for one reason only.
    pub(super) fn is_of_one_row(&self) -> bool {
        !matches!(
            self,
            Self::AddPeople(..)
                | Self::AddPosts(..)
                | Self::AddHousehold(..)
                | Self::Transaction(..)
                | Self::Batch(..)
        )
    }

    fn one(chance: &mut Chance) -> Self {
        let link = chance.pick(&[Link::Connect, Link::Connect, Link::Disconnect, Link::Set]);
        match chance.below(34) {
            0..=3 => Self::AddPerson(person(chance)),
            4 | 5 => Self::AddPeople(chance.some(4, person), !chance.once_in(3)),
            6 | 7 => Self::ChangePerson(id(chance), changes(chance)),
            8 => Self::ChangePeople(condition::people(chance, 2), changes(chance)),
            9 | 10 => Self::UpsertPerson(person(chance), changes(chance)),
            11 => Self::RemovePerson(id(chance)),
            12 => {
                let conditions = condition::people(chance, 2);
                // Everything goes seldom enough that there is something.
                if conditions.is_empty() {
                    Self::AddPerson(person(chance))
                } else {
                    Self::RemovePeople(conditions)
                }
            }
            13 | 14 => Self::AddHousehold(household(chance)),
            15 | 16 => Self::SetLeader(id(chance), chance.maybe(id)),
            17 | 18 => Self::Team(id(chance), link, team(chance)),
            19 | 20 => Self::AddPost(post(chance)),
            21 | 22 => Self::AddPosts(chance.some(4, post)),
            23 => Self::ChangePosts(condition::posts(chance, 2), post_changes(chance)),
            24 => Self::MovePost(post_id(chance), id(chance)),
            25 => {
                let conditions = condition::posts(chance, 2);
                if conditions.is_empty() {
                    Self::AddPost(post(chance))
                } else {
                    Self::RemovePosts(conditions)
                }
            }
            26 => Self::AddTag(tag(chance)),
            27 | 28 => Self::Tags(post_id(chance), link, chance.some(3, tag)),
            29 => Self::Reviewers(post_id(chance), link, ids(chance)),
            30 => Self::UpsertComment(post_id(chance), chance.below(2), chance.pick(&TEXTS)),
            31 if chance.once_in(2) => Self::RemoveComment(post_id(chance), chance.below(2)),
            31 => Self::AddLike(
                i64::from(chance.below(20)),
                post_id(chance),
                chance.below(2),
                chance.pick(&TEXTS),
            ),
            32 => Self::AddEvery(
                chance.below(4),
                chance.some(3, |chance| chance.below(9)),
                chance.some(2, |chance| chance.pick(&TEXTS)),
            ),
            _ => Self::ChangeEvery(chance.below(4), every_changes(chance)),
        }
    }
}

/// Documents, by their number.
pub(super) const DOCUMENTS: [&str; 7] = [
    "null",
    "[]",
    "{\"a\": [1, null, \"x\"], \"b\": {\"c\": \"o'neil\"}}",
    "\"text \\\\ \\\" % 🦀\"",
    "-1.5e300",
    "123456789012345678",
    "{\"\": {\"$1\": true}}",
];
