//! Evolution: the file is opened by a later version of the program, whose structs have changed.

use std::path::Path;

use chrono::NaiveDate;
use sobject_core::{
    Definition, SObject, Store,
    standard::{Group, User},
};

use crate::{
    later,
    objects::{Client, Visit},
    screen::{self, Outcome, chapter},
};

/// Opens the file with other deals, which fit the records, and with other clients, which do not.
pub(crate) fn evolution(file: &Path) -> Outcome<()> {
    chapter(
        7,
        "A year later: the structs have changed, the file stays",
        "`amount` is now called `value`, `channel` is new, `discount` is not listed:",
    );
    let store = Store::open(file, &with(Client::OBJECT))?;
    let db = store.system();
    let mut table = screen::table(["Deal", "Stage", "Value", "Channel", "Closes"]);
    for deal in db.walk::<later::Deal>() {
        let deal = deal?;
        let value = deal.value.map_or_else(String::new, |value| format!("{value:.2}"));
        let closes = deal.close_date.map_or_else(String::new, |day| day.to_string());
        let (stage, channel) = (format!("{:?}", deal.stage), format!("{:?}", deal.channel));
        table.add_row([deal.name.clone(), stage, value, channel, closes]);
    }
    screen::print(&table.trim_fmt());
    println!();
    for dormant in store.dormant() {
        println!("   {dormant}: its values are back when it is listed again.");
    }
    let day = NaiveDate::from_ymd_opt(2027, 1, 31);
    let found = db.find(later::Deal::FIELDS.close_date, day)?;
    println!("   Deals that close on 2027-01-31, by the new index: {}.", found.len());
    let verified = store.verify()?;
    println!("   The store proves itself consistent: {} live records.", verified.live);
    drop((db, store));

    chapter(
        8,
        "A change that the records do not fit is refused",
        "Codes of four characters at most. The answer names the field and the records:",
    );
    let Err(refused) = Store::open(file, &with(later::shorter::Client::OBJECT)) else {
        return Err("the file was opened with codes that are too short".into());
    };
    screen::print(&wrapped(&refused.to_string()));
    println!("\n   The file is as it was.");
    Ok(())
}

/// The objects of the later version, with these clients.
fn with(client: &'static Definition) -> [&'static Definition; 5] {
    [Group::OBJECT, User::OBJECT, client, later::Deal::OBJECT, Visit::OBJECT]
}

/// A text in lines that fit the screen.
fn wrapped(text: &str) -> String {
    let mut lines = String::new();
    let mut width = 0;
    for word in text.split(' ') {
        if width > 0 && width + 1 + word.len() > 77 {
            lines.push('\n');
            width = 0;
        } else if width > 0 {
            lines.push(' ');
            width += 1;
        }
        lines.push_str(word);
        width += word.len();
    }
    lines
}
