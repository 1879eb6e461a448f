use sobject_core::SObject;

#[derive(SObject)]
#[sobject(key_prefix = "a000", calls())]
struct Invoice {
    #[field(create)] amount: f64,
}

#[derive(SObject)]
#[sobject(key_prefix = "a01", calls(create = true, query(), "update"))]
struct Bill { #[field(create)] amount: f64 }

fn main() {}
