//! The maximum number of events that each step of a search reads.

/// The maximum number of events that each step of a search reads. Affects the speed of a search, not its results.
#[derive(Clone, Copy, Debug)]
pub struct ScanLimits {
    /// Number of events that the first scan reads, in the order of the list.
    pub first_scan: i64,
    /// Number of events that the second scan reads, before the index is searched.
    pub second_scan: i64,
    /// Maximum number of index hits that are all looked up; if there are more, the third scan may fill the page sooner.
    pub index_hits_max: i64,
    /// Number of events that the third scan reads, before all index hits are looked up.
    pub third_scan: i64,
}

impl Default for ScanLimits {
    /// Returns limits with which a word in one of ten events fills a page from the first scan, and a word in one of a
    /// hundred from the second scan; the index finds rarer words quickly.
    fn default() -> Self {
        Self {
            first_scan: 300,
            second_scan: 3_000,
            index_hits_max: 20_000,
            third_scan: 20_000,
        }
    }
}
