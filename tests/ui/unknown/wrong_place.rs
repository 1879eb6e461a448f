use sobject_core::SObject;

#[derive(SObject)]
#[sobject(key_prefix = "a00", nillable)]
#[field(create)]
struct Invoice {
    #[field(create, plural = "Amounts")]
    #[sobject(label = "Amount")]
    amount: f64,
    #[field(crate)] code: String,
}

fn main() {
    let _ = InvoiceCreate::new(1.5, "x".to_owned());
}
