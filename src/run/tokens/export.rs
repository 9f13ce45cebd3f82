//! A sequence of tokens as a file: CSV after RFC 4180, or JSON.

use std::fmt::Write;

use serde_json::{Map, Value, json};

use super::{Rank, Source, Token, count, token};
use crate::api::answer::Answer;

const HEAD: &str =
    "index,token,token_id,bytes_hex,logprob,probability,rank,entropy_bits,alternatives\r\n";

/// The table as CSV in UTF-8: bytes in hexadecimal, alternatives as a JSON array in the last field,
/// a rank that is only bounded from below as `>=6`, nothing where nothing is known, numbers in the fewest digits
/// that read back as the same.
pub fn csv(answer: &Answer, source: Source) -> String {
    let mut text = String::from(HEAD);
    for token in all(answer, source) {
        let alternatives = Value::Array(alternatives(&token)).to_string();
        let fields = [
            token.index.to_string(),
            quoted(&token.text),
            token.id.map(|id| id.to_string()).unwrap_or_default(),
            token.bytes.as_deref().map(hex).unwrap_or_default(),
            written(token.logprob),
            written(token.probability()),
            rank(token.rank),
            written(token.entropy()),
            quoted(&alternatives),
        ];
        text.push_str(&fields.join(","));
        text.push_str("\r\n");
    }
    text
}

/// The same as a JSON array of objects, indented.
pub fn json(answer: &Answer, source: Source) -> String {
    let list: Vec<Value> = all(answer, source)
        .map(|token| {
            let mut object = Map::new();
            object.insert("index".into(), json!(token.index));
            object.insert("token".into(), json!(token.text));
            object.insert("token_id".into(), json!(token.id));
            object.insert("bytes".into(), json!(token.bytes));
            object.insert("logprob".into(), json!(token.logprob));
            object.insert("probability".into(), json!(token.probability()));
            object.insert("rank".into(), rank_value(token.rank));
            object.insert("entropy_bits".into(), json!(token.entropy()));
            object.insert("alternatives".into(), Value::Array(alternatives(&token)));
            Value::Object(object)
        })
        .collect();
    serde_json::to_string_pretty(&list).unwrap_or_default()
}

fn all(answer: &Answer, source: Source) -> impl Iterator<Item = Token> + '_ {
    (0..count(answer, source)).filter_map(move |index| token(answer, source, index))
}

fn alternatives(token: &Token) -> Vec<Value> {
    let one = |each: &super::Alternative| {
        json!({
            "token": each.text,
            "token_id": each.id,
            "bytes": each.bytes,
            "logprob": each.logprob,
            "rank": rank_value(each.rank),
            "chosen": each.chosen,
            "listed": each.listed,
        })
    };
    token.alternatives.iter().map(one).collect()
}

fn rank(rank: Rank) -> String {
    match rank {
        Rank::Exact(rank) => rank.to_string(),
        Rank::AtLeast(rank) => format!(">={rank}"),
        Rank::Unknown => String::new(),
    }
}

fn rank_value(of: Rank) -> Value {
    match of {
        Rank::Exact(rank) => json!(rank),
        Rank::AtLeast(_) => json!(rank(of)),
        Rank::Unknown => Value::Null,
    }
}

fn written(number: Option<f64>) -> String {
    number.map(shortest).unwrap_or_default()
}

/// A number in the fewest digits that read back as the same, with an exponent where scripts write one: below
/// a millionth and from 10²¹. Minus infinity too is what scripts write.
fn shortest(number: f64) -> String {
    match number.abs() {
        size if size.is_infinite() && number < 0.0 => "-Infinity".to_owned(),
        size if size != 0.0 && !(1e-6..1e21).contains(&size) => format!("{number:e}"),
        _ => number.to_string(),
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// Bytes in hexadecimal, two digits each, without anything between them: for programs.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_written_as_scripts_write_them() {
        let shown = [
            -1e308,
            -9999.0,
            -0.5,
            0.0,
            -0.000_001,
            -2.5e-7,
            1e20,
            1e21,
            f64::NEG_INFINITY,
        ]
        .map(shortest);
        assert_eq!(
            shown,
            [
                "-1e308",
                "-9999",
                "-0.5",
                "0",
                "-0.000001",
                "-2.5e-7",
                "100000000000000000000",
                "1e21",
                "-Infinity"
            ]
        );
    }

    proptest! {
        #[test]
        fn every_number_reads_back_as_itself_and_is_no_longer_than_25_characters(bits in any::<u64>()) {
            let number = f64::from_bits(bits);
            prop_assume!(!number.is_nan());
            let text = shortest(number);
            prop_assert!(text.len() <= 25, "{text}");
            prop_assert_eq!(text.parse::<f64>().unwrap().to_bits(), bits, "{}", text);
        }
    }
}
