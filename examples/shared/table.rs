//! Columns of a CSV file.

use std::path::Path;

use super::output::Outcome;

/// Three columns of a CSV file, by name.
pub(crate) fn read_columns(path: &Path, names: [&str; 3]) -> Outcome<Vec<[String; 3]>> {
    let place = |error: csv::Error| format!("{}: {error}", path.display());
    let mut reader = csv::Reader::from_path(path).map_err(place)?;
    let header = reader.headers().map_err(place)?.clone();
    let mut positions = [0; 3];
    for (position, name) in positions.iter_mut().zip(names) {
        *position = header
            .iter()
            .position(|column| column == name)
            .ok_or(format!("{}: there is no column `{name}`", path.display()))?;
    }
    let mut rows = Vec::new();
    for row in reader.records() {
        let row = row.map_err(place)?;
        rows.push(positions.map(|position| row.get(position).unwrap_or_default().to_owned()));
    }
    Ok(rows)
}
