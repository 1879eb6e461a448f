//! Floor 7, the shell: the store as users see it, typed by their structs.
//!
//! A function of the shell turns typed values into the dynamic ones of the floors below, calls one
//! function there, and turns its answer back. So little code is compiled for each struct, and every
//! rule holds for typed and untyped callers alike. **Invariant:** no rule lives here.

mod assertions;
mod audited;
mod changes;
mod checked;
mod claims;
mod connection;
mod cursors;
mod feed;
mod field;
mod field_value;
mod hooks;
mod json;
mod operand;
mod picklist;
mod query;
mod read;
mod recent;
mod record;
mod recycle_bin;
mod replica;
mod replication;
mod search;
mod session;
mod sobject;
mod soql;
mod store;
mod transaction;
mod untyped;
mod upsert;
mod view;

pub use self::{
    assertions::{assert_int, assert_listed, assert_of_others, assert_owner, assert_when},
    audited::Audited,
    checked::{
        AnyName, CheckedColumns, CheckedQuery, CheckedRows, Column, ColumnValue, Known,
        LiteralKind, Nth, Of, OperandList, PointsTo, RowCells, RowCount, RunsSoql, Use, bind_count,
        bind_list, bind_value, block_of, checked, child_of, column, day, decimal, definition,
        field_named, literal, named, object, parent, part, place_in, relation, root, text, whole,
    },
    claims::{
        Autonumber, ClosedList, CountsBytes, DefaultIsBool, DefaultIsDouble, DefaultIsInt,
        DefaultIsText, HasCase, HasChildren, HasDefault, HasDeleteRule, HasDigits, HasLength,
        HasNoDefault, HasRelationship, HasScale, IsCombobox, IsDecimal, IsOnlyDefault,
        IsRestricted, IsText, IsUnrestricted, MayBeExternalId, MayBeFilled, MayBeKey, MayBeName,
        MayBeNull, MayBeUnique, MayFilter, MayGroup, MaySort, MustNotBeNull, NeverEmpty, NeverNull,
        NeverSeveral, NoPreset, OpenList, PerCaller, Preset, SeveralOfClosed, SeveralOfOpen,
        Spanned, TakesDefault,
    },
    connection::Connection,
    feed::Changes,
    field::{Field, Filterable, Groupable, No, Sortable, SystemFields, Yes},
    field_value::{FieldValue, References},
    hooks::{After, AfterJson, Before, BeforeJson, Hooks, JsonHooks, ObjectHooks},
    json::{
        Form, FromJson, NotListed, QueryPage, Reported, SaveResult, Strict, deserialize,
        deserialize_listed, display_listed, parse_listed, read_given, read_patch, serialize_fields,
        serialize_listed, serialize_view,
    },
    operand::{FieldRange, Operand},
    picklist::{MultiPicklist, OtherValue, Picklist, place_in_any_case, place_of, read_listed},
    query::{
        Asked, Batch, Children, Columns, Condition, DatePart, Filter, FindText, Formatted,
        GoesInto, Grouped, GroupedQuery, HasDays, HasFormat, HasLabels, HasMoments, HasNumber,
        HasOrder, HasPattern, HasRange, HasValues, Having, Keys, Label, LeadsTo, ListOf, Name,
        NameField, NameFields, Names, OfGroups, OfRows, Order, Own, Pages, Parent, PartOf,
        PartValue, Queried, Query, Reached, RowOf, SameIds, SearchText, Selectable, Selection,
        SemiJoin, Stream, Subtotal, SubtotalKeys, Through, Total, Totals, Values, Way, Whole,
        WithoutChildren, below, count_rows, mapped,
    },
    read::{Reads, Records, Walk},
    record::{JsonInput, JsonRecord, Record},
    replica::{Replica, ReplicaTransaction},
    replication::{Deleted, DeletedRecord, Updated},
    search::{SearchResult, Sosl},
    session::{Session, UntypedSession},
    sobject::SObject,
    soql::{
        BindValue, Bindable, Explanation, PreparedQuery, QueryLocator, QueryPlan, QueryResult,
        QueryRow, Rows, Soql,
    },
    store::{Store, StoreBuilder},
    transaction::Transaction,
    untyped::{Untyped, UntypedTransaction},
    upsert::Upserted,
    view::{
        CreateView, HasCreate, HasUpdate, HasUpsert, NothingRequired, Patch, UpdateView,
        UpsertView, View, copy_given, copy_patch, debug_view, eq_views, put, put_all, put_given,
        put_patch, put_unless_null,
    },
};
