use sobject_core::{soql, standard::{Group, User}, Id, Picklist, SObject};

#[derive(Picklist, Clone)]
enum Phase { Open, Done }

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Visit {
    #[field(create, nillable, filter)]
    guests: Option<i32>,
    #[field(create, filter, restricted)]
    phase: Phase,
    #[field(create, filter)]
    agent_id: Id<User>,
}

fn main() {
    let text = "three";
    let group: Option<Id<Group>> = None;
    let ids = [3, 4];
    let _ = soql!("SELECT Id FROM Visit WHERE Guests > :text");
    let _ = soql!("SELECT Id FROM Visit WHERE Phase = :text");
    let _ = soql!("SELECT Id FROM Visit WHERE AgentId = :group");
    let _ = soql!("SELECT Id FROM Visit WHERE AgentId IN :ids");
    let _ = soql!("SELECT Id FROM Visit WHERE Guests IN :text");
    let _ = soql!("SELECT Id FROM Visit LIMIT :text");
    let _ = soql!("SELECT Id FROM Visit WHERE Guests > :unknown");
    let _ = soql!("SELECT Id FROM Visit", low = 5);
}
