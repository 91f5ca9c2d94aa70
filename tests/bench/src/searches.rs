//! Measures the latency of searches, by the kind of search.

use anyhow::Context;

use crate::{
    databases::PAST_WORD,
    load::{BROTLI, Load, LoadResult},
    server::Server,
};

/// The number of concurrent searches.
const CONNECTIONS: u32 = 8;

/// The measured latency of one kind of search.
pub(crate) struct Search {
    pub(crate) kind: &'static str,
    /// The results with ten thousand events and with a million.
    pub(crate) results: [LoadResult; 2],
}

/// Measures each kind of search. The time bound of every request is different, so that none is served from the cache.
pub(crate) fn measure(load: &Load, servers: &[Server; 2]) -> anyhow::Result<Vec<Search>> {
    let ten = "perguntas+documento+portaria+minutos+foto+leve+abrem+trinta+antes+palestra";
    let kinds = [
        ("a common word", "python"),
        ("a less common word", "cuiaba"),
        ("a rare word", "haskell"),
        ("two words", "haskell+python"),
        ("no match", "xyzzyq"),
        ("no match, of common letters", "comunidadepython"),
        ("one character", "g"),
        ("two characters", "go"),
        ("two characters, no match", "zx"),
        ("a phrase", "%22sao+paulo%22"),
        ("a technology", "C%2B%2B"),
        ("ten words", ten),
        ("a word of past events only", PAST_WORD),
    ];
    let mut searches = Vec::new();
    for (kind, q) in kinds {
        let script = script(q);
        let [middle, large] = servers;
        let results = [
            load.wrk(middle, CONNECTIONS, &script).context(kind)?,
            load.wrk(large, CONNECTIONS, &script).context(kind)?,
        ];
        eprintln!("{kind}: {results:?}");
        searches.push(Search { kind, results });
    }
    Ok(searches)
}

fn script(q: &str) -> String {
    // The percent signs are escaped for string.format.
    let q = q.replace('%', "%%");
    format!(
        "{BROTLI}\nmath.randomseed(os.time())\nrequest = function() return wrk.format(\"GET\", string.format(\"/?q={q}&to=2099-01-%02dT%02d:%02d:%02d\", \
         math.random(28), math.random(0, 23), math.random(0, 59), math.random(0, 59))) end"
    )
}
