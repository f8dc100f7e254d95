//! The fingerprint of a schema's text.
//!
//! The same function as `prisma_client_rust::schema_hash`, which the compiler runs over the files; that crate's tests
//! hold the two together. It is written twice because neither crate may depend on the other.

/// The fingerprint of files in their order: the length of each, then its bytes, sixteen at a time.
#[expect(clippy::cast_possible_truncation, reason = "the halves are folded first")]
pub fn fingerprint(files: &[&[u8]]) -> u64 {
    let mut hash = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    for file in files {
        hash = mix(hash, file.len() as u128);
        let (words, tail) = file.as_chunks::<16>();
        hash = words.iter().fold(hash, |hash, word| mix(hash, u128::from_le_bytes(*word)));
        hash = tail.iter().fold(hash, |hash, byte| mix(hash, u128::from(*byte)));
    }
    (hash ^ (hash >> 64)) as u64
}

fn mix(hash: u128, word: u128) -> u128 {
    let mixed = (hash ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    mixed ^ (mixed >> 67)
}
