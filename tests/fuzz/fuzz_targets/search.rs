//! Looks for an input that breaks `properties::search`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| properties::search(data));
