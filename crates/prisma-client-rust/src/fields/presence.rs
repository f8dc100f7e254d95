//! Whether a column may be null, and whether it names a row by itself.

use crate::record::{self, Item};
use crate::value::{PrismaValue, Scalar};

/// One of [`Required`], [`Optional`], [`Unique`], [`OptionalUnique`].
pub trait Presence {
    /// `T`, or `Option<T>` where the column may be null.
    type Of<T: Item>: record::Field;

    /// The value with its type forgotten.
    fn value<T: Scalar + Item>(value: Self::Of<T>) -> PrismaValue;
}

macro_rules! presences {
    ($($(#[$doc:meta])* $name:ident: $of:ty;)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug)]
            pub enum $name {}

            impl Presence for $name {
                type Of<T: Item> = $of;

                fn value<T: Scalar + Item>(value: Self::Of<T>) -> PrismaValue {
                    value.into_value()
                }
            }
        )+
    };
}

presences! {
    /// `T`.
    Required: T;
    /// `T?`.
    Optional: Option<T>;
    /// `T @unique` or `T @id`.
    Unique: T;
    /// `T? @unique`.
    OptionalUnique: Option<T>;
}
