//! What can be done about what PostgreSQL says before it gives up.

use super::place::Place;

/// What to do about the troubles that PostgreSQL has most.
pub(super) fn advice(place: &Place, words: &str) -> String {
    let lock = if words.contains("lock file \"postmaster.pid\" already exists") {
        place.data_lock()
    } else if words.contains("lock file") && words.contains(".s.PGSQL") {
        place.socket_lock()
    } else if words.contains("No space left on device") || words.contains("free disk space") {
        return "The disk is full: make room and try again.\n".to_owned();
    } else if words.contains("Address already in use") {
        return "Another program listens on this socket: end it, or remove the socket.\n"
            .to_owned();
    } else {
        return String::new();
    };
    format!(
        "`{}` names a living process that is not this project's server, as far as can be seen from here. It is one \
         in another container over the same folder: end it there. Or a crash left the file, and the number is \
         another program's by now: if you are sure of that, remove the file and try again.\n",
        lock.display()
    )
}
