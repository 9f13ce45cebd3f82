//! The looks of buttons, shared by every component that draws one.

#![allow(missing_docs, reason = "the names of style classes explain themselves")]

stylance::import_style!(pub css, "button.module.css");
