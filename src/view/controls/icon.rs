//! The icons of the page: one set, one stroke width, on a grid of 16.

use leptos::prelude::*;
use stylance::import_style;

import_style!(css, "icon.module.css");

/// An icon. It says nothing by itself: whoever shows it gives it a label or a tooltip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    /// The mark of the page.
    Mark,
    /// Send the request.
    Send,
    /// Stop the run.
    Stop,
    /// Show what is hidden.
    Eye,
    /// Hide what is shown.
    EyeOff,
    /// Copy to the clipboard.
    Copy,
    /// It was done.
    Check,
    /// Add one.
    Plus,
    /// Take away.
    Trash,
    /// The light theme.
    Sun,
    /// The dark theme.
    Moon,
    /// The system's theme.
    Screen,
    /// Put back.
    Undo,
    /// Do again what was put back.
    Redo,
    /// Draw a number.
    Dice,
    /// Tell more about it.
    Help,
    /// Close.
    Close,
    /// Something needs attention.
    Alert,
    /// A link.
    Link,
    /// Open a list.
    Unfold,
    /// Move up.
    Up,
    /// Move down.
    Down,
    /// The one before.
    Left,
    /// The one after.
    Right,
    /// Save as a file.
    Save,
    /// The same once more.
    Again,
    /// Keep, among many.
    Star,
    /// Give another name.
    Rename,
    /// Source code.
    Code,
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Self::Mark => "M1.5 9.5h2.5l2-6 3.5 9 2-4.5h3",
            Self::Send => "M2.5 8h10.5M9 3.5 13.5 8 9 12.5",
            Self::Stop => "M4 4h8v8h-8z",
            Self::Eye => {
                "M1.5 8s2.4-4.5 6.5-4.5S14.5 8 14.5 8 12.1 12.5 8 12.5 1.5 8 1.5 8zM8 6a2 2 0 1 0 0 4 2 2 0 0 0 0-4z"
            }
            Self::EyeOff => {
                "M2.5 2.5l11 11M6 3.8c.6-.2 1.300-.3 2-.3 4.100 0 6.500 4.500 6.500 4.500s-.7 1.300-2 2.500M4 5C2.400 6.200 1.500 8 1.500 8s2.400 4.500 6.500 4.500c1.100 0 2.100-.3 3-.8M6.600 6.600a2 2 0 0 0 2.800 2.800"
            }
            Self::Copy => "M5.5 5.500v-3h8v8h-3M2.500 5.500h8v8h-8z",
            Self::Check => "M3 8.500 6.500 12 13 4.500",
            Self::Plus => "M8 3v10M3 8h10",
            Self::Trash => {
                "M2.500 4.500h11M6 4.500v-2h4v2M4 4.500l.7 9h6.600l.7-9M6.700 7v4M9.300 7v4"
            }
            Self::Sun => {
                "M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM8 1v1.500M8 13.500V15M1 8h1.500M13.500 8H15M3 3l1 1M12 12l1 1M3 13l1-1M12 4l1-1"
            }
            Self::Moon => "M13.500 9.500A6 6 0 0 1 6.500 2.500a6 6 0 1 0 7 7z",
            Self::Screen => "M2 3h12v8H2zM6 14h4M8 11v3",
            Self::Undo => "M5.500 2.500 2.500 5.500l3 3M2.500 5.500h7a4 4 0 0 1 0 8h-4",
            Self::Redo => "M10.500 2.500l3 3-3 3M13.500 5.500h-7a4 4 0 0 0 0 8h4",
            Self::Dice => {
                "M3 3h10v10H3zM5.700 5.700v.1M10.300 5.700v.1M8 8v.1M5.700 10.300v.1M10.300 10.300v.1"
            }
            Self::Help => {
                "M8 1.800a6.200 6.200 0 1 0 0 12.400A6.200 6.200 0 0 0 8 1.800zM6.200 6.300a1.800 1.800 0 1 1 2.600 1.600c-.5.3-.8.6-.8 1.300M8 11.300v.1"
            }
            Self::Unfold => "M4 6.500l4 4 4-4",
            Self::Close => "M4 4l8 8M12 4l-8 8",
            Self::Alert => "M8 2 14.500 13.500h-13zM8 6.500v3M8 11.500v.1",
            Self::Up => "M8 13V3M3.500 7.500 8 3l4.500 4.500",
            Self::Again => "M13.500 8a5.500 5.500 0 1 1-1.800-4.100M13.500 1.500v3.500H10",
            Self::Save => "M8 2v8M4.500 6.500 8 10l3.500-3.500M2.500 13.500h11",
            Self::Star => {
                "M8 1.800l1.900 3.900 4.300.6-3.100 3 .7 4.300L8 11.600l-3.800 2 .7-4.300-3.100-3 4.300-.6z"
            }
            Self::Rename => "M3 13l.7-3L10.500 3.200l2.300 2.300L6 12.300zM9 4.700 11.300 7",
            Self::Code => "M5.500 4.500 2 8l3.500 3.500M10.500 4.500 14 8l-3.500 3.500",
            Self::Down => "M8 3v10M3.500 8.500 8 13l4.500-4.500",
            Self::Left => "M13 8H3M7.500 3.500 3 8l4.500 4.500",
            Self::Right => "M3 8h10M8.500 3.500 13 8l-4.500 4.500",
            Self::Link => {
                "M6.500 9.500l3-3M7 4.500l1.500-1.500a3 3 0 0 1 4.500 4.500L11.500 9M9 11.500 7.500 13A3 3 0 0 1 3 8.500L4.500 7"
            }
        }
    }
}

/// Draws an icon in the colour of the text around it, hidden from assistive technology.
#[component]
pub fn IconView(
    /// Which one.
    #[prop(into)]
    icon: Signal<Icon>,
) -> impl IntoView {
    view! {
        <svg class=css::icon viewBox="0 0 16 16" aria-hidden="true">
            <path d=move || icon.get().path()></path>
        </svg>
    }
}
