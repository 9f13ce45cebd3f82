//! A sequence of tokens as a file: CSV after RFC 4180, or JSON.

use std::fmt::Write;

use serde_json::{Map, Value, json};

use super::{Rank, Source, Token, count, token};
use crate::api::answer::Answer;

const HEAD: &str =
    "index,token,token_id,bytes_hex,logprob,probability,rank,entropy_bits,alternatives\r\n";

/// The table as CSV in UTF-8: bytes in hexadecimal, alternatives as a JSON array in the last field,
/// a rank that is only bounded from below as `>=6`, nothing where nothing is known.
pub fn csv(answer: &Answer, source: Source) -> String {
    let mut text = String::from(HEAD);
    for token in all(answer, source) {
        let alternatives = Value::Array(alternatives(&token)).to_string();
        let fields = [
            token.index.to_string(),
            quoted(&token.text),
            plain(token.id),
            token.bytes.as_deref().map(hex).unwrap_or_default(),
            plain(token.logprob.filter(|it| it.is_finite())),
            plain(token.probability()),
            rank(token.rank),
            plain(token.entropy()),
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

fn plain<T: ToString>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// Bytes in hexadecimal, two digits each, without anything between them.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
