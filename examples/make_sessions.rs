//! Makes the files that the example `live_agent_session` loads: `data/agents.csv` and
//! `data/sessions.csv`.
//!
//! They show four months of an invented chat desk, with shifts and breaks, busy Mondays and quiet
//! weekends, quick agents and new ones, and a few dozen rows that a store must refuse. The files
//! are committed, so this need not be run. It shows where they come from, can make others, and can
//! check that they were not edited by hand.
//!
//! ```text
//! cargo run --example make_sessions              writes the two files
//! cargo run --example make_sessions -- --check   compares the files with what it would write
//! ```
//!
//! **Invariant:** this program makes the same bytes on every machine and on every day. It reads no
//! clock.

#[path = "make_sessions/mistakes.rs"]
mod mistakes;
#[path = "make_sessions/random.rs"]
mod random;
#[path = "make_sessions/row.rs"]
mod row;
#[path = "make_sessions/session.rs"]
mod session;
#[path = "make_sessions/staff.rs"]
mod staff;

use std::{error::Error, fs, path::Path, process::ExitCode};

use chrono::{NaiveDate, NaiveTime, TimeDelta};
use clap::Parser;

use crate::{
    random::Random,
    row::{COLUMNS, Column, Row},
    session::{Ending, Session},
    staff::Agent,
};

/// The folder of the files.
const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data");
/// The seed of the random numbers. Another number makes another desk.
const SEED: u64 = 0x0005_0B1E_C7ED;
/// Seventeen weeks and a half, from a Monday on.
const N_DAYS: i64 = 122;
/// The desk's older software did not record the time at capacity before this day.
const CAPACITY_RECORDED_FROM: &str = "2025-09-15";

/// Make the agent and session files of the main job
#[derive(Parser)]
struct Arguments {
    /// Compare the files with what would be written, and write nothing
    #[arg(long)]
    check: bool,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("make_sessions: {e}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let first_day = NaiveDate::from_ymd_opt(2025, 9, 1).ok_or("no such first day")?;
    let agents = staff::agents(SEED, first_day);
    let mut rows = sessions(&agents, first_day);
    leave_gaps(&mut rows, &mut Random::new(SEED, 2000));
    let n_wrong = mistakes::scatter(&mut rows, &mut Random::new(SEED, 3000));

    let agent_lines = agents.iter().map(|agent| [agent.username.as_str(), agent.name]);
    finish("agents.csv", &csv_text(["Username", "Name"], agent_lines)?, arguments.check)?;
    let session_lines = rows.iter().map(|row| row.0.each_ref().map(String::as_str));
    finish("sessions.csv", &csv_text(COLUMNS, session_lines)?, arguments.check)?;
    println!("{} agents, {} sessions, {n_wrong} of them wrong", agents.len(), rows.len());
    Ok(())
}

/// The sessions of all agents in order of their logins.
fn sessions(agents: &[Agent], first_day: NaiveDate) -> Vec<Row> {
    let mut sessions = Vec::new();
    for (agent, stream) in agents.iter().zip(1000..) {
        let mut random = Random::new(SEED, stream);
        for n in 0..N_DAYS {
            let day = first_day + TimeDelta::days(n);
            if agent.works_on(day, &mut random) {
                let day = sessions_of_day(agent, day, &mut random);
                sessions.extend(day.into_iter().map(|it| (it.login, Row::of(agent, &it))));
            }
        }
    }
    // The sort is stable: if agents logged in at the same second, they are in the order of names.
    sessions.sort_by_key(|&(login, _)| login);
    sessions.into_iter().map(|(_, row)| row).collect()
}

/// The sessions of an agent on one day, one after the other.
fn sessions_of_day(agent: &Agent, day: NaiveDate, random: &mut Random) -> Vec<Session> {
    // Most people come a little early, some are late.
    let start = agent.shift_start + random.within(-420..=240);
    let length = agent.shift_length + random.within(-600..=900);
    // When each session ends, how it ends, and how long the agent is gone before the next.
    let mut ends = vec![(start + length, Ending::Planned, 0)];
    // On long shifts most agents log out for lunch; the others are away.
    if agent.shift_length > 6 * 3600 && random.chance(640) {
        let lunch = start + length / 2 + random.within(-2400..=2400);
        ends.push((lunch, Ending::Planned, random.within(28 * 60..=52 * 60)));
    }
    if random.chance(70) {
        let crash = start + random.within(1200..=length - 3600);
        ends.push((crash, Ending::Crash, random.within(40..=400)));
    }
    ends.sort_unstable_by_key(|&(at, ..)| at);

    let mut sessions: Vec<Session> = Vec::new();
    let midnight = day.and_time(NaiveTime::MIN).and_utc();
    let mut login = midnight + TimeDelta::seconds(start);
    for (at, ending, gone) in ends {
        let planned = at - (login - midnight).num_seconds();
        // Nobody logs in for the last ten minutes.
        if planned > 600 {
            let session = Session::play(agent, login, planned, ending, random);
            login = session.logout + TimeDelta::seconds(gone);
            sessions.push(session);
        }
    }
    sessions
}

/// Empties cells that would be empty in a real file.
fn leave_gaps(rows: &mut [Row], random: &mut Random) {
    for row in rows {
        if row[Column::Login].as_str() < CAPACITY_RECORDED_FROM {
            row[Column::AtCapacity].clear();
        }
        // Counters of flags that are 0 are sometimes not written, and now and then another counter
        // is missing.
        if row[Column::FlagRaised] == "0" && random.chance(300) {
            row[Column::FlagRaised].clear();
            row[Column::FlagLoweredAgent].clear();
            row[Column::FlagLoweredSupervisor].clear();
        }
        if random.chance(6) {
            row[Column::Idle] = "#N/A".into();
        }
    }
}

/// A header and lines as CSV, each line ended by a line feed on every system.
fn csv_text<'a, const N: usize>(
    header: [&str; N],
    lines: impl Iterator<Item = [&'a str; N]>,
) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(header)?;
    for line in lines {
        writer.write_record(line)?;
    }
    Ok(writer.into_inner()?)
}

/// Writes a file, or compares the file that is there with this text.
fn finish(name: &str, text: &[u8], check: bool) -> Result<(), Box<dyn Error>> {
    let path = Path::new(DATA).join(name);
    if !check {
        return fs::write(&path, text).map_err(|e| format!("{}: {e}", path.display()).into());
    }
    let found = fs::read(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    if found == text {
        return Ok(());
    }
    let same = found.iter().zip(text).take_while(|(a, b)| a == b);
    let line = 1 + same.filter(|&(&byte, _)| byte == b'\n').count();
    Err(format!("{} differs from what this program makes, from line {line} on", path.display())
        .into())
}
