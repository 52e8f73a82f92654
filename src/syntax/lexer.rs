//! Cuts a line into words.
