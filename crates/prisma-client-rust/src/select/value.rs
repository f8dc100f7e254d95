//! A selection read as what to ask the database for: `@value`.

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
    // The struct's macro has told what is wrong.
    ($of:tt $parts:tt as $($rest:tt)*) => { $crate::selection_value! { $of $parts } };
    // With arguments: what `fetch` is called with, then the methods.
    (
        @after $name:ident { $($fetch:tt)+ } $of:tt $parts:tt
        . $method:ident ($($arguments:tt)*) $($rest:tt)*
    ) => {
        $crate::selection_value! {
            @after $name { $($fetch)+ .$method($($arguments)*) } $of $parts $($rest)*
        }
    };
    (@after $name:ident $fetch:tt $of:tt $parts:tt : select { $($items:tt)* } $($rest:tt)*) => {
        $crate::selection_value! {
            @inside $name $fetch $of $parts select { $($items)* } $($rest)*
        }
    };
    (@after $name:ident $fetch:tt $of:tt $parts:tt : include { $($items:tt)* } $($rest:tt)*) => {
        $crate::selection_value! {
            @inside $name $fetch $of $parts include { $($items)* } $($rest)*
        }
    };
    (@after $name:ident $fetch:tt $of:tt $parts:tt : $($rest:tt)*) => {
        $crate::selection_value! { $of $parts }
    };
    (
        @inside $name:ident { $($fetch:tt)+ }
        ($way:ident [$($path:tt)*] $relations:ident $columns:tt) { $($part:tt)* }
        $nested:ident { $($items:tt)* } $($rest:tt)*
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
    ($of:tt $parts:tt $($rest:tt)+) => { $crate::selection_value! { $of $parts } };
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
