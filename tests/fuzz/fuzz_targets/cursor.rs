//! Looks for an input that breaks `properties::cursor`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| properties::cursor(data));
