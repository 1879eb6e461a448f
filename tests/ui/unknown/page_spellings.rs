use sobject_core::{Picklist, SObject};

#[derive(Picklist, Clone)]
enum Phase { New, Done }

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(Create, Filter, Group, Nillable, Sort, Update)]
    amount: Option<i32>,
    #[field(Autonumber = "{0}", Defaulted on create, Filter, idLookup, Sort)]
    name: String,
    #[field(create, Restricted picklist, Type = picklist)]
    phase: Phase,
    #[field(create, External ID, Unique, Case Sensitive, Length = 80, Label = "Key")]
    key: String,
    #[field(create, Defaulted On Create, Autonumber)]
    paid: bool,
}

fn main() { let _ = InvoiceCreate { amount: None, ..InvoiceCreate::new(Phase::New, "y") }; }
