use sobject_core::SObject;

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, fliter, nilable)]
    amount: Option<f64>,
    #[field(createable, idLookup, zebra)]
    code: String,
}

fn main() {
    let _ = InvoiceCreate { amount: None, ..InvoiceCreate::new(String::new()) };
    let _ = Invoice::FIELDS.amount;
}
