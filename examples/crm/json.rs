//! JSON in and out: the same rules for records that another system sends, and records and answers as
//! an org would send them.

use serde_json::Value as Json;
use sobject_core::{Connection, JsonRecord, SObject, SaveResult};

use crate::{
    batch::Clients,
    objects::{Client, ClientCreate, Deal, VisitCreate},
    screen::{self, Outcome, answer, chapter},
};

/// Clients as another system sends them. Keys are API names, in any case.
const CLIENTS: &str = r#"[
    { "Name": "North Pier Hotel", "Code__c": "C-1003", "Email__c": "Desk@Pier.example" },
    { "name": "City Bakery",      "code__c": "C-1004" },
    { "Name": "The Brewery",      "Code__c": "c-1001" },
    { "Name": "Fish & Co",        "Code__c": "C-1005", "Email__c": "not an address" },
    { "Name": "Ferry Line",       "Code__c": "C-1006", "Phone__c": "555 0199" },
    { "Name": "Lighthouse" }
]"#;

/// A visit for a deal.
const VISIT: &str = r#"{
    "Deal__c": "DEAL",
    "Begins__c": "2026-11-26T09:30:00+01:00",
    "Topics__c": "Price;Contract"
}"#;

/// Reads records from JSON, and writes records and answers as JSON.
pub(crate) fn json(db: &Connection, clients: &Clients) -> Outcome<()> {
    chapter(
        4,
        "JSON in: the same rules for records from elsewhere",
        "An array that another system sent. Refusals have an org's codes and fields:",
    );
    let records: Vec<JsonRecord> = serde_json::from_str(CLIENTS)?;
    let results = db.object(Client::NAME)?.create_many(&records)?;
    let mut table = screen::table(["Client", "Answer"]);
    for (record, result) in records.iter().zip(results) {
        let name = record.values().next().and_then(Json::as_str).unwrap_or_default();
        table.add_row([name.to_owned(), answer(result, |id| format!("created: {id}"))]);
    }
    screen::print(&table.trim_fmt());

    chapter(
        5,
        "JSON out: what an org sends",
        "A visit came as JSON and was read as a struct. Its record, as JSON again:",
    );
    let deals = db.find(Deal::FIELDS.client, clients.mill)?;
    let deal = deals.first().ok_or("the mill has a deal")?.id;
    let visit = VISIT.replace("DEAL", &deal.to_string());
    let id = db.create(serde_json::from_str::<VisitCreate>(&visit)?)?;
    screen::print(&serde_json::to_string_pretty(&db.get(id)?)?);

    println!("\n   And the answer to a create without a code:");
    let refused = db.create_many(&[ClientCreate::new("Nobody", "")])?;
    let answers: Vec<_> = refused.iter().map(SaveResult::created).collect();
    screen::print(&serde_json::to_string_pretty(&answers)?);
    Ok(())
}
