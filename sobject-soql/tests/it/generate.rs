//! Makes any tree that text can say out of a list of bytes, for property tests: each byte is a
//! choice, and where the list ends, all further choices are the first and simplest.

mod search;

use sobject_soql::{
    CategorySelector, CompareOp, Comparison, DataCategory, Date, DateLiteral, DateTime, Direction,
    Distance, Expr, FieldExpr, FieldSet, FromItem, Function, FunctionCall, GroupBy, GroupKind,
    Literal, Location, Name, Nulls, Number, Operand, OrderItem, Path, Pattern, PatternPart, Query,
    Select, SelectItem, SemiJoin, Set, Spanned, Test, Time, Tracking, TypeOf, TypeOfBranch,
    UsingItem, UsingKind, UtcOffset, With,
};

/// Names that mean nothing in the language.
const PLAIN: [&str; 8] = ["a", "Id", "Name", "OwnerId", "My_Object__c", "ns__Field__r", "x1", "Z_"];

/// Words that mean something somewhere, and may be names nevertheless.
const SOFT: [&str; 22] = [
    "ABOVE",
    "All",
    "at",
    "below",
    "Case",
    "CATEGORY",
    "Count",
    "Data",
    "Distance",
    "END",
    "Fields",
    "Geolocation",
    "group",
    "Offset",
    "Order",
    "REFERENCE",
    "Rows",
    "Then",
    "TypeOf",
    "View",
    "When",
    "Today",
];

/// Words that are names behind a colon, where any may be.
const RESERVED: [&str; 4] = ["limit", "from", "IN", "Null"];

/// Pieces of texts that need care.
const TEXTS: [&str; 14] =
    ["x", "'", "\"", "\\", "%", "_", "\n", "\r", "\t", "\u{8}\u{c}", "é", "\u{1F600}", "n", "\0"];

pub(crate) struct Draw<'b> {
    bytes: std::slice::Iter<'b, u8>,
    /// May there be bind variables and the other clauses of the Rust dialect?
    programs: bool,
    /// How much deeper queries and conditions may go.
    depth: usize,
}

impl<'b> Draw<'b> {
    pub(crate) fn new(bytes: &'b [u8], programs: bool) -> Self {
        Self { bytes: bytes.iter(), programs, depth: 5 }
    }

    /// A number below `n`, which is at most 256.
    fn below(&mut self, n: usize) -> usize {
        self.bytes.next().map_or(0, |&byte| usize::from(byte) % n)
    }

    fn byte(&mut self) -> u8 {
        self.bytes.next().copied().unwrap_or_default()
    }

    fn yes(&mut self) -> bool {
        self.below(3) == 1
    }

    fn one<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }

    fn option<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.yes().then(|| make(self))
    }

    fn list<T>(&mut self, least: usize, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let n = least + self.below(3);
        (0..n).map(|_| make(self)).collect()
    }

    /// Something that may have more of its kind inside it, unless that is deep enough.
    fn deeper<T>(
        &mut self,
        deep: impl FnOnce(&mut Self) -> T,
        flat: impl FnOnce(&mut Self) -> T,
    ) -> T {
        if self.depth == 0 {
            return flat(self);
        }
        self.depth -= 1;
        let made = deep(self);
        self.depth += 1;
        made
    }

    fn plain_name(&mut self) -> Name {
        self.one(&PLAIN).into()
    }

    fn name(&mut self) -> Name {
        if self.below(4) == 3 { self.one(&SOFT).into() } else { self.plain_name() }
    }

    fn path(&mut self) -> Path {
        let n = [0, 0, 0, 1, 1, 2, 4][self.below(7)];
        Path { parents: (0..n).map(|_| self.name()).collect(), name: self.name() }
    }

    fn function(&mut self) -> Spanned<Function> {
        let mut names: Vec<_> = Function::names().collect();
        names.extend(["f", "My_Function", "Grouping_", "Distance"]);
        Function::from_name(self.one(&names)).into()
    }

    /// What may stand where no distance may.
    fn field(&mut self) -> FieldExpr {
        if self.below(3) < 2 {
            return self.path().into();
        }
        let inner = self.option(Self::function);
        FunctionCall { function: self.function(), inner, path: self.path() }.into()
    }

    fn distance(&mut self) -> FieldExpr {
        let location = if self.yes() {
            Location::Path(self.path())
        } else {
            let latitude = self.operand_of(Self::number);
            Location::Geolocation { latitude, longitude: self.operand_of(Self::number) }
        };
        let distance = Distance { path: self.path(), location, unit: self.text().into() };
        FieldExpr::Distance(Box::new(distance.into()))
    }

    fn field_or_distance(&mut self) -> FieldExpr {
        if self.below(8) == 7 { self.distance() } else { self.field() }
    }

    fn digits(&mut self) -> String {
        let n = [1, 1, 2, 8, 25][self.below(5)];
        (0..n).map(|_| char::from(b'0' + self.byte() % 10)).collect()
    }

    fn number(&mut self) -> Number {
        let sign = self.one(&["", "", "-", "+"]);
        let text = match self.below(3) {
            0 => format!("{sign}{}", self.digits()),
            1 => format!("{sign}{}.{}", self.digits(), self.digits()),
            _ => format!("{sign}.{}", self.digits()),
        };
        Number::new(&text).unwrap()
    }

    fn date(&mut self) -> Date {
        let year = [2024, 0, 9999, 1700][self.below(4)];
        Date { year, month: self.byte() % 100, day: self.byte() % 100 }
    }

    fn time(&mut self) -> Time {
        let nanosecond = [0, 500_000_000, 1, 123_456_789, 999_999_999][self.below(5)];
        let [hour, minute, second] = [(); 3].map(|()| self.byte() % 100);
        Time { hour, minute, second, nanosecond }
    }

    fn date_time(&mut self) -> DateTime {
        let offset = if self.yes() {
            // One that is neither ahead of UTC nor behind it is `Z`.
            let hours = 1 + self.byte() % 99;
            UtcOffset { behind: self.yes(), hours, minutes: self.byte() % 100 }
        } else {
            UtcOffset::UTC
        };
        DateTime { date: self.date(), time: self.time(), offset }
    }

    fn date_literal(&mut self) -> DateLiteral {
        let literal = self.one(&DateLiteral::all().collect::<Vec<_>>());
        let n = self.one(&[None, Some(0), Some(30), Some(u32::MAX)]);
        n.map_or(literal, |n| literal.with_number(n))
    }

    fn currency(&mut self) -> Literal {
        let sign = self.one(&["", "-"]);
        let mut digits = self.digits();
        if self.yes() {
            digits = format!("{digits}.{}", self.digits());
        }
        let amount = Number::new(&format!("{sign}{digits}")).unwrap();
        Literal::Currency { code: self.one(&[*b"USD", *b"eur", *b"AND", *b"all"]), amount }
    }

    /// A literal that is no text.
    fn no_text(&mut self) -> Literal {
        match self.below(8) {
            0 => Literal::Null,
            1 => Literal::Boolean(self.yes()),
            2 => self.number().into(),
            3 => self.currency(),
            4 => self.date().into(),
            5 => self.date_time().into(),
            6 => self.time().into(),
            _ => self.date_literal().into(),
        }
    }

    fn text(&mut self) -> String {
        let n = [0, 1, 2, 8][self.below(4)];
        (0..n).map(|_| self.one(&TEXTS)).collect()
    }

    fn literal(&mut self) -> Literal {
        if self.yes() { self.text().into() } else { self.no_text() }
    }

    /// The right side of a `LIKE`.
    fn pattern(&mut self) -> Literal {
        if self.below(4) == 3 {
            return self.no_text();
        }
        let pattern: Pattern = self
            .list(0, |draw| match draw.below(3) {
                0 => PatternPart::Text(draw.text()),
                1 => PatternPart::AnyRun,
                _ => PatternPart::AnyOne,
            })
            .into_iter()
            .collect();
        pattern.into()
    }

    fn bind(&mut self) -> Name {
        if self.below(4) == 3 { self.one(&RESERVED).into() } else { self.name() }
    }

    fn operand_of<T>(&mut self, literal: impl FnOnce(&mut Self) -> T) -> Spanned<Operand<T>> {
        if self.programs && self.below(4) == 3 {
            return Operand::Bind(self.bind()).into();
        }
        Operand::Literal(literal(self)).into()
    }

    fn operand(&mut self) -> Spanned<Operand> {
        self.operand_of(Self::literal)
    }

    fn with_value(&mut self) -> With {
        if self.yes() {
            let name = self.name();
            return With::Equals(name, self.operand_of(|draw| draw.text().into()));
        }
        With::DataCategory(self.list(1, |draw| DataCategory {
            group: draw.name(),
            selector: draw.one(&[
                CategorySelector::At,
                CategorySelector::Above,
                CategorySelector::Below,
                CategorySelector::AboveOrBelow,
            ]),
            categories: draw.list(1, Self::name),
        }))
    }

    fn with_name(&mut self) -> With {
        match self.below(5) {
            0 => With::SecurityEnforced,
            1 => With::UserMode,
            2 => With::SystemMode,
            3 => With::Other(self.name()),
            _ => {
                let name = self.name();
                With::Settings(
                    name,
                    self.list(1, |draw| {
                        let literal = match draw.below(3) {
                            0 => draw.text().into(),
                            1 => Literal::Boolean(draw.yes()),
                            _ => Number::new(&draw.digits()).unwrap().into(),
                        };
                        (draw.name(), Operand::Literal(literal).into())
                    }),
                )
            }
        }
    }

    fn item_of_from(&mut self) -> FromItem {
        let using = self.option(|draw| {
            draw.list(1, |draw| UsingItem {
                kind: draw.one(&[UsingKind::Scope, UsingKind::Lookup]),
                name: draw.plain_name(),
            })
        });
        let alias = self.option(Self::name);
        FromItem { path: self.path(), alias, using: using.unwrap_or_default() }
    }

    fn more_from(&mut self) -> Vec<FromItem> {
        if self.yes() { self.list(1, Self::item_of_from) } else { Vec::new() }
    }

    fn set(&mut self) -> Set {
        match self.below(5) {
            4 if self.programs => Set::Bind(self.bind()),
            3 => {
                let query = SemiJoin {
                    field: self.field(),
                    from: self.item_of_from(),
                    also_from: self.more_from(),
                    filter: self.option(Self::expr),
                    with: self.option(|draw| draw.with_value().into()),
                };
                Set::SemiJoin(Box::new(query.into()))
            }
            _ => Set::List(self.list(1, Self::operand)),
        }
    }

    fn compare_op(&mut self) -> CompareOp {
        self.one(&[
            CompareOp::Equal,
            CompareOp::NotEqual,
            CompareOp::Less,
            CompareOp::LessOrEqual,
            CompareOp::Greater,
            CompareOp::GreaterOrEqual,
        ])
    }

    fn comparison(&mut self) -> Expr {
        let field = self.field_or_distance();
        let test = match self.below(9) {
            // A distance is compared by signs alone.
            _ if matches!(field, FieldExpr::Distance(_)) => {
                Test::Compare(self.compare_op(), self.operand())
            }
            4 => Test::Like(self.operand_of(Self::pattern)),
            5 => Test::In(self.set()),
            6 => Test::NotIn(self.set()),
            7 => Test::Includes(self.list(1, Self::operand)),
            8 => Test::Excludes(self.list(1, Self::operand)),
            _ => Test::Compare(self.compare_op(), self.operand()),
        };
        Expr::Comparison(Box::new(Comparison { field, test: test.into() }))
    }

    fn expr(&mut self) -> Expr {
        self.deeper(
            |draw| match draw.below(6) {
                3 => Expr::And(draw.list(2, Self::expr)),
                4 => Expr::Or(draw.list(2, Self::expr)),
                5 => Expr::Not(Box::new(draw.expr())),
                _ => draw.comparison(),
            },
            |_| Expr::compare("a", CompareOp::Equal, 1),
        )
    }

    fn type_of(&mut self) -> TypeOf {
        TypeOf {
            path: self.path(),
            branches: self.list(1, |draw| TypeOfBranch {
                object: draw.name(),
                fields: draw.list(1, Self::path),
            }),
            otherwise: self.list(0, Self::path),
        }
    }

    fn select_item(&mut self) -> SelectItem {
        let selected = match self.below(8) {
            4 => self.one(&[FieldSet::All, FieldSet::Standard, FieldSet::Custom]).into(),
            5 => self.type_of().into(),
            6 => self.deeper(|draw| draw.query().into(), |draw| draw.field().into()),
            _ => self.field_or_distance().into(),
        };
        SelectItem { selected, alias: self.option(Self::name) }
    }

    fn select(&mut self) -> Select {
        if self.below(6) == 5 {
            return Select::Count;
        }
        Select::Items(self.list(1, Self::select_item))
    }

    fn group_by(&mut self) -> GroupBy {
        GroupBy {
            kind: self.one(&[GroupKind::Plain, GroupKind::Rollup, GroupKind::Cube]),
            fields: self.list(1, Self::field),
            having: self.option(Self::expr),
        }
    }

    fn order_item(&mut self) -> OrderItem {
        OrderItem {
            field: self.field_or_distance(),
            direction: self.one(&[None, Some(Direction::Ascending), Some(Direction::Descending)]),
            nulls: self.one(&[None, Some(Nulls::First), Some(Nulls::Last)]),
        }
    }

    fn count(&mut self) -> Spanned<Operand<i64>> {
        self.operand_of(|draw| draw.one(&[10, 0, -1, 2_000, i64::MAX, i64::MIN]))
    }

    /// A query that text can say, in the dialect that was asked for.
    pub(crate) fn query(&mut self) -> Query {
        let first_with = self.option(Self::with_value);
        let more_with = self.option(|draw| draw.list(1, Self::with_name)).unwrap_or_default();
        Query {
            select: self.select().into(),
            from: self.item_of_from(),
            also_from: self.more_from(),
            filter: self.option(Self::expr),
            with: first_with.into_iter().chain(more_with).map(Spanned::from).collect(),
            group_by: self.option(Self::group_by),
            order_by: self.option(|draw| draw.list(1, Self::order_item)).unwrap_or_default(),
            limit: self.option(Self::count),
            offset: self.option(Self::count),
            tracking: self.option(|draw| draw.one(&[Tracking::View, Tracking::Reference]).into()),
            update: self.option(|draw| draw.list(1, Self::plain_name)).unwrap_or_default(),
            for_update: (self.programs && self.yes()).then(|| ().into()),
            all_rows: (self.programs && self.yes()).then(|| ().into()),
        }
    }
}
