//! The compact form of a link: `#r=1d…`.
//!
//! - `1` is the version. It changes when a reader of this one would misread what follows.
//! - `d` says that the text is deflated with version 1's dictionary, `j` that it is not: the shorter is written.
//! - The rest is base64url of a checksum (3 bytes) and the text.
//!
//! The text is one JSON object, and holds only what is set:
//!
//! ```json
//! {"base": "https://host/v1", "dialect": "vllm-0.8", "body": {…}, "sweep": {…}, "run": {…}}
//! ```
//!
//! `body` is byte for byte the compact body. `sweep` is the plan of a sweep over that body
//! ([`crate::run::sweep::Plan::to_json`]). `run` is a saved run ([`crate::run::playback`]) and brings base URL
//! and body of its own. There is no member for a key, and a link with a member that is not in this list is
//! refused. So is one with a sweep by the pages that came before sweeps, which say that they do not know the
//! member: none of them opens half of it, so it needs no version of its own.

use serde::Deserialize;
use serde_json::value::RawValue;
use thiserror::Error;

use super::deflate::{InflateError, deflate, inflate};
use super::sweep::{self, SweepError};
use super::{Link, base64};
use crate::api::body::{Body, BodyError, parse_json};
use crate::api::dialect::{Dialect, UnknownDialect};
use crate::run::lineage::Lineage;
use crate::run::playback::{FileError, Recording};
use crate::run::sweep::Plan;

/// What version 1 is deflated with: parameters, common values, and words of the trade. Links that were shared
/// depend on every byte of it, so it never changes; a better one would belong to a version 2.
const DICTIONARY: &str = include_str!("dictionary.txt");

/// What a link may become, in bytes. Longer texts are refused before they are whole.
pub const LIMIT: usize = 8 << 20;

const VERSION: char = '1';
const DEFLATED: char = 'd';
const PLAIN: char = 'j';

/// What a link brought.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Contents {
    /// The request.
    pub link: Link,
    /// The recorded run whose request it is, if the answer came along.
    pub run: Option<Recording>,
}

/// Why a link cannot be opened. The page stays as it was.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CompactError {
    /// Nothing, or almost nothing, is left of it.
    #[error("it was cut off; ask for it once more, or for the request as a file")]
    CutOff,
    /// Letters are missing, or others than were written.
    #[error(
        "it is damaged: some of its letters are missing or changed. Long links are often cut on their way; ask for the request as a file"
    )]
    Damaged,
    /// A version that this page does not know.
    #[error(
        "it was made by a newer version of this page (format {0}), and this one reads format 1. Reload the page, or ask for the plain form"
    )]
    Newer(char),
    /// A version that never was.
    #[error("its format {0} is unknown here; this page reads format 1")]
    Unknown(char),
    /// It becomes too much.
    #[error("it would become more than {} MB, and is refused", LIMIT >> 20)]
    TooLarge,
    /// The text in it is no object of the known members.
    #[error("what is in it cannot be read: {0}")]
    Text(String),
    /// The body in it is none.
    #[error("its body cannot be read. {0}")]
    Body(#[from] BodyError),
    /// The server family in it is unknown.
    #[error(transparent)]
    Dialect(#[from] UnknownDialect),
    /// The sweep in it cannot be used.
    #[error(transparent)]
    Sweep(#[from] SweepError),
    /// The recorded run in it cannot be played.
    #[error("the answer in it cannot be played. {0}")]
    Run(#[from] FileError),
}

/// Writes a request as a fragment, without its `#`; `None` where it holds more than is read back.
pub fn write(link: &Link) -> Option<String> {
    pack(&text_of(link, None))
}

/// Writes a recorded run as a fragment, without its `#`. Base URL and body are those that were sent; a sweep
/// is one over that body. `None` where it holds more than is read back.
pub fn write_run(
    run: &Recording,
    dialect: Option<Dialect>,
    sweep: Option<Box<Plan>>,
) -> Option<String> {
    let link = Link {
        dialect,
        sweep,
        ..Link::default()
    };
    // Which run it branched from says nothing to whoever does not have that one.
    let mut alone = run.clone();
    alone.request.lineage = Lineage::default();
    pack(&text_of(&link, Some(&alone.to_file())))
}

/// Whether a fragment is of this form, as far as its beginning tells.
pub fn is_compact(fragment: &str) -> bool {
    let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
    fragment.starts_with("r=")
}

/// Reads a fragment, with or without its `#`. White space in it, and what a text around it left at its end,
/// is passed over. `page_origin` is what a base URL without an origin belongs to.
///
/// # Errors
/// Says why it cannot be opened, for somebody who cannot mend it.
pub fn read(fragment: &str, page_origin: &str) -> Result<Contents, CompactError> {
    let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
    let letters = fragment.strip_prefix("r=").unwrap_or(fragment);
    let letters = letters.split('&').next().unwrap_or_default();
    let letters: String = letters.chars().filter(|c| !c.is_whitespace()).collect();
    let letters =
        letters.trim_end_matches(|c: char| !(c.is_ascii_alphanumeric() || "-_".contains(c)));
    read_file(&unpack(letters)?, page_origin)
}

/// A request as a file: what a compact link holds, to be read by people and by [`read_file`].
pub fn to_file(link: &Link) -> String {
    let text = text_of(link, None);
    let pretty = parse_json(&text).ok();
    let pretty = pretty.and_then(|value| serde_json::to_string_pretty(&value).ok());
    pretty.unwrap_or(text)
}

/// The text in a link.
fn text_of(link: &Link, run: Option<&str>) -> String {
    let mut members = Vec::new();
    if let Some(base) = &link.base {
        let base = serde_json::to_string(base).unwrap_or_default();
        members.push(format!("\"base\":{base}"));
    }
    if let Some(dialect) = link.dialect {
        members.push(format!("\"dialect\":\"{}\"", dialect.name()));
    }
    if let Some(body) = &link.body {
        members.push(format!("\"body\":{}", body.to_compact()));
    }
    if let Some(plan) = &link.sweep {
        members.push(format!("\"sweep\":{}", plan.to_json()));
    }
    if let Some(run) = run {
        members.push(format!("\"run\":{run}"));
    }
    format!("{{{}}}", members.join(","))
}

fn pack(text: &str) -> Option<String> {
    (text.len() <= LIMIT).then(|| pack_any(text))
}

fn pack_any(text: &str) -> String {
    let deflated = deflate(DICTIONARY.as_bytes(), text.as_bytes());
    let (form, bytes) = match deflated.len() < text.len() {
        true => (DEFLATED, deflated.as_slice()),
        false => (PLAIN, text.as_bytes()),
    };
    let summed = [&checksum(text.as_bytes())[..], bytes].concat();
    format!("r={VERSION}{form}{}", base64::write(&summed))
}

fn unpack(letters: &str) -> Result<String, CompactError> {
    let mut rest = letters.chars();
    match rest.next() {
        None => return Err(CompactError::CutOff),
        Some(VERSION) => {}
        Some(version @ '2'..='9') => return Err(CompactError::Newer(version)),
        Some(version) => return Err(CompactError::Unknown(version)),
    }
    let form = rest.next().ok_or(CompactError::CutOff)?;
    let bytes = base64::read(rest.as_str()).ok_or(CompactError::Damaged)?;
    let (sum, bytes) = bytes.split_at_checked(3).ok_or(CompactError::CutOff)?;
    let text = match form {
        DEFLATED => inflate(DICTIONARY.as_bytes(), bytes, LIMIT).map_err(|error| match error {
            InflateError::Damaged => CompactError::Damaged,
            InflateError::TooLarge => CompactError::TooLarge,
        })?,
        PLAIN if bytes.len() > LIMIT => return Err(CompactError::TooLarge),
        PLAIN => bytes.to_vec(),
        _ => return Err(CompactError::Damaged),
    };
    if checksum(&text) != sum {
        return Err(CompactError::Damaged);
    }
    String::from_utf8(text).map_err(|_| CompactError::Damaged)
}

/// FNV-1a with 32 bits, folded to 24: three bytes are four letters without a rest.
fn checksum(text: &[u8]) -> [u8; 3] {
    let sum = text.iter().fold(0x811c_9dc5_u32, |sum, byte| {
        (sum ^ u32::from(*byte)).wrapping_mul(0x0100_0193)
    });
    let [first, a, b, c] = sum.to_be_bytes();
    [a, b, c ^ first]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Members<'t> {
    base: Option<String>,
    dialect: Option<String>,
    #[serde(borrow)]
    body: Option<&'t RawValue>,
    #[serde(borrow)]
    sweep: Option<&'t RawValue>,
    #[serde(borrow)]
    run: Option<&'t RawValue>,
}

/// Reads the text in a link, or in a file of a request, which is the same.
///
/// # Errors
/// Says what of the text is no request.
pub fn read_file(text: &str, page_origin: &str) -> Result<Contents, CompactError> {
    let members: Members<'_> =
        serde_json::from_str(text).map_err(|error| CompactError::Text(error.to_string()))?;
    let mut link = Link {
        base: members.base,
        body: members.body.map(|raw| Body::parse(raw.get())).transpose()?,
        dialect: members.dialect.map(|name| name.parse()).transpose()?,
        sweep: None,
    };
    let run = members
        .run
        .map(|raw| Recording::from_file(raw.get(), page_origin))
        .transpose()?;
    if let Some(run) = &run {
        link.base = Some(run.request.base.base());
        link.body = Some(run.request.body.clone());
        link.dialect = link.dialect.or(run.request.dialect);
    }
    if let Some(raw) = members.sweep {
        link.sweep = Some(sweep::read(raw.get(), link.body.as_ref())?);
    }
    Ok(Contents { link, run })
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[allow(clippy::unwrap_used)]
mod tests;
