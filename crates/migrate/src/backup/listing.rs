//! A dump, read again: `pg_restore` must be able to list it, and to give back as many rows of each table as were counted
//! in the snapshot that it was made of.
//!
//! All of the data go through this once, so that a file that cannot be unpacked is found now and not on the day on which
//! it is needed.

use std::collections::BTreeMap;
use std::path::Path;

use tokio::io::{AsyncBufReadExt as _, BufReader};

use super::manifest::TableRows;
use super::tool::Tool;
use crate::Error;

/// Fails where a table is missing in the dump, or has not the rows that were counted.
pub(crate) async fn check(restore: &Tool, dump: &Path, counted: &[TableRows]) -> Result<(), Error> {
    let listed = list(restore, dump).await?;
    let found = rows(restore, dump).await?;
    for TableRows { schema, name, rows } in counted {
        let in_dump = found.get(&(schema.clone(), name.clone())).copied();
        let is_there = in_dump.is_some();
        if !is_there || in_dump != Some(*rows) {
            let in_dump =
                in_dump.map_or_else(|| "none of it".to_owned(), |rows| format!("{rows} rows"));
            return Err(Error::plain(format!(
                "the dump is not what the database has: table \"{schema}\".\"{name}\" has {rows} rows, the dump \
                 {in_dump} ({listed} entries listed)"
            )));
        }
    }
    Ok(())
}

/// How many entries the dump lists: none of a database that has nothing.
pub(crate) async fn list(restore: &Tool, dump: &Path) -> Result<usize, Error> {
    let said = restore.output(None, &["--list".as_ref(), dump.as_os_str()]).await?;
    // The head of every list is a comment.
    if !said.starts_with(';') {
        return Err(Error::plain(format!("{} is no dump that can be listed", dump.display())));
    }
    Ok(said.lines().filter(|line| !line.is_empty() && !line.starts_with(';')).count())
}

/// How many rows the dump has of each table, by schema and name.
pub(crate) async fn rows(
    restore: &Tool,
    dump: &Path,
) -> Result<BTreeMap<(String, String), u64>, Error> {
    let arguments = ["--data-only".as_ref(), "--file=-".as_ref(), dump.as_os_str()];
    let mut running = restore.start(None, &arguments)?;
    let Some(stdout) = running.stdout() else { return Ok(BTreeMap::new()) };
    let read = async {
        let mut lines = BufReader::with_capacity(1 << 20, stdout);
        let (mut line, mut reader) = (Vec::new(), Reader::default());
        while lines.read_until(b'\n', &mut line).await? > 0 {
            reader.line(&line);
            line.clear();
        }
        Ok(reader.found)
    };
    // Its complaints are heard meanwhile: it would wait for a reader of them.
    let (found, ended) = tokio::join!(read, running.end());
    ended?;
    found.map_err(|error: std::io::Error| Error::io("read", dump, error))
}

/// Counts the rows of COPY blocks.
#[derive(Debug, Default)]
struct Reader {
    found: BTreeMap<(String, String), u64>,
    /// The table whose rows follow.
    within: Option<(String, String)>,
    /// A COPY statement so far: a name may have line ends in it.
    statement: Vec<u8>,
}

impl Reader {
    fn line(&mut self, line: &[u8]) {
        if let Some(table) = &self.within {
            if line == b"\\.\n" {
                self.within = None;
            } else if let Some(rows) = self.found.get_mut(table) {
                *rows += 1;
            }
            return;
        }
        if self.statement.is_empty() && !line.starts_with(b"COPY ") {
            return;
        }
        self.statement.extend_from_slice(line);
        if line.ends_with(b" FROM stdin;\n") {
            let statement = String::from_utf8_lossy(&self.statement);
            if let Some(table) = table_of(&statement) {
                self.found.entry(table.clone()).or_insert(0);
                self.within = Some(table);
            }
            self.statement.clear();
        }
    }
}

/// The table of `COPY schema.name (…) FROM stdin;`.
fn table_of(statement: &str) -> Option<(String, String)> {
    let (schema, rest) = name(statement.strip_prefix("COPY ")?)?;
    let (table, _) = name(rest.strip_prefix('.')?)?;
    Some((schema, table))
}

/// A name, quoted or not, at the beginning of a text, and what follows it.
fn name(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(['.', ' '])?;
        return Some((text[..end].to_owned(), &text[end..]));
    };
    let mut name = String::new();
    let mut rest = quoted;
    loop {
        let end = rest.find('"')?;
        name.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        let Some(after) = rest.strip_prefix('"') else { return Some((name, rest)) };
        name.push('"');
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_counted_by_table() {
        let script = "SET x = 1;\nCOPY public.plain (id, \"a b\") FROM stdin;\n1\t2\nCOPY x.y (a) FROM stdin;\n\\.\n\n\
                      COPY \"odd \"\"one\"\".\n\".\"t.(\" (a) FROM stdin;\n\\.\nSELECT 1;\nCOPY public.none  FROM stdin;\n\n\\.\n";
        let mut reader = Reader::default();
        script.split_inclusive('\n').for_each(|line| reader.line(line.as_bytes()));
        let found: Vec<(&str, &str, u64)> =
            reader.found.iter().map(|((schema, name), rows)| (&**schema, &**name, *rows)).collect();
        assert_eq!(
            found,
            [("odd \"one\".\n", "t.(", 0), ("public", "none", 1), ("public", "plain", 2)]
        );
    }
}
