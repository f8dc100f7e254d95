//! Pause, resume, cancel, stop, limits.

use super::*;
use crate::backfill::{again, cancel, pause, resume};

fn slow() -> Options {
    let mut options = Options::default();
    options.limits.max_rate = Some(2_000);
    options
}

#[tokio::test]
async fn paused_it_rests_and_resumed_it_goes_on() {
    let (database, connection) = prices("paused", 6_000).await;
    let backfill = fill("item", "cents", CENTS);
    let (sender, mut told) = tokio::sync::mpsc::unbounded_channel();
    let mut tell = |event: Event<'_>| match event {
        Event::Batch(_) => _ = sender.send("batch"),
        Event::Waits(super::super::Waits::Paused) => _ = sender.send("paused"),
        _ => {}
    };
    let person = async {
        let mut wait_for = async |what| while told.recv().await.expect(what) != what {};
        wait_for("batch").await;
        let found = pause(&connection, &backfill).await.unwrap();
        assert_eq!(found[0].state, State::Paused);
        wait_for("paused").await;
        let before = value(&connection, WRONG).await;
        assert_ne!(before, "0");
        assert_eq!(standing(&connection, &backfill).await[0].workers, 0);
        tokio::time::sleep(Duration::from_millis(700)).await;
        assert_eq!(value(&connection, WRONG).await, before, "nothing is done meanwhile");
        let refused = pause(&connection, &backfill).await.unwrap_err().to_string();
        assert!(refused.contains("nothing to pause") && refused.contains("is paused"), "{refused}");
        resume(&connection, &backfill).await.unwrap();
    };
    let options = slow();
    let ended = beside(run_with(database.url(), &backfill, &options, &mut tell), person).await;
    assert_eq!(ended, Ended::Done);
    assert_eq!(value(&connection, WRONG).await, "0");
    let refused = resume(&connection, &backfill).await.unwrap_err().to_string();
    assert!(refused.contains("not paused"), "{refused}");
}

#[tokio::test]
async fn cancelled_nobody_goes_on_with_it() {
    let (database, connection) = prices("cancelled", 6_000).await;
    let backfill = fill("item", "cents", CENTS);
    let (sender, mut told) = tokio::sync::mpsc::unbounded_channel();
    let mut tell = |event: Event<'_>| {
        if let Event::Batch(_) = event {
            let _ = sender.send(());
        }
    };
    let person = async {
        told.recv().await.expect("a batch");
        cancel(&connection, &backfill).await.unwrap();
    };
    let options = slow();
    let ended = beside(run_with(database.url(), &backfill, &options, &mut tell), person).await;
    assert_eq!(ended, Ended::Cancelled);
    assert_ne!(value(&connection, WRONG).await, "0");
    assert_eq!(run(database.url(), &backfill).await.unwrap(), Ended::Cancelled);
    again(&connection, &backfill).await.unwrap();
    assert_eq!(run(database.url(), &backfill).await.unwrap(), Ended::Done);
    assert_eq!(value(&connection, WRONG).await, "0");
}

#[tokio::test]
async fn paused_before_it_was_begun() {
    let (database, connection) = prices("paused_early", 100).await;
    let backfill = fill("item", "cents", CENTS);
    pause(&connection, &backfill).await.unwrap();
    let person = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        resume(&connection, &backfill).await.unwrap();
    };
    let ended = beside(run(database.url(), &backfill), person).await;
    assert_eq!(ended, Ended::Done);
    assert_eq!(value(&connection, WRONG).await, "0");
}

#[tokio::test]
async fn stopped_after_the_batch_it_goes_on_later() {
    let (database, connection) = prices("stopped", 6_000).await;
    let backfill = fill("item", "cents", CENTS);
    let (stopper, stop) = super::super::stop();
    let mut tell = |event: Event<'_>| {
        if let Event::Batch(_) = event {
            stopper.stop();
        }
    };
    let all = std::slice::from_ref(&backfill);
    let ended = super::super::run(database.url(), all, &slow(), stop, &mut tell).await.unwrap();
    assert_eq!(ended, Ended::Stopped);
    let standing = &standing(&connection, &backfill).await[0];
    assert_eq!(standing.state, State::Running);
    assert!(standing.changed > 0 && standing.changed < 6_000, "{standing:?}");
    assert_eq!(
        value(&connection, "SELECT count(*) FROM item WHERE cents IS NOT NULL").await,
        standing.changed.to_string()
    );
    assert_eq!(run(database.url(), &backfill).await.unwrap(), Ended::Done);
    assert_eq!(value(&connection, WRONG).await, "0");
}

#[tokio::test]
async fn rates_are_kept() {
    let (database, connection) = prices("rates", 3_000).await;
    let backfill = fill("item", "cents", CENTS);
    let mut options = Options::default();
    options.limits.max_rate = Some(1_000);
    let begin = std::time::Instant::now();
    run_with(database.url(), &backfill, &options, &mut |_| ()).await.unwrap();
    // The rest after the last batch is not waited for by anybody in need of it, yet it is.
    assert!(begin.elapsed() > Duration::from_millis(2_500), "{:?}", begin.elapsed());
    assert_eq!(value(&connection, WRONG).await, "0");
}

#[tokio::test]
async fn outside_of_its_window_nothing_is_done() {
    let (database, connection) = prices("window", 100).await;
    let backfill = fill("item", "cents", CENTS);
    let hour = |hours: i64| {
        (chrono::Local::now() + chrono::TimeDelta::hours(hours)).format("%H:%M").to_string()
    };
    let mut options = Options::default();
    options.limits.window = Some(format!("{}-{}", hour(2), hour(4)).parse().unwrap());
    let (stopper, stop) = super::super::stop();
    let mut waits = Vec::new();
    let mut tell = |event: Event<'_>| {
        if let Event::Waits(what) = event {
            waits.push(what);
            stopper.stop();
        }
    };
    let all = std::slice::from_ref(&backfill);
    let ended = super::super::run(database.url(), all, &options, stop, &mut tell).await.unwrap();
    assert_eq!(ended, Ended::Stopped);
    let [super::super::Waits::Window(time)] = waits[..] else { panic!("{waits:?}") };
    assert!(time > Duration::from_mins(100) && time <= Duration::from_hours(2), "{time:?}");
    assert_eq!(value(&connection, "SELECT count(cents) FROM item").await, "0");
    options.limits.window = Some(format!("{}-{}", hour(-2), hour(2)).parse().unwrap());
    run_with(database.url(), &backfill, &options, &mut |_| ()).await.unwrap();
    assert_eq!(value(&connection, WRONG).await, "0");
}
