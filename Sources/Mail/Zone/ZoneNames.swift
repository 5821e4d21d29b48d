/// The short names of zones that people of one language know; others are shown as an offset, such as `UTC+8`, which is
/// clear in all of them.
///
/// Letters alone are not: `CST` is six hours behind UTC in Chicago and eight ahead in Shanghai, `IST` is India's, Israel's
/// and Ireland's. So a name stands only for the offset that its readers take it for. Which those are follows CLDR
/// (https://unicode.org/reports/tr35/tr35-dates.html#Time_Zone_Names): Europe's are read in all languages, others
/// in their own.
struct ZoneNames: Sendable {
    /// Minutes from UTC, by the name in the zone's file.
    private let offsets: [String: Int]
    /// What is shown in place of that name.
    private let shown: [String: String]

    private init(_ own: [String: Int] = [:], as shown: [String: String] = [:]) {
        offsets = Self.european.merging(own) { european, _ in european }
        self.shown = shown
    }

    private static let european = [
        "GMT": 0, "WET": 0, "WEST": 60, "CET": 60, "CEST": 120, "EET": 120, "EEST": 180,
    ]
    private static let englishSpeaking = [
        "BST": 60, "SAST": 120, "AWST": 480, "ACST": 570, "ACDT": 630, "AEST": 600, "AEDT": 660,
        "NZST": 720, "NZDT": 780, "NST": -210, "NDT": -150, "AST": -240, "ADT": -180, "EST": -300,
        "EDT": -240, "CST": -360, "CDT": -300, "MST": -420, "MDT": -360, "PST": -480, "PDT": -420,
        "AKST": -540, "AKDT": -480, "HST": -600,
    ]
    private static let germanNames = [
        "WET": "WEZ", "WEST": "WESZ", "CET": "MEZ", "CEST": "MESZ", "EET": "OEZ", "EEST": "OESZ",
    ]

    static let usual = ZoneNames()
    static let english = ZoneNames(englishSpeaking)
    static let german = ZoneNames(as: germanNames)
    static let japanese = ZoneNames(["JST": 540])
    static let korean = ZoneNames(["KST": 540])

    /// - Parameter abbreviation: As the zone's file has it; nil: UTC.
    func text(_ abbreviation: String?, offset seconds: Int) -> String {
        guard let abbreviation, let minutes = offsets[abbreviation], minutes * 60 == seconds else {
            return Self.offset(seconds)
        }
        return shown[abbreviation] ?? abbreviation
    }

    /// `UTC+5:45`.
    private static func offset(_ seconds: Int) -> String {
        let minutes = abs(seconds) / 60
        guard minutes > 0 else { return "UTC" }
        let sign = seconds < 0 ? "-" : "+"
        let rest = minutes % 60
        return "UTC\(sign)\(minutes / 60)" + (rest == 0 ? "" : ":\(rest < 10 ? "0" : "")\(rest)")
    }
}
