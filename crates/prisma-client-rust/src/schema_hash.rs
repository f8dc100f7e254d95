//! The fingerprint of a schema's text, computed by the compiler.
//!
//! Generated code holds the fingerprint of the text it was generated from, and asserts while it is compiled that the
//! files still have it. It finds forgotten changes; it is no protection against chosen ones.

/// The fingerprint of files in their order: the length of each, then its bytes.
///
/// Eight bytes a step, so that half a megabyte of schema takes the compiler no noticeable time.
///
/// ```
/// use prisma_client_rust::schema_hash;
/// const HASH: u64 = schema_hash(&[b"model A {}"]);
/// assert_ne!(HASH, schema_hash(&[b"model B {}"]));
/// ```
pub const fn schema_hash(files: &[&[u8]]) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut index = 0;
    while index < files.len() {
        let mut rest = files[index];
        hash = mix(hash, rest.len() as u64);
        while let Some((word, tail)) = rest.split_first_chunk::<8>() {
            hash = mix(hash, u64::from_le_bytes(*word));
            rest = tail;
        }
        while let Some((byte, tail)) = rest.split_first() {
            hash = mix(hash, *byte as u64);
            rest = tail;
        }
        index += 1;
    }
    hash
}

/// One round: every bit of the word reaches every bit of the hash within a few.
const fn mix(hash: u64, word: u64) -> u64 {
    let mixed = (hash ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed ^ (mixed >> 29)
}
