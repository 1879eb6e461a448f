//! Rust structs that behave like Salesforce objects, and the embedded store behind them.
//!
//! `#[derive(SObject)]` turns the property list that an object's reference page prints for each
//! field into separate types for create and update, typed field handles, and describe metadata;
//! [`Store`] keeps the records under the platform's rules, in a file or in memory, with no org and
//! no network. Writing a read-only field or forgetting a required one does not compile; what only
//! shows at run time is refused with the status code, message and fields that an org answers.
//!
//! ```
//! # #[cfg(feature = "derive")] {
//! use sobject_core::{Patch, SObject, Store};
//!
//! /// A cup of coffee.
//! #[derive(SObject, Debug)]
//! #[sobject(key_prefix = "a01", custom)]
//! struct Coffee {
//!     #[field(autonumber = "C-{0000}", filter, sort, name_field)]
//!     name: String,
//!     #[field(create, update, filter, sort, custom)]
//!     beans: String,
//!     #[field(create, update, nillable, filter, group, sort, custom)]
//!     sugar: Option<i32>,
//! }
//!
//! let store = Store::in_memory(&[Coffee::OBJECT])?;
//! let db = store.system();
//! let id = db.create(CoffeeCreate { sugar: Some(2), ..CoffeeCreate::new("Yirgacheffe") })?;
//! db.update(id, CoffeeUpdate { sugar: Patch::NULL, ..Default::default() })?;
//! let coffee = db.get(id)?;
//! assert_eq!((coffee.name.as_str(), coffee.sugar), ("C-0001", None));
//! # }
//! # Ok::<(), sobject_core::Error>(())
//! ```
//!
//! Programs that call an org through a REST client find what becomes of their structs and calls in
//! [From a client's record struct to here](guide::from_a_client).
//!
//! # Where things are
//!
//! | floor | room | what |
//! |---|---|---|
//! | 6 shell | `shell/` | [`SObject`], [`Picklist`], views and [`Patch`], handles, [`Connection`], [`Session`], [`Transaction`], [`Untyped`], [`Replica`]; JSON by serde in `shell/json` |
//! | 5 store | `store/file`, `replica`, `write`, `read`, `rules`, `keep` | from the file down to spaces and indexes; `store.rs` has their map |
//! | 4 catalogue | `catalogue/` | the objects of a store: what was declared, numbered and resolved |
//! | 3 engine | `engine/` | ordered byte keys in transactions, on redb; the write buffer |
//! | 2 bytes | `bytes/` | rows, cells, keys and their order, drawn byte by byte |
//! | 1 words | `id`, `value`, `definition`, `describe`, `error`, `clock`, `caller`, `permissions` | |
//!
//! A room uses rooms on lower floors, and of a folder its face alone: the file of the folder's name,
//! which lists what others may use.
//!
//! # Features
//!
//! `derive` (default): `#[derive(SObject)]` and the objects of [`standard`]. `testing`: settings for
//! this project's own tests, hidden in these docs and no part of the API.

#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used))]

// Generated code names this crate, also when it is used in this crate itself.
#[cfg(feature = "derive")]
extern crate self as sobject_core;

mod bytes;
mod caller;
mod catalogue;
mod clock;
mod definition;
mod describe;
mod engine;
mod error;
#[cfg(doc)]
pub mod guide;
mod id;
mod language;
mod name;
mod permissions;
mod shell;
#[cfg(feature = "derive")]
pub mod standard;
mod store;
mod value;

pub use chrono;
pub use sobject_soql::{DateLiteral, DateUnit};

#[cfg(feature = "derive")]
pub use sobject_derive::{Picklist, SObject, Select};

pub use crate::{
    caller::Caller,
    clock::{Clock, ManualClock, SystemClock},
    definition::{
        Calls, DefaultValue, Definition, FieldDefinition, FieldIdx, Flags, PicklistValue, System,
        Target,
    },
    describe::{
        ChildRelationship, DescribedType, FieldDescribe, GlobalDescribe, ObjectDescribe,
        ObjectSummary, PicklistEntry, RecordTypeInfo, Scope,
    },
    error::{
        BadValue, Call, Error, InUse, Problem, QueryError, Result, StatusCode, StorageError,
        StorageErrorKind,
    },
    id::{Any, At, Id, IdError, KeyPrefix, OneOf, RecordId, Ref},
    permissions::{FieldName, FieldRight, ObjectRight, Permissions},
    shell::{
        Asked, Audited, BindValue, Bindable, Connection, CreateView, Explanation, Field,
        FieldRange, FieldValue, Filter, Filterable, FromJson, Groupable, Grouped, GroupedQuery,
        HasDays, HasNumber, HasOrder, HasPattern, HasRange, HasValues, Having, JsonInput,
        JsonRecord, Keys, LeadsTo, MultiPicklist, No, NotListed, Operand, Order, Own, Pages,
        Parent, Patch, Picklist, Queried, Query, QueryLocator, QueryPage, QueryPlan, QueryResult,
        Reads, Record, Records, References, Replica, ReplicaTransaction, Reported, Rows, SObject,
        SaveResult, Selectable, Selection, Session, Soql, Sortable, Store, StoreBuilder, Stream,
        Strict, SystemFields, Through, Total, Totals, Transaction, Untyped, UntypedSession,
        UntypedTransaction, UpdateView, View, Walk, Way, Whole, Yes, count_rows,
    },
    store::{
        AccessType, Dormant, Dropped, Page, PassedOver, ResumeKey, Stripped, UnresolvedReference,
        Verified,
    },
    value::{FieldType, Value},
};

// What generated code reads rows by: its `SObject::decode` takes the one and asks it for the other.
#[doc(hidden)]
pub use crate::{
    error::DecodeError,
    store::{FieldReader, RowReader},
};

/// For tests of this crate: an engine that counts its calls and fails on command. Not part of the
/// API: it may change in any release.
#[cfg(any(test, feature = "testing"))]
#[doc(hidden)]
pub mod testing {
    pub use crate::engine::rig::{Counts, Rig};
}

/// The README's quick start, so that it is compiled and run with the other examples.
#[cfg(all(doctest, feature = "derive"))]
#[doc = include_str!("../../README.md")]
struct Readme;

/// The manuals of the derives, whose examples need this crate.
#[cfg(all(doctest, feature = "derive"))]
#[doc = include_str!("../../sobject-derive/src/manual.md")]
#[doc = include_str!("../../sobject-derive/src/manual_picklist.md")]
#[doc = include_str!("../../sobject-derive/src/manual_select.md")]
struct Manuals;

/// What generated code names. Not part of the API: it may change in any release.
#[doc(hidden)]
pub mod __private {
    pub use core::{
        clone::Clone,
        cmp::PartialEq,
        convert::{From, Into},
        default::Default,
        fmt::{self, Debug, Display},
        ops::{Deref, FnMut},
        option::Option::{self, None, Some},
        result::Result::{self, Ok},
        str::FromStr,
    };

    pub use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub use crate::{
        definition::{Calls, DefaultValue, Definition, FieldIdx, PicklistValue, System},
        error::DecodeError,
        shell::{
            Autonumber, ClosedList, CreateView, DefaultIsBool, DefaultIsDouble, DefaultIsInt,
            DefaultIsText, Field, FieldValue, Form, FromJson, HasCase, HasCreate, HasDefault,
            HasDigits, HasLength, HasNoDefault, HasRelationship, HasScale, HasUpdate, IsCombobox,
            IsDecimal, IsOnlyDefault, IsRestricted, IsText, IsUnrestricted, MayBeExternalId,
            MayBeFilled, MayBeKey, MayBeName, MayBeNull, MayBeUnique, MayFilter, MayGroup, MaySort,
            MustNotBeNull, NeverEmpty, NeverNull, NeverSeveral, No, NoPreset, NotListed,
            NothingRequired, OpenList, OtherValue, Patch, PerCaller, Picklist, Preset, SObject,
            SeveralOfClosed, SeveralOfOpen, Spanned, SystemFields, TakesDefault, UpdateView, View,
            Yes, assert_int, assert_listed, assert_owner, assert_when, copy_given, copy_patch,
            debug_view, deserialize, deserialize_listed, display_listed, eq_views, parse_listed,
            place_in_any_case, place_of, put, put_all, put_given, put_patch, put_unless_null,
            read_given, read_listed, read_patch, serialize_fields, serialize_listed,
            serialize_view,
        },
        shell::{Columns, GoesInto, Queried, RowOf, Selection, mapped},
        store::{FieldReader, RowReader},
        value::{FieldType, Value},
    };
}
