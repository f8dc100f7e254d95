//! `select!`, `include!` and `partial_unchecked!`: what the macros of every model's module come to.
//!
//! A selection is written as `name`, `name(filters).take(5)`, `name: select { .. }`, any number of them in braces. Two
//! things are made of it, by reading it twice: the struct (`@define`, with a module for each nested selection) and the
//! value that says what to ask the database for (`@value`). What is nested goes to the macro of the model that the
//! relation leads to, which `relations_of_post::comments` names.

/// The macros of one model, beside the relations that their nested selections follow.
#[doc(hidden)]
#[macro_export]
macro_rules! selection_macros {
    (
        $d:tt [$($path:tt)*] $select:ident $include:ident $partial:ident $relations:ident;
        $($column:ident)*; $($relation:ident: $target:ident)*
    ) => {
        /// The modules that the relations lead to, by the names of the relations: for the macros.
        #[doc(hidden)]
        pub mod $relations {
            $(pub use super::super::$target as $relation;)*
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

        pub use $include as include;
        pub use $partial as partial_unchecked;
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

/// The struct of a selection, and a module for each one inside it.
///
/// The first braces gather the fields as `(name: type)`, the second the modules.
#[doc(hidden)]
#[macro_export]
macro_rules! selection_types {
    // All columns stand before what is included.
    ((include $path:tt $relations:ident { $($column:ident)* }) {} {} $($items:tt)*) => {
        $crate::selection_types! {
            (included $path $relations {}) {} {} $($column)* $($items)*
        }
    };
    // The end.
    (
        ($way:ident [$($path:tt)*] $relations:ident {})
        { $(($name:ident: $($ty:tt)+))* } { $($module:item)* }
    ) => {
        #[derive(Clone)]
        pub struct Data {
            $(pub $name: <$($ty)+ as $crate::fields::Named>::Value,)*
        }

        impl $crate::record::Record for Data {
            const SHAPE: $crate::record::Shape = $crate::record::Shape::some(
                <$($path)*::Model as $crate::model::Model>::DESCRIPTOR,
                &[$((
                    <$($ty)+ as $crate::fields::Named>::NAME,
                    <$($ty)+ as $crate::fields::Named>::PLACE,
                )),*],
            );

            fn make<S: $crate::record::Source>(_from: &mut S) -> Self {
                Self { $($name: _from.next(),)* }
            }

            fn values(&self) -> ::std::vec::Vec<&dyn $crate::record::Value> {
                ::std::vec![$(&self.$name),*]
            }
        }

        impl $crate::read::Pick for Data {
            type Output = Self;
        }

        $crate::record_items! { Data $($name)* }

        $($module)*
    };
    // Numbers of related rows.
    (
        ($way:ident $path:tt $relations:ident {}) { $($field:tt)* } { $($module:tt)* }
        _count: select { $($counts:tt)* } $($rest:tt)*
    ) => {
        $crate::selection_types! {
            ($way $path $relations {})
            { $($field)* (_count: $crate::choice::Counts<_count::Data>) }
            {
                $($module)*
                pub mod _count {
                    $crate::selection_types! {
                        (counts $path $relations {}) {} {} $($counts)*
                    }
                }
            }
            $($rest)*
        }
    };
    // What a selection is made of, once its arguments are passed over.
    (@after $name:ident $of:tt $fields:tt $modules:tt . $method:ident $arguments:tt $($rest:tt)*) => {
        $crate::selection_types! { @after $name $of $fields $modules $($rest)* }
    };
    (
        @after $name:ident ($way:ident [$($path:tt)*] $relations:ident {})
        { $($field:tt)* } { $($module:tt)* }
        : $nested:ident { $($items:tt)* } $($rest:tt)*
    ) => {
        $crate::selection_types! {
            ($way [$($path)*] $relations {})
            { $($field)* ($name: $crate::choice::Nested<$($path)*::$name, $name::Data>) }
            {
                $($module)*
                pub mod $name {
                    $($path)*::$relations::$name::$nested! { @define { $($items)* } }
                }
            }
            $($rest)*
        }
    };
    (
        @after $name:ident (counts [$($path:tt)*] $relations:ident {})
        { $($field:tt)* } $modules:tt $($rest:tt)*
    ) => {
        $crate::selection_types! {
            (counts [$($path)*] $relations {})
            { $($field)* ($name: $crate::choice::Counted<$($path)*::$name>) } $modules
            $($rest)*
        }
    };
    (
        @after $name:ident ($way:ident [$($path:tt)*] $relations:ident {})
        { $($field:tt)* } $modules:tt $($rest:tt)*
    ) => {
        $crate::selection_types! {
            ($way [$($path)*] $relations {})
            { $($field)* ($name: $($path)*::$name) } $modules
            $($rest)*
        }
    };
    // Eight names at once, so that long selections stay below the recursion limit.
    (
        ($way:ident [$($path:tt)*] $relations:ident {}) { $($field:tt)* } $modules:tt
        $a:ident $b:ident $c:ident $d:ident $e:ident $f:ident $g:ident $h:ident
        $next:ident $($rest:tt)*
    ) => {
        $crate::selection_types! {
            ($way [$($path)*] $relations {})
            {
                $($field)*
                ($a: $($path)*::$a) ($b: $($path)*::$b)
                ($c: $($path)*::$c) ($d: $($path)*::$d)
                ($e: $($path)*::$e) ($f: $($path)*::$f)
                ($g: $($path)*::$g) ($h: $($path)*::$h)
            }
            $modules
            $next $($rest)*
        }
    };
    ($of:tt $fields:tt $modules:tt $name:ident ($($arguments:tt)*) $($rest:tt)*) => {
        $crate::selection_types! { @after $name $of $fields $modules $($rest)* }
    };
    ($of:tt $fields:tt $modules:tt $name:ident $($rest:tt)*) => {
        $crate::selection_types! { @after $name $of $fields $modules $($rest)* }
    };
    ($of:tt $fields:tt $modules:tt $($rest:tt)+) => {
        $crate::selection_error! { $($rest)+ }
    };
}

/// The value of a selection: what to ask the database for.
///
/// The braces gather the parts, each with a comma after it.
#[doc(hidden)]
#[macro_export]
macro_rules! selection_value {
    (($way:ident [$($path:tt)*] $relations:ident $columns:tt) { $($part:tt)* }) => {
        $crate::choice::Choice::$way(::std::vec![$($part)*])
    };
    (
        ($way:ident [$($path:tt)*] $relations:ident $columns:tt) { $($part:tt)* }
        _count: select { $($counts:tt)* } $($rest:tt)*
    ) => {
        $crate::selection_value! {
            ($way [$($path)*] $relations $columns)
            {
                $($part)*
                $crate::choice::Part::counts::<$($path)*::Model>(
                    $crate::selection_counts! { [$($path)*] {} $($counts)* }
                ),
            }
            $($rest)*
        }
    };
    // With arguments: what `fetch` is called with, then the methods.
    (
        @after $name:ident { $($fetch:tt)+ } $of:tt $parts:tt
        . $method:ident ($($arguments:tt)*) $($rest:tt)*
    ) => {
        $crate::selection_value! {
            @after $name { $($fetch)+ .$method($($arguments)*) } $of $parts $($rest)*
        }
    };
    (
        @after $name:ident { $($fetch:tt)+ }
        ($way:ident [$($path:tt)*] $relations:ident $columns:tt) { $($part:tt)* }
        : $nested:ident { $($items:tt)* } $($rest:tt)*
    ) => {
        $crate::selection_value! {
            ($way [$($path)*] $relations $columns)
            {
                $($part)*
                $crate::choice::Part::nested::<$($path)*::$name>(
                    $($fetch)+,
                    $($path)*::$relations::$name::$nested! { @value { $($items)* } },
                ),
            }
            $($rest)*
        }
    };
    (@after $name:ident { $($fetch:tt)+ } $of:tt { $($part:tt)* } $($rest:tt)*) => {
        $crate::selection_value! {
            $of { $($part)* $crate::choice::Part::fetch($($fetch)+), } $($rest)*
        }
    };
    (
        ($way:ident [$($path:tt)*] $relations:ident $columns:tt) $parts:tt
        $name:ident ($($arguments:tt)*) $($rest:tt)*
    ) => {
        $crate::selection_value! {
            @after $name { $($path)*::$name::fetch($($arguments)*) }
            ($way [$($path)*] $relations $columns) $parts $($rest)*
        }
    };
    (
        ($way:ident [$($path:tt)*] $relations:ident $columns:tt) $parts:tt
        $name:ident . $($rest:tt)*
    ) => {
        $crate::selection_value! {
            @after $name { $($path)*::$name::fetch(::std::vec::Vec::new()) }
            ($way [$($path)*] $relations $columns) $parts . $($rest)*
        }
    };
    (
        ($way:ident [$($path:tt)*] $relations:ident $columns:tt) $parts:tt
        $name:ident : $($rest:tt)*
    ) => {
        $crate::selection_value! {
            @after $name { $crate::choice::whole::<$($path)*::$name>() }
            ($way [$($path)*] $relations $columns) $parts : $($rest)*
        }
    };
    (
        ($way:ident [$($path:tt)*] $relations:ident $columns:tt) { $($part:tt)* }
        $a:ident $b:ident $c:ident $d:ident $e:ident $f:ident $g:ident $h:ident
        $next:ident $($rest:tt)*
    ) => {
        $crate::selection_value! {
            ($way [$($path)*] $relations $columns)
            {
                $($part)*
                <$($path)*::$a as $crate::fields::Field>::part(),
                <$($path)*::$b as $crate::fields::Field>::part(),
                <$($path)*::$c as $crate::fields::Field>::part(),
                <$($path)*::$d as $crate::fields::Field>::part(),
                <$($path)*::$e as $crate::fields::Field>::part(),
                <$($path)*::$f as $crate::fields::Field>::part(),
                <$($path)*::$g as $crate::fields::Field>::part(),
                <$($path)*::$h as $crate::fields::Field>::part(),
            }
            $next $($rest)*
        }
    };
    (
        ($way:ident [$($path:tt)*] $relations:ident $columns:tt) { $($part:tt)* }
        $name:ident $($rest:tt)*
    ) => {
        $crate::selection_value! {
            ($way [$($path)*] $relations $columns)
            { $($part)* <$($path)*::$name as $crate::fields::Field>::part(), }
            $($rest)*
        }
    };
    // The struct's macro has told what is wrong.
    ($of:tt $parts:tt $($rest:tt)+) => { ::core::unreachable!() };
}

/// The numbers of a `_count`: relations, with or without conditions.
#[doc(hidden)]
#[macro_export]
macro_rules! selection_counts {
    ([$($path:tt)*] { $($count:tt)* }) => { ::std::vec![$($count)*] };
    ([$($path:tt)*] { $($count:tt)* } $name:ident ($($filters:tt)*) $($rest:tt)*) => {
        $crate::selection_counts! {
            [$($path)*]
            { $($count)* $crate::choice::counting::<$($path)*::$name>($($filters)*), }
            $($rest)*
        }
    };
    ([$($path:tt)*] { $($count:tt)* } $name:ident $($rest:tt)*) => {
        $crate::selection_counts! {
            [$($path)*]
            {
                $($count)*
                $crate::choice::counting::<$($path)*::$name>(::std::vec::Vec::new()),
            }
            $($rest)*
        }
    };
    ($path:tt $counts:tt $($rest:tt)+) => { ::core::unreachable!() };
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

/// Changes of some columns, as a struct: `Name { title content }`.
#[doc(hidden)]
#[macro_export]
macro_rules! partial {
    ([$($path:tt)*] $name:ident { $($column:ident)* }) => {
        $crate::partial! { @ [$($path)*] $name {} $($column)* }
    };
    (@ [$($path:tt)*] $name:ident { $(($column:ident: $($ty:tt)+))* }) => {
        /// Changes of some columns: `None` is no change.
        #[derive(Clone, Default)]
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
