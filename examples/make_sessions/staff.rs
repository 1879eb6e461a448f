//! The agents of the desk: their names, when they work and how they work.

use chrono::{Datelike, NaiveDate, TimeDelta, Weekday};

use crate::random::Random;

/// Name and first part of the username. The usernames are plain ASCII, as in most orgs. The names
/// are not, so that it is noticed if a program damages letters with accents.
const PEOPLE: [(&str, &str); 42] = [
    ("Aisha Rahman", "aisha.rahman"),
    ("Alba Ferrer", "alba.ferrer"),
    ("Amara Okafor", "amara.okafor"),
    ("Anders Lund", "anders.lund"),
    ("Anna Kovács", "anna.kovacs"),
    ("Ben Adeyemi", "ben.adeyemi"),
    ("Carla Conti", "carla.conti"),
    ("Chen Wei", "chen.wei"),
    ("Clara Vogel", "clara.vogel"),
    ("Dana Levi", "dana.levi"),
    ("Diego Marín", "diego.marin"),
    ("Elif Demir", "elif.demir"),
    ("Emma Novak", "emma.novak"),
    ("Farid Haddad", "farid.haddad"),
    ("Fiona Walsh", "fiona.walsh"),
    ("Grace Mensah", "grace.mensah"),
    ("Hana Sato", "hana.sato"),
    ("Hugo Lefèvre", "hugo.lefevre"),
    ("Ines Duarte", "ines.duarte"),
    ("Ivan Petrov", "ivan.petrov"),
    ("Jack Turner", "jack.turner"),
    ("Jonas Weber", "jonas.weber"),
    ("Kavya Iyer", "kavya.iyer"),
    ("Kemal Aydın", "kemal.aydin"),
    ("Lena Fischer", "lena.fischer"),
    ("Liam Byrne", "liam.byrne"),
    ("Lucía Rojas", "lucia.rojas"),
    ("Marek Zając", "marek.zajac"),
    ("Maya Cohen", "maya.cohen"),
    ("Mei Tanaka", "mei.tanaka"),
    ("Nadia Benali", "nadia.benali"),
    ("Noah Peeters", "noah.peeters"),
    ("Olga Sidorova", "olga.sidorova"),
    ("Omar Farouk", "omar.farouk"),
    ("Priya Nair", "priya.nair"),
    ("Rosa Delgado", "rosa.delgado"),
    ("Sam Whitaker", "sam.whitaker"),
    ("Sofia Ricci", "sofia.ricci"),
    ("Tomás Silva", "tomas.silva"),
    ("Uma Joshi", "uma.joshi"),
    ("Viktor Holm", "viktor.holm"),
    ("Zoë Janssens", "zoe.janssens"),
];

/// An agent, with the properties that shape the sessions.
pub(crate) struct Agent {
    pub(crate) name: &'static str,
    pub(crate) username: String,
    /// First day at the desk.
    joined: NaiveDate,
    /// First day of the agent's holiday, and how many days it lasts.
    holiday: (NaiveDate, i64),
    /// When the usual shift starts, in seconds after midnight UTC.
    pub(crate) shift_start: i64,
    /// How long the shift is, in seconds.
    pub(crate) shift_length: i64,
    /// Chats that the agent may have at once.
    pub(crate) capacity: usize,
    /// Mean length of a chat in seconds.
    pub(crate) chat_length: i64,
    /// How many of a thousand requests the agent takes.
    pub(crate) takes: i64,
    /// How many of a thousand requests that are not taken the agent declines; the others time out.
    pub(crate) declines: i64,
    /// How many of a thousand chats the agent asks a supervisor about.
    pub(crate) asks: i64,
}

/// The agents, in the order of their names. The files begin with `first_day`.
pub(crate) fn agents(seed: u64, first_day: NaiveDate) -> Vec<Agent> {
    PEOPLE
        .iter()
        .zip(0..)
        .map(|((name, login), stream)| {
            let mut random = Random::new(seed, stream);
            let is_new = random.chance(150);
            let is_part_time = random.chance(200);
            let day = |n| first_day + TimeDelta::days(n);
            // New agents take fewer chats at once, are slower, and ask more.
            Agent {
                name,
                username: format!("{login}@desk.example"),
                joined: if is_new { day(random.within(7..=70)) } else { first_day },
                holiday: (day(random.within(0..=115)), random.within(5..=16)),
                shift_start: 1800 * [14, 18, 26, 18][pick(&mut random, 4)],
                shift_length: if is_part_time { 5 * 3600 } else { 8 * 3600 + 1800 },
                capacity: if is_new { 2 } else { 2 + pick(&mut random, 3) },
                chat_length: random.within(540..=1020) + if is_new { 240 } else { 0 },
                takes: random.within(if is_new { 800..=900 } else { 880..=985 }),
                declines: random.within(150..=700),
                asks: random.within(if is_new { 30..=80 } else { 2..=20 }),
            }
        })
        .collect()
}

/// A random place in a list of `len` elements.
fn pick(random: &mut Random, len: i64) -> usize {
    usize::try_from(random.within(0..=len - 1)).unwrap_or_default()
}

impl Agent {
    /// Is the agent at the desk on `day`?
    pub(crate) fn works_on(&self, day: NaiveDate, random: &mut Random) -> bool {
        // Most agents work on Mondays and Tuesdays, and less than a quarter of them on weekends.
        let per_mille = match day.weekday() {
            Weekday::Mon | Weekday::Tue => 950,
            Weekday::Wed | Weekday::Thu => 910,
            Weekday::Fri => 860,
            Weekday::Sat => 240,
            Weekday::Sun => 160,
        };
        // A number is drawn for every day, even for a holiday, so that a change of the holiday
        // changes no other day.
        let scheduled = random.chance(per_mille);
        let (left, days) = self.holiday;
        let away = (0..days).contains(&(day - left).num_days());
        scheduled && !away && day >= self.joined
    }
}
