//! The house as a whole: its shape, its commands, its output. One test binary.

mod architecture;
mod bad_input;
mod connecting;
mod db_commands;
mod db_pull;
mod deploy_command;
mod deploy_verified;
mod diff_command;
mod down_command;
mod drift;
mod error_codes;
mod faults;
mod first_steps;
mod format_command;
mod output;
mod passwords;
mod program;
mod project_shapes;
mod renames;
mod ripple;
mod sandbox;
mod schema_commands;
mod schema_files;
mod squash_command;
mod terminal;
mod upstream;
