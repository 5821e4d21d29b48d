internal import Delivery

/// How far a drain is, in one line: `120 of 5,000 sent, 3 deferred, 48/s, 1 min 42 s left`.
///
/// All but ``rows`` counts mails.
struct DrainLine: Equatable {
    var sent = 0
    /// How many there are to send; nil while nobody knows.
    var total: Int?
    var deferred = 0
    var failed = 0
    var uncertain = 0
    /// Refused by another relay than usual.
    var returned = 0
    /// Mails that came to an end, in a minute; nil while it is not known.
    var perMinute: Int?
    var left: Duration?

    var text: String { text(withPace: true) }

    /// Mails that were tried, with whatever outcome.
    var done: Int { sent + deferred + failed + uncertain + returned }

    /// In a narrow terminal how fast it goes is the first thing to be left out.
    func text(width: Int?) -> String {
        guard let width, text.count > width else { return text }
        return Table.cut(text(withPace: false), to: width)
    }

    private func text(withPace: Bool) -> String {
        let of = total.map { " of \(Self.grouped(max($0, sent)))" } ?? ""
        let ends = [
            (deferred, "deferred"), (failed, "failed"), (uncertain, "uncertain"),
            (returned, "returned"),
        ].filter { $0.0 > 0 }.map { "\(Self.grouped($0.0)) \($0.1)" }
        let pace = withPace ? perMinute.flatMap(Self.pace) : nil
        let rest = left.map { "\(Self.length($0)) left" }
        return (["\(Self.grouped(sent))\(of) sent"] + ends + [pace, rest].compactMap(\.self))
            .joined(separator: ", ")
    }

    /// `48/s`, or `30/min` where that is less than one a second; nil for none.
    private static func pace(_ perMinute: Int) -> String? {
        guard perMinute > 0 else { return nil }
        return perMinute < 60 ? "\(perMinute)/min" : "\(grouped((perMinute + 30) / 60))/s"
    }

    /// `1,234,567`.
    static func grouped(_ number: Int) -> String {
        var text = ""
        for (index, digit) in String(number.magnitude).reversed().enumerated() {
            if index > 0, index.isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return (number < 0 ? "-" : "") + String(text.reversed())
    }

    /// `1 mail`, `5,000 mails`.
    static func counted(_ number: Int, _ noun: String) -> String {
        "\(grouped(number)) \(noun)\(number == 1 ? "" : "s")"
    }

    /// Two units: `42 s`, `1 min 42 s`, `2 h 5 min`, `3 d 4 h`.
    static func length(_ duration: Duration) -> String {
        let seconds = max(0, (duration.inMilliseconds + 999) / 1_000)
        switch seconds {
        case ..<60: return "\(seconds) s"
        case ..<3_600: return "\(seconds / 60) min \(seconds % 60) s"
        case ..<86_400: return "\(seconds / 3_600) h \(seconds % 3_600 / 60) min"
        default: return "\(seconds / 86_400) d \(seconds % 86_400 / 3_600) h"
        }
    }
}
