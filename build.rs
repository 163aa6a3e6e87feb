//! Each contract file is a test of its own: cargo is told to build them anew when a file comes or goes.

fn main() {
    println!("cargo::rerun-if-changed=contracts");
}
