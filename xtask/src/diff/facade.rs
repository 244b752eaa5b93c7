//! What public items of the facade rest on.

/// Knows which public items of `apivideo` rest on a part of our document.
pub trait View {
    /// Those that rest on an operation.
    fn of_operation(&self, operation_id: &str) -> &[String];
    /// Those that rest on a parameter.
    fn of_parameter(&self, operation_id: &str, parameter: &str) -> &[String];
    /// Those that rest on a field.
    fn of_field(&self, schema: &str, property: &str) -> &[String];
    /// Those that rest on a value of an enum; where the schema itself is the enum, `property` is empty.
    fn of_value(&self, schema: &str, property: &str, value: &str) -> &[String];
}
