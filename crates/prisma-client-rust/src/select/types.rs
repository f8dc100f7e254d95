//! A selection read as a struct: `@define`.

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
    (@after $name:ident $of:tt $fields:tt $modules:tt : select { $($items:tt)* } $($rest:tt)*) => {
        $crate::selection_types! {
            @inside $name $of $fields $modules select { $($items)* } $($rest)*
        }
    };
    (@after $name:ident $of:tt $fields:tt $modules:tt : include { $($items:tt)* } $($rest:tt)*) => {
        $crate::selection_types! {
            @inside $name $of $fields $modules include { $($items)* } $($rest)*
        }
    };
    (@after $name:ident $of:tt $fields:tt $modules:tt : $($rest:tt)*) => {
        $crate::selection_error! { $name : $($rest)* }
        $crate::selection_types! { $of $fields $modules }
    };
    (
        @inside $name:ident ($way:ident [$($path:tt)*] $relations:ident {})
        { $($field:tt)* } { $($module:tt)* }
        $nested:ident { $($items:tt)* } $($rest:tt)*
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
    // A keyword that could be taken for a field.
    ($of:tt $fields:tt $modules:tt as $($rest:tt)*) => {
        $crate::selection_error! { as $($rest)* }
        $crate::selection_types! { $of $fields $modules }
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
    // What went before stays, so that this is the one message.
    ($of:tt $fields:tt $modules:tt $($rest:tt)+) => {
        $crate::selection_error! { $($rest)+ }
        $crate::selection_types! { $of $fields $modules }
    };
}
