//! Typed and untyped calls do the same: a view and its JSON are both written, or both refused.
//!
//! Two equal stores get the same random writes, one as views, the other as the JSON that the views
//! serialise to. Each write is accepted by both stores, or refused by both with the same code,
//! message and fields; and both then hold the same records. This is tried for single records, for
//! calls over several records, and for a caller whose rights are narrowed.
//!
//! Runs are the same each time. `PROPTEST_CASES=2000` tries more writes, and
//! `PROPTEST_RNG_SEED=7` other ones.

use proptest::{
    collection::vec,
    prelude::*,
    sample::select,
    test_runner::{RngSeed, TestRunner},
};
use serde::Serialize;
use sobject_core::{
    Caller, Connection, Definition, FieldRight, Id, JsonRecord, ObjectRight, Patch, Permissions,
    RecordId, Ref, Result, SObject,
    chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc},
    standard::{Group, User, UserCreate},
};

use crate::{
    desk::{MORNING, Refusal, at, day, id},
    types::Shop,
};

/// An object with a required and a nillable field of every type that a struct may have.
#[derive(SObject, Clone, Debug, PartialEq)]
#[sobject(key_prefix = "a0Q")]
pub(crate) struct Pair {
    #[field(autonumber = "P-{0000}", name_field)]
    name: String,
    #[field(create, update, defaulted_on_create)]
    flag: bool,
    #[field(create, update, nillable)]
    maybe_flag: Option<bool>,
    #[field(create, update, digits = 4)]
    size: i32,
    #[field(create, update, nillable)]
    maybe_size: Option<i32>,
    #[field(create, update)]
    weight: f64,
    #[field(create, update, nillable)]
    maybe_weight: Option<f64>,
    #[field(create, update, length = 6)]
    text: String,
    #[field(create, update, nillable, length = 300)]
    maybe_text: Option<String>,
    #[field(create, update)]
    day: NaiveDate,
    #[field(create, update, nillable)]
    maybe_day: Option<NaiveDate>,
    #[field(create, update)]
    at: DateTime<Utc>,
    #[field(create, update, nillable)]
    maybe_at: Option<DateTime<Utc>>,
    #[field(create, update)]
    user_id: Id<User>,
    #[field(create, update, nillable)]
    twin_id: Option<Id<Pair>>,
    #[field(create, update, nillable)]
    ghost_id: Option<Ref<(Group, Pair)>>,
    #[field(create, update, defaulted_on_create)]
    owner_id: Ref<(Group, User)>,
    #[field(create, nillable)]
    origin: Option<String>,
}

/// The objects of both stores. Groups are not among them, although a field refers to them.
const OBJECTS: &[&Definition] = &[User::OBJECT, Pair::OBJECT];

/// Values of which most are accepted, and some may not be.
fn mostly<T: Clone + std::fmt::Debug + 'static>(
    taken: &[T],
    odd: impl Strategy<Value = T> + 'static,
) -> BoxedStrategy<T> {
    prop_oneof![12 => select(taken.to_vec()), 1 => odd].boxed()
}

fn ints() -> BoxedStrategy<i32> {
    let edges = [10_000, -10_000, 999_999_999, 1_000_000_000, i32::MIN, i32::MAX];
    mostly(&[0, 1, -1, 9_999, -9_999], prop_oneof![select(edges.to_vec()), any::<i32>()])
}

/// Finite numbers, since JSON has no others.
fn doubles() -> BoxedStrategy<f64> {
    let taken = [0.0, -0.0, 0.5, -0.29, 1.15, -12.75, 123_456_789.1, f64::MIN_POSITIVE];
    let edges = [999_999_999_999_999_900.0, 1e18, -1e18, 1e300, f64::MAX];
    let finite = proptest::num::f64::NORMAL | proptest::num::f64::SUBNORMAL;
    mostly(&taken, prop_oneof![select(edges.to_vec()), finite])
}

fn texts() -> BoxedStrategy<String> {
    let taken = ["a", "sixsix", " sixsix ", " b\n", "éß\u{1F600}", "\0"];
    let edges = ["", " ", "sevenn7", " seven 7 "].map(str::to_owned);
    mostly(&taken.map(str::to_owned), prop_oneof![select(edges.to_vec()), "\\PC{0,8}"])
}

/// Days of the years from 0 to 9999, which JSON can express.
fn days() -> BoxedStrategy<NaiveDate> {
    let taken = ["2026-03-01", "1700-01-01", "1969-12-31", "4000-12-30"].map(day);
    let edges = ["1699-12-31", "4000-12-31", "4001-01-01"].map(day);
    let any = (0..3_652_000_u64).prop_map(|days| day("0000-01-01") + Days::new(days));
    mostly(&taken, prop_oneof![select(edges.to_vec()), any])
}

/// Moments of the same years, in whole milliseconds, which JSON can express.
fn moments() -> BoxedStrategy<DateTime<Utc>> {
    let edges = [at("4000-12-31T00:00:00Z"), at("4000-12-31T00:00:00.001Z")];
    let any = (days(), 0..86_400_000_i64).prop_map(|(day, millis)| {
        day.and_time(NaiveTime::MIN).and_utc() + TimeDelta::milliseconds(millis)
    });
    prop_oneof![1 => select(edges.to_vec()), 12 => any].boxed()
}

/// The user that both stores have.
const ADA: &str = "005xx0000000001";

/// Ids of live and deleted records, ids that no record has, and ids of other objects.
fn ids(taken: &[&str]) -> BoxedStrategy<RecordId> {
    let odd = [
        "005xx0000000000",
        "005xx0000000009",
        "a0Qxx0000000002",
        "a0Qxx0000000999",
        ADA,
        "a0Qxx0000000001",
        "00Gxx0000000001",
        "001xx0000000001",
        "a0QAAAAAAAAAAAA",
    ];
    let taken: Vec<_> = taken.iter().map(|text| id(text)).collect();
    mostly(&taken, select(odd.map(id).to_vec()))
}

fn users() -> BoxedStrategy<RecordId> {
    ids(&[ADA])
}

fn pairs() -> BoxedStrategy<RecordId> {
    ids(&["a0Qxx0000000001"])
}

fn ghosts() -> BoxedStrategy<RecordId> {
    ids(&["a0Qxx0000000001", "00Gxx0000000001"])
}

fn maybe<T: std::fmt::Debug>(some: impl Strategy<Value = T>) -> impl Strategy<Value = Option<T>> {
    proptest::option::of(some)
}

fn patch<T: std::fmt::Debug + Clone + 'static>(
    set: impl Strategy<Value = T> + 'static,
) -> BoxedStrategy<Patch<T>> {
    prop_oneof![2 => Just(Patch::Keep), 1 => set.prop_map(Patch::Set)].boxed()
}

fn creates() -> impl Strategy<Value = PairCreate> {
    let required = (ints(), doubles(), texts(), days(), moments(), users());
    let numbers = (maybe(any::<bool>()), maybe(any::<bool>()), maybe(ints()), maybe(doubles()));
    let rest = (maybe(texts()), maybe(days()), maybe(moments()), maybe(texts()));
    let references = (maybe(pairs()), maybe(ghosts()), maybe(users()));
    (required, numbers, rest, references).prop_map(|(required, numbers, rest, references)| {
        let (size, weight, text, day, at, user) = required;
        let (flag, maybe_flag, maybe_size, maybe_weight) = numbers;
        let (maybe_text, maybe_day, maybe_at, origin) = rest;
        let (twin, ghost, owner) = references;
        PairCreate {
            flag,
            maybe_flag,
            maybe_size,
            maybe_weight,
            maybe_text,
            maybe_day,
            maybe_at,
            origin,
            twin_id: twin.map(Id::new),
            ghost_id: ghost.map(Ref::new),
            owner_id: owner.map(Ref::new),
            ..PairCreate::new(size, weight, text, day, at, Id::new(user))
        }
    })
}

fn updates() -> impl Strategy<Value = PairUpdate> {
    let numbers = (
        patch(any::<bool>()),
        patch(maybe(any::<bool>())),
        patch(ints()),
        patch(maybe(ints())),
        patch(doubles()),
        patch(maybe(doubles())),
    );
    let texts = (patch(texts()), patch(maybe(texts())));
    let times = (patch(days()), patch(maybe(days())), patch(moments()), patch(maybe(moments())));
    let references = (
        patch(users().prop_map(Id::new)),
        patch(maybe(pairs().prop_map(Id::new))),
        patch(maybe(ghosts().prop_map(Ref::new))),
        patch(users().prop_map(Ref::new)),
    );
    (numbers, texts, times, references).prop_map(|(numbers, texts, times, references)| {
        let (flag, maybe_flag, size, maybe_size, weight, maybe_weight) = numbers;
        let (text, maybe_text) = texts;
        let (day, maybe_day, at, maybe_at) = times;
        let (user_id, twin_id, ghost_id, owner_id) = references;
        PairUpdate {
            flag,
            maybe_flag,
            size,
            maybe_size,
            weight,
            maybe_weight,
            text,
            maybe_text,
            day,
            maybe_day,
            at,
            maybe_at,
            user_id,
            twin_id,
            ghost_id,
            owner_id,
        }
    })
}

/// Two stores with a user, a pair, and a pair that is deleted.
struct Twins {
    typed: Shop,
    untyped: Shop,
    /// The view from which the pair was created in both stores.
    pair: PairCreate,
}

impl Twins {
    fn new() -> Self {
        let [typed, untyped] = [(); 2].map(|()| Shop::of(OBJECTS));
        let now = at(MORNING);
        let pair = PairCreate::new(1, 1.0, "a", now.date_naive(), now, Id::new(id(ADA)));
        for shop in [&typed, &untyped] {
            let ada = UserCreate::new("Ada", "ada@example.com");
            assert_eq!(shop.db.create(ada).unwrap(), pair.user_id);
            shop.db.create(&pair).unwrap();
            let gone = shop.db.create(&pair).unwrap();
            shop.db.delete(gone).unwrap();
        }
        Self { typed, untyped, pair }
    }

    /// Asserts that both stores gave the same answer, and hold the same record if they wrote one.
    fn assert_equal(
        &self,
        typed: Result<RecordId>,
        untyped: Result<RecordId>,
        view: &impl Serialize,
    ) {
        let shown = || serde_json::to_string(view).unwrap();
        match (typed, untyped) {
            (Ok(typed), Ok(untyped)) => {
                assert_eq!(typed, untyped);
                let typed = self.typed.get("Pair", typed);
                assert_eq!(typed, self.untyped.get("Pair", untyped), "{}", shown());
            }
            (Err(typed), Err(untyped)) => {
                assert_eq!(Refusal::from(&typed), Refusal::from(&untyped), "{}", shown());
                assert_eq!(typed.to_string(), untyped.to_string(), "{}", shown());
            }
            (typed, untyped) => panic!("{typed:?} and {untyped:?} of {}", shown()),
        }
    }

    /// Creates a record in both stores, in one from the view and in the other from its JSON.
    fn create(&self, view: &PairCreate) -> bool {
        let typed = self.typed.db.create(view).map(RecordId::from);
        let untyped = self.untyped.object("Pair").create(&json_of(view));
        let is_written = typed.is_ok();
        self.assert_equal(typed, untyped, view);
        is_written
    }

    /// Creates a pair in both stores and updates it, in one by the view and in the other by its
    /// JSON.
    fn update(&self, view: &PairUpdate) -> bool {
        let [pair, same] =
            [&self.typed, &self.untyped].map(|shop| shop.db.create(&self.pair).unwrap());
        assert_eq!(pair, same);
        let id = pair.record_id();
        let typed = self.typed.db.update(pair, view).map(|()| id);
        let untyped = self.untyped.object("Pair").update(id, &json_of(view)).map(|()| id);
        let is_written = typed.is_ok();
        self.assert_equal(typed, untyped, view);
        is_written
    }
}

/// The JSON of a view, which goes through its text as when a client sends it.
fn json_of(view: &impl Serialize) -> JsonRecord {
    serde_json::from_str(&serde_json::to_string(view).unwrap()).unwrap()
}

/// Tries `write` with random views, and asserts that some of them were written and some refused.
fn assert_alike<V: std::fmt::Debug>(
    views: impl Strategy<Value = V>,
    write: fn(&Twins, &V) -> bool,
) {
    let mut config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(0);
    }
    let (twins, written, refused) =
        (Twins::new(), std::cell::Cell::new(0), std::cell::Cell::new(0));
    let ran = TestRunner::new(config).run(&views, |view| {
        let count = if write(&twins, &view) { &written } else { &refused };
        count.set(count.get() + 1);
        Ok(())
    });
    ran.unwrap_or_else(|failure| panic!("{failure}"));
    assert_eq!(twins.typed.verify(), twins.untyped.verify());
    assert!(written.get() > 10 && refused.get() > 10, "{written:?} written, {refused:?} refused");
}

#[test]
fn a_create_and_its_json_are_written_or_refused_alike() {
    assert_alike(creates(), Twins::create);
}

#[test]
fn an_update_and_its_json_are_written_or_refused_alike() {
    assert_alike(updates(), Twins::update);
}

/// Rights with which one field cannot be read, and another can be read but not edited.
fn narrowed() -> Permissions {
    let all = [ObjectRight::Read, ObjectRight::Create, ObjectRight::Edit, ObjectRight::Delete];
    Permissions::none()
        .grant("User", [ObjectRight::Read])
        .grant("Pair", all)
        .grant_fields("Pair", FieldRight::Edit)
        .mute_field(Pair::FIELDS.maybe_text, FieldRight::Read)
        .mute_field(Pair::FIELDS.maybe_size, FieldRight::Edit)
}

/// Asserts that two calls over the same records gave the same answer for each record. Returns how
/// many were written and how many refused.
fn assert_same<T: PartialEq + std::fmt::Debug>(
    typed: &[Result<T>],
    untyped: &[Result<T>],
    views: &impl std::fmt::Debug,
) -> (usize, usize) {
    let told = |results: &[Result<T>]| -> Vec<String> {
        let of = |result: &Result<T>| match result {
            Ok(value) => format!("{value:?}"),
            Err(error) => format!("{error} {:?}", Refusal::from(error)),
        };
        results.iter().map(of).collect()
    };
    assert_eq!(told(typed), told(untyped), "{views:?}");
    let n_written = typed.iter().filter(|result| result.is_ok()).count();
    (n_written, typed.len() - n_written)
}

impl Twins {
    /// The connections of a caller to the two stores, the first for typed and the second for
    /// untyped calls.
    fn connections(&self, is_narrowed: bool, all_or_none: bool) -> [Connection; 2] {
        [&self.typed, &self.untyped].map(|shop| {
            let user = id(ADA);
            let caller =
                if is_narrowed { Caller::user(user, narrowed()) } else { Caller::system_as(user) };
            let db = shop.store.connect(caller);
            if all_or_none { db.all_or_none() } else { db }
        })
    }
}

/// Tries calls over several records: in system and in user mode, in part and all-or-none.
fn assert_calls_alike<V: std::fmt::Debug>(
    views: impl Strategy<Value = Vec<V>>,
    write: impl Fn(&Twins, [Connection; 2], &[V]) -> (usize, usize),
) {
    let mut config =
        ProptestConfig { failure_persistence: None, cases: 96, ..ProptestConfig::default() };
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(0);
    }
    let (twins, written, refused) =
        (Twins::new(), std::cell::Cell::new(0), std::cell::Cell::new(0));
    let modes = (any::<bool>(), any::<bool>(), views);
    let ran = TestRunner::new(config).run(&modes, |(is_narrowed, all_or_none, views)| {
        let (n_written, n_refused) =
            write(&twins, twins.connections(is_narrowed, all_or_none), &views);
        written.set(written.get() + n_written);
        refused.set(refused.get() + n_refused);
        Ok(())
    });
    ran.unwrap_or_else(|failure| panic!("{failure}"));
    assert_eq!(twins.typed.verify(), twins.untyped.verify());
    assert!(written.get() > 10 && refused.get() > 10, "{written:?} written, {refused:?} refused");
}

#[test]
fn a_call_of_creates_and_its_json_are_written_or_refused_alike() {
    assert_calls_alike(vec(creates(), 0..6), |_, [typed, untyped], views| {
        let created = typed.create_many(views).unwrap();
        let created: Vec<_> = created.into_iter().map(|it| it.map(RecordId::from)).collect();
        let records: Vec<_> = views.iter().map(json_of).collect();
        assert_same(
            &created,
            &untyped.object("Pair").unwrap().create_many(&records).unwrap(),
            &views,
        )
    });
}

#[test]
fn a_call_of_updates_and_its_json_are_written_or_refused_alike() {
    // Live and deleted records, and ids that no record has; some of them come several times.
    let named = (pairs(), updates());
    assert_calls_alike(vec(named, 0..6), |_, [typed, untyped], views| {
        let updates: Vec<_> =
            views.iter().map(|(id, view)| (Id::<Pair>::new(*id), view.clone())).collect();
        let records: Vec<_> = views.iter().map(|(id, view)| with_id(*id, view)).collect();
        let answers = typed.update_many(&updates).unwrap();
        assert_same(
            &answers,
            &untyped.object("Pair").unwrap().update_many(&records).unwrap(),
            &views,
        )
    });
}

/// The JSON of an update, with the Id of its record.
fn with_id(id: RecordId, view: &impl Serialize) -> JsonRecord {
    let mut record = json_of(view);
    record.insert("Id".to_owned(), id.to_string().into());
    record
}

#[test]
fn updates_that_are_refused_do_not_count_towards_the_twelve_of_a_record() {
    let twins = Twins::new();
    let [typed, untyped] = twins.connections(true, false);
    // Twelve updates of a field that the caller may not edit, and one of a field that it may edit.
    let refused = PairUpdate { maybe_size: Patch::Set(Some(1)), ..PairUpdate::default() };
    let taken = PairUpdate { size: Patch::Set(7), ..PairUpdate::default() };
    let views: Vec<_> = std::iter::repeat_n(refused, 12).chain([taken]).collect();
    let pair = id("a0Qxx0000000001");
    let updates: Vec<_> = views.iter().map(|view| (Id::<Pair>::new(pair), view.clone())).collect();
    let records: Vec<_> = views.iter().map(|view| with_id(pair, view)).collect();
    let answers = typed.update_many(&updates).unwrap();
    assert!(answers[..12].iter().all(Result::is_err), "{answers:?}");
    assert!(answers[12].is_ok(), "{answers:?}");
    assert_same(&answers, &untyped.object("Pair").unwrap().update_many(&records).unwrap(), &views);
    assert_eq!(twins.typed.verify(), twins.untyped.verify());
}
