//! Signals that end a run early, or what comes after it.

use crate::cli::Exit;
use std::time::Duration;
#[cfg(unix)]
use tokio::signal::unix;
use tokio::sync::watch::{Receiver, Sender, channel};
use tokio::time::sleep;

/// How long a result may take to be taken from a run that was ended: a pipe that nobody reads would hold it for ever.
const TAKEN: Duration = Duration::from_secs(1);

/// What ended a run early.
#[derive(Debug, Clone, Copy)]
pub(super) enum Signal {
    Interrupt,
    Terminate,
}

/// What a signal would end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// The run, whose end is reported.
    Running,
    /// The showing of a result that is in its files already: the first signal ends all.
    Showing,
}

/// The signals that come from a moment on.
pub(super) struct Signals {
    first: Receiver<Option<Signal>>,
    phase: Sender<Phase>,
}

impl Signals {
    /// Listens inside a runtime from now on, for as long as that runs: whoever asks before the first request is answered
    /// is heard as well.
    pub(super) fn listen() -> Signals {
        let (ended, first) = channel(None);
        let (phase, mut now) = channel(Phase::Running);
        let mut coming = Coming::listen();
        tokio::spawn(async move {
            let signal = coming.next().await;
            if *now.borrow() == Phase::Showing {
                leave(signal);
            }
            let _ = ended.send(Some(signal));
            let stuck = async {
                let _ = now.wait_for(|phase| *phase == Phase::Showing).await;
                sleep(TAKEN).await;
            };
            tokio::select! {
                // Who asks twice does not want to wait for what was finished.
                again = coming.next() => leave(again),
                () = stuck => leave(signal),
            }
        });
        Signals { first, phase }
    }

    /// Completes when the run shall end early.
    pub(super) fn first(&self) -> impl Future<Output = Signal> + use<> {
        let mut first = self.first.clone();
        async move {
            let signal = first.wait_for(Option::is_some).await.ok().and_then(|signal| *signal);
            match signal {
                Some(signal) => signal,
                None => std::future::pending().await,
            }
        }
    }

    /// The run is over and its files are written: nothing is left that a signal should wait for.
    pub(super) fn show(&self) {
        let _ = self.phase.send(Phase::Showing);
    }
}

fn leave(signal: Signal) {
    let code = match signal {
        Signal::Interrupt => Exit::Interrupted,
        Signal::Terminate => Exit::Terminated,
    };
    #[expect(clippy::disallowed_methods, reason = "there is nothing more to be done")]
    std::process::exit(i32::from(code.code()));
}

/// Signals, one after the other.
struct Coming {
    #[cfg(unix)]
    listening: Option<(unix::Signal, unix::Signal)>,
}

impl Coming {
    fn listen() -> Coming {
        #[cfg(unix)]
        {
            let listen = |kind| unix::signal(kind).ok();
            let interrupt = listen(unix::SignalKind::interrupt());
            Coming { listening: interrupt.zip(listen(unix::SignalKind::terminate())) }
        }
        #[cfg(not(unix))]
        Coming {}
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
