//! Tests over `test_data`: one file is one case, with what is expected beside it.
//!
//! Each area has a way to print what it looks at; the print is compared with the `.snap` file of the same name.

mod areas;
mod configuration;
mod dump;
mod fixes;
mod properties;
mod reference;
mod rendering;

use std::path::{Path, PathBuf};

/// The folder of an area's cases.
fn folder(area: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("test_data").join(area)
}

/// The names of an area's cases, sorted.
fn case_names(area: &str) -> Vec<String> {
    let entries = std::fs::read_dir(folder(area)).unwrap().map(|entry| entry.unwrap().path());
    let mut names: Vec<String> = entries
        .filter(|path| path.extension().is_some_and(|extension| extension == "prisma"))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .filter(|name| !name.ends_with(".formatted"))
        .collect();
    names.sort();
    names
}

fn read(area: &str, name: &str) -> String {
    std::fs::read_to_string(folder(area).join(format!("{name}.prisma"))).unwrap()
}

/// Every case of every area, as name and text.
fn all_cases() -> Vec<(String, String)> {
    areas::AREAS
        .into_iter()
        .chain(["reference/validation", "reference/format"])
        .flat_map(|area| {
            case_names(area)
                .into_iter()
                .map(move |name| (format!("{area}/{name}"), read(area, &name)))
        })
        .collect()
}

fn check(area: &str, name: &str, printed: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(folder(area));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, printed));
}
