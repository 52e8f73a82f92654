//! Conditional blocks.
