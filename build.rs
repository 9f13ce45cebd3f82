//! Keeps the relocations in the page's program: `wasm-split-cli` takes it apart by them.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_ARCH").as_deref() == Ok("wasm32") {
        println!("cargo::rustc-link-arg-bin=playground=--emit-relocs");
    }
}
