//! Signals that end a run early.

use crate::cli::Exit;
#[cfg(unix)]
use tokio::signal::unix;

/// What ended a run early.
#[derive(Debug, Clone, Copy)]
pub(super) enum Signal {
    Interrupt,
    Terminate,
}

/// The signals that come from a moment on.
pub(super) struct Signals {
    #[cfg(unix)]
    listening: Option<(unix::Signal, unix::Signal)>,
}

impl Signals {
    /// Listens inside a runtime from now on: whoever asks before the first request is answered is heard as well.
    pub(super) fn listen() -> Signals {
        #[cfg(unix)]
        {
            let listen = |kind| unix::signal(kind).ok();
            let interrupt = listen(unix::SignalKind::interrupt());
            Signals { listening: interrupt.zip(listen(unix::SignalKind::terminate())) }
        }
        #[cfg(not(unix))]
        Signals {}
    }

    /// Completes when the run shall end early. Who asks twice does not want to wait for what was finished.
    pub(super) async fn first(mut self) -> Signal {
        let signal = self.next().await;
        tokio::spawn(async move {
            let code = match self.next().await {
                Signal::Interrupt => Exit::Interrupted,
                Signal::Terminate => Exit::Terminated,
            };
            #[expect(clippy::disallowed_methods, reason = "there is nothing more to be done")]
            std::process::exit(i32::from(code.code()));
        });
        signal
    }

    async fn next(&mut self) -> Signal {
        #[cfg(unix)]
        if let Some((interrupt, terminate)) = &mut self.listening {
            return tokio::select! {
                _ = terminate.recv() => Signal::Terminate,
                _ = interrupt.recv() => Signal::Interrupt,
            };
        }
        // Without a handler there is nothing to wait for, and the run goes on.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        Signal::Interrupt
    }
}
