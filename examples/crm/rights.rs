//! Permissions: what a seller and a lead may see and do. They can only narrow what the words of the
//! fields allow.

use sobject_core::{
    Caller, Connection, FieldRight, ObjectRight, Permissions, SObject, Store, standard::User,
};

use crate::{
    objects::{Client, Deal, DealUpdate, Stage, Visit},
    screen::{self, Outcome, answer, chapter, done},
    user,
};

/// What every seller may do: read clients, and work on deals whose discount they do not see.
fn sellers() -> Permissions {
    let deal = Deal::FIELDS;
    Permissions::none()
        .grant(User::NAME, [ObjectRight::Read])
        .grant(Client::NAME, [ObjectRight::Read])
        .grant_fields(Client::NAME, FieldRight::Read)
        .grant(Deal::NAME, [ObjectRight::Create, ObjectRight::Edit])
        .grant_fields(Deal::NAME, FieldRight::Edit)
        .mute_field(deal.amount, FieldRight::Edit)
        .mute_field(deal.discount, FieldRight::Read)
}

/// The permission set of those who lead: they edit the amounts, and see the discounts.
fn leads() -> Permissions {
    let deal = Deal::FIELDS;
    Permissions::none()
        .grant_field(deal.amount, FieldRight::Edit)
        .grant_field(deal.discount, FieldRight::Read)
}

/// Shows a deal to both, and what they may do with it.
pub(crate) fn rights(store: &Store) -> Outcome<()> {
    chapter(
        6,
        "What each user may see and do",
        "The profile of sellers locks a field, hides another, and has no visits.",
    );
    let system = store.system();
    let (sam, lea) = (user(&system, "Sam")?, user(&system, "Lea")?);
    let seller = store.connect(Caller::user(sam, sellers()));
    let lead = store.connect(Caller::user(lea, sellers().union(&leads())));
    let deals = system.walk::<Deal>().all()?;
    let deal = deals.iter().find(|deal| deal.discount.is_some()).ok_or("a deal has a discount")?;

    let mut table = screen::table(["Field of Deal__c", "Sam, who sells", "Lea, who also leads"]);
    for name in ["Name", "Client__c", "Stage__c", "Amount__c", "Discount__c"] {
        table.add_row([name.to_owned(), may(&seller, name)?, may(&lead, name)?]);
    }
    screen::print(&table.trim_fmt());
    println!();

    let mut table = screen::table(["Call", "By", "Answer"]);
    let mut both = |what: &str, call: &dyn Fn(&Connection) -> String| {
        for (what, who, db) in [(what, "Sam", &seller), ("", "Lea", &lead)] {
            table.add_row([what.to_owned(), who.to_owned(), call(db)]);
        }
    };
    let update = |db: &Connection, update| done(db.update(deal.id, update));
    both("set the stage", &|db| {
        update(db, DealUpdate { stage: Stage::InTalks.into(), ..DealUpdate::default() })
    });
    both("set the amount", &|db| {
        update(db, DealUpdate { amount: 9_000.0.into(), ..DealUpdate::default() })
    });
    both("set the discount", &|db| {
        update(db, DealUpdate { discount: 5.0.into(), ..DealUpdate::default() })
    });
    both("read the deal", &|db| {
        let read = db.object(Deal::NAME).and_then(|deals| deals.get(deal.id.into()));
        answer(read, |fields| format!("{} fields", fields.len()))
    });
    both("delete it", &|db| done(db.delete(deal.id)));
    both("count the visits", &|db| answer(db.count::<Visit>(), |n| format!("{n} visits")));
    screen::print(&table.trim_fmt());
    Ok(())
}

/// What describe says that a caller may do with a field of deals.
fn may(db: &Connection, name: &str) -> Outcome<String> {
    let describe = db.describe::<Deal>()?;
    let field = describe.fields.iter().find(|field| field.name == name);
    Ok(field.map_or("—", |it| if it.updateable { "edit" } else { "read" }).to_owned())
}
