//! Mounts the page. The host build has nothing to mount and says what to run instead.

fn main() {
    #[cfg(target_arch = "wasm32")]
    playground::view::mount();

    #[cfg(not(target_arch = "wasm32"))]
    {
        use std::io::Write;
        let _ = writeln!(
            std::io::stderr(),
            "The playground is a web page: run `cargo xtask serve`."
        );
    }
}
