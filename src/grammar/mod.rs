//! Text to outline, tokens and elements. Knows no oncology: what words mean comes from the lexicon.

pub mod anchors;
pub mod characters;
pub mod elements;
pub mod headings;
pub mod markers;
pub mod outline;
pub mod phrase;
pub mod spelling;
pub mod text;
pub mod tokens;
pub mod vocabulary;
pub mod windows;
pub mod words;

pub use elements::{Cue, Element, Sense};
pub use tokens::{Token, TokenKind};
