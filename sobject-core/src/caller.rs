//! [`Caller`]: in the name of which user, and in which mode, records are read and written.

use std::{fmt, sync::Arc};

use crate::{id::RecordId, permissions::Permissions};

/// The user in whose name a [`Connection`](crate::Connection) reads and writes, and its mode.
///
/// Every read and write has a caller. In **system mode** object and field rights are not checked;
/// in **user mode** they are, on every call. The rules of the objects hold in both modes, and in
/// both the caller's user is stamped on what is written and owns what is created. A third mode, for
/// copies of an org, is [`Store::replica`](crate::Store::replica).
///
/// A caller prints its user and its mode. Its permissions are not printed: they name what the user may
/// not see, and a program's log is read by others.
#[derive(Clone, PartialEq, Eq)]
pub struct Caller {
    /// The user to stamp; `None` for the store's own system user.
    pub(crate) user: Option<RecordId>,
    /// What the user may do; `None` in system mode.
    pub(crate) permissions: Option<Arc<Permissions>>,
    /// May a create give audit fields?
    pub(crate) audit_fields: bool,
}

impl Caller {
    /// System mode, as the store's own system user. This user has no record, and a reference to it
    /// always counts as one that leads to a record.
    pub const fn system() -> Self {
        Self { user: None, permissions: None, audit_fields: false }
    }

    /// System mode in the name of a user: `user` is stamped on the records that it writes, and owns
    /// those that it creates.
    ///
    /// The user must be a record of the store whenever something is written. If the store has no
    /// object `User`, any id with the key prefix `005` is accepted.
    pub fn system_as(user: impl Into<RecordId>) -> Self {
        Self { user: Some(user.into()), ..Self::system() }
    }

    /// User mode: `user` may do what `permissions` say, and no more.
    ///
    /// A field that the user may not read looks as if the object did not have it, in describe, in
    /// reads and in writes. A write that gives fields which the user may not edit is refused with
    /// the names of all of them. An object that the user may not read looks unknown.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// use sobject_core::{
    ///     Caller, ObjectRight, Permissions, SObject, Store, standard::{User, UserCreate},
    /// };
    ///
    /// let store = Store::in_memory(&[User::OBJECT])?;
    /// let ada = store.system().create(UserCreate::new("Ada", "ada@example.com"))?;
    /// let reader = Permissions::none().grant("User", [ObjectRight::Read]);
    /// let db = store.connect(Caller::user(ada, reader));
    /// let refused = db.create(UserCreate::new("Bo", "bo@example.com")).unwrap_err();
    /// assert_eq!(refused.status_code().as_str(), "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY");
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    pub fn user(user: impl Into<RecordId>, permissions: impl Into<Arc<Permissions>>) -> Self {
        let (user, permissions) = (Some(user.into()), Some(permissions.into()));
        Self { user, permissions, audit_fields: false }
    }

    /// **Audit-field mode:** a create may give CreatedDate, CreatedById, LastModifiedDate and
    /// LastModifiedById, for records that come from another system.
    ///
    /// The object must allow it ([`Definition::audit_fields`](crate::Definition)), and in user mode
    /// the user must be permitted to ([`Permissions::grant_audit_fields`]); otherwise a create that
    /// gives these fields is refused. No update sets them, and no write sets SystemModstamp. Typed
    /// creates give them with [`Audited`](crate::Audited), and describe says that they are
    /// createable.
    #[must_use]
    pub fn with_audit_fields(mut self) -> Self {
        self.audit_fields = true;
        self
    }
}

impl fmt::Debug for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mode = if self.permissions.is_none() { "system" } else { "user" };
        f.debug_struct("Caller")
            .field("mode", &mode)
            .field("user", &self.user)
            .field("audit_fields", &self.audit_fields)
            .finish_non_exhaustive()
    }
}
