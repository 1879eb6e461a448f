use sobject_core::SObject;

#[derive(SObject)]
#[sobject(key_prefix = "a00", audit_fields, calls(query))]
struct Report { #[field(filter)] total: f64 }

#[derive(SObject)]
#[sobject(key_prefix = "a01", audit_fields, system(is_deleted))]
struct Bill { #[field(create)] total: f64 }

fn main() {}
