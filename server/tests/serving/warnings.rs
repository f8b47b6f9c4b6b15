//! What processes may warn of, test by test. Whatever else they warn of fails the test that started them: a warning
//! nobody expected is a fault that nobody looks at.

/// A process was killed or frozen: others take over, or the next start does.
const DEATHS: &[&str] = &[
    "Took run ",
    " stopped beating without saying that it ends",
    " was interrupted by the end of an earlier process",
    " disappeared",
];

/// Our own tables were out of reach for a while. Whoever wants them says so, we and the pool of connections: every such
/// line has the error with it.
const OUTAGES: &[&str] = &[
    " error=",
    "Lost the lease of run ",
    "Our own tables have not answered",
];

const FAILED_RUN: &[&str] = &[" failed ("];
const BROKEN_REPORT: &[&str] = &["its last good version stays in use"];
const NO_OPTIONS: &[&str] = &["Could not load the options of a field"];
const TOO_MANY_TRIES: &[&str] = &["Refused a sign-in after too many attempts"];
const ENDED_SESSION: &[&str] = &["record not found in store"];
const BUCKET: &[&str] = &[
    " failed (storage)",
    "Could not collect files nobody names",
    "Could not remove ",
    "Files cannot be stored",
];

/// How the path of a test begins, without the database it runs on, and what it may warn of.
const EXPECTED: &[(&str, &[&[&str]])] = &[
    ("bad_input::a_failure_of_the_report", &[FAILED_RUN]),
    ("bad_input::a_source_that_cannot_be_read", &[FAILED_RUN]),
    ("bad_input::only_regular_files", &[BROKEN_REPORT]),
    ("bad_input::options_that_cannot_be_loaded", &[NO_OPTIONS]),
    ("bad_input::the_parts_of_a_failure", &[FAILED_RUN]),
    ("cancels::a_run_is_cancelled_wherever", &[DEATHS, OUTAGES]),
    ("catalogue::a_broken_", &[BROKEN_REPORT]),
    ("catalogue::a_report_", &[BROKEN_REPORT]),
    ("choices::a_paused_source", &[NO_OPTIONS]),
    ("choices::a_question_", &[NO_OPTIONS]),
    ("faults::a_database_somebody_else_holds", &[FAILED_RUN]),
    ("faults::a_disk_that_takes_no_more", &[FAILED_RUN]),
    ("faults::a_killed_child", &[DEATHS]),
    ("faults::a_run_that_needs_more_memory", &[FAILED_RUN]),
    ("faults::a_run_that_takes_its_server_down", &[DEATHS]),
    ("journey::history_pages_and_filters", &[FAILED_RUN]),
    ("kills::", &[DEATHS]),
    // Everybody opens forms while the source rests.
    ("load::twenty_people_at_once", &[NO_OPTIONS]),
    ("nginx::the_limit_on_sign_ins", &[TOO_MANY_TRIES]),
    (
        "outages::a_place_that_cannot_be_written",
        &[&["Other accounts of this machine may read"]],
    ),
    ("outages::", &[DEATHS, OUTAGES]),
    (
        "permission::only_administrators_see_the_chain",
        &[FAILED_RUN],
    ),
    ("sessions::what_a_killed_", &[DEATHS]),
    (
        "several::the_clock_of_one_host",
        &[&["The clock of this host is "]],
    ),
    ("several::the_run_of_a_killed_worker", &[DEATHS]),
    ("shared::a_queued_run_says", &[NO_OPTIONS]),
    ("signing_in::a_live_page_ends", &[ENDED_SESSION]),
    ("signing_in::a_person_signs_in_and_out", &[ENDED_SESSION]),
    ("signing_in::a_session_id_known_before", &[ENDED_SESSION]),
    ("signing_in::an_address_that_guesses", &[TOO_MANY_TRIES]),
    ("signing_in::guessing_a_password", &[TOO_MANY_TRIES]),
    ("soak::", &[DEATHS, OUTAGES, FAILED_RUN]),
    (
        "source_faults::a_connection_that_is_cut",
        &[FAILED_RUN, &["Could not stop what run "]],
    ),
    ("storage::a_bucket_", &[BUCKET]),
    (
        "storage::a_file_that_was_damaged",
        &[&["is missing or has another size"]],
    ),
    ("storage::a_full_bucket", &[FAILED_RUN]),
    ("strangers::", &[TOO_MANY_TRIES]),
    (
        "sweeping::a_message_whose_sender_is_gone",
        &[&["messages were on their way"]],
    ),
    ("sweeping::a_process_that_only_serves", &[DEATHS]),
    ("zombies::", &[DEATHS, OUTAGES]),
];

/// The warnings and errors among these lines of a log that this test does not expect.
pub fn unexpected<'a>(test: &str, log: &'a [String]) -> Vec<&'a str> {
    let test = test
        .replace("::sqlite::", "::")
        .replace("::postgres::", "::");
    let first = EXPECTED.iter().find(|(begins, _)| test.starts_with(begins));
    let expected: Vec<&str> = first.map_or_else(Vec::new, |(_, groups)| groups.concat());
    log.iter()
        .map(String::as_str)
        .filter(|line| line.contains(" WARN ") || line.contains(" ERROR "))
        .filter(|line| !expected.iter().any(|text| line.contains(text)))
        .collect()
}

#[test]
fn a_warning_nobody_expects_is_found() {
    let log = [
        "2026-01-01T00:00:00Z  INFO Queued run 1".to_owned(),
        "2026-01-01T00:00:01Z  WARN Took run 1 from a worker".to_owned(),
        "2026-01-01T00:00:02Z ERROR Files cannot be stored".to_owned(),
    ];
    assert_eq!(unexpected("journey::a_run", &log), [&log[1], &log[2]]);
    assert_eq!(unexpected("kills::sqlite::killed", &log), [&log[2]]);
}
