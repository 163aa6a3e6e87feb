//! Runs of the binary: contract files in, exit code, report, time and memory out.

use crate::hostile::Hostile;
use serde_json::{Value, json};
use std::ffi::OsStr;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use wait4::Wait4;

/// Far more than any run takes; one that takes longer hangs.
const HANGS: Duration = Duration::from_secs(100);

/// What a run holds that does nothing, unoptimized and all.
const IDLE: u64 = 24 << 20;

/// What a slow machine may add to any bound of time.
const SLACK: Duration = Duration::from_secs(10);

/// `GET url`, answered with 200 and `{"a": 1}`.
pub(crate) fn get(url: &str) -> Value {
    json!({
        "faithful": 1,
        "name": "pair",
        "source": { "file": "page.md", "sha256": "00" },
        "request": { "method": "GET", "url": url },
        "response": {
            "status": 200, "headers": { "Content-Type": "application/json" }, "truncated": true, "json": { "a": 1 }
        },
    })
}

/// The same with another method and a body.
pub(crate) fn sending(method: &str, url: &str) -> Value {
    let mut contract = get(url);
    contract["request"]["method"] = method.into();
    contract["request"]["json"] = json!({ "name": "x" });
    contract
}

/// A folder with contract files, where runs happen.
pub(crate) struct Workspace(TempDir);

impl Workspace {
    pub(crate) fn new() -> Workspace {
        Workspace(tempfile::tempdir().unwrap())
    }

    /// With one contract, called `it`.
    pub(crate) fn of(contract: &Value) -> Workspace {
        Workspace::with(&[("it", contract.clone())])
    }

    /// With these contracts, by id.
    pub(crate) fn with(contracts: &[(&str, Value)]) -> Workspace {
        let workspace = Workspace::new();
        for (id, contract) in contracts {
            workspace.file(&format!("contracts/{id}.json"), contract.to_string());
        }
        workspace
    }

    /// Writes a file below the folder.
    pub(crate) fn file(&self, path: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// `faithful verify contracts --target URL --report-json report.json …`
    pub(crate) fn verify_at(&self, target: &str, arguments: &[&str]) -> Run {
        let mut command = self.command(["verify", "contracts", "--target", target]);
        command.args(["--report-json", "report.json"]).args(arguments);
        self.run(command)
    }

    /// The same with environment variables.
    pub(crate) fn verify_with(&self, target: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Run {
        let mut command = self.command(["verify", "contracts", "--target", target]);
        command.args(["--report-json", "report.json"]).args(arguments).envs(variables.iter().copied());
        self.run(command)
    }

    /// The same against a server.
    pub(crate) fn verify(&self, server: &Hostile, arguments: &[&str]) -> Run {
        self.verify_at(&server.url(), arguments)
    }

    /// `faithful …`, in the folder, without what the environment could say.
    pub(crate) fn command(&self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_faithful"));
        for (name, _) in std::env::vars_os() {
            let upper = name.to_string_lossy().to_ascii_uppercase();
            if upper.ends_with("_PROXY")
                || ["FAITHFUL_", "SSL_CERT_", "GITHUB_"].iter().any(|prefix| upper.starts_with(prefix))
            {
                command.env_remove(&name);
            }
        }
        command.args(arguments).current_dir(self.path()).stdin(Stdio::null());
        command.env("XDG_CACHE_HOME", self.path().join(".cache"));
        command
    }

    /// Runs to the end.
    pub(crate) fn run(&self, mut command: Command) -> Run {
        let start = Instant::now();
        let running = Running::start(command.stdout(Stdio::piped()).stderr(Stdio::piped()));
        let mut run = running.finish();
        run.elapsed = start.elapsed();
        let report = std::fs::read(self.path().join("report.json"));
        run.report = report.ok().and_then(|text| serde_json::from_slice(&text).ok());
        run
    }
}

/// A run under way.
pub(crate) struct Running(Child);

impl Running {
    pub(crate) fn start(command: &mut Command) -> Running {
        Running(command.spawn().unwrap())
    }

    /// Takes the reading end of its standard output.
    pub(crate) fn stdout(&mut self) -> std::process::ChildStdout {
        self.0.stdout.take().unwrap()
    }

    /// Its number.
    pub(crate) fn id(&self) -> u32 {
        self.0.id()
    }

    pub(crate) fn signal(&self, name: &str) {
        let status = Command::new("kill").args([&format!("-{name}"), &self.id().to_string()]).status();
        assert!(status.unwrap().success());
    }

    /// Reads what it prints until it ends.
    pub(crate) fn finish(mut self) -> Run {
        let (send, receive) = channel();
        let outputs: [Option<Box<dyn Read + Send>>; 2] = [
            self.0.stdout.take().map(|out| Box::new(out) as _),
            self.0.stderr.take().map(|out| Box::new(out) as _),
        ];
        for (index, output) in outputs.into_iter().enumerate() {
            let send = send.clone();
            std::thread::spawn(move || {
                let mut bytes = Vec::new();
                output.map(|mut output| output.read_to_end(&mut bytes));
                let _ = send.send((index, bytes));
            });
        }
        let (done, sampled) = sample(self.0.id());
        let mut texts = [String::new(), String::new()];
        for _ in 0..2 {
            let Ok((index, bytes)) = receive.recv_timeout(HANGS) else {
                let _ = self.0.kill();
                panic!("it ran for more than {HANGS:?}");
            };
            texts[index] = String::from_utf8(bytes).expect("what is printed is text");
        }
        let used = self.0.wait4().unwrap();
        drop(done);
        let sampled = sampled.join().unwrap();
        let [stdout, stderr] = texts;
        assert!(!stderr.contains("panicked"), "{stderr}");
        Run {
            code: used.status.code(),
            stdout,
            stderr,
            report: None,
            elapsed: Duration::ZERO,
            peak: if sampled > 0 { sampled.min(used.rusage.maxrss) } else { used.rusage.maxrss },
        }
    }
}

/// Reads a process's high-water mark, again and again until the sender is dropped or the process is gone; 0 where it
/// cannot be read. The mark only rises, so what a late reading misses is what was taken after it.
fn sample(process: u32) -> (std::sync::mpsc::Sender<()>, std::thread::JoinHandle<u64>) {
    let (done, ended) = channel::<()>();
    let read = move || {
        let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        line.trim().trim_end_matches(" kB").parse::<u64>().ok().map(|kib| kib << 10)
    };
    let sampling = std::thread::spawn(move || {
        let mut peak = 0;
        while let Err(std::sync::mpsc::RecvTimeoutError::Timeout) =
            ended.recv_timeout(Duration::from_millis(1))
        {
            match read() {
                Some(mark) => peak = mark,
                None => break,
            }
        }
        peak
    });
    (done, sampling)
}

/// What a run left behind.
#[derive(Debug)]
pub(crate) struct Run {
    /// None where a signal ended it.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) report: Option<Value>,
    pub(crate) elapsed: Duration,
    /// The most memory that it held, in bytes. `ru_maxrss` of wait4 is never too small, but on Linux it is no less
    /// than what this process held when it started the other; so there the high-water mark is also read from /proc
    /// while it runs, and the smaller figure counts.
    pub(crate) peak: u64,
}

impl Run {
    /// A contract's verdict in the JSON report.
    pub(crate) fn verdict(&self, id: &str) -> &Value {
        let verdicts = self.verdicts();
        verdicts
            .iter()
            .find(|verdict| verdict["id"] == id)
            .unwrap_or_else(|| panic!("no verdict {id}: {self:?}"))
    }

    pub(crate) fn verdicts(&self) -> &[Value] {
        let report = self.report.as_ref().unwrap_or_else(|| panic!("no report: {self:?}"));
        report["verdicts"].as_array().unwrap()
    }

    /// `passed`, `failed status`, `errored net.reset`, `skipped mutating`
    pub(crate) fn outcome(&self, id: &str) -> String {
        let verdict = self.verdict(id);
        let rules = verdict["mismatches"].as_array().into_iter().flatten();
        let mut words = vec![verdict["outcome"].as_str().unwrap()];
        words.extend(verdict["reason"].as_str());
        if verdict["outcome"] == "failed" {
            words.extend(
                rules.filter(|rule| rule["severity"] == "fail").filter_map(|rule| rule["rule"].as_str()),
            );
        }
        words.join(" ")
    }

    /// All outcomes, by id.
    pub(crate) fn outcomes(&self) -> Vec<String> {
        self.verdicts()
            .iter()
            .map(|verdict| {
                let id = verdict["id"].as_str().unwrap();
                format!("{id}: {}", self.outcome(id))
            })
            .collect()
    }

    /// The sentence that says why it could not be judged.
    pub(crate) fn message(&self, id: &str) -> &str {
        self.verdict(id)["message"].as_str().unwrap_or_else(|| panic!("no message: {self:?}"))
    }

    /// Asserts exit code and outcome of the contract `it`.
    #[track_caller]
    pub(crate) fn ends(&self, code: i32, outcome: &str) -> &Run {
        self.exits(code);
        assert_eq!(self.outcome("it"), outcome, "{self:?}");
        self
    }

    #[track_caller]
    pub(crate) fn exits(&self, code: i32) -> &Run {
        assert_eq!(self.code, Some(code), "{self:?}");
        self
    }

    /// Asserts a bound of time; a machine under load is given some more.
    #[track_caller]
    pub(crate) fn within(&self, bound: Duration) -> &Run {
        assert!(self.elapsed < bound + SLACK, "took {:?}", self.elapsed);
        self
    }

    /// Asserts a bound of memory, in MiB over what a run takes that does nothing.
    #[track_caller]
    pub(crate) fn holding_at_most(&self, mebibytes: u64) -> &Run {
        let over = self.peak.saturating_sub(IDLE);
        assert!(over <= mebibytes << 20, "held {} KiB more than idle", over >> 10);
        self
    }

    /// Asserts that a text stands nowhere in what was printed and reported.
    #[track_caller]
    pub(crate) fn never_shows(&self, text: &str) -> &Run {
        let report = self.report.as_ref().map(Value::to_string).unwrap_or_default();
        for (place, output) in [("stdout", &self.stdout), ("stderr", &self.stderr), ("the report", &report)] {
            assert!(!output.contains(text), "{text} in {place}: {output}");
        }
        self
    }

    /// Everything that was printed.
    pub(crate) fn printed(&self) -> String {
        [self.stdout.as_str(), self.stderr.as_str()].concat()
    }
}
