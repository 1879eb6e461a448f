//! The public functions of the shell that act for no caller.

use super::sources;

/// Types whose functions know of no store: values, views, handles and their parts.
const TYPES: &[&str] = &[
    "Audited",
    "Children",
    "DatePart",
    "Field",
    "Filter",
    "Grouped",
    "Label",
    "MultiPicklist",
    "NotListed",
    "Order",
    "Patch",
    "QueryResult",
    "Record",
    "RecordId",
    "Ref",
    "SaveResult",
    "Soql",
    "Sosl",
    "Subtotal",
    "Total",
    "Values",
];

/// Whoever has a store may connect to it in system mode, and so may see everything.
const OF_STORES: &[&str] = &[
    "Store::builder",
    "Store::check",
    "Store::compact",
    "Store::compact_feed",
    "Store::connect",
    "Store::cursor",
    "Store::cursors",
    "Store::dormant",
    "Store::dropped",
    "Store::in_memory",
    "Store::open",
    "Store::open_existing",
    "Store::purge",
    "Store::remove_cursor",
    "Store::replica",
    "Store::replica_as",
    "Store::set_cursor",
    "Store::system",
    "Store::try_connect",
    "Store::verify",
    "StoreBuilder::build_step",
    "StoreBuilder::cache_size",
    "StoreBuilder::check",
    "StoreBuilder::clock",
    "StoreBuilder::described",
    "StoreBuilder::drop_field",
    "StoreBuilder::drop_object",
    "StoreBuilder::every_stored_object",
    "StoreBuilder::fiscal_year",
    "StoreBuilder::hooks",
    "StoreBuilder::in_memory",
    "StoreBuilder::instance",
    "StoreBuilder::layout",
    "StoreBuilder::max_cascade",
    "StoreBuilder::on_rig",
    "StoreBuilder::open",
    "StoreBuilder::open_existing",
    "StoreBuilder::query_locator_lifetime",
    "StoreBuilder::recycle_bin_age",
    "StoreBuilder::recycle_bin_capacity",
    "StoreBuilder::time_zone",
    "StoreBuilder::unicode_version",
    "StoreBuilder::week_start",
    "StoreBuilder::window_limit",
];

/// Hooks act in system mode, and belong to whoever opens the store.
const OF_HOOKS: &[&str] = &["After", "AfterJson", "Before", "BeforeJson", "Hooks", "JsonHooks"];

/// A replica acts in system mode.
const OF_REPLICAS: &[&str] = &[
    "Replica::all_or_none",
    "Replica::pass_over_unknown",
    "Replica::passed_over",
    "Replica::put",
    "Replica::put_many",
    "Replica::put_record",
    "Replica::put_records",
    "Replica::stamps_from_given",
    "Replica::transaction",
    "Replica::unresolved",
    "Replica::unresolved_page",
    "ReplicaTransaction::put",
    "ReplicaTransaction::put_many",
    "ReplicaTransaction::put_record",
    "ReplicaTransaction::put_records",
];

/// A locator leads on in a query that its own caller has asked, and no other caller's: the house has
/// too few records for one.
const OF_LOCATORS: &[&str] =
    &["Connection::query_more", "Connection::query_more_with", "Query::next_batch"];

/// A query is built of what the program knows, and asks nothing before it is run. No field of the house
/// can be grouped by, so there are no groups to be read there.
const OF_QUERIES: &[&str] = &[
    "CheckedQuery::to_soql",
    "GroupedQuery::all",
    "GroupedQuery::explain",
    "GroupedQuery::having",
    "GroupedQuery::limit",
    "GroupedQuery::offset",
    "GroupedQuery::one",
    "GroupedQuery::optional",
    "GroupedQuery::order_by",
    "Query::all_rows",
    "Query::filter",
    "Query::group_by",
    "Query::group_by_cube",
    "Query::group_by_rollup",
    "Query::limit",
    "Query::map",
    "Query::offset",
    "Query::order_by",
    "Query::reading_all",
    "Query::select",
    "FindText::returning",
    "FindText::within",
    "count_rows",
];

/// What reads the rows of a checked query, which generated code alone is given.
const OF_ROWS: &[&str] = &["RowCells", "definition"];

pub(super) fn functions() -> impl Iterator<Item = &'static str> {
    [OF_STORES, OF_REPLICAS, OF_LOCATORS, OF_QUERIES].into_iter().flatten().copied()
}

pub(super) fn types() -> impl Iterator<Item = &'static str> {
    TYPES.iter().chain(OF_HOOKS).copied()
}

/// Is this a function of a type that knows of no store, or one that only generated code can name?
pub(super) fn is_exempt(name: &str) -> bool {
    match name.split_once("::") {
        Some((of, _)) => TYPES.contains(&of) || OF_HOOKS.contains(&of) || OF_ROWS.contains(&of),
        None => OF_ROWS.contains(&name) || sources::is_private(name),
    }
}
