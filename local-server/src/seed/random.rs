//! Reproducible random choices for sample events.

/// A deterministic random number generator: splitmix64 (Steele, Lea and Flood, 2014). It is not cryptographically
/// secure.
pub(super) struct Random(u64);

impl Random {
    const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

    /// Creates the generator for the event `number` of `series`. Each event has its own generator, so that it does not
    /// depend on how many events are generated.
    pub(super) fn new(series: u64, number: u64) -> Self {
        let series = Self(series).next_u64();
        Self(Self(series.wrapping_add(number)).next_u64())
    }

    /// Returns the next 64 random bits.
    pub(super) fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(Self::STEP);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Returns a number from 0 up to but excluding `end`.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        // The high half of the product is always below `end`.
        ((u128::from(self.next_u64()) * u128::from(end)) >> 64) as u64
    }

    /// Returns a number from `start` up to but excluding `end`.
    pub(super) fn between(&mut self, start: u64, end: u64) -> u64 {
        start + self.below(end - start)
    }

    /// Returns true with a probability of `percent` percent.
    pub(super) fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// Chooses one of `items`, each with the same probability.
    pub(super) fn choose<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len() as u64) as usize]
    }

    /// Chooses one of `texts`, each with the same probability.
    pub(super) fn choose_text<'a>(&mut self, texts: &[&'a str]) -> &'a str {
        self.choose::<&str>(texts)
    }

    /// Chooses one of `items` with a probability in proportion to its weight, which `weight` computes from its index
    /// and value.
    pub(super) fn choose_weighted<'a, T>(
        &mut self,
        items: &'a [T],
        weight: impl Fn(usize, &T) -> u64,
    ) -> &'a T {
        let weights: Vec<u64> = items
            .iter()
            .enumerate()
            .map(|(index, item)| weight(index, item))
            .collect();
        &items[self.weighted_index(&weights) as usize]
    }

    /// Chooses an index into `weights`, with a probability in proportion to the weight there.
    pub(super) fn weighted_index(&mut self, weights: &[u64]) -> u64 {
        let mut rest = self.below(weights.iter().sum());
        let chosen = weights
            .iter()
            .take_while(|weight| match rest.checked_sub(**weight) {
                Some(less) => {
                    rest = less;
                    true
                }
                None => false,
            });
        chosen.count() as u64
    }
}
