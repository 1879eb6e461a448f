//! Rows by hand, at constant offsets.
//!
//! ```text
//!   0   2  version
//!   2   2  null bits of the numbers
//!   4  48  12 numbers
//!  52  72  9 times and ids: created, modified, system, login, logout;
//!          created by, modified by, agent, owner
//! 124   4  where the name ends
//! 128      the name
//! ```

use std::array;

use chrono::{DateTime, Utc};
use sobject_core::{Id, Patch, Record, Ref};

use super::heads::Heads;
use crate::{
    object::{LiveAgentSession, LiveAgentSessionCreate, LiveAgentSessionUpdate},
    sample::START,
};

/// Bytes before the name.
const FIXED: usize = 128;
const VERSION: u16 = 1;
const NULLS: usize = 2;
const INTS: usize = 4;
const CREATED: usize = 52;
const MODIFIED: usize = 60;
const SYSTEM: usize = 68;
const LOGIN: usize = 76;
const LOGOUT: usize = 84;
const CREATED_BY: usize = 92;
const MODIFIED_BY: usize = 100;
const AGENT: usize = 108;
const OWNER: usize = 116;
const NAME_END: usize = 124;
/// The place of `TimeIdle` among the numbers.
const TIME_IDLE: usize = 8;

/// The bytes are no row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BadRow;

/// Writes a row. The ids come packed.
pub(super) fn encode(
    view: &LiveAgentSessionCreate,
    name: &str,
    agent: u64,
    owner: u64,
    user: u64,
) -> Vec<u8> {
    let ints = [
        view.chat_req_assigned,
        view.chat_req_declined,
        view.chat_req_engaged,
        view.chat_req_timed_out,
        view.num_flag_lowered_agent,
        view.num_flag_lowered_supervisor,
        view.num_flag_raised,
        view.time_at_capacity,
        view.time_idle,
        view.time_in_away_status,
        view.time_in_chats,
        view.time_in_online_status,
    ];
    let mut fixed = [0; FIXED];
    put(&mut fixed, 0, VERSION.to_be_bytes());
    let mut nulls = 0u16;
    for (n, int) in ints.iter().enumerate() {
        nulls |= u16::from(int.is_none()) << n;
        put(&mut fixed, INTS + 4 * n, int.unwrap_or_default().to_be_bytes());
    }
    put(&mut fixed, NULLS, nulls.to_be_bytes());
    for at in [CREATED, MODIFIED, SYSTEM] {
        put(&mut fixed, at, START.timestamp_millis().to_be_bytes());
    }
    put(&mut fixed, LOGIN, view.login_time.timestamp_millis().to_be_bytes());
    put(&mut fixed, LOGOUT, view.logout_time.timestamp_millis().to_be_bytes());
    for (at, id) in [(CREATED_BY, user), (MODIFIED_BY, user), (AGENT, agent), (OWNER, owner)] {
        put(&mut fixed, at, id.to_be_bytes());
    }
    let end = u32::try_from(name.len()).unwrap_or(u32::MAX);
    put(&mut fixed, NAME_END, end.to_be_bytes());
    let mut row = Vec::with_capacity(FIXED + name.len());
    row.extend_from_slice(&fixed);
    row.extend_from_slice(name.as_bytes());
    row
}

/// Overwrites what the view sets, and the stamps. Gives the numbers of the fields that changed;
/// `None` if an id cannot be packed.
pub(super) fn patch(
    row: &mut [u8],
    view: &LiveAgentSessionUpdate,
    heads: &Heads,
    user: u64,
) -> Option<Vec<u16>> {
    let fixed: &mut [u8; FIXED] = row.first_chunk_mut()?;
    let ints = [
        &view.chat_req_assigned,
        &view.chat_req_declined,
        &view.chat_req_engaged,
        &view.chat_req_timed_out,
        &view.num_flag_lowered_agent,
        &view.num_flag_lowered_supervisor,
        &view.num_flag_raised,
        &view.time_at_capacity,
        &view.time_idle,
        &view.time_in_away_status,
        &view.time_in_chats,
        &view.time_in_online_status,
    ];
    let mut changed = Vec::new();
    for (n, int) in ints.into_iter().enumerate() {
        let Patch::Set(new) = int else { continue };
        if self::int(fixed, n) != *new {
            let nulls = u16::from_be_bytes(load(fixed, NULLS));
            let nulls = nulls & !(1 << n) | u16::from(new.is_none()) << n;
            put(fixed, NULLS, nulls.to_be_bytes());
            put(fixed, INTS + 4 * n, new.unwrap_or_default().to_be_bytes());
            changed.extend(u16::try_from(n).ok());
        }
    }
    let mut set = |at: usize, new: u64| {
        if u64::from_be_bytes(load(fixed, at)) != new {
            put(fixed, at, new.to_be_bytes());
            changed.extend(u16::try_from(at).ok());
        }
    };
    for (at, time) in [(LOGIN, &view.login_time), (LOGOUT, &view.logout_time)] {
        if let Patch::Set(time) = time {
            set(at, time.timestamp_millis().cast_unsigned());
        }
    }
    if let Patch::Set(agent) = view.agent_id {
        set(AGENT, heads.pack(agent)?);
    }
    if let Patch::Set(owner) = view.owner_id {
        set(OWNER, heads.pack(owner)?);
    }
    for at in [MODIFIED, SYSTEM] {
        put(fixed, at, START.timestamp_millis().to_be_bytes());
    }
    put(fixed, MODIFIED_BY, user.to_be_bytes());
    Some(changed)
}

/// Reads a whole record; `None` if the bytes are no row.
pub(super) fn decode(heads: &Heads, id: u64, row: &[u8]) -> Option<Record<LiveAgentSession>> {
    let fixed: &[u8; FIXED] = row.first_chunk()?;
    Some(Record {
        id: Id::new(heads.unpack(id)?),
        is_deleted: false,
        created_date: time(fixed, CREATED)?,
        created_by_id: heads.unpack(packed(fixed, CREATED_BY))?,
        last_modified_date: time(fixed, MODIFIED)?,
        last_modified_by_id: heads.unpack(packed(fixed, MODIFIED_BY))?,
        system_modstamp: time(fixed, SYSTEM)?,
        fields: fields(heads, row)?,
    })
}

/// Reads the declared fields; `None` if the bytes are no row.
pub(crate) fn fields(heads: &Heads, row: &[u8]) -> Option<LiveAgentSession> {
    let fixed: &[u8; FIXED] = row.first_chunk()?;
    if load(fixed, 0) != VERSION.to_be_bytes() {
        return None;
    }
    let end = usize::try_from(u32::from_be_bytes(load(fixed, NAME_END))).ok()?;
    let name = std::str::from_utf8(row.get(FIXED..FIXED + end)?).ok()?;
    let [assigned, declined, engaged, timed_out, by_agent, by_supervisor, raised, times @ ..] =
        array::from_fn::<_, 12, _>(|n| int(fixed, n));
    let [at_capacity, idle, away, in_chats, online] = times;
    Some(LiveAgentSession {
        agent_id: Id::new(heads.unpack(packed(fixed, AGENT))?),
        chat_req_assigned: assigned,
        chat_req_declined: declined,
        chat_req_engaged: engaged,
        chat_req_timed_out: timed_out,
        last_referenced_date: None,
        last_viewed_date: None,
        login_time: time(fixed, LOGIN)?,
        logout_time: time(fixed, LOGOUT)?,
        name: name.to_owned(),
        num_flag_lowered_agent: by_agent,
        num_flag_lowered_supervisor: by_supervisor,
        num_flag_raised: raised,
        owner_id: Ref::new(heads.unpack(packed(fixed, OWNER))?),
        time_at_capacity: at_capacity,
        time_idle: idle,
        time_in_away_status: away,
        time_in_chats: in_chats,
        time_in_online_status: online,
    })
}

/// Reads `TimeIdle`.
pub(crate) fn time_idle(row: &[u8]) -> Result<Option<i32>, BadRow> {
    row.first_chunk().map(|fixed| int(fixed, TIME_IDLE)).ok_or(BadRow)
}

/// The packed agent and owner of a row.
pub(super) fn references(row: &[u8]) -> Option<[u64; 2]> {
    let fixed = row.first_chunk()?;
    Some([packed(fixed, AGENT), packed(fixed, OWNER)])
}

fn int(fixed: &[u8; FIXED], n: usize) -> Option<i32> {
    let nulls = u16::from_be_bytes(load(fixed, NULLS));
    // The load goes first, for a branch on a null bit cannot be predicted.
    let value = i32::from_be_bytes(load(fixed, INTS + 4 * n));
    (nulls >> n & 1 == 0).then_some(value)
}

fn packed(fixed: &[u8; FIXED], at: usize) -> u64 {
    u64::from_be_bytes(load(fixed, at))
}

fn time(fixed: &[u8; FIXED], at: usize) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_millis(i64::from_be_bytes(load(fixed, at)))
}

/// Inlined with a constant place, this is one load.
#[inline]
fn load<const N: usize>(fixed: &[u8; FIXED], at: usize) -> [u8; N] {
    fixed[at..].first_chunk().copied().unwrap_or([0; N])
}

#[inline]
fn put<const N: usize>(fixed: &mut [u8; FIXED], at: usize, bytes: [u8; N]) {
    fixed[at..at + N].copy_from_slice(&bytes);
}
