//! A field as a module, as prisma-client-rust has all of them: `user::email::Type` is a type of its own, and
//! `user::email::equals(..)` a function.
//!
//! Such a field costs the compiler what its functions cost, so that a client has modules for those fields alone whose types
//! the code around it names. Each function here calls the one of the field's type, `Field` in its module.

/// The functions of a field's module, beside which there are `Field`, `Type` and the names of the model.
///
/// What a field holds comes first, whether it may be null and names a row second, how it is given last.
#[doc(hidden)]
#[macro_export]
macro_rules! field_functions {
    (text $presence:ident into) => {
        $crate::field_functions! { @value given String }
        $crate::field_functions! { @equals $presence given String }
        $crate::field_functions! { @texts into }
    };
    (text $presence:ident exact) => {
        $crate::field_functions! { @value exact String }
        $crate::field_functions! { @equals $presence exact String }
        $crate::field_functions! { @texts exact }
    };
    (@texts $given:ident) => {
        $crate::field_functions! { @compared ($crate::given!($given String)) String }
        $crate::field_functions! {
            @calls
            contains(value: $crate::given!($given String)) -> WhereParam;
            starts_with(value: $crate::given!($given String)) -> WhereParam;
            ends_with(value: $crate::given!($given String)) -> WhereParam;
            mode(mode: $crate::QueryMode) -> WhereParam;
            min() -> $crate::aggregate::Calculation<Model, Option<String>>;
            max() -> $crate::aggregate::Calculation<Model, Option<String>>;
        }
    };
    (int $($rest:tt)*) => { $crate::field_functions! { @number [$($rest)*] i32, i64, f64 } };
    (big_int $($rest:tt)*) => { $crate::field_functions! { @number [$($rest)*] i64, i64, f64 } };
    (float $($rest:tt)*) => { $crate::field_functions! { @number [$($rest)*] f64, f64, f64 } };
    (decimal $($rest:tt)*) => {
        $crate::field_functions! { @number [$($rest)*] BigDecimal, BigDecimal, BigDecimal }
    };
    (date_time $presence:ident $given:ident) => {
        $crate::field_functions! { @value $given Moment }
        $crate::field_functions! { @equals $presence $given Moment }
        $crate::field_functions! { @compared (Moment) Moment }
        $crate::field_functions! {
            @calls
            min() -> $crate::aggregate::Calculation<Model, Option<Moment>>;
            max() -> $crate::aggregate::Calculation<Model, Option<Moment>>;
        }
    };
    (boolean $presence:ident $given:ident) => {
        $crate::field_functions! { @value $given ::core::primitive::bool }
        $crate::field_functions! { @equals $presence $given ::core::primitive::bool }
    };
    (bytes $presence:ident $given:ident) => {
        $crate::field_functions! { @value $given Vec<u8> }
        $crate::field_functions! { @equals $presence $given Vec<u8> }
        $crate::field_functions! { @among Vec<u8> }
    };
    (enumeration $presence:ident $given:ident $ty:ty) => {
        $crate::field_functions! { @value exact $ty }
        $crate::field_functions! { @equals $presence $given $ty }
        $crate::field_functions! { @among $ty }
        $crate::field_functions! {
            @calls
            min() -> $crate::aggregate::Calculation<Model, Option<$ty>>;
            max() -> $crate::aggregate::Calculation<Model, Option<$ty>>;
        }
    };
    (json $presence:ident $given:ident) => {
        $crate::field_functions! { @column }
        $crate::field_functions! {
            @calls
            equals(value: $crate::given!($given Type)) -> WhereParam;
            not(value: $crate::given!($given Type)) -> WhereParam;
            path(path: Vec<String>) -> WhereParam;
            string_contains(value: $crate::given!($given String)) -> WhereParam;
            string_starts_with(value: $crate::given!($given String)) -> WhereParam;
            string_ends_with(value: $crate::given!($given String)) -> WhereParam;
            array_contains(value: $crate::given!($given Option<JsonValue>)) -> WhereParam;
            array_starts_with(value: $crate::given!($given Option<JsonValue>)) -> WhereParam;
            array_ends_with(value: $crate::given!($given Option<JsonValue>)) -> WhereParam;
            lt(value: JsonValue) -> WhereParam;
            lte(value: JsonValue) -> WhereParam;
            gt(value: JsonValue) -> WhereParam;
            gte(value: JsonValue) -> WhereParam;
            set(value: $crate::given!($given Type)) -> SetParam;
        }
    };
    (list $presence:ident $given:ident $item:ty) => {
        $crate::field_functions! { @column }
        $crate::field_functions! {
            @calls
            equals(values: $crate::given!($given Option<Type>)) -> WhereParam;
            not(values: $crate::given!($given Option<Type>)) -> WhereParam;
            has(value: $crate::given!($given Option<$item>)) -> WhereParam;
            has_every(values: Type) -> WhereParam;
            has_some(values: Type) -> WhereParam;
            is_empty(empty: ::core::primitive::bool) -> WhereParam;
            set(values: Type) -> SetParam;
            push(values: Type) -> SetParam;
        }
    };

    (@number [$presence:ident $given:ident] $ty:ty, $sum:ty, $avg:ty) => {
        $crate::field_functions! { @value $given $ty }
        $crate::field_functions! { @equals $presence $given $ty }
        $crate::field_functions! { @compared ($ty) $ty }
        $crate::field_functions! {
            @calls
            increment(value: $ty) -> SetParam;
            decrement(value: $ty) -> SetParam;
            multiply(value: $ty) -> SetParam;
            divide(value: $ty) -> SetParam;
            min() -> $crate::aggregate::Calculation<Model, Option<$ty>>;
            max() -> $crate::aggregate::Calculation<Model, Option<$ty>>;
            sum() -> $crate::aggregate::Calculation<Model, Option<$sum>>;
            avg() -> $crate::aggregate::Calculation<Model, Option<$avg>>;
        }
    };

    // What every field of one value has beside `equals`.
    (@value $given:ident $ty:ty) => {
        $crate::field_functions! { @column }
        $crate::field_functions! {
            @calls
            not(value: $crate::given!($given Type)) -> WhereParam;
            set(value: $crate::given!($given Type)) -> SetParam;
            count() -> $crate::aggregate::Calculation<Model, i64>;
            count_distinct() -> $crate::aggregate::Calculation<Model, i64>;
            group() -> $crate::aggregate::GroupKey<Model, Type>;
        }
    };
    (@equals unique $given:ident $ty:ty) => {
        /// Equal to the value: a condition, or the name of one row, as the place asks.
        pub fn equals<T: From<UniqueFilter<Model>>>(value: $crate::given!($given Type)) -> T {
            Field::equals(value)
        }
    };
    (@equals optional_unique $given:ident $ty:ty) => {
        /// Equal to the value: a condition on an `Option`, or the name of one row by a value, as the place asks.
        pub fn equals<T: $crate::filter::FromOptionalUnique<Model, $ty>>(value: T::Arg) -> T {
            Field::equals(value)
        }
    };
    (@equals $presence:ident $given:ident $ty:ty) => {
        $crate::field_functions! { @calls equals(value: $crate::given!($given Type)) -> WhereParam; }
    };

    (@compared ($argument:ty) $ty:ty) => {
        $crate::field_functions! { @among $ty }
        $crate::field_functions! {
            @calls
            lt(value: $argument) -> WhereParam;
            lte(value: $argument) -> WhereParam;
            gt(value: $argument) -> WhereParam;
            gte(value: $argument) -> WhereParam;
        }
    };
    (@among $ty:ty) => {
        $crate::field_functions! {
            @calls
            in_vec(values: Vec<$ty>) -> WhereParam;
            not_in_vec(values: Vec<$ty>) -> WhereParam;
        }
    };
    (@column) => {
        /// The field's name in the schema.
        pub const NAME: &::core::primitive::str = Field::NAME;
        /// The field's type, as prisma-client-rust calls it where rows hold it.
        pub type RecursiveSafeType = Type;
        $crate::field_functions! { @calls order(order: $crate::SortOrder) -> OrderByParam; }
    };
    (@calls $($function:ident($($argument:ident: $ty:ty)?) -> $result:ty;)*) => {
        $(
            #[doc = concat!("The field's `", stringify!($function), "`.")]
            #[inline]
            pub fn $function($($argument: $ty)?) -> $result {
                Field::$function($($argument)?)
            }
        )*
    };
}

/// How an argument of a field's module is given: as it is, or as what becomes it.
#[doc(hidden)]
#[macro_export]
macro_rules! given {
    (exact $ty:ty) => { $ty };
    (into $ty:ty) => { impl Into<$ty> };
    (given $ty:ty) => { impl $crate::fields::Given<$ty> };
}
