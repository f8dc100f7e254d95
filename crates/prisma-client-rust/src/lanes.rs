//! Connections that many short queries share, one behind the other, without waiting for each other's answers.
//!
//! Sixty tasks that each look up a row need no sixty connections, nor turns on eight: a statement is sent behind those
//! that are on their way, and answers come in the same order. That is for statements that are over in no time and give
//! a row or two; one that may take long, or may wait for a lock, has a connection of its own, as transactions have.
//!
//! Invariants: a lane's connection is lent by the pool, so that all of them together stay within its limit, and goes
//! back when nobody is on it, but for one that is kept at hand until somebody waits for a connection. Nobody joins a lane that has not moved for a while, nor one that others wait for
//! the connection of. Giving up a query that shares a lane leaves the others alone.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use postgres::{Pool, PooledConnection};
use tokio::sync::Notify;

use crate::lent;

/// How many may be on each lane before another is opened.
const DEPTH: usize = 8;

/// A lane on which nobody was answered for so long leads nowhere for now.
const STUCK: Duration = Duration::from_millis(25);

/// The lanes of a pool.
#[derive(Debug)]
pub(crate) struct Lanes {
    pool: Pool,
    /// How many there may be, while each of them moves.
    most: usize,
    /// Whether lanes can hold all of the pool's connections.
    take_all: bool,
    open: Arc<Mutex<Vec<Lane>>>,
    /// Told when there may be a place.
    moved: Notify,
    /// Somebody is opening the first lane.
    is_opening: AtomicBool,
    /// Somebody is adding a connection to the pool.
    is_growing: Arc<AtomicBool>,
}

#[derive(Debug)]
struct Lane {
    connection: Arc<PooledConnection>,
    /// How many wait for answers. One lane is kept at hand without anybody on it.
    load: usize,
    /// When somebody was last answered.
    moved: Instant,
}

/// A place on a lane, until dropped.
#[derive(Debug)]
pub(crate) struct Seat<'l> {
    lanes: &'l Lanes,
    connection: Option<Arc<PooledConnection>>,
    is_answered: bool,
}

impl Lanes {
    pub(crate) fn new(pool: Pool) -> Self {
        let limit = pool.max_size();
        let open = Arc::<Mutex<Vec<Lane>>>::default();
        let lanes = Arc::downgrade(&open);
        pool.spare(move || {
            if let Some(lanes) = lanes.upgrade() {
                let empty: Vec<Lane> = lock(&lanes).extract_if(.., |lane| lane.load == 0).collect();
                drop(empty);
            }
        });
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            // Half of the connections are left to what needs one of its own.
            most: (limit / 2).clamp(1, cores.max(2)),
            take_all: limit == 1,
            pool,
            open,
            moved: Notify::new(),
            is_opening: AtomicBool::new(false),
            is_growing: Arc::default(),
        }
    }

    /// A place on a lane; waits in the pool's line where there is none.
    pub(crate) async fn board(&self) -> Result<Seat<'_>, postgres::Error> {
        match self.seat() {
            Some(seat) => Ok(seat),
            // Boxed, since it is large and rare.
            None => Box::pin(self.wait()).await,
        }
    }

    async fn wait(&self) -> Result<Seat<'_>, postgres::Error> {
        // One opens a lane for all; whoever sees it fail tries alone, so that nobody waits for ever.
        let mut moved = std::pin::pin!(self.moved.notified());
        moved.as_mut().enable();
        if self.is_opening.swap(true, Ordering::AcqRel) {
            moved.await;
            if let Some(seat) = self.seat() {
                return Ok(seat);
            }
            return Ok(self.add(self.pool.get().await?));
        }
        let opening = Opening(self);
        if let Some(seat) = self.seat() {
            return Ok(seat);
        }
        let connection = self.pool.get().await?;
        let seat = self.add(connection);
        drop(opening);
        Ok(seat)
    }

    /// A place that can be had at once.
    pub(crate) fn seat(&self) -> Option<Seat<'_>> {
        let now = Instant::now();
        let mut lanes = self.lock();
        lanes.retain(|lane| !lane.connection.is_closed());
        let moving = |lane: &&mut Lane| lane.load == 0 || now.duration_since(lane.moved) < STUCK;
        let count = lanes.iter_mut().filter(moving).count();
        let lane = lanes.iter_mut().filter(moving).min_by_key(|lane| lane.load)?;
        // Otherwise a crowd on the one connection would keep everybody else away from it.
        if self.take_all && self.pool.has_waiting() {
            return None;
        }
        if lane.load >= DEPTH && count < self.most {
            if self.pool.has_idle() {
                return None;
            }
            self.grow();
        }
        if lane.load == 0 {
            lane.moved = now;
        }
        lane.load += 1;
        Some(self.seat_on(&lane.connection))
    }

    fn add(&self, connection: PooledConnection) -> Seat<'_> {
        let connection = Arc::new(connection);
        let lane = Lane { connection: Arc::clone(&connection), load: 1, moved: Instant::now() };
        self.lock().push(lane);
        self.seat_on(&connection)
    }

    fn seat_on(&self, connection: &Arc<PooledConnection>) -> Seat<'_> {
        Seat { lanes: self, connection: Some(Arc::clone(connection)), is_answered: false }
    }

    /// Has the pool make one connection more, for the next who wants a lane.
    fn grow(&self) {
        if !self.pool.may_grow() || self.is_growing.swap(true, Ordering::AcqRel) {
            return;
        }
        let (pool, growing) = (self.pool.clone(), Arc::clone(&self.is_growing));
        drop(tokio::spawn(async move {
            // Where none can be made, the lanes there are do.
            drop(pool.get().await);
            growing.store(false, Ordering::Release);
        }));
    }

    /// Somebody leaves. An empty lane is kept, one of them, unless somebody waits for its connection.
    fn leave(&self, connection: &Arc<PooledConnection>, is_answered: bool) {
        let mut lanes = self.lock();
        let Some(index) = lanes.iter().position(|lane| Arc::ptr_eq(&lane.connection, connection))
        else {
            return;
        };
        let lane = &mut lanes[index];
        lane.load -= 1;
        let is_empty = lane.load == 0;
        // An empty lane moves from when somebody is on it again, and looking at the clock is not free.
        let mut was_stuck = false;
        if !is_empty || self.is_opening.load(Ordering::Acquire) {
            let now = Instant::now();
            was_stuck = now.duration_since(lane.moved) >= STUCK;
            lane.moved = now;
        }
        let keep = is_answered && lanes.iter().filter(|lane| lane.load == 0).count() == 1;
        if is_empty && (!keep || self.pool.has_waiting()) {
            let gone = lanes.swap_remove(index);
            drop(lanes);
            drop(gone);
        } else {
            drop(lanes);
            if was_stuck {
                self.moved.notify_waiters();
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Lane>> {
        lock(&self.open)
    }
}

impl Seat<'_> {
    pub(crate) fn connection(&self) -> &PooledConnection {
        // There until dropped.
        self.connection.as_deref().expect("a seat has its connection")
    }

    /// The answer has come.
    pub(crate) fn answered(mut self) {
        self.is_answered = true;
    }
}

impl Drop for Seat<'_> {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        self.lanes.leave(&connection, self.is_answered);
        // The last one on the lane, and the server is still at it.
        if !self.is_answered
            && let Some(connection) = Arc::into_inner(connection)
        {
            lent::settle(connection, self.lanes.pool.url());
        }
    }
}

/// Ends the time of the one who opens a lane, however that ends.
struct Opening<'l>(&'l Lanes);

impl Drop for Opening<'_> {
    fn drop(&mut self) {
        self.0.is_opening.store(false, Ordering::Release);
        self.0.moved.notify_waiters();
    }
}

fn lock(lanes: &Mutex<Vec<Lane>>) -> MutexGuard<'_, Vec<Lane>> {
    lanes.lock().unwrap_or_else(PoisonError::into_inner)
}
