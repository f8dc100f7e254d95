//! Gives the cache of replays a name for this build: what a replay comes to depends on the code that reads a database.
//!
//! The name is made of the sources, not of the program's file: a file's times say nothing where an image is built with
//! constant ones, and hashing the whole program would cost each command more than a small replay.

mod sources;

use std::path::Path;

fn main() -> std::io::Result<()> {
    // Of this run, not of the compiler's: checkouts may share a target folder, and with it this program.
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR").ok_or(std::io::ErrorKind::NotFound)?;
    let root = Path::new(&manifest).join("../..");
    for place in sources::PLACES {
        println!("cargo:rerun-if-changed={}", root.join(place).display());
    }
    println!("cargo:rustc-env=DRIVEFLOW_REPLAY_SOURCES={}", sources::name(&root)?);
    Ok(())
}
