//! Batches: calls over several records, which are judged one by one or stand and fall together.

use chrono::NaiveDate;
use sobject_core::{Connection, Error, Id};

use crate::{
    objects::{Client, ClientCreate, Deal, DealCreate, Stage},
    screen::{self, Outcome, answer, chapter},
};

/// The clients that the other chapters go on with.
pub(crate) struct Clients {
    pub(crate) brewery: Id<Client>,
    pub(crate) mill: Id<Client>,
}

/// Creates two clients, in one transaction.
pub(crate) fn clients(db: &Connection) -> Outcome<Clients> {
    let clients = db.transaction(|tx| {
        let brewery = tx.create(ClientCreate {
            email: Some("office@brewery.example".into()),
            ..ClientCreate::new("Harbour Brewery", "C-1001")
        })?;
        let mill = tx.create(ClientCreate::new("Old Mill", "C-1002"))?;
        Ok::<_, Error>(Clients { brewery, mill })
    })?;
    Ok(clients)
}

/// Creates deals, some of which are wrong.
pub(crate) fn deals(db: &Connection, clients: &Clients) -> Outcome<()> {
    chapter(
        2,
        "A batch, in which each record is judged on its own",
        "create_many writes what is in order, and says of the rest what is wrong:",
    );
    let nobody: Id<Client> = "a0C000000000999".parse()?;
    let close_date = NaiveDate::from_ymd_opt(2027, 1, 31);
    let deal = |client, amount| DealCreate { amount, close_date, ..DealCreate::new(client) };
    let batch = [
        ("12,000 for the brewery", deal(clients.brewery, Some(12_000.0))),
        (
            "8,400 for the mill, less 12.5 %",
            DealCreate {
                discount: Some(12.5),
                stage: Some(Stage::InTalks),
                ..deal(clients.mill, Some(8_400.0))
            },
        ),
        ("a million for the mill", deal(clients.mill, Some(1_000_000.0))),
        ("100 for a client that is not there", deal(nobody, Some(100.0))),
        ("one without an amount, as yet", deal(clients.brewery, None)),
    ];
    let creates: Vec<_> = batch.iter().map(|(_, create)| create.clone()).collect();
    let mut table = screen::table(["Deal", "Answer"]);
    for ((what, _), result) in batch.iter().zip(db.create_many(&creates)?) {
        let named = result.and_then(|id| db.get(id));
        table
            .add_row([(*what).to_owned(), answer(named, |deal| format!("created: {}", deal.name))]);
    }
    screen::print(&table.trim_fmt());

    chapter(
        3,
        "All of a batch, or nothing",
        "The same five deals with all_or_none. Two are refused, so none is written:",
    );
    let before = db.count::<Deal>()?;
    let results = db.all_or_none().create_many(&creates)?;
    let mut table = screen::table(["Deal", "Answer"]);
    for ((what, _), result) in batch.iter().zip(results) {
        let code = result.map_or_else(|error| error.status_code().to_string(), |id| id.to_string());
        table.add_row([(*what).to_owned(), code]);
    }
    screen::print(&table.trim_fmt());
    let after = db.count::<Deal>()?;
    println!("\n   Deals before and after: {before} and {after}.");
    Ok(())
}
