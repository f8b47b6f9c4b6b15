//! What must hold at every moment, and what the tests of the store expect besides.

use crate::place::Home;
use crate::violations;
pub use crate::violations::Peaks;

/// Panics with every violation found.
pub async fn check(home: &Home) {
    let mut connection = home.connect().await;
    let mut broken = violations::broken(&mut connection).await;
    // Every run of these tests has somebody to tell.
    let silent: Vec<String> = sqlx::query_scalar(
        "SELECT r.id FROM runs r
          WHERE (r.state = 'succeeded') <> EXISTS (SELECT 1 FROM outbox m WHERE m.run_id = r.id)",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    if !silent.is_empty() {
        broken.push((
            "a run has its messages exactly when it has succeeded",
            silent,
        ));
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

/// What ran at most at the same time, ever.
pub async fn peaks(home: &Home) -> Peaks {
    violations::peaks(&mut home.connect().await).await
}
