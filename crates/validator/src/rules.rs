//! The rules of the business, one a file. A new one is a file and its name in the list.

use crate::rule::Rule;

/// Declares the files, and [`all`] with the rule of each.
macro_rules! rules {
    ($($file:ident),+ $(,)?) => {
        $(mod $file;)+

        /// Every rule of the business.
        pub(crate) fn all() -> Vec<Rule> {
            vec![$($file::RULE),+]
        }
    };
}

rules! {
    booking_price,
    booking_fee,
    booking_share,
    booking_sum,
    booking_times,
    booking_overlap,
    availability_minutes,
    availability_day,
    working_hours_day,
    working_hours_times,
    working_hours_break,
    default_rate_card,
    completed_has_lesson,
    lesson_matches_booking,
    payment_matches_booking,
    payouts_within_share,
    refund_percentage,
    trip_point_times,
    trip_point_order,
    trip_point_place,
    trip_point_speed,
    lesson_rating,
    history_follows,
    history_ends,
    refresh_token_newest,
}
