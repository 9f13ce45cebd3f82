//! What streaming gave the reader, compared with waiting for the whole answer.

use leptos::prelude::*;
use stylance::import_style;

use crate::run::Run;
use crate::run::gaps::mean_lead;
use crate::view::workspace::Workspace;

import_style!(css, "waiting.module.css");

/// The times that are compared, in milliseconds since the request was sent.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Compared {
    first: f64,
    last: f64,
    end: f64,
    lead: f64,
}

/// Of a run that is over and came in several pieces.
fn compared(run: &Run) -> Option<Compared> {
    let timing = &run.timing;
    let end = timing.end_ms.filter(|end| *end > 0.0)?;
    let times = Compared {
        first: timing.first_text_ms?,
        last: timing.last_text_ms?,
        end,
        lead: mean_lead(&run.events, end)?,
    };
    (timing.text_events > 1).then_some(times)
}

fn seconds(ms: f64) -> String {
    match ms {
        ms if ms < 1000.0 => format!("{ms:.0} ms"),
        ms => format!("{:.2} s", ms / 1000.0),
    }
}

fn words(times: &Compared) -> String {
    let ratio = times.end / times.first.max(0.1);
    let ratio = if ratio >= 1.1 {
        format!(", {ratio:.1} times as long")
    } else {
        String::new()
    };
    format!(
        "The first text was there after {}. Waiting for the whole answer would have taken {}{ratio}. On average, text was there {} before the end.",
        seconds(times.first),
        seconds(times.end),
        seconds(times.lead)
    )
}

/// The comparison, once the run is over.
#[component]
pub fn WaitingView() -> impl IntoView {
    let session = Workspace::here().session;
    let times = Memo::new(move |_| match session.state().is_live() {
        true => None,
        false => session.read(compared).flatten(),
    });
    let part = |ms: f64, of: f64| format!("{:.2}%", (ms / of * 100.0).clamp(0.0, 100.0));
    move || {
        times.get().map(|times| {
            view! {
                <h3>"Streaming compared with waiting"</h3>
                <p class=css::words data-metric="lead_ms" data-value=times.lead.to_string()>
                    {words(&times)}
                </p>
                <div class=css::bars aria-hidden="true">
                    <span>"streaming"</span>
                    <span class=css::bar>
                        <span class=css::wait style:width=part(times.first, times.end)></span>
                        <span class=css::text style:width=part(times.last - times.first, times.end)></span>
                    </span>
                    <span>"waiting"</span>
                    <span class=css::bar>
                        <span class=css::wait style:width="100%"></span>
                        <span class=css::whole></span>
                    </span>
                </div>
            }
        })
    }
}
