/// A day of the Gregorian calendar.
package struct CivilDate: Hashable, Sendable {
    package let year: Int64
    /// 1 to 12.
    package let month: Int64
    /// 1 to 31.
    package let day: Int64

    /// Counts in years that begin on the first of March, so that the leap day is a year's last.
    /// https://howardhinnant.github.io/date_algorithms.html#civil_from_days
    ///
    /// - Parameter days: since 1970-01-01; negative before.
    package init(daysSince1970 days: Int64) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let march = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * march + 2) / 5 + 1
        month = march < 10 ? march + 3 : march - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// The other way round. https://howardhinnant.github.io/date_algorithms.html#days_from_civil
    ///
    /// - Parameter month: 1 to 12.
    package static func daysSince1970(year: Int64, month: Int64, day: Int64) -> Int64 {
        let march = month > 2 ? month - 3 : month + 9
        let shifted = month > 2 ? year : year - 1
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + (153 * march + 2) / 5
        return era * 146_097 + dayOfEra + day - 1 - 719_468
    }
}
