//! Calls on objects by name: each of a connection, and the same of a transaction.

use serde_json::{Value as Json, json};
use sobject_core::{AccessType, Error, JsonRecord, RecordId, UntypedTransaction};

use super::{
    Call,
    house::{Answers, House, answer, of_error, one, shown, shown_many},
};

/// The objects by name, and the word that a call gives which names one.
pub(super) const OBJECTS: [(&str, &[&str]); 4] = [
    ("Visitor", &["Visitor"]),
    ("Strongroom", &["Strongroom"]),
    ("Lease", &["Lease"]),
    ("User", &["User"]),
];

/// What a call gives that names a hidden field too.
const MOTIVE: &[&str] = &["Visitor", "Strongroom", "Lease", "User", "Motive"];

/// Has `f` answer on each object in a transaction, which is then taken back.
fn in_transaction(
    house: &House,
    f: fn(&mut UntypedTransaction<'_, '_>, &House, &str, &mut Said),
) -> Answers {
    let mut said = Said::default();
    let taken_back = house.db.transaction(|tx| {
        said = Said::default();
        for (name, given) in OBJECTS {
            said.given = given;
            match tx.object(name) {
                Ok(mut object) => {
                    f(&mut object, house, name, &mut said);
                    said.say(format!("{object:?}"));
                }
                Err(error) => said.say(of_error(&error)),
            }
        }
        Err::<(), _>(Error::NestedWrite)
    });
    assert!(matches!(taken_back, Err(Error::NestedWrite)));
    said.answers
}

/// What was answered so far, and the words that the call at hand gives.
#[derive(Debug, Default)]
struct Said {
    answers: Answers,
    given: &'static [&'static str],
}

impl Said {
    fn say(&mut self, text: String) {
        self.answers.push(answer(self.given, text));
    }

    /// An answer to a call that names a parent by a hidden field and its value.
    fn of_parent(&mut self, text: String) {
        const GIVEN: &[&str] =
            &["Visitor", "Strongroom", "Lease", "User", "Cipher", "12-7-31", "Cellar"];
        self.answers.push(answer(GIVEN, text));
    }

    /// An answer to a call that names a hidden field.
    fn of_motive(&mut self, text: String) {
        self.answers.push(answer(MOTIVE, text));
    }
}

/// The entries of a function that an object by name has outside of a transaction and in it.
macro_rules! both {
    ($name:literal, |$object:ident, $house:ident, $of:ident, $said:ident| $calls:expr) => {
        [
            Call {
                name: concat!("Untyped::", $name),
                run: |$house| {
                    let mut said = Said::default();
                    for (name, given) in OBJECTS {
                        said.given = given;
                        match $house.db.object(name) {
                            Ok(object) => {
                                let ($object, $of, $said) = (&object, name, &mut said);
                                let _ = $of;
                                $calls
                            }
                            Err(error) => said.say(of_error(&error)),
                        }
                    }
                    said.answers
                },
            },
            Call {
                name: concat!("UntypedTransaction::", $name),
                run: |house| {
                    in_transaction(house, |$object, $house, $of, $said| {
                        let _ = ($house, $of);
                        $calls
                    })
                },
            },
        ]
    };
}

/// A record of the object, with a value for a field that only visitors have.
fn with_motive(house: &House, object: &str) -> JsonRecord {
    let mut record = house.json(object);
    record.extend(one("Motive", "a walk in the park"));
    record
}

/// Records that refer to a room: one that is there, one in the bin, and one that is made up.
fn of_rooms(house: &House, object: &str) -> Vec<JsonRecord> {
    let field = if object == "Strongroom" { "GuestId" } else { "AboutId" };
    let records = house.ids("Strongroom").map(|room| {
        let mut record = house.json(object);
        record.insert(field.to_owned(), Json::from(room.to_string()));
        record
    });
    records.into()
}

/// Changes of each record of the object, by name and by a hidden field.
fn updates(house: &House, object: &str) -> Vec<JsonRecord> {
    let of = |id: RecordId| {
        let mut record = one("Id", id.to_string());
        record.extend(one("Name", "Mato"));
        record
    };
    let mut updates: Vec<_> = house.ids(object).map(of).into();
    updates.push(one("Id", house.ids("Visitor")[0].to_string()));
    updates.push(one("Name", "Mato"));
    updates
}

pub(super) const CALLS: &[[Call; 2]] = &[
    both!("create", |object, house, of, said| {
        said.say(shown(&object.create(&house.json(of))));
        said.of_motive(shown(&object.create(&with_motive(house, of))));
        for record in of_rooms(house, of) {
            said.say(shown(&object.create(&record)));
        }
    }),
    both!("create_many", |object, house, of, said| {
        said.say(shown_many(&object.create_many(&of_rooms(house, of))));
        said.of_motive(shown_many(&object.create_many(&[with_motive(house, of)])));
    }),
    both!("update", |object, house, of, said| {
        for id in house.ids(of).into_iter().chain(house.ids("Strongroom")) {
            said.say(shown(&object.update(id, &one("Name", "Mato"))));
            said.of_motive(shown(&object.update(id, &one("Motive", "a walk in the park"))));
        }
        for record in of_rooms(house, of) {
            said.say(shown(&object.update(house.ids(of)[0], &record)));
        }
    }),
    both!("update_many", |object, house, of, said| {
        said.say(shown_many(&object.update_many(&updates(house, of))));
        said.of_motive(shown_many(&object.update_many(&[with_motive(house, of)])));
    }),
    both!("upsert", |object, house, of, said| {
        said.say(shown(&object.upsert("Id", &house.json(of))));
        said.say(shown(&object.upsert("Name", &house.json(of))));
        said.of_motive(shown(&object.upsert("Motive", &with_motive(house, of))));
        if of == "Strongroom" {
            let mut record = house.json(of);
            record.extend(one("Cipher", "12-7-31"));
            said.say(shown(&object.upsert("Cipher", &record)));
        }
        let mut record = house.json(of);
        record.extend(one("Seen", json!({ "Cipher": "12-7-31" })));
        said.of_parent(shown(&object.upsert("Id", &record)));
        record.extend(one("Seen", json!({ "Name": "Cellar" })));
        said.of_parent(shown(&object.create(&record)));
    }),
    both!("upsert_many", |object, house, of, said| {
        said.say(shown_many(&object.upsert_many("Id", &updates(house, of))));
        said.say(shown_many(&object.upsert_many("Id", &of_rooms(house, of))));
        said.of_motive(shown_many(&object.upsert_many("Id", &[with_motive(house, of)])));
    }),
    both!("upsert_at", |object, house, of, said| {
        for id in house.ids(of).into_iter().chain(house.ids("Strongroom")) {
            said.say(shown(&object.upsert_at("Id", id.to_string(), &one("Name", "Mato"))));
        }
        said.of_motive(shown(&object.upsert_at("Motive", "a walk in the park", &one("Name", "x"))));
    }),
    both!("delete", |object, house, of, said| {
        let ids = house.ids(of).into_iter().chain([house.required.into(), house.room.into()]);
        for id in ids {
            said.say(shown(&object.delete(id)));
        }
    }),
    both!("delete_many", |object, house, of, said| {
        said.say(shown_many(&object.delete_many(&house.ids(of))));
        said.say(shown_many(&object.delete_many(&[house.required.into()])));
    }),
    both!("undelete", |object, house, of, said| {
        for id in house.ids(of) {
            said.say(shown(&object.undelete(id)));
        }
    }),
    both!("undelete_many", |object, house, of, said| {
        said.say(shown_many(&object.undelete_many(&house.ids(of))));
    }),
    both!("empty_recycle_bin", |object, house, of, said| {
        said.say(shown_many(&object.empty_recycle_bin(&house.ids(of))));
        said.say(shown_many(&object.empty_recycle_bin(&[house.required.into()])));
    }),
    both!("get", |object, house, of, said| {
        for id in house.ids(of).into_iter().chain([house.room.into()]) {
            said.say(shown(&object.get(id)));
        }
    }),
    both!("retrieve", |object, house, of, said| {
        said.say(shown(&object.retrieve(&["Id", "Name"], &house.ids(of))));
        said.of_motive(shown(&object.retrieve(&["Id", "Motive"], &house.ids(of))));
    }),
    both!("find", |object, house, of, said| {
        said.say(shown(&object.find("Name", "Mata")));
        said.say(shown(&object.find("Id", house.ids(of)[0].to_string())));
        said.of_motive(shown(&object.find("Motive", "a walk in the park")));
    }),
    both!("count", |object, house, of, said| said.say(shown(&object.count()))),
    both!("walk", |object, house, of, said| {
        said.say(format!("{:?}", object.walk()));
        said.say(shown(&object.walk().all()));
    }),
    both!("walk_fields", |object, house, of, said| {
        said.say(shown(&object.walk_fields(&["Name"]).all()));
        said.of_motive(format!("{:?}", object.walk_fields(&["Name", "Motive"])));
        said.of_motive(shown(&object.walk_fields(&["Name", "Motive"]).all()));
    }),
];

/// Calls that only an object outside of a transaction has.
pub(super) const ALONE: &[Call] = &[Call {
    name: "Untyped::strip_inaccessible",
    run: |house| {
        let mut said = Said::default();
        for (name, given) in OBJECTS {
            said.given = given;
            let object = match house.db.object(name) {
                Ok(object) => object,
                Err(error) => {
                    said.say(of_error(&error));
                    continue;
                }
            };
            said.say(format!("{object:?}"));
            for access in [AccessType::Readable, AccessType::Createable, AccessType::Updateable] {
                said.say(shown(&object.strip_inaccessible(access, vec![house.json(name)])));
                let records = vec![with_motive(house, name)];
                said.of_motive(shown(&object.strip_inaccessible(access, records)));
            }
        }
        said.answers
    },
}];
