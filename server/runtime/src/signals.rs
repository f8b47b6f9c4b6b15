//! The wish of the operating system, or of a person at a terminal, that this process ends.

/// Listens from now on, and returns at the first SIGTERM or SIGINT (Ctrl-C).
///
/// Called before anything is begun that has to be ended in order: until then a signal ends the process
/// at once. It needs a Tokio runtime around it.
pub fn listen() -> impl Future<Output = ()> + Send {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let (terminate, interrupt) = (
            signal(SignalKind::terminate()),
            signal(SignalKind::interrupt()),
        );
        async move {
            // Without a handler the signal ends the process at once, which is what it asked for.
            let (Ok(mut terminate), Ok(mut interrupt)) = (terminate, interrupt) else {
                return std::future::pending().await;
            };
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        }
    }
    #[cfg(not(unix))]
    {
        async {
            let _ = tokio::signal::ctrl_c().await;
        }
    }
}
