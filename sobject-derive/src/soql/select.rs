//! The select list: what a row has, and how it is read.

use proc_macro2::TokenStream;
use quote::quote_spanned;
use sobject_soql::{
    FieldExpr, Function, FunctionCall, GroupKind, Query, Select, SelectItem, Selected, Spanned,
};

use super::{
    row::Row,
    scope::{Output, Scope},
};

/// Does a query make groups?
pub(super) fn is_grouped(query: &Query) -> bool {
    let is_aggregate = |item: &SelectItem| match &item.selected {
        Selected::Field(FieldExpr::Function(call)) => call.value.function.value.is_aggregate(),
        _ => false,
    };
    query.group_by.is_some() || query.select.value.items().iter().any(is_aggregate)
}

/// The row of a query.
pub(super) fn row(out: &mut Output<'_>, scope: &Scope, query: &Query) -> Row {
    let mut row = Row::new();
    let select = &query.select;
    let Select::Items(items) = &select.value else {
        out.error(
            select.span,
            "`COUNT()` has no rows: write `COUNT(Id) n`, which is a field of the one row",
        );
        return row;
    };
    let is_grouped = is_grouped(query);
    let mut n_unnamed = 0;
    for item in items {
        match &item.selected {
            Selected::Field(field) if is_grouped => {
                of_group(out, scope, query, &mut row, item, field, &mut n_unnamed);
            }
            Selected::Field(field) => of_record(out, scope, &mut row, item, field),
            Selected::Fields(set) => out.error(
                set.span,
                "a row has the fields that the text names, and `FIELDS()` names none: list them",
            ),
            Selected::TypeOf(of) => out.error(
                of.span,
                "`TYPEOF` has another row for each object: select fields of the parent, such as its \
                 `Name`, or run the query as text",
            ),
            Selected::Children(children) => {
                let from = &children.value.from;
                let Some(inner) = out.children(from, &scope.object) else { continue };
                let children = super::expand::level(out, &inner, &children.value);
                row.add_children(out, from.path.name.as_str(), from.span(), children);
            }
        }
    }
    row
}

/// An item of a query that makes no groups.
fn of_record(
    out: &mut Output<'_>,
    scope: &Scope,
    row: &mut Row,
    item: &SelectItem,
    field: &FieldExpr,
) {
    let part = field.span();
    let (read, path) = match field {
        FieldExpr::Path(path) => {
            if let Some(alias) = &item.alias {
                out.error(alias.span(), "only aggregate expressions use field aliasing");
            }
            let found = out.find(scope, path, "Select");
            (read_field(out, part, &found, "field"), path)
        }
        FieldExpr::Function(call) => {
            if call.value.function.value.is_date_function() {
                let name = call.value.function.value.name();
                out.error(
                    part,
                    format_args!("`{name}` stands in a query that groups by it: add `GROUP BY`"),
                );
                return;
            }
            let Some(read) = of_function(out, scope, call) else { return };
            (read, &call.value.path)
        }
        FieldExpr::Distance(_) => return not_supported(out, part, "DISTANCE"),
    };
    // With an alias, a function of a parent's field is a value of the row itself.
    let parents = if item.alias.is_some() { &[][..] } else { scope.parents(path) };
    let mut row = row;
    for parent in parents {
        let Some(inner) = row.parent(out, parent.as_str(), parent.span()) else { return };
        row = inner;
    }
    let name = item.alias.as_ref().unwrap_or(&path.name);
    row.add(out, name.as_str(), part, read);
}

/// An item of a query that makes groups.
fn of_group(
    out: &mut Output<'_>,
    scope: &Scope,
    query: &Query,
    row: &mut Row,
    item: &SelectItem,
    field: &FieldExpr,
    n_unnamed: &mut usize,
) {
    let part = field.span();
    let alias = item.alias.as_ref().map(|alias| alias.as_str().to_owned());
    let (read, name) = match field {
        FieldExpr::Path(path) => {
            let group = query.group_by.as_ref();
            let is_key = |key: &FieldExpr| match key {
                FieldExpr::Path(key) => {
                    key.name == path.name && scope.parents(key) == scope.parents(path)
                }
                _ => false,
            };
            if !group.is_some_and(|group| group.fields.iter().any(is_key)) {
                let name = path.name.as_str();
                out.error(part, format_args!("Field must be grouped or aggregated: {name}"));
                return;
            }
            // A subtotal has no value of a key, and neither has a parent that is not there.
            let has_subtotals = group.is_some_and(|group| group.kind != GroupKind::Plain);
            let how = match scope.parents(path) {
                [] if !has_subtotals => "field",
                _ => "field_or_null",
            };
            let found = out.find(scope, path, "Select");
            let name = alias.unwrap_or_else(|| path.name.as_str().to_owned());
            (read_field(out, part, &found, how), name)
        }
        FieldExpr::Function(call) => {
            let FunctionCall { function, inner, path } = &call.value;
            let keeps_name = matches!(function.value, Function::ToLabel | Function::Format);
            let name = match alias {
                Some(alias) => alias,
                None if keeps_name && inner.is_none() => path.name.as_str().to_owned(),
                None => {
                    *n_unnamed += 1;
                    format!("expr{}", *n_unnamed - 1)
                }
            };
            let Some(read) = of_function(out, scope, call) else { return };
            (read, name)
        }
        FieldExpr::Distance(_) => return not_supported(out, part, "DISTANCE"),
    };
    row.add(out, &name, part, read);
}

/// The expression that reads a field.
fn read_field(
    out: &Output<'_>,
    part: sobject_soql::Span,
    found: &super::scope::Found,
    how: &str,
) -> TokenStream {
    let at = out.at(part);
    let how = proc_macro2::Ident::new(how, at);
    let (column, definition, number) = (&found.column, &found.object.definition, &found.number);
    quote_spanned!(at=> __row.#how(#column, #definition, #number))
}

/// The expression that reads what a function makes of a field; `None` for what is not supported, which
/// is reported.
fn of_function(
    out: &mut Output<'_>,
    scope: &Scope,
    call: &Spanned<FunctionCall>,
) -> Option<TokenStream> {
    let at = out.at(call.span);
    let used = used(out, call)?;
    let found = out.find(scope, &call.value.path, used);
    Some(match &call.value.function.value {
        Function::Count | Function::CountDistinct => quote_spanned!(at=> __row.whole()),
        Function::Avg | Function::Sum => quote_spanned!(at=> __row.decimal()),
        Function::Min | Function::Max => read_field(out, call.span, &found, "field_or_null"),
        Function::DayOnly => quote_spanned!(at=> __row.day()),
        Function::ToLabel | Function::Format => quote_spanned!(at=> __row.text()),
        _ => quote_spanned!(at=> __row.part()),
    })
}

/// What a function does with its field: a variant of core's `Use`. `None` for what is not supported,
/// which is reported.
pub(super) fn used(out: &Output<'_>, call: &Spanned<FunctionCall>) -> Option<&'static str> {
    let FunctionCall { function, inner, .. } = &call.value;
    let is_inner_known = match inner.as_ref().map(|inner| &inner.value) {
        None => true,
        Some(Function::ConvertTimezone) => function.value.is_date_function(),
        Some(_) => false,
    };
    if !is_inner_known {
        let what = format!("`{}` of another function", function.value.name());
        not_supported(out, call.span, &what);
        return None;
    }
    Some(match &function.value {
        Function::Count | Function::CountDistinct | Function::Min | Function::Max => "Aggregate",
        Function::Avg | Function::Sum => "Sum",
        Function::Grouping => "Group",
        Function::ToLabel => "Label",
        Function::Format => "Select",
        Function::DayOnly | Function::HourInDay => "TimePart",
        Function::Other(name) => {
            out.error(function.span, format_args!("unknown function: {name}"));
            return None;
        }
        date if date.is_date_function() => "DatePart",
        other => {
            not_supported(out, call.span, &format!("`{}` here", other.name()));
            return None;
        }
    })
}

/// Says that a part of SOQL is not supported.
pub(super) fn not_supported(out: &Output<'_>, part: sobject_soql::Span, what: &str) {
    out.error(part, format_args!("{what} is not supported"));
}
