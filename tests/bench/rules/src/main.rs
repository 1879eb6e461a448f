//! What the rules of a write cost where nothing is written by hand to compare with: a record that is
//! refused, or written in user mode, beside one that is accepted in system mode; the opening of a
//! store of many objects; records that arrive in a replica beside records that are created; and an
//! index built over the records that are there.
//!
//! `cargo run --release -p rules [-- RECORDS]`; 1,000,000 records unless said otherwise.

use std::{
    error::Error,
    hint::black_box,
    process::ExitCode,
    time::{Duration, Instant},
};

use sobject_core::{
    Caller, Connection, Definition, FieldDefinition, FieldRight, FieldType, JsonRecord,
    ObjectRight, Permissions, SObject, Store,
    standard::{User, UserCreate},
};

/// Whatever goes wrong ends the run.
type Outcome<T> = Result<T, Box<dyn Error>>;

/// Rounds of the short measures; the median counts.
const ROUNDS: usize = 11;
/// Records in one call.
const CALL: usize = 200;
/// Objects of the store that is opened.
const OBJECTS: usize = 500;
/// Records that are copied.
const COPIED: usize = 10_000;
/// Calls in one transaction of the load.
const CALLS: usize = 50;

/// The object that is loaded and then indexed by its size.
const NOTE: &Definition = &Definition::new("Note__c").key_prefix("a0N").fields(FIELDS);
const FIELDS: &[FieldDefinition] = &[
    FieldDefinition::new("Name", FieldType::String).autonumber("N-{0000000}").name_field(),
    FieldDefinition::new("Size__c", FieldType::Int).create().update().nillable(),
    FieldDefinition::new("Text__c", FieldType::String).create().update().nillable(),
];
/// [`NOTE`] with its index.
const INDEXED: &Definition = &Definition::new("Note__c").key_prefix("a0N").fields(&[
    FieldDefinition::new("Name", FieldType::String).autonumber("N-{0000000}").name_field(),
    FieldDefinition::new("Size__c", FieldType::Int).create().update().nillable().index(),
    FieldDefinition::new("Text__c", FieldType::String).create().update().nillable(),
]);

fn main() -> ExitCode {
    let records = std::env::args().nth(1).map_or(Ok(1_000_000), |text| text.parse());
    match records.map_err(Into::into).and_then(run) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("rules: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(records: usize) -> Outcome<()> {
    let (accepted, refused, in_user_mode) = records_of_a_call()?;
    println!("a record of a call of {CALL}, in a transaction that writes nothing in the end:");
    println!(
        "  accepted {accepted:>10.2?}   refused {refused:>10.2?}   in user mode {in_user_mode:>10.2?}"
    );
    let (made, opened) = openings()?;
    println!("a store of {OBJECTS} objects of 20 fields, on a file:");
    println!("  made     {made:>10.2?}   opened  {opened:>10.2?}");
    let (created, put, again) = replica()?;
    println!("{COPIED} records as JSON in calls of {CALL}, on a file:");
    println!("  created  {created:>10.2?}   put     {put:>10.2?}   put again {again:>10.2?}");
    let (loaded, built) = index(records)?;
    println!("an index over {records} records, on a file:");
    println!("  load     {loaded:>10.2?}   build   {built:>10.2?}, with the opening");
    Ok(())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// A record of a call in which all are accepted, of one in which all are refused, and of one in which
/// all are accepted of a caller in user mode.
fn records_of_a_call() -> Outcome<(Duration, Duration, Duration)> {
    let store = Store::in_memory(&[User::OBJECT])?;
    let system = store.system();
    let ada = system.create(UserCreate::new("Ada", "ada@example.com"))?;
    let permissions = Permissions::none()
        .grant(User::NAME, [ObjectRight::Create])
        .grant_fields(User::NAME, FieldRight::Edit);
    let user = store.connect(Caller::user(ada, permissions));
    let users = |name: &str| vec![UserCreate::new(name.to_owned(), "ada@example.com"); CALL];
    let time = |db: &Connection, views: &[UserCreate]| {
        let mut times = Vec::with_capacity(ROUNDS);
        for _ in 0..ROUNDS {
            let mut took = Duration::ZERO;
            let undone: Result<(), sobject_core::Error> = db.transaction(|tx| {
                let start = Instant::now();
                black_box(tx.create_many(views)?);
                took = start.elapsed();
                Err(sobject_core::Error::NestedWrite)
            });
            black_box(undone.is_err());
            times.push(took / u32::try_from(CALL).unwrap_or(1));
        }
        median(times)
    };
    // A name of blanks is none, so each of those lacks a required field.
    let (good, bad) = (users("Ada Lovelace"), users("   "));
    Ok((time(&system, &good), time(&system, &bad), time(&user, &good)))
}

/// Making a store of many objects, and opening it again.
fn openings() -> Outcome<(Duration, Duration)> {
    let field = |n: usize| {
        let name: &'static str = format!("Field{n}").leak();
        let field = FieldDefinition::new(name, FieldType::String).create().update().nillable();
        if n == 0 { field.name_field() } else { field }
    };
    let fields: &'static [FieldDefinition] = (0..20).map(field).collect::<Vec<_>>().leak();
    let digits = |n: usize| {
        let letter = char::from(b"bcdef"[n / 100 % 5]);
        format!("{letter}{:02}", n % 100).leak() as &'static str
    };
    let object = |n: usize| {
        let name: &'static str = format!("Object{n}").leak();
        Definition::new(name).key_prefix(digits(n)).fields(fields)
    };
    let objects: Vec<Definition> = (0..OBJECTS).map(object).collect();
    let objects: Vec<&Definition> = objects.iter().collect();
    let dir = tempfile::tempdir()?;
    let (mut made, mut opened) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let path = dir.path().join(format!("{round}.redb"));
        for times in [&mut made, &mut opened] {
            let start = Instant::now();
            black_box(Store::open(&path, &objects)?);
            times.push(start.elapsed());
        }
    }
    Ok((median(made), median(opened)))
}

/// Records that are created, the same records put into a replica, and put there again.
fn replica() -> Outcome<(Duration, Duration, Duration)> {
    let dir = tempfile::tempdir()?;
    let (mut created, mut put, mut again) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let open =
            |name: &str| Store::open(dir.path().join(format!("{round}-{name}.redb")), &[NOTE]);
        let (source, copy) = (open("source")?, open("copy")?);
        let notes = source.system().object("Note__c")?;
        let given: Vec<_> = (0..COPIED).map(note).collect();
        let start = Instant::now();
        let mut ids = Vec::with_capacity(COPIED);
        for call in given.chunks(CALL) {
            ids.extend(notes.create_many(call)?.into_iter().collect::<Result<Vec<_>, _>>()?);
        }
        created.push(start.elapsed());
        let records: Vec<_> = ids.iter().map(|id| notes.get(*id)).collect::<Result<_, _>>()?;
        for times in [&mut put, &mut again] {
            let start = Instant::now();
            for call in records.chunks(CALL) {
                let put = copy.replica().put_many("Note__c", call)?;
                black_box(put.into_iter().collect::<Result<Vec<_>, _>>()?);
            }
            times.push(start.elapsed());
        }
    }
    Ok((median(created), median(put), median(again)))
}

/// The `n`th record of the load.
fn note(n: usize) -> JsonRecord {
    // Spread as sizes are, by a multiplier that visits every remainder.
    let size = n.wrapping_mul(2_654_435_761) % 1_000_000;
    [("Size__c".to_owned(), size.into()), ("Text__c".to_owned(), "some words".into())]
        .into_iter()
        .collect()
}

/// Loading records, and building an index over them.
fn index(records: usize) -> Outcome<(Duration, Duration)> {
    let dir = tempfile::tempdir()?;
    let path = dir.path().join("notes.redb");
    let start = Instant::now();
    let store = Store::open(&path, &[NOTE])?;
    let db = store.system();
    let mut next = 0;
    while next < records {
        let from = next;
        next = db.transaction(|tx| {
            let mut notes = tx.object("Note__c")?;
            let mut next = from;
            for _ in 0..CALLS {
                let call: Vec<_> = (next..records.min(next + CALL)).map(note).collect();
                next += call.len();
                notes.create_many(&call)?.into_iter().collect::<Result<Vec<_>, _>>()?;
            }
            Ok::<_, sobject_core::Error>(next)
        })?;
    }
    drop((db, store));
    let loaded = start.elapsed();
    let start = Instant::now();
    let store = Store::open(&path, &[INDEXED])?;
    let built = start.elapsed();
    store.verify()?;
    Ok((loaded, built))
}
