//! A naive evaluator of queries: record by record, on plain values, by rules that are written down
//! here once more. It shares no code with the engine.

use std::{cmp::Ordering, collections::BTreeMap};

use serde_json::{Value as Json, json};

use super::{
    ask::{Ask, Col, Cond, How, Kind, Order, Select},
    world::{Plain, STAGES, World},
};

/// What a query answers: a number of rows, and the rows as lists of values.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Answer {
    pub(super) total: usize,
    pub(super) rows: Vec<Vec<Json>>,
}

/// Evaluates a query on a world.
pub(super) fn answer(world: &World, ask: &Ask) -> Answer {
    let mut sales: Vec<&Plain> = world
        .sales
        .iter()
        .filter(|sale| ask.all_rows || sale["IsDeleted"] == false)
        .filter(|sale| ask.filter.as_ref().is_none_or(|cond| holds(world, sale, cond)))
        .collect();
    let cut = |n: usize| n.saturating_sub(ask.offset).min(ask.limit.unwrap_or(usize::MAX));
    match &ask.select {
        Select::Count => {
            // The limit is counted before the offset is passed over, as for rows.
            Answer { total: cut(sales.len()), rows: Vec::new() }
        }
        Select::Rows(cols) => {
            sales.sort_by(|a, b| {
                let by_order = ask.order.iter().map(|order| {
                    let (a, b) = (value(world, a, order.by), value(world, b, order.by));
                    in_order(order, &a, &b)
                });
                let first = by_order.into_iter().find(|order| order.is_ne());
                first.unwrap_or_else(|| short(&a["Id"]).cmp(short(&b["Id"])))
            });
            let rows: Vec<Vec<_>> = sales
                .iter()
                .skip(ask.offset)
                .take(ask.limit.unwrap_or(usize::MAX))
                .map(|sale| cols.iter().map(|col| value(world, sale, *col)).collect())
                .collect();
            Answer { total: rows.len(), rows }
        }
        Select::Groups { keys, totals, more_than } => {
            let mut groups: BTreeMap<String, (Vec<Json>, Vec<&Plain>)> = BTreeMap::new();
            if keys.is_empty() {
                groups.insert("[]".to_owned(), (Vec::new(), Vec::new()));
            }
            for sale in sales {
                let key: Vec<_> =
                    keys.iter().map(|col| alike(*col, &value(world, sale, *col))).collect();
                let name = json!(key).to_string();
                groups.entry(name).or_insert_with(|| (key, Vec::new())).1.push(sale);
            }
            let more_than = if keys.is_empty() { None } else { *more_than };
            let mut groups: Vec<_> = groups
                .into_values()
                .filter(|(_, of)| more_than.is_none_or(|n| of.len() > n))
                .collect();
            groups.sort_by(|(a, _), (b, _)| {
                let by_order = ask
                    .order
                    .iter()
                    .zip(a.iter().zip(b))
                    .map(|(order, (a, b))| in_order(order, a, b));
                by_order.into_iter().find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
            });
            let rows: Vec<Vec<_>> = groups
                .iter()
                .skip(ask.offset)
                .take(ask.limit.unwrap_or(usize::MAX))
                .map(|(key, of)| {
                    let totals = totals.iter().map(|(how, col)| total(world, *how, *col, of));
                    key.iter().cloned().chain(totals).collect()
                })
                .collect();
            Answer { total: rows.len(), rows }
        }
    }
}

/// The value that is the same for all values which a group has together.
pub(super) fn alike(col: Col, value: &Json) -> Json {
    match (col.kind(), value) {
        (Kind::Text, Json::String(text)) => json!(text.to_uppercase()),
        (Kind::Bool, Json::Null) => json!(false),
        (Kind::Number, Json::Number(number)) => json!(number.as_f64()),
        _ => value.clone(),
    }
}

fn total(world: &World, how: How, col: Col, sales: &[&Plain]) -> Json {
    let values: Vec<_> =
        sales.iter().map(|sale| value(world, sale, col)).filter(|it| !it.is_null()).collect();
    let numbers = || values.iter().filter_map(Json::as_f64);
    let best = |wanted: Ordering| {
        let better =
            |a: &Json, b: &Json| if compare(col, b, a) == wanted { b.clone() } else { a.clone() };
        let best = values.iter().cloned().reduce(|a, b| better(&a, &b));
        best.map_or(Json::Null, |best| alike(col, &best))
    };
    match how {
        How::Count => json!(values.len() as f64),
        How::CountDistinct => {
            let mut different: Vec<_> =
                values.iter().map(|it| alike(col, it).to_string()).collect();
            different.sort();
            different.dedup();
            json!(different.len() as f64)
        }
        How::Sum | How::Avg if values.is_empty() => Json::Null,
        How::Sum => json!(numbers().sum::<f64>()),
        How::Avg => json!(numbers().sum::<f64>() / values.len() as f64),
        How::Min => best(Ordering::Less),
        How::Max => best(Ordering::Greater),
    }
}

/// The value of a column of a sale. Parents are outer joins, and a deleted one is none.
fn value(world: &World, sale: &Plain, col: Col) -> Json {
    let parent = |of: &'_ [Plain], id: &Json, field: &str| {
        let parent = of.iter().find(|it| it["Id"] == *id && it["IsDeleted"] == false);
        parent.map_or(Json::Null, |parent| parent[field].clone())
    };
    match col {
        Col::Own(field) => sale[field].clone(),
        Col::Shop(field) => parent(&world.shops, &sale["ShopId"], field),
        Col::Owner(field) => parent(&world.owners, &sale["OwnerId"], field),
    }
}

fn in_order(order: &Order, a: &Json, b: &Json) -> Ordering {
    let kind = order.by.kind();
    let is_null = |value: &Json| value.is_null() && kind != Kind::Bool;
    match (is_null(a), is_null(b)) {
        (true, true) => Ordering::Equal,
        (a_is_null, b_is_null) if a_is_null || b_is_null => {
            // Nulls come first whichever way the values go, unless the query says otherwise, which
            // does nothing to ids.
            let first = if a_is_null { Ordering::Less } else { Ordering::Greater };
            if order.nulls_last && kind != Kind::Id { first.reverse() } else { first }
        }
        _ => {
            let by_value = compare(order.by, a, b);
            if order.descending { by_value.reverse() } else { by_value }
        }
    }
}

/// The order of two values, neither of which is null unless it is a boolean.
fn compare(col: Col, a: &Json, b: &Json) -> Ordering {
    let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
    match col.kind() {
        Kind::Id => short(a).cmp(short(b)),
        Kind::Text => text(a).to_uppercase().cmp(&text(b).to_uppercase()),
        Kind::Pick => place(a).cmp(&place(b)),
        Kind::Number => a.as_f64().partial_cmp(&b.as_f64()).unwrap_or(Ordering::Equal),
        Kind::Bool => a.as_bool().unwrap_or(false).cmp(&b.as_bool().unwrap_or(false)),
        Kind::Exact | Kind::Day | Kind::Moment | Kind::Multi => text(a).cmp(&text(b)),
    }
}

fn place(value: &Json) -> usize {
    STAGES.iter().position(|stage| value == stage).unwrap_or(STAGES.len())
}

fn short(id: &Json) -> &str {
    id.as_str().map_or("", |id| &id[..15])
}

fn holds(world: &World, sale: &Plain, cond: &Cond) -> bool {
    match cond {
        Cond::And(of) => of.iter().all(|of| holds(world, sale, of)),
        Cond::Or(of) => of.iter().any(|of| holds(world, sale, of)),
        Cond::Not(of) => !holds(world, sale, of),
        Cond::Is(col, op, wanted) => {
            let value = value(world, sale, *col);
            let order = (!value.is_null()).then(|| compare(*col, &value, wanted));
            match *op {
                "=" => is_equal(*col, &value, wanted),
                "!=" => !is_equal(*col, &value, wanted),
                "<" => order == Some(Ordering::Less),
                "<=" => order.is_some_and(Ordering::is_le),
                ">" => order == Some(Ordering::Greater),
                _ => order.is_some_and(Ordering::is_ge),
            }
        }
        Cond::In(col, values, not) => {
            let value = value(world, sale, *col);
            values.iter().any(|wanted| is_equal(*col, &value, wanted)) != *not
        }
        Cond::Like(col, pattern) => {
            let value = value(world, sale, *col);
            let upper = |text: &str| text.to_uppercase().chars().collect::<Vec<_>>();
            value.as_str().is_some_and(|text| is_like(&upper(text), &upper(pattern)))
        }
        Cond::Includes(sets, not) => {
            let value = value(world, sale, Col::Own("Tags"));
            let has: Vec<_> = value
                .as_str()
                .map(|text| text.split(';').map(str::to_uppercase).collect())
                .unwrap_or_default();
            let has_all =
                |set: &String| set.split(';').all(|tag| has.contains(&tag.to_uppercase()));
            sets.iter().any(has_all) != *not
        }
        Cond::InTown(town, not) => {
            let is_in = world.shops.iter().any(|shop| {
                shop["IsDeleted"] == false
                    && shop["Id"] == sale["ShopId"]
                    && is_equal(Col::Shop("Town"), &shop["Town"], &json!(town))
            });
            is_in != *not
        }
    }
}

fn is_equal(col: Col, value: &Json, wanted: &Json) -> bool {
    match (value.is_null(), wanted.is_null()) {
        _ if col.kind() == Kind::Bool => {
            value.as_bool().unwrap_or(false) == wanted.as_bool().unwrap_or(false)
        }
        (true, true) => true,
        (false, false) => compare(col, value, wanted).is_eq(),
        _ => false,
    }
}

/// Does a text match a pattern? A backslash takes its meaning from what follows.
fn is_like(text: &[char], pattern: &[char]) -> bool {
    match pattern {
        [] => text.is_empty(),
        ['%', rest @ ..] => (0..=text.len()).any(|n| is_like(&text[n..], rest)),
        ['_', rest @ ..] => text.split_first().is_some_and(|(_, text)| is_like(text, rest)),
        ['\\', one, rest @ ..] | [one, rest @ ..] => {
            text.split_first().is_some_and(|(first, text)| first == one && is_like(text, rest))
        }
    }
}
