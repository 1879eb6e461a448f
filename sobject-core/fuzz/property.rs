//! What holds of every query: it does not panic, and by whichever plan it runs, it is answered as by
//! reading all records. The fuzz target and the bounded run in the tests try the same.

use std::fmt::Write as _;

use serde_json::{Value as Json, json};
use sobject_core::{
    Connection, Definition, Error, FieldDefinition, FieldType, PicklistValue, QueryResult, Result,
    SObject, Soql, Store, Target,
    standard::{Group, User},
};

const AUTHOR: &Definition = &Definition::new("Author__c").key_prefix("a0A").fields(&[
    FieldDefinition::new("Name", FieldType::String)
        .create()
        .update()
        .filter()
        .sort()
        .group()
        .name_field()
        .length(80),
    FieldDefinition::new("Born__c", FieldType::Int)
        .create()
        .update()
        .nillable()
        .filter()
        .sort()
        .group()
        .index(),
    FieldDefinition::new("Living__c", FieldType::Boolean)
        .create()
        .update()
        .defaulted_on_create()
        .filter()
        .sort()
        .group(),
]);

const BOOK: &Definition = &Definition::new("Book__c").key_prefix("a0B").fields(&[
    FieldDefinition::new("Name", FieldType::String)
        .create()
        .update()
        .filter()
        .sort()
        .group()
        .name_field()
        .length(80),
    FieldDefinition::new("Author__c", FieldType::Reference)
        .references(&[Target::new("Author__c", "a0A")])
        .relationship("Author__r")
        .create()
        .update()
        .nillable()
        .filter()
        .sort()
        .group(),
    FieldDefinition::new("Pages__c", FieldType::Int)
        .create()
        .update()
        .nillable()
        .filter()
        .sort()
        .group()
        .index(),
    FieldDefinition::new("Price__c", FieldType::Double)
        .precision(18, 2)
        .create()
        .update()
        .nillable()
        .filter()
        .sort(),
    FieldDefinition::new("Printed__c", FieldType::DateTime)
        .create()
        .update()
        .nillable()
        .filter()
        .sort()
        .index(),
    FieldDefinition::new("Bought__c", FieldType::Date)
        .create()
        .update()
        .nillable()
        .filter()
        .sort()
        .group(),
    FieldDefinition::new("Isbn__c", FieldType::String)
        .create()
        .update()
        .nillable()
        .filter()
        .sort()
        .group()
        .length(20)
        .unique(),
    FieldDefinition::new("Shape__c", FieldType::Picklist)
        .picklist(&[
            PicklistValue::new("Tall"),
            PicklistValue::new("Flat"),
            PicklistValue::new("Round"),
        ])
        .create()
        .update()
        .nillable()
        .filter()
        .sort()
        .group()
        .length(40)
        .index(),
    FieldDefinition::new("Lent__c", FieldType::Boolean)
        .create()
        .update()
        .defaulted_on_create()
        .filter()
        .sort()
        .group()
        .index(),
]);

/// A small store of books.
pub(crate) struct Shelf {
    store: Store,
    db: Connection,
}

/// What became of a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Answered,
    Refused,
}

impl Shelf {
    /// Fills a store, the same each time: with nulls, equals, spellings in other case, and records in
    /// the recycle bin.
    ///
    /// # Panics
    ///
    /// If the store refuses that.
    pub(crate) fn new() -> Self {
        let objects = [Group::OBJECT, User::OBJECT, AUTHOR, BOOK];
        let store = Store::in_memory(&objects).expect("the definitions are in order");
        let db = store.system();
        let authors = db.object("Author__c").expect("authors");
        let books = db.object("Book__c").expect("books");
        let create = |object: &sobject_core::Untyped, record: Json| {
            let record = record.as_object().expect("a map").clone();
            object.create(&record).expect("a record")
        };
        let author = |n: u32| {
            let names = ["Ada", "ada", "Bo", "Çelik", "straße", "STRASSE"];
            let name = names[usize::try_from(n).expect("small") % names.len()];
            let born = (!n.is_multiple_of(3)).then_some(1_900 + n % 4);
            create(
                &authors,
                json!({ "Name": name, "Born__c": born, "Living__c": n.is_multiple_of(2) }),
            )
        };
        let authors: Vec<_> = (0..8).map(author).collect();
        for n in 0_u32..120 {
            let place = usize::try_from(n * 7).expect("small") % (authors.len() + 1);
            let shapes = ["Tall", "Flat", "Round"];
            let record = json!({
                "Name": format!("{} {}", ["Book", "book", "Leaf"][usize::try_from(n % 3).expect("small")], n % 40),
                "Author__c": authors.get(place).map(ToString::to_string),
                "Pages__c": (n % 5 > 0).then_some(n % 11 * 10),
                "Price__c": (n % 4 > 0).then_some(f64::from(n % 9) / 2.0 - 1.0),
                "Printed__c": (n % 6 > 0).then(|| format!("2026-02-{:02}T{:02}:00:00Z", 1 + n % 28, n % 24)),
                "Bought__c": (n % 3 > 0).then(|| format!("2024-02-{:02}", 26 + n % 4)),
                "Isbn__c": (n % 2 > 0).then(|| format!("isbn{n}")),
                "Shape__c": shapes.get(usize::try_from(n % 4).expect("small")),
                "Lent__c": n % 7 == 0,
            });
            let id = create(&books, record);
            if n % 10 == 9 {
                books.delete(id).expect("a deletion");
            }
        }
        Self { store, db }
    }

    /// Runs a query by the best plan, again, by reading all records, and one row after the other: the
    /// answers are the same.
    ///
    /// # Panics
    ///
    /// If they are not.
    pub(crate) fn holds(&self, text: &str) -> Outcome {
        let planned = self.db.soql(text);
        let told = told(&planned);
        // This one has seen no query before; the one above may have kept what it knows of it.
        let fresh = self.store.system();
        assert_eq!(self::told(&fresh.soql(text)), told, "by a fresh connection: {text:?}");
        let scanned = self.db.soql(Soql::new(text).reading_all());
        assert_eq!(self::told(&scanned), told, "by reading all: {text:?}");
        let explained = self.db.explain(text);
        assert_eq!(explained.is_ok(), planned.is_ok(), "explained: {text:?}");
        let Ok(planned) = planned else { return Outcome::Refused };
        if let (Ok(explained), true) = (explained, planned.next.is_none()) {
            assert_eq!(explained.total_size, planned.total_size, "explained: {text:?}");
        }
        let rows: Result<Vec<_>> = self.db.soql_rows(text).and_then(Iterator::collect);
        let rows = rows.map(|records| Json::Array(records.into_iter().map(Json::Object).collect()));
        let records = planned.records.into_iter().map(Json::Object).collect();
        assert_eq!(rows.map_err(|error| error.to_string()), Ok(Json::Array(records)), "{text:?}");
        Outcome::Answered
    }
}

fn told(answer: &Result<QueryResult, Error>) -> String {
    match answer {
        Ok(found) => serde_json::to_string(found).expect("an answer serialises"),
        Err(error) => format!("{}: {error}", error.status_code()),
    }
}

/// Choices made of bytes; when these are used up, the first of everything.
struct Dice<'b>(std::slice::Iter<'b, u8>);

impl Dice<'_> {
    fn below(&mut self, n: usize) -> usize {
        usize::from(self.0.next().copied().unwrap_or(0)) % n.max(1)
    }

    fn one_of<'t>(&mut self, among: &[&'t str]) -> &'t str {
        among.get(self.below(among.len())).copied().unwrap_or_default()
    }

    fn in_ten(&mut self, n: usize) -> bool {
        self.below(10) < n
    }
}

const FIELDS: &[&str] = &[
    "Id",
    "Name",
    "Author__c",
    "Pages__c",
    "Price__c",
    "Printed__c",
    "Bought__c",
    "Isbn__c",
    "Shape__c",
    "Lent__c",
    "IsDeleted",
    "CreatedDate",
    "Author__r.Name",
    "Author__r.Born__c",
    "Author__r.Living__c",
    "Owner.Name",
    "Nope__c",
];
const VALUES: &[&str] = &[
    "null",
    "'ada'",
    "'STRASSE'",
    "'Book 3'",
    "'book%'",
    "'isbn7'",
    "'Flat'",
    "''",
    "0",
    "10",
    "50",
    "-1",
    "1.5",
    "1901",
    "true",
    "false",
    "2026-02-14T12:00:00Z",
    "2026-02-20T00:00:00Z",
    "2024-02-28",
    "2024-02-29",
    "TODAY",
    "LAST_N_DAYS:400",
    "'a0A000000000001AAA'",
    "'x'",
];
const OPERATORS: &[&str] = &["=", "!=", "<", "<=", ">", ">="];
const TOTALS: &[&str] = &["COUNT", "COUNT_DISTINCT", "MIN", "MAX", "SUM", "AVG"];

/// A query that these bytes choose. Most are in order, or nearly so.
pub(crate) fn query_of(bytes: &[u8]) -> String {
    let dice = &mut Dice(bytes.iter());
    let mut text = match dice.below(8) {
        0 => format!("SELECT COUNT() FROM Book__c{}", clause(dice)),
        1 | 2 => groups(dice),
        3 => format!(
            "SELECT Name, (SELECT {} FROM {}{}{}) FROM Author__c LIMIT {}",
            dice.one_of(FIELDS),
            dice.one_of(&["Books__r", "Book__c", "Author__r"]),
            clause(dice),
            ending(dice),
            dice.below(9),
        ),
        _ => {
            let n = dice.below(4);
            let fields: Vec<_> = (0..=n).map(|_| dice.one_of(FIELDS)).collect();
            format!("SELECT {} FROM Book__c{}{}", fields.join(", "), clause(dice), ending(dice))
        }
    };
    if dice.in_ten(2) {
        text += " ALL ROWS";
    }
    // A mistake.
    if dice.in_ten(2) {
        let at = dice.below(text.len());
        let at = (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        match dice.below(3) {
            0 => text.truncate(at),
            1 => text.insert_str(at, dice.one_of(&["'", ")", "(", " AND ", "\\", "ß", ",", ":x"])),
            _ => text = text.replacen(' ', dice.one_of(&["  ", "\n", ""]), 2),
        }
    }
    text
}

fn groups(dice: &mut Dice<'_>) -> String {
    let n_keys = dice.below(3);
    let keys: Vec<_> = (0..n_keys).map(|_| dice.one_of(FIELDS)).collect();
    let n = dice.below(3);
    let totals = (0..=n).map(|_| format!("{}({})", dice.one_of(TOTALS), dice.one_of(FIELDS)));
    let totals: Vec<_> = totals.collect();
    let items: Vec<_> = keys.iter().map(|key| (*key).to_owned()).chain(totals).collect();
    let mut text = format!("SELECT {} FROM Book__c{}", items.join(", "), clause(dice));
    if n_keys > 0 {
        let keys = keys.join(", ");
        let _ = match dice.below(4) {
            0 => write!(text, " GROUP BY ROLLUP({keys})"),
            _ => write!(text, " GROUP BY {keys}"),
        };
        if dice.in_ten(3) {
            let _ = write!(text, " HAVING COUNT(Id) {} {}", dice.one_of(OPERATORS), dice.below(9));
        }
        if dice.in_ten(4) {
            let _ = write!(text, " ORDER BY COUNT(Id) DESC, {keys}");
        }
        if dice.in_ten(3) {
            let _ = write!(text, " LIMIT {}", dice.below(9));
        }
    }
    text
}

fn clause(dice: &mut Dice<'_>) -> String {
    if dice.in_ten(2) { String::new() } else { format!(" WHERE {}", condition(dice, 3)) }
}

fn condition(dice: &mut Dice<'_>, depth: usize) -> String {
    if depth > 0 && dice.in_ten(4) {
        let word = dice.one_of(&[" AND ", " AND ", " OR "]);
        let n = 2 + dice.below(2);
        let of: Vec<_> = (0..n).map(|_| condition(dice, depth - 1)).collect();
        return of.iter().map(|of| format!("({of})")).collect::<Vec<_>>().join(word);
    }
    let field = dice.one_of(FIELDS);
    match dice.below(9) {
        0 => format!("NOT {field} = {}", dice.one_of(VALUES)),
        1 => format!("{field} LIKE {}", dice.one_of(&["'b%'", "'%a'", "'Book _'", "'%'", "''"])),
        2 => {
            let n = dice.below(4);
            let values: Vec<_> = (0..=n).map(|_| dice.one_of(VALUES)).collect();
            let not = dice.one_of(&["", "NOT "]);
            format!("{field} {not}IN ({})", values.join(", "))
        }
        3 => format!(
            "Author__c {}IN (SELECT Id FROM Author__c WHERE {} {} {})",
            dice.one_of(&["", "NOT "]),
            dice.one_of(&["Born__c", "Name", "Living__c"]),
            dice.one_of(OPERATORS),
            dice.one_of(VALUES),
        ),
        4 => format!("Pages__c >= {0} AND Pages__c < {1}", dice.below(60), dice.below(120)),
        _ => format!("{field} {} {}", dice.one_of(OPERATORS), dice.one_of(VALUES)),
    }
}

fn ending(dice: &mut Dice<'_>) -> String {
    let mut text = String::new();
    if dice.in_ten(6) {
        let way = dice.one_of(&["", " DESC", " ASC NULLS LAST", " DESC NULLS LAST"]);
        let _ = write!(text, " ORDER BY {}{way}", dice.one_of(FIELDS));
        if dice.in_ten(3) {
            let _ = write!(text, ", {}", dice.one_of(FIELDS));
        }
    }
    if dice.in_ten(6) {
        let _ = write!(text, " LIMIT {}", dice.below(30));
    }
    if dice.in_ten(2) {
        let _ = write!(text, " OFFSET {}", dice.below(10));
    }
    text
}
