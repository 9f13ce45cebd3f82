//! The looks of buttons, shared by every component that draws one.

stylance::import_style!(pub css, "button.module.css");
