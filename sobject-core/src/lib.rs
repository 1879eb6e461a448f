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
//! The words of the attributes are in [the manual of the derive](macro@SObject), and what becomes of
//! an enum in [that of picklists](macro@Picklist).
//!
//! # What to do where
//!
//! | task | with |
//! |---|---|
//! | [define an object](#define) | [`SObject`](macro@SObject), [`Picklist`](macro@Picklist), [`Definition`]; [`StoreBuilder::described`] for one known at run time |
//! | [open a store](#open) | [`Store::open`], [`Store::in_memory`], [`Store::builder`] |
//! | [write](#write) | [`Connection::create`], [`update`](Connection::update), [`delete`](Connection::delete), [`undelete`](Connection::undelete), their `_many`, [`transaction`](Connection::transaction) |
//! | [read](#read) | [`Connection::get`], [`retrieve`](Connection::retrieve), [`find`](Connection::find), [`find_range`](Connection::find_range), [`walk`](Connection::walk), [`Session`] |
//! | [act for a user](#callers) | [`Caller`], [`Permissions`], [`Store::try_connect`] |
//! | [read and write an org's JSON](#json) | serde on structs, [`Record`] and views; [`Connection::object`] for maps |
//! | [copy an org](#replicas) | [`Store::replica`], [`Replica`] |
//! | [change the structs](#evolution) | [`Store::open`], `was` in the attribute, [`Store::dormant`] |
//! | [act on errors](#errors) | [`Error`], [`StatusCode`] |
//! | come from a REST client | [From a client's record struct to here](guide::from_a_client) |
//! | work on this crate | [the map of the code](guide::map) |
//!
//! # Define
//!
//! An object is a struct, and each field says what its page says. A picklist is an enum:
//!
//! ```
//! # #[cfg(feature = "derive")] {
//! use sobject_core::{Id, Picklist, SObject, standard::User};
//!
//! #[derive(Picklist, Clone, Debug, PartialEq)]
//! enum Phase {
//!     #[picklist(default)]
//!     Open,
//!     #[picklist(value = "Paid Off")]
//!     PaidOff,
//! }
//!
//! #[derive(SObject, Debug)]
//! #[sobject(key_prefix = "a0I", custom)]
//! struct Invoice {
//!     #[field(create, custom, filter, group, sort)]
//!     payer: Id<User>,
//!     #[field(create, custom, defaulted_on_create, filter, restricted, sort, update)]
//!     phase: Phase,
//! }
//! assert_eq!(Invoice::NAME, "Invoice__c");
//! # }
//! ```
//!
//! # Open
//!
//! ```
//! # #[cfg(feature = "derive")] {
//! use sobject_core::{SObject, Store, standard::User};
//!
//! # let path = std::env::temp_dir().join(format!("sobject-front-{}.redb", std::process::id()));
//! let store = Store::open(&path, &[User::OBJECT])?; // in the file, which is made if it is not there
//! let scratch = Store::in_memory(&[User::OBJECT])?; // for tests
//! # drop(store);
//! # std::fs::remove_file(path).unwrap();
//! # }
//! # Ok::<(), sobject_core::Error>(())
//! ```
//!
//! # Write
//!
//! A call of several records writes those that are in order; one by
//! [`all_or_none`](Connection::all_or_none) writes all of them or none:
//!
//! ```
//! # #[cfg(feature = "derive")] {
//! use sobject_core::{SObject, Store, standard::{User, UserCreate}};
//!
//! let db = Store::in_memory(&[User::OBJECT])?.system();
//! let users = ["Ada", ""].map(|name| UserCreate::new(name, "user@example.com"));
//! let results = db.create_many(&users)?;
//! let id = *results[0].as_ref().unwrap();
//! assert_eq!(results[1].as_ref().unwrap_err().fields(), ["Name"]);
//! db.delete(id)?;
//! db.undelete(id)?;
//! assert!(db.all_or_none().create_many(&users)?.iter().all(Result::is_err));
//! # }
//! # Ok::<(), sobject_core::Error>(())
//! ```
//!
//! # Read
//!
//! ```
//! # #[cfg(feature = "derive")] {
//! use sobject_core::{SObject, Store, standard::{User, UserCreate}};
//!
//! let db = Store::in_memory(&[User::OBJECT])?.system();
//! let ada = db.create(UserCreate::new("Ada", "ada@example.com"))?;
//! assert_eq!(db.get(ada)?.name, "Ada");
//! assert_eq!(db.find(User::FIELDS.name, "ADA")?[0].id, ada);
//! assert_eq!(db.find_range(User::FIELDS.name, "A".."B")?.len(), 1);
//! for user in db.walk::<User>() {
//!     println!("{}", user?.username);
//! }
//! # }
//! # Ok::<(), sobject_core::Error>(())
//! ```
//!
//! # Callers
//!
//! In user mode every call checks the rights of a user; what the user may not see is not there:
//!
//! ```
//! # #[cfg(feature = "derive")] {
//! use sobject_core::{
//!     Caller, FieldRight, ObjectRight, Permissions, SObject, Store, standard::{User, UserCreate},
//! };
//!
//! let store = Store::in_memory(&[User::OBJECT])?;
//! let ada = store.system().create(UserCreate::new("Ada", "ada@example.com"))?;
//! let profile = Permissions::none()
//!     .grant("User", [ObjectRight::Read])
//!     .grant_field(("User", "Email"), FieldRight::Read);
//! let db = store.try_connect(Caller::user(ada, profile))?;
//! let refused = db.delete(ada).unwrap_err();
//! assert_eq!(refused.object(), "User");
//! # }
//! # Ok::<(), sobject_core::Error>(())
//! ```
//!
//! # JSON
//!
//! Structs, records and views are read from an org's JSON and written as such, and so are errors. An
//! object by name takes and gives maps:
//!
//! ```
//! # #[cfg(feature = "derive")] {
//! use serde_json::json;
//! use sobject_core::{Record, SObject, Store, standard::{User, UserCreate}};
//!
//! let db = Store::in_memory(&[User::OBJECT])?.system();
//! let body = json!({ "Name": "Ada", "Username": "ada@example.com" });
//! let typed: UserCreate = serde_json::from_value(body.clone()).unwrap();
//! let id = db.create(typed)?;
//! let sent = serde_json::to_value(db.get(id)?).unwrap();
//! let received: Record<User> = serde_json::from_value(sent).unwrap();
//! assert_eq!(received, db.get(id)?);
//!
//! let users = db.object("User")?;
//! let id = users.create(&body)?;
//! assert_eq!(users.get(id)?["Name"], "Ada");
//! # }
//! # Ok::<(), sobject_core::Error>(())
//! ```
//!
//! # Replicas
//!
//! A replica keeps the records of an org with the ids, numbers and stamps that they have there:
//!
//! ```
//! # #[cfg(feature = "derive")] {
//! use serde_json::json;
//! use sobject_core::{SObject, Store, standard::User};
//!
//! let store = Store::in_memory(&[User::OBJECT])?;
//! let replica = store.replica().stamps_from_given();
//! let id = replica.put("User", &json!({
//!     "Id": "005Hs00000A1b2cIAB", "Name": "Ada", "Username": "ada@example.com",
//! }))?;
//! assert_eq!(store.system().object("User")?.get(id)?["Name"], "Ada");
//! # }
//! # Ok::<(), sobject_core::Error>(())
//! ```
//!
//! # Evolution
//!
//! A file is opened by what the structs are now. Nothing that was accepted is lost: what is listed no
//! more is dormant, and what the records do not fit is refused ([`Store::open`] has an example).
//!
//! # Errors
//!
//! ```
//! # #[cfg(feature = "derive")] {
//! use sobject_core::{Error, SObject, StatusCode, Store, standard::{Group, GroupCreate}};
//!
//! let db = Store::in_memory(&[Group::OBJECT])?.system();
//! match db.create(GroupCreate::new("x".repeat(300))) {
//!     Err(Error::BadValue(bad)) => println!("{} cannot hold {}", bad.field, bad.value),
//!     Err(error) if error.status_code() == StatusCode::RequiredFieldMissing => {
//!         println!("give {}", error.fields().join(" and "));
//!     }
//!     Err(error) => return Err(error), // one that the program can do nothing about
//!     Ok(id) => println!("{id} is there"),
//! }
//! # }
//! # Ok::<(), sobject_core::Error>(())
//! ```
//!
//! # Async
//!
//! Calls block. In an async program they stand in `spawn_blocking`; a [`Connection`] is cheap to
//! clone and may go to any thread:
//!
//! ```
//! # mod tokio { pub mod task { pub async fn spawn_blocking<R>(
//! #     f: impl FnOnce() -> R,
//! # ) -> Result<R, std::convert::Infallible> { Ok(f()) } } }
//! use sobject_core::{Connection, Id, Record, Result, SObject};
//!
//! async fn get<T: SObject + Send>(db: &Connection, id: Id<T>) -> Result<Record<T>> {
//!     let db = db.clone();
//!     tokio::task::spawn_blocking(move || db.get(id)).await.expect("it does not panic")
//! }
//! ```
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
mod name;
mod permissions;
mod shell;
#[cfg(feature = "derive")]
pub mod standard;
mod store;
mod value;

pub use chrono;

#[cfg(feature = "derive")]
pub use sobject_derive::{Picklist, SObject};

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
        BadValue, Call, Error, InUse, Problem, Result, StatusCode, StorageError, StorageErrorKind,
    },
    id::{Any, At, Id, IdError, KeyPrefix, OneOf, RecordId, Ref},
    permissions::{FieldName, FieldRight, ObjectRight, Permissions},
    shell::{
        Audited, Connection, CreateView, Field, FieldRange, FieldValue, Filterable, FromJson,
        JsonInput, JsonRecord, MultiPicklist, No, NotListed, Operand, Patch, Picklist, QueryPage,
        Reads, Record, Records, References, Replica, ReplicaTransaction, Reported, SObject,
        SaveResult, Session, Store, StoreBuilder, Strict, SystemFields, Transaction, Untyped,
        UntypedSession, UntypedTransaction, UpdateView, View, Walk, Yes,
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
            Autonumber, ClosedList, CountsBytes, CreateView, DefaultIsBool, DefaultIsDouble,
            DefaultIsInt, DefaultIsText, Field, FieldValue, Form, FromJson, HasCase, HasCreate,
            HasDefault, HasDigits, HasLength, HasNoDefault, HasRelationship, HasScale, HasUpdate,
            IsCombobox, IsDecimal, IsOnlyDefault, IsRestricted, IsText, IsUnrestricted,
            MayBeExternalId, MayBeFilled, MayBeKey, MayBeName, MayBeNull, MayBeUnique, MayFilter,
            MayGroup, MaySort, MustNotBeNull, NeverEmpty, NeverNull, NeverSeveral, No, NoPreset,
            NotListed, NothingRequired, OpenList, OtherValue, Patch, PerCaller, Picklist, Preset,
            SObject, SeveralOfClosed, SeveralOfOpen, Spanned, SystemFields, TakesDefault,
            UpdateView, View, Yes, assert_int, assert_listed, assert_owner, assert_when,
            copy_given, copy_patch, debug_view, deserialize, deserialize_listed, display_listed,
            eq_views, parse_listed, place_in_any_case, place_of, put, put_all, put_given,
            put_patch, put_unless_null, read_given, read_listed, read_patch, serialize_fields,
            serialize_listed, serialize_view,
        },
        store::{FieldReader, RowReader},
        value::{FieldType, Value},
    };
}
