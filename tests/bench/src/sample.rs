//! The records: sessions of many agents, the same in every run.

use chrono::{DateTime, TimeDelta, Utc};
use sobject_core::{Id, standard::User};

use crate::object::{LiveAgentSessionCreate, LiveAgentSessionUpdate};

/// The moment that both sides stamp, and the first login.
pub(crate) const START: DateTime<Utc> = DateTime::from_timestamp(1_772_352_000, 0).unwrap();

/// Numbers that look random and are the same in every run (`SplitMix64`).
#[derive(Clone)]
pub(crate) struct Random(u64);

impl Random {
    /// The numbers of this seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        // The high half of the product of the high half, which is below `end`.
        u32::try_from(((mixed >> 32) * u64::from(end)) >> 32).unwrap_or_default()
    }

    /// One of several things.
    pub(crate) fn pick<T: Copy>(&mut self, among: &[T]) -> T {
        let end = u32::try_from(among.len()).unwrap_or(u32::MAX);
        among[usize::try_from(self.below(end)).unwrap_or_default()]
    }
}

/// Sessions to create, without end.
#[derive(Clone)]
pub(crate) struct Sessions<'a> {
    random: Random,
    agents: &'a [Id<User>],
    login: DateTime<Utc>,
}

impl<'a> Sessions<'a> {
    /// Sessions of these agents.
    pub(crate) fn of(agents: &'a [Id<User>]) -> Self {
        Self { random: Random::new(1), agents, login: START }
    }

    /// A count or a time that is null in every fourth record.
    fn int(&mut self, end: u32) -> Option<i32> {
        let value = self.random.below(end);
        (self.random.below(4) > 0).then(|| i32::try_from(value).unwrap_or_default())
    }
}

impl Iterator for Sessions<'_> {
    type Item = LiveAgentSessionCreate;

    fn next(&mut self) -> Option<LiveAgentSessionCreate> {
        let agent = self.random.pick(self.agents);
        self.login += TimeDelta::seconds(self.random.below(60).into());
        let logout = self.login + TimeDelta::seconds(self.random.below(30_000).into());
        Some(LiveAgentSessionCreate {
            chat_req_assigned: self.int(60),
            chat_req_declined: self.int(10),
            chat_req_engaged: self.int(60),
            chat_req_timed_out: self.int(10),
            num_flag_lowered_agent: self.int(5),
            num_flag_lowered_supervisor: self.int(5),
            num_flag_raised: self.int(5),
            time_at_capacity: self.int(30_000),
            time_idle: self.int(30_000),
            time_in_away_status: self.int(30_000),
            time_in_chats: self.int(30_000),
            time_in_online_status: self.int(30_000),
            ..LiveAgentSessionCreate::new(agent, self.login, logout)
        })
    }
}

/// A change of one number that no index has.
pub(crate) fn change(random: &mut Random) -> LiveAgentSessionUpdate {
    let seconds = i32::try_from(random.below(30_000)).unwrap_or_default();
    LiveAgentSessionUpdate { time_idle: Some(seconds).into(), ..Default::default() }
}
