//! A connection is refused at once if the permissions name what is not there.

use sobject_core::{
    Caller, Error, FieldRight, ObjectRight, Permissions, SObject, Store,
    standard::{Group, User, UserCreate},
};

/// A note, which its owner may hide.
#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Note {
    #[field(create, filter, name_field, update)]
    name: String,
    #[field(create, nillable, update)]
    body: Option<String>,
}

#[test]
fn permissions_that_name_what_is_not_there_are_refused_with_every_name() {
    let store = Store::in_memory(&[User::OBJECT, Note::OBJECT]).unwrap();
    let user = store.system().create(UserCreate::new("Ada", "ada@example.com")).unwrap();
    let none = Permissions::none;
    let read = |object, field| none().grant_field((object, field), FieldRight::Read);
    let good = none().grant("nOTE", [ObjectRight::Delete]).union(&read("Note", "bODY"));
    for (permissions, expected) in [
        (none(), None),
        (Permissions::all(), None),
        (Permissions::all().mute_field(Note::FIELDS.body, FieldRight::Edit), None),
        (good.clone(), None),
        (good.union(&read("Note", "Bdoy")), Some(("Note", "there is no field Bdoy"))),
        (
            read("Note", "Name"),
            Some(("Note", "Name has no rights of its own, since it is not permissionable")),
        ),
        (
            none().grant("Nonsense__c", [ObjectRight::Read]),
            Some(("Nonsense__c", "the store has no such object")),
        ),
        (
            // The store was opened without it.
            good.union(&none().grant(Group::NAME, [ObjectRight::Read])).union(&read("User", "X")),
            Some(("Group, User", "Group: the store has no such object; User: there is no field X")),
        ),
    ] {
        let found = store.try_connect(Caller::user(user, permissions.clone()));
        let found = match found {
            Ok(_) => None,
            Err(Error::BadPermissions { object, problems }) => Some((object, problems.join("; "))),
            Err(error) => panic!("{error:?}"),
        };
        let expected = expected.map(|(object, what)| (object.to_owned(), what.to_owned()));
        assert_eq!(found, expected, "{permissions:?}");
    }
    // Those that are in order connect as ever, and so does system mode.
    let db = store.try_connect(Caller::user(user, good)).unwrap();
    assert_eq!(db.count::<Note>().unwrap(), 0);
    store.try_connect(Caller::system()).unwrap();
}
