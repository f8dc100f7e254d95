//! What the server says while a script runs, told while it runs: a script that takes an hour says how far it is.

use std::pin::pin;

use postgres::Connection;

use crate::Progress;

/// Does the work, and tells what the server says meanwhile.
pub(crate) async fn telling<T>(
    connection: &Connection,
    progress: &mut dyn FnMut(Progress<'_>),
    work: impl Future<Output = T>,
) -> T {
    let mut notices = connection.notices();
    let mut work = pin!(work);
    let result = loop {
        tokio::select! {
            biased;
            Some(notice) = notices.next() => progress(Progress::Notice(&notice)),
            result = &mut work => break result,
        }
    };
    while let Some(notice) = notices.next_now() {
        progress(Progress::Notice(&notice));
    }
    result
}
