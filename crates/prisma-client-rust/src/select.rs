//! `select!`, `include!`, `filter!` and `partial_unchecked!`: what the macros of every model's module come to.
//!
//! A selection is written as `name`, `name(filters).take(5)`, `name: select { .. }`, any number of them in braces. Two
//! things are made of it, by reading it twice: the struct (`@define`, with a module for each nested selection) and the
//! value that says what to ask the database for (`@value`). What is nested goes to the macro of the model that the
//! relation leads to, which `relations_of_post::comments` names.

mod types;
mod value;

/// The macros of one model, beside the relations that their nested selections follow.
#[doc(hidden)]
#[macro_export]
macro_rules! selection_macros {
    (
        $d:tt [$($path:tt)*] $select:ident $include:ident $partial:ident $filter:ident $relations:ident;
        $($column:ident)*; $($relation:ident: $target:ident)*
    ) => {
        /// The modules that the relations lead to, by the names of the relations: for the macros.
        #[doc(hidden)]
        pub mod $relations {
            // Not shown: models lead to each other in circles, and rustdoc would follow every way through them.
            $(#[doc(no_inline)] pub use super::super::$target as $relation;)*
        }

        #[doc(hidden)]
        #[macro_export]
        macro_rules! $select {
            ($d($d tokens:tt)*) => {
                $crate::selection! { (select [$($path)*] $relations {}) $d($d tokens)* }
            };
        }

        #[doc(hidden)]
        #[macro_export]
        macro_rules! $include {
            ($d($d tokens:tt)*) => {
                $crate::selection! { (include [$($path)*] $relations {$($column)*}) $d($d tokens)* }
            };
        }

        #[doc(hidden)]
        #[macro_export]
        macro_rules! $partial {
            ($d($d tokens:tt)*) => {
                $crate::partial! { [$($path)*] $d($d tokens)* }
            };
        }

        #[doc(hidden)]
        #[macro_export]
        macro_rules! $filter {
            ($d($d tokens:tt)*) => {
                $crate::filter_value! { ([$($path)*] $relations) {} $d($d tokens)* }
            };
        }

        pub use $filter as filter;
        /// All columns of a row, and what it names beside them, as a type of their own.
        #[doc(inline)]
        pub use $include as include;
        /// A struct of values that may be changed: those of the fields that it names.
        #[doc(inline)]
        pub use $partial as partial_unchecked;
        /// What it names of a row, as a type of its own.
        #[doc(inline)]
        pub use $select as select;
    };
}

/// A selection: `{ .. }`, `name { .. }` or `(argument: Type) => name { .. }`.
///
/// The first tokens say what is selected from: whether columns are named or all there, the model's module, the module
/// of its relations, its columns.
#[doc(hidden)]
#[macro_export]
macro_rules! selection {
    ($of:tt @define { $($items:tt)* }) => {
        $crate::selection_types! { $of {} {} $($items)* }
    };
    ($of:tt @value { $($items:tt)* }) => {
        $crate::selection_value! { $of {} $($items)* }
    };
    ($of:tt { $($items:tt)* }) => {{
        // Lints of whoever writes the selection: `expect` would complain in crates that have them off.
        #[allow(dead_code, missing_docs, unreachable_pub)]
        mod __chosen {
            $crate::selection_types! { $of {} {} $($items)* }
        }
        $crate::selection_choice! { __chosen::Data, $of { $($items)* } }
    }};
    ($of:tt $name:ident { $($items:tt)* }) => {
        $crate::selection! { $of () => $name { $($items)* } }
    };
    ($of:tt ($($argument:tt)*) => $name:ident { $($items:tt)* }) => {
        #[allow(dead_code, missing_docs, unreachable_pub, unused_imports)]
        pub mod $name {
            $crate::selection_types! { $of {} {} $($items)* }

            // Apart from the types: a module of a relation may have the name of a model that an argument mentions.
            mod __choice {
                use super::super::*;

                $crate::selection_function! { $of ($($argument)*) { $($items)* } }
            }

            pub use __choice::*;
        }
    };
}

/// The function of a named selection.
#[doc(hidden)]
#[macro_export]
macro_rules! selection_function {
    (
        ($way:ident [$($path:tt)*] $relations:ident $columns:tt)
        ($($argument:tt)*) { $($items:tt)* }
    ) => {
        pub fn $way($($argument)*) -> $crate::choice::Choice<$($path)*::Model, super::Data> {
            $crate::selection_value! { ($way [$($path)*] $relations $columns) {} $($items)* }
        }
    };
}

/// The value of a selection whose struct has no name.
#[doc(hidden)]
#[macro_export]
macro_rules! selection_choice {
    ($data:ty, ($way:ident [$($path:tt)*] $relations:ident $columns:tt) { $($items:tt)* }) => {{
        let choice: $crate::choice::Choice<$($path)*::Model, $data> =
            $crate::selection_value! { ($way [$($path)*] $relations $columns) {} $($items)* };
        choice
    }};
}

/// Something that no selection is made of.
#[doc(hidden)]
#[macro_export]
macro_rules! selection_error {
    ($($rest:tt)+) => {
        ::core::compile_error!(::core::concat!(
            "a selection is made of fields: `name`, `name(filters).take(5)`, `name: select { .. }`; not of `",
            ::core::stringify!($($rest)+),
            "`",
        ));
    };
}

/// Conditions as `filter!` has them: `field: { equals: value, not: value }, relation: { some: { field: { .. } } }`.
///
/// The braces gather the conditions, each with a comma after it.
#[doc(hidden)]
#[macro_export]
macro_rules! filter_value {
    ($of:tt { $($condition:tt)* }) => { ::std::vec![$($condition)*] };
    ($of:tt $conditions:tt $field:ident: {} $(, $($rest:tt)*)?) => {
        $crate::filter_value! { $of $conditions $($($rest)*)? }
    };
    (
        ([$($path:tt)*] $relations:ident) { $($condition:tt)* }
        $field:ident: { $method:ident: { $($inner:tt)* } $(, $($more:tt)*)? } $($rest:tt)*
    ) => {
        $crate::filter_value! {
            ([$($path)*] $relations)
            { $($condition)* $($path)*::$field::$method($($path)*::$relations::$field::filter! { $($inner)* }), }
            $field: { $($($more)*)? } $($rest)*
        }
    };
    (
        ([$($path:tt)*] $relations:ident) { $($condition:tt)* }
        $field:ident: { $method:ident: $value:expr $(, $($more:tt)*)? } $($rest:tt)*
    ) => {
        $crate::filter_value! {
            ([$($path)*] $relations)
            { $($condition)* $($path)*::$field::$method($value), }
            $field: { $($($more)*)? } $($rest)*
        }
    };
}

/// Changes of some columns, as a struct: `Name { title content }`.
#[doc(hidden)]
#[macro_export]
macro_rules! partial {
    ([$($path:tt)*] $name:ident { $($column:ident)* }) => {
        $crate::partial! { @ [$($path)*] $name {} $($column)* }
    };
    (@ [$($path:tt)*] $name:ident { $(($column:ident: $($ty:tt)+))* }) => {
        /// Changes of some columns: `None` is no change.
        #[derive(Default)]
        #[allow(dead_code, missing_docs, unreachable_pub)]
        pub struct $name {
            $(pub $column: ::core::option::Option<<$($ty)+ as $crate::fields::Named>::Value>,)*
        }

        impl $crate::record::Record for $name {
            const SHAPE: $crate::record::Shape = $crate::record::Shape::changes(
                <$($path)*::Model as $crate::model::Model>::DESCRIPTOR,
                &[$((
                    <$($ty)+ as $crate::fields::Named>::NAME,
                    <$($ty)+ as $crate::fields::Named>::PLACE,
                )),*],
            );

            fn make<S: $crate::record::Source>(_from: &mut S) -> Self {
                Self { $($column: _from.next(),)* }
            }

            fn values(&self) -> ::std::vec::Vec<&dyn $crate::record::Value> {
                ::std::vec![$(&self.$column),*]
            }
        }

        $crate::record_items! { $name $($column)* }

        impl $name {
            /// The changes, as `update` and `upsert` take them.
            #[allow(dead_code, unreachable_pub)]
            pub fn to_params(self) -> ::std::vec::Vec<$($path)*::UncheckedSetParam> {
                let mut params = ::std::vec::Vec::new();
                $(params.extend(self.$column.map(<$($ty)+>::set));)*
                params
            }
        }
    };
    (@ [$($path:tt)*] $name:ident { $($field:tt)* } $column:ident $($rest:ident)*) => {
        $crate::partial! {
            @ [$($path)*] $name { $($field)* ($column: $($path)*::$column) } $($rest)*
        }
    };
}
