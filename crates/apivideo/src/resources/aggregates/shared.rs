//! Parameters that the three operations of aggregates share.

/// Declares a struct of parameters: a line `field: Type => method` for each, where `method` is the setter of the generated requests.
/// The generated requests of the three operations have no type in common, so a function is generated for each.
macro_rules! shared_parameters {
    ($(#[$meta:meta])* $visibility:vis struct $name:ident { $($field:ident: $type:ty => $method:ident,)* }) => {
        $(#[$meta])*
        $visibility struct $name {
            $(pub(super) $field: $type,)*
        }

        impl $name {
            /// Appends the parameters, in a form that is the same for the same parameters.
            pub(super) fn describe(&self, text: &mut String) {
                $($crate::resources::query_macro::describe(stringify!($method), &self.$field, text);)*
            }
        }

        shared_parameters!(@set $name, set_on_metric, GetMetric, $($field => $method),*);
        shared_parameters!(@set $name, set_on_buckets, ListBuckets, $($field => $method),*);
        shared_parameters!(@set $name, set_on_timeseries, ListTimeseries, $($field => $method),*);
    };
    (@set $name:ident, $set:ident, $builder:ident, $($field:ident => $method:ident),*) => {
        impl $name {
            pub(super) fn $set<'a>(
                &self,
                call: apivideo_core::builder::$builder<'a>,
            ) -> apivideo_core::builder::$builder<'a> {
                $(
                    let call = match $crate::resources::query_macro::Parameter::value(&self.$field) {
                        Some(value) => call.$method(value),
                        None => call,
                    };
                )*
                call
            }
        }
    };
}
pub(super) use shared_parameters;
