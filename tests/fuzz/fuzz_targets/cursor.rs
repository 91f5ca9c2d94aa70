//! Fuzz target: searches for an input that violates `properties::cursor`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| properties::cursor(data));
