use sobject_core::{RecordId, SObject};

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, update)] agent_id: RecordId,
    #[field(create, nillable)] parent_id: Option<RecordId>,
}

fn main() {}
