//! The two sides, loaded with the same records, and the proof that they stay the same.

use std::{ops::ControlFlow, path::Path};

use sobject_core::{
    Connection, Error, Id, ManualClock, SObject, Store,
    standard::{Group, User, UserCreate},
};

use crate::{
    Outcome,
    baseline::ByHand,
    object::LiveAgentSession,
    sample::{START, Sessions},
};

/// Records in a call, as many as it takes.
pub(crate) const CALL: u32 = 200;
/// Records that are loaded in a transaction before anything is measured.
const LOADED: u32 = 10_000;
/// Records of an agent, about.
const OF_AN_AGENT: u32 = 100;

/// The same records on both sides.
pub(crate) struct Sides {
    pub(crate) by_hand: ByHand,
    pub(crate) store: Store,
    pub(crate) db: Connection,
    pub(crate) agents: Vec<Id<User>>,
    /// Those that were there at the start.
    pub(crate) ids: Vec<Id<LiveAgentSession>>,
}

impl Sides {
    /// Makes both files in `dir`, with `n` records each.
    pub(crate) fn load(dir: &Path, n: u32) -> Outcome<Self> {
        let objects = [Group::OBJECT, User::OBJECT, LiveAgentSession::OBJECT];
        let clock = ManualClock::at(START);
        let store = Store::builder().clock(clock).open(dir.join("sobject.redb"), &objects)?;
        let db = store.system();
        let agents: Vec<_> = (0..n / OF_AN_AGENT)
            .map(|agent| UserCreate::new(format!("Agent {agent}"), format!("{agent}@example.com")))
            .map(|view| db.create(view))
            .collect::<Result<_, _>>()?;
        let mut sessions = Sessions::of(&agents);
        let mut ids = Vec::new();
        // The first record tells the id of the system user, who writes everything.
        let first = [sessions.next().ok_or("no sessions")?];
        ids.push(db.create(&first[0])?);
        let user = db.get(ids[0])?.created_by_id;
        let by_hand = ByHand::open(&dir.join("by_hand.redb"), user)?;
        by_hand.create(&first)?;
        let mut left = n - 1;
        while left > 0 {
            let n_views = left.min(LOADED);
            let views: Vec<_> = sessions.by_ref().take(usize::try_from(n_views)?).collect();
            by_hand.create(&views)?;
            db.transaction(|tx| {
                for view in &views {
                    ids.push(tx.create(view)?);
                }
                Ok::<_, Error>(())
            })?;
            left -= n_views;
        }
        Ok(Self { by_hand, store, db, agents, ids })
    }

    /// Fails unless both sides hold the same records, and sobject's file is consistent.
    pub(crate) fn check_same(&self) -> Outcome<()> {
        let mut by_hand = Vec::new();
        self.by_hand.scan(|record| by_hand.push(record))?;
        let mut rest = by_hand.into_iter();
        let mut differing = None;
        self.db.scan::<LiveAgentSession>(|ours| match rest.next() {
            Some(record) if record == ours => ControlFlow::Continue(()),
            record => {
                differing = Some((record, ours));
                ControlFlow::Break(())
            }
        })?;
        if let Some((record, ours)) = differing {
            return Err(format!("the sides differ: {record:#?}\n{ours:#?}").into());
        }
        if rest.next().is_some() {
            return Err("by hand there are more records".into());
        }
        self.store.verify()?;
        Ok(())
    }
}
