//! The rows of an answer, taken from a connection's stream before the driver makes rows of them.
//!
//! The driver gives each row a list of ranges and a share of a buffer, and wakes whoever asked for each few of them. Who
//! turns thousands of rows into values of their own needs none of that. So what the server sends to a pooled connection
//! comes through here, message by message: while somebody asks for them, rows are kept for them as they came, many
//! together. Everything else goes on to the driver, which sends, matches answers to questions and notices the end as ever.
//!
//! Invariants: a message goes one way whole. Rows are kept until the first answer that ends, and who asks for them has the
//! connection alone and waits for no earlier rows, so that they are theirs. Rows that nobody asks for any more go to the
//! driver. No more are kept than [`ROOM`]: then the server waits, as it does for the driver.

use std::io;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker, ready};

use bytes::{Buf as _, Bytes, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, ReadBuf};

/// How many bytes of rows are kept before the server has to wait.
const ROOM: usize = 1024 * 1024;

/// How much is read at once.
const READ: usize = 32 * 1024;

/// Letter and length.
const HEADER: usize = 5;

/// A connection's tap: closed, until somebody asks for the rows of the next answer.
#[derive(Debug, Default)]
pub struct Tap {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    is_open: bool,
    /// Whole messages, one after the other in each.
    rows: Vec<Bytes>,
    held: usize,
    /// Who waits for rows.
    taker: Option<Waker>,
    /// The driver's task, which waits for room.
    driver: Option<Waker>,
}

/// The rows of the answer to what is sent next; the tap closes when it is dropped.
#[derive(Debug)]
pub struct Taken<'t>(&'t Tap);

impl Tap {
    /// Keeps the rows of the answer to what is sent next, which is all that is sent until it has come.
    pub fn open(&self) -> Taken<'_> {
        let mut state = self.state();
        state.is_open = true;
        state.rows.clear();
        state.held = 0;
        Taken(self)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Taken<'_> {
    /// The messages that have come, whole; wakes when there are more.
    pub fn take(&mut self, cx: &Context<'_>) -> Vec<Bytes> {
        let mut state = self.0.state();
        state.taker = Some(cx.waker().clone());
        if state.rows.is_empty() {
            return Vec::new();
        }
        state.held = 0;
        let rows = std::mem::take(&mut state.rows);
        let driver = state.driver.take();
        drop(state);
        if let Some(driver) = driver {
            driver.wake();
        }
        rows
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.is_open = false;
        state.rows.clear();
        state.held = 0;
        state.taker = None;
        let driver = state.driver.take();
        drop(state);
        if let Some(driver) = driver {
            driver.wake();
        }
    }
}

/// The values of each row in messages that were taken: what follows letter and length.
pub fn rows(mut messages: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (message, rest) = messages.split_at_checked(whole(messages)?)?;
        messages = rest;
        message.get(HEADER..)
    })
}

/// The length of the message at the front, with its letter; `None` while that is not known.
fn whole(input: &[u8]) -> Option<usize> {
    let length: [u8; 4] = input.get(1..HEADER)?.try_into().ok()?;
    usize::try_from(u32::from_be_bytes(length)).ok()?.checked_add(1)
}

/// A stream with a tap.
pub(crate) struct Tapped<S> {
    inner: S,
    tap: Arc<Tap>,
    input: BytesMut,
    /// How much of what comes next is the driver's.
    passing: usize,
}

impl<S: AsyncRead + Unpin> Tapped<S> {
    pub(crate) fn new(inner: S, tap: Arc<Tap>) -> Self {
        Self { inner, tap, input: BytesMut::new(), passing: 0 }
    }

    /// Follows what goes to the driver as it was read, so that it is known where the next message begins. The beginning of
    /// a message that says no more than that stays here.
    fn follow(&mut self, out: &mut ReadBuf<'_>, start: usize) {
        let mut rest = &out.filled()[start..];
        loop {
            let of_message = self.passing.min(rest.len());
            self.passing -= of_message;
            rest = &rest[of_message..];
            if rest.is_empty() {
                return;
            }
            let Some(length) = whole(rest) else { break };
            self.passing = length;
        }
        self.input.extend_from_slice(rest);
        let passed = out.filled().len() - rest.len();
        out.set_filled(passed);
    }

    /// Sorts what was read. Afterwards something is the driver's, or more has to be read.
    fn sort(&mut self, cx: &Context<'_>) -> Poll<()> {
        let mut taker = None;
        let mut state = self.tap.state();
        let mut poll = Poll::Ready(());
        while let Some(length) = whole(&self.input[self.passing.min(self.input.len())..]) {
            let letter = self.input[self.passing];
            if state.is_open && letter == b'D' {
                if self.passing > 0 {
                    break;
                }
                if self.input.len() < length {
                    self.input.reserve(length - self.input.len());
                    break;
                }
                if state.held >= ROOM {
                    state.driver = Some(cx.waker().clone());
                    poll = Poll::Pending;
                    break;
                }
                let rows = rows_at_front(&self.input);
                state.held += rows;
                state.rows.push(self.input.split_to(rows).freeze());
                taker = taker.or_else(|| state.taker.take());
            } else {
                // CommandComplete, ErrorResponse, EmptyQueryResponse, PortalSuspended, CopyOutResponse
                if matches!(letter, b'C' | b'E' | b'I' | b's' | b'H') {
                    state.is_open = false;
                }
                self.passing = self.passing.saturating_add(length);
            }
        }
        drop(state);
        if let Some(taker) = taker {
            taker.wake();
        }
        poll
    }
}

/// How many bytes of whole rows there are before anything else.
fn rows_at_front(input: &[u8]) -> usize {
    let mut end = 0;
    while let Some(length) = whole(&input[end..])
        && input[end] == b'D'
        && input.len() - end >= length
    {
        end += length;
    }
    end
}

impl<S: AsyncRead + Unpin> AsyncRead for Tapped<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        loop {
            if this.passing == 0 && !this.input.is_empty() {
                ready!(this.sort(cx));
            }
            let passed = this.passing.min(this.input.len()).min(out.remaining());
            if passed > 0 {
                out.put_slice(&this.input[..passed]);
                this.input.advance(passed);
                this.passing -= passed;
                return Poll::Ready(Ok(()));
            }
            // Nobody asks for rows, as for the most part: then nothing has to stay here for a while.
            if this.input.is_empty() && !this.tap.state().is_open {
                let start = out.filled().len();
                ready!(Pin::new(&mut this.inner).poll_read(cx, out))?;
                let is_end = out.filled().len() == start;
                this.follow(out, start);
                if is_end || out.filled().len() > start {
                    return Poll::Ready(Ok(()));
                }
            }
            if this.input.capacity() - this.input.len() < READ / 4 {
                this.input.reserve(READ);
            }
            let read = pin!(this.inner.read_buf(&mut this.input)).poll(cx);
            if ready!(read)? == 0 {
                return Poll::Ready(Ok(()));
            }
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Tapped<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().inner).poll_write(cx, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use tokio::io::{AsyncWriteExt as _, DuplexStream, duplex};

    use super::*;

    fn message(letter: u8, body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len() + 4).unwrap();
        [&[letter], &length.to_be_bytes()[..], body].concat()
    }

    /// `BindComplete`, two rows, a notice between them, the end; then an answer that nobody asked for.
    fn answers() -> Vec<u8> {
        let mut all = message(b'2', b"");
        all.extend(message(b'D', b"one"));
        all.extend(message(b'N', b"said"));
        all.extend(message(b'D', b"two"));
        all.extend(message(b'C', b"SELECT 2"));
        all.extend(message(b'Z', b"I"));
        all.extend(message(b'D', b"other"));
        all.extend(message(b'C', b"SELECT 1"));
        all
    }

    fn block_on<T>(work: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(work)
    }

    async fn passed(stream: &mut Tapped<DuplexStream>) -> Vec<u8> {
        let mut passed = Vec::new();
        stream.read_to_end(&mut passed).await.unwrap();
        passed
    }

    async fn taken(rows_of: &mut Taken<'_>) -> Vec<Vec<u8>> {
        let all = poll_fn(|cx| Poll::Ready(rows_of.take(cx))).await;
        all.iter().flat_map(|messages| rows(messages).map(<[u8]>::to_vec)).collect()
    }

    #[test]
    fn rows_are_kept_however_they_arrive() {
        let all = answers();
        for cut in 0..all.len() {
            let tap = Arc::new(Tap::default());
            let mut rows_of = tap.open();
            block_on(async {
                let (mut server, client) = duplex(64 * 1024);
                let mut stream = Tapped::new(client, Arc::clone(&tap));
                let (first, second) = all.split_at(cut);
                let send = async {
                    server.write_all(first).await.unwrap();
                    tokio::task::yield_now().await;
                    server.write_all(second).await.unwrap();
                    drop(server);
                };
                let ((), rest) = tokio::join!(send, passed(&mut stream));
                assert_eq!(taken(&mut rows_of).await, [b"one", b"two"], "{cut}");
                let expected = [
                    message(b'2', b""),
                    message(b'N', b"said"),
                    message(b'C', b"SELECT 2"),
                    message(b'Z', b"I"),
                    message(b'D', b"other"),
                    message(b'C', b"SELECT 1"),
                ];
                assert_eq!(rest, expected.concat(), "{cut}");
            });
        }
    }

    #[test]
    fn what_nobody_asks_for_goes_through_however_it_arrives() {
        let all = answers();
        for cut in 0..all.len() {
            let tap = Arc::new(Tap::default());
            block_on(async {
                let (mut server, client) = duplex(64 * 1024);
                let mut stream = Tapped::new(client, Arc::clone(&tap));
                let (first, second) = all.split_at(cut);
                let send = async {
                    server.write_all(first).await.unwrap();
                    tokio::task::yield_now().await;
                    server.write_all(second).await.unwrap();
                };
                let mut came = vec![0; all.len()];
                let ((), read) = tokio::join!(send, stream.read_exact(&mut came));
                assert_eq!(read.unwrap(), all.len(), "{cut}");
                assert_eq!(came, all, "{cut}");
                // Where a message begins is known still.
                let mut rows_of = tap.open();
                server.write_all(&all).await.unwrap();
                drop(server);
                let rest = passed(&mut stream).await;
                assert_eq!(taken(&mut rows_of).await, [b"one", b"two"], "{cut}");
                assert_eq!(rest.len(), all.len() - 2 * message(b'D', b"one").len(), "{cut}");
            });
        }
    }

    #[test]
    fn rows_that_nobody_asks_for_any_more_are_the_drivers() {
        let tap = Arc::new(Tap::default());
        drop(tap.open());
        block_on(async {
            let (mut server, client) = duplex(64 * 1024);
            server.write_all(&answers()).await.unwrap();
            drop(server);
            assert_eq!(passed(&mut Tapped::new(client, Arc::clone(&tap))).await, answers());
        });
    }

    #[test]
    fn the_server_waits_for_room() {
        let tap = Arc::new(Tap::default());
        let mut rows_of = tap.open();
        block_on(async {
            let (mut server, client) = duplex(1024);
            let mut stream = Tapped::new(client, Arc::clone(&tap));
            let row = message(b'D', &vec![7; 100_000]);
            let count = 5 * ROOM / row.len();
            let send = async {
                for _ in 0..count {
                    server.write_all(&row).await.unwrap();
                }
                drop(server);
            };
            let take = async {
                let mut found = 0;
                while found < count {
                    let came = taken(&mut rows_of).await;
                    assert!(came.len() <= ROOM / row.len() + 1, "{}", came.len());
                    found += came.len();
                    tokio::task::yield_now().await;
                }
            };
            let ((), (), rest) = tokio::join!(send, take, passed(&mut stream));
            assert!(rest.is_empty());
        });
    }
}
