//! Taking a request out of the page and bringing one in: links, code, commands and presets.
//!
//! Pure, and without secrets: an API key comes into this room only for code that is to hold it, and
//! only where the user asked for that. `import` may find one where somebody pasted it, and hands it back
//! apart from the request.

pub mod code;
pub mod import;
pub mod link;
pub mod plain_link;
pub mod presets;
pub mod shell;
pub mod tour;
pub mod visible;
