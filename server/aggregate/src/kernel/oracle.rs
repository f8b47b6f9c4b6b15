//! PostgreSQL's own answers, for tests.

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use sqlx::postgres::{PgConnection, PgRow};
use sqlx::{AssertSqlSafe, Connection, Row};

use super::calendar::{DAY, HOUR, SECOND};

/// What a computation gave: a text, nothing, or an error.
pub(crate) type Answered = Result<Option<String>, ()>;

/// A database of its own that computes expressions of the texts `$1`, `$2` and `$3`.
pub(crate) struct Oracle {
    connection: PgConnection,
    _database: testbed::Database,
}

/// Errors are answers: one input must not end the question.
const ATTEMPT: &str = "
CREATE FUNCTION attempt(expression text, a text, b text, c text, OUT answer text, OUT is_error bool)
LANGUAGE plpgsql AS $$
BEGIN
    is_error := false;
    EXECUTE 'SELECT CAST((' || expression || ') AS text)' INTO answer USING a, b, c;
EXCEPTION WHEN OTHERS THEN
    is_error := true;
END $$";

impl Oracle {
    pub(crate) async fn new() -> Self {
        let database = testbed::postgres().database().expect("a database");
        let mut connection = PgConnection::connect(&database.administrator)
            .await
            .expect("a connection");
        sqlx::raw_sql(ATTEMPT)
            .execute(&mut connection)
            .await
            .expect("a function");
        Self {
            connection,
            _database: database,
        }
    }

    /// The answers to one expression for many inputs, with the letters of `C.UTF-8`: the private server
    /// itself knows no letters but those of ASCII.
    pub(crate) async fn ask(&mut self, expression: &str, inputs: &[[String; 3]]) -> Vec<Answered> {
        let expression = ["$1", "$2", "$3"]
            .iter()
            .fold(expression.to_owned(), |all, one| {
                all.replace(one, &format!("({one} COLLATE \"C.utf8\")"))
            });
        let column = |place: usize| -> Vec<String> {
            inputs.iter().map(|input| input[place].clone()).collect()
        };
        let statement = "SELECT answer, is_error
            FROM unnest($2::text[], $3::text[], $4::text[]) WITH ORDINALITY AS input (a, b, c, n),
                attempt($1, a, b, c)
            ORDER BY n";
        let rows: Vec<PgRow> = sqlx::query(AssertSqlSafe(statement))
            .bind(expression)
            .bind(column(0))
            .bind(column(1))
            .bind(column(2))
            .fetch_all(&mut self.connection)
            .await
            .expect("answers");
        let answered = |row: &PgRow| match row.get::<bool, _>(1) {
            true => Err(()),
            false => Ok(row.get(0)),
        };
        rows.iter().map(answered).collect()
    }

    /// Compares our answers with PostgreSQL's.
    pub(crate) async fn agrees<F>(&mut self, expression: &str, inputs: &[[String; 3]], ours: F)
    where
        F: Fn(&[String; 3]) -> Result<String, crate::Fault>,
    {
        let answers = self.ask(expression, inputs).await;
        assert_eq!(answers.len(), inputs.len());
        let mut differences = Vec::new();
        for (input, theirs) in inputs.iter().zip(answers) {
            let ours = ours(input).map(Some).map_err(|_| ());
            if ours != theirs {
                differences.push(format!("{input:?}: ours {ours:?}, PostgreSQL's {theirs:?}"));
            }
        }
        let count = differences.len();
        differences.truncate(10);
        assert!(
            differences.is_empty(),
            "{expression} differs for {count} inputs:\n{}",
            differences.join("\n")
        );
    }
}

/// One input of three texts.
pub(crate) fn input(a: impl ToString, b: impl ToString, c: impl ToString) -> [String; 3] {
    [a.to_string(), b.to_string(), c.to_string()]
}

/// Moments of the whole calendar.
pub(crate) fn moments() -> Vec<[String; 3]> {
    let mut random = StdRng::seed_from_u64(11);
    (0..3_000)
        .map(|place| {
            let day = match place % 2 {
                0 => random.random_range(-719_162..=2_932_896),
                _ => random.random_range(10_000..30_000),
            };
            let unit = [1, 1_000, SECOND, HOUR][place % 4];
            let at: i64 = day * DAY + random.random_range(0..DAY) / unit * unit;
            input(at, "", "")
        })
        .collect()
}

/// The microseconds of such an input.
pub(crate) fn at(input: &[String; 3]) -> i64 {
    input[0].parse().unwrap()
}

/// Added in two steps: an interval has microseconds of its own.
pub(crate) const AT: &str =
    "(timestamp '1970-01-01' + make_interval(days => div($1::numeric, 86400000000)::int)
    + make_interval(secs => 0) + (mod($1::numeric, 86400000000)::text || ' us')::interval)";
