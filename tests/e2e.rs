//! Servers as anybody can install them, held against their own docs from beginning to end: started, verified by the
//! program with the configuration that a user would write, stopped by their process ids.
//!
//! `make e2e` installs the servers and runs this. The docs are not ours to ship: they are looked for in `../shared`, or
//! where `FAITHFUL_SHARED` says. What a run has to come to stands in `tests/realworld/NAME/expected.txt`;
//! `FAITHFUL_BLESS=1` writes it, to be checked by eye.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking, and says what it ran"
)]

use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a server may take to answer: a machine may be busy.
const PATIENCE: Duration = Duration::from_mins(1);

fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The docs of a service, where they are at hand.
fn docs(name: &str) -> Option<PathBuf> {
    let shared =
        std::env::var_os("FAITHFUL_SHARED").map_or_else(|| package().join("../shared"), PathBuf::from);
    let docs = shared.join("realworld/docs").join(name);
    if docs.is_dir() {
        return Some(docs);
    }
    println!("NOT RUN: no folder {}; FAITHFUL_SHARED says where it is", docs.display());
    None
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A server of this test, in a folder of its own. It is stopped by its process id, whatever comes.
struct Server {
    child: Child,
    url: String,
    folder: tempfile::TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    fn start(folder: tempfile::TempDir, port: u16, command: &mut Command) -> Server {
        let log = fs::File::create(folder.path().join("log")).unwrap();
        let program = command.get_program().to_string_lossy().into_owned();
        let child = command
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap_or_else(|error| panic!("{program}: {error}; make e2e installs it"));
        Server { child, url: format!("http://127.0.0.1:{port}"), folder }
    }

    /// Waits until curl gets an answer at a path, and one that holds a text.
    fn answers(mut self, path: &str, holds: &str) -> Server {
        let start = Instant::now();
        loop {
            let answer = curl(&[&format!("{}{path}", self.url)]);
            if answer.is_some_and(|text| text.contains(holds)) {
                return self;
            }
            let log = || fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
            let ended = self.child.try_wait().unwrap();
            assert!(
                ended.is_none() && start.elapsed() < PATIENCE,
                "no answer at {path}: {ended:?} {}",
                log()
            );
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

/// What curl shows; nothing where the server does not answer, or answers an error.
fn curl(arguments: &[&str]) -> Option<String> {
    let output = Command::new("curl")
        .args(["-sfg", "--max-time", "10", "--noproxy", "*"])
        .args(arguments)
        .output()
        .unwrap();
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Prometheus, which scrapes itself, and a node that nobody runs.
fn prometheus() -> Server {
    let (folder, port) = (tempfile::tempdir().unwrap(), free_port());
    let rules = "groups:\n- name: example\n  interval: 1s\n  rules:\n  - alert: HighRequestLatency\n    expr: vector(1)\n    \
                 labels: {severity: page}\n    annotations: {summary: High request latency}\n  - record: job:up:sum\n    \
                 expr: sum by (job) (up)\n";
    let config = format!(
        "global: {{scrape_interval: 1s}}\nrule_files: [rules.yml]\nscrape_configs:\n- job_name: prometheus\n  static_configs: \
         [{{targets: ['127.0.0.1:{port}']}}]\n- job_name: node\n  static_configs: [{{targets: ['127.0.0.1:9']}}]\n"
    );
    fs::write(folder.path().join("rules.yml"), rules).unwrap();
    fs::write(folder.path().join("prometheus.yml"), config).unwrap();
    let mut command = Command::new("prometheus");
    command
        .args(["--config.file=prometheus.yml", "--storage.tsdb.path=data", "--web.enable-admin-api"])
        .arg("--enable-feature=exemplar-storage")
        .arg(format!("--web.listen-address=127.0.0.1:{port}"));
    let query = "/api/v1/query?query=go_goroutines%20and%20on()%20(count(up)==2)%20and%20on()%20job:up:sum";
    Server::start(folder, port, &mut command)
        .answers("/-/ready", "")
        .answers(query, "go_goroutines")
        .answers("/api/v1/alerts", "firing")
}

/// etcd with the API of version 2, and more changes behind it than it remembers.
fn etcd() -> Server {
    let (folder, client, peer) = (tempfile::tempdir().unwrap(), free_port(), free_port());
    let (client_url, peer_url) = (format!("http://127.0.0.1:{client}"), format!("http://127.0.0.1:{peer}"));
    let mut command = Command::new("etcd");
    command.args(["--enable-v2=true", "--name", "default", "--data-dir", "data"]);
    command.args([
        "--unsafe-no-fsync",
        "--listen-client-urls",
        &client_url,
        "--advertise-client-urls",
        &client_url,
    ]);
    command.args(["--listen-peer-urls", &peer_url, "--initial-advertise-peer-urls", &peer_url]);
    command.args(["--initial-cluster", &format!("default={peer_url}")]);
    let server = Server::start(folder, client, &mut command).answers("/version", "etcdserver");
    let server = server.answers("/health", "true");
    let changes = format!("{}/v2/keys/other?change=[1-1100]", server.url);
    let output = Command::new("curl")
        .args(["-sf", "--noproxy", "*", "-o", "/dev/null", "-X", "PUT", "-d", "value=bar", &changes])
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    server
}

/// Kinto in memory, with the plug-ins that its pages speak of.
fn kinto() -> Server {
    let (folder, port) = (tempfile::tempdir().unwrap(), free_port());
    let config = format!(
        "[server:main]\nuse = egg:waitress#main\nhost = 127.0.0.1\nport = {port}\n[app:main]\nuse = egg:kinto\n\
         kinto.includes = kinto.plugins.default_bucket kinto.plugins.history kinto.plugins.flush kinto.plugins.accounts\n\
         kinto.flush_endpoint_enabled = true\nkinto.experimental_permissions_endpoint = true\n\
         kinto.storage_backend = kinto.core.storage.memory\nkinto.cache_backend = kinto.core.cache.memory\n\
         kinto.permission_backend = kinto.core.permission.memory\nkinto.userid_hmac_secret = abc\n\
         multiauth.policies = account basicauth\n\
         multiauth.policy.basicauth.use = kinto.core.authentication.BasicAuthAuthenticationPolicy\n\
         multiauth.policy.account.use = kinto.plugins.accounts.authentication.AccountsAuthenticationPolicy\n\
         kinto.account_create_principals = system.Everyone\nkinto.bucket_create_principals = system.Authenticated\n"
    );
    fs::write(folder.path().join("kinto.ini"), config).unwrap();
    let mut command = Command::new(package().join("target/e2e/kinto/bin/kinto"));
    command.args(["start", "--ini", "kinto.ini", "--port", &port.to_string()]);
    Server::start(folder, port, &mut command).answers("/v1/", "kinto")
}

/// The report of a run of the program with the configuration of a service.
fn verify(name: &str, docs: &Path, server: &Server) -> Value {
    let report = server.folder.path().join("report.json");
    let output = Command::new(env!("CARGO_BIN_EXE_faithful"))
        .current_dir(package().join("tests/realworld").join(name))
        .arg("verify")
        .arg(docs)
        .args(["--target", "local", "--jobs", "1", "--report-json"])
        .arg(&report)
        .args(["--format", "short", "--color", "never"])
        .env("FAITHFUL_E2E_TARGET", &server.url)
        .env("FAITHFUL_E2E_USER", "bob:azerty123")
        .env_remove("FAITHFUL_TARGET")
        .env_remove("GITHUB_ACTIONS")
        .output()
        .unwrap();
    println!("{}{}", String::from_utf8_lossy(&output.stderr), String::from_utf8_lossy(&output.stdout));
    // There are disagreements, and nothing worse.
    assert_eq!(output.status.code(), Some(1), "{name}");
    serde_json::from_str(&fs::read_to_string(report).unwrap()).unwrap()
}

/// What came of a run, contract by contract: without values, which are others each time.
fn outcome(report: &Value) -> (String, usize) {
    let mut lines = String::new();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut right = 0;
    for verdict in report["verdicts"].as_array().unwrap() {
        let outcome = verdict["outcome"].as_str().unwrap();
        *counts.entry(outcome).or_default() += 1;
        let why = verdict["status"].as_u64().map(|status| status.to_string());
        let why = why.or_else(|| verdict["reason"].as_str().map(str::to_owned)).unwrap_or_default();
        writeln!(lines, "{outcome} {why} {}", verdict["id"].as_str().unwrap()).unwrap();
        let mismatches = verdict["mismatches"].as_array().into_iter().flatten();
        let mut is_right = matches!(outcome, "passed" | "failed");
        for mismatch in mismatches.filter(|mismatch| mismatch["severity"] != "note") {
            let (rule, at) =
                (mismatch["rule"].as_str().unwrap(), mismatch["at"].as_str().unwrap_or_default());
            is_right &= rule != "status";
            let severity = mismatch["severity"].as_str().unwrap();
            writeln!(lines, "  {severity} {rule} {at}").unwrap();
        }
        right += usize::from(is_right);
    }
    let counts: Vec<String> = counts.iter().map(|(outcome, count)| format!("{count} {outcome}")).collect();
    (format!("{}; {right} with the documented status\n\n{lines}", counts.join(", ")), right)
}

#[rstest::rstest]
#[case("prometheus", "prometheus-v2.42.0", prometheus, 25)]
#[case("etcd", "etcd", etcd, 44)]
#[case("kinto", "kinto", kinto, 43)]
#[ignore = "make e2e installs the servers and runs it"]
fn a_real_service_is_held_against_its_docs(
    #[case] name: &str,
    #[case] folder: &str,
    #[case] start: fn() -> Server,
    #[case] least: usize,
) {
    let Some(docs) = docs(folder) else { return };
    let server = start();
    let (outcome, right) = outcome(&verify(name, &docs, &server));
    let beside = package().join("tests/realworld").join(name).join("expected.txt");
    if std::env::var_os("FAITHFUL_BLESS").is_some() {
        fs::write(&beside, &outcome).unwrap();
    }
    assert!(right >= least, "{name}: {right} answers with the documented status, not {least}");
    let expected = fs::read_to_string(&beside).unwrap_or_default();
    assert_eq!(
        outcome,
        expected,
        "{name}: not what {} says. It was written for the version that docs/src/real-services.md names, and this one \
         is {}; FAITHFUL_BLESS=1 writes it, to be checked by eye",
        beside.display(),
        version(name)
    );
}

/// What a server says of its version, in a line.
fn version(name: &str) -> String {
    let program = match name {
        "kinto" => package().join("target/e2e/kinto/bin/kinto"),
        name => PathBuf::from(name),
    };
    let output = Command::new(program).arg("--version").output().unwrap();
    let said = if output.stdout.is_empty() { output.stderr } else { output.stdout };
    String::from_utf8_lossy(&said).lines().next().unwrap_or_default().to_owned()
}

/// The first line of what a run has to come to, and the lines of its mismatches.
#[rstest::rstest]
#[case("prometheus", include_str!("realworld/prometheus/expected.txt"))]
#[case("etcd", include_str!("realworld/etcd/expected.txt"))]
#[case("kinto", include_str!("realworld/kinto/expected.txt"))]
fn the_guide_says_what_a_run_comes_to(#[case] name: &str, #[case] expected: &str) {
    let guide = include_str!("../docs/src/real-services.md");
    let rows = || guide.lines().filter(|line| line.to_ascii_lowercase().starts_with(&format!("| {name} ")));

    let count =
        |outcome: &str| expected.lines().filter(|line| line.starts_with(&format!("{outcome} "))).count();
    let (passed, failed, errored) = (count("passed"), count("failed"), count("errored"));
    let right = expected.lines().next().and_then(|line| line.split("; ").nth(1)?.split(' ').next()).unwrap();
    let sent = passed + failed + errored;
    let all = sent + count("skipped");
    let figures = format!("| {all} | {sent} | {right} | {passed} |");
    assert!(rows().next().unwrap().ends_with(&figures), "{name}: {figures}");

    // Each mismatch that fails is in a row of the table: the member or the header, or the status that came.
    let mut status = "";
    for line in expected.lines() {
        if let Some(rest) = line.strip_prefix("failed ") {
            status = rest.split(' ').next().unwrap();
        }
        if let Some(mismatch) = line.strip_prefix("  fail ") {
            let place = mismatch.split(' ').nth(1).and_then(|at| at.rsplit('.').next()).unwrap_or_default();
            let named = if place.is_empty() { status } else { place };
            let named = named.to_ascii_lowercase();
            let is_told = rows().skip(1).any(|row| row.to_ascii_lowercase().contains(&named));
            assert!(is_told, "{name}: no row of the table tells of {mismatch}: {named}");
        }
    }
}
