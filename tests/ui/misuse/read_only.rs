use sobject_core::SObject;

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
pub struct Invoice {
    #[field(create)]
    pub code: String,
    #[field(autonumber = "{0000}", name_field)]
    pub name: String,
}

fn main() {
    let _ = InvoiceCreate { name: "7".to_owned(), ..InvoiceCreate::new("x".to_owned()) };
    let _ = InvoiceUpdate { code: "y".to_owned().into(), ..InvoiceUpdate::default() };
}
