//! The values of rules.

use serde::{Deserialize, Serialize};

use crate::world::list_position::ListPosition;

/// When a connection is reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reset {
    /// Before the first byte of the response. In a fault script: `"before_head"`.
    BeforeHead,
    /// After the response head and before the body. In a fault script: `"after_head"`.
    AfterHead,
}

/// A body that is sent in chunks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SlowBody {
    pub(crate) bytes: u64,
    pub(crate) every_ms: u64,
}

/// Sessions to insert or delete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SessionChange {
    pub(crate) sessions: u32,
    pub(crate) at: ListPosition,
}

/// The list in which sessions are inserted or deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListSelector {
    pub(crate) asset: String,
    pub(crate) period: String,
}
