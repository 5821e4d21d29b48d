internal import Delivery
internal import Service

/// Times for people: how long ago or ahead, or the moment in UTC.
struct TimeText {
    var now: WallTime

    /// `in 12 s`, `3 min ago`, `now`.
    func relative(_ time: WallTime) -> String {
        let difference = time - now
        if difference.inMilliseconds.magnitude < 500 { return "now" }
        return difference > .zero
            ? "in \(Self.length(difference))" : "\(Self.length(.zero - difference)) ago"
    }

    /// `2026-11-22 18:02:11 UTC`.
    static func moment(_ time: WallTime) -> String {
        let text = Timestamp.text(time)
        // 2026-11-22T18:02:11.123Z: what is behind the seconds is of no interest to people.
        return text.dropLast(5).replacing("T", with: " ") + " UTC"
    }

    /// `2026-11-22 18:02:11 UTC (3 min ago)`.
    func full(_ time: WallTime) -> String { "\(Self.moment(time)) (\(relative(time)))" }

    /// `18:02 UTC` for a moment of the last or next 12 hours, else with its date.
    func short(_ time: WallTime) -> String {
        let moment = Self.moment(time)
        let isNear = (time - now).inMilliseconds.magnitude < 43_200_000
        return isNear ? moment.split(separator: " ")[1].dropLast(3) + " UTC" : moment
    }

    /// The largest unit that says enough: `850 ms`, `12 s`, `3 min`, `5 h`, `12 d`.
    static func length(_ duration: Duration) -> String {
        let milliseconds = duration.inMilliseconds
        let seconds = milliseconds / 1_000 + (milliseconds % 1_000 >= 500 ? 1 : 0)
        switch seconds {
        case 0: return "\(milliseconds) ms"
        case ..<120: return "\(seconds) s"
        case ..<7_200: return "\(seconds / 60) min"
        case ..<172_800: return "\(seconds / 3_600) h"
        default: return "\(seconds / 86_400) d"
        }
    }
}

/// `1 mail`, `2 mails`.
func counted(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
}
