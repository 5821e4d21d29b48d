/// How a language writes the size of a file, in powers of 1,000.
struct SizeStyle: Sendable {
    /// Of octets, and of 1,000, 1,000², 1,000³ and 1,000⁴ of them.
    var units = ["B", "kB", "MB", "GB", "TB"]
    var decimalSeparator = "."
    /// Between the number and its unit.
    var space = " "

    /// `532 B`, `12.3 kB`, `4.0 MB`; rounded down to a tenth.
    func text(_ size: Int64) -> String {
        guard size >= 1_000 else { return "\(size)\(space)\(units[0])" }
        var unit: Int64 = 1_000
        var index = 1
        while size / unit >= 1_000, index < units.count - 1 {
            unit *= 1_000
            index += 1
        }
        return "\(size / unit)\(decimalSeparator)\(size / (unit / 10) % 10)\(space)\(units[index])"
    }
}
