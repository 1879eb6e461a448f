//! Rust structs that behave like Salesforce objects, and the embedded store behind them.
//!
#![doc = include_str!("guide/front_page.md")]
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
mod page_layout;
mod permissions;
mod shell;
#[cfg(feature = "derive")]
pub mod standard;
mod store;
mod value;

pub use chrono;
pub use sobject_soql::{DateLiteral, DateUnit, SearchExpr, SearchGroup};

#[cfg(feature = "derive")]
pub use sobject_derive::{Picklist, SObject, Select};

pub use crate::{
    caller::Caller,
    clock::{Clock, ManualClock, SystemClock},
    definition::{
        Calls, DefaultValue, Definition, FieldDefinition, FieldIdx, Flags, OnDelete, PicklistValue,
        System, Target,
    },
    describe::{
        ButtonLayoutSection, ChildRelationship, DescribedType, FieldDescribe, GlobalDescribe,
        Layout, LayoutButton, LayoutComponent, LayoutDescribe, LayoutItem, LayoutRow,
        LayoutSection, ObjectDescribe, ObjectSummary, PicklistEntry, PicklistForRecordType,
        RecordTypeInfo, RecordTypeMapping, RelatedList, RelatedListColumn, RelatedListSort, Scope,
    },
    error::{
        BadParent, BadValue, Call, Error, InUse, ParentProblem, Problem, QueryError, Result,
        StatusCode, StorageError, StorageErrorKind,
    },
    id::{Any, At, Id, IdError, KeyPrefix, OneOf, RecordId, Ref},
    page_layout::{PageLayout, PageRelatedList, PageSection},
    permissions::{FieldName, FieldRight, ObjectRight, Permissions},
    shell::{
        After, AfterJson, Asked, Audited, Batch, Before, BeforeJson, BindValue, Bindable, Changes,
        CheckedQuery, CheckedRows, Children, Condition, Connection, CreateView, DatePart, Deleted,
        DeletedRecord, Explanation, Field, FieldRange, FieldValue, Filter, Filterable, FindText,
        Formatted, FromJson, Groupable, Grouped, GroupedQuery, HasDays, HasFormat, HasLabels,
        HasMoments, HasNumber, HasOrder, HasPattern, HasRange, HasValues, Having, Hooks, JsonHooks,
        JsonInput, JsonRecord, Keys, Label, LeadsTo, MultiPicklist, Name, NameField, NameFields,
        Names, No, NotListed, ObjectHooks, OfGroups, OfRows, Operand, Order, Own, Pages, Parent,
        PartOf, PartValue, Patch, Picklist, PreparedQuery, Queried, Query, QueryLocator, QueryPage,
        QueryPlan, QueryResult, QueryRow, Reached, Reads, Record, Records, References, Replica,
        ReplicaTransaction, Reported, Rows, RunsSoql, SObject, SameIds, SaveResult, SearchResult,
        SearchText, Selectable, Selection, SemiJoin, Session, Soql, Sortable, Sosl, Store,
        StoreBuilder, Stream, Strict, Subtotal, SubtotalKeys, SystemFields, Through, Total, Totals,
        Transaction, Untyped, UntypedSession, UntypedTransaction, UpdateView, Updated, UpsertView,
        Upserted, Values, View, Walk, Way, Whole, WithoutChildren, Yes, count_rows,
    },
    store::{
        AccessType, Change, ChangeKind, ChangePage, ChangeToken, Dormant, Dropped, Invalid, Page,
        PassedOver, RecentlyViewed, ResumeKey, Stripped, UnresolvedReference, Verified,
    },
    value::{FieldType, RestJson, Value},
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

#[cfg(feature = "derive")]
#[doc = include_str!("soql_macro.md")]
#[macro_export]
macro_rules! soql {
    ($($query:tt)*) => {
        $crate::__private::soql_of!($crate; $($query)*)
    };
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
        primitive::usize,
        result::Result::{self, Ok},
        str::FromStr,
    };

    pub use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[cfg(feature = "derive")]
    pub use sobject_derive::soql_of;

    pub use crate::{
        definition::{Calls, DefaultValue, Definition, FieldIdx, OnDelete, PicklistValue, System},
        error::DecodeError,
        shell::{
            AnyName, BindValue, CheckedColumns, Column, ColumnValue, Known, LiteralKind, Nth, Of,
            Operand, OperandList, PointsTo, RowCells, RowCount, Soql, Use, bind_count, bind_list,
            bind_value, block_of, checked, child_of, column, day, decimal, definition, field_named,
            literal, named, object, parent, part, place_in, relation, root, text, whole,
        },
        shell::{
            Autonumber, ClosedList, CountsBytes, CreateView, DefaultIsBool, DefaultIsDouble,
            DefaultIsInt, DefaultIsText, Field, FieldValue, Form, FromJson, HasCase, HasChildren,
            HasCreate, HasDefault, HasDeleteRule, HasDigits, HasLength, HasNoDefault,
            HasRelationship, HasScale, HasUpdate, HasUpsert, IsCombobox, IsDecimal, IsOnlyDefault,
            IsRestricted, IsText, IsUnrestricted, MayBeExternalId, MayBeFilled, MayBeKey,
            MayBeName, MayBeNull, MayBeUnique, MayFilter, MayGroup, MaySort, MustNotBeNull,
            NeverEmpty, NeverNull, NeverSeveral, No, NoPreset, NotListed, NothingRequired,
            OpenList, OtherValue, Patch, PerCaller, Picklist, Preset, SObject, SeveralOfClosed,
            SeveralOfOpen, Spanned, SystemFields, TakesDefault, UpdateView, UpsertView, View, Yes,
            assert_int, assert_listed, assert_of_others, assert_owner, assert_when, copy_given,
            copy_patch, debug_view, deserialize, deserialize_listed, display_listed, eq_views,
            parse_listed, place_in_any_case, place_of, put, put_all, put_given, put_patch,
            put_unless_null, read_given, read_listed, read_patch, serialize_fields,
            serialize_listed, serialize_view,
        },
        shell::{
            Columns, GoesInto, ListOf, PartOf, Queried, RowOf, Selection, WithoutChildren, below,
            mapped,
        },
        store::{FieldReader, RowReader},
        value::{FieldType, RestJson, Value},
    };
}
