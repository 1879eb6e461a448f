use sobject_core::SObject;

#[derive(SObject)]
#[sobject(key_prefix = "a0-", name = "2Invoices")]
struct Invoice {
    #[field(create, name = "Total__y")] total: f64,
    #[field(create, name = "Due Date")] due: String,
    #[field(create)] größe: f64,
}

fn main() {}
