//! How fast the wire is read. The figures are printed (`cargo test --test wire_speed -- --nocapture`);
//! what is asserted are bounds that hold on any machine.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use playground::api::answer::Answer;
use playground::api::chunk::parse_chunk;
use playground::api::sse::SseDecoder;
use serde_json::json;

/// The least time of several runs: the one that other work on the machine disturbed least.
fn least(runs: u32, mut run: impl FnMut()) -> Duration {
    (0..runs)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed()
        })
        .min()
        .unwrap()
}

fn decode(stream: &[u8], piece: usize) -> usize {
    let mut decoder = SseDecoder::new();
    let mut data = 0;
    for piece in stream.chunks(piece) {
        decoder.push(piece, &mut |event| data += event.data.len());
    }
    data
}

#[test]
fn a_long_line_in_small_pieces_takes_linear_time() {
    let time = |kib: usize| {
        let stream = format!("data: {}\n\n", "x".repeat(kib * 1024));
        let time = least(9, || {
            assert_eq!(black_box(decode(stream.as_bytes(), 4)), kib * 1024)
        });
        let speed = stream.len() as f64 / time.as_secs_f64() / 1e6;
        println!("one line of {kib} KiB in pieces of 4 bytes: {time:?}, {speed:.0} MB/s");
        time.as_secs_f64()
    };
    let (small, _, large) = (time(128), time(256), time(512));
    // Four times the length: about 4 if linear, 16 if each piece searches all that came before.
    assert!(
        large / small < 9.0,
        "{} times as long for 4 times the length",
        large / small
    );
}

/// A stream whose every chunk has one token with 20 alternatives, as vLLM writes it.
fn stream_with_alternatives(events: usize) -> Vec<u8> {
    let chunk = |n: usize| {
        let top: Vec<_> = (0..20)
            .map(|rank| {
                let token = format!(" word{}", (n + rank) % 1000);
                let logprob = -0.003_494_943_259_283_900_3 - rank as f64 * 0.717_531_204_223_633;
                json!({"token": token, "logprob": logprob, "bytes": token.as_bytes()})
            })
            .collect();
        let mut entry = top[0].clone();
        entry["top_logprobs"] = json!(top);
        json!({
            "id": "chatcmpl-7a5faa0338604339a83c1fe809b13002", "object": "chat.completion.chunk",
            "created": 1795347602, "model": "tiny", "choices": [{
                "index": 0, "delta": {"content": top[0]["token"]},
                "logprobs": {"content": [entry]}, "finish_reason": null,
            }],
        })
    };
    (0..events)
        .flat_map(|n| format!("data: {}\n\n", chunk(n)).into_bytes())
        .collect()
}

#[test]
fn twenty_alternatives_are_read_faster_than_they_come() {
    const EVENTS: usize = 10_000;
    let stream = stream_with_alternatives(EVENTS);
    let time = least(3, || {
        let mut answer = Answer::default();
        let mut decoder = SseDecoder::new();
        for piece in stream.chunks(16 * 1024) {
            decoder.push(piece, &mut |event| {
                answer.fold(parse_chunk(&event.data).unwrap());
            });
        }
        let logprobs = answer.choices[0].logprobs.as_ref().unwrap();
        assert_eq!(logprobs.content.len(), EVENTS);
        assert!(
            logprobs
                .content
                .iter()
                .all(|entry| entry.top_logprobs.len() == 20)
        );
    });
    let speed = EVENTS as f64 / time.as_secs_f64();
    println!(
        "{EVENTS} events with 20 alternatives ({} bytes each): {time:?}, {speed:.0} events/s",
        stream.len() / EVENTS
    );
    // The budget is 2,000 a second in a browser, which is several times slower than this.
    assert!(speed > 8_000.0, "{speed:.0} events/s");
}
