use sobject_core::{Patch, SObject};

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
pub struct Invoice {
    #[field(create, update)]
    pub code: String,
    #[field(create, update)]
    pub amount: f64,
    #[field(create, nillable)]
    pub note: Option<String>,
}

fn main() {
    let _ = InvoiceCreate::new("x".to_owned());
    let _ = InvoiceCreate { note: None, ..InvoiceCreate::default() };
    let _ = InvoiceCreate { code: "x".to_owned(), ..Default::default() };
    let _ = InvoiceUpdate { code: Patch::NULL, ..InvoiceUpdate::default() };
}
