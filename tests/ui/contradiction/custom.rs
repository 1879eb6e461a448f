use sobject_core::SObject;

#[derive(SObject)]
#[sobject(key_prefix = "a00", name = "Rule__mdt", custom)]
struct Rule {
    #[field(create, name = "Spot__Latitude__s", custom)] latitude: f64,
    #[field(create, name = "Total__c", custom)] total: f64, // right, though `custom` adds nothing
    #[field(create, custom)] beans__c: String,
}

fn main() {}
