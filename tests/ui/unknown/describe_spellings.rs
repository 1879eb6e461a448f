use sobject_core::{Id, Picklist, SObject, standard::User};

#[derive(Picklist, Clone)]
enum Phase { New, Done }

#[derive(SObject)]
#[sobject(keyPrefix = "a00", labelPlural = "Invoices")]
struct Invoice {
    #[field(createable, updateable, filterable, groupable, sortable)] amount: i32,
    #[field(createable, defaultedOnCreate, inlineHelpText = "x")] paid: bool,
    #[field(createable = true, externalId, caseSensitive, unique)] key: String,
    #[field(create, restrictedPicklist, defaultValue = "New")] phase: Phase,
    #[field(create, relationshipName = "X")] agent_id: Id<User>,
    #[field(autoNumber, nameField, nillable)] name: Option<String>,
}

fn main() { let _ = Invoice::FIELDS.key; }
