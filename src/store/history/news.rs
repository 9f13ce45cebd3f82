//! Who hears of changes: the list in this tab, and the lists in others.

use std::cell::RefCell;

use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::BroadcastChannel;

use super::StoreError;

/// The name of the channel between the tabs.
const CHANNEL: &str = "playground.history";

/// What there is to hear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// Runs came, went or changed, here or in another tab.
    Changed,
    /// A run could not be kept.
    Trouble(StoreError),
}

type Listener = Box<dyn Fn(News)>;

/// The channel, and what hears of it.
type Tabs = (BroadcastChannel, Closure<dyn FnMut()>);

thread_local! {
    static LISTENER: RefCell<Option<Listener>> = const { RefCell::new(None) };
    static TABS: RefCell<Option<Tabs>> = const { RefCell::new(None) };
}

/// Hears of everything from now on, in the place of whoever did before.
pub fn listen(listener: impl Fn(News) + 'static) {
    LISTENER.with(|kept| *kept.borrow_mut() = Some(Box::new(listener)));
    TABS.with(|tabs| {
        let mut tabs = tabs.borrow_mut();
        // Without a channel each tab has its own news, which is all that is lost.
        if tabs.is_none()
            && let Ok(channel) = BroadcastChannel::new(CHANNEL)
        {
            let heard = Closure::<dyn FnMut()>::new(|| tell(News::Changed));
            channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
            *tabs = Some((channel, heard));
        }
    });
}

/// Tells this tab.
pub(super) fn tell(news: News) {
    LISTENER.with(|listener| {
        if let Ok(listener) = listener.try_borrow()
            && let Some(listener) = listener.as_ref()
        {
            listener(news);
        }
    });
}

/// Tells all tabs that something changed.
pub(super) fn changed() {
    tell(News::Changed);
    TABS.with(|tabs| {
        if let Some((channel, _)) = tabs.borrow().as_ref() {
            let _ = channel.post_message(&JsValue::NULL);
        }
    });
}
