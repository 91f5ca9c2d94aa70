//! How many events each step of a search reads.

/// Maximum number of events that each step of a search reads. The results do not depend on it, only the time.
#[derive(Clone, Copy, Debug)]
pub struct ScanLimits {
    /// Number of events that the first scan reads, in the order of the list.
    pub first_scan: i64,
    /// Number that the second scan reads, before the index is searched.
    pub second_scan: i64,
    /// Number of index hits up to which all are looked up; with more, a third scan fills the page sooner.
    pub index_hits_max: i64,
    /// Number that the third scan reads, before all index hits are read.
    pub third_scan: i64,
}

impl Default for ScanLimits {
    /// A word in one event of ten fills a page from the first scan, in one of a hundred from the second; the index finds rarer
    /// words quickly.
    fn default() -> Self {
        Self {
            first_scan: 300,
            second_scan: 3_000,
            index_hits_max: 20_000,
            third_scan: 20_000,
        }
    }
}
