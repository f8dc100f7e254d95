//! What a text field takes that may be null or not: whatever becomes a String, and an `Option` of one where it may.

use std::borrow::Cow;

/// A value that a text field takes: `V` is `String`, or `Option<String>` where the column may be null.
///
/// `Into<Option<String>>` would take no `&str`, which is what one writes first.
///
/// ```
/// use prisma_client_rust::fields::Given;
/// let optional = |value: &str| -> Option<String> { value.given() };
/// assert_eq!(optional("Ada").as_deref(), Some("Ada"));
/// ```
#[diagnostic::on_unimplemented(
    message = "a text field of type `{V}` cannot be given `{Self}`",
    label = "not a `{V}`"
)]
pub trait Given<V> {
    /// The value itself.
    fn given(self) -> V;
}

impl<T: Into<String>> Given<String> for T {
    fn given(self) -> String {
        self.into()
    }
}

impl Given<Option<String>> for Option<String> {
    fn given(self) -> Option<String> {
        self
    }
}

macro_rules! texts {
    ($($ty:ty),+) => {
        $(
            impl Given<Option<String>> for $ty {
                fn given(self) -> Option<String> {
                    Some(self.into())
                }
            }
        )+
    };
}

texts!(String, &str, &String, Cow<'_, str>, Box<str>, char);
