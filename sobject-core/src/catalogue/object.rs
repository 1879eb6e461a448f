//! [`Object`]: an object of a store, with what was declared of it and where its records are.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::{
    Field, StoredField,
    declared::{DeclaredChild, ObjectHead},
};
use crate::{
    bytes::Slot,
    definition::{Calls, FieldDefinition, FieldIdx, SYSTEM_FIELDS},
    describe::ObjectDescribe,
    error::{Call, Error, Result},
    id::{KeyPrefix, RecordId},
    name::{OWNER_ID, is_same_name},
    value::FieldType,
};

/// The number of an object in its store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ObjectNo(pub(crate) u16);

/// An object of a store.
#[derive(Debug)]
pub(crate) struct Object {
    pub(crate) number: ObjectNo,
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) plural: String,
    /// What the ids of its records start with; `None` if that is not known, so that none is made here.
    pub(crate) key_prefix: Option<KeyPrefix>,
    /// May the ids of other objects start so too?
    pub(crate) shares_prefix: bool,
    pub(crate) calls: Calls,
    /// May a create give the audit fields, in audit-field mode?
    pub(crate) audit_fields: bool,
    /// By [`FieldIdx`]: the system fields, the declared ones, and those that are dormant.
    pub(crate) fields: Vec<Field>,
    /// How many of them are not dormant.
    n_listed: usize,
    /// By name as written and in lower case.
    by_name: HashMap<String, FieldIdx, RandomState>,
    /// The field that holds the record's name.
    pub(crate) name_field: Option<FieldIdx>,
    /// OwnerId, where the object has it and a create may leave it out, be it that the field is dormant.
    pub(crate) owner_field: Option<FieldIdx>,
    /// The declared fields that are not nillable, without dormant ones.
    pub(crate) never_null: Vec<FieldIdx>,
    /// Those of them that have no value unless a create gives one.
    pub(crate) required: Vec<FieldIdx>,
    /// The auto-number fields, with those that are dormant.
    pub(crate) autonumbers: Vec<FieldIdx>,
    /// The fields with a picklist that takes values which it does not list, with those that are
    /// dormant.
    pub(crate) open_picklists: Vec<FieldIdx>,
    /// The fields of the `const` definition that the store was opened with; `None` if the object
    /// came with a describe.
    pub(crate) source: Option<&'static [FieldDefinition]>,
    /// The describe that the store was opened with; `None` if the object came with a definition.
    pub(crate) described: Option<Box<ObjectDescribe>>,
    /// What its describe says of the references that lead to it, where it says anything.
    pub(super) children: Vec<DeclaredChild>,
    /// Which of the system fields the object has.
    pub(crate) system: [bool; SYSTEM_FIELDS.len()],
    /// Was the object dropped? Then nothing is left of it but its number.
    pub(crate) is_dropped: bool,
    /// The spaces of the object's records.
    pub(crate) spaces: RecordSpaces,
}

/// The numbers of the spaces that hold an object's records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RecordSpaces {
    /// Live records.
    pub(crate) live: u16,
    /// Records in the recycle bin.
    pub(crate) bin: u16,
}

impl Object {
    /// An object with these fields, the last `n_dormant` of which are dormant.
    pub(crate) fn new(
        number: ObjectNo,
        head: &ObjectHead,
        key_prefix: Option<KeyPrefix>,
        fields: Vec<Field>,
        n_dormant: usize,
        spaces: RecordSpaces,
    ) -> Self {
        let n_listed = fields.len() - n_dormant.min(fields.len());
        let system = head.system();
        let idx_of = |place: usize| FieldIdx(u16::try_from(place).unwrap_or(u16::MAX));
        let position = |f: &dyn Fn(&Field) -> bool| fields.iter().position(f).map(idx_of);
        let by_name = fields
            .iter()
            .enumerate()
            .take(n_listed)
            .flat_map(|(place, field)| {
                let names = [field.name.clone(), field.name.to_ascii_lowercase()];
                names.map(|name| (name, idx_of(place)))
            })
            .collect();
        let name_field = position(&|field| field.flags.is_name_field());
        let name_field = name_field.filter(|idx| idx.get() < n_listed);
        let owner_field = position(&|field| {
            is_same_name(&field.name, OWNER_ID) && field.flags.is_defaulted_on_create()
        });
        let declared = || (0..).map(FieldIdx).zip(&fields).skip(FieldIdx::N_SYSTEM.into());
        let listed = declared().take_while(|(idx, _)| idx.get() < n_listed);
        let never_null = listed.filter(|(_, it)| !it.flags.is_nillable());
        let (mut required, never_null): (Vec<_>, Vec<_>) =
            never_null.map(|(idx, field)| ((idx, field.has_value_unasked()), idx)).unzip();
        required.retain(|(_, has_value)| !has_value);
        let required = required.into_iter().map(|(idx, _)| idx).collect();
        let autonumbers = declared().filter(|(_, it)| it.autonumber.is_some());
        let autonumbers = autonumbers.map(|(idx, _)| idx).collect();
        let open_picklists = declared().filter(|(_, it)| it.is_open_picklist());
        let open_picklists = open_picklists.map(|(idx, _)| idx).collect();
        Self {
            number,
            name: head.name.clone(),
            label: head.label.clone(),
            plural: head.plural.clone(),
            key_prefix,
            shares_prefix: head.shared_prefix,
            calls: head.calls,
            audit_fields: head.audit_fields,
            fields,
            n_listed,
            by_name,
            name_field,
            owner_field,
            never_null,
            required,
            autonumbers,
            open_picklists,
            source: None,
            described: None,
            children: Vec::new(),
            system: std::array::from_fn(|place| system.has(place)),
            is_dropped: false,
            spaces,
        }
    }

    /// The field of this API name; the case does not matter, as on the platform.
    pub(crate) fn find(&self, name: &str) -> Option<FieldIdx> {
        let idx = match self.by_name.get(name) {
            Some(idx) => idx,
            None => self.by_name.get(&name.to_ascii_lowercase())?,
        };
        self.has(*idx).then_some(*idx)
    }

    /// [`Object::find`], which looks at the field at `guess` first. A right guess saves a look-up.
    pub(crate) fn find_at(&self, name: &str, guess: FieldIdx) -> Option<FieldIdx> {
        match self.field(guess) {
            Some(field) if field.name == name && self.has(guess) => Some(guess),
            _ => self.find(name),
        }
    }

    /// Does the object have the field? System fields can be missing: IsDeleted where there is no
    /// delete, and those that the definition or the describe lacks. A dormant field is none that
    /// anybody may ask for.
    pub(crate) fn has(&self, idx: FieldIdx) -> bool {
        self.system.get(idx.get()).copied().unwrap_or(!self.is_dormant(idx))
    }

    /// Does the file have the field, and the program not?
    pub(crate) fn is_dormant(&self, idx: FieldIdx) -> bool {
        idx.get() >= self.n_listed
    }

    /// The field at `idx`.
    pub(crate) fn field(&self, idx: FieldIdx) -> Option<&Field> {
        self.fields.get(idx.get())
    }

    /// The field at `idx`, for callers who know that there is one.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if there is none, which would be a mistake of this library.
    pub(crate) fn at(&self, idx: FieldIdx) -> Result<&Field> {
        let none = || Error::corrupt(format!("{} has no field number {}", self.name, idx.get()));
        self.field(idx).ok_or_else(none)
    }

    /// Is the field at `idx` a reference?
    pub(crate) fn is_reference(&self, idx: FieldIdx) -> bool {
        self.field(idx).is_some_and(|field| field.field_type == FieldType::Reference)
    }

    /// The fields that rows hold, each with where its values are: those that are dormant and the system
    /// fields that the object lacks included.
    pub(crate) fn kept(&self) -> impl Iterator<Item = (FieldIdx, &Field, StoredField)> {
        let places = (0..).map(FieldIdx).zip(&self.fields);
        places.filter_map(|(idx, field)| Some((idx, field, field.stored?)))
    }

    /// The fields that are dormant.
    pub(crate) fn dormant(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().skip(self.n_listed)
    }

    /// The field that is kept in a slot, be it dormant.
    pub(crate) fn field_in(&self, slot: Slot) -> Option<&Field> {
        self.kept().find(|(_, _, stored)| stored.slot == slot).map(|(_, field, _)| field)
    }

    /// The fields with their places, without those that are missing or dormant.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (FieldIdx, &Field)> {
        let places = (0..).map(FieldIdx);
        places.zip(&self.fields).filter(|(idx, _)| self.has(*idx))
    }

    /// Refuses a struct that has the object's name but is not the one that the store was opened
    /// with, since its fields may have other numbers.
    ///
    /// # Errors
    /// [`Error::BadDefinition`].
    pub(crate) fn check_source(&self, fields: &'static [FieldDefinition]) -> Result<()> {
        let is_same =
            |source: &'static [FieldDefinition]| std::ptr::eq(source, fields) || source == fields;
        if self.source.is_some_and(is_same) {
            return Ok(());
        }
        Err(Error::BadDefinition {
            object: self.name.clone(),
            problems: vec!["the struct is not the one that the store was opened with".to_owned()],
        })
    }

    /// Refuses a call that the object does not have.
    ///
    /// # Errors
    /// [`Error::CallNotSupported`].
    pub(crate) fn check_call(&self, call: Call) -> Result<()> {
        let calls = self.calls;
        let has = match call {
            Call::Create => calls.is_create(),
            Call::Update => calls.is_update(),
            Call::Upsert => calls.is_upsert(),
            Call::Delete => calls.is_delete(),
            Call::Undelete => calls.is_undelete(),
            Call::Retrieve => calls.is_retrieve(),
            Call::Query => calls.is_query(),
            Call::DescribeLayout => calls.is_describe_layout(),
            Call::GetUpdated => calls.is_get_updated(),
            Call::GetDeleted => calls.is_get_deleted(),
        };
        if has {
            return Ok(());
        }
        let (object, label) = (self.name.clone(), self.label.clone());
        Err(Error::CallNotSupported { object, label, call })
    }

    /// Refuses an id that no record of this object can have.
    ///
    /// # Errors
    /// [`Error::WrongId`].
    pub(crate) fn check_id(&self, id: RecordId) -> Result<()> {
        if self.key_prefix.is_none_or(|prefix| prefix == id.key_prefix()) {
            return Ok(());
        }
        Err(self.wrong_id(id))
    }

    /// The refusal of the id of another object's record.
    pub(crate) fn wrong_id(&self, id: RecordId) -> Error {
        let (label, id) = (self.id_label(), id.to_string());
        Error::WrongId { object: self.name.clone(), label, id }
    }

    /// The label of the record's own id, such as `Chat Session ID`.
    pub(crate) fn id_label(&self) -> String {
        format!("{} ID", self.label)
    }
}
