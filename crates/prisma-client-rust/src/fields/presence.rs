//! Whether a column may be null, and whether it names a row by itself.

use serde::de::Deserialize;
use serde::ser::{Serialize, SerializeStruct};

use crate::read::{ReadError, Reader};
use crate::serialize::Source;
use crate::value::{PrismaValue, Scalar};
use crate::wire::decode::FromColumn;

/// One of [`Required`], [`Optional`], [`Unique`], [`OptionalUnique`].
pub trait Presence {
    /// `T`, or `Option<T>` where the column may be null.
    type Of<T: 'static>: 'static;

    /// The value with its type forgotten.
    fn value<T: Scalar + 'static>(value: Self::Of<T>) -> PrismaValue;

    /// The value that a column holds.
    fn read<T: FromColumn + 'static>(
        row: &Reader<'_>,
        column: u16,
    ) -> Result<Self::Of<T>, ReadError>;

    /// Writes the value under a name.
    fn write<T: Serialize + 'static, S: SerializeStruct>(
        name: &'static str,
        value: &Self::Of<T>,
        out: &mut S,
    ) -> Result<(), S::Error>;

    /// Reads the value.
    fn take<'de, T: Deserialize<'de> + 'static, S: Source<'de>>(
        from: &mut S,
    ) -> Result<Self::Of<T>, S::Error>;

    /// Reads a change: `null` is none where the column may not hold it.
    fn change<'de, T: Deserialize<'de> + 'static, S: Source<'de>>(
        from: &mut S,
    ) -> Result<Option<Self::Of<T>>, S::Error>;

    /// The value of a field that is not there.
    fn absent<T: 'static>() -> Option<Self::Of<T>>;
}

macro_rules! presences {
    ($($(#[$doc:meta])* $name:ident: $of:ty, $absent:expr, $change:expr;)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug)]
            pub enum $name {}

            impl Presence for $name {
                type Of<T: 'static> = $of;

                fn value<T: Scalar + 'static>(value: Self::Of<T>) -> PrismaValue {
                    value.into_value()
                }

                fn read<T: FromColumn + 'static>(
                    row: &Reader<'_>,
                    column: u16,
                ) -> Result<Self::Of<T>, ReadError> {
                    row.get(usize::from(column))
                }

                fn write<T: Serialize + 'static, S: SerializeStruct>(
                    name: &'static str,
                    value: &Self::Of<T>,
                    out: &mut S,
                ) -> Result<(), S::Error> {
                    out.serialize_field(name, value)
                }

                fn take<'de, T: Deserialize<'de> + 'static, S: Source<'de>>(
                    from: &mut S,
                ) -> Result<Self::Of<T>, S::Error> {
                    from.value()
                }

                fn change<'de, T: Deserialize<'de> + 'static, S: Source<'de>>(
                    from: &mut S,
                ) -> Result<Option<Self::Of<T>>, S::Error> {
                    from.value::<Option<T>>().map($change)
                }

                fn absent<T: 'static>() -> Option<Self::Of<T>> {
                    $absent
                }
            }
        )+
    };
}

presences! {
    /// `T`.
    Required: T, None, |value| value;
    /// `T?`.
    Optional: Option<T>, Some(None), Some;
    /// `T @unique` or `T @id`.
    Unique: T, None, |value| value;
    /// `T? @unique`.
    OptionalUnique: Option<T>, Some(None), Some;
}
