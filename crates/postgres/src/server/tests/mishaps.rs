//! Crashes, killed commands, leftovers, servers that say nothing.

use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use super::{Project, process, run, start, value};
use crate::server::{Status, ToolLookup, cluster, watchdog};

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
fn a_lock_file_of_a_living_process_is_left_to_a_person() {
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
    let refused = server.ensure_running(&mut |_| {});
    let is_left = lock.exists();
    let _ = fs::remove_file(&lock);
    let restarted = server.ensure_running(&mut |_| {});
    other.kill().unwrap();
    other.wait().unwrap();

    let text = refused.unwrap_err().to_string();
    assert!(is_left, "it could be the lock of a server in another container: {text}");
    assert!(text.contains(&format!("`{}`", lock.display())), "{text}");
    assert!(text.contains("another container") && text.contains("remove the file"), "{text}");
    restarted.unwrap();
}

#[test]
fn a_stale_lock_of_the_socket_is_no_obstacle() {
    let project = Project::new("socket");
    let server = project.server();
    start(&server);
    server.stop().unwrap();
    let place = project.place();
    let mut other = place.command(Path::new("/bin/sleep")).arg("60").spawn().unwrap();
    let lock = place.socket().with_added_extension("lock");
    let start_over = |data: &Path| {
        let text = format!("{}\n{}\n1\n5432\n", other.id(), data.display());
        fs::write(&lock, text).unwrap();
        fs::set_permissions(&lock, fs::Permissions::from_mode(0o644)).unwrap();
        server.ensure_running(&mut |_| {})
    };
    let foreign = start_over(Path::new("/somebody/elses/data"));
    let ours = start_over(&place.data());
    other.kill().unwrap();
    other.wait().unwrap();
    let text = foreign.unwrap_err().to_string();
    assert!(text.contains(".s.PGSQL.5432.lock"), "{text}");
    ours.unwrap();
}

#[test]
fn a_server_that_says_nothing_is_given_up() {
    let project = Project::new("mute");
    let server = project.server();
    start(&server);
    let (place, process) = (project.place(), process(&server));
    let signal = |name: &str| {
        let kill = format!("kill -{name} {process}");
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
    };
    signal("STOP");
    let begun = Instant::now();
    let given_up = cluster::wait(&place, None, Duration::from_secs(3), 0, &mut |_| {});
    let took = begun.elapsed();
    signal("CONT");
    let error = given_up.unwrap_err();
    assert_eq!(error.code(), "P1002");
    assert!(error.to_string().contains(&format!("kill -CONT {process}")), "{error}");
    assert!(took < Duration::from_mins(1), "{took:?}");

    start(&server);
    signal("STOP");
    assert!(server.stop().unwrap(), "stopping wakes it");
}

#[test]
fn a_server_that_is_starting_is_waited_for() {
    let project = Project::new("slow");
    let place = project.place();
    place.create().unwrap();
    place.create_socket_folder().unwrap();
    let listener = UnixListener::bind(place.socket()).unwrap();
    let recovered = Instant::now() + Duration::from_millis(1500);
    let thread = std::thread::spawn(move || {
        loop {
            let (mut stream, _) = listener.accept().unwrap();
            stream.read_exact(&mut [0; 8]).unwrap();
            if Instant::now() > recovered {
                return stream.write_all(b"R\0\0\0\x08\0\0\0\0").unwrap();
            }
            stream.write_all(b"E\0\0\0\x18C57P03\0Mrecovering\0\0").unwrap();
        }
    });
    let patience = Duration::from_millis(300);
    let mut steps = Vec::new();
    let outcome = cluster::wait(&place, None, patience, 0, &mut |step| steps.push(step.to_owned()));
    assert_eq!(outcome.unwrap(), cluster::Outcome::Ready);
    assert_eq!(steps, ["waiting for PostgreSQL: recovering"]);
    thread.join().unwrap();
}

#[test]
fn a_killed_command_leaves_nothing_in_the_way() {
    let project = Project::new("interrupted");
    let place = project.place();
    place.create().unwrap();
    // What the killed command started writes on, where no later command may work.
    let mut gone = Command::new("true").spawn().unwrap();
    gone.wait().unwrap();
    let left = place.home.join(format!("data.{}.1", gone.id()));
    let used = place.home.join(format!("data.{}.1", std::process::id()));
    for folder in [&left, &used] {
        place.create_for_server(folder).unwrap();
        fs::write(folder.join("PG_VERSION"), "12\n").unwrap();
    }
    let url = start(&project.server());
    assert_eq!(value(&url, "SELECT 'up'"), "up");
    assert!(!left.exists(), "the leftovers of the dead are swept");
    assert!(used.join("PG_VERSION").exists(), "those of the living are not");
}

#[test]
fn a_lost_watchdog_is_replaced() {
    let project = Project::new("unwatched");
    let server = project.server();
    start(&server);
    let (place, process) = (project.place(), process(&server));
    let watchdog = || fs::read_to_string(place.watchdog_file()).unwrap().trim().to_owned();
    // A process has no command line for the moment in which it becomes another program.
    let become_watched = || {
        let deadline = Instant::now() + Duration::from_mins(1);
        while !watchdog::watches(&place, process) {
            assert!(Instant::now() < deadline, "no watchdog");
            std::thread::sleep(Duration::from_millis(1));
        }
    };
    become_watched();
    let first = watchdog();
    start(&server);
    assert_eq!(watchdog(), first, "one is enough");

    let kill = format!("kill -KILL {first}");
    assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
    while watchdog::watches(&place, process) {
        std::thread::sleep(Duration::from_millis(1));
    }
    start(&server);
    become_watched();
    assert_ne!(watchdog(), first);

    // As a command leaves it that was killed before it started one.
    fs::remove_file(place.watchdog_file()).unwrap();
    start(&server);
    become_watched();
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
fn a_full_disk_is_told_and_leaves_nothing() {
    let project = Project::new("full");
    let place = project.place();
    place.create().unwrap();
    let bin = crate::server::find::find(&ToolLookup::system(), &place, None).unwrap().bin;
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
    let left = fs::read_dir(&place.home).unwrap().flatten();
    assert!(!left.into_iter().any(|entry| entry.file_name().to_string_lossy().starts_with("data")));
    start(&project.server());
}
