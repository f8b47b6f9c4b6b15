//! Teams and sales people, and who looks after a customer in a month.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::calendar::{MONTHS, Window};
use crate::names;
use crate::places::AREAS;
use crate::rng::{Rng, Wheel};

/// A team of sales people.
pub(crate) struct Team {
    pub area: &'static str,
    pub name: &'static str,
    pub name_en: &'static str,
    /// How many people it has had, those who left included.
    people: usize,
}

const fn team(
    area: &'static str,
    name: &'static str,
    name_en: &'static str,
    people: usize,
) -> Team {
    Team {
        area,
        name,
        name_en,
        people,
    }
}

/// Team ids count from one, in this order.
pub(crate) const TEAMS: [Team; 8] = [
    team("capital", "수도권 1팀", "Capital team 1", 6),
    team("capital", "수도권 2팀", "Capital team 2", 6),
    team("capital", "기업영업팀", "Corporate accounts", 5),
    team("chungcheong", "충청팀", "Chungcheong team", 4),
    team("honam", "호남팀", "Honam team", 4),
    team("yeongnam", "대구·경북팀", "Daegu and Gyeongbuk team", 4),
    team("yeongnam", "부산·경남팀", "Busan and Gyeongnam team", 5),
    team("gangwon_jeju", "강원·제주팀", "Gangwon and Jeju team", 2),
];

/// A sales person; the id is the position plus one.
pub(crate) struct Salesperson {
    pub team: usize,
    pub employee_no: String,
    pub name: String,
    pub name_en: Option<String>,
    pub email: String,
    pub hired: Date,
    pub left: Option<Date>,
    skill: u64,
}

/// Everybody who works or worked in sales during the window.
pub(crate) fn make(window: &Window) -> Vec<Salesperson> {
    let mut rng = Rng::new("sales people");
    let mut people = Vec::new();
    for (team, place) in (0..).zip(&TEAMS) {
        for seat in 0..place.people {
            let id = people.len() + 1;
            let (name, name_en) = names::person(&mut rng);
            // The last seat of each large team was filled during the window; its predecessor has left.
            let newcomer = place.people > 4 && seat == place.people - 1;
            let leaver = place.people > 4 && seat == place.people - 2;
            let hired = if newcomer {
                window.month(8 + 3 * team)
            } else {
                window.first.saturating_sub(rng.between(60, 4000).days())
            };
            let left = leaver.then(|| window.month(9 + 3 * team).saturating_sub(1.day()));
            people.push(Salesperson {
                team,
                employee_no: format!("00{:03}", 17 * id % 1000),
                name,
                // Two never told us how they write it.
                name_en: (id % 19 != 0).then_some(name_en),
                email: format!("sales{id:02}@example.com"),
                hired,
                left,
                skill: 60 + rng.below(90),
            });
        }
    }
    people
}

/// Who looks after whom: for each month and area the people at work, by skill.
pub(crate) struct Assignment {
    wheels: Vec<Vec<(Vec<usize>, u64)>>,
    skills: Vec<u64>,
}

impl Assignment {
    pub(crate) fn new(window: &Window, people: &[Salesperson]) -> Assignment {
        let wheels = (0..MONTHS)
            .map(|month| {
                let first = window.month(month);
                AREAS
                    .iter()
                    .map(|area| {
                        let at_work: Vec<usize> = (0..people.len())
                            .filter(|&index| {
                                let person = &people[index];
                                TEAMS[person.team].area == area.code
                                    && person.hired <= first
                                    && person.left.is_none_or(|left| left > first)
                            })
                            .collect();
                        let total = at_work.iter().map(|&index| people[index].skill).sum();
                        (at_work, total)
                    })
                    .collect()
            })
            .collect();
        Assignment {
            wheels,
            skills: people.iter().map(|person| person.skill).collect(),
        }
    }

    /// The person, by position, who looks after a customer of an area; the same as last month unless somebody came or went.
    pub(crate) fn of(&self, month: usize, area: usize, customer: i64) -> usize {
        let (at_work, total) = &self.wheels[month][area];
        let spread = (customer as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut left = ((u128::from(spread) * u128::from(*total)) >> 64) as u64;
        for &index in at_work {
            if left < self.skills[index] {
                return index;
            }
            left -= self.skills[index];
        }
        at_work[at_work.len() - 1]
    }
}

/// A monthly target in won: somebody who knew the season wrote it before the month began.
///
/// `sold` is one person's revenue per month. The plan leans on the month itself and on its
/// neighbours; the `bad` month does not count, because no plan foresaw it. `None` where the person sold
/// nothing to plan from.
pub(crate) fn target(sold: &[i64; MONTHS], month: usize, bad: usize, rng: &mut Rng) -> Option<i64> {
    let ambition = rng.between(92, 114);
    if sold[month] == 0 {
        return None;
    }
    let around = month.saturating_sub(1)..=(month + 1).min(MONTHS - 1);
    let (mut sum, mut weights) = (0, 0);
    for near in around.filter(|&near| near != bad && sold[near] > 0) {
        let weight = if near == month { 4 } else { 1 };
        sum += weight * sold[near];
        weights += weight;
    }
    if weights == 0 {
        return None;
    }
    // A plan is written in round figures.
    Some((sum / weights * ambition / 100 / 100_000).max(5) * 100_000)
}

/// The regions by their share of the customers.
pub(crate) fn region_wheel() -> Wheel {
    Wheel::new(crate::places::REGIONS.iter().map(|region| region.weight))
}
