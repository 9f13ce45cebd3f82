//! Playing a run back, saving it as a file and opening such a file.

use leptos::prelude::*;
use stylance::import_style;
use wasm_bindgen::JsValue;

use crate::exchange::playback::Pace;
use crate::run::Run;
use crate::run::playback::Recording;
use crate::run::source::Origin;
use crate::run::take_away::SavedFile;
use crate::view::controls::button::css as button;
use crate::view::controls::download::download;
use crate::view::controls::file::pick_text;
use crate::view::session::{self, Session};
use crate::view::workspace::{Workspace, page_origin};

import_style!(css, "playback.module.css");

/// A list of paces; writes the chosen one.
fn pace_select(label: &'static str, pace: RwSignal<Pace>) -> impl IntoView {
    let chosen = move || Pace::ALL.iter().position(|each| *each == pace.get());
    view! {
        <select
            class=css::pace
            aria-label=label
            prop:selectedIndex=move || chosen().map_or(0, |at| at as u32)
            on:change:target=move |event| {
                let at = usize::try_from(event.target().selected_index()).unwrap_or(0);
                pace.set(Pace::ALL.get(at).copied().unwrap_or_default());
            }
        >
            {Pace::ALL
                .map(|each| view! { <option selected=chosen().map(|at| Pace::ALL[at]) == Some(each)>{each.label()}</option> })
                .collect_view()}
        </select>
    }
}

/// A time as a file name may have it: `2026-01-01T12-00-00`.
fn file_time(unix_ms: f64) -> String {
    written_time(unix_ms).map_or("run".into(), |time| {
        time.chars().take(19).collect::<String>().replace(':', "-")
    })
}

/// A time in ISO's form, in UTC.
fn written_time(unix_ms: f64) -> Option<String> {
    let date = js_sys::Date::new(&JsValue::from_f64(unix_ms));
    (!date.get_time().is_nan()).then(|| String::from(date.to_iso_string()))
}

/// What is done to a whole run: play it back, save it, open another.
#[component]
pub fn PlaybackTools() -> impl IntoView {
    let session = Workspace::here().session;
    let pace = RwSignal::new(Pace::default());
    let problem = RwSignal::new(None::<String>);
    let playable = Memo::new(move |_| {
        let over = !session.state().is_live();
        session
            .read(|run| over && run.head.is_some() && run.ending.is_some())
            .unwrap_or(false)
    });
    let there = session.has_or_had(move || playable.get());
    let waits = move || !playable.get();
    // The run that is played back, and the number of the playback: of one that was stopped half of it is
    // still to come.
    let played = StoredValue::new(None::<(u64, Recording)>);
    let recording = move || {
        let whole = played.with_value(|played| {
            let (_, recording) = played.as_ref().filter(|(of, _)| session.is_current(*of))?;
            Some(recording.clone())
        });
        whole.or_else(|| session.peek(Recording::of).flatten())
    };
    let play = move |_| {
        if let Some(recording) = recording() {
            session.dial.pace.set(pace.get_untracked());
            let number = session::play(session, recording.clone(), Origin::Playback);
            played.set_value(Some((number, recording)));
        }
    };
    let save = move |_| {
        if let Some(recording) = recording() {
            download(&SavedFile {
                name: format!("run-{}.json", file_time(recording.request.sent_at)),
                media_type: "application/json",
                bytes: recording.to_file().into_bytes(),
            });
        }
    };
    view! {
        <div class=css::tools role="group" aria-label="The whole run">
            <Show when=move || there.get()>
                <button type="button" class=button::button disabled=waits on:click=play>
                    "Play back"
                </button>
                {pace_select("How fast to play back", pace)}
                <button
                    type="button"
                    class=stylance::classes!(button::button, button::quiet, css::file)
                    disabled=waits
                    on:click=save
                >
                    "Save run"
                </button>
            </Show>
            <button
                type="button"
                class=stylance::classes!(button::button, button::quiet, css::file)
                on:click=move |_| open_file(session, problem)
            >
                "Open run"
            </button>
        </div>
        {move || problem.get().map(|words| view! { <p class=css::problem role="alert">{words}</p> })}
    }
}

/// Lets the user pick a file and shows the run in it, at once.
fn open_file(session: Session, problem: RwSignal<Option<String>>) {
    problem.set(None);
    pick_text(Callback::new(move |text: Option<String>| {
        let read = text
            .ok_or_else(|| "The file could not be read.".to_owned())
            .and_then(|text| {
                Recording::from_file(&text, &page_origin()).map_err(|error| error.to_string())
            });
        match read {
            Err(words) => problem.set(Some(words)),
            Ok(recording) => session::play_at_once(session, recording, Origin::Playback),
        }
    }));
}

/// Says that what is shown is a playback, and steers it. Nothing while it is not.
pub fn strip() -> AnyView {
    let session = Workspace::here().session;
    // When the run was sent that is shown again, and from where it is.
    let of = Memo::new(move |_| {
        session.number();
        let earlier = |run: &Run| {
            (run.origin != Origin::Endpoint).then_some((run.request.sent_at, run.origin))
        };
        session.peek(earlier).flatten()
    });
    let words = move || {
        let (sent_at, origin) = of.get()?;
        let time = written_time(sent_at).unwrap_or_default();
        let time = time.chars().take(19).collect::<String>().replace('T', " ");
        Some(match origin {
            Origin::History => format!("The run of {time} UTC, from the history. Nothing is sent."),
            _ => format!("Playback of the run of {time} UTC. Nothing is sent."),
        })
    };
    view! {
        <Show when=move || of.get().is_some()>
            <div class=css::strip role="group" aria-label="Playback" data-playback=move || phase(session)>
                <p class=css::words>{words}</p>
                <Show when=move || session.state().is_live()>
                    {pace_select("Pace of the playback", session.dial.pace)}
                    <button
                        type="button"
                        class=button::button
                        on:click=move |_| session.dial.paused.update(|paused| *paused = !*paused)
                    >
                        {move || if session.dial.paused.get() { "Go on" } else { "Pause" }}
                    </button>
                </Show>
            </div>
        </Show>
    }
    .into_any()
}

/// The name of a playback's phase that tests hold on to.
fn phase(session: Session) -> &'static str {
    match (session.state().is_live(), session.dial.paused.get()) {
        (false, _) => "over",
        (true, true) => "paused",
        (true, false) => "playing",
    }
}

/// The way to a saved run before any was sent.
pub fn before() -> AnyView {
    view! { <PlaybackTools /> }.into_any()
}
