use sobject_core::SObject;

mod forms {
    pub struct BillUpdate;
}
use forms::BillUpdate;

struct InvoiceCreate {
    code: String,
}

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, update)] code: String,
}

#[derive(SObject)]
#[sobject(key_prefix = "a01")]
struct Bill {
    #[field(create)] code: String, // no update sets it, so `BillUpdate` has no fields
}

fn main() {}
