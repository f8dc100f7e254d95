//! The project's own server, on throw-away projects.

mod fetching;
mod mishaps;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use super::place::Place;
use super::{Kind, Server, Status, cluster, identity};
use crate::testing::block_on;
use crate::{ConnectionUrl, connect};

/// A project of its own in the temporary folder; the server and all files go with it.
pub(crate) struct Project {
    root: PathBuf,
}

impl Project {
    pub(crate) fn new(name: &str) -> Project {
        static COUNT: AtomicU32 = AtomicU32::new(0);

        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let root =
            std::env::temp_dir().join(format!("driveflow-{name}-{}-{count}", std::process::id()));
        fs::create_dir(&root).unwrap();
        Project { root }
    }

    /// Test settings: these servers need not survive a power cut.
    pub(crate) fn server(&self) -> Server {
        Server::for_tests(&self.root)
    }

    fn place(&self) -> Place {
        identity::establish(&self.root);
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
fn the_log_is_for_the_server_alone() {
    let project = Project::new("log");
    let place = project.place();
    place.create().unwrap();
    let (log, old) = (place.log_file(), place.log_file().with_extension("log.old"));
    for file in [&log, &old] {
        fs::write(file, vec![b'x'; 5 << 20]).unwrap();
        fs::set_permissions(file, fs::Permissions::from_mode(0o644)).unwrap();
    }
    start(&project.server());
    for file in [&log, &old] {
        let mode = fs::metadata(file).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", file.display());
    }
    assert!(fs::read_to_string(&log).unwrap().contains("ready to accept connections"));
}

#[test]
fn the_project_says_where_its_data_are() {
    let project = Project::new("where");
    let server = project.server();
    assert_eq!(server.status().unwrap(), Status::Absent);
    assert!(!identity::folder(&project.root).exists(), "asking changes nothing");
    start(&server);
    let place = project.place();
    assert_eq!(server.folder().unwrap(), place.home);
    let told = fs::read_to_string(identity::folder(&project.root).join("where"));
    if place.account.is_some() {
        assert!(told.unwrap().contains(&place.base.display().to_string()));
    } else {
        assert_eq!(place.base, identity::folder(&fs::canonicalize(&project.root).unwrap()));
        assert!(told.is_err());
    }
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
    let deadline = Instant::now() + Duration::from_mins(1);
    while server.try_wait().unwrap().is_none() {
        assert!(Instant::now() < deadline, "a server without a lease goes");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(watchdog.wait().unwrap().success());
}
