//! What stands in a file of SQL but cannot be sent to a server.

/// Something that only another client could run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Stable, in kebab case: `psql-command`, `copy-from-stdin` or `nul-byte`.
    pub code: &'static str,
    /// The byte where it starts.
    pub at: usize,
    /// What it is and why it cannot be sent.
    pub message: String,
    /// What to write instead.
    pub help: &'static str,
}

impl Refusal {
    pub(crate) fn psql_command(at: usize, command: &str) -> Self {
        let help = match command.trim_start_matches('\\') {
            "i" | "ir" | "include" | "include_relative" => {
                "write what the other file says into this one"
            }
            "c" | "connect" => {
                "remove it: a migration runs in the database that the connection names"
            }
            "copy" => "write the rows as INSERT statements (`pg_dump --inserts` makes them)",
            "restrict" | "unrestrict" => "remove it: pg_dump writes it for psql only",
            "set" | "unset" | "gset" => "write the value itself where the variable is used",
            _ => "remove it, or write the SQL that it stands for",
        };
        let message = format!("{command} is a command of psql, not SQL, and no server knows it");
        Self { code: "psql-command", at, message, help }
    }

    pub(crate) fn copy_from_stdin(at: usize) -> Self {
        Self {
            code: "copy-from-stdin",
            at,
            message: "COPY … FROM STDIN reads data from its client, which a script cannot send"
                .to_owned(),
            help: "write the rows as INSERT statements (`pg_dump --inserts` makes them)",
        }
    }

    pub(crate) fn nul_byte(at: usize) -> Self {
        Self {
            code: "nul-byte",
            at,
            message: "a zero byte ends the text for the server, which would not see what follows"
                .to_owned(),
            help: "remove it; a file in UTF-16 has one beside each letter: save it as UTF-8",
        }
    }
}
