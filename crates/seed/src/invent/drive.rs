//! Drives as a GPS box would log them: out along streets with lights and corners, and back the same way.
//!
//! Whole numbers throughout, so that every machine gets the same drive. Speeds are hundredths of km/h; between two
//! readings the car covers what its speed says.

use bigdecimal::BigDecimal;
use rand::seq::IndexedRandom as _;
use rand::{Rng, RngExt as _};

use super::place::Point;

/// Seconds between two readings, unless more or fewer are asked for; and between two decisions of whoever drives.
pub(crate) const INTERVAL: i64 = 15;

/// The most seconds between two readings of a drive that still looks like one.
const WIDEST: i64 = 30;

/// One reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reading {
    /// Seconds since the drive began.
    pub(crate) second: i64,
    pub(crate) point: Point,
    /// In hundredths of km/h, on average since the reading before.
    pub(crate) speed: i64,
    /// Millimetres since the reading before.
    covered: i64,
}

impl Reading {
    /// The speed as its column holds it.
    pub(crate) fn kph(&self) -> BigDecimal {
        BigDecimal::new(self.speed.into(), 2)
    }
}

/// North and east of the eight directions, in thousandths.
const DIRECTIONS: [(i64, i64); 8] = [
    (1000, 0),
    (707, 707),
    (0, 1000),
    (-707, 707),
    (-1000, 0),
    (-707, -707),
    (0, -1000),
    (707, -707),
];

/// What a learner aims at: lights, a school zone, streets and a main road.
const TARGETS: [i64; 8] = [0, 2_500, 4_000, 4_000, 5_000, 5_000, 5_000, 6_000];

/// The most that the speed changes in an [`INTERVAL`].
const CHANGE: i64 = 2_500;

/// A drive of `seconds` from `start` and back to it: a reading at 0, then every [`INTERVAL`] seconds.
pub(crate) fn drive(dice: &mut impl Rng, start: Point, seconds: i64) -> Vec<Reading> {
    every(dice, start, seconds, INTERVAL)
}

/// The first `count` readings of a drive of `seconds`, which are no fewer; as close to one another as it takes.
pub(crate) fn readings(
    dice: &mut impl Rng,
    start: Point,
    seconds: i64,
    count: usize,
) -> Vec<Reading> {
    let Some(interval) = i64::try_from(count).ok().and_then(|count| seconds.checked_div(count))
    else {
        return Vec::new();
    };
    let mut readings = every(dice, start, seconds, interval.clamp(1, WIDEST));
    readings.truncate(count);
    readings
}

fn every(dice: &mut impl Rng, start: Point, seconds: i64, interval: i64) -> Vec<Reading> {
    let outward = (seconds / interval / 2).max(1);
    let change = (CHANGE * interval / INTERVAL).max(1);
    let leg = (INTERVAL / interval).max(1);
    let mut direction = dice.random_range(0..8_usize);
    let (mut speed, mut target): (i64, i64) = (0, 0);
    let mut readings = vec![Reading { second: 0, point: start, speed: 0, covered: 0 }];
    let mut point = start;
    for step in 1..=outward {
        if (step - 1) % leg == 0 {
            target = *TARGETS.choose(dice).expect("there are targets");
            let turn = *[0, 0, 0, 0, 1, 7, 2, 6].choose(dice).expect("there are turns");
            direction = (direction + turn) % 8;
        }
        speed = target.clamp(speed - change, speed + change);
        let covered = millimetres(speed, interval);
        point = moved(point, direction, covered);
        readings.push(Reading { second: step * interval, point, speed, covered });
    }
    // The way back takes the same streets at the same speeds: what was the end of a stretch is now its beginning.
    for step in 1..=outward {
        let index = usize::try_from(outward - step).expect("a drive is short");
        let Reading { speed, covered, .. } = readings[index + 1];
        readings.push(Reading {
            second: (outward + step) * interval,
            point: readings[index].point,
            speed,
            covered,
        });
    }
    readings
}

/// What the readings cover, in metres.
pub(crate) fn metres(readings: &[Reading]) -> i64 {
    readings.iter().map(|reading| reading.covered).sum::<i64>() / 1_000
}

/// What a speed covers in so many seconds.
fn millimetres(speed: i64, seconds: i64) -> i64 {
    speed * seconds * 1_000 / 360
}

fn moved(from: Point, direction: usize, covered: i64) -> Point {
    let (north, east) = DIRECTIONS[direction];
    // A metre is 8.983 millionths of a degree of latitude everywhere, and 10.81 of longitude in Sydney.
    let degrees = |part: i64, per_metre: i64| covered * part / 1_000 * per_metre / 1_000_000;
    Point { lat: from.lat + degrees(north, 8_983), lng: from.lng + degrees(east, 10_810) }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;
    use rand::rngs::StdRng;

    use super::*;

    const START: Point = Point { lat: -33_815_000, lng: 151_001_100 };

    fn drives() -> impl Iterator<Item = Vec<Reading>> {
        (0..50).map(|seed| drive(&mut StdRng::seed_from_u64(seed), START, 3_000))
    }

    #[test]
    fn a_drive_ends_where_it_began_and_in_time() {
        for readings in drives() {
            assert_eq!(readings.first().map(|reading| reading.point), Some(START));
            assert_eq!(
                readings.last().map(|reading| (reading.point, reading.second)),
                Some((START, 3_000))
            );
        }
    }

    #[test]
    fn readings_are_in_order_and_speeds_those_of_a_learner() {
        for readings in drives() {
            for pair in readings.windows(2) {
                assert_eq!(pair[1].second - pair[0].second, INTERVAL);
                assert!((0..=6_000).contains(&pair[1].speed));
            }
        }
    }

    /// The distance between two readings agrees with the speed, on the map and not only in our own figures.
    #[test]
    fn the_car_is_where_its_speed_takes_it() {
        for readings in drives() {
            for pair in readings.windows(2) {
                let north = (pair[1].point.lat - pair[0].point.lat) * 1_000 / 8_983;
                let east = (pair[1].point.lng - pair[0].point.lng) * 1_000 / 10_810;
                let expected = millimetres(pair[1].speed, INTERVAL) / 1_000 * 100;
                let squared = (north * north + east * east) * 10_000;
                assert!(
                    (squared - expected * expected).abs() <= expected * 1_200 + 40_000,
                    "{pair:?}"
                );
            }
        }
    }

    #[test]
    fn there_are_as_many_readings_as_asked_for_and_they_are_those_of_one_drive() {
        for count in [0, 1, 2, 7, 180, 1_000, 1_499, 2_999, 3_000] {
            let readings = readings(&mut StdRng::seed_from_u64(1), START, 3_000, count);
            assert_eq!(readings.len(), count);
            for pair in readings.windows(2) {
                let seconds = pair[1].second - pair[0].second;
                assert!((1..=WIDEST).contains(&seconds), "{count}: {pair:?}");
                assert!((0..=6_000).contains(&pair[1].speed));
                assert_eq!(pair[1].covered, millimetres(pair[1].speed, seconds));
            }
            assert!(readings.last().is_none_or(|reading| reading.second <= 3_000));
            assert!(count < 180 || metres(&readings) > 5_000, "{count}: {}", metres(&readings));
        }
    }

    /// On the map too, and when there is one a second: no jumps, and speeds that do not jump either.
    #[test]
    fn readings_a_second_apart_are_a_drive() {
        for seed in 0..20 {
            let readings = readings(&mut StdRng::seed_from_u64(seed), START, 3_000, 3_000);
            for pair in readings.windows(2) {
                let north = (pair[1].point.lat - pair[0].point.lat) * 1_000 / 8_983;
                let east = (pair[1].point.lng - pair[0].point.lng) * 1_000 / 10_810;
                assert!(north * north + east * east <= 17 * 17, "{pair:?}");
                assert!((pair[1].speed - pair[0].speed).abs() <= 2 * CHANGE / INTERVAL, "{pair:?}");
            }
        }
    }

    #[test]
    fn a_drive_goes_somewhere() {
        for readings in drives() {
            assert!(metres(&readings) > 5_000, "{}", metres(&readings));
        }
    }
}
