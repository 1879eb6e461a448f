use sobject_core::{Id, Ref, SObject, chrono::{DateTime, Utc}, standard::{Group, User}};

#[derive(SObject)]
#[sobject(key_prefix = "a00", custom)]
struct Invoice {
    #[field(create, name_field)] name: String, // right: a standard field
    #[field(create, defaulted_on_create)] owner_id: Ref<(Group, User)>, // right
    #[field(create, nillable, name = "RecordTypeID")] record_type: Option<String>, // right
    #[field(nillable, per_caller)] last_viewed_date: Option<DateTime<Utc>>, // right
    #[field(create, custom)] total: f64, // right
    #[field(create, name = "Tax__c")] tax: f64, // right
    #[field(create)] amount_due: f64,
    #[field(create, name = "Note")] text: String,
    #[field(create, nillable, relationship = "Payer__r")] payer: Option<Id<User>>,
}

#[derive(SObject)]
#[sobject(key_prefix = "a01", name = "acme__Bill__c")]
struct Bill {
    #[field(create)] due: String,
}

fn main() {}
