//! Constrained decoding: which bytes may come next, so that a text satisfies a constraint.
//!
//! Choices, regular expressions, JSON schemas and grammars all become rules over characters
//! ([`expr`]), those become automata over UTF-8 that call each other ([`network`]), and a text is followed
//! through these ([`engine`]). A text is accepted only as long as some whole sentence begins with it.
//!
//! Nothing here knows of tokens but [`TokenTrie`], which is followed as far as its bytes go.

mod charset;
mod ebnf;
mod engine;
mod error;
mod expr;
mod json;
mod network;
mod regex;
mod schema;
mod stacks;
mod trie;

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use engine::Engine;
pub use error::GrammarError;
use expr::{Expr, Rules};
use json::Space;
use network::Network;
use stacks::NONE;
pub use trie::{TokenMask, TokenTrie};

/// A compiled constraint. Clones share it, and what was found out while following texts.
#[derive(Clone)]
pub struct Grammar {
    shared: Arc<Shared>,
}

struct Shared {
    network: Network,
    engine: Mutex<Engine>,
}

impl fmt::Debug for Grammar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Grammar")
            .field("states", &self.shared.network.size())
            .finish_non_exhaustive()
    }
}

impl Grammar {
    /// Any one of some texts (`guided_choice`).
    ///
    /// # Errors
    /// When there is no choice, or their text is too long.
    pub fn choices(list: &[String]) -> Result<Self, GrammarError> {
        check_length(list.iter().map(String::len).sum(), "the list of choices")?;
        let parts = list.iter().map(Expr::text).collect();
        Self::compile(Rules::only(Expr::Alt(parts)), "an empty list of choices")
    }

    /// A text that a regular expression matches from end to end (`guided_regex`), in Python's spelling.
    ///
    /// # Errors
    /// When the pattern is malformed, too large, matches nothing, or uses what no automaton can do (look-around,
    /// back-references), by name and position.
    pub fn regex(pattern: &str) -> Result<Self, GrammarError> {
        check_length(pattern.len(), "the regular expression")?;
        Self::compile(
            Rules::only(regex::parse(pattern)?),
            "this regular expression",
        )
    }

    /// JSON that fits a schema (`guided_json`), with what a pattern matches between its parts
    /// (`guided_whitespace_pattern`), or else at most one space.
    ///
    /// # Errors
    /// When the schema is malformed, too large, fits nothing, or uses what is not supported, with a pointer to
    /// where it stands.
    pub fn json_schema(schema: &Value, whitespace: Option<&str>) -> Result<Self, GrammarError> {
        let space = whitespace.map_or(Space::Short, Space::Pattern);
        Self::compile(schema::parse(schema, space)?, "this JSON schema")
    }

    /// Any JSON object (`json_object` of `response_format`).
    ///
    /// # Errors
    /// None that depend on the request.
    pub fn json_object() -> Result<Self, GrammarError> {
        Self::compile(schema::any_object()?, "JSON")
    }

    /// A sentence of a grammar (`guided_grammar`) in the notation of GBNF or of Lark.
    ///
    /// # Errors
    /// When the grammar is malformed, too large, has no sentence, or uses what is not supported, with the line.
    pub fn ebnf(grammar: &str) -> Result<Self, GrammarError> {
        check_length(grammar.len(), "the grammar")?;
        Self::compile(ebnf::parse(grammar)?, "this grammar")
    }

    fn compile(rules: Rules, what: &'static str) -> Result<Self, GrammarError> {
        Ok(Self {
            shared: Arc::new(Shared {
                network: Network::compile(rules, what)?,
                engine: Mutex::new(Engine::new()),
            }),
        })
    }

    /// The position before the first byte.
    #[must_use]
    pub fn start(&self) -> Matcher {
        let mut engine = self.shared.engine();
        let position = engine.start(&self.shared.network);
        Matcher {
            shared: Arc::clone(&self.shared),
            text: Vec::new(),
            position: AtomicU64::new(pack(engine.epoch(), position)),
        }
    }
}

fn check_length(length: usize, what: &str) -> Result<(), GrammarError> {
    if length > error::TEXT {
        return Err(GrammarError::too_large(what, error::TEXT));
    }
    Ok(())
}

impl Shared {
    fn engine(&self) -> MutexGuard<'_, Engine> {
        // What is remembered is right at any moment: a panic elsewhere does not spoil it.
        self.engine.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn pack(epoch: u32, position: u32) -> u64 {
    u64::from(epoch) << 32 | u64::from(position)
}

/// A position in a grammar: the text so far, and what may follow it.
pub struct Matcher {
    shared: Arc<Shared>,
    text: Vec<u8>,
    /// The engine's epoch and its number for the position.
    position: AtomicU64,
}

impl Clone for Matcher {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            text: self.text.clone(),
            position: AtomicU64::new(self.position.load(Ordering::Relaxed)),
        }
    }
}

impl fmt::Debug for Matcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Matcher")
            .field("text", &String::from_utf8_lossy(&self.text))
            .finish_non_exhaustive()
    }
}

impl Matcher {
    /// Whether these bytes can be appended so that a whole sentence stays in reach. Bytes may end inside a
    /// character.
    #[must_use]
    pub fn accepts(&self, bytes: &[u8]) -> bool {
        let (mut engine, position) = self.locate();
        engine.follow(&self.shared.network, position, bytes) != NONE
    }

    /// Appends bytes; `false`, and nothing is changed, when [`Self::accepts`] says no.
    pub fn push(&mut self, bytes: &[u8]) -> bool {
        let (mut engine, position) = self.locate();
        let position = engine.follow(&self.shared.network, position, bytes);
        let epoch = engine.epoch();
        drop(engine);
        if position == NONE {
            return false;
        }
        self.text.extend_from_slice(bytes);
        *self.position.get_mut() = pack(epoch, position);
        true
    }

    /// Whether the text so far is a whole sentence.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        let (engine, position) = self.locate();
        engine.is_complete(position)
    }

    /// Whether the text so far is a whole sentence and nothing can follow it.
    #[must_use]
    pub fn is_exhausted(&self) -> bool {
        let (engine, position) = self.locate();
        engine.is_complete(position) && !engine.can_go_on(&self.shared.network, position)
    }

    /// All tokens of a vocabulary that [`Self::accepts`] would take, found in one walk over their shared
    /// beginnings. Masks of positions seen before are remembered.
    #[must_use]
    pub fn mask(&self, vocabulary: &TokenTrie) -> TokenMask {
        let (mut engine, position) = self.locate();
        engine.mask(&self.shared.network, position, vocabulary)
    }

    /// The text so far.
    #[must_use]
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// The engine, and the number it has for the position; follows the text anew if the engine forgot it.
    fn locate(&self) -> (MutexGuard<'_, Engine>, u32) {
        let mut engine = self.shared.engine();
        engine.tidy();
        let packed = self.position.load(Ordering::Relaxed);
        if packed >> 32 == u64::from(engine.epoch()) {
            let position = u32::try_from(packed & u64::from(u32::MAX)).unwrap_or(NONE);
            return (engine, position);
        }
        let start = engine.start(&self.shared.network);
        let position = engine.follow(&self.shared.network, start, &self.text);
        engine.allow();
        self.position
            .store(pack(engine.epoch(), position), Ordering::Relaxed);
        (engine, position)
    }
}
