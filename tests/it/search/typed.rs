//! The typed search: a text or a tree, a group of fields, and a typed query over what is found.

use sobject_core::{
    Error, SObject, SearchExpr, SearchGroup, Store,
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
    let refusal = refused(search.returning::<Group>().all());
    assert_eq!(refusal.message, "entity type Group does not support search");
    assert!(format!("{search:?} {found:?}").contains("ada*"));
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
