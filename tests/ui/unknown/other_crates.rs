use sobject_core::{Id, SObject, standard::User};

#[derive(SObject)]
#[sobject(object = "Invoice", prefix = "a00", derive(Debug))]
struct Invoice {
    #[field(create, required, rename = "Code__c", max_size = 80)] code: String,
    #[field(create, optional)] note: Option<String>,
    #[field(insert, description = "Without tax", currency)] amount: f64,
    #[field(skip)] cached: String,
    #[field(readonly, string)] by: String,
    #[field(read, write)] at: String,
    #[field(create, lookup = "User", primary_key)] agent_id: Id<User>,
    #[field(create, delete, encrypted, auto_increment)] number: i32,
}

fn main() {}
