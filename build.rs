//! Case files are tests: a new one is compiled in, and the count of them tells whether it was.

fn main() {
    const CASES: &str = "tests/judge/cases";
    println!("cargo::rerun-if-changed={CASES}");
    let count = std::fs::read_dir(CASES).map_or(0, Iterator::count);
    println!("cargo::rustc-env=FAITHFUL_JUDGE_CASES={count}");
}
