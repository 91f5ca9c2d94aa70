//! Writes the results of the benchmark as `docs/benchmarks.md`, with a plot as `docs/benchmarks.svg`.

use std::{
    fmt::{self, Write},
    fs,
    path::Path,
};

use anyhow::Context;
use plotters::prelude::*;

use crate::{
    absolute::Metric, baselines::Comparison, databases::SIZES, load::LoadResult, searches::Search,
    sizes::CpuBySize,
};

/// The results of all measurements of the benchmark.
pub(crate) struct Report {
    pub(crate) comparisons: Vec<Comparison>,
    pub(crate) searches: Vec<Search>,
    pub(crate) cpu_by_size: Vec<CpuBySize>,
    pub(crate) metrics: Vec<Metric>,
}

/// Sorts the numbers and returns the median.
pub(crate) fn median(numbers: &mut [f64]) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Writes the tables and the plot of the report to `docs/`.
pub(crate) fn write(report: &Report) -> anyhow::Result<()> {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    fs::create_dir_all(&docs)?;
    let mut text = format!("{INTRODUCTION}{}\n", machine());
    write_comparisons(&mut text, &report.comparisons)?;
    write_searches(&mut text, &report.searches)?;
    write_cpu_by_size(&mut text, &report.cpu_by_size)?;
    write_metrics(&mut text, &report.metrics)?;
    fs::write(docs.join("benchmarks.md"), text)?;
    plot(&report.cpu_by_size, &docs.join("benchmarks.svg"))
}

const INTRODUCTION: &str = "# Benchmarks\n\n\
    Written by `cargo run --release -p bench` (Linux, with wrk and pgbench; the first run creates a million events). \
    Servers, PostgreSQL and the load generator share the machine. Ratios are medians of three interleaved rounds of one run, \
    with metrics and access log on. `cached` is served by the page cache; `uncached` runs with `PAGE_CACHE_MB=0`.\n\n";

/// Returns a sentence about the processors of this machine.
fn machine() -> String {
    let cpus = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpus
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let count = cpus
        .lines()
        .filter(|line| line.starts_with("processor"))
        .count();
    format!(
        "On {count} processors, {}.",
        model.map_or("unknown", |(_, model)| model)
    )
}

fn write_comparisons(text: &mut String, rows: &[Comparison]) -> anyhow::Result<()> {
    text.push_str("\n## Compared with a bare server, and with PostgreSQL alone\n\n\
                   | request | requests/s | baseline | ratio | CPU | CPU ratio | p99 | target |\n|---|---:|---|---:|---:|---:|---:|---|\n");
    for row in rows {
        let of = |value: fn(&LoadResult) -> f64| {
            median(&mut row.rounds.iter().map(value).collect::<Vec<_>>())
        };
        let (rate, cpu, p99) = (
            of(|result| result.rate),
            of(|result| result.server_cpu_us),
            of(|result| result.p99_ms),
        );
        let (ratio, cpu_ratio) = ratios(row, rows)?;
        // pgbench reports neither CPU nor p99.
        let cpu = if cpu > 0.0 {
            format!("{cpu:.1} µs")
        } else {
            String::new()
        };
        let p99 = if p99 > 0.0 {
            format!("{p99:.1} ms")
        } else {
            String::new()
        };
        writeln!(
            text,
            "| {} | {rate:.0} | {} | {ratio} | {cpu} | {cpu_ratio} | {p99} | {} |",
            row.name,
            row.baseline.unwrap_or_default(),
            row.target
        )?;
    }
    Ok(())
}

/// Returns the ratios of requests per second and of CPU time to the baseline of `row`, as text; empty if it has none.
fn ratios(row: &Comparison, rows: &[Comparison]) -> anyhow::Result<(String, String)> {
    let Some(name) = row.baseline else {
        return Ok((String::new(), String::new()));
    };
    let baseline = rows.iter().find(|row| row.name == name).context(name)?;
    let ratio = |value: fn(&LoadResult) -> f64| {
        let rounds = row.rounds.iter().zip(&baseline.rounds);
        let mut ratios: Vec<f64> = rounds
            .map(|(result, baseline)| value(result) / value(baseline))
            .collect();
        format!("{:.2}", median(&mut ratios))
    };
    let mut rounds = baseline.rounds.iter();
    let cpu_ratio = if rounds.all(|result| result.server_cpu_us > 0.0) {
        ratio(|result| result.server_cpu_us)
    } else {
        String::new()
    };
    Ok((ratio(|result| result.rate), cpu_ratio))
}

fn write_searches(text: &mut String, searches: &[Search]) -> fmt::Result {
    text.push_str("\n## Searches on 8 connections, no two alike\n\n\
                   | search for | 10,000 events: median | p99 | 1,000,000 events: median | p99 | rejected |\n|---|---:|---:|---:|---:|---:|\n");
    for Search {
        kind,
        results: [middle, large],
    } in searches
    {
        writeln!(
            text,
            "| {kind} | {:.1} ms | {:.0} ms | {:.1} ms | {:.0} ms | {:.0} % |",
            middle.median_ms, middle.p99_ms, large.median_ms, large.p99_ms, large.error_percent
        )?;
    }
    Ok(())
}

fn write_cpu_by_size(text: &mut String, rows: &[CpuBySize]) -> fmt::Result {
    text.push_str("\n## CPU time per request, by the number of events\n\nServer and PostgreSQL together, uncached.\n\n\
                   ![The table as a plot](benchmarks.svg)\n\n\
                   | request | 100 events | 10,000 | 1,000,000 | ratio of 1,000,000 to 100 |\n|---|---:|---:|---:|---:|\n");
    for CpuBySize {
        name,
        cpu_us: [small, middle, large],
    } in rows
    {
        writeln!(
            text,
            "| {name} | {small:.0} µs | {middle:.0} µs | {large:.0} µs | {:.2} × |",
            large / small
        )?;
    }
    Ok(())
}

fn write_metrics(text: &mut String, metrics: &[Metric]) -> fmt::Result {
    text.push_str("\n## Without a baseline\n\n| metric | value | target |\n|---|---:|---|\n");
    for Metric {
        name,
        value,
        target,
    } in metrics
    {
        writeln!(text, "| {name} | {value} | {target} |")?;
    }
    Ok(())
}

/// Draws the CPU time by the number of events, with both axes logarithmic.
fn plot(lines: &[CpuBySize], file: &Path) -> anyhow::Result<()> {
    let root = SVGBackend::new(file, (800, 480)).into_drawing_area();
    root.fill(&WHITE)?;
    let values = lines.iter().flat_map(|line| line.cpu_us);
    let top = values.fold(1.0, f64::max) * 2.0;
    let sizes = SIZES.map(|size| size as f64);
    let mut chart = ChartBuilder::on(&root)
        .caption("CPU time per request, page cache off", ("sans-serif", 20))
        .margin(16)
        .x_label_area_size(40)
        .y_label_area_size(70)
        .build_cartesian_2d((sizes[0]..sizes[2]).log_scale(), (10.0..top).log_scale())?;
    chart
        .configure_mesh()
        .x_desc("events")
        .y_desc("µs")
        .disable_mesh()
        .draw()?;
    for (number, line) in lines.iter().enumerate() {
        let colour = Palette99::pick(number).to_rgba();
        let points = sizes.iter().copied().zip(line.cpu_us);
        chart
            .draw_series(LineSeries::new(points, colour.stroke_width(2)))?
            .label(line.name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 20, y)], colour.stroke_width(2)));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .background_style(WHITE.mix(0.9))
        .draw()?;
    root.present()?;
    Ok(())
}
