//! Forwarding of deserializer methods to an inner deserializer.

/// Implements the methods of [`Deserializer`](serde::Deserializer) that no wrapper overrides, and those listed, by calling
/// the same method of a field.
macro_rules! forward_deserializer {
    ($field:tt: $($more:tt)*) => {
        forward_deserializer! {
            @methods $field
            deserialize_bool() deserialize_i8() deserialize_i16() deserialize_i32() deserialize_i64() deserialize_i128()
            deserialize_u8() deserialize_u16() deserialize_u32() deserialize_u64() deserialize_u128()
            deserialize_f32() deserialize_char() deserialize_str() deserialize_string()
            deserialize_bytes() deserialize_byte_buf() deserialize_unit() deserialize_map() deserialize_identifier()
            deserialize_unit_struct(name: &'static str)
            deserialize_newtype_struct(name: &'static str)
            deserialize_tuple(len: usize)
            deserialize_tuple_struct(name: &'static str, len: usize)
            deserialize_enum(name: &'static str, variants: &'static [&'static str])
            $($more)*
        }
    };
    (@methods $field:tt $($method:ident($($argument:ident: $type:ty),*))*) => {
        $(#[inline]
        fn $method<V: Visitor<'de>>(self, $($argument: $type,)* visitor: V) -> Result<V::Value, D::Error> {
            self.$field.$method($($argument,)* visitor)
        })*

        #[inline]
        fn is_human_readable(&self) -> bool {
            self.$field.is_human_readable()
        }
    };
}

pub(super) use forward_deserializer;
