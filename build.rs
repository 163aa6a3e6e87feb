//! Files that are tests of their own: cargo is told to build them anew when one comes or goes, and their count is
//! compiled in, so that a test can tell whether each was.

fn main() {
    const CASES: &str = "tests/judge/cases";
    println!("cargo::rerun-if-changed=contracts");
    println!("cargo::rerun-if-changed=tests/docs/cases");
    println!("cargo::rerun-if-changed={CASES}");
    let count = std::fs::read_dir(CASES).map_or(0, Iterator::count);
    println!("cargo::rustc-env=FAITHFUL_JUDGE_CASES={count}");
}
