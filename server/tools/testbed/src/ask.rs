//! Questions to a server from code that may or may not be inside a runtime.

use std::future::Future;

/// Runs a future to its end on a thread and a runtime of its own.
///
/// Tests are sometimes plain and sometimes asynchronous; a runtime cannot be entered twice on a thread.
pub(crate) fn block<T: Send>(question: impl Future<Output = T> + Send) -> T {
    std::thread::scope(|scope| {
        let asked = scope.spawn(|| {
            tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime of one thread needs nothing")
                .block_on(question)
        });
        match asked.join() {
            Ok(answer) => answer,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}
