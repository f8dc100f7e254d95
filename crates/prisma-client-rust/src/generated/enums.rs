//! The parts of an enum that follow from the names of its values.

/// The names of an enum's values in the schema and in the database, and the way from and to text.
#[macro_export]
macro_rules! enumeration {
    ($name:ident, $text:literal { $($variant:ident $schema:literal $database:literal;)* }) => {
        impl $crate::enumeration::Enumeration for $name {
            const NAME: &'static str = $text;
            const VALUES: &'static [Self] = &[$(Self::$variant),*];
            const NAMES: &'static [&'static str] = &[$($schema),*];
            const DATABASE_NAMES: &'static [&'static str] = &[$($database),*];

            fn place(self) -> usize {
                self as usize
            }
        }

        impl $crate::record::Value for $name {
            fn show(&self) -> $crate::record::Shown<'_> {
                $crate::record::Shown::Text($crate::enumeration::Enumeration::name(*self))
            }

            fn debug(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Debug::fmt(self, f)
            }
        }

        impl $crate::record::Item for $name {
            $crate::in_column! { <Self as $crate::enumeration::Enumeration>::VALUES[0] }
        }

        impl $crate::serde::Serialize for $name {
            fn serialize<S: $crate::serde::Serializer>(&self, to: S) -> ::std::result::Result<S::Ok, S::Error> {
                to.serialize_str($crate::enumeration::Enumeration::name(*self))
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(from: D) -> ::std::result::Result<Self, D::Error> {
                $crate::enumeration::deserialize(from)
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str($crate::enumeration::Enumeration::name(*self))
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::enumeration::UnknownValue;

            // Its error by its own name: a value may be called `Err`.
            fn from_str(text: &str) -> ::std::result::Result<Self, $crate::enumeration::UnknownValue> {
                <Self as $crate::enumeration::Enumeration>::from_name(text)
                    .ok_or_else(|| $crate::enumeration::UnknownValue::new::<Self>(text))
            }
        }
    };
}
