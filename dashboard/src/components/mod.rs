//! Pieces that more than one page is drawn with.

pub mod mark;
