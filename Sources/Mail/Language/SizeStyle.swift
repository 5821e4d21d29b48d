/// How a language writes the size of a file, in powers of 1,000.
struct SizeStyle: Sendable {
    /// Of octets, and of 1,000, 1,000², 1,000³ and 1,000⁴ of them.
    var units = ["B", "kB", "MB", "GB", "TB"]
    var decimalSeparator = "."
    /// Between the number and its unit.
    var space = " "

    /// `532 B`, `12.3 kB`, `4 MB`; rounded to a tenth.
    func text(_ size: Int64) -> String {
        guard size >= 1_000 else { return "\(size)\(space)\(units[0])" }
        var tenth: Int64 = 100
        var index = 1
        // What would be rounded to 1,000 of one unit is one of the next.
        while Self.rounded(size, tenth) >= 10_000, index < units.count - 1 {
            tenth *= 1_000
            index += 1
        }
        let (ones, tenths) = Self.rounded(size, tenth).quotientAndRemainder(dividingBy: 10)
        let fraction = tenths == 0 ? "" : "\(decimalSeparator)\(tenths)"
        return "\(ones)\(fraction)\(space)\(units[index])"
    }

    private static func rounded(_ size: Int64, _ unit: Int64) -> Int64 {
        size / unit + (size % unit >= unit / 2 ? 1 : 0)
    }
}
