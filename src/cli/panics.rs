//! What is said of a bug: where it is, and nothing of what was under way.

use std::io::{self, Write};

/// Has panics told by their places alone. A panic's message may hold what an answer held.
pub fn tell_panics_by_place() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let _ = writeln!(io::stderr(), "bug: panicked at {place}");
    }));
}

#[cfg(test)]
mod tests {
    use crate::cli::{Console, Shell, run, tell_panics_by_place};
    use crate::replay::made_up::Source;
    use crate::report::Color;
    use rstest::rstest;
    use std::io::{Read, Write};
    use std::process::Command;
    use std::{env, fs, io};

    const CANARY: &str = "kN3xQ7vT9pL2mZ5wB8hJ4";

    /// Answers with what it was logged in with, in the place of a number.
    fn echo() -> String {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let mut request = [0; 4096];
                let length = stream.read(&mut request).unwrap_or_default();
                let request = String::from_utf8_lossy(&request[..length]).into_owned();
                let fields = request.lines().filter_map(|line| line.split_once(": "));
                let login = fields.filter(|(name, _)| name.eq_ignore_ascii_case("authorization"));
                let login: String = login.map(|(_, value)| value).collect();
                let body = format!("{{\"a\": \"{login}\"}}");
                let length = body.len();
                let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n";
                let _ = write!(stream, "{head}Content-Length: {length}\r\n\r\n{body}");
            }
        });
        format!("http://{address}")
    }

    #[test]
    #[ignore = "panics, in a process of its own: the test below runs it"]
    fn a_run_that_panics() {
        let (Ok(target), Ok(folder)) = (env::var("PANIC_TARGET"), env::var("PANIC_FOLDER")) else { return };
        if env::var("PANIC_HOOK").is_ok_and(|hook| hook == "ours") {
            tell_panics_by_place();
        }
        let report = format!("{folder}/report.json");
        let contracts = format!("{folder}/contracts");
        let arguments =
            ["faithful", "verify", &contracts, "-v", "--target", &target, "--bearer-env", "CANARY"];
        let arguments = arguments.into_iter().chain(["--report-json", &report]);
        let (mut out, mut err) = (io::stdout(), io::stderr());
        let (out_color, err_color) = (Color::Plain, Color::Plain);
        let mut shell = Shell {
            console: &mut Console { out: &mut out, err: &mut err, out_color, err_color },
            environment: &|name| (name == "CANARY").then(|| CANARY.to_owned()),
            all_of: &|_| Vec::new(),
            source: Source::FIXED,
        };
        let _ = run(arguments.map(Into::into), &mut shell);
    }

    /// The program's own way of telling of a panic, and that of any other, by which the search is seen to find something.
    #[rstest]
    #[case::as_it_is_told("ours", false)]
    #[case::as_others_tell_of_it("theirs", true)]
    fn no_output_of_a_run_that_panics_holds_what_it_logs_in_with(#[case] hook: &str, #[case] found: bool) {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("contracts")).unwrap();
        let contract = r#"{"faithful": 1, "name": "x", "source": {"file": "p.md", "sha256": "00"},
            "request": {"method": "GET", "url": "/x"}, "response": {"status": 200, "json": {"a": 1}}}"#;
        fs::write(folder.path().join("contracts/panics.json"), contract).unwrap();
        let output = Command::new(env::current_exe().unwrap())
            .args(["cli::panics::tests::a_run_that_panics", "--exact", "--ignored", "--nocapture"])
            .envs([("PANIC_TARGET", echo()), ("PANIC_HOOK", hook.to_owned())])
            .env("PANIC_FOLDER", folder.path())
            .env("XDG_CACHE_HOME", folder.path())
            .output()
            .unwrap();
        let report = fs::read_to_string(folder.path().join("report.json")).unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
        assert!(report.contains("judging it panicked") && stdout.contains("errored panics: bug"), "{stdout}");
        assert!(stderr.contains("panicked at src/verify.rs"), "{stderr}");
        let holds = |text: &str| {
            CANARY.as_bytes().windows(8).any(|window| text.contains(&*String::from_utf8_lossy(window)))
        };
        assert!(!holds(&report) && !holds(&stdout), "{report}\n{stdout}");
        assert_eq!(holds(&stderr), found, "{stderr}");
    }
}
