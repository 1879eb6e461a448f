//! The random queries of `ask` as typed ones.

use serde_json::Value as Json;
use sobject_core::{
    Field, Filter, Filterable, HasOrder, HasPattern, Id, MultiPicklist, Name, NameFields, Operand,
    Order, Picklist, SObject, Selectable, SemiJoin, Sortable, Way,
    chrono::{DateTime, NaiveDate, Utc},
};

use crate::query::{
    ask::{Ask, Col, Cond, Order as Asked, Select},
    org::{Sale, SaleFields, Shop, Stage, Tag},
};

const SALE: &SaleFields = &Sale::FIELDS;
const NAME: &NameFields = Name::FIELDS;

/// Every column that a handle of the tests reaches.
pub(super) const COLS: &[Col] = &[
    Col::Own("Id"),
    Col::Own("Code"),
    Col::Own("Title"),
    Col::Own("Remark"),
    Col::Own("Stage"),
    Col::Own("Amount"),
    Col::Own("Pieces"),
    Col::Own("SoldOn"),
    Col::Own("SoldAt"),
    Col::Own("Paid"),
    Col::Own("Tags"),
    Col::Own("ShopId"),
    Col::Own("OwnerId"),
    Col::Shop("Name"),
    Col::Shop("Town"),
    Col::Shop("Open"),
    Col::Owner("Name"),
    Col::Owner("Type"),
];

/// The conditions and the order of a query.
pub(super) struct Typed {
    pub(super) filter: Option<Filter<Sale>>,
    pub(super) join: Option<SemiJoin<Sale>>,
    pub(super) order: Vec<Order<Sale>>,
}

/// The conditions and the order of a query; `None` for groups, and for comparisons of a whole number with
/// a fraction, which handles do not have.
pub(super) fn typed(ask: &Ask) -> Option<Typed> {
    if matches!(ask.select, Select::Groups { .. }) {
        return None;
    }
    let (filter, join) = match &ask.filter {
        None => (None, None),
        Some(Cond::InTown(town, not)) => (None, Some(in_town(town, *not))),
        Some(cond) => (Some(filter(cond)?), None),
    };
    let order = ask.order.iter().map(order).collect::<Option<_>>()?;
    Some(Typed { filter, join, order })
}

fn in_town(town: &str, not: bool) -> SemiJoin<Sale> {
    let shops = Shop::FIELDS.id.values().filter(Shop::FIELDS.town.eq(town));
    if not { SALE.shop_id.not_in_query(shops) } else { SALE.shop_id.in_query(shops) }
}

fn filter(cond: &Cond) -> Option<Filter<Sale>> {
    let joined = |of: &[Cond], join: fn(Filter<Sale>, Filter<Sale>) -> Filter<Sale>| {
        let of: Option<Vec<_>> = of.iter().map(filter).collect();
        of?.into_iter().reduce(join)
    };
    match cond {
        Cond::And(of) => joined(of, |a, b| a & b),
        Cond::Or(of) => joined(of, |a, b| a | b),
        Cond::Not(of) => Some(!filter(of)?),
        Cond::Is(col, op, value) => is(*col, op, value),
        Cond::In(col, values, not) => among(*col, values, *not),
        Cond::Like(col, pattern) => like(*col, pattern),
        Cond::Includes(sets, not) => {
            let sets: Vec<_> = sets.iter().map(|set| tags(set)).collect();
            Some(if *not { SALE.tags.excludes(sets) } else { SALE.tags.includes(sets) })
        }
        Cond::InTown(..) => panic!("a semi-join stands alone"),
    }
}

fn tags(text: &str) -> MultiPicklist<Tag> {
    let tag = |text: &str| match text.to_ascii_lowercase().as_str() {
        "red" => Tag::Red,
        "green" => Tag::Green,
        "blue" => Tag::Blue,
        other => panic!("{other} is a tag"),
    };
    text.split(';').map(tag).collect()
}

/// Compares a field with a value; the closure reads one that is not null.
fn compared<T: Selectable, F: Filterable, G, S, W: Way, V, How>(
    field: Field<Sale, T, F, G, S, W>,
    op: &str,
    value: &Json,
    read: impl Fn(&Json) -> V,
) -> Filter<Sale>
where
    T::Kind: HasOrder,
    V: Operand<T, How>,
{
    if value.is_null() {
        return if op == "=" { field.is_null() } else { !field.is_null() };
    }
    let value = read(value);
    match op {
        "=" => field.eq(value),
        "!=" => field.ne(value),
        "<" => field.lt(value),
        "<=" => field.le(value),
        ">" => field.gt(value),
        ">=" => field.ge(value),
        other => panic!("{other} is an operator"),
    }
}

fn text(value: &Json) -> String {
    value.as_str().expect("a text").to_owned()
}

fn moment(value: &Json) -> DateTime<Utc> {
    DateTime::parse_from_str(&text(value), "%Y-%m-%dT%H:%M:%S%.3f%z").expect("a moment").into()
}

fn day(value: &Json) -> NaiveDate {
    text(value).parse().expect("a day")
}

fn number(value: &Json) -> f64 {
    value.as_f64().expect("a number")
}

fn id<T>(value: &Json) -> Id<T> {
    text(value).parse().expect("an id")
}

fn stage(value: &Json) -> Stage {
    Stage::from_value(&text(value)).expect("a stage")
}

/// A whole number; typed queries compare whole numbers with nothing else.
fn whole(value: &Json) -> Option<i32> {
    match value {
        Json::Null => Some(0),
        _ => value.as_i64().and_then(|n| i32::try_from(n).ok()),
    }
}

fn is(col: Col, op: &str, value: &Json) -> Option<Filter<Sale>> {
    let shop = &Shop::FIELDS;
    Some(match col {
        Col::Own("Id") => compared(SALE.id, op, value, id::<Sale>),
        Col::Own("Code") => compared(SALE.code, op, value, text),
        Col::Own("Title") => compared(SALE.title, op, value, text),
        Col::Own("Remark") => compared(SALE.remark, op, value, text),
        Col::Own("Stage") => compared(SALE.stage, op, value, stage),
        Col::Own("Amount") => compared(SALE.amount, op, value, number),
        Col::Own("Pieces") => {
            whole(value)?;
            compared(SALE.pieces, op, value, |value| whole(value).expect("a whole number"))
        }
        Col::Own("SoldOn") => compared(SALE.sold_on, op, value, day),
        Col::Own("SoldAt") => compared(SALE.sold_at, op, value, moment),
        Col::Own("Paid") => bool_of(op, SALE.paid.eq(bool::from_json(value)?)),
        Col::Own("ShopId") => compared(SALE.shop_id, op, value, id::<Shop>),
        Col::Shop("Name") => compared(SALE.shop_id.to(shop.name), op, value, text),
        Col::Shop("Town") => compared(SALE.shop_id.to(shop.town), op, value, text),
        Col::Shop("Open") => bool_of(op, SALE.shop_id.to(shop.open).eq(bool::from_json(value)?)),
        Col::Owner("Name") => compared(SALE.owner_id.to(NAME.name), op, value, text),
        Col::Owner("Type") => compared(SALE.owner_id.to(NAME.type_), op, value, text),
        _ => return None,
    })
}

fn bool_of(op: &str, is: Filter<Sale>) -> Filter<Sale> {
    if op == "=" { is } else { !is }
}

/// A boolean, for which null is false.
trait FromJson: Sized {
    fn from_json(value: &Json) -> Option<Self>;
}

impl FromJson for bool {
    fn from_json(value: &Json) -> Option<Self> {
        Some(value.as_bool().unwrap_or(false))
    }
}

fn among(col: Col, values: &[Json], not: bool) -> Option<Filter<Sale>> {
    fn set<T, F: Filterable, G, S, W: Way, V>(
        field: Field<Sale, T, F, G, S, W>,
        not: bool,
        values: &[Json],
        read: impl Fn(&Json) -> V,
    ) -> Filter<Sale>
    where
        Option<V>: Operand<T>,
    {
        let values = values.iter().map(|value| (!value.is_null()).then(|| read(value)));
        if not { field.not_in(values) } else { field.is_in(values) }
    }
    Some(match col {
        Col::Own("Title") => set(SALE.title, not, values, text),
        Col::Own("Code") => set(SALE.code, not, values, text),
        Col::Own("Stage") => set(SALE.stage, not, values, stage),
        Col::Own("Amount") => set(SALE.amount, not, values, number),
        Col::Own("SoldOn") => set(SALE.sold_on, not, values, day),
        Col::Own("SoldAt") => set(SALE.sold_at, not, values, moment),
        Col::Own("ShopId") => set(SALE.shop_id, not, values, id::<Shop>),
        Col::Shop("Town") => set(SALE.shop_id.to(Shop::FIELDS.town), not, values, text),
        Col::Owner("Name") => set(SALE.owner_id.to(NAME.name), not, values, text),
        Col::Owner("Type") => set(SALE.owner_id.to(NAME.type_), not, values, text),
        _ => return None,
    })
}

fn like(col: Col, pattern: &str) -> Option<Filter<Sale>> {
    fn like<T: Selectable, F: Filterable, G, S, W: Way>(
        field: Field<Sale, T, F, G, S, W>,
        pattern: &str,
    ) -> Filter<Sale>
    where
        T::Kind: HasPattern,
    {
        let is_plain = |text: &str| !text.contains(['%', '_', '\\']);
        match (pattern.strip_prefix('%'), pattern.strip_suffix('%')) {
            (None, Some(start)) if is_plain(start) => field.starts_with(start),
            (Some(end), None) if is_plain(end) => field.ends_with(end),
            (Some(rest), Some(_)) => match rest.strip_suffix('%') {
                Some(inner) if is_plain(inner) => field.contains(inner),
                _ => field.like(pattern),
            },
            _ => field.like(pattern),
        }
    }
    Some(match col {
        Col::Own("Code") => like(SALE.code, pattern),
        Col::Own("Title") => like(SALE.title, pattern),
        Col::Own("Remark") => like(SALE.remark, pattern),
        Col::Own("Stage") => like(SALE.stage, pattern),
        Col::Shop("Name") => like(SALE.shop_id.to(Shop::FIELDS.name), pattern),
        Col::Shop("Town") => like(SALE.shop_id.to(Shop::FIELDS.town), pattern),
        Col::Owner("Name") => like(SALE.owner_id.to(NAME.name), pattern),
        Col::Owner("Type") => like(SALE.owner_id.to(NAME.type_), pattern),
        _ => return None,
    })
}

fn order(asked: &Asked) -> Option<Order<Sale>> {
    fn of<O: SObject, T, F, G, S: Sortable, W: Way>(
        field: Field<O, T, F, G, S, W>,
        asked: &Asked,
    ) -> Order<O> {
        let order = if asked.descending { field.desc() } else { field.asc() };
        if asked.nulls_last { order.nulls_last() } else { order }
    }
    Some(match asked.by {
        Col::Own("Id") => of(SALE.id, asked),
        Col::Own("Code") => of(SALE.code, asked),
        Col::Own("Title") => of(SALE.title, asked),
        Col::Own("Remark") => of(SALE.remark, asked),
        Col::Own("Stage") => of(SALE.stage, asked),
        Col::Own("Amount") => of(SALE.amount, asked),
        Col::Own("Pieces") => of(SALE.pieces, asked),
        Col::Own("SoldOn") => of(SALE.sold_on, asked),
        Col::Own("SoldAt") => of(SALE.sold_at, asked),
        Col::Own("Paid") => of(SALE.paid, asked),
        Col::Own("ShopId") => of(SALE.shop_id, asked),
        Col::Own("OwnerId") => of(SALE.owner_id, asked),
        Col::Shop("Name") => of(SALE.shop_id.to(Shop::FIELDS.name), asked),
        Col::Shop("Town") => of(SALE.shop_id.to(Shop::FIELDS.town), asked),
        Col::Shop("Open") => of(SALE.shop_id.to(Shop::FIELDS.open), asked),
        Col::Owner("Name") => of(SALE.owner_id.to(NAME.name), asked),
        Col::Owner("Type") => of(SALE.owner_id.to(NAME.type_), asked),
        _ => return None,
    })
}
