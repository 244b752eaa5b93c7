//! Generated low-level bindings of api.video's statistics: types and one method per operation.
