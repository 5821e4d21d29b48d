internal import Delivery

/// How old a reply is, in steps that double, as qshape(1) has them.
enum AgeClass: Int, CaseIterable {
    case five, ten, twenty, forty, eighty, more160, more320, more640, more1280, beyond

    private static let minutes: [Int64] = [5, 10, 20, 40, 80, 160, 320, 640, 1_280]

    init(of age: Duration) {
        let index = Self.minutes.firstIndex { age.inMilliseconds < $0 * 60_000 }
        self = index.flatMap(AgeClass.init(rawValue:)) ?? .beyond
    }

    /// Up to so many minutes; `1280+` for all that are older.
    var title: String {
        self == .beyond
            ? "\(Self.minutes.last ?? 0)+" : String(Self.minutes[rawValue])
    }
}
