//! What a generated client costs whoever compiles it: DriveFlow's, and those of 50 to 200 models.
//!
//! `cargo bench -p codegen` (or `--bench compile -- 100`, for one row) builds the runtime as `cargo check` and `cargo build` of a client would, then calls the
//! compiler on the client alone, with the flags of the dev profile. The seconds are those of the processor, so that
//! other work on the machine matters less; on the clock a check takes about as long, a build less, for it runs on
//! several cores. The columns are named in [`KINDS`].

mod schemas;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use codegen::Options;

const KINDS: [(&str, &str); 6] = [
    ("KB/model", "generated source"),
    ("check", "`cargo check` from nothing, seconds"),
    ("changed", "`cargo check` after one model has got one field more"),
    ("build", "`cargo build` from nothing"),
    ("MB", "the library that it makes"),
    ("used", "`cargo check` of code with eight queries of each model, from nothing"),
];

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    for (name, what) in KINDS {
        println!("{name:>9}  {what}");
    }
    let bench = Bench::new()?;
    print!("\n{:>9}", "models");
    for (name, _) in KINDS {
        print!(" {name:>9}");
    }
    println!();
    let driveflow = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../prisma/schema.prisma");
    let only: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let is_asked_for = |name: &str| only.is_empty() || only.iter().any(|asked| asked == name);
    if is_asked_for("DriveFlow") {
        bench.row("DriveFlow", &fs::read_to_string(driveflow)?)?;
    }
    for models in [50, 100, 200] {
        let name = models.to_string();
        if is_asked_for(&name) {
            bench.row(&name, &schemas::schema(models))?;
        }
    }
    Ok(())
}

/// A folder to work in, and the runtime as the compiler finds it.
struct Bench {
    folder: PathBuf,
    runtime: PathBuf,
}

impl Bench {
    fn new() -> Result<Self> {
        let arguments = ["build", "--package", "prisma-client-rust", "--message-format", "json"];
        let cargo =
            Command::new(env!("CARGO")).args(arguments).stderr(Stdio::inherit()).output()?;
        let messages = String::from_utf8(cargo.stdout)?;
        // One library in the words of a tool that the bench need not know more of.
        let runtime =
            messages.split('"').rfind(|word| word.ends_with("/libprisma_client_rust.rlib"));
        let runtime = PathBuf::from(runtime.ok_or("cargo made no library of prisma-client-rust")?);
        Ok(Self { folder: Path::new(env!("CARGO_TARGET_TMPDIR")).join("compile"), runtime })
    }

    fn row(&self, name: &str, schema: &str) -> Result<()> {
        if self.folder.exists() {
            fs::remove_dir_all(&self.folder)?;
        }
        let bytes = self.write(schema)?;
        let models = psl_models(schema);
        let check = self.compile("client", "metadata", "check")?;
        let used = self.compile("used", "metadata", "used")?;
        let build = self.compile("client", "metadata,link", "build")?;
        let size = fs::metadata(self.folder.join("build/libclient.rlib"))?.len();
        self.write(&schemas::changed(schema))?;
        let changed = self.compile("client", "metadata", "check")?;
        #[expect(clippy::cast_precision_loss, reason = "they are shown with one digit")]
        let [source, size] = [bytes as f64 / 1e3 / models as f64, size as f64 / 1e6];
        println!(
            "{name:>9} {source:>9.2} {check:>9.2} {changed:>9.2} {build:>9.2} {size:>9.2} {used:>9.2}"
        );
        Ok(())
    }

    /// Writes the client of a schema, and something that uses it; gives the number of bytes of the client.
    fn write(&self, schema: &str) -> Result<usize> {
        let analysis = psl::analyze(vec![psl::SourceFile::new("schema.prisma", schema)]);
        if analysis.has_errors() {
            return Err(format!("{:?}", analysis.diagnostics.first()).into());
        }
        let options = Options { module_path: String::new(), ..Options::default() };
        let files = codegen::generate(&analysis.schema, &options);
        fs::create_dir_all(self.folder.join("client"))?;
        for (name, text) in &files {
            let name = if name == "mod.rs" { "lib.rs" } else { name };
            fs::write(self.folder.join("client").join(name), text)?;
        }
        fs::create_dir_all(self.folder.join("used"))?;
        fs::write(self.folder.join("used/lib.rs"), schemas::used(&files))?;
        Ok(files.values().map(String::len).sum())
    }

    /// Calls the compiler as cargo does; gives the seconds of processors that it took.
    fn compile(&self, library: &str, emit: &str, out: &str) -> Result<f64> {
        let (out, runtime) = (self.folder.join(out), self.runtime.display());
        fs::create_dir_all(&out)?;
        let before = processor_seconds()?;
        let mut rustc = Command::new(std::env::var_os("RUSTC").unwrap_or("rustc".into()));
        rustc
            .arg(self.folder.join(library).join("lib.rs"))
            .args(["--crate-name", library, "--crate-type", "lib", "--edition", "2024"])
            .args([format!("--emit=dep-info,{emit}"), "-Cdebuginfo=line-tables-only".to_owned()])
            .arg("-Cembed-bitcode=no")
            .arg(format!("-Cincremental={}", out.join("incremental").display()))
            .arg("--out-dir")
            .arg(&out)
            .arg(format!("-Ldependency={}", self.runtime.with_file_name("deps").display()))
            .arg(format!("--extern=prisma_client_rust={runtime}"));
        if library == "used" {
            let client = self.folder.join("check/libclient.rmeta");
            rustc.arg(format!("--extern=client={}", client.display()));
        }
        if rustc.status()?.success() {
            Ok(processor_seconds()? - before)
        } else {
            Err(format!("the compiler refused {library}").into())
        }
    }
}

fn psl_models(schema: &str) -> usize {
    schema.lines().filter(|line| line.starts_with("model ")).count()
}

/// What processes that this one waited for have used, as Linux counts it: in hundredths of a second.
fn processor_seconds() -> Result<f64> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let (_, numbers) = stat.rsplit_once(')').ok_or("a process without a name")?;
    // User and system time of children, the 16th and the 17th of all.
    let times = numbers.split_whitespace().skip(13).take(2).map(str::parse::<u32>);
    Ok(f64::from(times.sum::<std::result::Result<u32, _>>()?) / 100.0)
}
