//! Durations, as flags and faithful.toml have them.

use std::time::Duration;

/// `30s`, `500ms`, `2m`; a bare number counts seconds, as curl has it.
pub fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || "give a duration such as 30s, 500ms or 2m".to_owned();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (figure, unit) = text.split_at(end);
    let figure: f64 = figure.parse().map_err(|_| wrong())?;
    let seconds = match unit.trim() {
        "ms" => figure / 1000.0,
        "s" | "" => figure,
        "m" | "min" => figure * 60.0,
        _ => return Err(wrong()),
    };
    match Duration::try_from_secs_f64(seconds) {
        Ok(duration) if !duration.is_zero() => Ok(duration),
        _ => Err(wrong()),
    }
}
