//! Which migration a person means: the whole name, or a part of it that only one has.

use crate::Error;

/// The one of the names that is meant; `None` where none has the text in it.
///
/// Fails, without a code, where several have.
pub(crate) fn meant<'a>(names: &[&'a str], text: &str) -> Result<Option<&'a str>, Error> {
    if let Some(exact) = names.iter().find(|name| **name == text) {
        return Ok(Some(exact));
    }
    let found: Vec<&str> = names.iter().copied().filter(|name| name.contains(text)).collect();
    match found[..] {
        [] => Ok(None),
        [only] => Ok(Some(only)),
        _ => Err(Error::plain(format!(
            "several migrations have \"{text}\" in their names: {}",
            found.join(", ")
        ))
        .with_help("give more of the name")),
    }
}
