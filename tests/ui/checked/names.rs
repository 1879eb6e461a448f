use sobject_core::{soql, standard::{Group, User}, Id, Picklist, Ref, SObject};

#[derive(Picklist, Clone)]
enum Phase { Open, Done }

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Visit {
    #[field(create, filter, sort)]
    guests: i32,
    #[field(create)]
    notes: String,
    #[field(create, filter, restricted)]
    phase: Phase,
    #[field(create, filter, relationship = "Agent")]
    agent_id: Id<User>,
    #[field(create, filter, relationship = "Owner")]
    owner_id: Ref<(Group, User)>,
}

fn main() {
    let _ = soql!("SELECT Id, Gusts FROM Visit");
    let _ = soql!("SELECT Id FROM Visit WHERE Notes = 'x' AND Guets > 3");
    let _ = soql!("SELECT Id FROM Visit WHERE Agnet.Name = 'x'");
    let _ = soql!("SELECT Id, Agent.Nmae, Owner.Nmae, Guests.Name FROM Visit");
    let _ = soql!("SELECT Id FROM Visit ORDER BY Notes, Phase");
    let _ = soql!("SELECT Guests FROM Visit GROUP BY Guests");
    let _ = soql!("SELECT SUM(Notes), COUNT(Notes), toLabel(Guests) FROM Visit");
    let _ = soql!("SELECT Id FROM Visit WHERE Guests = 'three' AND AgentId = 5 AND CreatedDate = TRUE");
}
