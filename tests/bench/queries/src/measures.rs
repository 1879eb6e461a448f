//! What is compared, and what is timed.

use std::{hint::black_box, time::Instant};

use chrono::{DateTime, Utc};
use sobject_core::{Error, Id, RecordId, Soql, standard::User};

use crate::{
    Outcome,
    object::LiveAgentSession,
    ours::Ours,
    sample::Random,
    sides::{Session, Side},
};

/// Records of a range.
const RANGE: usize = 1_000;
/// About one record of a hundred was idle for longer.
const IDLE: i32 = 29_600;
/// Lookups in a round.
const LOOKUPS: u32 = 5_000;

/// Something that a side is asked, with what is different each time.
#[derive(Clone, Copy)]
enum Ask {
    Get(Id<LiveAgentSession>),
    OfAgent(Id<User>),
    OfTime(DateTime<Utc>, DateTime<Utc>),
    Idle,
    Ranking,
    Idlest,
}

/// What a side gives.
#[derive(PartialEq)]
enum Answer {
    Sessions(Vec<Session>),
    Ranking(Vec<(Id<User>, i64)>),
}

impl Ask {
    fn of(self, side: &dyn Side) -> Outcome<Answer> {
        Ok(match self {
            Self::Get(id) => Answer::Sessions(vec![side.get(id)?]),
            Self::OfAgent(agent) => Answer::Sessions(side.of_agent(agent)?),
            Self::OfTime(from, to) => Answer::Sessions(side.of_time(from, to)?),
            Self::Idle => Answer::Sessions(side.idle(IDLE)?),
            Self::Ranking => Answer::Ranking(side.ranking()?),
            Self::Idlest => Answer::Sessions(side.idlest()?),
        })
    }
}

impl Answer {
    /// The answer with records in the order of their ids, where none was asked for.
    fn in_order(self, ask: Ask) -> Self {
        match self {
            Self::Sessions(mut sessions) if !matches!(ask, Ask::Idlest) => {
                sessions.sort_by_key(|it| it.id);
                Self::Sessions(sessions)
            }
            other => other,
        }
    }
}

/// The kinds of questions, and how often each is asked in a round.
const KINDS: [(&str, u32); 6] = [
    ("get", LOOKUPS),
    ("AgentId = ?, about 100 rows", 200),
    ("LoginTime in a range, 1,000 rows", 20),
    ("filter without an index, 1 %", 1),
    ("sum by agent, the first 100", 1),
    ("order without an index, 10 rows", 1),
];

/// A random question of a kind.
fn ask(kind: usize, random: &mut Random, ours: &Ours) -> Outcome<Ask> {
    Ok(match kind {
        0 => Ask::Get(random.pick(&ours.sessions).0),
        1 => Ask::OfAgent(random.pick(&ours.agents)),
        2 => {
            let end = u32::try_from(ours.sessions.len() - RANGE)?;
            let start = usize::try_from(random.below(end))?;
            Ask::OfTime(ours.sessions[start].1, ours.sessions[start + RANGE].1)
        }
        3 => Ask::Idle,
        4 => Ask::Ranking,
        _ => Ask::Idlest,
    })
}

/// Fails unless all sides give the same answers.
pub(crate) fn compare(sides: &[&dyn Side; 3], ours: &Ours) -> Outcome<()> {
    let mut random = Random::new(1);
    for (kind, (name, times)) in KINDS.iter().enumerate() {
        for _ in 0..*times {
            let ask = ask(kind, &mut random, ours)?;
            let [first, rest @ ..] = sides;
            let wanted = ask.of(*first)?.in_order(ask);
            for side in rest {
                if ask.of(*side)?.in_order(ask) != wanted {
                    return Err(format!("the sides differ: {name}").into());
                }
            }
        }
    }
    Ok(())
}

/// Times every kind of question on all sides.
pub(crate) fn beside(sides: &[&dyn Side; 3], ours: &Ours, rounds: u32, only: &str) -> Outcome<()> {
    println!(
        "\n{:<34}{:>10}{:>10}{:>10}{:>10}{:>10}",
        "", "by hand", "SQLite", "sobject", "/by hand", "/SQLite"
    );
    let kinds = KINDS.iter().enumerate().filter(|(_, (name, _))| name.contains(only));
    for (kind, (name, times)) in kinds {
        let mut random = Random::new(2);
        let mut seen: [Vec<f64>; 3] = Default::default();
        for round in 0..=rounds {
            let asks: Vec<_> =
                (0..*times).map(|_| ask(kind, &mut random, ours)).collect::<Outcome<_>>()?;
            for n in 0..sides.len() {
                // Each round, another one goes first.
                let n = (n + usize::try_from(round)?) % sides.len();
                let seconds = mean(&asks, |ask| ask.of(sides[n]).map(black_box))?;
                if round > 0 {
                    seen[n].push(seconds);
                }
            }
        }
        let ratio =
            |side: usize| median(seen[2].iter().zip(&seen[side]).map(|(ours, other)| ours / other));
        let [by_hand, sqlite, sobject] = [0, 1, 2].map(|n| time(median(seen[n].iter().copied())));
        let ratios = [ratio(0), ratio(1)];
        println!(
            "{name:<34}{by_hand:>10}{sqlite:>10}{sobject:>10}{:>10.2}{:>10.2}",
            ratios[0], ratios[1]
        );
    }
    Ok(())
}

/// One way to look a record up, and the seconds that it took in each round.
struct Way<'w> {
    name: &'static str,
    look: Look<'w>,
    seen: Vec<f64>,
}

type Look<'w> = Box<dyn Fn(Id<LiveAgentSession>) -> Outcome<()> + 'w>;

fn way<'w, R>(
    name: &'static str,
    look: impl Fn(Id<LiveAgentSession>) -> Result<R, Error> + 'w,
) -> Way<'w> {
    let look = move |id| {
        black_box(look(id)?);
        Ok(())
    };
    Way { name, look: Box::new(look), seen: Vec::new() }
}

/// Times lookups by id: as text and prepared, beside the typed get.
pub(crate) fn lookups(ours: &Ours, rounds: u32, only: &str) -> Outcome<()> {
    const SELECT: &str = "SELECT Id, Name, LoginTime FROM LiveAgentSession WHERE Id = ";
    let db = &ours.db;
    let by_id = db.prepare(format!("{SELECT}:id"))?;
    let is_it = |id| LiveAgentSession::FIELDS.id.eq(id);
    let mut ways = vec![
        way("get", |id| db.get(id)),
        way("a typed query, whole records", |id| {
            db.query::<LiveAgentSession>().filter(is_it(id)).all()
        }),
        way("a text", |id| db.soql(format!("{SELECT}'{id}'"))),
        way("a prepared query, as JSON", |id| by_id.bind("id", id).soql()),
        way("a prepared query, in place", |id| {
            by_id.bind("id", id).one(|row| {
                Ok((row.get::<RecordId>(0)?, row.get::<String>(1)?, row.get::<DateTime<Utc>>(2)?))
            })
        }),
        way("a text with a variable", |id| {
            db.soql(Soql::new(format!("{SELECT}:id")).bind("id", id))
        }),
    ];
    ways.retain(|way| way.name == "get" || way.name.contains(only));
    println!("\n{:<34}{:>10}{:>10}", "", "sobject", "/get");
    let mut random = Random::new(3);
    for round in 0..=rounds {
        let ids: Vec<_> = (0..LOOKUPS).map(|_| random.pick(&ours.sessions).0).collect();
        let n_ways = ways.len();
        for n in 0..n_ways {
            let way = &mut ways[(n + usize::try_from(round)?) % n_ways];
            let seconds = mean(&ids, |id| (way.look)(id))?;
            if round > 0 {
                way.seen.push(seconds);
            }
        }
    }
    let gets = ways[0].seen.clone();
    for Way { name, seen, .. } in &ways {
        let ratio = median(seen.iter().zip(&gets).map(|(it, get)| it / get));
        println!("{name:<34}{:>10}{ratio:>10.2}", time(median(seen.iter().copied())));
    }
    Ok(())
}

/// The mean seconds of one of some questions.
fn mean<I: Copy, R>(inputs: &[I], mut act: impl FnMut(I) -> Outcome<R>) -> Outcome<f64> {
    let start = Instant::now();
    for input in inputs {
        act(*input)?;
    }
    Ok(start.elapsed().as_secs_f64() / f64::from(u32::try_from(inputs.len())?))
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<_> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// A time with its unit.
fn time(seconds: f64) -> String {
    let (value, unit) = match seconds {
        seconds if seconds < 1e-6 => (seconds * 1e9, "ns"),
        seconds if seconds < 1e-3 => (seconds * 1e6, "us"),
        seconds => (seconds * 1e3, "ms"),
    };
    let decimals = if value < 10.0 { 2 } else { usize::from(value < 100.0) };
    format!("{value:.decimals$} {unit}")
}
