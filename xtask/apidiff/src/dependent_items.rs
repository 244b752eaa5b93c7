//! The items of a library that depend on parts of the document.

/// The public items of a facade that depend on each part of the document.
pub trait DependentItems {
    /// Returns the items that depend on an operation.
    fn of_operation(&self, operation_id: &str) -> Vec<String>;

    /// Returns the items that depend on a parameter; its name is the document's, such as `tags[]`.
    fn of_parameter(&self, operation_id: &str, parameter: &str) -> Vec<String>;

    /// Returns the items that depend on a property of a component schema.
    fn of_field(&self, schema: &str, property: &str) -> Vec<String>;

    /// Returns the items that depend on a value of an enum. `property` is empty if the schema itself is the enum.
    fn of_value(&self, schema: &str, property: &str, value: &str) -> Vec<String>;
}
