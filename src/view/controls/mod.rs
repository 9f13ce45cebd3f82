//! Controls that know nothing of requests and answers.

pub mod brackets;
pub mod breaking;
pub mod button;
pub mod copy_button;
pub mod download;
pub mod file;
pub mod icon;
pub mod icon_button;
pub mod import_box;
pub mod look;
pub mod matching;
pub mod pattern;
pub mod rows;
pub mod scroll;
pub mod splitter;
pub mod tabs;
pub mod theme_toggle;
pub mod virtual_list;
