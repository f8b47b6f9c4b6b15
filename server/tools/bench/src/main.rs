//! What the benchmarks compare Digger with, and who puts load on it.
//!
//! `make bench` runs these beside Digger in one go, on the same table, so that ratios can be quoted: absolute times
//! drift with the machine. Nothing here is part of the product.
//!
//! | command | is |
//! | --- | --- |
//! | `fill` | makes the table the benchmarks read, in PostgreSQL, MariaDB or SQLite |
//! | `wire` | PostgreSQL's bare wire: binary answers read and dropped, not even split into cells; the floor |
//! | `driver` | sqlx's bare loop: rows taken and dropped, no cell decoded |
//! | `sheet` | sqlx and rust_xlsxwriter in constant memory: what a good engineer writes in an afternoon |
//! | `database` | an empty database for Digger's own tables |
//! | `people` | people who can sign in |
//! | `past` | runs that are over |
//! | `claims` | the store's claims and finishes, beside bare commits |
//! | `starts` | from the click to the start of a run |
//! | `crowd` | many people at once |
//! | `streams` | many live streams, held open |
//! | `takeover` | a run whose worker somebody kills |

mod claims;
mod commits;
mod crowd;
mod database;
mod driver;
mod feed;
mod figures;
mod fill;
mod guesses;
mod pages;
mod past;
mod people;
mod sheet;
mod shop;
mod starts;
mod streams;
mod takeover;
mod visitor;
mod wire;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::Result;
use clap::{Args, Parser, Subcommand};
use serde_json::{Value, json};

use crowd::Crowd;
use fill::Kind;
use visitor::Wanted;

/// The statement everybody reads.
const STATEMENT: &str = "SELECT id, ordered_at, customer, region, channel, product, quantity, amount, discount, is_gift, note FROM bench_orders ORDER BY id";

/// Floors and peers of the benchmarks, and load for them. Each prints its figures as one line of JSON.
#[derive(Debug, Parser)]
#[command(name = "bench")]
struct Words {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Makes the table `bench_orders` anew.
    Fill {
        /// `postgres://…`, `mysql://…` or `sqlite:PATH`.
        url: String,
        /// Rows.
        rows: u32,
        /// Rows as shops have them: drawn unevenly, by seed.
        #[arg(long)]
        shop: bool,
    },
    /// Reads PostgreSQL's answer and drops it.
    Wire {
        /// `postgres://…`.
        url: String,
    },
    /// Takes rows from sqlx and drops them.
    Driver {
        /// `postgres://…` or `mysql://…`.
        url: String,
    },
    /// Writes every row with rust_xlsxwriter.
    Sheet {
        /// `postgres://…`.
        url: String,
        /// The workbook.
        file: PathBuf,
    },
    /// Makes an empty PostgreSQL database and prints its URL.
    Database {
        /// `postgres://…` of somebody who may.
        administrator: String,
        /// Its name.
        name: String,
    },
    /// Makes people like somebody who is there, with the same password.
    People {
        /// Digger's own tables: `sqlite:FOLDER` or `postgres://…`.
        place: String,
        /// How many.
        count: usize,
        /// The login of that somebody.
        like: String,
    },
    /// Makes runs that are over.
    Past {
        /// Digger's own tables: `sqlite:FOLDER` or `postgres://…`.
        place: String,
        /// How many.
        count: usize,
    },
    /// Claims and finishes runs, beside bare commits.
    Claims {
        /// An empty `sqlite:FOLDER` or `postgres://…`.
        place: String,
        /// Handles, as of so many processes; SQLite takes one.
        #[arg(long, default_value_t = 1)]
        handles: usize,
        /// Tasks at each handle.
        #[arg(long, default_value_t = 1)]
        tasks: usize,
        /// Runs that are over before it begins.
        #[arg(long, default_value_t = 0)]
        past: usize,
    },
    /// Measures from the click to the start.
    Starts {
        #[command(flatten)]
        visit: Visit,
        /// How many for each of both figures.
        runs: usize,
    },
    /// Lets many people work at once.
    Crowd {
        #[command(flatten)]
        visit: Visit,
        /// How many, as `people` made them.
        people: usize,
        /// How long they open pages, seconds.
        seconds: u64,
        /// What runs beside, as `report`; may be repeated.
        #[arg(long)]
        heavy: Vec<String>,
        /// Who runs that; one for each.
        #[arg(long)]
        heavy_login: Vec<String>,
    },
    /// Watches one long run many times until a line comes on standard input.
    Streams {
        #[command(flatten)]
        visit: Visit,
        /// How many times.
        count: usize,
    },
    /// Guesses passwords, and opens pages beside that.
    Guesses {
        /// `http://127.0.0.1:PORT`.
        base: String,
        /// Guesses a second.
        per_second: u32,
        /// How long, seconds.
        seconds: u64,
    },
    /// Opens pages one after the other.
    Pages {
        /// `http://127.0.0.1:PORT`.
        base: String,
        /// Whom to sign in as.
        #[arg(long, default_value = "admin")]
        login: String,
        /// How many times each.
        #[arg(long, default_value_t = 200)]
        rounds: usize,
        /// Which; measured once the last of them is there.
        #[arg(required = true)]
        paths: Vec<String>,
    },
    /// Starts a long run and waits until a second worker claims it.
    Takeover {
        #[command(flatten)]
        visit: Visit,
        /// Digger's own tables: `postgres://…`.
        place: String,
    },
}

/// A server, and what somebody does there.
#[derive(Args, Debug)]
struct Visit {
    /// `http://127.0.0.1:PORT`.
    base: String,
    /// Whom to sign in as.
    #[arg(long, default_value = "park")]
    login: String,
    /// Everybody's password.
    #[arg(long, default_value = "digger-demo")]
    password: String,
    /// `REPORT` or `REPORT?NAME=VALUE&…`; of several the crowd takes one each, everybody else the first.
    #[arg(long, required = true)]
    report: Vec<String>,
}

impl Visit {
    fn who(&self) -> (&str, &str) {
        (&self.login, &self.password)
    }

    fn wanted(&self) -> Wanted {
        Wanted::parse(&self.report[0])
    }
}

fn main() -> Result<()> {
    let words = Words::parse();
    // Claims are made beside each other; everything else shall take as little of the machine as it can.
    let mut runtime = match words.command {
        Command::Claims { .. } => tokio::runtime::Builder::new_multi_thread(),
        _ => tokio::runtime::Builder::new_current_thread(),
    };
    let figures = runtime.enable_all().build()?.block_on(run(words.command))?;
    println!("{figures}");
    Ok(())
}

async fn run(command: Command) -> Result<Value> {
    let started = Instant::now();
    let read = |rows: u64| json!({ "rows": rows, "seconds": started.elapsed().as_secs_f64() });
    match command {
        Command::Fill { url, rows, shop } => {
            let kind = if shop { Kind::Shop } else { Kind::Cycle };
            fill::fill(&url, rows, kind).await.map(read)
        }
        Command::Wire { url } => wire::read(&url).map(read),
        Command::Driver { url } => driver::read(&url).await.map(read),
        Command::Sheet { url, file } => sheet::write(&url, &file).await.map(read),
        Command::Database {
            administrator,
            name,
        } => database::make(&administrator, &name).await,
        Command::People { place, count, like } => people::make(&place, count, &like).await,
        Command::Past { place, count } => past::make(&place, count).await,
        Command::Claims {
            place,
            handles,
            tasks,
            past,
        } => claims::measure(&place, handles, tasks, past).await,
        Command::Starts { visit, runs } => {
            starts::measure(&visit.base, visit.who(), &visit.wanted(), runs).await
        }
        Command::Crowd {
            visit,
            people,
            seconds,
            heavy,
            heavy_login,
        } => {
            crowd::load(Crowd {
                wanted: visit
                    .report
                    .iter()
                    .map(|text| Wanted::parse(text))
                    .collect(),
                base: visit.base,
                password: visit.password,
                people,
                lasts: Duration::from_secs(seconds),
                heavy: heavy_login
                    .into_iter()
                    .zip(heavy.iter().map(|text| Wanted::parse(text)))
                    .collect(),
            })
            .await
        }
        Command::Streams { visit, count } => {
            streams::hold(&visit.base, visit.who(), &visit.wanted(), count).await
        }
        Command::Guesses {
            base,
            per_second,
            seconds,
        } => {
            let who = ("park", "digger-demo");
            guesses::measure(&base, who, per_second, Duration::from_secs(seconds)).await
        }
        Command::Pages {
            base,
            login,
            rounds,
            paths,
        } => pages::measure(&base, (&login, "digger-demo"), &paths, rounds).await,
        Command::Takeover { visit, place } => {
            takeover::wait(&visit.base, &place, visit.who(), &visit.wanted()).await
        }
    }
}
