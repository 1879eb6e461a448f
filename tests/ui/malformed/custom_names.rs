use sobject_core::SObject;

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
#[allow(non_snake_case)]
struct Invoice__c {
    #[field(create)] Total__c: f64,
    #[field(create)] due_date__c: String,
    #[field(create, name = "Right__c")] Right__c: String,
}

fn main() {}
