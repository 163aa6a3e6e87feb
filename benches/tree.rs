//! What a tree of pages costs the binary, beside what searches it for one word: ripgrep where it is installed, and the
//! floor of it, which reads every file and looks for the word with `memchr`. `FAITHFUL_TREE` names a tree of real pages;
//! without it one is made, a quarter of whose pages hold pairs.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "this is how a benchmark speaks, and how it fails"
)]

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use wait4::Wait4;

/// Pages of the whole tree.
const PAGES: usize = 26_000;

/// Runs of each, of which the shortest counts: what the work costs, and not what else the machine does.
const RUNS: usize = 7;

/// Pages of which one holds pairs.
const MIX: usize = 4;

fn main() {
    // `cargo test --benches` runs this too, and asks for nothing to be measured.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let scratch = tempfile::tempdir().unwrap();
    let given = std::env::var_os("FAITHFUL_TREE").map(PathBuf::from);
    let whole = given.unwrap_or_else(|| tree(&scratch.path().join("whole"), PAGES));
    println!("lint --format short of {}", whole.display());
    beside_a_search(&whole);
    println!("how it grows with the tree");
    for pages in [PAGES / 4, PAGES / 2, PAGES] {
        let tree = tree(&scratch.path().join(pages.to_string()), pages);
        row(&format!("{pages} pages"), &best(|| lint(&tree)), None);
        fs::remove_dir_all(tree).unwrap();
    }
    println!("how it grows with a page");
    for megabytes in [1, 2, 4] {
        let page = scratch.path().join(format!("{megabytes}.md"));
        let text: String = (0..)
            .map(|number| page_of(MIX * number))
            .scan(0, |length, text| {
                *length += text.len();
                (*length < megabytes * 1024 * 1024).then_some(text)
            })
            .collect();
        fs::write(&page, text).unwrap();
        row(&format!("{megabytes} MiB"), &best(|| lint(&page)), None);
    }
    println!("extract, of the same tree");
    writing(&whole, scratch.path());
}

/// Linting beside a search of the same tree.
fn beside_a_search(tree: &Path) {
    let mut search = Command::new("rg");
    search.args(["-c", "blockType"]).arg(tree);
    let has_ripgrep = Command::new("rg").arg("--version").stdout(Stdio::null()).status().is_ok();
    let rival = has_ripgrep.then(|| best(|| run(&mut search)));
    if rival.is_none() {
        println!("  ripgrep is not installed: only the floor is shown");
    }
    let floor = best(|| floor(tree));
    let ours = best(|| lint(tree));
    row("read and memchr", &floor, None);
    if let Some(rival) = &rival {
        row("rg -c blockType", rival, None);
    }
    row("faithful lint", &ours, Some(rival.as_ref().unwrap_or(&floor)));
}

/// First and second run of `extract`: what is new is written, what is unchanged is not.
fn writing(tree: &Path, scratch: &Path) {
    let out = scratch.join("contracts");
    for name in ["all new", "none changed"] {
        let mut extract = Command::new(env!("CARGO_BIN_EXE_faithful"));
        extract.arg("extract").arg(tree).arg("--out").arg(&out);
        let cost = run(&mut extract);
        let files = count(&out).max(1);
        let each = cost.wall.as_secs_f64() * 1_000_000.0 / f64::from(u32::try_from(files).unwrap());
        row(name, &cost, None);
        println!("    {files} files, {each:.1} ms per 1,000");
    }
}

/// What a run took.
struct Cost {
    wall: Duration,
    /// Of all cores: the figure that other programs on the machine disturb least.
    cpu: Duration,
    /// The most memory at one time, in bytes.
    memory: u64,
}

fn row(name: &str, cost: &Cost, rival: Option<&Cost>) {
    let ratio = |ours: Duration, theirs: Duration| ours.as_secs_f64() / theirs.as_secs_f64();
    let ratios = rival.map_or_else(String::new, |rival| {
        format!("  {:.2}x wall, {:.2}x cpu", ratio(cost.wall, rival.wall), ratio(cost.cpu, rival.cpu))
    });
    let memory = cost.memory / 1024 / 1024;
    println!("  {name:<18} {:>9.1?} wall {:>9.1?} cpu {memory:>4} MiB{ratios}", cost.wall, cost.cpu);
}

fn best(cost: impl FnMut() -> Cost) -> Cost {
    let costs: Vec<Cost> = std::iter::repeat_with(cost).take(RUNS).collect();
    Cost {
        wall: costs.iter().map(|cost| cost.wall).min().unwrap(),
        cpu: costs.iter().map(|cost| cost.cpu).min().unwrap(),
        memory: costs.iter().map(|cost| cost.memory).max().unwrap(),
    }
}

fn lint(docs: &Path) -> Cost {
    run(Command::new(env!("CARGO_BIN_EXE_faithful")).args(["lint", "--format", "short"]).arg(docs))
}

fn run(command: &mut Command) -> Cost {
    let start = Instant::now();
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let used = child.wait4().unwrap().rusage;
    Cost { wall: start.elapsed(), cpu: used.utime + used.stime, memory: used.maxrss }
}

/// Reads every page, on all cores, and looks for the word: what any reader of the tree has to pay.
fn floor(tree: &Path) -> Cost {
    let start = Instant::now();
    let pages = pages(tree);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let word = memchr::memmem::Finder::new("blockType");
    let search =
        |pages: &[PathBuf]| pages.iter().filter(|page| word.find(&fs::read(page).unwrap()).is_some()).count();
    let found: usize = std::thread::scope(|scope| {
        let parts = pages.chunks(pages.len().div_ceil(cores).max(1));
        let parts: Vec<_> = parts.map(|part| scope.spawn(|| search(part))).collect();
        parts.into_iter().map(|part| part.join().unwrap()).sum()
    });
    std::hint::black_box(found);
    // Of this program's own threads only the wall clock is known.
    Cost { wall: start.elapsed(), cpu: start.elapsed(), memory: 0 }
}

fn pages(tree: &Path) -> Vec<PathBuf> {
    let files = walkdir::WalkDir::new(tree).into_iter().map(Result::unwrap);
    files.filter(|file| file.file_type().is_file()).map(walkdir::DirEntry::into_path).collect()
}

fn count(folder: &Path) -> usize {
    if folder.is_dir() { pages(folder).len() } else { 0 }
}

/// Makes a tree of so many pages.
fn tree(root: &Path, pages: usize) -> PathBuf {
    for number in 0..pages {
        let folder = root.join((number / 1_000).to_string());
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(format!("page-{number}.md")), page_of(number)).unwrap();
    }
    root.to_owned()
}

/// A page of a reference: prose and a table, and on one of a few a template and an example.
fn page_of(number: usize) -> String {
    let mut page = format!("# Users {number}\n\nNamespace: example\n\n");
    for property in 0..12 {
        let _ = writeln!(
            page,
            "|property{property}|String|What property {property} of a user is for. Optional.|"
        );
    }
    if number.is_multiple_of(MIX) {
        let _ = write!(
            page,
            r#"
## HTTP request

<!-- {{ "blockType": "ignored" }} -->
```http
GET /users/{{id}}
```

## Response

If successful, this method returns a `200 OK` response code and a user in the response body.

## Example

<!-- {{
  "blockType": "request",
  "name": "get_user_{number}"
}} -->
```http
GET https://api.example.com/v1.0/users/{number}
Accept: application/json
```

The response may be shortened.

<!-- {{ "blockType": "response", "truncated": true, "@odata.type": "example.user" }} -->
```http
HTTP/1.1 200 OK
Content-Type: application/json
Content-Length: 99

{{
  "id": "{number}",
  "displayName": "User {number}",
  "phones": ["+1 425 555 0100"]
}}
```
"#
        );
    } else {
        for line in 0..20 {
            let _ = writeln!(
                page,
                "Of a user much can be said, and line {line} of this page says a part of it.\n"
            );
        }
        page.push_str("```json\n{ \"id\": \"string\", \"displayName\": \"string\" }\n```\n");
    }
    page
}
