//! The fingerprint of a schema's text.
//!
//! The same function as `prisma_client_rust::schema_hash`, which the compiler runs over the files; that crate's tests
//! hold the two together. It is written twice because neither crate may depend on the other.

/// The fingerprint of files in their order: the length of each, then its bytes, eight at a time.
pub fn fingerprint(files: &[&[u8]]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325;
    for file in files {
        hash = mix(hash, file.len() as u64);
        let (words, tail) = file.as_chunks::<8>();
        hash = words.iter().fold(hash, |hash, word| mix(hash, u64::from_le_bytes(*word)));
        hash = tail.iter().fold(hash, |hash, byte| mix(hash, u64::from(*byte)));
    }
    hash
}

fn mix(hash: u64, word: u64) -> u64 {
    let mixed = (hash ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed ^ (mixed >> 29)
}
