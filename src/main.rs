//! Mounts the page, and splits off what it needs only later. The host build has nothing to mount and
//! says what to run instead.

#[cfg(target_arch = "wasm32")]
mod later {
    use leptos::wasm_split::{SplitLoaderError, wasm_split};
    use playground::view::later::Later;

    // Here and not in the library: its parts are exports, which every program of the library would
    // keep. Its errors come from the fetch, which the macro writes around it.
    #[wasm_split(later, wasm_split_path = leptos::wasm_split, fallible)]
    pub fn fetch() -> Result<Later, SplitLoaderError> {
        Ok(Later::new())
    }
}

fn main() {
    #[cfg(target_arch = "wasm32")]
    playground::view::mount(|| Box::pin(later::fetch()));

    #[cfg(not(target_arch = "wasm32"))]
    {
        use std::io::Write;
        let _ = writeln!(
            std::io::stderr(),
            "The playground is a web page: run `cargo xtask serve`."
        );
    }
}
