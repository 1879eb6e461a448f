//! [`GivenRow`]: the values of a record that is in no store, such as one that came as JSON.
//!
//! A [`RowReader`](super::RowReader) reads it in place of a stored row, so that one decode serves
//! both. **Invariant:** values are those of their fields' types; a reference is an id as it was
//! written, since there is no dictionary to pack it by.

use std::{borrow::Cow, cell::RefCell};

use crate::{
    bytes::{BadRow, Cell, cell_of},
    definition::{Definition, FieldDefinition, FieldIdx, SYSTEM_FIELDS},
    error::DecodeError,
    id::RecordId,
    value::{FieldType, Storage, Value},
};

/// The values of a record that is in no store.
#[derive(Debug)]
pub(crate) struct GivenRow<'v> {
    definition: &'static Definition,
    /// By [`FieldIdx`].
    held: Vec<Held<'v>>,
    /// The first error of a value that was read by [`GivenRow::keep_failure`]'s caller.
    failure: RefCell<Option<DecodeError>>,
}

/// What was given for a field.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Held<'v> {
    /// Nothing.
    Absent,
    /// Null.
    Null,
    /// A value of fixed width, as cells have it, that is no id.
    Fixed(Storage, u64),
    /// An id.
    Id(RecordId),
    /// A text.
    Text(Cow<'v, str>),
    /// Bytes.
    Bytes(Vec<u8>),
}

impl<'v> Held<'v> {
    /// What holds a value; `None` if it is none of this type.
    pub(crate) fn of(field_type: FieldType, value: Value<'v>) -> Option<Self> {
        let storage = field_type.storage()?;
        match (value, cell_of(storage, value)) {
            (Value::Id(id), _) if storage == Storage::Id => Some(Self::Id(id)),
            (_, Some(Cell::Null)) => Some(Self::Null),
            (_, Some(Cell::Fixed(bits))) => Some(Self::Fixed(storage, bits)),
            (_, Some(Cell::Text(text))) => Some(Self::Text(Cow::Borrowed(text))),
            (_, Some(Cell::Bytes(bytes))) => Some(Self::Bytes(bytes.to_owned())),
            (_, None) => None,
        }
    }
}

impl Held<'_> {
    /// The same, kept by itself.
    pub(crate) fn into_owned(self) -> Held<'static> {
        match self {
            Self::Absent => Held::Absent,
            Self::Null => Held::Null,
            Self::Fixed(storage, bits) => Held::Fixed(storage, bits),
            Self::Id(id) => Held::Id(id),
            Self::Text(text) => Held::Text(text.into_owned().into()),
            Self::Bytes(bytes) => Held::Bytes(bytes),
        }
    }
}

impl<'v> GivenRow<'v> {
    /// A record that is given nothing so far.
    pub(crate) fn new(definition: &'static Definition) -> Self {
        let n_fields = SYSTEM_FIELDS.len() + definition.fields.len();
        let held = std::iter::repeat_with(|| Held::Absent).take(n_fields).collect();
        Self { definition, held, failure: RefCell::new(None) }
    }

    /// Gives a value for a field.
    pub(crate) fn set(&mut self, idx: FieldIdx, held: Held<'v>) {
        if let Some(place) = self.held.get_mut(idx.get()) {
            *place = held;
        }
    }

    /// What was given for a field.
    pub(crate) fn held(&self, idx: FieldIdx) -> &Held<'v> {
        self.held.get(idx.get()).unwrap_or(&Held::Absent)
    }

    /// Was a value given for the field, or null?
    pub(crate) fn has(&self, idx: FieldIdx) -> bool {
        *self.held(idx) != Held::Absent
    }

    /// The object's API name.
    pub(super) fn object(&self) -> &'static str {
        self.definition.name
    }

    /// The definition of a field.
    pub(super) fn field(&self, idx: FieldIdx) -> Option<&'static FieldDefinition> {
        self.definition.field(idx)
    }

    /// The bits of a value of fixed width that is no id; `None` for null.
    pub(super) fn bits(&self, idx: FieldIdx, storage: Storage) -> Result<Option<u64>, BadRow> {
        match self.held(idx) {
            Held::Absent | Held::Null => Ok(None),
            Held::Fixed(of, bits) if *of == storage => Ok(Some(*bits)),
            _ => Err(BadRow),
        }
    }

    /// An id; `None` for null.
    pub(super) fn id(&self, idx: FieldIdx) -> Result<Option<RecordId>, BadRow> {
        match self.held(idx) {
            Held::Absent | Held::Null => Ok(None),
            Held::Id(id) => Ok(Some(*id)),
            _ => Err(BadRow),
        }
    }

    /// The cell of a text or of bytes.
    pub(super) fn cell(&self, idx: FieldIdx) -> Result<Cell<'_>, BadRow> {
        match self.held(idx) {
            Held::Absent | Held::Null => Ok(Cell::Null),
            Held::Text(text) => Ok(Cell::Text(text)),
            Held::Bytes(bytes) => Ok(Cell::Bytes(bytes)),
            Held::Fixed(..) | Held::Id(_) => Err(BadRow),
        }
    }

    /// Keeps the error of a reader that goes on without the value.
    pub(super) fn keep_failure(&self, error: DecodeError) {
        self.failure.borrow_mut().get_or_insert(error);
    }

    /// The first error of a reader that went on, if there is one.
    pub(crate) fn take_failure(&self) -> Option<DecodeError> {
        self.failure.borrow_mut().take()
    }
}
