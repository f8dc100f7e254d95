//! Lines for whoever reads, who may go away at any time (`| head`): those told to nobody end no command half way, least of
//! all one that is changing a database.

use std::fmt::Arguments;
use std::io::Write;

/// A line on stdout, as `println!` would write it.
macro_rules! say {
    ($($arguments:tt)*) => { $crate::lines::write_line(::std::io::stdout().lock(), format_args!($($arguments)*)) };
}

/// A line on stderr, as `eprintln!` would write it.
macro_rules! note {
    ($($arguments:tt)*) => { $crate::lines::write_line(::std::io::stderr().lock(), format_args!($($arguments)*)) };
}

pub(crate) use {note, say};

/// For [`say`] and [`note`].
pub(crate) fn write_line(mut to: impl Write, line: Arguments<'_>) {
    let _ = writeln!(to, "{line}");
}
