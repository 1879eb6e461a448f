//! Stores and connections that several threads use.

use std::{
    collections::BTreeSet,
    sync::{Barrier, mpsc},
    thread,
};

use sobject_core::{
    Caller, Connection, Error, Id, JsonRecord, Page, Record, Records, Result, ResumeKey, Session,
    Store, Untyped, UntypedSession, Walk,
};

use crate::desk::{Desk, LiveAgentSession, Part, PartCreate};

/// Compiles if `T` may be shared by threads and kept.
const fn is_shared<T: Clone + Send + Sync + 'static>() {}

/// Compiles if `T` may be sent to another thread.
const fn is_sent<T: Send + Sync + 'static>() {}

const _: () = {
    is_shared::<Store>();
    is_shared::<Connection>();
    is_shared::<Untyped>();
    is_shared::<Session>();
    is_shared::<UntypedSession>();
    is_shared::<Caller>();
    is_shared::<ResumeKey>();
    is_shared::<Page<Record<LiveAgentSession>>>();
    is_shared::<Id<LiveAgentSession>>();
    is_sent::<Error>();
    is_sent::<Walk<Session, Record<LiveAgentSession>>>();
    is_sent::<Records<Session, Record<LiveAgentSession>>>();
    is_sent::<Records<Session, JsonRecord>>();
};

#[test]
fn writers_on_several_threads_take_turns() {
    const WRITERS: usize = 4;
    const RECORDS: usize = 25;
    let desk = Desk::new();
    let start = Barrier::new(WRITERS);
    let written: Vec<Vec<Id<LiveAgentSession>>> = thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|_| {
                scope.spawn(|| {
                    start.wait();
                    (0..RECORDS).map(|_| desk.db.create(desk.session()).unwrap()).collect()
                })
            })
            .collect();
        writers.into_iter().map(|writer| writer.join().unwrap()).collect()
    });
    for ids in &written {
        assert!(ids.is_sorted(), "each writer's numbers ascend");
    }
    let ids: BTreeSet<_> = written.iter().flatten().collect();
    assert_eq!(ids.len(), WRITERS * RECORDS);
    let names: BTreeSet<_> = ids.iter().map(|id| desk.get(**id).fields.name).collect();
    assert_eq!(names.len(), WRITERS * RECORDS);
    desk.verify();
}

#[test]
fn a_reader_sees_each_transaction_whole() {
    const PAIRS: u64 = 30;
    let desk = Desk::new();
    let (done, is_done) = mpsc::channel::<()>();
    let counts = thread::scope(|scope| {
        let desk = &desk;
        let reader = scope.spawn(move || {
            let mut counts = vec![];
            while is_done.try_recv() != Err(mpsc::TryRecvError::Disconnected) {
                counts.push(desk.count::<Part>());
            }
            counts.push(desk.count::<Part>());
            counts
        });
        for _ in 0..PAIRS {
            desk.db
                .transaction(|tx| {
                    tx.create(PartCreate::new("left"))?;
                    tx.create(PartCreate::new("right"))
                })
                .unwrap();
        }
        drop(done);
        reader.join().unwrap()
    });
    assert!(counts.iter().all(|count| count % 2 == 0), "{counts:?}");
    assert!(counts.is_sorted(), "{counts:?}");
    assert_eq!(counts.last(), Some(&(2 * PAIRS)));
    desk.verify();
}

#[test]
fn what_was_written_is_seen_by_every_thread_at_once() {
    let desk = Desk::new();
    let (send, receive) = mpsc::channel::<Id<Part>>();
    thread::scope(|scope| {
        let desk = &desk;
        let reader = scope.spawn(move || {
            receive.iter().map(|id| desk.db.get(id).map(drop)).collect::<Result<Vec<()>>>()
        });
        for _ in 0..50 {
            send.send(desk.db.create(PartCreate::new("Wheel")).unwrap()).unwrap();
        }
        drop(send);
        assert_eq!(reader.join().unwrap().unwrap().len(), 50);
    });
    desk.verify();
}

#[test]
fn a_writer_waits_for_the_transaction_of_another_thread() {
    let desk = Desk::new();
    let inside = Barrier::new(2);
    thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            inside.wait();
            let id = desk.db.create(PartCreate::new("second")).unwrap();
            // This write waited for the other transaction, so it sees what that one wrote.
            assert_eq!(desk.db.find(Part::FIELDS.name, "first").unwrap().len(), 1);
            id
        });
        desk.db
            .transaction(|tx| {
                inside.wait();
                tx.create(PartCreate::new("first"))
            })
            .unwrap();
        let second = waiting.join().unwrap();
        assert_eq!(desk.get(second).name, "second");
    });
    desk.verify();
}
