//! [`Audited`]: a create view with audit fields, for records that come from another system.

use chrono::{DateTime, Utc};
use serde::{Serialize, Serializer};

use crate::{
    definition::FieldIdx,
    id::RecordId,
    shell::{
        json::serialize_view,
        view::{CreateView, View},
    },
    value::Value,
};

/// A create view with values for the audit fields, which the record gets in place of the current
/// time and the caller. A field that is `None` is left to the store.
///
/// It takes a connection in audit-field mode ([`Caller::with_audit_fields`](crate::Caller)) and an
/// object that allows it ([`Definition::audit_fields`](crate::Definition)); otherwise
/// the fields that are set are refused, all by name. Times are kept to the second, and times before
/// 1970 are refused. (Whether an org compares the two times with each other or with the current
/// time is unknown; this store does not.)
///
/// ```
/// # #[cfg(feature = "derive")] {
/// use sobject_core::{Audited, Caller, Definition, SObject, Store};
///
/// /// A cup of coffee.
/// #[derive(SObject)]
/// #[sobject(key_prefix = "a01", custom)]
/// struct Coffee {
///     #[field(create, update, filter, sort, custom)]
///     beans: String,
/// }
///
/// const COFFEE: &Definition = &Coffee::OBJECT.audit_fields();
/// let store = Store::in_memory(&[COFFEE])?;
/// let db = store.connect(Caller::system().with_audit_fields());
/// let long_ago = "2004-02-29T12:00:00Z".parse().unwrap();
/// let id = db.create(Audited {
///     created_date: Some(long_ago),
///     ..Audited::new(CoffeeCreate::new("Kona"))
/// })?;
/// assert_eq!(db.get(id)?.created_date, long_ago);
/// # }
/// # Ok::<(), sobject_core::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audited<V> {
    /// The other fields of the create.
    pub view: V,
    /// CreatedDate.
    pub created_date: Option<DateTime<Utc>>,
    /// CreatedById: a user.
    pub created_by_id: Option<RecordId>,
    /// LastModifiedDate.
    pub last_modified_date: Option<DateTime<Utc>>,
    /// LastModifiedById: a user.
    pub last_modified_by_id: Option<RecordId>,
}

impl<V> Audited<V> {
    /// A create that leaves the audit fields to the store.
    pub fn new(view: V) -> Self {
        Self {
            view,
            created_date: None,
            created_by_id: None,
            last_modified_date: None,
            last_modified_by_id: None,
        }
    }
}

impl<V: CreateView> View for Audited<V> {
    type Object = V::Object;

    fn each<'a>(&'a self, f: &mut dyn FnMut(FieldIdx, Value<'a>)) {
        self.view.each(f);
        let dates = [
            (FieldIdx::CREATED_DATE, self.created_date),
            (FieldIdx::LAST_MODIFIED_DATE, self.last_modified_date),
        ];
        let users = [
            (FieldIdx::CREATED_BY_ID, self.created_by_id),
            (FieldIdx::LAST_MODIFIED_BY_ID, self.last_modified_by_id),
        ];
        for (idx, date) in dates {
            if let Some(date) = date {
                f(idx, Value::DateTime(date));
            }
        }
        for (idx, user) in users {
            if let Some(user) = user {
                f(idx, Value::Id(user));
            }
        }
    }
}

impl<V: CreateView> CreateView for Audited<V> {}

impl<V: CreateView> Serialize for Audited<V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize_view(self, serializer)
    }
}
