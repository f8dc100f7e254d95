//! A JSON value whose objects keep the order of their keys, and how to build one.

use serde::{Serialize, Serializer};
use serde_json::Number;
use std::borrow::Cow;

#[derive(Debug, Clone)]
pub(crate) enum Json<'s> {
    Null,
    Bool(bool),
    Number(Number),
    Text(Cow<'s, str>),
    Array(Vec<Json<'s>>),
    Object(Object<'s>),
}

/// Keys with their values, in the order in which they are added.
#[derive(Debug, Clone, Default)]
pub(crate) struct Object<'s>(Vec<(&'s str, Json<'s>)>);

impl<'s> Object<'s> {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// A key that is always there; its value is null for `None`.
    pub(crate) fn key(mut self, key: &'s str, value: impl Into<Json<'s>>) -> Self {
        self.0.push((key, value.into()));
        self
    }

    /// A key that is absent for `None`.
    pub(crate) fn optional(self, key: &'s str, value: Option<impl Into<Json<'s>>>) -> Self {
        match value {
            Some(value) => self.key(key, value),
            None => self,
        }
    }

    /// An array with an object for each item.
    pub(crate) fn list<T>(
        self,
        key: &'s str,
        items: impl IntoIterator<Item = T>,
        object: impl Fn(T) -> Self,
    ) -> Self {
        let items = items.into_iter().map(|item| Json::Object(object(item)));
        self.key(key, Json::Array(items.collect()))
    }

    /// The text, indented, with a line break at the end.
    pub(crate) fn print(self) -> String {
        let mut text = serde_json::to_string_pretty(&Json::Object(self)).expect(CANNOT_FAIL);
        text.push('\n');
        text
    }

    /// The text on one line, without a line break.
    pub(crate) fn line(self) -> String {
        serde_json::to_string(&Json::Object(self)).expect(CANNOT_FAIL)
    }
}

const CANNOT_FAIL: &str = "memory can be written to and all keys are texts";

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(value) => value.serialize(serializer),
            Self::Text(value) => serializer.serialize_str(value),
            Self::Array(values) => serializer.collect_seq(values),
            Self::Object(Object(members)) => {
                serializer.collect_map(members.iter().map(|(key, value)| (key, value)))
            }
        }
    }
}

impl From<bool> for Json<'_> {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Json<'_> {
    fn from(value: i64) -> Self {
        Self::Number(value.into())
    }
}

impl From<usize> for Json<'_> {
    fn from(value: usize) -> Self {
        Self::Number(value.into())
    }
}

impl<'s> From<&'s str> for Json<'s> {
    fn from(value: &'s str) -> Self {
        Self::Text(value.into())
    }
}

impl<'s> From<&'s String> for Json<'s> {
    fn from(value: &'s String) -> Self {
        value.as_str().into()
    }
}

impl From<String> for Json<'_> {
    fn from(value: String) -> Self {
        Self::Text(value.into())
    }
}

impl From<Vec<Self>> for Json<'_> {
    fn from(values: Vec<Self>) -> Self {
        Self::Array(values)
    }
}

impl<'s> From<Object<'s>> for Json<'s> {
    fn from(object: Object<'s>) -> Self {
        Self::Object(object)
    }
}

impl<'s, T: Into<Json<'s>>> From<Option<T>> for Json<'s> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
