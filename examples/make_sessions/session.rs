//! A session of an agent, simulated from login to logout.
//!
//! Requests come, and are taken, declined or left to time out. Several chats may run at once. A
//! break begins when the last chat is over. The counters are kept while the session runs, so they
//! agree with each other as those of a real session do.

use chrono::{DateTime, TimeDelta, Timelike, Utc};

use crate::{random::Random, staff::Agent};

/// Mean seconds between two requests to an agent, in an hour with average demand.
const MEAN_GAP: i64 = 980;
/// The demand of each hour in percent of the average, from 07:00 UTC on.
const DEMAND: [i64; 16] = [55, 75, 105, 130, 125, 105, 95, 110, 125, 120, 105, 95, 85, 70, 60, 45];
/// Seconds before the planned logout in which no new chat begins.
const WIND_DOWN: i64 = 8 * 60;

/// How a session ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// The agent stops taking requests, finishes the running chats and logs out.
    Planned,
    /// The browser crashes, and the running chats with it.
    Crash,
}

/// The counters of a session, with times in seconds.
pub(crate) struct Session {
    pub(crate) login: DateTime<Utc>,
    pub(crate) logout: DateTime<Utc>,
    pub(crate) assigned: i64,
    pub(crate) declined: i64,
    pub(crate) engaged: i64,
    pub(crate) timed_out: i64,
    pub(crate) flags_raised: i64,
    pub(crate) flags_lowered_by_agent: i64,
    pub(crate) flags_lowered_by_supervisor: i64,
    pub(crate) at_capacity: i64,
    pub(crate) idle: i64,
    pub(crate) away: i64,
    pub(crate) in_chats: i64,
    pub(crate) online: i64,
}

impl Session {
    /// Simulates a session of `agent` that begins at `login` and should end after `planned`
    /// seconds.
    pub(crate) fn play(
        agent: &Agent,
        login: DateTime<Utc>,
        planned: i64,
        ending: Ending,
        random: &mut Random,
    ) -> Self {
        let mut it = Self {
            login,
            logout: login,
            assigned: 0,
            declined: 0,
            engaged: 0,
            timed_out: 0,
            flags_raised: 0,
            flags_lowered_by_agent: 0,
            flags_lowered_by_supervisor: 0,
            at_capacity: 0,
            idle: 0,
            away: 0,
            in_chats: 0,
            online: 0,
        };
        // A few seconds pass between the login and the first status. They count as neither online
        // nor away, so the two times add up to a little less than the session.
        let mut now = random.within(0..=9);
        let mut chat_ends = Vec::with_capacity(agent.capacity);
        let mut next_request = now + random.skewed(gap(login));
        let mut next_break = now + random.within(75 * 60..=150 * 60);
        let last_request = if ending == Ending::Crash { planned } else { planned - WIND_DOWN };
        while now < planned || (ending == Ending::Planned && !chat_ends.is_empty()) {
            // No break begins shortly before the end of the session.
            let break_is_due = (next_break..planned - 2 * WIND_DOWN).contains(&now);
            if break_is_due && chat_ends.is_empty() {
                let pause = random.within(4 * 60..=15 * 60);
                it.away += pause;
                now += pause;
                next_break = now + random.within(75 * 60..=150 * 60);
                next_request = now + random.skewed(gap(login + TimeDelta::seconds(now)));
                continue;
            }
            let request = next_request.max(now);
            let takes_requests =
                chat_ends.len() < agent.capacity && request < last_request && !break_is_due;
            // What comes next: a request, the end of a chat, a break or the planned end.
            let until = [next_break, planned]
                .into_iter()
                .filter(|&at| at > now)
                .chain(takes_requests.then_some(request))
                .chain(chat_ends.iter().copied())
                .min()
                .unwrap_or(planned);
            it.pass(until - now, chat_ends.len(), agent.capacity);
            now = until;
            chat_ends.retain(|&end| end > now);
            if takes_requests && now == request {
                if it.answer(agent, random) {
                    chat_ends.push(now + 45 + random.skewed(agent.chat_length));
                }
                let gap = gap(login + TimeDelta::seconds(now));
                next_request = now + 5 + random.skewed(gap);
            }
        }
        it.idle = it.online - it.in_chats;
        it.logout = login + TimeDelta::seconds(now + random.within(0..=3));
        it
    }

    /// Counts `seconds` online, in which `n_chats` were running.
    fn pass(&mut self, seconds: i64, n_chats: usize, capacity: usize) {
        self.online += seconds;
        if n_chats > 0 {
            self.in_chats += seconds;
        }
        if n_chats == capacity {
            self.at_capacity += seconds;
        }
    }

    /// Counts a request and the agent's answer to it; true if it became a chat.
    fn answer(&mut self, agent: &Agent, random: &mut Random) -> bool {
        self.assigned += 1;
        if random.chance(agent.takes) {
            self.engaged += 1;
            if random.chance(agent.asks) {
                self.flags_raised += 1;
                // One flag in twelve is still up when the session ends.
                match random.within(1..=12) {
                    1..=7 => self.flags_lowered_by_supervisor += 1,
                    8..=11 => self.flags_lowered_by_agent += 1,
                    _ => {}
                }
            }
            return true;
        }
        if random.chance(agent.declines) {
            self.declined += 1;
        } else {
            self.timed_out += 1;
        }
        false
    }
}

/// Mean seconds until the next request at a time of day.
fn gap(at: DateTime<Utc>) -> i64 {
    let hour = usize::try_from(at.hour()).unwrap_or_default();
    let percent = hour.checked_sub(7).and_then(|n| DEMAND.get(n)).copied().unwrap_or(30);
    MEAN_GAP * 100 / percent
}
