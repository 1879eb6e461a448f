use sobject_core::SObject;

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, nillable, autonumber = "{0}")] number: String,
    #[field(update, per_caller)] last_viewed_date: bool,
    #[field(create, nillable)] right: Option<String>,
}

fn main() {
    let _ = InvoiceCreate { right: None, ..InvoiceCreate::new() };
}
