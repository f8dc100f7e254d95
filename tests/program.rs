//! Crates of their own on the client's runtime, kept between runs so that only the first compiles all of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::sandbox::{Run, cargo, workspace, xtask};

pub(crate) struct Program {
    root: PathBuf,
    /// What is compiled, for all such crates in one place: they use the same libraries.
    target: PathBuf,
}

impl Program {
    /// An empty crate of this name and edition, which uses the runtime with these features, and `dependencies`.
    pub(crate) fn new(name: &str, edition: u16, features: &[&str], dependencies: &str) -> Self {
        let tmp = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let program = Self { root: tmp.join(name), target: tmp.join("programs") };
        for folder in ["src", "prisma"] {
            let _ = fs::remove_dir_all(program.root.join(folder));
            fs::create_dir_all(program.root.join(folder))
                .expect("the target folder can be written");
        }
        let runtime = workspace().join("crates/prisma-client-rust");
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"{edition}\"\n\n[workspace]\n\n\
             [dependencies]\nprisma-client-rust = {{ path = {:?}, features = {features:?} }}\n{dependencies}",
            runtime.display().to_string()
        );
        program.write("Cargo.toml", &manifest);
        fs::copy(workspace().join("Cargo.lock"), program.root.join("Cargo.lock"))
            .expect("the lock file can be copied");
        program
    }

    pub(crate) fn write(&self, file: &str, text: &str) {
        let path = self.root.join(file);
        fs::create_dir_all(path.parent().expect("it is in the crate")).expect("it can be made");
        fs::write(path, text).expect("the target folder can be written");
    }

    pub(crate) fn read(&self, file: &str) -> String {
        fs::read_to_string(self.root.join(file)).expect("the file is there")
    }

    /// `cargo xtask generate` in the crate.
    pub(crate) fn generate(&self) -> Run {
        let mut command = Command::new(xtask());
        command.args(["generate", "--schema", "prisma/schema.prisma"]).current_dir(&self.root);
        command.env("CARGO_TARGET_DIR", &self.target);
        Run::of(command.output().expect("the command starts")).success()
    }

    pub(crate) fn check(&self) -> Run {
        let mut command = cargo();
        command.args(["check", "--offline"]).current_dir(&self.root);
        command.env("CARGO_TARGET_DIR", &self.target).env("CARGO_TERM_COLOR", "never");
        Run::of(command.output().expect("cargo runs"))
    }

    /// The crate's program, on this database.
    pub(crate) fn run(&self, url: &str) -> Run {
        let mut command = cargo();
        command.args(["run", "--offline", "--quiet"]).current_dir(&self.root);
        command.env("CARGO_TARGET_DIR", &self.target).env("CARGO_TERM_COLOR", "never");
        Run::of(command.env("DATABASE_URL", url).output().expect("cargo runs"))
    }
}
