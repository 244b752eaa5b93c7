//! A column: its name, its kind, and the function that returns its value of an item.
//!
//! One list of columns per item type (see [`columns`](crate::columns)) is the source of everything tabular: the Parquet
//! schema, CSV headers, the members of JSON lines, the rows, and the fields of the command. A new field is one line there.

use std::borrow::Cow;
use std::fmt;

use apivideo::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A column of items of the type `T`.
///
/// ```
/// use apivideo::model::Bucket;
/// use apivideo_lake::columns::{BUCKET, Cell};
///
/// let bucket: Bucket = serde_json::from_str(r#"{"dimensionValue": "France", "metricValue": 7}"#)?;
/// let cells: Vec<Cell> = BUCKET.iter().map(|column| column.cell(&bucket)).collect();
/// assert_eq!(cells, [Cell::from("France"), Cell::Number(7.0)]);
/// # Ok::<(), serde_json::Error>(())
/// ```
pub struct Column<T: 'static> {
    name: &'static str,
    field: &'static str,
    is_required: bool,
    getter: Getter<T>,
}

/// A function that borrows a value of an item.
type BorrowValue<T, V> = for<'a> fn(&'a T) -> Option<&'a V>;

/// Returns the value of an item. The variant decides the kind, so that values and kind cannot differ.
enum Getter<T: 'static> {
    String(BorrowValue<T, str>),
    Timestamp(fn(&T) -> Option<Timestamp>),
    Integer(fn(&T) -> Option<i64>),
    Number(fn(&T) -> Option<f64>),
    Bool(fn(&T) -> Option<bool>),
    Json(fn(&T) -> Option<Value>),
}

/// The kind of the values of a column.
///
/// ```
/// use apivideo_lake::Table;
/// use apivideo_lake::columns::ColumnKind;
///
/// let times = Table::Sessions.columns().iter().filter(|column| column.kind == ColumnKind::Timestamp);
/// assert_eq!(times.count(), 2);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum ColumnKind {
    /// A string.
    String,
    /// An instant in UTC. Tables store microseconds; the exact value of a finer one is in their column `extra`.
    Timestamp,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// True or false.
    Bool,
    /// A JSON value; in Parquet and CSV a string that contains JSON.
    Json,
}

/// The value of a column for one item.
///
/// ```
/// use apivideo_lake::columns::Cell;
///
/// assert_eq!(Cell::from("France").into_owned(), Cell::String("France".into()));
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Cell<'a> {
    /// The item has no value.
    Null,
    /// A string.
    String(Cow<'a, str>),
    /// An instant.
    Timestamp(Timestamp),
    /// A whole number.
    Integer(i64),
    /// A number.
    Number(f64),
    /// True or false.
    Bool(bool),
    /// A JSON value.
    Json(Value),
}

impl<T> Clone for Column<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Column<T> {}

impl<T> fmt::Debug for Column<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Column")
            .field("name", &self.name)
            .field("field", &self.field)
            .field("kind", &self.kind())
            .field("is_required", &self.is_required)
            .finish_non_exhaustive()
    }
}

impl<T> Clone for Getter<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Getter<T> {}

impl Cell<'_> {
    /// Returns the cell with its own copy of the value.
    ///
    /// ```
    /// use apivideo_lake::columns::Cell;
    ///
    /// let owned: Cell<'static> = Cell::from(String::from("France").as_str()).into_owned();
    /// assert_eq!(owned, Cell::from("France"));
    /// ```
    #[must_use]
    pub fn into_owned(self) -> Cell<'static> {
        match self {
            Self::Null => Cell::Null,
            Self::String(text) => Cell::String(Cow::Owned(text.into_owned())),
            Self::Timestamp(time) => Cell::Timestamp(time),
            Self::Integer(number) => Cell::Integer(number),
            Self::Number(number) => Cell::Number(number),
            Self::Bool(flag) => Cell::Bool(flag),
            Self::Json(value) => Cell::Json(value),
        }
    }
}

impl<'a> From<&'a str> for Cell<'a> {
    fn from(text: &'a str) -> Self {
        Self::String(Cow::Borrowed(text))
    }
}

impl<T> Column<T> {
    /// Returns the column name: snake case, valid in SQL without quotes.
    ///
    /// ```
    /// assert_eq!(apivideo_lake::columns::EVENT[0].name(), "type");
    /// ```
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the path of the field in the service's responses, such as `location.country`; empty if there is none.
    ///
    /// ```
    /// assert_eq!(apivideo_lake::columns::SESSION[0].field(), "session.sessionId");
    /// ```
    #[must_use]
    pub const fn field(&self) -> &'static str {
        self.field
    }

    /// Returns the kind of the values.
    ///
    /// ```
    /// use apivideo_lake::columns::{BUCKET, ColumnKind};
    ///
    /// assert_eq!(BUCKET[1].kind(), ColumnKind::Number);
    /// ```
    #[must_use]
    pub const fn kind(&self) -> ColumnKind {
        match self.getter {
            Getter::String(_) => ColumnKind::String,
            Getter::Timestamp(_) => ColumnKind::Timestamp,
            Getter::Integer(_) => ColumnKind::Integer,
            Getter::Number(_) => ColumnKind::Number,
            Getter::Bool(_) => ColumnKind::Bool,
            Getter::Json(_) => ColumnKind::Json,
        }
    }

    /// Returns whether every item has a value.
    ///
    /// ```
    /// assert!(apivideo_lake::columns::SESSION[0].is_required());
    /// ```
    #[must_use]
    pub const fn is_required(&self) -> bool {
        self.is_required
    }

    /// Returns the value of an item.
    ///
    /// ```
    /// use apivideo_lake::columns::{Cell, EVENT};
    ///
    /// let event: apivideo::Event = serde_json::from_str(r#"{"type": "play"}"#)?;
    /// assert_eq!(EVENT[0].cell(&event), Cell::from("play"));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn cell<'a>(&self, item: &'a T) -> Cell<'a> {
        match self.getter {
            Getter::String(get) => get(item).map(Cell::from),
            Getter::Timestamp(get) => get(item).map(Cell::Timestamp),
            Getter::Integer(get) => get(item).map(Cell::Integer),
            Getter::Number(get) => get(item).map(Cell::Number),
            Getter::Bool(get) => get(item).map(Cell::Bool),
            Getter::Json(get) => get(item).map(Cell::Json),
        }
        .unwrap_or(Cell::Null)
    }

    pub(crate) const fn string(
        name: &'static str,
        field: &'static str,
        get: BorrowValue<T, str>,
    ) -> Self {
        Self::new(name, field, Getter::String(get))
    }

    pub(crate) const fn timestamp(
        name: &'static str,
        field: &'static str,
        get: fn(&T) -> Option<Timestamp>,
    ) -> Self {
        Self::new(name, field, Getter::Timestamp(get))
    }

    pub(crate) const fn integer(
        name: &'static str,
        field: &'static str,
        get: fn(&T) -> Option<i64>,
    ) -> Self {
        Self::new(name, field, Getter::Integer(get))
    }

    pub(crate) const fn number(
        name: &'static str,
        field: &'static str,
        get: fn(&T) -> Option<f64>,
    ) -> Self {
        Self::new(name, field, Getter::Number(get))
    }

    pub(crate) const fn bool(
        name: &'static str,
        field: &'static str,
        get: fn(&T) -> Option<bool>,
    ) -> Self {
        Self::new(name, field, Getter::Bool(get))
    }

    pub(crate) const fn json(
        name: &'static str,
        field: &'static str,
        get: fn(&T) -> Option<Value>,
    ) -> Self {
        Self::new(name, field, Getter::Json(get))
    }

    const fn new(name: &'static str, field: &'static str, getter: Getter<T>) -> Self {
        Self {
            name,
            field,
            is_required: false,
            getter,
        }
    }
}

/// Returns the column as one that has a value for every item.
///
/// A function, not a method, so that the types of closures are inferred from the list.
pub(crate) const fn required<T>(mut column: Column<T>) -> Column<T> {
    column.is_required = true;
    column
}
