//! The objects as the store describes them.

use sobject_core::{Connection, SObject};

use crate::{
    objects::{Client, Deal, Visit},
    screen::{self, Outcome, chapter},
};

/// Prints the declared fields of each object.
pub(crate) fn objects(db: &Connection) -> Outcome<()> {
    chapter(
        1,
        "Three objects that refer to each other",
        "Each is a Rust struct with `custom`. The store describes it as an org does:",
    );
    let mut table = screen::table(["Object", "Field", "Type", "Words", "Followed as"]);
    for object in [Client::NAME, Deal::NAME, Visit::NAME] {
        let describe = db.describe_sobject(object)?;
        let declared = describe.fields.iter().filter(|field| field.custom || field.name_field);
        for (n, field) in declared.enumerate() {
            let object = if n == 0 { object } else { "" };
            let uses = [
                (field.createable, "create"),
                (field.updateable, "update"),
                (field.nillable, "nillable"),
                (field.unique, "unique"),
            ];
            let uses: Vec<_> = uses.iter().filter(|(is_so, _)| *is_so).map(|(_, it)| *it).collect();
            let followed = field.relationship_name.as_deref().unwrap_or_default();
            let (name, of) = (field.name.as_str(), field.field_type.name());
            table.add_row([object, name, of, &uses.join(", "), followed]);
        }
    }
    screen::print(&table.trim_fmt());
    Ok(())
}
