//! Taking a request out of the page and bringing one in: links, commands and presets.
//!
//! Pure, and without secrets: nothing in this room ever sees an API key.

pub mod plain_link;
pub mod presets;
pub mod shell;
