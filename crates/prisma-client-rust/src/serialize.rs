//! Serde for rows and enums, without its derive: the fields of a struct know their names, so a struct has only to
//! take itself apart and put itself together.
//!
//! What comes out is what prisma-client-rust's derives give: fields by their names in the schema; of a relation `null`
//! where it was not fetched, except that one which may have no row is left out then, since `null` says that there is
//! none.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde::ser::{SerializeStruct, Serializer};

use crate::fields::Named;

/// A struct whose fields are known by types.
pub trait Record: Sized {
    /// Its fields.
    type Fields: List;

    /// Each field.
    fn apart(this: &Self) -> <Self::Fields as List>::Refs<'_>;

    /// The struct with these fields.
    fn together(values: <Self::Fields as List>::Values) -> Self;
}

/// Writes a struct.
pub fn write<R: Record, S: Serializer>(record: &R, serializer: S) -> Result<S::Ok, S::Error> {
    let mut out = serializer.serialize_struct("Data", R::Fields::COUNT)?;
    R::Fields::write(R::apart(record), &mut out)?;
    out.end()
}

/// Reads a struct, from named values or from values in a row.
pub fn read<'de, R: Record, D: Deserializer<'de>>(deserializer: D) -> Result<R, D::Error> {
    struct Struct<R>(PhantomData<fn() -> R>);

    impl<'de, R: Record> Visitor<'de> for Struct<R> {
        type Value = R;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("struct Data")
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<R, A::Error> {
            let mut named = ByName(map);
            let mut slots = <R::Fields as List>::Slots::default();
            while let Some(index) = named.0.next_key_seed(Index::<R::Fields>(PhantomData))? {
                match index {
                    Some(index) => R::Fields::fill(&mut slots, index, &mut named)?,
                    None => drop(named.0.next_value::<IgnoredAny>()?),
                }
            }
            R::Fields::finish(slots).map(R::together)
        }

        fn visit_seq<A: SeqAccess<'de>>(self, values: A) -> Result<R, A::Error> {
            let mut row = InOrder { values, read: 0 };
            let mut slots = <R::Fields as List>::Slots::default();
            for index in 0..R::Fields::COUNT {
                R::Fields::fill(&mut slots, index, &mut row)?;
            }
            R::Fields::finish(slots).map(R::together)
        }
    }

    // Formats that look at the names look at their number.
    let names = NAMES.get(..R::Fields::COUNT).unwrap_or(NAMES);
    deserializer.deserialize_struct("Data", names, Struct(PhantomData))
}

/// As many names as a table can have columns, and more.
const NAMES: &[&str] = &[""; 2_048];

/// Where values come from.
pub trait Source<'de> {
    /// What goes wrong.
    type Error: Error;

    /// The next value.
    fn value<V: Deserialize<'de>>(&mut self) -> Result<V, Self::Error>;
}

struct ByName<A>(A);

impl<'de, A: MapAccess<'de>> Source<'de> for ByName<A> {
    type Error = A::Error;

    fn value<V: Deserialize<'de>>(&mut self) -> Result<V, A::Error> {
        self.0.next_value()
    }
}

struct InOrder<A> {
    values: A,
    read: usize,
}

impl<'de, A: SeqAccess<'de>> Source<'de> for InOrder<A> {
    type Error = A::Error;

    fn value<V: Deserialize<'de>>(&mut self) -> Result<V, A::Error> {
        self.read += 1;
        let value = self.values.next_element()?;
        value.ok_or_else(|| Error::invalid_length(self.read - 1, &"struct Data"))
    }
}

/// Finds a name among those of a struct.
struct Index<L>(PhantomData<fn() -> L>);

impl<'de, L: List> DeserializeSeed<'de> for Index<L> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<usize>, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<L: List> Visitor<'_> for Index<L> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Option<usize>, E> {
        Ok(L::find(name))
    }
}

/// Fields as a tree of pairs: `()`, [`Leaf`] or two lists.
pub trait List {
    /// A reference to each field.
    type Refs<'a>;
    /// Each field.
    type Values;
    /// Each field, once it was read.
    type Slots: Default;
    /// How many there are.
    const COUNT: usize;

    /// Writes all of them.
    fn write<S: SerializeStruct>(refs: Self::Refs<'_>, out: &mut S) -> Result<(), S::Error>;

    /// The position of a name.
    fn find(name: &str) -> Option<usize>;

    /// Reads the field at a position.
    fn fill<'de, F: Source<'de>>(
        slots: &mut Self::Slots,
        index: usize,
        from: &mut F,
    ) -> Result<(), F::Error>;

    /// What was read, where nothing is missing.
    fn finish<E: Error>(slots: Self::Slots) -> Result<Self::Values, E>;
}

/// One field.
#[derive(Debug)]
pub struct Leaf<F>(PhantomData<fn() -> F>);

impl<F: Named> List for Leaf<F> {
    type Refs<'a> = &'a F::Value;
    type Values = F::Value;
    type Slots = Option<F::Value>;
    const COUNT: usize = 1;

    fn write<S: SerializeStruct>(value: &F::Value, out: &mut S) -> Result<(), S::Error> {
        F::write(value, out)
    }

    fn find(name: &str) -> Option<usize> {
        (name == F::NAME).then_some(0)
    }

    fn fill<'de, S: Source<'de>>(
        slot: &mut Option<F::Value>,
        _: usize,
        from: &mut S,
    ) -> Result<(), S::Error> {
        let earlier = slot.replace(F::value(from)?);
        if earlier.is_some() { Err(Error::duplicate_field(F::NAME)) } else { Ok(()) }
    }

    fn finish<E: Error>(slot: Option<F::Value>) -> Result<F::Value, E> {
        slot.or_else(F::absent).ok_or_else(|| E::missing_field(F::NAME))
    }
}

impl<A: List, B: List> List for (A, B) {
    type Refs<'a> = (A::Refs<'a>, B::Refs<'a>);
    type Values = (A::Values, B::Values);
    type Slots = (A::Slots, B::Slots);
    const COUNT: usize = A::COUNT + B::COUNT;

    fn write<S: SerializeStruct>(refs: Self::Refs<'_>, out: &mut S) -> Result<(), S::Error> {
        A::write(refs.0, out)?;
        B::write(refs.1, out)
    }

    fn find(name: &str) -> Option<usize> {
        A::find(name).or_else(|| B::find(name).map(|index| A::COUNT + index))
    }

    fn fill<'de, F: Source<'de>>(
        slots: &mut Self::Slots,
        index: usize,
        from: &mut F,
    ) -> Result<(), F::Error> {
        match index.checked_sub(A::COUNT) {
            None => A::fill(&mut slots.0, index, from),
            Some(index) => B::fill(&mut slots.1, index, from),
        }
    }

    fn finish<E: Error>(slots: Self::Slots) -> Result<Self::Values, E> {
        Ok((A::finish(slots.0)?, B::finish(slots.1)?))
    }
}

impl List for () {
    type Refs<'a> = ();
    type Values = ();
    type Slots = ();
    const COUNT: usize = 0;

    fn write<S: SerializeStruct>((): (), _: &mut S) -> Result<(), S::Error> {
        Ok(())
    }

    fn find(_: &str) -> Option<usize> {
        None
    }

    fn fill<'de, F: Source<'de>>((): &mut (), _: usize, _: &mut F) -> Result<(), F::Error> {
        Ok(())
    }

    fn finish<E: Error>((): ()) -> Result<(), E> {
        Ok(())
    }
}

/// `Serialize` and `Deserialize` for a struct of fields, each with the type that knows its name.
///
/// Three trees of the same shape are gathered, of types, references and patterns, eight fields at a time.
#[doc(hidden)]
#[macro_export]
macro_rules! serde_items {
    ($data:ident { $($fields:tt)* }) => {
        $crate::serde_items! { @ $data this {} [()] [()] [()] $($fields)* }

        impl $crate::serde::Serialize for $data {
            fn serialize<S: $crate::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::serialize::write(self, serializer)
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $data {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::serialize::read(deserializer)
            }
        }
    };
    (@ $data:ident $this:ident { $($name:ident)* } [$types:ty] [$refs:expr] [$pattern:pat]) => {
        impl $crate::serialize::Record for $data {
            type Fields = $types;

            fn apart($this: &Self) -> <Self::Fields as $crate::serialize::List>::Refs<'_> {
                $refs
            }

            fn together(values: <Self::Fields as $crate::serialize::List>::Values) -> Self {
                let $pattern = values;
                Self { $($name),* }
            }
        }
    };
    (
        @ $data:ident $this:ident { $($name:ident)* } [$types:tt] [$refs:tt] [$pattern:tt]
        ($a:ident: $($a_type:tt)+)
        ($b:ident: $($b_type:tt)+)
        ($c:ident: $($c_type:tt)+)
        ($d:ident: $($d_type:tt)+)
        ($e:ident: $($e_type:tt)+)
        ($f:ident: $($f_type:tt)+)
        ($g:ident: $($g_type:tt)+)
        ($h:ident: $($h_type:tt)+)
        $($rest:tt)*
    ) => {
        $crate::serde_items! {
            @ $data $this { $($name)* $a $b $c $d $e $f $g $h }
            [($types, (
                (
                    ($crate::serialize::Leaf<$($a_type)+>, $crate::serialize::Leaf<$($b_type)+>),
                    ($crate::serialize::Leaf<$($c_type)+>, $crate::serialize::Leaf<$($d_type)+>)
                ),
                (
                    ($crate::serialize::Leaf<$($e_type)+>, $crate::serialize::Leaf<$($f_type)+>),
                    ($crate::serialize::Leaf<$($g_type)+>, $crate::serialize::Leaf<$($h_type)+>)
                )
            ))]
            [($refs, (((&$this.$a, &$this.$b), (&$this.$c, &$this.$d)), ((&$this.$e, &$this.$f), (&$this.$g, &$this.$h))))]
            [($pattern, ((($a, $b), ($c, $d)), (($e, $f), ($g, $h))))]
            $($rest)*
        }
    };
    (
        @ $data:ident $this:ident { $($name:ident)* } [$types:tt] [$refs:tt] [$pattern:tt]
        ($a:ident: $($type:tt)+) $($rest:tt)*
    ) => {
        $crate::serde_items! {
            @ $data $this { $($name)* $a }
            [($types, $crate::serialize::Leaf<$($type)+>)] [($refs, &$this.$a)] [($pattern, $a)]
            $($rest)*
        }
    };
}
