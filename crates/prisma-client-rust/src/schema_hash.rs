//! The fingerprint of a schema's text, computed by the compiler.
//!
//! Generated code holds the fingerprint of the text it was generated from, and asserts while it is compiled that the
//! files still have it. It finds forgotten changes; it is no protection against chosen ones.

/// The fingerprint of files in their order: the length of each, then its bytes.
///
/// Sixteen bytes a step and few calls, so that half a megabyte of schema takes the compiler a fraction of a second and
/// stays far from where it warns of endless constants.
///
/// ```
/// use prisma_client_rust::schema_hash;
/// const HASH: u64 = schema_hash(&[b"model A {}"]);
/// assert_ne!(HASH, schema_hash(&[b"model B {}"]));
/// ```
#[expect(clippy::cast_possible_truncation, reason = "the halves are folded first")]
pub const fn schema_hash(files: &[&[u8]]) -> u64 {
    let mut hash: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    let mut index = 0;
    while index < files.len() {
        let (words, tail) = files[index].as_chunks::<16>();
        hash = mix(hash, files[index].len() as u128);
        let mut at = 0;
        while at < words.len() {
            hash = mix(hash, u128::from_le_bytes(words[at]));
            at += 1;
        }
        let mut at = 0;
        while at < tail.len() {
            hash = mix(hash, tail[at] as u128);
            at += 1;
        }
        index += 1;
    }
    (hash ^ (hash >> 64)) as u64
}

/// One round: the product carries every bit upwards, the shift brings the upper half down again.
const fn mix(hash: u128, word: u128) -> u128 {
    let mixed = (hash ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    mixed ^ (mixed >> 67)
}
