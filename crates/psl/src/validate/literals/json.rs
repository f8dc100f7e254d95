//! JSON. The reference reads it with the same library, so that its words are the same.

pub(in crate::validate) fn error(text: &str) -> Option<String> {
    // Into a value: what is merely skipped may hold numbers out of range and half characters.
    serde_json::from_str::<serde_json::Value>(text).err().map(|error| error.to_string())
}
