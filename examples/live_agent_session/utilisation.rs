//! The table of agents: how many chats each had, and which part of the time online was spent in
//! them.

use std::{cmp::Reverse, ops::Add};

use comfy_table::{CellAlignment, ColumnConstraint, Row, Table, Width};
use serde_json::Value;
use sobject_core::{Connection, Error, JsonRecord};

use crate::screen::{self, counted, grouped};

/// What the table shows, an agent a row. An agent's user may have been deleted, and has no name then.
const PER_AGENT: &str = "\
    SELECT AgentId, Agent.Name agent, COUNT(Id) sessions, SUM(ChatReqAssigned) assigned, \
           SUM(ChatReqEngaged) engaged, SUM(ChatReqDeclined) declined, \
           SUM(ChatReqTimedOut) timedOut, SUM(TimeInOnlineStatus) online, \
           SUM(TimeInChats) inChats, SUM(TimeInAwayStatus) away, SUM(TimeAtCapacity) atCapacity \
    FROM LiveAgentSession \
    GROUP BY AgentId, Agent.Name \
    ORDER BY AgentId";

/// How many agents have a line of their own; the others share one.
const N_NAMED: usize = 15;
/// From this many hours in all on, hours are printed without tenths.
const WHOLE_HOURS_FROM: i64 = 1000;

/// Sums over sessions; times in seconds.
#[derive(Clone, Copy, Default)]
struct Sums {
    sessions: i64,
    assigned: i64,
    engaged: i64,
    declined: i64,
    timed_out: i64,
    online: i64,
    in_chats: i64,
    away: i64,
    at_capacity: i64,
}

impl Sums {
    /// The sums of a row. One over counters of which none was recorded counts as 0.
    fn of(row: &JsonRecord) -> Self {
        // Sums are doubles, as in an org.
        #[expect(clippy::cast_possible_truncation, reason = "the sum of whole numbers is one")]
        let sum = |name: &str| row.get(name).and_then(Value::as_f64).unwrap_or_default() as i64;
        Self {
            sessions: sum("sessions"),
            assigned: sum("assigned"),
            engaged: sum("engaged"),
            declined: sum("declined"),
            timed_out: sum("timedOut"),
            online: sum("online"),
            in_chats: sum("inChats"),
            away: sum("away"),
            at_capacity: sum("atCapacity"),
        }
    }

    /// The time in chats in thousandths of the time online; `None` if there was no time online.
    fn utilisation(&self) -> Option<i64> {
        (self.online > 0).then(|| (1000 * self.in_chats + self.online / 2) / self.online)
    }

    fn cells(&self, in_tenths: bool) -> [String; 10] {
        let hours = |seconds: i64| {
            if in_tenths {
                let tenths = (seconds + 180) / 360;
                format!("{}.{}", tenths / 10, tenths % 10)
            } else {
                grouped((seconds + 1800) / 3600)
            }
        };
        let percent = |per_mille: i64| format!("{}%", (per_mille + 5) / 10);
        [
            grouped(self.sessions),
            grouped(self.assigned),
            grouped(self.engaged),
            grouped(self.declined),
            grouped(self.timed_out),
            hours(self.online),
            hours(self.in_chats),
            hours(self.away),
            hours(self.at_capacity),
            self.utilisation().map_or_else(|| "-".to_owned(), percent),
        ]
    }
}

impl Add for Sums {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            sessions: self.sessions + other.sessions,
            assigned: self.assigned + other.assigned,
            engaged: self.engaged + other.engaged,
            declined: self.declined + other.declined,
            timed_out: self.timed_out + other.timed_out,
            online: self.online + other.online,
            in_chats: self.in_chats + other.in_chats,
            away: self.away + other.away,
            at_capacity: self.at_capacity + other.at_capacity,
        }
    }
}

/// Sums up the live sessions of a store, the busiest agents first.
pub(crate) fn table(db: &Connection) -> Result<Table, Error> {
    let found = db.soql(PER_AGENT)?;
    let name = |row: &JsonRecord| {
        let text = |key: &str| row.get(key).and_then(Value::as_str);
        text("agent").or_else(|| text("AgentId")).unwrap_or_default().to_owned()
    };
    let mut agents: Vec<(String, Sums)> =
        found.records.iter().map(|row| (name(row), Sums::of(row))).collect();
    agents.sort_by_key(|(_, sums)| Reverse(sums.utilisation()));
    let sum = |agents: &[(String, Sums)]| {
        agents.iter().map(|(_, sums)| *sums).fold(Sums::default(), Add::add)
    };
    let total = sum(&agents);
    let (busiest, others) = agents.split_at(agents.len().min(N_NAMED));

    let mut lines = busiest.to_vec();
    if !others.is_empty() {
        lines.push((format!("{} others", counted(others.len())), sum(others)));
    }
    lines.push((format!("All {}", counted(agents.len())), total));
    Ok(draw(&lines, total.online < WHOLE_HOURS_FROM * 3600))
}

/// The table of these lines.
fn draw(lines: &[(String, Sums)], in_tenths: bool) -> Table {
    // Eleven columns fit into 80 characters only if their titles are hyphenated.
    let mut table = screen::table(
        1,
        [
            "Agent",
            "Ses-\nsions",
            "As-\nsigned",
            "En-\ngaged",
            "De-\nclined",
            "Timed\nout",
            "Hours\nonline",
            "In\nchats",
            "Away",
            "At ca-\npacity",
            "Utili-\nsation",
        ],
    );
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    if let Some(column) = table.column_mut(0) {
        column.set_constraint(ColumnConstraint::UpperBoundary(Width::Fixed(15)));
    }
    for (name, sums) in lines {
        let cells = std::iter::once(name.clone()).chain(sums.cells(in_tenths));
        let mut row = Row::from(cells);
        // A long name is cut and not wrapped.
        row.max_height(1);
        table.add_row(row);
    }
    table
}
