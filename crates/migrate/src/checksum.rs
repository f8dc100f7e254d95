//! The fingerprint of a migration's script: the SHA-256 of its bytes in lower-case hexadecimal.
//!
//! A checkout may turn line feeds into CRLF and back, which is no edit: the LF and the CRLF form of
//! a script count as the same. Anything else does not, not even a missing final newline or a BOM.

use sha2::{Digest as _, Sha256};

/// The checksum of a script as it stands.
pub(crate) fn of(script: &str) -> String {
    hexadecimal(&Sha256::digest(script.as_bytes()))
}

pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|half| DIGITS[usize::from(half)])
        .collect()
}

/// Whether a recorded checksum is that of the script, in either form of its line ends.
pub(crate) fn matches(script: &str, recorded: &str) -> bool {
    if of(script) == recorded {
        return true;
    }
    let unix = script.replace("\r\n", "\n");
    of(&unix) == recorded || of(&unix.replace('\n', "\r\n")) == recorded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_sha256_in_lower_case() {
        assert_eq!(of(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        // What the reference engine recorded for this script.
        assert_eq!(
            of("CREATE TABLE \"A\" (id int primary key);\n"),
            "01bdb09d2e4c2375e8a460e549db1fb00e713132f99f9a25b23ab9c054866afe"
        );
    }

    #[test]
    fn line_ends_do_not_matter() {
        for (here, recorded) in
            [("a;\nb;\n", "a;\r\nb;\r\n"), ("a;\r\nb;\r\n", "a;\nb;\n"), ("a;\r\nb;\n", "a;\nb;\n")]
        {
            assert!(matches(here, &of(recorded)), "{here:?} is {recorded:?}");
        }
    }

    #[test]
    fn everything_else_does() {
        for (here, recorded) in
            [("a;", "a;\n"), ("\u{feff}a;\n", "a;\n"), ("a; \n", "a;\n"), ("a;\r", "a;\n")]
        {
            assert!(!matches(here, &of(recorded)), "{here:?} is not {recorded:?}");
        }
    }
}
