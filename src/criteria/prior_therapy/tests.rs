//! Sentences of treatment history with their readings.
