//! [`Name`]: what a record is read as that may be of several objects.

use std::{fmt, marker::PhantomData, ptr};

use super::{LeadsTo, Reached};
use crate::{
    definition::{Definition, FieldDefinition, FieldIdx},
    id::RecordId,
    shell::field::Yes,
    value::FieldType,
};

/// The object as which a query reads a record that may be of several ones, such as the owner of a
/// record: it has the fields that people and queues have in common. Its handles stand behind
/// [`to`](crate::Field::to) of a [`Ref`](crate::Ref). Where the record's object has no such field, it is
/// null.
///
/// ```
/// # #[cfg(feature = "derive")] {
/// use sobject_core::{Name, Ref, SObject, Store, standard::{Group, GroupCreate, User}};
///
/// #[derive(SObject)]
/// #[sobject(key_prefix = "a00")]
/// struct Ticket {
///     #[field(create, filter, relationship = "Owner")]
///     owner_id: Ref<(Group, User)>,
/// }
///
/// let db = Store::in_memory(&[Group::OBJECT, User::OBJECT, Ticket::OBJECT])?.system();
/// let night = db.create(GroupCreate::new("Night Shift"))?;
/// db.create(TicketCreate::new(night.to_ref()))?;
/// let (name, of) = (Name::FIELDS.name, Name::FIELDS.type_);
/// let owner = Ticket::FIELDS.owner_id;
/// let query = db.query::<Ticket>().filter(owner.to(name).eq("night shift"));
/// let found = query.select((owner.to(name), owner.to(of))).one()?;
/// assert_eq!(found, (Some("Night Shift".to_owned()), Some("Group".to_owned())));
/// # }
/// # Ok::<(), sobject_core::Error>(())
/// ```
#[derive(Debug)]
pub enum Name {}

/// A field of [`Name`].
pub struct NameField<T> {
    idx: FieldIdx,
    holds: PhantomData<fn() -> T>,
}

/// The handles of [`Name`].
#[derive(Debug)]
#[non_exhaustive]
pub struct NameFields {
    /// Id.
    pub id: NameField<RecordId>,
    /// Name.
    pub name: NameField<String>,
    /// Type: the object of the record. That of a group which is a queue is `Queue`.
    pub type_: NameField<String>,
    /// `FirstName`.
    pub first_name: NameField<String>,
    /// `LastName`.
    pub last_name: NameField<String>,
    /// Email.
    pub email: NameField<String>,
    /// Alias.
    pub alias: NameField<String>,
    /// Username.
    pub username: NameField<String>,
    /// `IsActive`. Where there is none, a filter takes it for false.
    pub is_active: NameField<bool>,
    /// Phone.
    pub phone: NameField<String>,
    /// Title.
    pub title: NameField<String>,
}

impl Name {
    /// The handles.
    pub const FIELDS: &'static NameFields = &NameFields {
        id: NameField::new(FieldIdx::ID),
        name: NameField::declared(0),
        type_: NameField::declared(1),
        first_name: NameField::declared(2),
        last_name: NameField::declared(3),
        email: NameField::declared(4),
        alias: NameField::declared(5),
        username: NameField::declared(6),
        is_active: NameField::declared(7),
        phone: NameField::declared(8),
        title: NameField::declared(9),
    };
}

/// The fields of `Name` beside Id, in the order of the handles.
static OBJECT: Definition = Definition::new("Name").fields(&[
    text("Name"),
    text("Type"),
    text("FirstName"),
    text("LastName"),
    text("Email"),
    text("Alias"),
    text("Username"),
    FieldDefinition::new("IsActive", FieldType::Boolean),
    text("Phone"),
    text("Title"),
]);

const fn text(name: &'static str) -> FieldDefinition {
    FieldDefinition::new(name, FieldType::String)
}

/// Is this what describes the fields of [`Name`]?
pub(in crate::shell::query) fn is_name(object: &Definition) -> bool {
    ptr::eq(object, &raw const OBJECT)
}

impl<T> NameField<T> {
    const fn new(idx: FieldIdx) -> Self {
        Self { idx, holds: PhantomData }
    }

    const fn declared(n: u16) -> Self {
        Self::new(FieldIdx::declared(n))
    }
}

impl<T: LeadsTo<Name>, U: 'static> Reached<T> for NameField<U> {
    type Plain = U;
    type Filter = Yes;
    type Group = Yes;
    type Sort = Yes;

    fn reached(&self) -> (FieldIdx, &'static Definition, &[&'static str]) {
        (self.idx, &OBJECT, &[])
    }
}

impl<T> Clone for NameField<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for NameField<T> {}

impl<T> fmt::Debug for NameField<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let field = OBJECT.field(self.idx);
        f.debug_tuple("NameField").field(&field.map(|field| field.name)).finish()
    }
}
