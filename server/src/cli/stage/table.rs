//! Kept files as lines of a terminal.

use engine::KeptFile;
use jiff::Timestamp;
use lang::grouped;

const HEADINGS: [&str; 9] = [
    "REPORT",
    "QUERY",
    "SOURCE",
    "KEPT AS",
    "PARTITION",
    "ROWS",
    "SIZE",
    "READ",
    "USED",
];

/// Numbers stand on the right.
const RIGHT: [bool; 9] = [false, false, false, false, false, true, true, true, true];

/// One line per file, with headings.
pub(super) fn of(files: &[KeptFile], now: Timestamp) -> String {
    let mut lines: Vec<[String; 9]> = vec![HEADINGS.map(str::to_owned)];
    lines.extend(files.iter().map(|file| cells(file, now)));
    let widths: Vec<usize> = (0..HEADINGS.len())
        .map(|place| {
            let cells = lines.iter().map(|line| line[place].chars().count());
            cells.max().unwrap_or(0)
        })
        .collect();
    let mut text = String::new();
    for line in &lines {
        let mut words = String::new();
        for (place, cell) in line.iter().enumerate() {
            let width = widths[place];
            words += &match RIGHT[place] {
                true => format!("{cell:>width$}  "),
                false => format!("{cell:<width$}  "),
            };
        }
        text += words.trim_end();
        text.push('\n');
    }
    text
}

/// "36 files, 1,250,000 rows, 48.2 MiB".
pub(super) fn summary(files: &[KeptFile]) -> String {
    let manifests = files.iter().filter_map(|file| file.manifest.as_ref());
    let (rows, bytes) = manifests.fold((0, 0), |(rows, bytes), manifest| {
        (rows + manifest.rows, bytes + manifest.bytes)
    });
    let noun = if files.len() == 1 { "file" } else { "files" };
    format!(
        "{} {noun}, {} rows, {}",
        files.len(),
        grouped(rows),
        size(bytes)
    )
}

/// What a message calls a file.
pub(super) fn name(file: &KeptFile) -> String {
    let Some(manifest) = &file.manifest else {
        return format!("{} {}", file.kept_as.as_str(), file.fingerprint);
    };
    let partition = manifest.partition.as_ref();
    let partition = partition.map_or_else(String::new, |partition| format!(" {}", partition.name));
    format!("{} {}{partition}", manifest.report, manifest.block)
}

fn cells(file: &KeptFile, now: Timestamp) -> [String; 9] {
    let kept_as = file.kept_as.as_str().to_owned();
    let used = age(file.used_at, now);
    let Some(manifest) = &file.manifest else {
        let none = String::new;
        return [
            "(unreadable)".to_owned(),
            none(),
            none(),
            kept_as,
            none(),
            none(),
            none(),
            none(),
            used,
        ];
    };
    let partition = manifest.partition.as_ref();
    [
        manifest.report.clone(),
        manifest.block.clone(),
        manifest.source.clone(),
        kept_as,
        partition.map_or_else(String::new, |partition| partition.name.clone()),
        grouped(manifest.rows),
        size(manifest.bytes),
        age(manifest.read_at, now),
        used,
    ]
}

/// How long ago, in the largest unit that fits.
fn age(then: Timestamp, now: Timestamp) -> String {
    let seconds = now.duration_since(then).as_secs().max(0);
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min", seconds / 60),
        3_600..86_400 => format!("{} h", seconds / 3_600),
        _ => format!("{} d", seconds / 86_400),
    }
}

fn size(bytes: u64) -> String {
    let mib = bytes as f64 / (1024.0 * 1024.0);
    match bytes {
        0..1_048_576 => format!("{} KiB", bytes.div_ceil(1024)),
        1_048_576..1_073_741_824 => format!("{mib:.1} MiB"),
        _ => format!("{:.1} GiB", mib / 1024.0),
    }
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;

    use super::*;

    #[test]
    fn sizes_and_ages_are_short() {
        assert_eq!(size(1), "1 KiB");
        assert_eq!(size(50_593_792), "48.2 MiB");
        assert_eq!(size(3 << 30), "3.0 GiB");
        let now = Timestamp::UNIX_EPOCH;
        assert_eq!(age(now - 59.seconds(), now), "59 s");
        assert_eq!(age(now - 90.minutes(), now), "1 h");
        assert_eq!(age(now - 500.hours(), now), "20 d");
        assert_eq!(age(now + 1.hour(), now), "0 s", "clocks differ");
    }

    #[test]
    fn no_files_are_headings_only() {
        let text = of(&[], Timestamp::UNIX_EPOCH);
        assert_eq!(text.lines().count(), 1);
        assert_eq!(summary(&[]), "0 files, 0 rows, 0 KiB");
    }
}
