//! Work on trees that nest deeply, on a stack that holds them.

use std::thread;

/// In bytes. Deeper trees are refused before they get here.
const STACK: usize = 128 << 20;

/// Does the work on a thread with a large stack, and waits for it.
pub(crate) fn deep<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    thread::scope(|scope| {
        let thread = thread::Builder::new()
            .name("aggregate".to_owned())
            .stack_size(STACK)
            .spawn_scoped(scope, work);
        match thread.map(thread::ScopedJoinHandle::join) {
            Ok(Ok(answer)) => answer,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            Err(error) => panic!("no thread can be started: {error}"),
        }
    })
}
