//! A server that goes away while it is read, and comes back.

use source::SourceError;
use testbed::{Options, Postgres};
use tokio_util::sync::CancellationToken;

use crate::place::{Place, extract_from, seoul};

const ENDLESS: &str = "SELECT generate_series(1, 1000000000000) AS i";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restarted_server_is_down_and_then_read_again() {
    let mut server = Postgres::start(&Options::default()).unwrap();
    let place = Place::of(server.database().unwrap(), "").await;
    for is_killed in [false, true] {
        let mut reading = place
            .source
            .read(seoul(ENDLESS), CancellationToken::new())
            .await
            .unwrap();
        assert!(reading.next().await.unwrap().unwrap().rows > 0);
        if is_killed {
            server.kill().unwrap();
        } else {
            server.stop().unwrap();
        }
        let error = loop {
            match reading.next().await.unwrap() {
                Ok(_) => {}
                Err(error) => break error,
            }
        };
        assert!(matches!(error, SourceError::Down { .. }), "{error}");
        assert_eq!(error.class(), lang::FailureClass::SourceDown);
        let error = place.error("SELECT 1 AS one").await;
        assert!(matches!(error, SourceError::Down { .. }), "{error}");
        server.start_again().unwrap();
        let again = extract_from(place.source.as_ref(), seoul("SELECT 1 AS one")).await;
        assert_eq!(again.unwrap().1[0].rows, 1);
    }
}
