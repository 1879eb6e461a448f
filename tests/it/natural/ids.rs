//! Ids and references: compared, turned into each other, and told apart by their objects.

use sobject_core::{
    Any, Id, RecordId, Ref,
    standard::{Group, User},
};

const USER: &str = "005xx0000000001";
const GROUP: &str = "00Gxx0000000001";

#[test]
fn ids_and_references_to_one_record_are_equal() {
    let user: Id<User> = USER.parse().unwrap();
    let raw: RecordId = USER.parse().unwrap();
    let owner: Ref<(Group, User)> = user.to_ref();
    let any: Ref<Any> = user.to_ref();
    assert_eq!(user, raw);
    assert_eq!(raw, user);
    assert_eq!(owner, user);
    assert_eq!(user, owner);
    assert_eq!(owner, raw);
    assert_eq!(raw, owner);
    assert_eq!(any, user);
    let queue: Id<Group> = GROUP.parse().unwrap();
    assert_ne!(owner, queue);
    assert_ne!(queue, owner);
    assert_ne!(queue, raw);
    assert_ne!(any, queue);
}

#[test]
fn a_reference_is_an_id_of_the_object_that_its_key_prefix_names() {
    let user: Id<User> = USER.parse().unwrap();
    let queue: Id<Group> = GROUP.parse().unwrap();
    let owners: [Ref<(Group, User)>; 2] = [user.to_ref(), Ref::to(queue)];
    assert_eq!(owners.map(Ref::downcast::<User>), [Some(user), None]);
    assert_eq!(owners.map(Ref::downcast::<Group>), [None, Some(queue)]);
    let any: [Ref<Any>; 2] = [user.to_ref(), queue.to_ref()];
    assert_eq!(any.map(Ref::downcast::<Group>), [None, Some(queue)]);
    assert_eq!(queue.record_id().downcast::<User>(), None);
    assert_eq!(user.record_id().downcast::<User>(), Some(user));
}
