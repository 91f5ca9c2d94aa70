//! The site's SQL statements as pgbench scripts, with literal parameters.

use crate::databases::SIZES;

/// Returns a pgbench script that reads one event by a random id.
pub(crate) fn event_by_id() -> String {
    let sql = one_line(include_str!("../../../sql/queries/event_by_id.sql"));
    format!(
        "\\set id random(1, {})\n{};\n",
        SIZES[1],
        sql.replace("$1", ":id")
    )
}

/// Returns a pgbench script that reads the first page of the list: 20 events, and one more that shows whether there is
/// a next page.
pub(crate) fn first_page() -> String {
    let sql = include_str!("../../../sql/queries/all_events_unfiltered.sql");
    with_values(sql, &["'-infinity'::timestamptz", "0::bigint", "21", "0"])
}

/// Returns a pgbench script that inserts an event.
pub(crate) fn insert() -> String {
    let values = [
        "gen_random_uuid()",
        "now()",
        "sha256(gen_random_uuid()::text::bytea)",
        "'Encontro de Rust'",
        "'Uma palestra para todos os níveis, seguida de perguntas.'",
        "(now() + interval '30 days')",
        "null",
        "'São Paulo - SP'",
        "'America/Sao_Paulo'",
        "'São Paulo'",
        "'SP'",
        "'in_person'",
        "'scheduled'",
        "null",
        "null",
        "array['Rust']",
        "null",
        "null::bytea",
        "null::bytea",
        "null::bigint",
        "null",
    ];
    with_values(
        include_str!("../../../sql/queries/insert_event.sql"),
        &values,
    )
}

fn with_values(sql: &str, values: &[&str]) -> String {
    // The last parameter first: `$1` is also the beginning of `$10`.
    let numbered = values.iter().enumerate().rev();
    let sql = numbered.fold(one_line(sql), |sql, (index, value)| {
        sql.replace(&format!("${}", index + 1), value)
    });
    format!("{sql};\n")
}

/// Returns an SQL statement on one line, without its comments.
fn one_line(sql: &str) -> String {
    let lines = sql
        .lines()
        .filter(|line| !line.trim_start().starts_with("--"));
    lines.map(str::trim).collect::<Vec<_>>().join(" ")
}
