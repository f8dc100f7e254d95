//! `prisma/health.toml`, which shows every limit, shows those that are built in.

use health::Settings;

#[test]
fn the_file_of_the_project_is_what_is_built_in() {
    let text = include_str!("../../../../prisma/health.toml");
    assert_eq!(text, Settings::built_in(), "write what is built in into prisma/health.toml");
    Settings::read(text).expect("it can be read");
}
