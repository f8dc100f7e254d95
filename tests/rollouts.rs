//! Whole rollouts: a breaking change in phases, while two releases of an app write at once, the fill is killed −9 and the
//! server stopped in the middle. In the end the data are what they would be without any of that, and nothing is left.

mod app;
mod cases;
mod given_up;
mod guide;
mod rolled;

use std::thread;

use cases::{CASES, Case};
use guide::EXAMPLES;
use rolled::{Rolled, Saboteur};

#[test]
fn every_kind_of_change() {
    roll(CASES);
}

#[test]
fn the_examples_of_the_guide() {
    roll(EXAMPLES);
}

/// All of them at once, each in a database of its own, on one server that is stopped in the middle.
fn roll(cases: &'static [Case]) {
    let mut saboteur = Saboteur::new();
    let begin = |case: &'static Case| Rolled::begin(case, saboteur.url(case.label));
    let mut rollouts: Vec<Rolled> = cases.iter().map(begin).collect();
    together(&mut rollouts, Rolled::expand);
    thread::scope(|scope| {
        let filling: Vec<_> = rollouts
            .iter_mut()
            .map(|rollout| scope.spawn(|| rollout.fill_and_be_killed()))
            .collect();
        saboteur.stop_the_server_while(|| filling.iter().any(|one| !one.is_finished()));
        ended(filling);
    });
    together(&mut rollouts, Rolled::fill);
    together(&mut rollouts, Rolled::contract);
    together(&mut rollouts, Rolled::compare);
}

fn together(rollouts: &mut [Rolled], work: fn(&mut Rolled)) {
    thread::scope(|scope| {
        let working: Vec<_> =
            rollouts.iter_mut().map(|rollout| scope.spawn(move || work(rollout))).collect();
        ended(working);
    });
}

/// What went wrong in any of them has been told by then.
fn ended(working: Vec<thread::ScopedJoinHandle<'_, ()>>) {
    let failed = working.into_iter().filter_map(|one| one.join().err()).count();
    assert_eq!(failed, 0, "of the rollouts at once");
}
