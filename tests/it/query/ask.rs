//! Random queries of sales, as trees of the tests' own, and their texts.

use serde_json::{Value as Json, json};

use super::world::{Dice, REMARKS, STAGES, TAGS, TITLES, TOWNS, World};

/// A query of sales.
#[derive(Clone, Debug)]
pub(super) struct Ask {
    pub(super) select: Select,
    pub(super) filter: Option<Cond>,
    pub(super) order: Vec<Order>,
    pub(super) limit: Option<usize>,
    pub(super) offset: usize,
    pub(super) all_rows: bool,
}

#[derive(Clone, Debug)]
pub(super) enum Select {
    Count,
    Rows(Vec<Col>),
    /// Keys and totals, and of how many records more than these a group must have.
    Groups {
        keys: Vec<Col>,
        totals: Vec<(How, Col)>,
        more_than: Option<usize>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    Count,
    CountDistinct,
    Sum,
    Avg,
    Min,
    Max,
}

/// A field of a sale, of its shop, or of its owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Col {
    Own(&'static str),
    Shop(&'static str),
    Owner(&'static str),
}

/// How the values of a column are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Id,
    Text,
    Exact,
    Pick,
    Number,
    Day,
    Moment,
    Bool,
    Multi,
}

#[derive(Clone, Debug)]
pub(super) enum Cond {
    And(Vec<Cond>),
    Or(Vec<Cond>),
    Not(Box<Cond>),
    Is(Col, &'static str, Json),
    In(Col, Vec<Json>, bool),
    Like(Col, String),
    Includes(Vec<String>, bool),
    /// The shop is in a town, or is not; by a semi-join.
    InTown(String, bool),
}

#[derive(Clone, Debug)]
pub(super) struct Order {
    pub(super) by: Col,
    pub(super) descending: bool,
    pub(super) nulls_last: bool,
}

const COLS: &[Col] = &[
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

impl Col {
    pub(super) fn path(self) -> String {
        match self {
            Self::Own(field) => field.to_owned(),
            Self::Shop(field) => format!("Shop.{field}"),
            Self::Owner(field) => format!("Owner.{field}"),
        }
    }

    pub(super) fn kind(self) -> Kind {
        match self {
            Self::Own("Id" | "ShopId" | "OwnerId") => Kind::Id,
            Self::Own("Code") => Kind::Exact,
            Self::Own("Stage") => Kind::Pick,
            Self::Own("Amount" | "Pieces") => Kind::Number,
            Self::Own("SoldOn") => Kind::Day,
            Self::Own("SoldAt") => Kind::Moment,
            Self::Own("Paid") | Self::Shop("Open") => Kind::Bool,
            Self::Own("Tags") => Kind::Multi,
            Self::Own(_) | Self::Shop(_) | Self::Owner(_) => Kind::Text,
        }
    }

    fn may_group(self) -> bool {
        !matches!(self, Self::Own("Id" | "Code" | "Amount" | "SoldAt" | "Tags"))
    }
}

impl Ask {
    /// A random query.
    pub(super) fn random(dice: &mut Dice, world: &World) -> Self {
        let filter = dice.percent(80).then(|| cond(dice, world, 3, true));
        let select = match dice.below(10) {
            0 => Select::Count,
            1..3 => groups(dice),
            _ => {
                let mut cols = vec![Col::Own("Id")];
                for col in COLS.iter().skip(1) {
                    if dice.percent(20) {
                        cols.push(*col);
                    }
                }
                Select::Rows(cols)
            }
        };
        let mut order = Vec::new();
        match &select {
            Select::Count => (),
            Select::Rows(_) if dice.percent(30) => (),
            Select::Rows(_) => {
                for _ in 0..=dice.below(3) / 2 {
                    let by = *dice.pick(COLS);
                    if by.kind() != Kind::Multi {
                        order.push(order_by(dice, by));
                    }
                }
            }
            Select::Groups { keys, .. } => {
                order.extend(keys.iter().map(|key| order_by(dice, *key)));
            }
        }
        let may_limit = !matches!(&select, Select::Groups { keys, .. } if keys.is_empty());
        let limit = (may_limit && dice.percent(50)).then(|| dice.below(30));
        let offset = if may_limit && dice.percent(20) { dice.below(10) } else { 0 };
        Self { select, filter, order, limit, offset, all_rows: dice.percent(15) }
    }

    /// The text of the query.
    pub(super) fn text(&self) -> String {
        let mut text = "SELECT ".to_owned();
        match &self.select {
            Select::Count => text += "COUNT()",
            Select::Rows(cols) => {
                let cols: Vec<_> = cols.iter().map(|col| col.path()).collect();
                text += &cols.join(", ");
            }
            Select::Groups { keys, totals, .. } => {
                let keys = keys.iter().enumerate().map(|(n, key)| format!("{} k{n}", key.path()));
                let totals = totals
                    .iter()
                    .enumerate()
                    .map(|(n, (how, col))| format!("{}({}) t{n}", how.name(), col.path()));
                text += &keys.chain(totals).collect::<Vec<_>>().join(", ");
            }
        }
        text += " FROM Sale";
        if let Some(filter) = &self.filter {
            text += &format!(" WHERE {}", filter.text());
        }
        if let Select::Groups { keys, more_than, .. } = &self.select
            && !keys.is_empty()
        {
            let keys: Vec<_> = keys.iter().map(|key| key.path()).collect();
            text += &format!(" GROUP BY {}", keys.join(", "));
            if let Some(n) = more_than {
                text += &format!(" HAVING COUNT(Id) > {n}");
            }
        }
        let order: Vec<_> = self.order.iter().map(Order::text).collect();
        if !order.is_empty() {
            text += &format!(" ORDER BY {}", order.join(", "));
        }
        if let Some(limit) = self.limit {
            text += &format!(" LIMIT {limit}");
        }
        if self.offset > 0 {
            text += &format!(" OFFSET {}", self.offset);
        }
        if self.all_rows {
            text += " ALL ROWS";
        }
        text
    }
}

impl How {
    fn name(self) -> &'static str {
        match self {
            Self::Count => "COUNT",
            Self::CountDistinct => "COUNT_DISTINCT",
            Self::Sum => "SUM",
            Self::Avg => "AVG",
            Self::Min => "MIN",
            Self::Max => "MAX",
        }
    }
}

impl Order {
    fn text(&self) -> String {
        let way = if self.descending { " DESC" } else { "" };
        let nulls = if self.nulls_last { " NULLS LAST" } else { "" };
        format!("{}{way}{nulls}", self.by.path())
    }
}

impl Cond {
    fn text(&self) -> String {
        let joined = |of: &[Self], word: &str| {
            let of: Vec<_> = of.iter().map(Self::inner_text).collect();
            of.join(word)
        };
        match self {
            Self::And(of) => joined(of, " AND "),
            Self::Or(of) => joined(of, " OR "),
            Self::Not(of) => format!("NOT {}", of.inner_text()),
            Self::Is(col, op, value) => format!("{} {op} {}", col.path(), literal(*col, value)),
            Self::In(col, values, not) => {
                let values: Vec<_> = values.iter().map(|value| literal(*col, value)).collect();
                let not = if *not { "NOT " } else { "" };
                format!("{} {not}IN ({})", col.path(), values.join(", "))
            }
            Self::Like(col, pattern) => format!("{} LIKE {}", col.path(), quoted(pattern)),
            Self::Includes(sets, not) => {
                let sets: Vec<_> = sets.iter().map(|set| quoted(set)).collect();
                let word = if *not { "EXCLUDES" } else { "INCLUDES" };
                format!("Tags {word} ({})", sets.join(", "))
            }
            Self::InTown(town, not) => {
                let not = if *not { "NOT " } else { "" };
                let town = quoted(town);
                format!("ShopId {not}IN (SELECT Id FROM Shop WHERE Town = {town})")
            }
        }
    }

    fn inner_text(&self) -> String {
        match self {
            Self::And(_) | Self::Or(_) | Self::Not(_) => format!("({})", self.text()),
            _ => self.text(),
        }
    }
}

fn literal(col: Col, value: &Json) -> String {
    match (col.kind(), value) {
        (_, Json::Null) => "null".to_owned(),
        (Kind::Moment, Json::String(text)) => text.replace(".000+0000", "Z"),
        (Kind::Day, Json::String(text)) => text.clone(),
        (_, Json::String(text)) => quoted(text),
        (_, other) => other.to_string(),
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "\\'"))
}

fn order_by(dice: &mut Dice, by: Col) -> Order {
    Order { by, descending: dice.percent(50), nulls_last: dice.percent(30) }
}

fn groups(dice: &mut Dice) -> Select {
    let mut keys: Vec<Col> = Vec::new();
    for _ in 0..dice.below(3) {
        let key = *dice.pick(COLS);
        if key.may_group() && !keys.contains(&key) {
            keys.push(key);
        }
    }
    let mut totals = vec![(How::Count, Col::Own("Id"))];
    for _ in 0..dice.below(4) {
        let how =
            *dice.pick(&[How::Count, How::CountDistinct, How::Sum, How::Avg, How::Min, How::Max]);
        let col = match how {
            How::Sum | How::Avg => Col::Own(*dice.pick(&["Amount", "Pieces"])),
            _ => *dice.pick(COLS),
        };
        if !matches!(col.kind(), Kind::Bool | Kind::Multi) && !keys.contains(&col) {
            totals.push((how, col));
        }
    }
    let more_than = dice.percent(30).then(|| dice.below(6));
    Select::Groups { keys, totals, more_than }
}

fn cond(dice: &mut Dice, world: &World, depth: usize, is_top: bool) -> Cond {
    if depth > 0 && dice.percent(45) {
        let n = 2 + dice.below(2);
        let is_and = dice.percent(60);
        let of = (0..n).map(|_| cond(dice, world, depth - 1, is_top && is_and)).collect();
        return if is_and { Cond::And(of) } else { Cond::Or(of) };
    }
    if depth > 0 && dice.percent(10) {
        return Cond::Not(Box::new(cond(dice, world, depth - 1, false)));
    }
    if depth == 3 && is_top && dice.percent(8) {
        return Cond::InTown((*dice.pick(TOWNS)).to_owned(), dice.percent(40));
    }
    let col = *dice.pick(COLS);
    match col.kind() {
        Kind::Multi => {
            let mut set = || {
                let some: Vec<_> = TAGS.iter().copied().filter(|_| dice.percent(50)).collect();
                if some.is_empty() { "red".to_owned() } else { some.join(";") }
            };
            let sets = vec![set(), set()];
            Cond::Includes(sets, dice.percent(40))
        }
        Kind::Text | Kind::Exact | Kind::Pick if dice.percent(25) => Cond::Like(
            col,
            (*dice.pick(&[
                "a%", "%l%", "anv__", "bolt\\_%", "STRASSE", "Ç%", "s%", "%", "c1%", "o_f%",
                "50\\%",
            ]))
            .to_owned(),
        ),
        kind => {
            if dice.percent(35) {
                let values = (0..=dice.below(4)).map(|_| value(dice, world, col)).collect();
                return Cond::In(col, values, dice.percent(35));
            }
            let value = value(dice, world, col);
            let has_order = !value.is_null() && kind != Kind::Bool;
            let ops = if has_order { &["=", "!=", "<", "<=", ">", ">="][..] } else { &["=", "!="] };
            Cond::Is(col, *dice.pick(ops), value)
        }
    }
}

/// A value to compare a column with, mostly one that it has.
fn value(dice: &mut Dice, world: &World, col: Col) -> Json {
    if dice.percent(10) {
        return Json::Null;
    }
    match (col.kind(), col) {
        (Kind::Id, Col::Own("Id")) => dice.pick(&world.sales)["Id"].clone(),
        (Kind::Id, Col::Own("ShopId")) => dice.pick(&world.shops)["Id"].clone(),
        (Kind::Id, _) => dice.pick(&world.owners)["Id"].clone(),
        (_, Col::Own("Title")) => json!(dice.pick(TITLES)),
        (_, Col::Own("Remark")) => json!(dice.pick(REMARKS)),
        (Kind::Pick, _) => json!(dice.pick(STAGES)),
        (_, Col::Shop("Town")) => json!(dice.pick(TOWNS)),
        (_, Col::Shop("Name")) => json!(format!("shop {}", dice.below(10))),
        (_, Col::Owner("Type")) => json!(dice.pick(&["User", "Group", "Queue"])),
        (_, Col::Owner(_)) => json!(format!("owner {}", dice.pick(&["a", "B", "x"]))),
        (Kind::Exact, _) => json!(format!("{}{}", dice.pick(&["c", "C"]), dice.below(200))),
        (Kind::Number, Col::Own("Amount")) => json!(dice.below(40) as f64 / 2.0 - 5.0),
        (Kind::Number, _) if dice.percent(15) => json!(dice.below(9) as f64 / 2.0),
        (Kind::Number, _) => json!(i64::try_from(dice.below(14)).expect("small") - 4),
        (Kind::Day, _) => json!(format!("2026-02-{:02}", 19 + dice.below(10))),
        (Kind::Moment, _) => {
            json!(format!(
                "2026-02-{:02}T{:02}:30:00.000+0000",
                19 + dice.below(10),
                dice.below(24)
            ))
        }
        (Kind::Bool, _) => json!(dice.percent(50)),
        (Kind::Text | Kind::Multi, _) => json!("red"),
    }
}
