//! Says once that the first run compiles.
//!
//! The alias runs cargo quietly, because cargo's `Running` line would show a password that an argument may hold. A
//! newcomer would then look at nothing for a minute or two. Cargo keeps what build scripts print, so this goes to the
//! terminal itself; where there is none, nobody waits.

use std::io::Write as _;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if let Ok(mut terminal) = std::fs::File::options().write(true).open("/dev/tty") {
        // Whether it is read or not, the build goes on.
        let _ = writeln!(terminal, "Compiling cargo xtask: a minute or two, the first time only …");
    }
}
