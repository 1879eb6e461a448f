//! The typed search: a text or a tree, a group of fields, and a typed query over what is found.

use sobject_core::{
    Error, SObject, SearchExpr, SearchGroup, Store, count_rows,
    standard::{Group, User, UserCreate},
};

use crate::desk::refused;

fn desk() -> Store {
    let store = Store::in_memory(&[User::OBJECT, Group::OBJECT]).unwrap();
    for (name, username) in [
        ("Ada Lovelace", "countess@example.com"),
        ("Adam Smith", "adam@wealth.org"),
        ("Grace Hopper", "ada@navy.mil"),
        ("Über (East)", "u@example.com"),
    ] {
        store.system().create(UserCreate::new(name, username)).unwrap();
    }
    store
}

#[test]
fn a_text_is_read_as_between_the_braces_of_a_search() {
    let db = desk().system();
    for (text, expected) in [
        ("ada*", &["Ada Lovelace", "Adam Smith", "Grace Hopper"][..]),
        ("ada", &["Ada Lovelace", "Grace Hopper"]),
        ("ada AND NOT grace", &["Ada Lovelace"]),
        ("\"adam smith\" OR hopper", &["Adam Smith", "Grace Hopper"]),
        ("nobody", &[]),
    ] {
        let found = db.find_text(text).returning::<User>().select(User::FIELDS.name).all().unwrap();
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn what_a_person_types_stands_for_itself() {
    let db = desk().system();
    let names = |expr: SearchExpr| {
        db.find_text(expr).returning::<User>().select(User::FIELDS.name).all().unwrap()
    };
    assert_eq!(names(SearchExpr::text("über (east")), ["Über (East)"]);
    assert_eq!(names(SearchExpr::starts_with("lovel")), ["Ada Lovelace"]);
    let both = SearchExpr::text("ada").or(SearchExpr::text("adam").and(SearchExpr::text("wealth")));
    assert_eq!(names(both), ["Ada Lovelace", "Adam Smith", "Grace Hopper"]);
}

#[test]
fn it_is_a_query_like_others() {
    let store = desk();
    let db = store.system();
    let search = db.find_text("ada*").within(SearchGroup::Name);
    let user = &User::FIELDS;
    let found = search.returning::<User>();
    assert_eq!(found.clone().order_by(user.name.desc()).all().unwrap()[0].name, "Adam Smith");
    assert_eq!(found.clone().limit(1).all().unwrap().len(), 1);
    assert_eq!(
        found.clone().filter(user.username.eq("adam@wealth.org")).one().unwrap().name,
        "Adam Smith"
    );
    assert_eq!((found.count().unwrap(), found.exists().unwrap()), (2, true));
    assert_eq!(found.stream().unwrap().count(), 2);
    assert_eq!(found.pages(1).unwrap().count(), 2);
    assert_eq!(found.clone().reading_all().count().unwrap(), 2);
    assert_eq!(found.totals(count_rows()).unwrap(), 2);
    let refusal = refused(search.returning::<Group>().all());
    assert_eq!(refusal.message, "entity type Group does not support search");
    assert!(format!("{search:?} {found:?}").contains("ada*"));
}

#[test]
fn totals_are_those_of_all_records_that_are_found() {
    let db = Store::in_memory(&[User::OBJECT]).unwrap().system();
    let user = |n: usize| UserCreate::new(format!("Ada {}", n % 3), format!("u{n}@example.com"));
    for call in (0..2_200).map(user).collect::<Vec<_>>().chunks(200) {
        assert!(db.create_many(call).unwrap().iter().all(Result::is_ok));
    }
    let found = db.find_text("ada").returning::<User>();
    assert_eq!(found.totals(count_rows()).unwrap(), 2_200);
    let groups = found.clone().group_by(User::FIELDS.name).totals(count_rows()).limit(2);
    assert_eq!(groups.all().unwrap(), [("Ada 0".to_owned(), 734), ("Ada 1".to_owned(), 733)]);
    // Records themselves are given as a search gives them.
    assert_eq!((found.count().unwrap(), found.all().unwrap().len()), (2_000, 2_000));
    assert_eq!(found.clone().offset(150).limit(2).all().unwrap()[0].username, "u150@example.com");
}

#[test]
fn a_locator_leads_on_in_the_same_search_alone() {
    let db = Store::in_memory(&[User::OBJECT]).unwrap().system();
    let user = |n: usize| UserCreate::new("Ada Bo", format!("u{n}@example.com"));
    for call in (0..400).map(user).collect::<Vec<_>>().chunks(200) {
        assert!(db.create_many(call).unwrap().iter().all(Result::is_ok));
    }
    let [ada, bo] = ["ada", "bo"].map(|text| db.find_text(text).returning::<User>());
    let first = ada.batch(200).unwrap();
    let next = first.next.unwrap();
    assert_eq!((first.total_size, ada.next_batch(&next).unwrap().rows.len()), (400, 200));
    for other in [bo, db.query::<User>()] {
        assert!(matches!(other.next_batch(&next), Err(Error::BadResumeKey { .. })));
    }
}

#[test]
fn sessions_and_transactions_search_what_they_see() {
    let store = desk();
    let db = store.system();
    let session = db.session().unwrap();
    db.transaction(|tx| {
        tx.create(UserCreate::new("Ada Two", "two@example.com"))?;
        assert_eq!(tx.find_text("ada").returning::<User>().count()?, 3);
        assert_eq!(db.find_text("ada").returning::<User>().count()?, 2);
        Ok::<_, Error>(())
    })
    .unwrap();
    assert_eq!(session.find_text("ada").returning::<User>().count().unwrap(), 2);
    assert_eq!(db.find_text("ada").returning::<User>().count().unwrap(), 3);
}

#[test]
fn what_cannot_be_searched_for_is_refused_when_it_is_asked() {
    let db = desk().system();
    for (text, code) in [
        ("a", "INVALID_SEARCH"),
        ("", "MALFORMED_SEARCH"),
        ("(ada", "MALFORMED_SEARCH"),
        ("*ada", "MALFORMED_SEARCH"),
    ] {
        assert_eq!(refused(db.find_text(text).returning::<User>().all()).code, code, "{text}");
    }
    let deep = (0..1_000).fold(SearchExpr::text("ada"), |it, _| SearchExpr::text("bo").and_not(it));
    let refusal = refused(db.find_text(deep).returning::<User>().count());
    assert_eq!(refusal.code, "MALFORMED_SEARCH");
}
