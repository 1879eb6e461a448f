//! The clauses behind the select list: what is compared with what, grouped and ordered by; and the
//! variables.

use proc_macro2::{Ident, Literal as Token, TokenStream};
use quote::quote_spanned;
use sobject_soql::{
    Comparison, Expr, FieldExpr, Function, Literal, Name, Operand, Query, Set, Span, Spanned, Test,
    With,
};

use super::{
    scope::{Found, Output, Scope},
    select::{is_grouped, not_supported, used},
};

/// What stands on the left of a comparison.
struct Left {
    /// The expression that stands for the type of what may stand on the right.
    column: TokenStream,
    /// The field, unless it is a function.
    field: Option<Found>,
    /// As it is called in messages.
    name: String,
}

/// Checks the clauses behind the select list.
pub(super) fn check(out: &mut Output<'_>, scope: &Scope, query: &Query) {
    if let Some(filter) = &query.filter {
        condition(out, scope, filter, false);
    }
    for with in &query.with {
        if let With::Equals(_, operand) = &with.value
            && let Operand::Bind(_) = operand.value
        {
            not_supported(out, operand.span, "a variable in this place");
        }
    }
    if let Some(group) = &query.group_by {
        for field in &group.fields {
            match field {
                FieldExpr::Path(path) => {
                    out.find(scope, path, "Group");
                }
                FieldExpr::Function(call) if call.value.function.value.is_date_function() => {
                    if let Some(used) = used(out, call) {
                        out.find(scope, &call.value.path, used);
                    }
                }
                FieldExpr::Function(call) => {
                    let name = call.value.function.value.name();
                    out.error(call.span, format_args!("{name} cannot be grouped by"));
                }
                FieldExpr::Distance(_) => not_supported(out, field.span(), "DISTANCE"),
            }
        }
        if let Some(having) = &group.having {
            condition(out, scope, having, true);
        }
    }
    for item in &query.order_by {
        match &item.field {
            FieldExpr::Path(path) if is_grouped(query) => {
                out.find(scope, path, "Group");
            }
            FieldExpr::Path(path) => {
                out.find(scope, path, "Sort");
            }
            FieldExpr::Function(call) => {
                if let Some(used) = used(out, call) {
                    out.find(scope, &call.value.path, used);
                }
            }
            FieldExpr::Distance(_) => not_supported(out, item.field.span(), "DISTANCE"),
        }
    }
    for rows in query.limit.iter().chain(&query.offset) {
        if let Operand::Bind(name) = &rows.value {
            let at = out.at(rows.span);
            variable(
                out,
                name,
                &Kind::ROWS,
                &quote_spanned!(at=> __so::whole()),
                "a number of rows",
            );
        }
    }
}

/// Checks a condition of `WHERE`, or of `HAVING`.
fn condition(out: &mut Output<'_>, scope: &Scope, filter: &Expr, is_having: bool) {
    match filter {
        Expr::And(of) | Expr::Or(of) => {
            for of in of {
                condition(out, scope, of, is_having);
            }
        }
        Expr::Not(of) => condition(out, scope, of, is_having),
        Expr::Comparison(comparison) => compare(out, scope, comparison, is_having),
    }
}

fn compare(out: &mut Output<'_>, scope: &Scope, comparison: &Comparison, is_having: bool) {
    let left = left(out, scope, &comparison.field, is_having);
    let Some(left) = left else { return };
    match &comparison.test.value {
        Test::Compare(_, right) => operand(out, &left, comparison.field.span(), right),
        Test::Like(right) => {
            if let Operand::Bind(name) = &right.value {
                text(out, name, "a pattern");
            }
        }
        Test::In(set) | Test::NotIn(set) => match set {
            Set::List(list) => {
                for right in list {
                    operand(out, &left, comparison.field.span(), right);
                }
            }
            Set::Bind(name) => variable(out, name, &Kind::LIST, &left.column, &left.name),
            Set::SemiJoin(query) => {
                let inner = out.root(&query.value.from);
                if let Some(from) = query.value.also_from.first() {
                    out.error(from.span(), "a second object in `FROM` is not supported");
                }
                match &query.value.field {
                    FieldExpr::Path(path) => {
                        out.find(&inner, path, "Select");
                    }
                    other => not_supported(out, other.span(), "a function here"),
                }
                if let Some(filter) = &query.value.filter {
                    condition(out, &inner, filter, false);
                }
            }
        },
        Test::Includes(sets) | Test::Excludes(sets) => {
            for set in sets {
                if let Operand::Bind(name) = &set.value {
                    text(out, name, "values of a multi-select picklist");
                }
            }
        }
    }
}

/// A variable that is a text, whatever the field holds.
fn text(out: &mut Output<'_>, name: &Name, what: &str) {
    let at = out.at(name.span());
    variable(out, name, &Kind::ONE, &quote_spanned!(at=> __so::text()), what);
}

/// What stands on the left; `None` for what is not supported, which is reported.
fn left(out: &mut Output<'_>, scope: &Scope, field: &FieldExpr, is_having: bool) -> Option<Left> {
    let at = out.at(field.span());
    match field {
        FieldExpr::Path(path) => {
            let found = out.find(scope, path, if is_having { "Group" } else { "Filter" });
            let column = found.column.clone();
            Some(Left { column, field: Some(found), name: path.to_string() })
        }
        FieldExpr::Function(call) => {
            let function = &call.value.function.value;
            let is_of_groups = function.is_aggregate() || *function == Function::Grouping;
            if is_of_groups && !is_having {
                let name = function.name();
                out.error(call.span, format_args!("{name} is not allowed here: write `HAVING`"));
                return None;
            }
            let used = used(out, call)?;
            let found = out.find(scope, &call.value.path, used);
            if !is_having {
                out.find(scope, &call.value.path, "Filter");
            }
            let column = match function {
                Function::Count | Function::CountDistinct => quote_spanned!(at=> __so::whole()),
                Function::Avg | Function::Sum => quote_spanned!(at=> __so::decimal()),
                Function::Min | Function::Max => found.column,
                Function::DayOnly => quote_spanned!(at=> __so::day()),
                Function::ToLabel | Function::Format => quote_spanned!(at=> __so::text()),
                _ => quote_spanned!(at=> __so::part()),
            };
            let name = format!("{}({})", function.name(), call.value.path);
            Some(Left { column, field: None, name })
        }
        FieldExpr::Distance(_) => {
            not_supported(out, field.span(), "DISTANCE");
            None
        }
    }
}

/// Checks what a field is compared with.
fn operand(out: &mut Output<'_>, left: &Left, of: Span, right: &Spanned<Operand>) {
    let literal = match &right.value {
        Operand::Bind(name) => return variable(out, name, &Kind::ONE, &left.column, &left.name),
        Operand::Literal(literal) => literal,
    };
    let kind = match literal {
        Literal::Boolean(_) => "Boolean",
        Literal::Number(_) => "Number",
        Literal::Text(_) => "Text",
        Literal::Date(_) => "Date",
        Literal::DateTime(_) => "DateTime",
        Literal::Time(_) => "Time",
        Literal::DateLiteral(_) => "DateLiteral",
        Literal::Null | Literal::Pattern(_) | Literal::Currency { .. } => return,
    };
    let Some(Found { object, number, .. }) = &left.field else { return };
    let (at, block) = (out.at(of), out.block(of.to(right.span)));
    let (definition, kind) = (&object.definition, Ident::new(kind, at));
    out.items.push(quote_spanned! {at=>
        const _: () = __so::literal(#definition, #number, __so::LiteralKind::#kind, #block);
    });
}

/// What a variable is: the trait of core that says which types it may have, and the function that makes
/// its value.
struct Kind {
    holds: &'static str,
    make: &'static str,
}

impl Kind {
    const ONE: Self = Self { holds: "Operand", make: "bind_value" };
    const LIST: Self = Self { holds: "OperandList", make: "bind_list" };
    const ROWS: Self = Self { holds: "RowCount", make: "bind_count" };
}

/// A variable in its place. Its type is checked by a trait of its own, since the message of a trait is
/// all that the compiler says about a type.
fn variable(out: &mut Output<'_>, name: &Name, kind: &Kind, column: &TokenStream, what: &str) {
    let (at, part) = (out.at(name.span()), name.span());
    let key = name.as_str();
    let known = out.binds.iter().position(|(known, _)| known.eq_ignore_ascii_case(key));
    let place = known.unwrap_or_else(|| {
        out.binds.push((key.to_owned(), out.input.text.at(part)));
        out.binds.len() - 1
    });
    let claim = out.fresh("B");
    let holds = Ident::new(kind.holds, at);
    let make = Ident::new(kind.make, at);
    let message = match kind.holds {
        "RowCount" => format!("`:{key}` is a `{{Self}}`, which is no number of rows"),
        "OperandList" => {
            format!("`:{key}` is a `{{Self}}`, which is no list of values of {what}, a `{{T}}`")
        }
        _ => format!("`:{key}` is a `{{Self}}`, which is not compared with {what}, a `{{T}}`"),
    };
    let block = out.input.text.block(part).replace('{', "{{").replace('}', "}}");
    let message = Token::string(&format!("{message}{block}"));
    out.items.push(quote_spanned! {at=>
        #[diagnostic::on_unimplemented(message = #message, label = "not a type of this variable")]
        trait #claim<T, How> {
            fn given(&self, column: __so::Column<T>) -> __so::BindValue;
        }

        #[diagnostic::do_not_recommend]
        impl<T, How, V: __so::#holds<T, How>> #claim<T, How> for V {
            fn given(&self, _: __so::Column<T>) -> __so::BindValue {
                __so::#make::<T, How, V>(self)
            }
        }
    });
    let index = Token::usize_unsuffixed(place);
    out.given.push((place, quote_spanned!(at=> #claim::given(__given.#index, #column))));
}
