//! What a read gives as JSON, the struct reads back equal, and what a view writes, the view reads.
//!
//! Runs are the same each time. `PROPTEST_CASES=2000` tries more records, and `PROPTEST_RNG_SEED=7`
//! other ones.

use proptest::{
    prelude::*,
    sample::select,
    test_runner::{Config, RngSeed, TestRunner},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value as Json;
use sobject_core::{
    Id, JsonRecord, MultiPicklist, Patch, Record, RecordId, Ref, SObject,
    chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc},
    standard::{Group, User, UserCreate},
};

use super::{Origin, Tool, Whole, WholeCreate, WholeUpdate};
use crate::{desk::day, types::Shop};

/// The user that the store has.
const ADA: &str = "005xx0000000001";

fn texts() -> BoxedStrategy<String> {
    let known =
        ["a", "\"quoted\" \\ and more", "two\nlines", "ß\u{1F600}\u{e9}", "null", "12", "{}"];
    prop_oneof![select(known.map(str::to_owned).to_vec()), "[a-z\"\\\\\u{e0}-\u{ff}]{1,12}"].boxed()
}

fn doubles() -> BoxedStrategy<f64> {
    let known = [0.0, -0.0, 0.1, -12.75, 1e15, 3.0, f64::MIN_POSITIVE];
    prop_oneof![select(known.to_vec()), -1e9..1e9_f64].boxed()
}

fn days() -> BoxedStrategy<NaiveDate> {
    (0..800_000_i64).prop_map(|days| day("1700-01-01") + TimeDelta::days(days)).boxed()
}

/// Moments in whole seconds, as the store keeps them.
fn moments() -> BoxedStrategy<DateTime<Utc>> {
    let seconds = (days(), 0..86_400_i64);
    seconds
        .prop_map(|(day, n)| day.and_time(NaiveTime::MIN).and_utc() + TimeDelta::seconds(n))
        .boxed()
}

fn times() -> BoxedStrategy<NaiveTime> {
    let millis = 0..86_400_000_i64;
    millis.prop_map(|n| NaiveTime::MIN + TimeDelta::milliseconds(n)).boxed()
}

fn bytes() -> BoxedStrategy<Vec<u8>> {
    proptest::collection::vec(any::<u8>(), 1..9).boxed()
}

fn origins() -> BoxedStrategy<Origin> {
    let other = |text: &str| Origin::Other(text.to_owned());
    select(vec![Origin::Web, Origin::Phone, other("Fair"), other("web of lies")]).boxed()
}

fn tools() -> BoxedStrategy<Tool> {
    select(vec![Tool::Axe, Tool::Saw]).boxed()
}

fn several<P: sobject_core::Picklist + std::fmt::Debug + Clone>(
    one: BoxedStrategy<P>,
) -> BoxedStrategy<MultiPicklist<P>> {
    proptest::collection::vec(one, 1..4).prop_map(|values| values.into_iter().collect()).boxed()
}

/// Ids of records that there need not be: of objects that the store does not have.
fn abouts() -> BoxedStrategy<RecordId> {
    select(["001Hs00000A1b2c", "a0GAAAAAAAAAAAA"].map(|id| id.parse().expect("an id")).to_vec())
        .boxed()
}

fn maybe<T: std::fmt::Debug + 'static>(some: BoxedStrategy<T>) -> BoxedStrategy<Option<T>> {
    proptest::option::of(some).boxed()
}

fn patch<T: std::fmt::Debug + 'static>(set: BoxedStrategy<T>) -> BoxedStrategy<Patch<T>> {
    maybe(set).prop_map(|set| set.map_or(Patch::Keep, Patch::Set)).boxed()
}

fn creates() -> impl Strategy<Value = WholeCreate> {
    let numbers = (any::<bool>(), -999_999..999_999_i32, -1_000_000_000_i64..1 << 40, doubles());
    let required = (texts(), days(), moments(), times(), bytes(), tools(), several(tools()));
    let optional = (
        maybe(any::<bool>().boxed()),
        maybe(any::<bool>().boxed()),
        patch(maybe((-99..99_i32).boxed())),
        maybe((-99..99_i64).boxed()),
        maybe(doubles()),
        maybe(texts()),
        maybe(days()),
        maybe(moments()),
    );
    let more = (maybe(times()), maybe(bytes()), maybe(abouts()), maybe(origins()));
    let lists = maybe(several(origins()));
    (numbers, required, optional, more, lists).prop_map(
        |(numbers, required, optional, more, lists)| {
            let (_, size, long, weight) = numbers;
            let (text, day, at, time, scan, tool, tools) = required;
            let (flag, maybe_flag, maybe_size, maybe_long, price, maybe_text, maybe_day, maybe_at) =
                optional;
            let (maybe_time, maybe_scan, about, origin) = more;
            let ada = Id::new(ADA.parse().expect("an id"));
            WholeCreate {
                flag,
                maybe_flag,
                maybe_size,
                maybe_long,
                price,
                maybe_text,
                maybe_day,
                maybe_at,
                maybe_time,
                maybe_scan,
                about: about.map(Ref::new),
                origin,
                origins: lists,
                ..WholeCreate::new(size, long, weight, text, day, at, time, scan, ada, tool, tools)
            }
        },
    )
}

fn updates() -> impl Strategy<Value = WholeUpdate> {
    let numbers = (
        patch(any::<bool>().boxed()),
        patch(maybe(any::<bool>().boxed())),
        patch((-99..99_i32).boxed()),
        patch(maybe((-99..99_i32).boxed())),
        patch(maybe(doubles())),
    );
    let others = (
        patch(texts()),
        patch(maybe(texts())),
        patch(maybe(days())),
        patch(maybe(moments())),
        patch(times()),
        patch(maybe(bytes())),
    );
    let lists = (patch(origins()), patch(maybe(several(origins()))), patch(several(tools())));
    let references = patch(maybe(abouts().prop_map(Ref::new).boxed()));
    (numbers, others, lists, references).prop_map(|(numbers, others, lists, about)| {
        let (flag, maybe_flag, size, maybe_size, price) = numbers;
        let (text, maybe_text, maybe_day, maybe_at, time, maybe_scan) = others;
        let (origin, origins, tools) = lists;
        WholeUpdate {
            flag,
            maybe_flag,
            size,
            maybe_size,
            price,
            text,
            maybe_text,
            maybe_day,
            maybe_at,
            time,
            maybe_scan,
            about,
            origin,
            origins,
            tools,
            ..WholeUpdate::default()
        }
    })
}

fn runner() -> TestRunner {
    let mut config = Config { failure_persistence: None, ..Config::default() };
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(0);
    }
    // Each case reads a record in two dozen ways.
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = 64;
    }
    TestRunner::new(config)
}

fn shop() -> Shop {
    let shop = Shop::of(&[Group::OBJECT, User::OBJECT, Whole::OBJECT]);
    let ada = shop.db.create(UserCreate::new("Ada", "ada@example.com"));
    assert_eq!(ada.expect("a user").record_id(), ADA.parse::<RecordId>().expect("an id"));
    shop
}

/// What JSON gives, read from a text, from bytes, from a stream, and from a tree.
fn read_each_way<R: DeserializeOwned>(json: &Json) -> Vec<R> {
    let text = json.to_string();
    let pretty = serde_json::to_string_pretty(json).expect("JSON is printed");
    vec![
        serde_json::from_str(&text).expect("a text is read"),
        serde_json::from_slice(pretty.as_bytes()).expect("bytes are read"),
        serde_json::from_reader(text.as_bytes()).expect("a stream is read"),
        serde_json::from_value(json.clone()).expect("a tree is read"),
    ]
}

/// The same record with its keys in the other order and in capital letters.
fn turned(record: &JsonRecord) -> Json {
    let turned = record.iter().rev().map(|(key, value)| (key.to_uppercase(), value.clone()));
    Json::Object(turned.collect())
}

fn json_of(it: &impl Serialize) -> Json {
    serde_json::to_value(it).expect("it is written")
}

#[test]
fn what_a_read_gives_as_json_the_struct_reads_back_equal() {
    let shop = shop();
    let wholes = shop.object("Whole");
    let ran = runner().run(&(creates(), updates()), |(create, update)| {
        let id = shop.db.create(&create).expect("a record is created");
        for _ in 0..2 {
            let record = shop.db.get(id).expect("the record is read");
            let read = wholes.get(id.record_id()).expect("the record is read");
            let mut written = json_of(&record);
            for json in [Json::from(read.clone()), turned(&read), written.clone()] {
                for again in read_each_way::<Record<Whole>>(&json) {
                    prop_assert_eq!(&again, &record);
                }
                for again in read_each_way::<Whole>(&json) {
                    prop_assert_eq!(&again, &record.fields);
                }
            }
            let attributes = written.as_object_mut().and_then(|map| map.shift_remove("attributes"));
            prop_assert_eq!(&attributes.expect("attributes")["type"], "Whole");
            prop_assert_eq!(written, Json::from(read));
            for again in read_each_way::<Whole>(&json_of(&record.fields)) {
                prop_assert_eq!(&again, &record.fields);
            }
            shop.db.update(id, &update).expect("the record is changed");
        }
        Ok(())
    });
    ran.unwrap_or_else(|error| panic!("{error}"));
    shop.verify();
}

#[test]
fn what_a_view_writes_the_view_reads_and_it_does_the_same() {
    let shop = shop();
    let ran = runner().run(&(creates(), updates()), |(create, update)| {
        for again in read_each_way::<WholeCreate>(&json_of(&create)) {
            prop_assert_eq!(&again, &create);
        }
        for again in read_each_way::<WholeUpdate>(&json_of(&update)) {
            prop_assert_eq!(&again, &update);
        }
        let again: WholeCreate = serde_json::from_value(json_of(&create)).expect("a create");
        let [first, second] = [&create, &again].map(|it| shop.db.create(it).expect("created"));
        let [mut first, second] = [first, second].map(|id| shop.db.get(id).expect("read").fields);
        first.name.clone_from(&second.name);
        prop_assert_eq!(first, second);
        Ok(())
    });
    ran.unwrap_or_else(|error| panic!("{error}"));
    shop.verify();
}
