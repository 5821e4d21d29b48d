extension Phrases {
    /// English as it is written in most countries: the day before the month, and 24 hours.
    static let britishEnglish: Phrases = {
        var phrases = english
        phrases.tag = "en-GB"
        phrases.dates = DateStyle(
            months: english.dates.months, pattern: "{d} {MMM} {y}, {HH}:{mm}",
            zones: .english)
        return phrases
    }()
}
