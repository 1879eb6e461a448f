//! [`Access`]: what a caller may do with the objects and fields of a store.
//!
//! Permissions name objects and fields. When a connection is made, they are worked out for the
//! numbers of the store's objects and fields. They only ever narrow what the attributes of a field
//! allow:
//!
//! | the caller may | if |
//! |---|---|
//! | read the object | the right to read it is granted; otherwise the object looks unknown to every call |
//! | create, update, delete or undelete records | the right to create, edit or delete is granted; undelete needs the one to delete (a choice of ours) |
//! | read a field | the caller may read the object, and the right to read the field is granted or the field has no rights of its own |
//! | give a field on create or update | the caller may read the field, the attribute allows the call to set it, and the right to edit it is granted or the field has no rights of its own |
//! | refer to a record | the caller may read the record's object; if the store does not have that object, its key prefix is known, or no object is hidden from the caller |
//!
//! Fields that are not `permissionable` have no rights of their own: the system fields, OwnerId,
//! name and required fields, auto-numbers and per-caller fields.
//!
//! An id whose key prefix no object has could be that of an object which the store does not have, and
//! a reference that may name such an object takes it. The id of a hidden object must not be taken,
//! since nobody would have looked whether there is such a record. So a caller from whom an object is
//! hidden may give neither, and does not learn by the answer which key prefixes are in use. (A choice
//! of ours.)
//!
//! **Invariants:** in system mode nothing is checked here, at the cost of one test for `None`. If
//! the permissions name a field that the object does not have, or one without rights of its own,
//! every call on the object is refused: otherwise a mistyped name could grant more than was meant.

use std::sync::Arc;

use crate::{
    caller::Caller,
    catalogue::{Catalogue, Field, Object},
    definition::{FieldDefinition, FieldIdx},
    error::{Call, Error, Result, shorten},
    id::RecordId,
    permissions::{FieldRight, Grants, ObjectRight, Permissions},
};

/// The call that sets the fields of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    Create,
    /// The create of an upsert, which gives no audit fields.
    Upsert,
    Update,
}

/// A caller, with its permissions worked out for the objects of a store.
#[derive(Debug)]
pub(crate) struct Access {
    /// The user to stamp; `None` for the store's own system user.
    pub(crate) user: Option<RecordId>,
    /// By object number; `None` in system mode.
    rights: Option<Vec<ObjectAccess>>,
    /// What the rights were worked out from; `None` in system mode.
    permissions: Option<Arc<Permissions>>,
    /// May the caller read every object that is listed?
    sees_all: bool,
    /// May creates give audit fields, if the object allows it?
    audit_fields: bool,
}

/// What the caller may do with one object.
#[derive(Debug)]
struct ObjectAccess {
    /// By the place of the right in [`ObjectRight::ALL`].
    rights: [bool; 4],
    /// By [`FieldIdx`].
    fields: Vec<FieldAccess>,
    /// May the caller read every field?
    reads_all: bool,
    /// What is wrong with the permissions: one sentence for each problem.
    problems: Vec<String>,
}

#[derive(Clone, Copy, Debug)]
struct FieldAccess {
    read: bool,
    edit: bool,
}

/// The access of a caller without any right.
const NOTHING: &ObjectAccess = &ObjectAccess {
    rights: [false; 4],
    fields: Vec::new(),
    reads_all: false,
    problems: Vec::new(),
};

impl Access {
    /// System mode as the store's own user.
    pub(crate) const SYSTEM: Self =
        Self { user: None, rights: None, permissions: None, sees_all: true, audit_fields: false };

    /// What `caller` may do with the objects of a catalogue.
    pub(crate) fn new(catalogue: &Catalogue, caller: &Caller) -> Self {
        let rights = caller.permissions.as_ref().map(|permissions| {
            let by_number = catalogue
                .by_number()
                .map(|object| ObjectAccess::new(object, permissions.of(&object.name)));
            by_number.collect()
        });
        let allowed = caller.permissions.as_ref().is_none_or(|it| it.allows_audit_fields());
        let permissions = caller.permissions.clone();
        let reads = |name: &str| permissions.as_ref().is_none_or(|it| reads(it, name));
        let sees_all = catalogue.objects().all(|object| reads(&object.name));
        let audit_fields = caller.audit_fields && allowed;
        Self { user: caller.user, rights, permissions, sees_all, audit_fields }
    }

    /// Refuses permissions that name an object that the store does not have, or a field that its
    /// object does not have or that has no rights of its own.
    ///
    /// # Errors
    /// [`Error::BadPermissions`] with all such names.
    pub(crate) fn check_names(&self, catalogue: &Catalogue, caller: &Caller) -> Result<()> {
        let Some(permissions) = &caller.permissions else { return Ok(()) };
        let mut wrong: Vec<(&str, Vec<String>)> = Vec::new();
        for name in permissions.named() {
            match catalogue.find(name) {
                Some(object) => {
                    let problems = self.of(object).map_or(&[][..], |it| &it.problems);
                    wrong.push((&object.name, problems.to_vec()));
                }
                None => wrong.push((name, vec!["the store has no such object".to_owned()])),
            }
        }
        wrong.retain(|(_, problems)| !problems.is_empty());
        let (object, problems) = match wrong.as_slice() {
            [] => return Ok(()),
            [(object, problems)] => ((*object).to_owned(), problems.clone()),
            several => {
                let names: Vec<_> = several.iter().map(|(object, _)| *object).collect();
                let all = several.iter().flat_map(|(object, problems)| {
                    problems.iter().map(move |problem| format!("{object}: {problem}"))
                });
                (names.join(", "), all.collect())
            }
        };
        Err(Error::BadPermissions { object, problems })
    }

    /// Is this system mode, in which no permissions narrow what the attributes allow?
    pub(crate) fn is_system(&self) -> bool {
        self.rights.is_none()
    }

    /// The caller's rights on an object; `None` in system mode.
    fn of(&self, object: &Object) -> Option<&ObjectAccess> {
        let rights = self.rights.as_ref()?;
        Some(rights.get(usize::from(object.number.0)).unwrap_or(NOTHING))
    }

    /// Does the caller have this right on the object?
    pub(crate) fn may(&self, object: &Object, right: ObjectRight) -> bool {
        self.of(object).is_none_or(|it| it.may(right))
    }

    /// May the caller learn that there is an object of this name, be it that the store does not have
    /// it?
    pub(crate) fn sees(&self, name: &str) -> bool {
        self.permissions.as_ref().is_none_or(|it| reads(it, name))
    }

    /// May the caller take this id, in a reference that may name it, as that of a record of an object
    /// that the store does not have?
    pub(crate) fn may_name_unregistered(
        &self,
        catalogue: &Catalogue,
        field: &Field,
        id: RecordId,
    ) -> bool {
        self.sees_all || field.names_unregistered(catalogue, id.key_prefix())
    }

    /// May the caller read the field? Nobody reads one that is dormant.
    pub(crate) fn reads(&self, object: &Object, idx: FieldIdx) -> bool {
        !object.is_dormant(idx) && self.field(object, idx).is_none_or(|it| it.read)
    }

    /// May the caller set the field in calls that its attribute allows to set it?
    pub(crate) fn edits(&self, object: &Object, idx: FieldIdx) -> bool {
        self.field(object, idx).is_none_or(|it| it.edit)
    }

    fn field(&self, object: &Object, idx: FieldIdx) -> Option<FieldAccess> {
        let access = self.of(object)?;
        let none = FieldAccess { read: false, edit: false };
        Some(access.fields.get(idx.get()).copied().unwrap_or(none))
    }

    /// May a create or an update of this caller set the field?
    pub(crate) fn may_give(
        &self,
        object: &Object,
        purpose: Purpose,
        idx: FieldIdx,
        field: &Field,
    ) -> bool {
        let is_open = match purpose {
            Purpose::Create => field.flags.is_create() || self.sets_audit_field(object, idx),
            Purpose::Upsert => field.flags.is_create(),
            Purpose::Update => field.flags.is_update(),
        };
        is_open && self.edits(object, idx)
    }

    /// May a create of this caller give this field as an audit field?
    pub(crate) fn sets_audit_field(&self, object: &Object, idx: FieldIdx) -> bool {
        const AUDIT_FIELDS: [FieldIdx; 4] = [
            FieldIdx::CREATED_DATE,
            FieldIdx::CREATED_BY_ID,
            FieldIdx::LAST_MODIFIED_DATE,
            FieldIdx::LAST_MODIFIED_BY_ID,
        ];
        self.audit_fields && object.audit_fields && AUDIT_FIELDS.contains(&idx)
    }

    /// The object of this name, if there is one that the caller may read.
    ///
    /// # Errors
    /// [`Error::UnknownObject`] with the name as given; [`Error::BadPermissions`].
    pub(crate) fn find_object<'c>(
        &self,
        catalogue: &'c Catalogue,
        name: &str,
    ) -> Result<&'c Object> {
        let readable = catalogue.find(name).filter(|object| self.may(object, ObjectRight::Read));
        let object =
            readable.ok_or_else(|| Error::UnknownObject { object: shorten(name.to_owned()) })?;
        self.check_read(object)?;
        Ok(object)
    }

    /// The object of this name, for a caller whose struct has these fields. Whoever may not read the
    /// object does not learn that it has others.
    ///
    /// # Errors
    /// Those of [`Access::find_object`]; [`Error::BadDefinition`] if the store was opened with another
    /// struct of that name.
    pub(crate) fn object_of<'c>(
        &self,
        catalogue: &'c Catalogue,
        name: &str,
        fields: &'static [FieldDefinition],
    ) -> Result<&'c Object> {
        let object = self.find_object(catalogue, name)?;
        object.check_source(fields)?;
        Ok(object)
    }

    /// Refuses a call that the object does not have or the caller has no right to.
    ///
    /// # Errors
    /// [`Error::UnknownObject`] where the caller may not read; [`Error::CallNotSupported`];
    /// [`Error::NoAccess`]; [`Error::BadPermissions`].
    pub(crate) fn check_call(&self, object: &Object, call: Call) -> Result<()> {
        // An object that the caller may not read looks unknown, so its calls are not looked at.
        self.check_read(object)?;
        object.check_call(call)?;
        let right = match call {
            Call::Create => ObjectRight::Create,
            Call::Update => ObjectRight::Edit,
            Call::Delete | Call::Undelete => ObjectRight::Delete,
            // Each record of an upsert is created or updated, with the right to that.
            Call::Retrieve
            | Call::Query
            | Call::DescribeLayout
            | Call::Upsert
            | Call::GetUpdated
            | Call::GetDeleted => ObjectRight::Read,
        };
        if self.may(object, right) {
            return Ok(());
        }
        let (object, label) = (object.name.clone(), object.label.clone());
        Err(Error::NoAccess { object, label, call })
    }

    /// Refuses an object that the caller may not read.
    ///
    /// # Errors
    /// [`Error::UnknownObject`], [`Error::BadPermissions`].
    pub(crate) fn check_read(&self, object: &Object) -> Result<()> {
        let Some(access) = self.of(object) else { return Ok(()) };
        if !access.may(ObjectRight::Read) {
            return Err(Error::UnknownObject { object: object.name.clone() });
        }
        if access.problems.is_empty() {
            return Ok(());
        }
        let (object, problems) = (object.name.clone(), access.problems.clone());
        Err(Error::BadPermissions { object, problems })
    }

    /// Refuses a caller who may not read every field of the object.
    ///
    /// # Errors
    /// [`Error::UnknownField`] with all those that it may not read.
    pub(crate) fn check_reads_all(&self, object: &Object) -> Result<()> {
        if self.of(object).is_none_or(|it| it.reads_all) {
            return Ok(());
        }
        let hidden = object.fields().filter(|(idx, _)| !self.reads(object, *idx));
        let fields = hidden.map(|(_, field)| field.name.clone()).collect();
        Err(Error::UnknownField { object: object.name.clone(), fields })
    }

    /// The fields of these names.
    ///
    /// # Errors
    /// [`Error::UnknownField`] with all names that are no field, or none that the caller may read.
    pub(crate) fn find_fields<'n>(
        &self,
        object: &Object,
        names: impl IntoIterator<Item = &'n str>,
    ) -> Result<Vec<FieldIdx>> {
        let (mut found, mut unknown) = (Vec::new(), Vec::new());
        for name in names {
            match self.find(object, name) {
                Some(idx) => found.push(idx),
                None => unknown.push(shorten(name.to_owned())),
            }
        }
        if unknown.is_empty() {
            return Ok(found);
        }
        Err(Error::UnknownField { object: object.name.clone(), fields: unknown })
    }

    /// The field of this name, if there is one that the caller may read.
    pub(crate) fn find(&self, object: &Object, name: &str) -> Option<FieldIdx> {
        object.find(name).filter(|idx| self.reads(object, *idx))
    }
}

/// Do the permissions grant the right to read the object of this name?
fn reads(permissions: &Permissions, name: &str) -> bool {
    permissions.allows(name, ObjectRight::Read)
}

impl ObjectAccess {
    fn new(object: &Object, grants: &Grants) -> Self {
        let reads = grants.allows(ObjectRight::Read);
        let fields: Vec<_> = object
            .fields
            .iter()
            .map(|field| {
                let may = |right| !field.permissionable || grants.allows_field(&field.name, right);
                FieldAccess {
                    read: reads && may(FieldRight::Read),
                    edit: reads && may(FieldRight::Edit),
                }
            })
            .collect();
        let reads_all = object
            .fields()
            .all(|(idx, _)| fields.get(idx.get()).is_some_and(|field: &FieldAccess| field.read));
        let problem = |name: &str| match object.find(name).and_then(|idx| object.field(idx)) {
            Some(field) if field.permissionable => None,
            Some(field) => Some(format!(
                "{} has no rights of its own, since it is not permissionable",
                field.name
            )),
            None => Some(format!("there is no field {name}")),
        };
        let problems = grants.named().filter_map(problem).collect();
        let rights = ObjectRight::ALL.map(|right| grants.allows(right));
        Self { rights, fields, reads_all, problems }
    }

    fn may(&self, right: ObjectRight) -> bool {
        self.rights.get(right as usize).copied().unwrap_or(false)
    }
}
