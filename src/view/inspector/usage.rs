//! Token counts as the server gave them, what they cost, and the times of the run.

use leptos::prelude::*;
use stylance::import_style;

use super::panel::css as panel;
use counts::CountsView;
use gaps::GapsView;
use prices::PricesView;
use times::TimesView;
use waiting::WaitingView;

mod counts;
mod gaps;
mod prices;
mod times;
mod waiting;

import_style!(css, "usage.module.css");

/// The panel.
#[component]
pub fn UsageView() -> impl IntoView {
    view! {
        <div class=panel::panel tabindex="0" role="group" aria-label="Usage and time">
            <CountsView />
            <TimesView />
            <GapsView />
            <WaitingView />
            <PricesView />
        </div>
    }
}
