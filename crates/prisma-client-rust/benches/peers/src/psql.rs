//! psql's `\copy` in binary form: the fastest way into a table that comes with PostgreSQL.

use std::path::PathBuf;
use std::process::Command;

use postgres::ConnectionUrl;

const COLUMNS: &str = "\"id\", \"orgId\", \"studentId\", \"instructorId\", \"serviceId\", \"startAt\", \"endAt\", \"priceCents\", \
                       \"platformFeeCents\", \"instructorShareCents\", \"createdAt\", \"statusChangedAt\", \"updatedAt\"";

pub(crate) struct Psql {
    arguments: Vec<String>,
    file: PathBuf,
}

impl Psql {
    /// Writes a file of so many rows.
    pub(crate) fn new(url: &ConnectionUrl, rows: usize) -> Psql {
        let file = std::env::temp_dir().join(format!("peers-{}.bin", std::process::id()));
        let port = url.port().to_string();
        let arguments =
            ["-X", "-q", "-h", url.host(), "-p", &port, "-U", url.user(), "-d", url.database()];
        let psql = Psql { arguments: arguments.map(str::to_owned).into(), file };
        psql.run(&format!(
            "\\copy (SELECT 'n' || n, 'org', 's1', 'i1', 'v1', t, t, 9000, 900, 8100, t, t, t FROM (SELECT n, \
             '2025-06-15'::timestamp(3) + n * interval '1 hour' AS t FROM generate_series(0, {rows} - 1) n) r) TO '{}' \
             (FORMAT binary)",
            psql.file.display()
        ));
        psql
    }

    pub(crate) fn copy(&self) {
        self.run(&format!(
            "\\copy \"Booking\" ({COLUMNS}) FROM '{}' (FORMAT binary)",
            self.file.display()
        ));
    }

    fn run(&self, command: &str) {
        let program = postgres::testing::program("psql").unwrap_or_else(|| "psql".into());
        let done = Command::new(program)
            .args(&self.arguments)
            .args(["-c", command])
            .output()
            .expect("psql is there");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }
}

impl Drop for Psql {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.file);
    }
}
