use sobject_core::{Id, SObject, chrono::{DateTime, Utc}, standard::User};

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    id: Id<Invoice>,
    #[field(group)] created_date: DateTime<Utc>,
    #[field(filter)] is_deleted: bool,
    #[field(create, nillable, name = "LASTMODIFIEDBYID")] changed_by: Id<User>,
    #[field(create)] system_modstamp: u8,
    #[field(create)] total: f64, // right
}

#[derive(SObject)]
#[sobject(key_prefix = "a01")]
struct Bill {
    #[field(id_lookup)] id: String,
}

fn main() {}
