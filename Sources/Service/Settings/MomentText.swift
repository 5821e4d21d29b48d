package import Delivery
internal import FoundationEssentials

/// A time as an operator types it.
///
/// | text | means |
/// |---|---|
/// | `90s`, `2h`, `1d` | so long ago |
/// | `2026-11-28T03:12:00Z`, `2026-11-28T03:12:00.5+01:00` | that moment (RFC 3339) |
package enum MomentText {
    package static func parse(_ text: String, now: WallTime) -> WallTime? {
        if let ago = DurationText.parse(text) { return now - ago }
        guard text.utf8.count <= 40 else { return nil }
        let spelled = text.uppercased().replacing(" ", with: "T")
        for style in [
            Date.ISO8601FormatStyle(includingFractionalSeconds: false),
            Date.ISO8601FormatStyle(includingFractionalSeconds: true),
        ] {
            if let date = try? style.parse(spelled) { return moment(date) }
        }
        return nil
    }

    private static func moment(_ date: Date) -> WallTime? {
        let milliseconds = date.timeIntervalSince1970 * 1_000
        // Of the years that a table can hold.
        guard milliseconds.magnitude < 1e14 else { return nil }
        return WallTime(milliseconds: Int64(milliseconds.rounded()))
    }
}
