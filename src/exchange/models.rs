//! Asks an endpoint for its list of models, and vLLM for its version.

use gloo_net::http::Method;
use web_sys::{AbortSignal, ResponseType};

use super::builtin;
use super::http::prepared;
use crate::api::base_url::BaseUrl;
use crate::api::error_body::read_error_body;
use crate::api::models::{self, ModelList};
use crate::run::echo::KeyMask;
use crate::run::failure::status_text;

/// How long an answer may take, in milliseconds: a list that comes later is of no use in a box.
const TIMEOUT_MS: u32 = 15_000;

/// Asks for the models and, where `owned_by` says that vLLM answers, for its version. The key goes with
/// the first request alone; `/version` wants none.
///
/// # Errors
/// Says in a sentence why there is no list.
pub async fn list(
    base: BaseUrl,
    key: Option<String>,
) -> Result<(ModelList, Option<String>), String> {
    if base.is_builtin() {
        return builtin::models().await.map(|list| (list, None));
    }
    let text = get(&base.models(), key.as_deref()).await?;
    let list = models::read(&text).map_err(|error| error.to_string())?;
    let version = match list.owned_by.as_deref() {
        Some("vllm") => get(&base.version(), None).await.ok(),
        _ => None,
    };
    Ok((list, version.as_deref().and_then(models::read_version)))
}

async fn get(url: &str, key: Option<&str>) -> Result<String, String> {
    let signal = AbortSignal::timeout_with_u32(TIMEOUT_MS);
    let unreadable = |_| {
        "No answer that a page may read: the server is off, or sends no CORS headers.".to_owned()
    };
    let request = prepared(url, Method::GET, key, &signal);
    let response = request.send().await.map_err(unreadable)?;
    if response.type_() == ResponseType::Opaqueredirect {
        return Err("The answer is a redirect, which is not followed.".to_owned());
    }
    let text = response.text().await.map_err(unreadable)?;
    if response.ok() {
        return Ok(text);
    }
    let text = KeyMask::new(key, false).text(text);
    let told = read_error_body(&text, None).headline();
    Err(format!("{}: {told}", status_text(response.status())))
}
