//! A house with things to hide, and the callers from whom they are hidden.

use serde_json::{Value as Json, json};
use sobject_core::{
    Any, Caller, Calls, Connection, Definition, Error, FieldDefinition, FieldRight, FieldType, Id,
    JsonRecord, ManualClock, ObjectRight, Permissions, RecordId, Ref, Result, SObject, Store,
    Target,
    chrono::{DateTime, Utc},
    standard::{User, UserCreate},
};

use crate::desk::{MORNING, at, map, record, verify};

/// Someone who comes to the house.
#[derive(SObject, Clone, Debug, PartialEq)]
#[sobject(key_prefix = "0VI", label = "Visitor", plural = "Visitors")]
pub(super) struct Visitor {
    #[field(create, update, filter, sort, name_field)]
    pub(super) name: String,
    /// What hides in the house from those who may see visitors.
    #[field(create, update, nillable, filter, unique, label = "Ulterior Purpose")]
    pub(super) motive: Option<String>,
    /// The room that the visitor has seen, which leads to what hides from others.
    #[field(create, update, nillable, filter)]
    pub(super) seen_id: Option<Id<Strongroom>>,
    #[field(create, update, nillable, filter)]
    pub(super) about_id: Option<Ref<Any>>,
    #[field(filter, nillable, per_caller)]
    pub(super) last_viewed_date: Option<DateTime<Utc>>,
    #[field(filter, nillable, per_caller)]
    pub(super) last_referenced_date: Option<DateTime<Utc>>,
}

/// A room of the house, which requires a visitor.
#[derive(SObject, Clone, Debug, PartialEq)]
#[sobject(key_prefix = "0SR", label = "Armoured Chamber", plural = "Armoured Chambers")]
pub(super) struct Strongroom {
    #[field(create, update, filter, name_field)]
    pub(super) name: String,
    #[field(create, update, nillable, filter, id_lookup, label = "Wheel Setting")]
    pub(super) cipher: Option<String>,
    #[field(create, update, filter)]
    pub(super) guest_id: Id<Visitor>,
    #[field(filter, nillable, per_caller)]
    pub(super) last_viewed_date: Option<DateTime<Utc>>,
    #[field(filter, nillable, per_caller)]
    pub(super) last_referenced_date: Option<DateTime<Utc>>,
}

/// The calls of deeds, which only their source makes.
const LEASE_CALLS: Calls =
    Calls::NONE.update().delete().undelete().query().retrieve().describe_sobjects();

/// A deed, whose holder only the platform fills, and hides from some who may see deeds.
const LEASE: &Definition =
    &Definition::new("Lease").label("Deed", "Deeds").key_prefix("0LS").calls(LEASE_CALLS).fields(
        &[
            FieldDefinition::new("Name", FieldType::String).create().update().filter().name_field(),
            FieldDefinition::new("HolderId", FieldType::Reference)
                .label("Rightful Owner")
                .references(&[Target::new("Visitor", "0VI")]),
        ],
    );

/// A caller, and the words that no call may tell to it unless the call itself gives them.
pub(super) struct Who {
    pub(super) name: &'static str,
    permissions: fn() -> Permissions,
    pub(super) hidden: &'static [&'static str],
}

/// Those from whom something is hidden.
pub(super) const CALLERS: &[Who] = &[
    Who {
        name: "stranger",
        permissions: Permissions::none,
        hidden: &[
            "Visitor",
            "Mata",
            "SeenId",
            "AboutId",
            "Motive",
            "Ulterior Purpose",
            "espionage",
            "Strongroom",
            "Armoured Chamber",
            "Cellar",
            "GuestId",
            "Cipher",
            "Wheel Setting",
            "12-7-31",
            "Username",
            "ada@example.com",
        ],
    },
    Who {
        name: "guest",
        permissions: || {
            Permissions::all()
                .mute_field(("Visitor", "Motive"), FieldRight::Read)
                .mute_field(("Lease", "HolderId"), FieldRight::Read)
        },
        hidden: &["Motive", "Ulterior Purpose", "espionage", "HolderId", "Rightful Owner"],
    },
    Who {
        name: "clerk",
        permissions: || Permissions::all().mute("Strongroom", [ObjectRight::Read]),
        hidden: &[
            "Strongroom",
            "Armoured Chamber",
            "Cellar",
            "GuestId",
            "Cipher",
            "Wheel Setting",
            "12-7-31",
        ],
    },
];

/// From whom nothing is hidden.
pub(super) const OWNER: Who = Who { name: "owner", permissions: Permissions::all, hidden: &[] };

/// What a call on visitors gives that is named by its type: the object and its fields.
pub(super) const VISITOR: &[&str] = &["Visitor", "Motive", "SeenId", "AboutId"];
/// What a call on strongrooms gives that is named by its type.
pub(super) const ROOM: &[&str] = &["Strongroom", "Cipher", "GuestId"];

/// What a function answers, and the words that the call gave.
#[derive(Debug, PartialEq)]
pub(super) struct Answer {
    pub(super) given: &'static [&'static str],
    pub(super) text: String,
}

pub(super) type Answers = Vec<Answer>;

/// What a call answered that gave these words.
pub(super) fn answer(given: &'static [&'static str], text: impl Into<String>) -> Answer {
    Answer { given, text: text.into() }
}

/// A result in every form in which a program may print it.
pub(super) fn shown<T: std::fmt::Debug>(result: &Result<T>) -> String {
    match result {
        Ok(value) => format!("{value:?}"),
        Err(error) => of_error(error),
    }
}

/// The results of a call over several records.
pub(super) fn shown_many<T: std::fmt::Debug>(results: &Result<Vec<Result<T>>>) -> String {
    match results {
        Ok(results) => results.iter().map(shown).collect::<Vec<_>>().join("\n"),
        Err(error) => of_error(error),
    }
}

pub(super) fn of_error(error: &Error) -> String {
    let (fields, listed) = (error.fields(), error.listed_fields());
    let code = error.status_code();
    format!(
        "{error:?}\n{error}\n{code} {} {fields:?} {listed:?} {}",
        error.message(),
        error.object()
    )
}

/// A store with visitors and rooms, and a connection of a caller to it.
pub(super) struct House {
    pub(super) store: Store,
    pub(super) db: Connection,
    /// A visitor whom no room requires.
    pub(super) visitor: Id<Visitor>,
    /// A visitor whom a room requires.
    pub(super) required: Id<Visitor>,
    /// A visitor whom a lease requires.
    pub(super) held: Id<Visitor>,
    /// A visitor in the recycle bin, whose motive another has by now.
    pub(super) deleted: Id<Visitor>,
    pub(super) room: Id<Strongroom>,
    pub(super) deleted_room: Id<Strongroom>,
    ada: Id<User>,
}

impl House {
    pub(super) fn new(who: &Who) -> Self {
        let house = Self::of(who, &[User::OBJECT, Visitor::OBJECT, LEASE, Strongroom::OBJECT]);
        let furnished = house.store.system().transaction(|admin| {
            let mut room = |name: &str, cipher: &str| {
                admin.create(StrongroomCreate {
                    cipher: Some(cipher.into()),
                    ..StrongroomCreate::new(name.to_owned(), house.required)
                })
            };
            assert_eq!(room("Cellar", "12-7-31")?, house.room);
            assert_eq!(room("Attic", "4-4-4")?, house.deleted_room);
            admin.delete(house.deleted_room)?;
            let seen = VisitorUpdate { seen_id: house.room.into(), ..VisitorUpdate::default() };
            admin.update(house.visitor, seen)
        });
        furnished.expect("the rooms are furnished");
        house
    }

    /// A house that has no strongrooms.
    pub(super) fn without_room(who: &Who) -> Self {
        Self::of(who, &[User::OBJECT, Visitor::OBJECT, LEASE])
    }

    fn of(who: &Who, objects: &[&Definition]) -> Self {
        let clock = ManualClock::at(at(MORNING));
        let store = Store::builder().clock(clock).in_memory(objects).expect("a store opens");
        // There are many houses, so their people come in one transaction.
        let people = store.system().transaction(|admin| {
            let ada = UserCreate::new("Ada".to_owned(), "ada@example.com".to_owned());
            let ada = admin.create(ada)?;
            let mut visitor = |name: &str, motive: &str| {
                admin.create(VisitorCreate {
                    motive: Some(motive.to_owned()),
                    ..VisitorCreate::new(name.to_owned())
                })
            };
            let deleted = visitor("Felix", "espionage")?;
            let (held, required) = (visitor("Matu", "a talk")?, visitor("Mati", "a walk")?);
            admin.delete(deleted)?;
            let visitor = admin.create(VisitorCreate {
                motive: Some("espionage".to_owned()),
                ..VisitorCreate::new("Mata".to_owned())
            })?;
            Ok::<_, Error>((ada, deleted, held, required, visitor))
        });
        let (ada, deleted, held, required, visitor) = people.expect("people come to the house");
        // The holder of the deleted lease is gone as well.
        let gone: RecordId = made_up("0VI");
        for (number, is_deleted, holder) in [(1, false, held.into()), (2, true, gone)] {
            let lease = json!({ "Id": lease(number), "Name": "L", "HolderId": holder });
            let lease = record(&lease, &json!({ "IsDeleted": is_deleted }));
            let replica = store.replica().stamps_from_given();
            replica.put("Lease", &lease).expect("a lease is put");
        }
        let db = store.connect(Caller::user(ada, (who.permissions)()));
        let room = |number: u64| format!("0SRxx0{number:09}").parse().expect("an id");
        let (room, deleted_room) = (room(1), room(2));
        Self { store, db, visitor, required, held, deleted, room, deleted_room, ada }
    }

    /// A record of an object as a create takes it.
    pub(super) fn json(&self, object: &str) -> JsonRecord {
        map(&match object {
            "Visitor" | "Lease" => json!({ "Name": "Mato" }),
            "User" => json!({ "Name": "Bo", "Username": "bo@example.com" }),
            _ => json!({ "Name": "Garret", "GuestId": self.visitor }),
        })
    }

    /// The ids of records of an object: a live one, one in the bin, and one that was never given.
    pub(super) fn ids(&self, object: &str) -> [RecordId; 3] {
        match object {
            "Visitor" => [self.visitor.into(), self.deleted.into(), made_up("0VI")],
            "Lease" => [lease(1), lease(2), made_up("0LS")],
            "User" => [self.ada.into(), made_up("005"), made_up("006")],
            _ => [self.room.into(), self.deleted_room.into(), made_up("0SR")],
        }
    }

    pub(super) fn verify(&self) {
        verify(&self.store);
    }
}

/// The id of a lease.
fn lease(number: u64) -> RecordId {
    format!("0LSxx0{number:09}").parse().expect("an id")
}

/// An id that no record has.
pub(super) fn made_up(prefix: &str) -> RecordId {
    format!("{prefix}xx0000000099").parse().expect("an id")
}

/// A JSON map with one field.
pub(super) fn one(field: &str, value: impl Into<Json>) -> JsonRecord {
    map(&json!({ field: value.into() }))
}
