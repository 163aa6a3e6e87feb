//! What verifying costs, against a loop that reads the same files, sends as many requests at a time, parses and compares
//! with `==`: wall clock, processor time and memory, in processes of their own, in one run.
//!
//! `cargo bench --bench verify` prints a table for 4,000 contracts, then how it grows to 100,000. Of each row the shortest
//! of a few runs counts: what the work costs, and not what else the machine does. What a run takes of memory does not hang
//! on that: where it is more than it is to be the bench fails.

#![expect(
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "this is how a benchmark speaks; a member that is not there is null"
)]

mod contracts;
mod rival;

use std::error::Error;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use wait4::Wait4;

type Failure = Box<dyn Error + Send + Sync>;

/// Requests under way at a time: the default of faithful.
const JOBS: usize = 8;

/// So often each row runs.
const RUNS: usize = 5;

/// What a row is to cost of the bare loop's wall clock and processor time at most.
const GOAL: f64 = 1.5;

/// What a run of so many contracts is to take of memory at most, in MiB.
const CEILINGS: [(u64, f64); 2] = [(4_000, 64.0), (100_000, 320.0)];

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["serve", folder] => serve(Path::new(folder)),
        ["replay", folder, target] => replay(Path::new(folder), Some(target)),
        ["replay", folder] => replay(Path::new(folder), None),
        _ => {
            let mut peaks = beside_the_loop(4_000)?;
            peaks.extend(growth(&[10_000, 30_000, 100_000])?);
            memory(&peaks)
        }
    }
}

/// A row for each way to verify, beside its rival.
fn beside_the_loop(count: u64) -> Result<Vec<Peak>, Failure> {
    let generated = Generated::new(count)?;
    let server = Server::start(generated.folder())?;
    println!("{count} contracts, {JOBS} jobs               wall       cpu      peak");
    let rows: [(&str, Command); 4] = [
        ("loop, hyper server", itself("replay", [generated.folder().as_os_str(), server.url.as_ref()])),
        ("faithful, hyper server", faithful(generated.folder(), Some(&server.url))),
        ("loop with its own hyper server", itself("replay", [generated.folder().as_os_str()])),
        ("faithful, embedded stub", faithful(generated.folder(), None)),
    ];
    let mut best: [Option<Used>; 4] = [None; 4];
    let mut rows = rows;
    // In turn, so that what else the machine does meets all of them.
    for _ in 0..RUNS {
        for ((_, command), best) in rows.iter_mut().zip(&mut best) {
            let used = Used::by(command)?;
            *best = Some(best.map_or(used, |before| before.least(used)));
        }
    }
    for ((name, _), used) in rows.iter().zip(best.iter().flatten()) {
        println!("{name:32} {used}");
    }
    for (name, ours, rivals) in [("hyper server", best[1], best[0]), ("embedded stub", best[3], best[2])] {
        let (Some(ours), Some(rivals)) = (ours, rivals) else { continue };
        let ratio = |of: fn(&Used) -> f64| of(&ours) / of(&rivals);
        let (wall, cpu) = (ratio(|used| used.wall.as_secs_f64()), ratio(|used| used.cpu.as_secs_f64()));
        let missed = if wall.max(cpu) > GOAL { "  more than the goal" } else { "" };
        let peak = ratio(|used| used.peak);
        println!("ratio, {name:24} {wall:>8.2}x {cpu:>8.2}x {peak:>8.2}x{missed}");
    }
    Ok([best[1], best[3]]
        .into_iter()
        .flatten()
        .map(|ours| Peak { contracts: count, mib: ours.peak })
        .collect())
}

/// What ever more contracts cost: each by itself, against both.
fn growth(counts: &[u64]) -> Result<Vec<Peak>, Failure> {
    let mut peaks = Vec::new();
    println!("\ngrowth                               wall       cpu      peak   cpu each");
    for count in counts {
        let generated = Generated::new(*count)?;
        let server = Server::start(generated.folder())?;
        let rows = [
            ("hyper server", faithful(generated.folder(), Some(&server.url))),
            ("embedded stub", faithful(generated.folder(), None)),
        ];
        for (name, mut command) in rows {
            let used = Used::by(&mut command)?;
            #[expect(clippy::cast_precision_loss, reason = "a count of files")]
            let each = used.cpu.as_secs_f64() / *count as f64 * 1e6;
            println!("{count:>7} contracts, {name:13} {used} {each:>7.0} us");
            peaks.push(Peak { contracts: *count, mib: used.peak });
        }
    }
    Ok(peaks)
}

/// How much memory a run took at most.
#[derive(Clone, Copy)]
struct Peak {
    contracts: u64,
    mib: f64,
}

/// Holds what runs took against what they may, and tells what each further contract takes.
fn memory(peaks: &[Peak]) -> Result<(), Failure> {
    println!("\nmemory                               peak   ceiling");
    let most = |contracts: u64| {
        let of = peaks.iter().filter(|peak| peak.contracts == contracts).map(|peak| peak.mib);
        of.fold(0.0_f64, f64::max)
    };
    let mut missed = Vec::new();
    for (contracts, ceiling) in CEILINGS {
        let peak = most(contracts);
        println!("{contracts:>7} contracts                {peak:>5.0} MiB {ceiling:>5.0} MiB");
        if peak == 0.0 || peak > ceiling {
            missed.push(format!("{contracts} contracts took {peak:.0} MiB, more than {ceiling:.0}"));
        }
    }
    let [(few, _), (many, _)] = CEILINGS;
    #[expect(clippy::cast_precision_loss, reason = "a count of files")]
    let each = (most(many) - most(few)) * 1024.0 / (many - few) as f64;
    println!("each further contract             {each:>6.2} KiB");
    if missed.is_empty() { Ok(()) } else { Err(missed.join("; ").into()) }
}

/// Contract files in a folder that is gone afterwards.
struct Generated(tempfile::TempDir);

impl Generated {
    fn new(count: u64) -> Result<Generated, Failure> {
        let generated = Generated(tempfile::tempdir()?);
        contracts::generate(generated.folder(), count)?;
        Ok(generated)
    }

    fn folder(&self) -> &Path {
        self.0.path()
    }
}

fn faithful(folder: &Path, target: Option<&str>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_faithful"));
    command.arg("verify").arg(folder).args(["--format", "short", "--jobs"]).arg(JOBS.to_string());
    command.env_remove("FAITHFUL_TARGET").current_dir(std::env::temp_dir());
    command.args(target.into_iter().flat_map(|url| ["--target", url]));
    command
}

/// This program in another of its roles.
fn itself<'a>(role: &str, arguments: impl IntoIterator<Item = &'a OsStr>) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap_or_default());
    command.arg(role).args(arguments);
    command
}

/// The hyper server, in a process of its own.
struct Server {
    child: Child,
    url: String,
}

impl Server {
    fn start(folder: &Path) -> Result<Server, Failure> {
        let mut child = itself("serve", [folder.as_os_str()]).stdout(Stdio::piped()).spawn()?;
        let mut url = String::new();
        BufReader::new(child.stdout.take().ok_or("no output")?).read_line(&mut url)?;
        Ok(Server { child, url: url.trim().to_owned() })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a process used.
#[derive(Clone, Copy)]
struct Used {
    wall: Duration,
    /// Of itself and of the kernel for it.
    cpu: Duration,
    /// In MiB.
    peak: f64,
}

impl Used {
    fn by(command: &mut Command) -> Result<Used, Failure> {
        let start = Instant::now();
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let mut printed = String::new();
        child.stdout.take().ok_or("no output")?.read_to_string(&mut printed)?;
        let ended = child.wait4()?;
        if !ended.status.success() {
            let last = printed.lines().last().unwrap_or_default();
            return Err(format!("{command:?} ended with {}: {last}", ended.status).into());
        }
        #[expect(clippy::cast_precision_loss, reason = "bytes of a process")]
        let peak = ended.rusage.maxrss as f64 / f64::from(1 << 20);
        Ok(Used { wall: start.elapsed(), cpu: ended.rusage.utime + ended.rusage.stime, peak })
    }

    fn least(self, other: Used) -> Used {
        Used {
            wall: self.wall.min(other.wall),
            cpu: self.cpu.min(other.cpu),
            peak: self.peak.min(other.peak),
        }
    }
}

impl std::fmt::Display for Used {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let milliseconds = |time: Duration| time.as_secs_f64() * 1e3;
        write!(
            f,
            "{:>6.0} ms {:>6.0} ms {:>5.0} MiB",
            milliseconds(self.wall),
            milliseconds(self.cpu),
            self.peak
        )
    }
}

/// Serves until it is killed.
fn serve(folder: &Path) -> Result<(), Failure> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        println!("{}", rival::serve(folder).await?);
        std::future::pending::<()>().await;
        Ok(())
    })
}

/// Replays against a target, or against a server within.
fn replay(folder: &Path, target: Option<&str>) -> Result<(), Failure> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let target = match target {
            Some(target) => target.to_owned(),
            None => rival::serve(folder).await?,
        };
        println!("{} equal", rival::replay(folder, &target, JOBS).await?);
        Ok(())
    })
}
