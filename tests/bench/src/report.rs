//! What is written down: tables, and a plot.

use std::{fs, path::Path};

use anyhow::Context;
use plotters::prelude::*;

use crate::{
    boards::SIZES,
    rows::{Curve, Fact, Row, Search},
};

/// The middle one.
pub(crate) fn median(numbers: &mut [f64]) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Writes the tables and the plot to `docs/`.
pub(crate) fn write(
    rows: &[Row],
    searches: &[Search],
    curves: &[Curve],
    facts: &[Fact],
) -> anyhow::Result<()> {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    fs::create_dir_all(&docs)?;
    let mut text = String::from(HEAD);
    text.push_str(&machine());
    text.push_str("\n\n## Beside a bare server, and beside PostgreSQL alone\n\n\
                   | what | requests/s | beside | ratio | CPU | CPU ratio | p99 | aim |\n|---|---:|---|---:|---:|---:|---:|---|\n");
    for row in rows {
        text.push_str(&line(row, rows)?);
    }
    text.push_str("\n## Searches, eight at a time, no two alike\n\n\
                   | what is looked for | 10,000: median | p99 | 1,000,000: median | p99 | refused |\n|---|---:|---:|---:|---:|---:|\n");
    for Search {
        kind,
        figures: [middle, large],
    } in searches
    {
        text.push_str(&format!(
            "| {kind} | {:.1} ms | {:.0} ms | {:.1} ms | {:.0} ms | {:.0} % |\n",
            middle.median, middle.p99, large.median, large.p99, large.refused
        ));
    }
    text.push_str("\n## What a request costs as the board grows\n\nCPU of server and PostgreSQL together, nothing kept.\n\n\
                   ![the same as a plot](benchmarks.svg)\n\n\
                   | what | 100 events | 10,000 | 1,000,000 | a million beside a hundred |\n|---|---:|---:|---:|---:|\n");
    for Curve {
        name,
        cost: [small, middle, large],
    } in curves
    {
        text.push_str(&format!(
            "| {name} | {small:.0} µs | {middle:.0} µs | {large:.0} µs | {:.2} × |\n",
            large / small
        ));
    }
    text.push_str("\n## By itself\n\n| what | figure | aim |\n|---|---:|---|\n");
    for Fact { name, value, aim } in facts {
        text.push_str(&format!("| {name} | {value} | {aim} |\n"));
    }
    fs::write(docs.join("benchmarks.md"), text)?;
    plot(curves, &docs.join("benchmarks.svg"))
}

const HEAD: &str = "# Benchmarks\n\n\
    Written by `cargo run --release -p bench` (Linux, with wrk and pgbench; a million events are made at the first run). \
    Servers, PostgreSQL and the load share the machine; ratios are medians of three rounds in turns, in one run, with metrics \
    and access log on. `kept` is answered by the page cache, `not kept` has `PAGE_CACHE_MB=0`.\n\n";

/// What it ran on.
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

fn line(row: &Row, rows: &[Row]) -> anyhow::Result<String> {
    let of = |figure: fn(&crate::load::Figures) -> f64| {
        median(&mut row.rounds.iter().map(figure).collect::<Vec<_>>())
    };
    let (rate, cpu, p99) = (of(|f| f.rate), of(|f| f.cpu), of(|f| f.p99));
    let [mut ratio, mut cpu_ratio] = [String::new(), String::new()];
    if let Some(beside) = row.beside {
        let other = rows.iter().find(|row| row.name == beside).context(beside)?;
        let ratios = |figure: fn(&crate::load::Figures) -> f64| {
            let pairs = row.rounds.iter().zip(&other.rounds);
            median(
                &mut pairs
                    .map(|(one, other)| figure(one) / figure(other))
                    .collect::<Vec<_>>(),
            )
        };
        ratio = format!("{:.2}", ratios(|figures| figures.rate));
        if other.rounds.iter().all(|figures| figures.cpu > 0.0) {
            cpu_ratio = format!("{:.2}", ratios(|figures| figures.cpu));
        }
    }
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
    Ok(format!(
        "| {} | {rate:.0} | {} | {ratio} | {cpu} | {cpu_ratio} | {p99} | {} |\n",
        row.name,
        row.beside.unwrap_or_default(),
        row.aim
    ))
}

fn plot(curves: &[Curve], file: &Path) -> anyhow::Result<()> {
    let root = SVGBackend::new(file, (800, 480)).into_drawing_area();
    root.fill(&WHITE)?;
    let costs = curves.iter().flat_map(|curve| curve.cost);
    let most = costs.fold(1.0, f64::max) * 2.0;
    let sizes = SIZES.map(|size| size as f64);
    let mut chart = ChartBuilder::on(&root)
        .caption("CPU for one request, nothing kept", ("sans-serif", 20))
        .margin(16)
        .x_label_area_size(40)
        .y_label_area_size(70)
        .build_cartesian_2d((sizes[0]..sizes[2]).log_scale(), (10.0..most).log_scale())?;
    chart
        .configure_mesh()
        .x_desc("events on the board")
        .y_desc("µs")
        .disable_mesh()
        .draw()?;
    for (number, curve) in curves.iter().enumerate() {
        let colour = Palette99::pick(number).to_rgba();
        let points = sizes.iter().copied().zip(curve.cost);
        chart
            .draw_series(LineSeries::new(points, colour.stroke_width(2)))?
            .label(curve.name)
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
