//! Exit codes: a documented interface, with the precedence of what happened.

use std::process::ExitCode;

/// How a run ended. The order is the precedence: of several, the first counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// A bug in faithful.
    Bug,
    /// Ended by SIGINT.
    Interrupted,
    /// Ended by SIGTERM.
    Terminated,
    /// A usage or configuration error; nothing was sent.
    Usage,
    /// At least one mismatch.
    Mismatch,
    /// At least one contract could not be judged.
    Unjudged,
    /// A file that was asked for could not be written.
    Unwritten,
    /// Nothing was compared.
    Nothing,
    /// Every compared contract passed.
    Passed,
}

impl Exit {
    /// The number that the shell sees.
    pub fn code(self) -> u8 {
        match self {
            Exit::Passed => 0,
            Exit::Mismatch => 1,
            Exit::Usage => 2,
            Exit::Unjudged => 3,
            Exit::Unwritten => 4,
            Exit::Nothing => 5,
            Exit::Bug => 70,
            Exit::Interrupted => 130,
            Exit::Terminated => 143,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::Exit;

    #[test]
    fn the_gravest_end_counts() {
        let by_precedence = [70, 130, 143, 2, 1, 3, 4, 5, 0];
        let mut ends = [
            Exit::Passed,
            Exit::Nothing,
            Exit::Unwritten,
            Exit::Unjudged,
            Exit::Mismatch,
            Exit::Usage,
            Exit::Terminated,
            Exit::Interrupted,
            Exit::Bug,
        ];
        ends.sort();
        assert_eq!(ends.map(Exit::code), by_precedence);
    }
}
