//! Whoever breaks things: kills, freezes, cuts, fills, by the dice.

use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant};

use bucket::{Bucket, Fault};
use rustix::process::Signal;
use sqlx::Connection;

use super::Dice;
use crate::digger::{Digger, signal_if_there};
use crate::own::{Own, run as execute};

/// Where the processes listen now.
#[derive(Clone)]
pub struct Addresses(Arc<RwLock<Vec<String>>>);

impl Addresses {
    pub fn count(&self) -> usize {
        self.0.read().unwrap().len()
    }

    pub fn get(&self, process: usize) -> String {
        self.0.read().unwrap()[process].clone()
    }
}

pub struct Monkey<'a> {
    own: &'a Own,
    bucket: &'a Bucket,
    dice: Dice,
    processes: Vec<Digger>,
    addresses: Addresses,
    played: BTreeMap<&'static str, usize>,
}

impl<'a> Monkey<'a> {
    /// Starts one process on SQLite and three on PostgreSQL.
    pub fn new(own: &'a Own, bucket: &'a Bucket, dice: Dice) -> Self {
        let count = if own.is_shared() { 3 } else { 1 };
        let processes: Vec<Digger> = (0..count).map(|_| own.place.serve()).collect();
        let addresses = processes
            .iter()
            .map(|process| process.address.clone())
            .collect();
        Self {
            own,
            bucket,
            dice,
            processes,
            addresses: Addresses(Arc::new(RwLock::new(addresses))),
            played: BTreeMap::new(),
        }
    }

    pub fn addresses(&self) -> Addresses {
        self.addresses.clone()
    }

    /// What it has done so far.
    pub fn told(&self) -> String {
        let told = self
            .played
            .iter()
            .map(|(what, times)| format!("{what} {times}"));
        told.collect::<Vec<_>>().join(", ")
    }

    /// Breaks one thing after the other until the time is over.
    pub async fn play(&mut self, ends: Instant) {
        while Instant::now() < ends {
            let what = match self.dice.below(8) {
                0 | 1 => self.kill(),
                2 => self.terminate(),
                3 => self.freeze(ends).await,
                4 => self.kill_a_child(),
                5 => self.cut_or_hold().await,
                _ => self.break_the_bucket(),
            };
            *self.played.entry(what).or_default() += 1;
            let pause = Duration::from_millis(200 + self.dice.below(1_500) as u64);
            tokio::time::sleep(pause).await;
        }
    }

    /// Lets everything be whole again.
    pub fn rest(&mut self) {
        self.bucket.heal();
    }

    /// Asks everybody to go.
    pub fn end(self) {
        for process in self.processes {
            assert_eq!(process.terminate(), Some(0));
        }
    }

    fn replace(&mut self, place: usize, end: impl FnOnce(Digger)) {
        end(self.processes.remove(place));
        let next = self.own.place.serve();
        self.addresses.0.write().unwrap()[place].clone_from(&next.address);
        self.processes.insert(place, next);
    }

    fn one(&mut self) -> usize {
        self.dice.below(self.processes.len())
    }

    fn kill(&mut self) -> &'static str {
        let place = self.one();
        self.replace(place, Digger::kill);
        "killed"
    }

    fn terminate(&mut self) -> &'static str {
        let place = self.one();
        self.replace(place, |process| {
            assert_eq!(process.terminate(), Some(0));
        });
        "terminated"
    }

    /// For a moment, or past the lease of four seconds; with its children or without.
    async fn freeze(&mut self, ends: Instant) -> &'static str {
        let place = self.one();
        let pid = self.processes[place].pid();
        let mut frozen = vec![pid];
        if self.dice.below(2) == 0 {
            frozen.extend(children(pid));
        }
        let is_long = self.dice.below(2) == 0 && ends > Instant::now() + Duration::from_secs(6);
        let time = Duration::from_millis(if is_long { 5_500 } else { 700 });
        for pid in &frozen {
            signal_if_there(*pid, Signal::STOP);
        }
        tokio::time::sleep(time).await;
        for pid in frozen.iter().rev() {
            signal_if_there(*pid, Signal::CONT);
        }
        match is_long {
            true => "frozen past the lease",
            false => "frozen",
        }
    }

    fn kill_a_child(&mut self) -> &'static str {
        let place = self.one();
        let children = children(self.processes[place].pid());
        if children.is_empty() {
            return "no child";
        }
        let child = children[self.dice.below(children.len())];
        signal_if_there(child, Signal::KILL);
        "child killed"
    }

    /// Ends all our sessions, or holds the only writer for a while.
    async fn cut_or_hold(&mut self) -> &'static str {
        let mut connection = self.own.tables().await;
        if self.own.is_shared() {
            execute(
                &mut connection,
                "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity
                  WHERE datname = current_database() AND application_name = 'digger'",
            )
            .await;
            return "sessions cut";
        }
        execute(&mut connection, "BEGIN IMMEDIATE").await;
        let time = Duration::from_millis(200 + self.dice.below(2_000) as u64);
        tokio::time::sleep(time).await;
        connection.close().await.unwrap();
        "writer held"
    }

    fn break_the_bucket(&mut self) -> &'static str {
        let faults = [
            Fault::Answer(500),
            Fault::Answer(503),
            Fault::Silence,
            Fault::Cut,
            Fault::LostReply,
            Fault::NoReply,
        ];
        let fault = faults[self.dice.below(faults.len())];
        self.bucket
            .fail(fault, 1 + self.dice.below(4), "PUT", "results/");
        "uploads broken"
    }
}

/// Processes that execute runs for this one.
fn children(parent: u32) -> Vec<u32> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let Ok(pid) = entry.file_name().to_string_lossy().parse::<u32>() else {
            continue;
        };
        let stat = std::fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
        // Behind the name, which may hold anything, stand the state and the parent.
        let of = stat
            .rsplit_once(") ")
            .and_then(|(_, rest)| rest.split(' ').nth(1)?.parse::<u32>().ok());
        let command = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
        if of == Some(parent) && command.split(|byte| *byte == 0).nth(1) == Some(b"exec") {
            found.push(pid);
        }
    }
    found
}
