//! The schema's comments are the client's documentation, and rustdoc comes to its end with it: models lead to each other
//! in circles, and once it followed every way through them until there was no memory left.

use std::fs;
use std::path::Path;
use std::process::Command;

#[test]
fn each_model_has_a_page_with_the_schemas_words() {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("a folder inside target");
    // Rather an error here than a machine without memory.
    let documented = Command::new("sh")
        .args(["-c", "ulimit -v 8000000; exec \"$@\"", "sh", env!("CARGO")])
        .args(["doc", "--package", "client", "--no-deps", "--locked", "--target-dir"])
        .arg(target)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("there is a shell");
    let said = String::from_utf8_lossy(&documented.stderr);
    assert!(documented.status.success() && !said.contains("warning:"), "{said}");
    let page = |name: &str| {
        let path = target.join("doc/client").join(name);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    let booking = page("booking/index.html");
    for part in [
        "A student, an instructor and a service at a time and a price.",
        "type.pickup_address.html",
        "macro.select.html",
        "struct.Create.html",
    ] {
        assert!(booking.contains(part), "{part}");
    }
    assert!(page("struct.PrismaClient.html").contains("Queries of <a"));
}
