//! What a run cost, from prices that the user sets.
//!
//! Prices are per million tokens, as providers list them, in whatever currency the user has in
//! mind. Cached tokens are part of `prompt_tokens`, and reasoning is part of `completion_tokens`:
//! that is how servers count, so neither is paid twice.

use serde::{Deserialize, Serialize};

use crate::api::usage::Usage;

/// A million: what prices are for.
const MILLION: f64 = 1_000_000.0;

/// Prices of one model, per million tokens.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Prices {
    /// Tokens of the prompt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input: Option<f64>,
    /// Tokens of the prompt that the server had in its cache; they cost as much as the others
    /// where this is not set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cached_input: Option<f64>,
    /// Tokens generated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output: Option<f64>,
}

/// One of the prices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Price {
    /// [`Prices::input`].
    Input,
    /// [`Prices::cached_input`].
    CachedInput,
    /// [`Prices::output`].
    Output,
}

impl Price {
    /// All of them, in their order.
    pub const ALL: [Self; 3] = [Self::Input, Self::CachedInput, Self::Output];

    /// What it is called.
    pub fn label(self) -> &'static str {
        match self {
            Self::Input => "Input",
            Self::CachedInput => "Cached input",
            Self::Output => "Output",
        }
    }
}

impl Prices {
    /// Whether none is set.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// One of them.
    pub fn get(&self, price: Price) -> Option<f64> {
        match price {
            Price::Input => self.input,
            Price::CachedInput => self.cached_input,
            Price::Output => self.output,
        }
    }

    /// Sets one of them, or takes it away.
    pub fn set(&mut self, price: Price, value: Option<f64>) {
        match price {
            Price::Input => self.input = value,
            Price::CachedInput => self.cached_input = value,
            Price::Output => self.output = value,
        }
    }
}

/// Reads a price that somebody typed. A comma counts as a decimal point; empty text is no price.
///
/// # Errors
/// Says what a price looks like.
pub fn read_price(typed: &str) -> Result<Option<f64>, &'static str> {
    let text = typed.trim().replace(',', ".");
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse::<f64>() {
        Ok(price) if price.is_finite() && price >= 0.0 => Ok(Some(price)),
        _ => Err("A price is a number from 0, such as 0.6."),
    }
}

/// What is said of a price that was typed and cannot be read, and of the one that counts all the same.
pub fn unreadable(price: Price, why: &str, kept: Option<f64>) -> String {
    let label = price.label();
    match kept {
        Some(kept) => {
            format!("{label}: {why} Until it is one, the price before it counts: {kept}.")
        }
        None => format!("{label}: {why} Until it is one, these tokens have no price."),
    }
}

/// What a run cost, by kind of token.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cost {
    /// The prompt, without what was cached.
    pub input: f64,
    /// The cached part of the prompt.
    pub cached_input: f64,
    /// What was generated.
    pub output: f64,
    /// Whether a kind of token had no price, so that the sum is too low.
    pub partial: bool,
}

impl Cost {
    /// From a server's count; `None` where it counts nothing, or no price is set.
    pub fn of(usage: &Usage, prices: &Prices) -> Option<Self> {
        if prices.is_empty() || (usage.prompt_tokens, usage.completion_tokens) == (None, None) {
            return None;
        }
        let prompt = usage.prompt_tokens.unwrap_or(0);
        let cached = usage
            .prompt_tokens_details
            .as_ref()
            .and_then(|details| details.cached_tokens)
            .unwrap_or(0)
            .min(prompt);
        let completion = usage.completion_tokens.unwrap_or(0);
        let mut partial = false;
        let mut cost = |tokens: u64, price: Option<f64>| {
            partial |= tokens > 0 && price.is_none();
            tokens as f64 * price.unwrap_or(0.0) / MILLION
        };
        let input = cost(prompt - cached, prices.input);
        let cached_input = cost(cached, prices.cached_input.or(prices.input));
        let output = cost(completion, prices.output);
        Some(Self {
            input,
            cached_input,
            output,
            partial,
        })
    }

    /// All of it.
    pub fn total(&self) -> f64 {
        self.input + self.cached_input + self.output
    }
}

/// An amount as a person reads it: two digits after the point, and more where those would say
/// little.
pub fn readable(amount: f64) -> String {
    if amount == 0.0 {
        return "0".into();
    }
    let digits = if amount >= 1.0 {
        2
    } else {
        // Three digits that count, at most twelve places.
        (2.0 - amount.log10().floor()).clamp(2.0, 12.0) as usize
    };
    let text = format!("{amount:.digits$}");
    match text.contains('.') && digits > 2 {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::api::usage::PromptTokensDetails;

    fn usage(prompt: u64, cached: Option<u64>, completion: u64) -> Usage {
        Usage {
            prompt_tokens: Some(prompt),
            completion_tokens: Some(completion),
            prompt_tokens_details: cached.map(|tokens| PromptTokensDetails {
                cached_tokens: Some(tokens),
                ..PromptTokensDetails::default()
            }),
            ..Usage::default()
        }
    }

    fn prices(input: f64, cached_input: Option<f64>, output: Option<f64>) -> Prices {
        Prices {
            input: Some(input),
            cached_input,
            output,
        }
    }

    #[test]
    fn cached_tokens_are_paid_once_at_their_own_price() {
        let cost = Cost::of(
            &usage(1_000_000, Some(400_000), 500_000),
            &prices(2.0, Some(0.5), Some(8.0)),
        )
        .unwrap();
        assert_eq!(
            (cost.input, cost.cached_input, cost.output),
            (1.2, 0.2, 4.0)
        );
        assert_eq!(cost.total(), 5.4);
        assert!(!cost.partial);
    }

    #[test]
    fn without_a_price_of_its_own_the_cache_costs_as_much_as_the_rest() {
        let cost = Cost::of(
            &usage(1_000_000, Some(400_000), 0),
            &prices(2.0, None, None),
        )
        .unwrap();
        assert_eq!(cost.total(), 2.0);
        assert!(!cost.partial, "nothing was generated");
    }

    #[test]
    fn a_missing_price_is_told_and_a_missing_count_costs_nothing() {
        let cost = Cost::of(&usage(10, None, 10), &prices(2.0, None, None)).unwrap();
        assert!(cost.partial);
        assert_eq!(Cost::of(&usage(10, None, 10), &Prices::default()), None);
        let nothing = Cost::of(&Usage::default(), &prices(2.0, None, None));
        assert_eq!(nothing, None);
        // More cached than there was is a server's mistake, and no reason to subtract below 0.
        let odd = Cost::of(&usage(10, Some(20), 0), &prices(1.0, None, None)).unwrap();
        assert_eq!(odd.total(), 10.0 / MILLION);
    }

    #[test]
    fn typed_prices() {
        assert_eq!(read_price(" 0,6 "), Ok(Some(0.6)));
        assert_eq!(read_price(""), Ok(None));
        for wrong in ["-1", "x", "inf", "NaN", "1.2.3"] {
            assert!(read_price(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_price_that_cannot_be_read_says_what_counts() {
        let why = read_price("2x").unwrap_err();
        assert_eq!(
            unreadable(Price::Input, why, Some(0.6)),
            "Input: A price is a number from 0, such as 0.6. Until it is one, the price before it counts: 0.6."
        );
        assert!(unreadable(Price::Output, why, None).ends_with("have no price."));
    }

    #[test]
    fn amounts_have_as_many_digits_as_say_something() {
        for (amount, text) in [
            (0.0, "0"),
            (12.345, "12.35"),
            (1.0, "1.00"),
            (0.5, "0.5"),
            (0.001_234_5, "0.00123"),
            (0.000_000_6, "0.0000006"),
        ] {
            assert_eq!(readable(amount), text, "{amount}");
        }
    }

    #[test]
    fn prices_are_kept_as_json() {
        let kept = serde_json::to_string(&prices(0.6, None, Some(2.4))).unwrap();
        assert_eq!(kept, r#"{"input":0.6,"output":2.4}"#);
        let read: Prices = serde_json::from_str(&kept).unwrap();
        assert_eq!(read, prices(0.6, None, Some(2.4)));
    }
}
