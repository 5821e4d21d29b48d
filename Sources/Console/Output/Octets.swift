/// Sizes for people.
enum Octets {
    /// `512 bytes`, `3.4 kB`, `120 MB`, `1.2 GB`: in powers of 1,000.
    static func text(_ count: Int64) -> String {
        var (whole, unit) = (count, 0)
        let units = ["bytes", "kB", "MB", "GB", "TB"]
        var tenths: Int64 = 0
        while whole >= 1_000, unit + 1 < units.count {
            tenths = whole % 1_000 / 100
            whole /= 1_000
            unit += 1
        }
        return unit > 0 && whole < 10
            ? "\(whole).\(tenths) \(units[unit])" : "\(whole) \(units[unit])"
    }
}
