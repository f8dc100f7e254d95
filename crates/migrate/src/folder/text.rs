//! Texts of files.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use crate::Error;

/// The text of a file; none where it is not there.
pub(crate) fn text_of(file: &Path) -> Result<Option<String>, Error> {
    match fs::read(file) {
        Ok(bytes) => Ok(Some(utf8(bytes, file)?)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io("read", file, error)),
    }
}

/// The text of a file that was read.
pub(crate) fn utf8(bytes: Vec<u8>, file: &Path) -> Result<String, Error> {
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at].split(|&byte| byte == b'\n').count();
        Error::plain(format!(
            "{} is not UTF-8: line {line} has a byte that is none",
            file.display()
        ))
        .with_file(file)
        .with_help("save the file as UTF-8, for example with `iconv -t utf-8`")
    })
}
