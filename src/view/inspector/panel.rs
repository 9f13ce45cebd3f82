//! The looks that panels of the inspector share: they scroll by themselves.

#![allow(missing_docs, reason = "the names of style classes explain themselves")]

stylance::import_style!(pub css, "panel.module.css");
